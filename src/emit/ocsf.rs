//! The results as OCSF events of the class Compliance Finding (2003): one array, an event a line, for Security Lake and
//! what reads the Open Cybersecurity Schema Framework.
//!
//! Source: schema.ocsf.io, version 1.5.0, class `compliance_finding` and its objects. Times are milliseconds. The account
//! stands with the resource, whose owner it is: the profile `cloud` is not used.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::controls::requirements;
use super::text::clean;
use super::website::rule_address;
use crate::evaluate::{JudgedPolicy, Judgement, Outcome, Report};
use crate::expr::Evidence;
use crate::id::AccountId;
use crate::policy::Severity;

const VERSION: &str = "1.5.0";
const CLASS: u32 = 2003;
/// The activity `Create`: the finding is reported.
const ACTIVITY: u32 = 1;

#[derive(Serialize)]
struct Event<'a> {
    activity_id: u32,
    activity_name: &'static str,
    category_name: &'static str,
    category_uid: u32,
    class_name: &'static str,
    class_uid: u32,
    compliance: Compliance<'a>,
    finding_info: FindingInfo<'a>,
    message: &'a str,
    metadata: Metadata,
    remediation: Remediation<'a>,
    resources: [Resource<'a>; 1],
    severity: &'static str,
    severity_id: u32,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_detail: Option<String>,
    status_id: u32,
    time: i64,
    type_name: &'static str,
    type_uid: u32,
    unmapped: Unmapped<'a>,
}

#[derive(Serialize)]
struct Compliance<'a> {
    checks: [Check<'a>; 1],
    control: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    requirements: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    standards: Vec<&'a str>,
    status: &'static str,
    status_id: u32,
}

#[derive(Serialize)]
struct Check<'a> {
    name: &'a str,
    severity: &'static str,
    severity_id: u32,
    status: &'static str,
    status_id: u32,
    uid: &'a str,
}

#[derive(Serialize)]
struct FindingInfo<'a> {
    analytic: Analytic<'a>,
    created_time: i64,
    desc: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    src_url: Option<String>,
    title: &'a str,
    types: [&'static str; 1],
    uid: String,
}

#[derive(Serialize)]
struct Analytic<'a> {
    name: &'a str,
    r#type: &'static str,
    type_id: u32,
    uid: &'a str,
}

#[derive(Serialize)]
struct Metadata {
    event_code: String,
    product: Product,
    version: &'static str,
}

#[derive(Serialize)]
struct Product {
    name: &'static str,
    uid: &'static str,
    vendor_name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Remediation<'a> {
    desc: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    references: &'a [String],
}

#[derive(Serialize)]
struct Resource<'a> {
    cloud_partition: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Owner>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    r#type: &'static str,
    uid: &'a str,
}

/// The account that owns a resource, as its root user.
#[derive(Serialize)]
struct Owner {
    account: Account,
    name: String,
    type_id: u32,
    uid: String,
}

#[derive(Serialize)]
struct Account {
    name: String,
    r#type: &'static str,
    type_id: u32,
    uid: String,
}

/// What OCSF has no attribute for.
#[derive(Serialize)]
struct Unmapped<'a> {
    evidence: &'a Evidence,
    outcome: &'static str,
    packs: &'a [String],
    parameters: &'a BTreeMap<String, Value>,
    related: &'a [String],
    snapshot_sha256: &'a str,
}

/// Writes the results of a report as OCSF events.
///
/// # Errors
/// Where the writer fails.
pub fn write_ocsf(report: &Report, writer: &mut dyn Write) -> io::Result<()> {
    let names: BTreeMap<AccountId, &str> =
        report.accounts.iter().filter_map(|account| Some((account.id, account.name.as_deref()?))).collect();
    let partition = report.snapshot.partition.to_string();
    writer.write_all(b"[")?;
    let mut first = true;
    for judgements in report.judgements.chunk_by(|left, right| left.policy == right.policy) {
        let Some(rule) = judgements.first().and_then(|first| report.policy(&first.policy)) else { continue };
        for judgement in judgements {
            writer.write_all(if first { b"\n" } else { b",\n" })?;
            first = false;
            serde_json::to_writer(&mut *writer, &event(report, rule, judgement, &partition, &names))?;
        }
    }
    writer.write_all(b"\n]\n")
}

