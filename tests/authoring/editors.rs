//! The JSON Schemas by which editors complete and check: fresh, fit for every file, and closed to what loading refuses.
//!
//! `TRAILPROOF_WRITE_SCHEMAS=1 cargo test --test authoring` writes them anew.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value;

use crate::simulated::{stdout, trailproof};

fn published(kind: &str) -> Value {
    let printed = stdout(&trailproof().args(["policy", "schema", "--of", kind]).output().unwrap());
    let path = Path::new("schemas").join(format!("{kind}.json"));
    if std::env::var_os("TRAILPROOF_WRITE_SCHEMAS").is_some() {
        fs::write(&path, &printed).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), printed, "{} is stale", path.display());
    serde_json::from_str(&printed).unwrap()
}

fn errors(validator: &Validator, text: &str) -> Vec<String> {
    let read: Value = serde_yaml::from_str(text).unwrap();
    validator.iter_errors(&read).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn files(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    files
}

#[test]
fn the_schemas_are_fresh_and_every_file_fits_and_names_its_own() {
    for (kind, folder, line) in [
        ("rule", "policies", "# yaml-language-server: $schema=../schemas/rule.json\n"),
        ("pack", "policies/packs", "# yaml-language-server: $schema=../../schemas/pack.json\n"),
    ] {
        let validator = jsonschema::validator_for(&published(kind)).unwrap();
        for path in files(folder) {
            let text = fs::read_to_string(&path).unwrap();
            assert_eq!(errors(&validator, &text), Vec::<String>::new(), "{}", path.display());
            assert!(text.starts_with(line), "{}: `cargo run -- policy docs` adds the line", path.display());
        }
    }
}

#[test]
fn the_schema_refuses_what_loading_refuses_for_its_form() {
    let validator = jsonschema::validator_for(&published("rule")).unwrap();
    let good = fs::read_to_string("policies/log-bucket-retention.yaml").unwrap();
    for (from, to) in [
        ("severity: high", "severity: hihg"),
        ("scope: log-bucket", "scope: log_bucket"),
        ("scope: log-bucket", "scope: trail"),
        ("assert:", "asert:"),
        ("default: 365", "default: many"),
        ("earliest_expiry_days: 365", "earliest_expire_days: 365"),
        ("earliest_expiry_days: 365", "earliest_expiry_days: long"),
        ("$gap: scp", "$gap: spc"),
        ("expect: pass", "expect: passes"),
        ("  - https://docs", "  - http://docs"),
        ("id: log-bucket-retention", "id: Log_bucket"),
    ] {
        let broken = good.replacen(from, to, 1);
        assert_ne!(broken, good, "{from}");
        assert!(!errors(&validator, &broken).is_empty(), "{from} -> {to}");
    }
}
