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
        fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
        fs::write(folder.join(name), rest.split("```").next().unwrap()).unwrap();
    }
    // Of code, what is told of it names lines of the block as it stands there.
    for block in text.split("```hcl\n").skip(1).map(|rest| rest.split("```").next().unwrap()) {
        let name = block.lines().next().unwrap().strip_prefix("# ").unwrap();
        fs::write(folder.join(name), block).unwrap();
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

/// What a link to a heading says after its #.
fn slug(line: &str) -> String {
    let title = line.trim_start_matches('#').trim().to_lowercase();
    let kept = title.chars().filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_'));
    if line.starts_with("##") { kept.map(|sign| if sign == ' ' { '-' } else { sign }).collect() } else { String::new() }
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
            let (page, heading) = link.split_once('#').map_or((link, None), |(page, heading)| (page, Some(heading)));
            let page = if page.is_empty() { name.as_str() } else { page };
            let read = |heading: &str| {
                fs::read_to_string(Path::new("docs").join(page)).unwrap().lines().any(|line| slug(line) == heading)
            };
            let is_there = link.starts_with("https://docs.aws.amazon.com/")
                || Path::new("docs").join(page).exists() && heading.is_none_or(read);
            assert!(is_there, "{name}: {link}");
        }
    }
    let readme = fs::read_to_string("README.md").unwrap();
    for (name, _) in pages() {
        assert!(readme.contains(&format!("](docs/{name})")), "the README does not lead to {name}");
    }
}

/// The blocks of a page in one language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

#[test]
fn every_block_of_yaml_is_yaml_and_workflows_give_the_action_what_it_takes() {
    let action: Value = serde_yaml::from_str(&fs::read_to_string("action.yml").unwrap()).unwrap();
    let mut used = 0;
    for (name, text) in pages() {
        for block in blocks(&text, "yaml") {
            // CloudFormation's functions are tags, which JSON has none of.
            let plain = ["!Ref ", "!Sub ", "!GetAtt "].iter().fold(block.to_owned(), |text, tag| text.replace(tag, ""));
            let value: Value = serde_yaml::from_str(&plain).unwrap_or_else(|error| panic!("{name}: {error}\n{block}"));
            let jobs = value["jobs"].as_object().into_iter().flat_map(|jobs| jobs.values());
            let steps = jobs.flat_map(|job| job["steps"].as_array().unwrap().clone());
            let ours = steps.filter(|step| step["uses"].as_str().is_some_and(|uses| uses.starts_with("trailproof/")));
            for given in ours.map(|step| step["with"].clone()).chain([value["with"].clone()]) {
                for input in given.as_object().into_iter().flat_map(|given| given.keys()) {
                    assert!(action["inputs"].get(input).is_some(), "{name}: {input}");
                    used += 1;
                }
            }
        }
    }
    assert!(used > 5);
}

#[test]
fn options_and_variables_that_pages_use_are_those_of_the_binary() {
    let help = |command: &str| stdout(&trailproof().args([command, "--help"]).output().unwrap());
    let commands =
        ["scan", "check", "collect", "merge", "doctor", "plan", "permissions", "diff", "coverage", "explain"];
    let helps: Vec<(&str, String)> = commands.map(|command| (command, help(command))).into();
    let (mut options, mut variables) = (0, 0);
    for (name, text) in pages() {
        for language in ["sh", "yaml", "console", "groovy"] {
            for block in blocks(&text, language) {
                let joined = block.replace("\\\n", " ");
                for line in joined.lines() {
                    let item = line.trim_start().strip_prefix("- --").map(|option| ("scan", format!("--{option}")));
                    let called = helps.iter().filter_map(|(command, _)| {
                        let mut called = line.split("trailproof").skip(1);
                        let rest = called.find_map(|rest| {
                            rest.split_once(' ').filter(|(image, rest)| {
                                (image.is_empty() || image.starts_with(':')) && rest.starts_with(&format!("{command} "))
                            })
                        });
                        rest.map(|(_, rest)| (*command, rest.to_owned()))
                    });
                    for (command, rest) in called.chain(item) {
                        let help = &helps.iter().find(|(name, _)| *name == command).unwrap().1;
                        let said = rest.split([';', '|', '&']).next().unwrap();
                        for option in said.split_whitespace().filter(|word| word.starts_with("--")) {
                            let option = option.trim_end_matches('\'').split('=').next().unwrap();
                            assert!(
                                help.contains(&format!("{option} "))
                                    || help.contains(&format!("{option}["))
                                    || help.contains(&format!("{option}\n")),
                                "{name}: {command} {option}"
                            );
                            options += 1;
                        }
                    }
                }
            }
        }
        for rest in text.split("TRAILPROOF_").skip(1) {
            let variable: String = rest.chars().take_while(|sign| sign.is_ascii_uppercase() || *sign == '_').collect();
            let is_known = helps
                .iter()
                .any(|(_, help)| ['=', ']'].iter().any(|end| help.contains(&format!("TRAILPROOF_{variable}{end}"))));
            assert!(
                is_known || ["SHARDS", "WRITE_FAULTS", "REDACT_KEY", ""].contains(&&*variable),
                "{name}: TRAILPROOF_{variable}"
            );
            variables += 1;
        }
    }
    assert!(options > 40 && variables > 20, "{options} {variables}");
}
