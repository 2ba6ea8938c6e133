//! The built-in rules: each loads, says all that it must, and holds its own examples.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::fs;
use std::path::PathBuf;

use trailproof::policy::{load, render};

#[test]
fn all_load_without_a_mistake() {
    let loaded = load(&[]);
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded.diagnostics, &loaded.sources, false));
    let files = fs::read_dir("policies").unwrap().filter(|entry| entry.as_ref().unwrap().path().is_file()).count();
    assert_eq!(loaded.policies.rules().count(), files);
}

#[test]
fn every_example_holds() {
    let loaded = load(&[]);
    let mut run = 0;
    for policy in loaded.policies.rules() {
        for result in policy.run_examples() {
            run += 1;
            assert_eq!(result.failure, None, "{}: {}", policy.id, result.name);
        }
    }
    assert!(run > 80, "{run}");
}

#[test]
fn every_rule_has_examples_of_each_kind_and_its_text() {
    for policy in load(&[]).policies.rules() {
        let expects = |outcome: &str| policy.examples.iter().any(|example| example.expected.as_str() == outcome);
        assert!(expects("pass") && expects("fail"), "{}", policy.id);
        assert!(expects("unknown") || policy.id.as_str() == "kms-cmk-encryption", "{}", policy.id);
        assert!(policy.why.len() > 100 && policy.fix.text.len() > 20 && policy.fix.cli.is_some(), "{}", policy.id);
        assert!(!policy.references.is_empty(), "{}", policy.id);
        if policy.when.is_some() {
            assert!(expects("not-applicable"), "{}", policy.id);
        }
    }
}

#[test]
fn the_pack_of_all_rules_follows_the_rules() {
    let loaded = load(&[]);
    let named = |pack: &str| loaded.policies.pack(pack).unwrap().rules.keys().cloned().collect::<Vec<String>>();
    assert_eq!(named("all"), loaded.policies.ids().collect::<Vec<_>>());
    assert!(named("recommended").len() < named("all").len());
    let (_folder, paths) = folder_of(&[("own-rule.yaml", GOOD)]);
    assert!(!load(&paths).policies.pack("all").unwrap().rules.contains_key("own-rule"));
}

#[test]
fn evidence_beside_the_conditions_is_checked_like_them() {
    let with = |path: &str| GOOD.replace("message:", &format!("evidence: [{path}]\nmessage:"));
    let (_folder, paths) = folder_of(&[("own-rule.yaml", &with("trail.status.is_logging"))]);
    assert_eq!(load(&paths).diagnostics, vec![]);
    let told = mistakes(&[("own-rule.yaml", &with("trail.nmae"))]);
    assert!(told.contains("own-rule.yaml:7:12") && told.contains("did you mean `name`?"), "{told}");
    assert!(mistakes(&[("own-rule.yaml", &with("trail.status"))]).contains("name one of its fields"));
}

#[test]
fn a_parameter_that_is_needed_can_be_empty() {
    let with = |kind: &str, default: &str| {
        let parameter = format!(
            "parameters:\n  wanted: {{ type: {kind}, default: {default}, needed: no name, description: A name. }}\n"
        );
        GOOD.replace("examples:", &format!("{parameter}examples:"))
    };
    let told = mistakes(&[("own-rule.yaml", &with("int", "3"))]);
    assert!(told.contains("a value of the type int is never empty"), "{told}");
    for (kind, empty, full) in [("list", "[]", "[main]"), ("string", "''", "main")] {
        let outcome = |default: &str| {
            let (_folder, paths) = folder_of(&[("own-rule.yaml", &with(kind, default))]);
            let loaded = load(&paths);
            assert_eq!(loaded.diagnostics, vec![]);
            let policy = loaded.policies.get("own-rule").unwrap().clone();
            (policy.not_given(&policy.defaults()).map(str::to_owned), policy.run_examples())
        };
        let (reason, examples) = outcome(empty);
        assert_eq!(reason.as_deref(), Some("no name"));
        let failures: Vec<String> = examples.into_iter().filter_map(|example| example.failure).collect();
        assert!(
            !failures.is_empty() && failures.iter().all(|failure| failure.contains("not-applicable")),
            "{failures:?}"
        );
        assert_eq!(outcome(full).0, None);
    }
}

fn folder_of(files: &[(&str, &str)]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let path = folder.path().to_owned();
    (folder, vec![path])
}

const GOOD: &str = r#"
id: own-rule
title: The trail is called main
severity: low
scope: trail
assert: trail.name == "main"
message: "{trail.name} is not main"
why: Because.
fix: { text: Call it main. }
examples:
  - { name: main, given: { trail: { name: main } }, expect: pass }
  - { name: other, given: { trail: { name: other } }, expect: fail }
"#;

