//! The results in the AWS Security Finding Format, as Security Hub's `BatchImportFindings` takes them: one array, a finding
//! a line.
//!
//! Source: AWS Security Hub User Guide, "AWS Security Finding Format (ASFF)", and the API's `AwsSecurityFinding`: lengths of
//! texts, 32 resources and 240 KB a finding. A finding of one's own product is imported by the account that it names.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::controls::requirements;
use super::text::clean;
use super::website::rule_address;
use crate::evaluate::{JudgedPolicy, Judgement, Outcome, Report};
use crate::facts::Scope;
use crate::id::{AccountId, Partition};
use crate::policy::Severity;

/// At most so many requirements a finding, and facts of evidence.
const REQUIREMENTS: usize = 32;
const FACTS: usize = 50;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Finding {
    schema_version: &'static str,
    id: String,
    product_arn: String,
    product_name: &'static str,
    company_name: &'static str,
    region: String,
    generator_id: String,
    aws_account_id: String,
    types: [&'static str; 1],
    created_at: String,
    updated_at: String,
    severity: FindingSeverity,
    title: String,
    description: String,
    remediation: Remediation,
    product_fields: BTreeMap<&'static str, String>,
    resources: [Resource; 1],
    compliance: Compliance,
    workflow: Workflow,
    record_state: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FindingSeverity {
    label: &'static str,
    original: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Remediation {
    recommendation: Recommendation,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Recommendation {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Resource {
    r#type: &'static str,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    partition: Option<String>,
    region: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Details>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Details {
    other: BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Compliance {
    status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_requirements: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    status_reasons: Vec<StatusReason>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StatusReason {
    reason_code: &'static str,
    description: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Workflow {
    status: &'static str,
}

/// Writes the results of a report in the AWS Security Finding Format.
///
/// # Errors
/// Where the writer fails.
pub fn write_asff(report: &Report, writer: &mut dyn Write) -> io::Result<()> {
    writer.write_all(b"[")?;
    let mut first = true;
    for judgements in report.judgements.chunk_by(|left, right| left.policy == right.policy) {
        let Some(rule) = judgements.first().and_then(|first| report.policy(&first.policy)) else { continue };
        for judgement in judgements {
            let Some(account) = judgement.account.or(report.snapshot.management_account).or_else(|| first_of(report))
            else {
                continue;
            };
            writer.write_all(if first { b"\n" } else { b",\n" })?;
            first = false;
            serde_json::to_writer(&mut *writer, &finding(report, rule, judgement, account))?;
        }
    }
    writer.write_all(b"\n]\n")
}

fn first_of(report: &Report) -> Option<AccountId> {
    report.accounts.first().map(|account| account.id)
}

fn finding(report: &Report, rule: &JudgedPolicy, judgement: &Judgement, account: AccountId) -> Finding {
    let policy = &*rule.policy;
    let partition = &report.snapshot.partition;
    let leader = || partition.leader_region().map_or_else(|| "us-east-1".to_owned(), |region| region.to_string());
    let region = judgement.region.as_ref().map_or_else(leader, ToString::to_string);
    let at = report.snapshot.taken_at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
    let product = format!("arn:{partition}:securityhub:{region}:{account}:product/{account}/default");
    let mut fields = BTreeMap::from([
        ("ProviderName", "trailproof".to_owned()),
        ("ProviderVersion", env!("CARGO_PKG_VERSION").to_owned()),
        ("trailproof/outcome", judgement.outcome.as_str().to_owned()),
        ("trailproof/fingerprint", judgement.fingerprint.to_string()),
        ("trailproof/snapshot", report.snapshot.sha256.clone()),
    ]);
    if !judgement.related.is_empty() {
        fields.insert("trailproof/used-by", text(&judgement.related.join(" "), 1024));
    }
    Finding {
        schema_version: "2018-10-08",
        id: format!("{product}/trailproof/{}", judgement.fingerprint),
        product_arn: product,
        product_name: "trailproof",
        company_name: "trailproof",
        generator_id: text(&format!("trailproof/{}", policy.id), 512),
        aws_account_id: account.to_string(),
        types: ["Software and Configuration Checks/AWS Security Best Practices"],
        created_at: at.clone(),
        updated_at: at,
        severity: FindingSeverity { label: label(judgement), original: judgement.severity.as_str() },
        title: text(&policy.title, 256),
        description: text(&judgement.message, 1024),
        remediation: Remediation {
            recommendation: Recommendation { text: text(&policy.fix.text, 512), url: rule_address(policy) },
        },
        product_fields: fields,
        resources: [resource(judgement, account, partition, region.clone())],
        compliance: compliance(judgement),
        workflow: Workflow { status: workflow(&judgement.outcome) },
        record_state: "ACTIVE",
        region,
    }
}

/// What passes, or is not judged, needs nobody's attention.
fn label(judgement: &Judgement) -> &'static str {
    match (&judgement.outcome, judgement.severity) {
        (Outcome::Pass | Outcome::NotApplicable { .. }, _) | (_, Severity::Info) => "INFORMATIONAL",
        (_, Severity::Critical) => "CRITICAL",
        (_, Severity::High) => "HIGH",
        (_, Severity::Medium) => "MEDIUM",
        (_, Severity::Low) => "LOW",
    }
}

fn workflow(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Pass | Outcome::NotApplicable { .. } => "RESOLVED",
        Outcome::Fail | Outcome::Unknown { .. } => "NEW",
        Outcome::Waived { .. } => "SUPPRESSED",
    }
}

/// How it stands: a result that is not known is a warning, for "some information is missing"; it has not passed.
fn compliance(judgement: &Judgement) -> Compliance {
    let (status, code) = match judgement.outcome.beneath() {
        Outcome::Pass => ("PASSED", None),
        Outcome::Fail if !judgement.outcome.waivers().is_empty() => ("FAILED", Some("WAIVED")),
        // A waiver covers what fails or is unknown, and no waiver.
        Outcome::Fail | Outcome::Waived { .. } => ("FAILED", None),
        Outcome::Unknown { .. } => ("WARNING", Some("NOT_OBSERVED")),
        Outcome::NotApplicable { .. } => ("NOT_AVAILABLE", Some("NOT_APPLICABLE")),
    };
    let reason = judgement.outcome.reason().unwrap_or_default();
    let mut related: Vec<String> = requirements(judgement).iter().map(|one| text(one, 64)).collect();
    related.truncate(REQUIREMENTS);
    Compliance {
        status,
        related_requirements: related,
        status_reasons: code
            .map(|reason_code| StatusReason { reason_code, description: text(&reason, 1024) })
            .into_iter()
            .collect(),
    }
}

fn resource(judgement: &Judgement, account: AccountId, partition: &Partition, region: String) -> Resource {
    let arn = judgement.resource.as_deref().unwrap_or("organization");
    let (r#type, id) = match judgement.scope {
        Scope::Account => ("AwsAccount", format!("AWS::::Account:{account}")),
        Scope::Trail => ("AwsCloudTrailTrail", arn.to_owned()),
        Scope::LogBucket | Scope::Bucket => ("AwsS3Bucket", arn.to_owned()),
        Scope::Key => ("AwsKmsKey", arn.to_owned()),
        Scope::Topic => ("AwsSnsTopic", arn.to_owned()),
        Scope::Organization | Scope::LogGroup | Scope::EventDataStore => ("Other", arn.to_owned()),
    };
    let known = ["aws", "aws-cn", "aws-us-gov"];
    let partition = Some(partition.to_string()).filter(|name| known.contains(&name.as_str()));
    Resource { r#type, id: text(&id, 512), partition, region, details: evidence(judgement) }
}

fn evidence(judgement: &Judgement) -> Option<Details> {
    let read = serde_json::to_value(&judgement.evidence).ok()?;
    let fact = |(path, value): (&String, &serde_json::Value)| {
        let said = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (path.clone(), text(&said, 1024))
    };
    let other: BTreeMap<String, String> = read.as_object()?.iter().take(FACTS).map(fact).collect();
    (!other.is_empty()).then_some(Details { other })
}

/// A text of at most so many letters, and of one at least, as the service wants it.
fn text(text: &str, most: usize) -> String {
    let joined = clean(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    if joined.is_empty() {
        return "–".to_owned();
    }
    match joined.char_indices().nth(most) {
        Some(_) => joined.chars().take(most - 1).chain(['…']).collect(),
        None => joined,
    }
}
