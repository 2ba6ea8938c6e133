//! The formats of a report: well-formed, complete, and the same with names that were made to break them.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

mod outputs {
    mod sarif;
}
#[path = "support/simulated.rs"]
mod simulated;

use std::io::Write;
use std::sync::LazyLock;

use quick_xml::events::Event;
use serde_json::Value;
use simulated::{BUCKET, MEMBER, good_world, read};
use trailproof::anchor::Anchors;
use trailproof::emit::{
    Incomplete, write_asff, write_csv, write_full_sarif, write_github, write_html, write_json, write_json_lines,
    write_junit, write_markdown, write_ocsf, write_oscal, write_sarif,
};
use trailproof::evaluate::{Judgement, Outcome, Question, Report, evaluate};
use trailproof::policy::{Severity, load};
use trailproof::simulator::{Account, Simulator, Trail, TrailStatus};
use trailproof::snapshot::Snapshot;

/// What breaks tables, documents, scripts, terminals and readers.
const HOSTILE: [&str; 7] = [
    "=cmd|' /C calc'!A0",
    "\"a\",'b'",
    "\u{202e}gnp.exe\u{2066}",
    "</script><img src=x onerror=alert(1)>",
    "line\r\n::error::two",
    "| a | b |\u{0}\u{1b}[31m",
    "]]> & <!-- --",
];

fn report(snapshot: &Snapshot) -> Report {
    let policies = load(&[]).policies;
    let question = Question {
        policies: &policies,
        packs: vec!["recommended".into(), "cis-aws-foundations-5.0".into()],
        settings: &[],
        fail_on: Some(Severity::Medium),
        allow_incomplete: false,
    };
    evaluate(snapshot, "0".repeat(64), &question)
}

/// A member with a bad trail, another that lets nobody in, and all with a name of our choice.
fn named(name: &str) -> Report {
    static READ: LazyLock<Snapshot> = LazyLock::new(|| {
        let mut world = good_world();
        let status = TrailStatus::logging(jiff::Timestamp::now());
        world.trails.push(Trail::new(MEMBER, "unsigned", "eu-west-1", BUCKET).with_status(status));
        world.accounts.push(Account::new("444444444444", "closed-door"));
        read(&Simulator::new(world))
    });
    let mut snapshot = READ.clone();
    for account in &mut snapshot.accounts {
        account.name = Some(name.to_owned());
    }
    for gap in &mut snapshot.gaps {
        gap.message = name.to_owned();
    }
    report(&snapshot)
}

/// A report with so many failures.
fn with_failures(count: usize) -> Report {
    let mut report = named("plain");
    let failure = report.judgements.iter().find(|judgement| judgement.outcome == Outcome::Fail).unwrap().clone();
    let at = report.judgements.iter().position(|judgement| *judgement == failure).unwrap();
    report.judgements.retain(|judgement| judgement.outcome != Outcome::Fail);
    let at = at.min(report.judgements.iter().take_while(|other| other.policy <= failure.policy).count());
    let numbered = (0..count).map(|number| Judgement {
        resource: Some(format!("{}-{number}", failure.resource.as_deref().unwrap()).into()),
        fingerprint: format!("{number:016x}").parse().unwrap(),
        ..failure.clone()
    });
    report.judgements.splice(at..at, numbered);
    report
}

fn written(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// A report of nothing.
fn empty() -> Report {
    let mut report = named("plain");
    report.judgements.clear();
    report.frameworks.clear();
    report
}

/// All reports, by names for their files.
fn reports() -> &'static [(String, Report)] {
    static REPORTS: LazyLock<Vec<(String, Report)>> = LazyLock::new(|| {
        let long = "x".repeat(10_000);
        let names = HOSTILE.iter().map(|name| (*name).to_owned()).chain([long]).enumerate();
        let hostile = names.map(|(number, name)| (format!("hostile-{number}"), named(&name)));
        let counted = [0, 1, 25_001].map(|count| (format!("failures-{count}"), with_failures(count)));
        hostile.chain(counted).chain([("nothing".to_owned(), empty())]).collect()
    });
    &REPORTS
}

fn hostile() -> impl Iterator<Item = &'static Report> {
    reports().iter().filter(|(name, _)| name.starts_with("hostile")).map(|(_, report)| report)
}

fn all() -> impl Iterator<Item = &'static Report> {
    reports().iter().map(|(_, report)| report)
}

#[test]
fn every_row_of_csv_is_a_result_and_no_cell_a_formula() {
    for report in all() {
        let text = written(|writer| write_csv(report, writer));
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), report.judgements.len());
        for (row, judgement) in rows.iter().zip(&report.judgements) {
            assert_eq!(&row[0], judgement.policy.as_str());
            assert_eq!(&row[2], judgement.outcome.as_str());
            assert_eq!(&row[4], judgement.account.map(|id| id.to_string()).unwrap_or_default());
            assert_eq!(&row[12], judgement.fingerprint.to_string());
            assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])), "{row:?}");
        }
    }
}

