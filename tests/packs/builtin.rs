//! The built-in frameworks against the table of ids that was researched: `vectors.json` has, by pack and rule, the
//! controls that the rule proves.

use std::collections::{BTreeMap, BTreeSet};

use trailproof::policy::{Edge, ParameterValue, Severity, Standing, load};

type Table = BTreeMap<String, BTreeMap<String, Vec<String>>>;

fn table() -> Table {
    serde_json::from_str(include_str!("vectors.json")).unwrap()
}

/// A rule that came later is not in the table: it needs no more than its own file and its pack's.
#[test]
fn the_frameworks_name_the_controls_that_were_researched_and_no_other() {
    let policies = load(&[]).policies;
    let frameworks: Vec<&str> = policies.packs().filter(|id| !policies.pack(id).unwrap().controls.is_empty()).collect();
    let table = table();
    assert_eq!(frameworks, table.keys().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(frameworks.len(), 17);
    let researched: BTreeSet<&str> = table.values().flat_map(BTreeMap::keys).map(String::as_str).collect();
    for (id, expected) in &table {
        let pack = policies.pack(id).unwrap();
        let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for control in &pack.controls {
            for edge in control.edges.iter().filter(|edge| researched.contains(edge.rule.as_str())) {
                named.entry(edge.rule.as_str()).or_default().insert(control.id.as_str());
            }
        }
        let expected: BTreeMap<&str, BTreeSet<&str>> = expected
            .iter()
            .filter(|(rule, _)| policies.get(rule).is_some())
            .map(|(rule, ids)| (rule.as_str(), ids.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(named, expected, "{id}");
    }
}

#[test]
fn a_result_names_the_controls_of_all_built_in_packs() {
    let controls = load(&[]).policies.controls("kms-cmk-encryption");
    let of = |pack: &str| controls[pack].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(of("cis-aws-foundations-1.4"), ["3.7"]);
    assert_eq!(of("cis-aws-foundations-5.0"), ["3.5"]);
    assert_eq!(of("cis-aws-foundations-7.0"), ["4.5"]);
    assert_eq!(of("fsbp"), ["CloudTrail.2"]);
    assert_eq!(of("gdpr"), ["Art. 25", "Art. 30", "Art. 32"]);
}

/// Mistakes of other tools' tables.
#[test]
fn known_mistakes_are_not_inherited() {
    let policies = load(&[]).policies;
    let proves = |rule: &str, pack: &str| policies.controls(rule).remove(pack).unwrap_or_default();
    // The control on CloudWatch Logs is gone since 3.0, and 3.4 is the access logs of the bucket.
    assert_eq!(proves("cloudwatch-logs-integration", "cis-aws-foundations-5.0"), Vec::<String>::new());
    assert_eq!(proves("log-bucket-access-logging", "cis-aws-foundations-5.0"), ["3.4"]);
    // CloudTrail.6 and .7 are not of FSBP.
    assert_eq!(proves("log-bucket-not-public", "fsbp"), Vec::<String>::new());
    assert_eq!(proves("log-bucket-access-logging", "fsbp"), Vec::<String>::new());
    // A trail in all Regions is not enough, and neither are management events somewhere.
    for pack in ["cis-aws-foundations-3.0", "fsbp"] {
        assert_eq!(proves("multi-region-trail", pack), proves("management-events-read-write", pack));
    }
    // Ids of PCI DSS 4 have no ordinal of another tool's at their end.
    let pci = policies.pack("pci-dss-4.0.1").unwrap();
    assert!(pci.controls.iter().all(|control| control.id.split('.').count() <= 4));
}

#[test]
fn packs_set_what_their_frameworks_ask_for() {
    let policies = load(&[]).policies;
    let days = |pack: &str| {
        policies.pack(pack).unwrap().rules["log-bucket-retention"].parameters.get("retention_days").cloned()
    };
    assert_eq!(days("hipaa"), Some(ParameterValue::Int(2190)));
    assert_eq!(days("pci-dss-4.0.1"), None);
    for pack in policies.packs().filter(|id| id.starts_with("cis-") || *id == "fsbp") {
        assert_eq!(policies.pack(pack).unwrap().rules["kms-cmk-encryption"].severity, Some(Severity::Medium), "{pack}");
    }
}

#[test]
fn every_control_says_what_proves_it_and_every_edge_who_says_so() {
    let policies = load(&[]).policies;
    for pack in policies.packs().map(|id| policies.pack(id).unwrap()).filter(|pack| !pack.controls.is_empty()) {
        assert!(pack.source.is_some() && pack.version > 0, "{}", pack.id);
        for control in &pack.controls {
            assert!(control.title.len() > 8, "{} {}", pack.id, control.id);
            let words = match &control.standing {
                Standing::Rules => "its rules prove it",
                Standing::Partly(why) | Standing::Manual(why) | Standing::NotCovered(why) => why.as_str(),
            };
            assert!(words.len() > 10, "{} {}", pack.id, control.id);
            let sound = |edge: &Edge| edge.source.starts_with("https://") && !edge.section.is_empty();
            assert!(control.edges.iter().all(sound), "{} {}", pack.id, control.id);
        }
    }
}
