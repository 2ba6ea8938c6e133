//! What each format says of a result that is waived, and of one that is new, unchanged or fixed.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::simulated::{BUCKET, MEMBER, TRAIL, code, stderr};
use super::{RULE, UNSIGNED, folder, put, report, result, run, world};
use trailproof::simulator::{Trail, TrailStatus};

const NEW: &str = "arn:aws:cloudtrail:eu-west-1:333333333333:trail/another";
const FORMATS: [&str; 11] =
    ["json", "jsonl", "csv", "junit", "github", "markdown", "html", "sarif", "sarif-full", "ocsf", "asff"];

/// The report of a snapshot in which one trail is waived, one is new, and one was mended since the report before; in every
/// format.
fn written() -> BTreeMap<&'static str, String> {
    let folder = folder();
    let mut before = world();
    before.trails[0].log_file_validation = false;
    put(folder.path(), "snapshot.json", before, "2026-11-20");
    report(folder.path(), &[]);
    fs::rename(folder.path().join("report.json"), folder.path().join("old.json")).unwrap();

    let mut now = world();
    let status = TrailStatus::logging(jiff::Timestamp::now());
    now.trails.push(Trail::new(MEMBER, "another", "eu-west-1", BUCKET).with_status(status));
    put(folder.path(), "snapshot.json", now, "2026-11-21");
    let waiver = format!(
        "waivers:\n  - {{ rule: {RULE}, arn: '{UNSIGNED}', reason: the vendor signs, owner: payments, ticket: SEC-1, \
         expires: 2026-12-31 }}\n"
    );
    fs::write(folder.path().join("trailproof.yaml"), waiver).unwrap();
    let outputs: Vec<String> = FORMATS.iter().map(|format| format!("--output={format}=out.{format}")).collect();
    let mut arguments =
        vec!["check", "snapshot.json", "--fail-on=info", "--known=old.json", "--output=oscal=out.oscal"];
    arguments.extend(outputs.iter().map(String::as_str));
    let output = run(folder.path(), &arguments);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let read = |format| (format, fs::read_to_string(folder.path().join(format!("out.{format}"))).unwrap());
    FORMATS.into_iter().chain(["oscal"]).map(read).collect()
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn each_format_says_what_is_waived_and_what_is_known() {
    let written = written();
    let report = json_of(&written["json"]);
    let of = |resource: &str| result(&report, RULE, resource);
    let print = |resource: &str| of(resource)["fingerprint"].as_str().unwrap();
    assert_eq!((&of(UNSIGNED)["outcome"], &of(UNSIGNED)["known"]), (&json!("waived"), &Value::Null));
    assert_eq!((&of(NEW)["outcome"], &of(NEW)["known"]), (&json!("fail"), &json!("new")));
    assert_eq!((&of(TRAIL)["outcome"], &of(TRAIL)["known"]), (&json!("pass"), &json!("fixed")));
    let unchanged = report["results"].as_array().unwrap().iter().find(|one| one["known"] == "unchanged").unwrap();
    for line in written["jsonl"].lines() {
        let line = json_of(line);
        assert!(report["results"].as_array().unwrap().contains(&line), "{line}");
    }

    let mut csv = csv::Reader::from_reader(written["csv"].as_bytes());
    let head = csv.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    let cells = |fingerprint: &str, columns: [&str; 4]| {
        let row = rows.iter().find(|row| row.iter().any(|cell| cell == fingerprint)).unwrap();
        columns.map(|column| row[head.iter().position(|name| name == column).unwrap()].to_owned())
    };
    let waived = cells(print(UNSIGNED), ["waived_outcome", "waiver_owner", "waiver_ticket", "waiver_expires"]);
    assert_eq!(waived, ["fail", "payments", "SEC-1", "2026-12-31"]);
    let states = [NEW, TRAIL].map(|arn| cells(print(arn), ["known", "outcome", "waived_outcome", "waiver_owner"]));
    assert_eq!(states, [["new", "fail", "", ""], ["fixed", "pass", "", ""]]);

    let junit = &written["junit"];
    assert!(
        junit
            .contains("<skipped message=\"fail beneath; waived until 2026-12-31 by payments (SEC-1): the vendor signs"),
        "{junit}"
    );

    // What stands in a property of a command has its commas escaped.
    let of_rule = |state: &str| format!("title={RULE} (info%2C {state})::");
    let commands = &written["github"];
    assert_eq!(commands.matches(&of_rule("new")).count(), 1, "{commands}");
    assert!(commands.contains("%2C unchanged)::"), "{commands}");
    assert_eq!(commands.matches(&format!("title={RULE} ")).count(), 1, "what is waived, or fixed, is no annotation");

    let markdown = &written["markdown"];
    assert!(markdown.contains("## Waived\n") && markdown.contains("SEC-1") && markdown.contains("the vendor signs"));
    assert!(markdown.contains("(new) |") && markdown.contains("(unchanged) |"), "{markdown}");
    let html = &written["html"];
    assert!(html.contains("id=\"waivers\"") && html.contains("SEC-1") && html.contains("the vendor signs"));
    assert!(html.contains("New findings alone close the gate") && html.contains(" 1 fixed"));

    let alert = |log: &Value, resource: &str| {
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        let of_rule = results.into_iter().filter(|one| one["ruleId"] == RULE);
        of_rule
            .filter(|one| one["partialFingerprints"]["primaryLocationLineHash"] == format!("{}:1", print(resource)))
            .collect::<Vec<_>>()
    };
    let github = json_of(&written["sarif"]);
    assert!(alert(&github, UNSIGNED).is_empty() && alert(&github, TRAIL).is_empty());
    assert_eq!(alert(&github, NEW).len(), 1, "GitHub would open an alert of what is suppressed, so it is not written");
    let full = json_of(&written["sarif-full"]);
    let suppressed = &alert(&full, UNSIGNED)[0];
    let suppression = &suppressed["suppressions"][0];
    assert_eq!((&suppressed["kind"], &suppression["status"]), (&json!("fail"), &json!("accepted")));
    assert_eq!((&suppression["kind"], &suppression["justification"]), (&json!("external"), &json!("the vendor signs")));
    let properties = &suppression["properties"];
    assert_eq!((&properties["owner"], &properties["expires"]), (&json!("payments"), &json!("2026-12-31")));
    assert_eq!(alert(&full, NEW)[0]["baselineState"], "new");
    assert_eq!(
        (&alert(&full, TRAIL)[0]["baselineState"], &alert(&full, TRAIL)[0]["kind"]),
        (&json!("updated"), &json!("pass"))
    );
    let all = full["runs"][0]["results"].as_array().unwrap();
    assert!(all.iter().all(|one| one["baselineState"].is_string()));
    let of_unchanged = all.iter().find(|one| {
        one["partialFingerprints"]["primaryLocationLineHash"]
            == format!("{}:1", unchanged["fingerprint"].as_str().unwrap())
    });
    assert_eq!(of_unchanged.unwrap()["baselineState"], "unchanged");
    assert_eq!(all.iter().filter(|one| one.get("suppressions").is_some()).count(), 1);

    let events = json_of(&written["ocsf"]);
    let event = events.as_array().unwrap().iter().find(|one| one["finding_info"]["uid"] == print(UNSIGNED)).unwrap();
    assert_eq!((&event["status_id"], &event["compliance"]["status_id"]), (&json!(3), &json!(3)));
    let findings = json_of(&written["asff"]);
    let is_it = |one: &&Value| one["Id"].as_str().unwrap().contains(print(UNSIGNED));
    let finding = findings.as_array().unwrap().iter().find(is_it).unwrap();
    assert_eq!(
        (&finding["Workflow"]["Status"], &finding["Compliance"]["Status"]),
        (&json!("SUPPRESSED"), &json!("FAILED"))
    );
    // Both say by whom and until when.
    for said in [event.to_string(), finding.to_string()] {
        assert!(said.contains("payments") && said.contains("2026-12-31"), "{said}");
    }
    let oscal = json_of(&written["oscal"]);
    let results = &oscal["assessment-results"]["results"][0];
    let of_rule =
        results["findings"].as_array().unwrap().iter().find(|one| one["target"]["target-id"] == RULE).unwrap();
    assert_eq!(of_rule["target"]["status"]["state"], "not-satisfied");
    assert!(results["observations"].to_string().contains("SEC-1"));
}

