//! The pages under docs/ tell the truth: what they show is what the binary prints, and what their tables say is so.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[allow(dead_code, reason = "the tests of selectors use the rest")]
#[path = "selector/api.rs"]
mod api;
#[path = "support/simulated.rs"]
mod simulated;

use std::fs;
use std::path::Path;

use serde_json::Value;
use simulated::{code, serve, stderr, stdout, trailproof};
use trailproof::derive::selector::{Access, Answer, Arns, EventClass, Selectors, Sources};
use trailproof::policy::load;
use trailproof::simulator::{DEMO_ROLE, Simulator, demo_organization};

fn pages() -> Vec<(String, String)> {
    let mut pages: Vec<_> = fs::read_dir("docs").unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.is_file());
    pages.sort();
    let named = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    pages.iter().map(|path| (named(path), fs::read_to_string(path).unwrap())).collect()
}

/// Puts the files that a page shows into a folder: blocks whose first line is a comment with a name.
fn put_files(text: &str, folder: &Path) {
    for block in text.split("```yaml\n# ").skip(1) {
        let (name, rest) = block.split_once('\n').unwrap();
        fs::write(folder.join(name), rest.split("```").next().unwrap()).unwrap();
    }
}

/// The blocks of a page that show a command and what it prints; `…` stands for what is left out.
#[test]
fn commands_print_what_the_pages_show() {
    let folder = tempfile::tempdir().unwrap();
    let demo = trailproof().arg("demo").current_dir(folder.path()).output().unwrap();
    assert_eq!(code(&demo), 0);
    let served = serve(Simulator::new(demo_organization(jiff::Timestamp::now())));
    let mut scan = served.trailproof();
    scan.args(["scan", "--role-name", DEMO_ROLE, "--evidence", "evidence", "--output", "json=report.json"]);
    let scan = scan.current_dir(folder.path()).output().unwrap();
    assert_eq!(code(&scan), 1, "{}", stderr(&scan));
    let mut run = 0;
    for (name, text) in pages() {
        put_files(&text, folder.path());
        for block in text.split("```console\n").skip(1) {
            let block = block.split("```").next().unwrap();
            let (command, shown) = block.split_once('\n').unwrap();
            let arguments = command.strip_prefix("$ trailproof ").unwrap().split(' ');
            let output = trailproof().args(arguments).current_dir(folder.path()).output().unwrap();
            assert!(stderr(&output).is_empty(), "{name}: {command}: {}", stderr(&output));
            let printed = stdout(&output);
            let mut rest = printed.as_str();
            for piece in shown.split("…\n") {
                let at = rest.find(piece).unwrap_or_else(|| panic!("{name}: {command}\n\n{piece}\n\nnot in\n\n{rest}"));
                rest = &rest[at + piece.len()..];
            }
            run += 1;
        }
    }
    assert!(run > 0);
}

fn selectors(text: &str) -> Selectors {
    let list: Value = serde_json::from_str(text).unwrap();
    if list[0].get("FieldSelectors").is_some() { api::advanced(list) } else { api::basic(list) }
}

fn signs(selectors: &Selectors, class: impl Fn(Access) -> EventClass) -> String {
    let sign = |access| match selectors.cover(&class(access)) {
        Answer::All => '●',
        Answer::Part(_) => '◐',
        Answer::None => '·',
        Answer::Unknown(_) => '?',
    };
    [Access::Read, Access::Write].map(sign).into_iter().collect()
}

#[test]
fn selectors_record_what_the_table_says() {
    let text = fs::read_to_string("docs/coverage.md").unwrap();
    let mut rows = 0;
    for row in text.lines().filter(|line| line.starts_with("| `[{")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let selectors = selectors(cells[0].trim_matches('`'));
        let kms = || Sources::One("kms.amazonaws.com".to_owned());
        let found = [
            signs(&selectors, |access| EventClass::management("aws", Sources::General, access)),
            signs(&selectors, |access| EventClass::management("aws", kms(), access)),
            signs(&selectors, |access| EventClass::data("aws", "AWS::S3::Object", Arns::All, access)),
        ];
        assert_eq!(cells[1..], found, "{}", cells[0]);
        rows += 1;
    }
    assert_eq!(rows, 11);
}

#[test]
fn rules_that_pages_name_are_there_and_links_lead_somewhere() {
    let rules = load(&[]).policies;
    for (name, text) in pages() {
        let tables = text
            .split("| rule |")
            .skip(1)
            .flat_map(|table| table.lines().skip(2).take_while(|row| row.starts_with('|')));
        for row in tables {
            for rule in row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2) {
                assert!(rules.get(rule).is_some(), "{name}: {rule}");
            }
        }
        for link in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            let is_heading = |line: &str| {
                let slug = line.strip_prefix("## ").map(|title| title.to_lowercase().replace(' ', "-"));
                slug.as_deref() == link.strip_prefix('#') && slug.is_some()
            };
            let is_there = link.starts_with("https://docs.aws.amazon.com/")
                || text.lines().any(is_heading)
                || Path::new("docs").join(link).exists();
            assert!(is_there, "{name}: {link}");
        }
    }
    let readme = fs::read_to_string("README.md").unwrap();
    for (name, _) in pages() {
        assert!(readme.contains(&format!("](docs/{name})")), "the README does not lead to {name}");
    }
}
