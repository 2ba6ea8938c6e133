//! The results as OSCAL assessment results: an observation for each, a finding for each rule and for each control of the
//! chosen frameworks.
//!
//! Source: NIST, OSCAL 1.2.1, model `assessment-results`; RFC 9562, UUIDs of version 5, so that what is the same has the
//! same id in every run.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use super::text::clean;
use crate::evaluate::{ControlResult, Framework, JudgedPolicy, Judgement, Outcome, Report, Status};

const VERSION: &str = "1.2.1";

/// The namespace of addresses (RFC 9562, section 6.6).
const ADDRESSES: [u8; 16] =
    [0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8];

/// Writes a report as OSCAL assessment results.
///
/// # Errors
/// Where the writer fails.
pub fn write_oscal(report: &Report, writer: &mut dyn Write) -> io::Result<()> {
    let plan = uuid("plan", &report.policies_sha256);
    writer.write_all(b"{\"assessment-results\":{")?;
    field(writer, "uuid", &uuid("results", &report.snapshot.sha256))?;
    field(writer, "metadata", &metadata(report))?;
    field(writer, "import-ap", &json!({ "href": format!("#{plan}") }))?;
    writer.write_all(b"\"results\":[{")?;
    result(report, writer)?;
    writer.write_all(b"}],\n")?;
    writer.write_all(b"\"back-matter\":")?;
    serde_json::to_writer(&mut *writer, &back_matter(report, &plan))?;
    writer.write_all(b"}}\n")
}

fn field(writer: &mut dyn Write, name: &str, value: &impl Serialize) -> io::Result<()> {
    write!(writer, "\"{name}\":")?;
    serde_json::to_writer(&mut *writer, value)?;
    writer.write_all(b",\n")
}

fn metadata(report: &Report) -> Value {
    let whole = report.snapshot.organization.as_deref().unwrap_or("one account");
    json!({
        "title": format!("Audit of CloudTrail: {}", line(whole)),
        "last-modified": report.snapshot.taken_at.to_string(),
        "version": env!("CARGO_PKG_VERSION"),
        "oscal-version": VERSION,
        "props": [
            property("tool", "trailproof"),
            property("policies-sha256", &report.policies_sha256),
            property("snapshot-sha256", &report.snapshot.sha256),
            property("read-by", &report.snapshot.caller),
        ],
    })
}

/// The plan is the rules: nothing else says what is assessed.
fn back_matter(report: &Report, plan: &str) -> Value {
    let what = format!("The rules of {}, whose SHA-256 is {}.", report.packs.join(", "), report.policies_sha256);
    json!({ "resources": [{ "uuid": plan, "title": "Rules of trailproof", "description": line(&what) }] })
}

fn result(report: &Report, writer: &mut dyn Write) -> io::Result<()> {
    field(writer, "uuid", &uuid("result", &report.snapshot.sha256))?;
    field(writer, "title", &"Rules over what was read")?;
    field(writer, "description", &completeness(report))?;
    field(writer, "start", &report.run.started_at.to_string())?;
    field(writer, "end", &report.run.finished_at.to_string())?;
    inventory(report, writer)?;
    if !report.judgements.is_empty() {
        writer.write_all(b"\"observations\":[")?;
        let mut rules = JudgedInOrder::default();
        for (at, judgement) in report.judgements.iter().enumerate() {
            writer.write_all(if at == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut *writer, &observation(report, rules.of(report, judgement), judgement))?;
        }
        writer.write_all(b"],\n")?;
    }
    findings(report, writer)?;
    writer.write_all(b"\"reviewed-controls\":{\"control-selections\":[{\"include-all\":{}}]}")
}

/// The rule of the judgement before is mostly that of the next.
#[derive(Default)]
struct JudgedInOrder<'a>(Option<&'a JudgedPolicy>);