fn event<'a>(
    report: &'a Report,
    rule: &'a JudgedPolicy,
    judgement: &'a Judgement,
    partition: &'a str,
    names: &BTreeMap<AccountId, &str>,
) -> Event<'a> {
    let (policy, time) = (&*rule.policy, report.snapshot.taken_at.as_millisecond());
    let (severity, severity_id) = severity(judgement.severity);
    let (verdict, verdict_id, status, status_id) = statuses(&judgement.outcome);
    let id = policy.id.as_str();
    Event {
        activity_id: ACTIVITY,
        activity_name: "Create",
        category_name: "Findings",
        category_uid: 2,
        class_name: "Compliance Finding",
        class_uid: CLASS,
        compliance: Compliance {
            checks: [Check {
                name: &policy.title,
                severity,
                severity_id,
                status: verdict,
                status_id: verdict_id,
                uid: id,
            }],
            control: id,
            requirements: requirements(judgement),
            standards: judgement.controls.keys().map(String::as_str).collect(),
            status: verdict,
            status_id: verdict_id,
        },
        finding_info: FindingInfo {
            analytic: Analytic { name: &policy.title, r#type: "Rule", type_id: 1, uid: id },
            created_time: time,
            desc: policy.why.trim(),
            src_url: rule_address(policy),
            title: &policy.title,
            types: ["CloudTrail"],
            uid: judgement.fingerprint.to_string(),
        },
        message: &judgement.message,
        metadata: Metadata {
            event_code: id.to_owned(),
            product: Product {
                name: "trailproof",
                uid: "trailproof",
                vendor_name: "trailproof",
                version: env!("CARGO_PKG_VERSION"),
            },
            version: VERSION,
        },
        remediation: Remediation { desc: policy.fix.text.trim(), references: &policy.references },
        resources: [Resource {
            cloud_partition: partition,
            owner: judgement.account.map(|id| owner(id, partition, names)),
            region: judgement.region.as_ref().map(|region| region.as_str()),
            r#type: judgement.scope.name(),
            uid: judgement.resource.as_deref().unwrap_or("organization"),
        }],
        severity,
        severity_id,
        status,
        status_detail: judgement.outcome.reason(),
        status_id,
        time,
        type_name: "Compliance Finding: Create",
        type_uid: CLASS * 100 + ACTIVITY,
        unmapped: Unmapped {
            evidence: &judgement.evidence,
            outcome: judgement.outcome.as_str(),
            packs: &judgement.packs,
            parameters: &judgement.parameters,
            related: &judgement.related,
            snapshot_sha256: &report.snapshot.sha256,
        },
    }
}

fn owner(id: AccountId, partition: &str, names: &BTreeMap<AccountId, &str>) -> Owner {
    let name = names.get(&id).map_or_else(|| id.to_string(), |name| clean(name));
    Owner {
        account: Account { name, r#type: "AWS Account", type_id: 10, uid: id.to_string() },
        name: "root".to_owned(),
        type_id: 99,
        uid: format!("arn:{partition}:iam::{id}:root"),
    }
}

fn severity(severity: Severity) -> (&'static str, u32) {
    match severity {
        Severity::Critical => ("Critical", 5),
        Severity::High => ("High", 4),
        Severity::Medium => ("Medium", 3),
        Severity::Low => ("Low", 2),
        Severity::Info => ("Informational", 1),
    }
}

/// The status of the check (0 unknown, 1 pass, 3 fail, 99 other) and of the finding (1 new, 3 suppressed, 4 resolved).
fn statuses(outcome: &Outcome) -> (&'static str, u32, &'static str, u32) {
    match outcome {
        Outcome::Pass => ("Pass", 1, "Resolved", 4),
        Outcome::Fail => ("Fail", 3, "New", 1),
        Outcome::Unknown { .. } => ("Unknown", 0, "New", 1),
        Outcome::NotApplicable { .. } => ("Not Applicable", 99, "Resolved", 4),
        Outcome::Waived { beneath, .. } => {
            let (verdict, id, ..) = statuses(beneath);
            (verdict, id, "Suppressed", 3)
        }
    }
}
