//! The commands for those who write rules.

use std::fs;

use serde_json::Value;

use crate::simulated::{code, stderr, stdout, trailproof};
use trailproof::policy::load;

fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = trailproof().args(arguments).output().unwrap();
    (code(&output), stdout(&output), stderr(&output))
}

fn listed(arguments: &[&str]) -> Vec<Value> {
    let (_, printed, _) = run(&[&["policy", "list", "--output", "json"], arguments].concat());
    let list: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(list["schema"], "trailproof.rules/1");
    list["rules"].as_array().unwrap().clone()
}

#[test]
fn rules_are_listed_by_pack_scope_and_severity() {
    let loaded = load(&[]).policies;
    assert_eq!(listed(&[]).len(), loaded.rules().count());
    let recommended = listed(&["--pack", "recommended"]);
    assert_eq!(recommended.len(), loaded.pack("recommended").unwrap().rules.len());
    let keys = listed(&["--scope", "key", "--severity", "low", "--severity", "high"]);
    let ids: Vec<&str> = keys.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["kms-key-rotation", "kms-key-usable"]);
    assert!(keys[0]["help"].as_str().unwrap().ends_with("/docs/rules/kms-key-rotation.md"));
    assert!(keys[0]["packs"].as_array().unwrap().contains(&Value::from("recommended")));
    let (_, table, _) = run(&["policy", "list", "--scope", "key", "--severity", "low"]);
    assert_eq!(table, "low       kms-key-rotation  key  The trail's key rotates by itself\n1 rule\n");
}

#[test]
fn a_list_of_a_pack_has_its_severities_and_parameters_of_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("packs")).unwrap();
    let pack = "id: house\ntitle: Ours\nversion: 1\nrules: { log-file-validation: { severity: critical } }\n";
    fs::write(folder.path().join("packs/house.yaml"), pack).unwrap();
    let rules = listed(&["--pack", "house", "--policies", folder.path().to_str().unwrap()]);
    assert_eq!((rules.len(), rules[0]["severity"].as_str()), (1, Some("critical")));
}

#[test]
fn names_that_are_not_there_are_errors_with_a_suggestion() {
    for (arguments, expected) in [
        (["list", "--pack", "recomended"].as_slice(), "did you mean `recommended`?"),
        (&["show", "log-file-valdation"], "did you mean `log-file-validation`?"),
        (&["show", "xyz"], "`trailproof policy list` lists the rules"),
        (&["list", "--scope", "topics"], "is no scope"),
        (&["test", "no/such"], "there is no such file or folder"),
    ] {
        let (code, _, told) = run(&[&["policy"], arguments].concat());
        assert!(code == 2 && told.contains(expected), "{arguments:?}: {told}");
    }
}

#[test]
fn the_page_of_a_rule_holds_all_that_the_rule_says() {
    let rule = load(&[]).policies.get("log-bucket-retention").unwrap().clone();
    let (code, page, _) = run(&["policy", "show", "log-bucket-retention"]);
    let flat = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(code, 0);
    let asked = rule.assert.source().split_whitespace().collect::<Vec<_>>().join(" ");
    let why = rule.why.split_whitespace().collect::<Vec<_>>().join(" ");
    let cli = rule.fix.cli.as_ref().unwrap().to_string();
    for part in
        [&rule.title, &asked, &why, &cli, &rule.references[0], "365", "a day too early", "s3:GetLifecycleConfiguration"]
    {
        assert!(flat.contains(part.trim()), "{part}\n\n{page}");
    }
    assert!(!page.contains('\u{1b}') && page.lines().all(|line| line.chars().count() <= 140), "{page}");
    let (_, page, _) = run(&["policy", "show", "recommended"]);
    assert!(page.contains("log-bucket-retention") && page.contains("version 1"), "{page}");
}