fn mistakes(files: &[(&str, &str)]) -> String {
    let (folder, paths) = folder_of(files);
    let loaded = load(&paths);
    let rendered = render(&loaded.diagnostics, &loaded.sources, false);
    rendered.replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn a_folder_adds_rules_and_replaces_built_in_ones() {
    let replaced = GOOD.replace("own-rule", "log-file-validation");
    let (_folder, paths) = folder_of(&[("a/own-rule.yaml", GOOD), ("log-file-validation.yml", &replaced)]);
    let loaded = load(&paths);
    assert_eq!(loaded.diagnostics, vec![]);
    assert!(loaded.policies.is_own("own-rule"));
    assert_eq!(loaded.policies.get("log-file-validation").unwrap().title, "The trail is called main");
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once() {
    let broken = r#"
id: many-mistakes
title: Many mistakes
severity: hihg
scope: trail
asert: "true"
assert: trail.is_mutli_region && trail.kms_key_id == "x" && trail.name > 3
message: "{trail.nmae} is wrong"
why: Because.
fix: { text: Fix it., cli: "aws {trail.arn" }
parameters:
  days: { type: int, default: many, description: Days. }
examples:
  - { name: one, given: { trail: { nme: x } }, expect: passes }
  - { name: two, given: { trail: { name: { $gap: spc } } }, expect: pass }
"#;
    insta::assert_snapshot!(mistakes(&[("many-mistakes.yaml", broken)]));
}

#[test]
fn mistakes_of_all_files_are_told_at_once_in_order() {
    let files = [
        ("b-tab.yaml", "id: b-tab\n\ttitle: x\n"),
        ("a-empty.yaml", ""),
        ("c-alias.yaml", "id: &x c-alias\ntitle: *x\n"),
        ("d-other-name.yaml", &GOOD.replace("own-rule", "d-name")),
        ("e-list.yaml", "- one\n- two\n"),
        ("f-twice.yaml", &GOOD.replace("own-rule", "f-twice").replace("why:", "title: again\nwhy:")),
    ];
    insta::assert_snapshot!(mistakes(&files));
}

#[test]
fn a_block_expression_is_placed_by_line_and_column() {
    let block =
        GOOD.replace("assert: trail.name == \"main\"", "assert: |\n  trail.name == \"ä\"\n    && trail.nome == \"x\"");
    insta::assert_snapshot!(mistakes(&[("own-rule.yaml", &block)]), @r#"
    error: `trail` has no field `nome`
     --> own-rule.yaml:8:14
      |
    8 |     && trail.nome == "x"
      |              ^^^^
      |
      = help: did you mean `name`?

    1 mistake in 1 file
    "#);
}

#[test]
fn two_files_with_one_id_are_a_mistake() {
    let shown = mistakes(&[("a/own-rule.yaml", GOOD), ("b/own-rule.yaml", GOOD)]);
    assert!(shown.contains("the id `own-rule` is taken by a/own-rule.yaml"), "{shown}");
}

#[test]
fn files_that_cannot_be_read_are_told_and_nothing_panics() {
    let (folder, paths) = folder_of(&[("own-rule.yaml", GOOD)]);
    fs::write(folder.path().join("bytes.yaml"), [0xff, 0xfe, 0x00]).unwrap();
    fs::write(folder.path().join("large.yaml"), vec![b'a'; 2 << 20]).unwrap();
    fs::write(folder.path().join("deep.yaml"), "[".repeat(10_000)).unwrap();
    let long = GOOD.replace("own-rule", "long").replace("trail.name == \"main\"", &"true && ".repeat(125_000));
    fs::write(folder.path().join("long.yaml"), long).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
    let loaded = load(&paths);
    let files: Vec<&str> =
        loaded.diagnostics.iter().map(|diagnostic| diagnostic.file.rsplit('/').next().unwrap()).collect();
    for broken in ["bytes.yaml", "large.yaml", "deep.yaml", "long.yaml"] {
        assert!(files.contains(&broken), "{files:?}");
    }
    assert!(!files.contains(&"own-rule.yaml"));
    assert!(load(&[PathBuf::from("no/such/folder")]).diagnostics[0].message.contains("no such file or folder"));
}

#[test]
fn an_example_that_reads_what_it_does_not_set_is_at_fault() {
    let reads = GOOD.replace("assert: trail.name", "assert: trail.log_file_validation && trail.name");
    let (_folder, paths) = folder_of(&[("own-rule.yaml", &reads)]);
    let loaded = load(&paths);
    let results = loaded.policies.get("own-rule").unwrap().run_examples();
    let failures: Vec<Option<&str>> = results.iter().map(|result| result.failure.as_deref()).collect();
    assert_eq!(failures, [Some("the rule reads `trail.log_file_validation`, which the example does not set"), None]);
}
