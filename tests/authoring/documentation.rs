//! The documentation is what the rules, packs and facts say; `trailproof policy docs` writes it anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::simulated::{code, stdout, trailproof};
use trailproof::emit::documentation;
use trailproof::policy::load;

/// The generated pages that there are in a folder of documentation, by path.
fn pages(docs: &Path) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for folder in ["rules", "packs"] {
        for entry in fs::read_dir(docs.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            pages.insert(format!("{folder}/{name}"), fs::read_to_string(path).unwrap());
        }
    }
    pages.insert("facts.md".to_owned(), fs::read_to_string(docs.join("facts.md")).unwrap());
    pages
}

#[test]
fn the_pages_are_fresh() {
    let expected = documentation(&load(&[]).policies);
    let found = pages(Path::new("docs"));
    let names = |pages: &BTreeMap<String, String>| pages.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&expected), "run `cargo run -- policy docs`");
    let stale: Vec<&String> =
        expected.iter().filter(|(path, text)| found.get(*path) != Some(text)).map(|(path, _)| path).collect();
    assert_eq!(stale, Vec::<&String>::new(), "run `cargo run -- policy docs`");
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let mut followed = 0;
    for (path, text) in pages(Path::new("docs")) {
        let folder = Path::new("docs").join(&path).parent().unwrap().to_owned();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if !target.starts_with("https://") {
                assert!(folder.join(target).is_file(), "{path}: {target}");
                followed += 1;
            }
        }
    }
    assert!(followed > 200, "{followed}");
}

#[test]
fn the_command_writes_what_is_not_there_and_removes_what_is_gone() {
    let root = tempfile::tempdir().unwrap();
    let docs = root.path().join("docs");
    fs::create_dir_all(docs.join("rules")).unwrap();
    fs::create_dir_all(root.path().join("policies")).unwrap();
    fs::write(docs.join("rules/no-longer.md"), "old").unwrap();
    fs::write(docs.join("rules/log-file-validation.md"), "old").unwrap();
    fs::write(root.path().join("policies/a-rule.yaml"), "id: a-rule\n").unwrap();
    let table = "| rule | judges | severity |\n|---|---|---|\n";
    fs::write(root.path().join("README.md"), format!("before\n\n{table}| old | x | y |\n\nafter\n")).unwrap();
    let run =
        || assert_eq!(code(&trailproof().args(["policy", "docs", "--out"]).arg(root.path()).output().unwrap()), 0);
    run();
    assert_eq!(pages(&docs), documentation(&load(&[]).policies));
    let read = |name: &str| fs::read_to_string(root.path().join(name)).unwrap();
    assert!(
        read("policies/a-rule.yaml").starts_with("# yaml-language-server: $schema=../schemas/rule.json\nid: a-rule")
    );
    let readme = read("README.md");
    assert!(readme.starts_with(&format!("before\n\n{table}| [`")) && readme.ends_with("|\n\nafter\n"), "{readme}");
    assert!(!readme.contains("| old |"));
    run();
    assert_eq!(read("README.md"), readme);
}

/// Where GitHub shows a page, it is the page of the repository that the package names.
#[test]
fn findings_lead_to_the_page_of_their_rule() {
    let folder = tempfile::tempdir().unwrap();
    trailproof().args(["demo", "--out"]).arg(folder.path()).output().unwrap();
    let sarif = fs::read(folder.path().join("findings.sarif")).unwrap();
    let sarif: Value = serde_json::from_slice(&sarif).unwrap();
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(rules.len() > 20);
    for rule in rules {
        let address = rule["helpUri"].as_str().unwrap();
        let page = address.strip_prefix(env!("CARGO_PKG_REPOSITORY")).unwrap();
        let page = page.strip_prefix("/blob/main/").unwrap();
        assert!(Path::new(page).is_file() && page.contains(rule["id"].as_str().unwrap()), "{page}");
        assert!(rule["help"]["markdown"].as_str().unwrap().contains(address));
    }
}

#[test]
fn the_rules_of_a_user_have_no_page_here() {
    let folder = tempfile::tempdir().unwrap();
    let new = trailproof().args(["policy", "new", "own-rule", "--out"]).arg(folder.path()).output().unwrap();
    assert_eq!(code(&new), 0);
    let mut listing = trailproof();
    listing.args(["policy", "list", "--output", "json", "--policies"]).arg(folder.path());
    let list: Value = serde_json::from_str(&stdout(&listing.output().unwrap())).unwrap();
    let rule = list["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == "own-rule").unwrap();
    assert!(rule["help"].is_null() && rule["own"] == true);
}
