//! The published JSON Schemas: they are what the code says, and what is written fits them.
//!
//! `TRAILPROOF_WRITE_SCHEMAS=1 cargo test --test schemas` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use std::fs;
use std::path::Path;

use simulated::trailproof;
use trailproof::emit::{JsonCoverage, JsonReport, JsonTraces};
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

#[test]
fn what_the_demo_writes_fits_the_schemas() {
    let report = published("report.json", &schemars::schema_for!(JsonReport<'static>));
    let coverage = published("coverage.json", &schemars::schema_for!(JsonCoverage<'static>));
    let snapshot = published("snapshot.json", &schemars::schema_for!(Snapshot));
    let trace = published("trace.json", &schemars::schema_for!(JsonTraces<'static>));
    let folder = tempfile::tempdir().unwrap();
    trailproof().arg("demo").arg("--out").arg(folder.path()).output().unwrap();
    let output = format!("json={}", folder.path().join("trace.json").display());
    let mut tracing = trailproof();
    tracing.args(["trace", "tests/trace/s3-get-object.json", "--output", &output, "--snapshot"]);
    tracing.arg(folder.path().join("snapshot.json")).output().unwrap();
    let out = format!("json={}", folder.path().join("coverage.json").display());
    trailproof().arg("coverage").arg(folder.path().join("snapshot.json")).args(["--output", &out]).output().unwrap();
    let all =
        [("report.json", report), ("coverage.json", coverage), ("snapshot.json", snapshot), ("trace.json", trace)];
    for (name, schema) in all {
        let written: serde_json::Value = serde_json::from_slice(&fs::read(folder.path().join(name)).unwrap()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&written).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new(), "{name}");
    }
}
