//! The published JSON Schemas: they are what the code says, and what is written fits them.
//!
//! `TRAILPROOF_WRITE_SCHEMAS=1 cargo test --test schemas` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use std::fs;
use std::path::Path;

use simulated::trailproof;
use trailproof::emit::{Explanation, JsonCoverage, JsonDifference, JsonReport, JsonTraces};
use trailproof::policy::{configuration_schema, load};
use trailproof::snapshot::Snapshot;

fn published(name: &str, schema: &schemars::Schema) -> serde_json::Value {
    let path = Path::new("schemas").join(name);
    let text = format!("{}\n", serde_json::to_string_pretty(schema.as_value()).unwrap());
    if std::env::var_os("TRAILPROOF_WRITE_SCHEMAS").is_some() {
        fs::create_dir_all("schemas").unwrap();
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), text, "{} is stale", path.display());
    schema.as_value().clone()
}

/// A snapshot in which every trail validated its log files.
fn with_another_trail(snapshot: &str) -> String {
    snapshot.replace("\"log_file_validation_enabled\": false", "\"log_file_validation_enabled\": true")
}

#[test]
fn what_the_demo_writes_fits_the_schemas() {
    let report = published("report.json", &schemars::schema_for!(JsonReport<'static>));
    let coverage = published("coverage.json", &schemars::schema_for!(JsonCoverage<'static>));
    let snapshot = published("snapshot.json", &schemars::schema_for!(Snapshot));
    let trace = published("trace.json", &schemars::schema_for!(JsonTraces<'static>));
    let difference = published("diff.json", &schemars::schema_for!(JsonDifference<'static>));
    let explanation = published("explanation.json", &schemars::schema_for!(Explanation));
    let folder = tempfile::tempdir().unwrap();
    trailproof().arg("demo").arg("--out").arg(folder.path()).output().unwrap();
    let output = format!("json={}", folder.path().join("trace.json").display());
    let mut tracing = trailproof();
    tracing.args(["trace", "tests/trace/s3-get-object.json", "--output", &output, "--snapshot"]);
    tracing.arg(folder.path().join("snapshot.json")).output().unwrap();
    let out = format!("json={}", folder.path().join("coverage.json").display());
    trailproof().arg("coverage").arg(folder.path().join("snapshot.json")).args(["--output", &out]).output().unwrap();
    let snapshot_path = folder.path().join("snapshot.json");
    let out = format!("json={}", folder.path().join("explanation.json").display());
    let mut explain = trailproof();
    explain.args(["explain", "sandbox-chen", "--severity", "log-file-validation=low", "--disable", "insights-enabled"]);
    explain.arg("--snapshot").arg(&snapshot_path).args(["--output", &out]).output().unwrap();
    let out = format!("json={}", folder.path().join("diff.json").display());
    fs::write(folder.path().join("old.json"), with_another_trail(&fs::read_to_string(&snapshot_path).unwrap()))
        .unwrap();
    let mut diff = trailproof();
    diff.arg("diff").arg(folder.path().join("old.json")).arg(&snapshot_path).args(["--output", &out]).output().unwrap();
    let all = [
        ("diff.json", difference),
        ("explanation.json", explanation),
        ("report.json", report),
        ("coverage.json", coverage),
        ("snapshot.json", snapshot),
        ("trace.json", trace),
    ];
    for (name, schema) in all {
        let written: serde_json::Value = serde_json::from_slice(&fs::read(folder.path().join(name)).unwrap()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&written).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new(), "{name}");
    }
}

/// An editor marks what loading refuses, as far as names and types go.
#[test]
fn the_configuration_has_a_schema() {
    let schema = configuration_schema(&load(&[]).policies);
    let schema = published("configuration.json", &schemars::Schema::try_from(schema).unwrap());
    let validator = jsonschema::validator_for(&schema).unwrap();
    let readme = fs::read_to_string("README.md").unwrap();
    let block = readme.split("```yaml\npacks:").nth(1).unwrap().split("```").next().unwrap();
    let valid = |text: &str| validator.is_valid(&serde_yaml::from_str::<serde_json::Value>(text).unwrap());
    assert!(valid(&format!("packs:{block}")));
    assert!(valid("rules: { own-rule: { disabled: true, parameters: { days: 3 } } }"));
    assert!(valid(
        "waivers: [{ rule: own-rule, arn: { glob: 'arn:aws:s3:::a*' }, reason: r, owner: o, ticket: t, expires: '2027-01-01' }]"
    ));
    // What `init` writes.
    assert!(valid(&fs::read_to_string("src/cli/init/trailproof.yaml").unwrap()));
    assert!(valid(
        "baselines: [{ name: a, match: { names: [{ glob: 'sandbox-*' }], ous: [/] }, gate: { fail_on: none } }]"
    ));
    for wrong in [
        "pack: [recommended]",
        "packs: []",
        "packs: recommended",
        "rules: { log-bucket-retention: { parameters: { retention_days: long } } }",
        "rules: { log-bucket-retention: { parameters: { retenton_days: 3 } } }",
        "rules: { log-file-validation: { severity: hihg } }",
        "rules: { log-file-validation: { disabled: perhaps } }",
        "rules: { own-rule: { disable: true } }",
        "gate: { fail_on: hihg }",
        "gate: { failon: high }",
        "organization: { roles: audit }",
        "organization: { accounts: [12] }",
        "outputs: text",
        "baselines: [{ name: a, match: {} }]",
        "baselines: [{ name: a, match: { names: [sandbox-*] } }]",
        "waivers: [{ rule: log-file-validation, reason: r, owner: o, ticket: t, expires: '2027-01-01' }]",
        "waivers: [{ rule: log-file-validation, arn: 'arn:aws:s3:::a*', reason: r, owner: o, ticket: t, expires: '2027-01-01' }]",
        "waivers: [{ gap: spc, ou: /, reason: r, owner: o, ticket: t, expires: '2027-01-01' }]",
    ] {
        assert!(!valid(wrong), "{wrong}");
    }
}
