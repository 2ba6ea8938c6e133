//! The README tells the truth: its console block is what the binary prints, its table is what the rules say.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use std::fs;

use simulated::{code, stdout, trailproof};
use trailproof::policy::load;

fn readme() -> String {
    fs::read_to_string("README.md").unwrap()
}

#[test]
fn the_demo_prints_what_the_readme_shows() {
    let folder = tempfile::tempdir().unwrap();
    let output = trailproof().arg("demo").current_dir(folder.path()).output().unwrap();
    assert_eq!(code(&output), 0);
    for file in ["report.json", "findings.sarif", "snapshot.json"] {
        assert!(folder.path().join("trailproof-demo").join(file).metadata().unwrap().len() > 1000);
    }
    let readme = readme();
    let block =
        readme.split("```console\n$ trailproof demo\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let printed = stdout(&output);
    let mut rest = printed.as_str();
    for piece in block.split("…\n") {
        let at = rest.find(piece).unwrap_or_else(|| panic!("not printed, or not in this order:\n{piece}\n\n{printed}"));
        rest = &rest[at + piece.len()..];
    }
    let next = printed.split("next:\n").nth(1).unwrap();
    assert_eq!(next.lines().count(), 3);
}

#[test]
fn what_trace_prints_is_what_the_readme_shows() {
    let folder = tempfile::tempdir().unwrap();
    trailproof().arg("demo").current_dir(folder.path()).output().unwrap();
    let readme = readme();
    let blocks = readme.split("```console\n$ trailproof ").skip(1).filter_map(|rest| rest.split("```").next());
    let mut exits = Vec::new();
    for block in blocks.filter(|block| block.starts_with("trace ")) {
        let joined = block.replace("\\\n", " ");
        let (command, shown) = joined.split_once('\n').unwrap();
        let output = trailproof().args(command.split_whitespace()).current_dir(folder.path()).output().unwrap();
        assert_eq!(stdout(&output), shown, "$ trailproof {command}");
        exits.push(code(&output));
    }
    assert_eq!(exits, [1, 3]);
}

#[test]
fn the_table_of_rules_is_what_the_rules_say() {
    let readme = readme();
    let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with("| `") && line.contains("`: ")).collect();
    let rules = load(&[]).policies;
    let expected: Vec<String> = rules
        .rules()
        .map(|rule| format!("| `{}`: {} | {} | {} |", rule.id, rule.title, rule.scope, rule.severity.as_str()))
        .collect();
    assert_eq!(rows, expected);
}

#[test]
fn the_options_of_the_readme_are_those_of_the_binary() {
    let help = stdout(&trailproof().args(["scan", "--help"]).output().unwrap());
    for row in readme().lines().filter(|line| line.starts_with("| `--")) {
        for option in row.split('|').nth(1).unwrap().split('`').filter(|part| part.starts_with("--")) {
            let name = option.split(' ').next().unwrap();
            assert!(help.contains(name), "{name}");
        }
    }
}

#[test]
fn every_command_is_in_the_readme() {
    let help = stdout(&trailproof().arg("--help").output().unwrap());
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names: Vec<&str> = commands
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.contains(&"scan") && names.contains(&"coverage"), "{names:?}");
    let readme = readme();
    for name in names.into_iter().filter(|name| *name != "help") {
        assert!(readme.contains(&format!("trailproof {name}")), "{name}");
    }
}
