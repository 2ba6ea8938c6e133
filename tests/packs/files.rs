//! Files of packs, and what is wrong with them.

use crate::{loaded, mistakes};

const CONTROLS: &str = r#"
source: https://example.org/framework
sources: { us: https://example.org/mapping }
controls:
  - { id: "1.10", title: One, rules: { log-file-validation: us 4.2, kms-cmk-encryption: us section 5 } }
  - { id: "2", title: Two, manual: Somebody must ask., rules: { log-file-validation: us 4.3 } }
  - { id: "3", title: Three, not_covered: Nothing reads it. }
"#;

#[test]
fn a_pack_names_controls_and_who_says_that_rules_prove_them() {
    let loaded = loaded(&[("mine", CONTROLS)]);
    assert_eq!(loaded.diagnostics, vec![]);
    let pack = loaded.policies.pack("mine").unwrap();
    assert_eq!(pack.rules.keys().collect::<Vec<_>>(), ["kms-cmk-encryption", "log-file-validation"]);
    let of = |rule: &str| pack.controls_of(rule).map(|control| control.id.as_str()).collect::<Vec<_>>();
    assert_eq!((of("log-file-validation"), of("kms-cmk-encryption")), (vec!["1.10", "2"], vec!["1.10"]));
    let edge = &pack.controls[0].edges[0];
    assert_eq!((edge.source.as_str(), edge.section.as_str()), ("https://example.org/mapping", "section 5"));
    assert!(loaded.policies.controls("log-file-validation").keys().all(|pack| pack != "mine"));
}

#[test]
fn all_mistakes_of_a_pack_are_told_at_once() {
    let broken = r#"
inclde: [recommended]
source: http://example.org
sources: { us: https://example.org/mapping }
rules:
  log-file-validaton: {}
  log-bucket-retention: { severity: hihg, parameters: { retenton_days: 3 } }
  log-file-validation: { parameters: { days: 3 } }
controls:
  - { id: 1.1, title: One, rules: { log-file-validation: us } }
  - { id: "1.2", title: One, rules: { log-file-validation: su 4 } }
  - { id: "1.3", title: One, rules: {} }
  - { id: "1.4", title: One }
  - { id: "1.5", title: One, manual: Look., not_covered: Nothing. }
  - { id: "1.6", title: One, manual: Look. }
  - { id: "1.6", title: One, manual: Look., rule: { log-file-validation: us 4 } }
"#;
    insta::assert_snapshot!(mistakes(&[("mine", broken)]));
}

#[test]
fn packs_in_a_circle_are_told_with_the_way_round() {
    let told = mistakes(&[
        ("a", "include: [b]"),
        ("b", "include: [recommended, c]"),
        ("c", "include: [a]"),
        ("d", "include: [d]"),
    ]);
    assert!(
        told.contains("packs in a circle: a includes b includes c includes a") && told.contains("c.yaml:4:11"),
        "{told}"
    );
    assert!(told.contains("packs in a circle: d includes d") && told.contains("d.yaml:4:11"), "{told}");
    assert!(told.contains("2 mistakes in 2 files"), "{told}");
}

#[test]
fn a_long_chain_of_packs_is_refused() {
    let chain: Vec<(String, String)> =
        (100..200).map(|number| (format!("p{number}"), format!("include: [p{}]", number + 1))).collect();
    let mut packs: Vec<(&str, &str)> = chain.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    packs.push(("p200", "rules: {}"));
    assert!(mistakes(&packs).contains("packs include each other 32 deep"));
}

#[test]
fn packs_that_are_not_there_or_there_twice_are_told() {
    let told = mistakes(&[("mine", "include: [recomended]")]);
    assert!(told.contains("there is no pack `recomended`") && told.contains("did you mean `recommended`?"), "{told}");
    let told = mistakes(&[("recommended", "rules: {}"), ("all", "rules: {}")]);
    assert!(told.contains("the id `recommended` is taken by policies/packs/recommended.yaml"), "{told}");
    assert!(told.contains("the id `all` is taken by the pack of all built-in rules"), "{told}");
    // A pack with a mistake is there: who includes it is not at fault.
    let told = mistakes(&[("mine", "include: [broken]"), ("broken", "rles: {}")]);
    assert!(told.contains("1 mistake in 1 file"), "{told}");
}

#[test]
fn included_packs_that_differ_on_parameters_are_told() {
    let with = |days: u32| format!("rules: {{ log-bucket-retention: {{ parameters: {{ retention_days: {days} }} }} }}");
    let (two, three) = (with(2), with(3));
    let told = mistakes(&[("mine", "include: [two, three]"), ("two", &two), ("three", &three)]);
    assert!(
        told.contains("differ on the parameters of log-bucket-retention") && told.contains("mine.yaml:4:16"),
        "{told}"
    );
    let settled = format!("include: [two, three]\n{}", with(4));
    assert_eq!(loaded(&[("mine", &settled), ("two", &two), ("three", &three)]).diagnostics, vec![]);
}