#[test]
fn every_line_of_json_lines_is_a_result_of_the_report() {
    for report in all() {
        let whole: Value = serde_json::from_str(&written(|writer| write_json(report, writer))).unwrap();
        let text = written(|writer| write_json_lines(report, writer));
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(Value::Array(lines), whole["results"]);
    }
}

#[test]
fn junit_counts_what_it_holds() {
    for report in all() {
        let text = written(|writer| write_junit(report, writer));
        let mut reader = quick_xml::Reader::from_str(&text);
        let (mut cases, mut failures, mut errors, mut skipped) = (0, 0, 0, 0);
        let mut told = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Start(element) | Event::Empty(element) => {
                    for attribute in element.attributes() {
                        attribute.unwrap().unescape_value().unwrap();
                    }
                    match element.name().as_ref() {
                        b"testsuites" => {
                            for name in ["tests", "failures", "errors"] {
                                let value = element.try_get_attribute(name).unwrap().unwrap();
                                told.push(value.unescape_value().unwrap().parse::<usize>().unwrap());
                            }
                        }
                        b"testcase" => cases += 1,
                        b"failure" => failures += 1,
                        b"error" => errors += 1,
                        b"skipped" => skipped += 1,
                        _ => {}
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let count = |outcome: &str| report.judgements.iter().filter(|one| one.outcome.as_str() == outcome).count();
        assert_eq!(told, [report.judgements.len(), count("fail"), count("unknown")]);
        assert_eq!([cases, failures, errors], *told);
        assert_eq!(skipped, count("not-applicable"));
        assert!(!text.contains(['\u{0}', '\u{1b}']), "characters that XML cannot hold");
    }
}

#[test]
fn a_command_of_github_is_a_line_and_the_worst_come_first() {
    for report in all() {
        let text = written(|writer| write_github(report, &Anchors::default(), writer));
        let failures = report.judgements.iter().filter(|judgement| judgement.outcome == Outcome::Fail).count();
        let commands: Vec<&str> = text.lines().collect();
        let unknown = report.judgements.iter().any(|one| matches!(one.outcome, Outcome::Unknown { .. }));
        let expected = failures + usize::from(unknown);
        assert_eq!(commands.len(), expected, "a command for each failure, and one for what is not known");
        let kinds = ["::error file=", "::warning file=", "::notice file=", "::warning title="];
        let order: Vec<usize> =
            commands.iter().map(|line| kinds.iter().position(|kind| line.starts_with(kind)).unwrap()).collect();
        assert!(order.is_sorted(), "{order:?}");
        assert!(!text.contains('\r'));
    }
}

#[test]
fn a_row_of_markdown_stays_a_row() {
    for report in hostile() {
        let text = written(|writer| write_markdown(report, writer));
        assert!(!text.replace("\\<", "").contains('<'), "no tag begins anywhere: {text}");
        assert!(!text.contains(['\u{202e}', '\u{1b}', '\r', '\u{0}']), "{text}");
        for table in text.split("\n\n").filter(|block| block.starts_with("| ")) {
            let cells = |row: &str| row.replace("\\|", "").matches('|').count();
            let mut rows = table.lines();
            let width = cells(rows.next().unwrap());
            assert!(rows.all(|row| cells(row) == width), "{table}");
        }
        let failures = report.judgements.iter().filter(|judgement| judgement.outcome == Outcome::Fail).count();
        let findings = text.split("## Findings").nth(1).unwrap().split("\n## ").next().unwrap();
        assert_eq!(findings.lines().filter(|line| line.starts_with("| ")).count(), failures + 1);
        assert!(
            text.contains("## Not known") && text.contains("## Not observed") && text.contains("\n| 3.1 |"),
            "{text}"
        );
    }
}

/// GitHub shows no summary of more than a mebibyte.
#[test]
fn a_summary_of_many_findings_is_one_that_github_shows() {
    let text = written(|writer| write_markdown(&with_failures(25_001), writer));
    assert!(text.len() < 1 << 20, "{}", text.len());
    assert!(text.contains("and 24951 more; the report as JSON lists all"), "{text}");
}

/// What a page of HTML holds stays text: it has one script, which the policy of the page names, and no other element of
/// the report's making.
#[test]
fn nothing_of_a_report_becomes_a_part_of_the_page() {
    for report in hostile() {
        let text = written(|writer| write_html(report, writer));
        assert_eq!(text.matches("<script>").count(), 1);
        assert_eq!(text.matches("</script").count(), 1);
        assert!(!text.contains("<img") && !text.contains(" onerror=alert(1)>"), "an element came in with a name");
        assert!(!text.contains(['\u{202e}', '\u{2066}', '\u{1b}', '\r', '\u{0}']));
        let loads = ["src=\"", "url(", "@import", "fetch(", "XMLHttpRequest", "<link rel=\"stylesheet"];
        assert!(loads.iter().all(|what| !text.contains(what)), "the page would load something");
        assert!(text.contains("default-src 'none'"));
    }
}

#[test]
fn every_failure_is_on_the_page_and_what_passes_is_counted() {
    let report = &named("plain");
    let text = written(|writer| write_html(report, writer));
    for judgement in report.judgements.iter().filter(|judgement| judgement.outcome == Outcome::Fail) {
        assert!(text.contains(judgement.policy.as_str()));
        assert!(text.contains(&judgement.account.unwrap().to_string()));
    }
    let passes = report.judgements.iter().filter(|judgement| judgement.outcome == Outcome::Pass).count();
    assert!(passes > 20 && text.contains(&format!("{passes} pass")));
    let unobserved = report.accounts.iter().filter(|account| account.active && !account.observed).count();
    let active = report.accounts.iter().filter(|account| account.active).count();
    assert!(text.contains(&format!("{} of {active} accounts observed in full", active - unobserved)));
    assert!(text.contains("role-missing") && text.contains(&report.snapshot.sha256) && text.contains("user/"));
}

/// A browser still turns the page.
#[test]
fn a_page_of_many_findings_counts_those_that_it_leaves_out() {
    let text = written(|writer| write_html(&with_failures(25_001), writer));
    assert!(text.len() < 4 << 20, "{}", text.len());
    assert!(text.contains("25,001 findings") && text.contains("and 24,501 more"));
}

#[test]
fn every_result_is_an_event_of_ocsf_and_a_finding_of_asff() {
    for report in all() {
        let events: Vec<Value> = serde_json::from_str(&written(|writer| write_ocsf(report, writer))).unwrap();
        let findings: Vec<Value> = serde_json::from_str(&written(|writer| write_asff(report, writer))).unwrap();
        assert_eq!([events.len(), findings.len()], [report.judgements.len(); 2]);
        for ((event, finding), judgement) in events.iter().zip(&findings).zip(&report.judgements) {
            let (status, compliance) = match judgement.outcome {
                Outcome::Pass => (1, "PASSED"),
                Outcome::Fail => (3, "FAILED"),
                Outcome::Unknown { .. } => (0, "WARNING"),
                Outcome::NotApplicable { .. } => (99, "NOT_AVAILABLE"),
                Outcome::Waived { .. } => panic!("nothing is waived here"),
            };
            assert_eq!(event["compliance"]["status_id"], status);
            assert_eq!(event["finding_info"]["uid"], judgement.fingerprint.to_string());
            assert_eq!(finding["Compliance"]["Status"], compliance);
            assert!(finding["Title"].as_str().unwrap().chars().count() <= 256);
            assert!(finding["Description"].as_str().unwrap().chars().count() <= 1024);
        }
    }
}

#[test]
fn assessment_results_hold_what_is_known_and_say_what_is_not() {
    for report in all() {
        let whole: Value = serde_json::from_str(&written(|writer| write_oscal(report, writer))).unwrap();
        let result = &whole["assessment-results"]["results"][0];
        let observations = result["observations"].as_array().map_or(0, Vec::len);
        assert_eq!(observations, report.judgements.len());
        let empty = Vec::new();
        let findings = result["findings"].as_array().unwrap_or(&empty);
        for rule in &report.policies {
            let of_rule = || report.judgements.iter().filter(|judgement| judgement.policy == rule.policy.id);
            let Some(finding) = findings.iter().find(|one| one["target"]["target-id"] == rule.policy.id.as_str())
            else {
                assert_eq!(of_rule().count(), 0);
                continue;
            };
            let open = of_rule().any(|one| matches!(one.outcome, Outcome::Fail | Outcome::Unknown { .. }));
            let state = if open { "not-satisfied" } else { "satisfied" };
            assert_eq!(finding["target"]["status"]["state"], state, "{}", rule.policy.id);
            assert_eq!(finding["related-observations"].as_array().unwrap().len(), of_rule().count());
        }
    }
}

/// Every format, of every report of these tests, for the validators of `.ci/format-check` and `.ci/browser-check`: where
/// `TRAILPROOF_WRITE_OUTPUTS` says.
#[test]
fn what_the_validators_look_at_is_written_whole() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("TRAILPROOF_WRITE_OUTPUTS").map_or(scratch.path().to_owned(), Into::into);
    let root = Anchors::default();
    for (name, report) in reports() {
        let formats: [(&str, String); 7] = [
            ("html", written(|writer| write_html(report, writer))),
            ("junit.xml", written(|writer| write_junit(report, writer))),
            ("ocsf.json", written(|writer| write_ocsf(report, writer))),
            ("asff.json", written(|writer| write_asff(report, writer))),
            ("oscal.json", written(|writer| write_oscal(report, writer))),
            ("sarif", written(|writer| write_sarif(report, &root, Incomplete::Accept, writer))),
            ("full.sarif", written(|writer| write_full_sarif(report, &root, writer))),
        ];
        for (format, text) in formats {
            assert!(text.ends_with('\n') && !text.contains('\u{0}'), "{name}.{format}");
            std::fs::write(folder.join(format!("{name}.{format}")), text).unwrap();
        }
    }
}