impl<'a> JudgedInOrder<'a> {
    fn of(&mut self, report: &'a Report, judgement: &Judgement) -> Option<&'a JudgedPolicy> {
        if self.0.is_none_or(|rule| rule.policy.id != judgement.policy) {
            self.0 = report.policy(&judgement.policy);
        }
        self.0
    }
}

fn completeness(report: &Report) -> String {
    let active = || report.accounts.iter().filter(|account| account.active);
    let observed = active().filter(|account| account.observed).count();
    format!(
        "{observed} of {} accounts were observed in full; {} questions had no answer.",
        active().count(),
        report.gaps.len()
    )
}

/// What was judged, each once.
fn inventory(report: &Report, writer: &mut dyn Write) -> io::Result<()> {
    let resources: BTreeSet<(&str, &str)> = report
        .judgements
        .iter()
        .filter_map(|judgement| Some((judgement.resource.as_deref()?, judgement.scope.name())))
        .collect();
    if resources.is_empty() {
        return Ok(());
    }
    writer.write_all(b"\"local-definitions\":{\"inventory-items\":[")?;
    let mut last = None;
    for (arn, scope) in resources {
        // A bucket of logs may be one of data too.
        if last == Some(arn) {
            continue;
        }
        writer.write_all(if last.is_none() { b"\n" } else { b",\n" })?;
        last = Some(arn);
        let item = json!({
            "uuid": uuid("resource", arn),
            "description": line(arn),
            "props": [property("asset-id", arn), property("asset-type", scope)],
        });
        serde_json::to_writer(&mut *writer, &item)?;
    }
    writer.write_all(b"]},\n")
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Observation {
    uuid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    description: String,
    props: Vec<Property>,
    methods: [&'static str; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subjects: Vec<Subject>,
    relevant_evidence: [Evidence; 1],
    collected: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remarks: Option<String>,
}

#[derive(Serialize)]
struct Property {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Subject {
    subject_uuid: String,
    r#type: &'static str,
    title: String,
}

#[derive(Serialize)]
struct Evidence {
    description: String,
}

fn observation(report: &Report, rule: Option<&JudgedPolicy>, judgement: &Judgement) -> Observation {
    let mut props = vec![
        property("outcome", judgement.outcome.as_str()),
        property("severity", judgement.severity.as_str()),
        property("rule", judgement.policy.as_str()),
        property("fingerprint", &judgement.fingerprint.to_string()),
    ];
    props.extend(judgement.account.map(|account| property("account", &account.to_string())));
    props.extend(judgement.region.as_ref().map(|region| property("region", region.as_str())));
    let subject =
        |arn: &str| Subject { subject_uuid: uuid("resource", arn), r#type: "inventory-item", title: line(arn) };
    let read = serde_json::to_string(&judgement.evidence).unwrap_or_default();
    Observation {
        uuid: observation_uuid(judgement),
        title: rule.map(|rule| line(&rule.policy.title)),
        description: line(&judgement.message),
        props,
        methods: ["TEST"],
        subjects: judgement.resource.as_deref().map(subject).into_iter().collect(),
        relevant_evidence: [Evidence { description: clean(&read) }],
        collected: report.snapshot.taken_at.to_string(),
        remarks: judgement.outcome.reason().map(|reason| clean(&reason)),
    }
}

fn observation_uuid(judgement: &Judgement) -> String {
    uuid("observation", &judgement.fingerprint.to_string())
}

/// Findings of rules, then of the controls of frameworks.
fn findings(report: &Report, writer: &mut dyn Write) -> io::Result<()> {
    let controls = report.frameworks.iter().map(|framework| framework.controls.len()).sum::<usize>();
    if report.judgements.is_empty() && controls == 0 {
        return Ok(());
    }
    writer.write_all(b"\"findings\":[")?;
    let mut first = true;
    for judgements in report.judgements.chunk_by(|left, right| left.policy == right.policy) {
        let Some(rule) = judgements.first().and_then(|first| report.policy(&first.policy)) else { continue };
        separate(writer, &mut first)?;
        of_rule(rule, judgements, writer)?;
    }
    for framework in &report.frameworks {
        for control in &framework.controls {
            separate(writer, &mut first)?;
            serde_json::to_writer(&mut *writer, &of_control(framework, control))?;
        }
    }
    writer.write_all(b"],\n")
}

fn separate(writer: &mut dyn Write, first: &mut bool) -> io::Result<()> {
    let between: &[u8] = if *first { b"\n" } else { b",\n" };
    *first = false;
    writer.write_all(between)
}

fn of_rule(rule: &JudgedPolicy, judgements: &[Judgement], writer: &mut dyn Write) -> io::Result<()> {
    let policy = &*rule.policy;
    let count = |name: &str| judgements.iter().filter(|judgement| judgement.outcome.as_str() == name).count();
    let (fails, unknown, waived) = (count("fail"), count("unknown"), count("waived"));
    let all_apart = judgements.iter().all(|judgement| matches!(judgement.outcome, Outcome::NotApplicable { .. }));
    let status = match (fails, unknown) {
        (0, 0) if waived > 0 => {
            json!({ "state": "not-satisfied", "reason": "other", "remarks": format!("{waived} results are waived") })
        }
        (0, 0) if all_apart => {
            json!({ "state": "satisfied", "reason": "other", "remarks": "it is about nothing there" })
        }
        (0, 0) => json!({ "state": "satisfied", "reason": "pass" }),
        (0, _) => {
            json!({ "state": "not-satisfied", "reason": "other", "remarks": format!("{unknown} results are not known") })
        }
        _ => json!({ "state": "not-satisfied", "reason": "fail" }),
    };
    let finding = RuleFinding {
        uuid: uuid("rule", policy.id.as_str()),
        title: line(&policy.title),
        description: line(&policy.why),
        target: json!({ "type": "objective-id", "target-id": token(policy.id.as_str()), "status": status }),
        remarks: line(&policy.fix.text),
        related_observations: Related(judgements),
    };
    serde_json::to_writer(writer, &finding).map_err(io::Error::from)
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct RuleFinding<'a> {
    uuid: String,
    title: String,
    description: String,
    target: Value,
    remarks: String,
    related_observations: Related<'a>,
}

/// The observations of judgements, of which there may be many.
struct Related<'a>(&'a [Judgement]);

impl Serialize for Related<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            self.0.iter().map(|judgement| RelatedObservation { observation_uuid: observation_uuid(judgement) }),
        )
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct RelatedObservation {
    observation_uuid: String,
}

fn of_control(framework: &Framework, control: &ControlResult) -> Value {
    let id = format!("{}_{}", framework.pack, control.id);
    let status = match control.status {
        Status::Pass => json!({ "state": "satisfied", "reason": "pass" }),
        Status::NotApplicable => {
            json!({ "state": "satisfied", "reason": "other", "remarks": "it is about nothing there" })
        }
        Status::Fail => json!({ "state": "not-satisfied", "reason": "fail" }),
        other => json!({ "state": "not-satisfied", "reason": "other", "remarks": other.as_str() }),
    };
    let mut finding = json!({
        "uuid": uuid("control", &id),
        "title": line(&format!("{} {}", framework.title, control.id)),
        "description": line(&control.title),
        "props": [property("pack", &framework.pack), property("control", &control.id), property("result", control.status.as_str())],
        "target": { "type": "objective-id", "target-id": token(&id), "status": status },
    });
    if let Some(reason) = &control.reason {
        finding["remarks"] = line(reason).into();
    }
    finding
}

fn property(name: &'static str, value: &str) -> Property {
    Property { name, value: line(value) }
}

/// Text on one line, with something in it.
fn line(text: &str) -> String {
    let joined = clean(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    if joined.is_empty() { "–".to_owned() } else { joined }
}

/// A name as OSCAL takes it: it begins with a letter, and holds letters, digits, dots, dashes and underscores.
fn token(text: &str) -> String {
    let kept = text.chars().map(|letter| match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' => letter,
        _ => '_',
    });
    let kept: String = kept.collect();
    if kept.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') { kept } else { format!("_{kept}") }
}

/// The id of a thing by its kind and name.
fn uuid(kind: &str, name: &str) -> String {
    let mut hash = Sha1::new_with_prefix(ADDRESSES);
    hash.update(format!("https://github.com/trailproof/trailproof/{kind}/{name}"));
    let mut hex = String::new();
    for (at, byte) in hash.finalize().iter().take(16).enumerate() {
        let byte = match at {
            6 => byte & 0x0f | 0x50,
            8 => byte & 0x3f | 0x80,
            _ => *byte,
        };
        if matches!(at, 4 | 6 | 8 | 10) {
            hex.push('-');
        }
        hex.push_str(&format!("{byte:02x}"));
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_uuids_of_version_5() {
        // As `uuid.uuid5(uuid.NAMESPACE_URL, …)` of Python gives it.
        assert_eq!(uuid("rule", "trail-exists"), "81cbaf6a-deab-5ac9-bb80-1debfdc5876c");
    }

    #[test]
    fn names_are_tokens() {
        assert_eq!(token("cis 3.1 (a)"), "cis_3.1__a_");
        assert_eq!(token("3.1"), "_3.1");
    }
}
