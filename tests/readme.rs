//! The README tells the truth: its console block is what the binary prints, its table is what the rules say.
//!
//! `TRAILPROOF_WRITE_README=1 cargo test --test readme` writes both anew.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use std::fs;
use std::sync::Mutex;

use simulated::{code, stdout, trailproof};
use trailproof::emit::{README_TABLE, readme_table};
use trailproof::policy::load;

fn readme() -> String {
    fs::read_to_string("README.md").unwrap()
}

/// What stands before what the demo prints.
const DEMO: &str = "```console\n$ trailproof demo\n";

/// Of what the demo prints, the paragraphs that the README shows, and how many lines of each.
const SHOWN: [(&str, usize); 6] = [
    (" 18 Regions ", 1),
    ("  log-bucket-exists-and-owned\n  ", 4),
    ("  management-events-read-write\n  ", 3),
    ("Coverage  ", 7),
    ("Not observed\n", 3),
    ("; gate medium: ", 1),
];

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split(before).nth(1).and_then(|rest| rest.split(after).next()).unwrap()
}

/// The README, and the file with it, with `text` between `before` and `after` if that was asked for.
fn written_anew(before: &str, after: &str, text: &str) -> String {
    // One test at a time reads and replaces the file.
    static FILE: Mutex<()> = Mutex::new(());
    let _guard = FILE.lock().unwrap();
    let readme = readme();
    if std::env::var_os("TRAILPROOF_WRITE_README").is_none() {
        return readme;
    }
    let old = format!("{before}{}{after}", between(&readme, before, after));
    let readme = readme.replacen(&old, &format!("{before}{text}{after}"), 1);
    fs::write("README.md", &readme).unwrap();
    readme
}

/// Of what the demo prints, what the README shows of it.
fn shortened(printed: &str) -> String {
    let mut lines = String::new();
    let mut left_out = false;
    for paragraph in printed.split("\n\n") {
        let Some((_, length)) = SHOWN.iter().find(|(mark, _)| paragraph.contains(mark)) else {
            left_out = true;
            continue;
        };
        let blank = if lines.is_empty() || lines.ends_with("…\n") { "" } else { "\n" };
        lines.push_str(if left_out { "…\n" } else { blank });
        paragraph.lines().take(*length).for_each(|line| lines.extend([line, "\n"]));
        left_out = paragraph.lines().count() > *length;
    }
    lines
}

#[test]
fn the_demo_prints_what_the_readme_shows() {
    let folder = tempfile::tempdir().unwrap();
    let output = trailproof().arg("demo").current_dir(folder.path()).output().unwrap();
    assert_eq!(code(&output), 0);
    for file in ["report.json", "findings.sarif", "snapshot.json"] {
        assert!(folder.path().join("trailproof-demo").join(file).metadata().unwrap().len() > 1000);
    }
    let printed = stdout(&output);
    let readme = written_anew(DEMO, "```", &shortened(&printed));
    let block = between(&readme, DEMO, "```");
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
    let expected = readme_table(&load(&[]).policies);
    let readme = written_anew(README_TABLE, "\n\n", expected.trim_end());
    assert_eq!(between(&readme, README_TABLE, "\n\n"), expected.trim_end(), "run `cargo run -- policy docs`");
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
