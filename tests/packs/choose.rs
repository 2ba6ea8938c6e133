//! Several packs at once, and what is set beside them.

use trailproof::evaluate::{Chosen, Question};
use trailproof::policy::{Change, Loaded, ParameterValue, Setting, Severity};

use crate::loaded;

const RETENTION: &str = "log-bucket-retention";

fn question<'a>(loaded: &'a Loaded, packs: &[&str], settings: &'a [Setting]) -> Question<'a> {
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    let packs = packs.iter().map(|id| (*id).to_owned()).collect();
    Question { policies: &loaded.policies, packs, settings, fail_on: None, allow_incomplete: false }
}

fn chosen(loaded: &Loaded, packs: &[&str], settings: &[Setting], rule: &str) -> Vec<Chosen> {
    let chosen = question(loaded, packs, settings).chosen();
    chosen.into_iter().filter(|chosen| chosen.policy.id.as_str() == rule).collect()
}

fn days(chosen: &Chosen) -> i64 {
    match chosen.parameters["retention_days"] {
        ParameterValue::Int(days) => days,
        _ => 0,
    }
}

const LONG: &str = "rules: { log-bucket-retention: { parameters: { retention_days: 2190 } }, log-file-validation: {} }";

#[test]
fn a_rule_is_judged_once_for_every_distinct_set_of_parameters() {
    let loaded = loaded(&[("long", LONG), ("long-too", LONG)]);
    let both = chosen(&loaded, &["recommended", "long", "long-too", "recommended"], &[], RETENTION);
    let told: Vec<(i64, Vec<&str>)> =
        both.iter().map(|chosen| (days(chosen), chosen.packs.iter().map(String::as_str).collect())).collect();
    assert_eq!(told, [(365, vec!["recommended"]), (2190, vec!["long", "long-too"])]);
    let one = chosen(&loaded, &["recommended", "long"], &[], "log-file-validation");
    assert_eq!(one.iter().map(|chosen| chosen.packs.to_vec()).collect::<Vec<_>>(), [["recommended", "long"]]);
}

#[test]
fn packs_bring_their_rules_together() {
    let loaded = loaded(&[("long", "rules: { s3-data-events-read: {} }")]);
    let ids = |packs: &[&str]| {
        let chosen = question(&loaded, packs, &[]).chosen();
        chosen.iter().map(|chosen| chosen.policy.id.to_string()).collect::<Vec<_>>()
    };
    let mut expected = ids(&["recommended"]);
    expected.extend(ids(&["long"]));
    expected.sort();
    assert_eq!(ids(&["long", "recommended"]), expected);
}

#[test]
fn the_highest_severity_wins() {
    let with = |severity: &str| format!("rules: {{ log-file-validation: {{ severity: {severity} }} }}");
    let loaded = loaded(&[("low", &with("low")), ("high", &with("high")), ("info", &with("info"))]);
    let severity = |packs: &[&str]| chosen(&loaded, packs, &[], "log-file-validation")[0].severity();
    assert_eq!(severity(&["info", "low"]), Severity::Low);
    assert_eq!(severity(&["low", "high"]), Severity::High);
    // The rule's own, medium, is what a pack demands that says nothing.
    assert_eq!(severity(&["low", "recommended"]), Severity::Medium);
    assert_eq!(severity(&["recommended", "high"]), Severity::High);
}

#[test]
fn what_is_set_counts_for_every_pack() {
    let loaded = loaded(&[("long", LONG)]);
    let packs = ["recommended", "long"];
    let set = |text: &str| Setting::parse(text, &loaded.policies).unwrap();
    let days_with = |settings: &[Setting]| chosen(&loaded, &packs, settings, RETENTION).iter().map(days).collect();
    let days: Vec<i64> =
        days_with(&[set("log-bucket-retention.retention_days=30"), set("log-bucket-retention.retention_days=40")]);
    assert_eq!(days, [40]);
    let severe = Setting::parse_severity("log-bucket-retention=info", &loaded.policies).unwrap();
    let severities: Vec<Severity> =
        chosen(&loaded, &packs, std::slice::from_ref(&severe), RETENTION).iter().map(Chosen::severity).collect();
    assert_eq!(severities, [Severity::Info, Severity::Info]);
    let disabled = Setting::parse_disabled(RETENTION, &loaded.policies).unwrap();
    assert!(chosen(&loaded, &packs, std::slice::from_ref(&disabled), RETENTION).is_empty());
    let enabled = Setting { change: Change::Disabled(false), ..disabled.clone() };
    assert_eq!(chosen(&loaded, &packs, &[disabled, enabled], RETENTION).len(), 2);
}

#[test]
fn a_wrong_setting_says_what_was_meant() {
    let loaded = loaded(&[]);
    let policies = &loaded.policies;
    let told = |result: Result<Setting, String>| result.unwrap_err();
    assert!(
        told(Setting::parse_severity("log-file-validaton=low", policies))
            .contains("did you mean `log-file-validation`?")
    );
    assert!(
        told(Setting::parse_severity("log-file-validation=lo", policies)).contains("critical, high, medium, low, info")
    );
    assert!(told(Setting::parse_severity("log-file-validation", policies)).contains("give RULE=SEVERITY"));
    assert!(
        told(Setting::parse_disabled("log-bucket-retentoin", policies))
            .contains("did you mean `log-bucket-retention`?")
    );
}

#[test]
fn a_pack_has_the_rules_of_those_that_it_includes() {
    let loaded = loaded(&[
        ("base", "include: [long]\nrules: { log-file-validation: { severity: high } }"),
        ("long", LONG),
        (
            "top",
            "include: [base, recommended]\nrules: { log-bucket-retention: { parameters: { retention_days: 30 } } }",
        ),
    ]);
    let base = chosen(&loaded, &["base"], &[], RETENTION);
    assert_eq!((days(&base[0]), base[0].packs.to_vec()), (2190, vec!["base".to_owned()]));
    assert_eq!(days(&chosen(&loaded, &["top"], &[], RETENTION)[0]), 30);
    assert_eq!(chosen(&loaded, &["top"], &[], "log-file-validation")[0].severity(), Severity::High);
    assert_eq!(chosen(&loaded, &["top"], &[], "organization-trail").len(), 1);
}