/// How things stood in earlier reports: in the order of time, once for each snapshot, and of no other organization.
#[test]
fn a_trend_is_told_in_html_and_markdown() {
    let folder = folder();
    let mut reports = Vec::new();
    for (day, is_signed) in [("2026-11-10", false), ("2026-11-15", true)] {
        let mut then = world();
        then.trails[0].log_file_validation = is_signed;
        put(folder.path(), "snapshot.json", then, day);
        let arguments: &[&str] = if is_signed { &[] } else { &["--disable", "trail-tagged"] };
        reports.push(report(folder.path(), arguments));
        fs::rename(folder.path().join("report.json"), folder.path().join(format!("{day}.json"))).unwrap();
    }
    put(folder.path(), "snapshot.json", super::with_closed_door(world()), "2026-11-20");
    let trend = ["--trend=2026-11-15.json", "--trend=2026-11-10.json", "--trend=2026-11-15.json"];
    let now = report(folder.path(), &[&trend[..], &["--output=html=r.html", "--output=markdown=r.md"]].concat());
    reports.push(now);

    let markdown = fs::read_to_string(folder.path().join("r.md")).unwrap();
    let section = markdown.split("## Trend\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows: Vec<&str> = section.lines().filter(|line| line.starts_with("| 2026")).collect();
    assert_eq!(rows.len(), 3, "{section}");
    for (row, report) in rows.iter().rev().zip(&reports) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let findings = &report["summary"]["findings"];
        let counts = ["critical", "high", "medium", "low", "info"].map(|severity| findings[severity].to_string());
        let accounts = &report["summary"]["accounts"];
        assert!(cells[0].starts_with(&report["snapshot"]["taken_at"].as_str().unwrap()[..10]), "{row}");
        assert_eq!(cells[1..6], counts);
        assert_eq!(cells[6], report["summary"]["outcomes"]["unknown"].to_string());
        assert_eq!(cells[7], format!("{} of {}", accounts["observed"], accounts["total"]));
    }
    let html = fs::read_to_string(folder.path().join("r.html")).unwrap();
    let section = html.split("<section id=\"trend\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert_eq!(section.matches("<svg class=\"trend\"").count(), 2);
    assert_eq!(section.matches("class=\"bar seen\"").count(), 3);
    assert!(section.contains("<desc") && section.contains("From 10 November 2026 to 20 November 2026: "), "{section}");
    // Without earlier reports there is no section, and no link to one.
    let output = run(folder.path(), &["check", "snapshot.json", "--output", "html"]);
    assert!(!super::simulated::stdout(&output).contains("#trend\""));

    let edited = fs::read_to_string(folder.path().join("2026-11-10.json")).unwrap().replacen(
        "\"outcome\": \"fail\"",
        "\"outcome\": \"pass\"",
        1,
    );
    fs::write(folder.path().join("edited.json"), edited).unwrap();
    let other = fs::read_to_string(folder.path().join("2026-11-10.json")).unwrap();
    fs::write(folder.path().join("other.json"), other.replace("o-exampleorg", "o-other")).unwrap();
    for (file, message) in [("edited.json", "was edited"), ("other.json", ""), ("gone.json", "gone.json")] {
        let output = run(folder.path(), &["check", "snapshot.json", "--trend", file, "--output=html=never.html"]);
        assert!(code(&output) == 2 && stderr(&output).contains(message), "{file}: {}", stderr(&output));
        assert!(!folder.path().join("never.html").exists());
    }
}