#[test]
fn a_rule_to_begin_with_loads_and_holds_in_every_scope() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let mut written = 0;
    for scope in trailproof::facts::Scope::ALL {
        let id = format!("own-{scope}");
        let (code, _, told) = run(&["policy", "new", &id, "--scope", scope.name(), "--out", out]);
        if trailproof::facts::schema(scope).is_none() {
            assert!(code == 2 && told.contains("no facts of the scope"), "{told}");
            continue;
        }
        assert_eq!(code, 0, "{told}");
        written += 1;
    }
    let (code, printed, told) = run(&["policy", "test", out]);
    assert_eq!((code, printed), (0, format!("{written} rules, {} examples: all hold\n", 3 * written)), "{told}");
    let schema: Value = serde_json::from_slice(&fs::read(folder.path().join("rule.schema.json")).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let text = fs::read_to_string(folder.path().join("own-trail.yaml")).unwrap();
    assert!(text.starts_with("# yaml-language-server: $schema=rule.schema.json\n"));
    assert!(validator.is_valid(&serde_yaml::from_str::<Value>(&text).unwrap()));
    let (code, _, told) = run(&["policy", "new", "own-trail", "--out", out]);
    assert!(code == 2 && told.contains("is there already"), "{told}");
}

#[test]
fn a_new_rule_makes_its_folder_where_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let (rules, file) = (folder.path().join("our/rules"), folder.path().join("file"));
    let (code, _, told) = run(&["policy", "new", "own-trail", "--out", rules.to_str().unwrap()]);
    assert_eq!(code, 0, "{told}");
    let (code, printed, told) = run(&["policy", "test", rules.to_str().unwrap()]);
    assert_eq!((code, printed.as_str()), (0, "1 rule, 3 examples: all hold\n"), "{told}");
    fs::write(&file, "").unwrap();
    let (code, _, told) = run(&["policy", "new", "own-trail", "--out", file.to_str().unwrap()]);
    assert!(code == 2 && told.contains("cannot make the folder"), "{told}");
}

#[test]
fn an_example_that_does_not_hold_shows_every_part_of_its_conditions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own-rule.yaml");
    let rule = "id: own-rule\ntitle: Own\nseverity: low\nscope: trail\nwhen: trail.is_organization\n\
        assert: trail.is_multi_region && trail.name.startsWith(\"org-\")\nmessage: Bad\nwhy: Because.\nfix: { text: Fix it. }\n\
        examples:\n  - { name: good, given: { trail: { is_organization: true, is_multi_region: true, name: main } }, expect: pass }\n\
        \x20 - { name: bad, given: { trail: { is_organization: true, is_multi_region: false, name: main } }, expect: fail }\n";
    fs::write(&path, rule).unwrap();
    let (code, printed, _) = run(&["policy", "test", path.to_str().unwrap()]);
    let expected = r#"failed own-rule: good: expected pass, and it is fail
  when
    trail.is_organization  is true
  assert
    trail.is_multi_region && trail.name.startsWith("org-")  is false
      trail.is_multi_region  is true
      trail.name.startsWith("org-")  is false
        trail.name  is "main"

1 rule, 2 examples: 1 failed
"#;
    assert_eq!((code, printed.as_str()), (1, expected));
    fs::write(&path, rule.replace("is_multi_region &&", "is_multi_reigon &&")).unwrap();
    let (code, _, told) = run(&["policy", "test", path.to_str().unwrap()]);
    assert!(code == 2 && told.contains("did you mean `is_multi_region`?"), "{told}");
}

#[test]
fn the_built_in_rules_are_tested_without_a_path_and_by_their_own_folder() {
    let (code, printed, _) = run(&["policy", "test"]);
    assert!(code == 0 && printed.ends_with(": all hold\n"), "{printed}");
    assert_eq!(run(&["policy", "test", "policies"]), (0, printed, String::new()));
    let (code, printed, _) = run(&["policy", "test", "policies/log-file-validation.yaml"]);
    assert!(code == 0 && printed.starts_with("1 rule, "), "{printed}");
}

#[test]
fn facts_are_printed_with_type_meaning_call_and_permission() {
    let (code, printed, _) = run(&["facts", "--output", "json"]);
    let list: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((code, list["schema"].as_str()), (0, Some("trailproof.facts/1")));
    let mut named = 0;
    for scope in list["scopes"].as_array().unwrap() {
        for name in scope["names"].as_array().unwrap() {
            assert!(!name["description"].as_str().unwrap().is_empty(), "{name}");
            assert!(!name["sources"].as_array().unwrap().is_empty(), "{name}");
            named += 1;
        }
    }
    assert!(named > 150, "{named}");
    let (_, page, _) = run(&["facts", "--scope", "trail"]);
    for part in ["trail.status.is_logging  bool", "trail.kms_key_id  optional string", "s3:HeadBucket (s3:ListBucket)"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("log_group.used_by"));
}
