//! The configuration: where it is found, what counts before it, baselines of accounts, and what `explain` says of them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::simulated::{ARCHIVE, MANAGEMENT, MEMBER, ROLE, code, serve, stderr, stdout, trailproof};
use super::{RULE, UNSIGNED, folder, report, result, run, world};
use trailproof::simulator::Simulator;

fn configured(text: &str) -> tempfile::TempDir {
    let folder = folder();
    fs::write(folder.path().join("trailproof.yaml"), text).unwrap();
    folder
}

/// The gate of a run whose report goes to stdout.
fn gate(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Value {
    let mut command = trailproof();
    command.current_dir(folder).envs(variables.iter().copied()).args(["check", "snapshot.json", "--output", "json"]);
    let output = command.args(arguments).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(&output)));
    report["summary"]["gate"]["fail_on"].clone()
}

#[test]
fn by_hand_counts_before_the_environment_before_the_file_before_the_default() {
    let folder = folder();
    let variable = [("TRAILPROOF_FAIL_ON", "low")];
    assert_eq!(gate(folder.path(), &[], &[]), "medium");
    fs::write(folder.path().join("trailproof.yaml"), "gate: { fail_on: high }\n").unwrap();
    assert_eq!(gate(folder.path(), &[], &[]), "high");
    assert_eq!(gate(folder.path(), &variable, &[]), "low");
    assert_eq!(gate(folder.path(), &variable, &["--fail-on", "critical"]), "critical");
}

#[test]
fn the_nearest_file_above_counts_and_what_it_names_is_found_from_it() {
    let folder = folder();
    report(folder.path(), &[]);
    fs::rename(folder.path().join("report.json"), folder.path().join("old.json")).unwrap();
    let text = "gate: { fail_on: high, known: old.json }\noutputs: [json=out.json]\n";
    fs::write(folder.path().join("trailproof.yaml"), text).unwrap();
    let beneath = folder.path().join("a/b");
    fs::create_dir_all(&beneath).unwrap();
    let output = run(&beneath, &["check", "../../snapshot.json"]);
    assert!(stderr(&output).contains("the rules are set as ../../trailproof.yaml says"), "{}", stderr(&output));
    assert_eq!((code(&output), stdout(&output)), (0, String::new()));
    let written: Value = serde_json::from_slice(&fs::read(folder.path().join("out.json")).unwrap()).unwrap();
    assert_eq!(written["summary"]["gate"]["fail_on"], "high");
    assert_eq!(result(&written, RULE, UNSIGNED)["known"], "unchanged");
    fs::write(beneath.join("trailproof.yaml"), "outputs: [yaml, text, text]\n").unwrap();
    let output = run(&beneath, &["check", "../../snapshot.json"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("trailproof.yaml:1: output `yaml`: the formats are text, json"),
        "{}",
        stderr(&output)
    );
}

/// What `init` writes loads, and so does all that it shows as a comment.
#[test]
fn init_writes_a_file_that_loads_and_replaces_none() {
    let folder = folder();
    assert_eq!(code(&run(folder.path(), &["init"])), 0);
    report(folder.path(), &[]);
    let path = folder.path().join("trailproof.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let shown = |line: &str| match line.strip_prefix('#') {
        Some(rest) if !rest.starts_with(' ') || rest.starts_with("  ") => rest.to_owned(),
        _ => line.to_owned(),
    };
    let whole: Vec<String> = text.lines().map(shown).collect();
    let whole = whole.join("\n").replace("#  ", "  ").replace("known: last-report.json", "waiver_reminder_days: 7");
    let whole = whole.replacen("  waiver_reminder_days: 14\n", "", 1);
    fs::write(&path, &whole).unwrap();
    let all = report(folder.path(), &[]);
    assert_eq!(all["waivers"].as_array().unwrap().len(), 2, "{whole}");
    assert_eq!(all["baselines"].as_array().unwrap().len(), 2);
    let again = run(folder.path(), &["init"]);
    assert!(code(&again) == 2 && stderr(&again).contains("trailproof.yaml is there already"), "{}", stderr(&again));
    assert_eq!(fs::read_to_string(&path).unwrap(), whole);
}

/// The organization is entered as the file says; what it must not print, it does not.
#[test]
fn the_organization_is_scanned_as_the_file_says() {
    let served = serve(Simulator::new(world()));
    let folder = tempfile::tempdir().unwrap();
    let scan = |text: &str| {
        fs::write(folder.path().join("trailproof.yaml"), text).unwrap();
        let mut command = served.trailproof();
        let arguments = ["scan", "--fail-on", "none", "--allow-incomplete", "--snapshot", "snapshot.json"];
        command.current_dir(folder.path()).args(arguments).output().unwrap()
    };
    let text = format!(
        "organization:\n  role_name: {ROLE}\n  external_id: 1234-secret\n  exclude_accounts: ['{ARCHIVE}']\n  \
         regions: [us-east-1, eu-west-1]\n"
    );
    let output = scan(&text);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let snapshot = fs::read_to_string(folder.path().join("snapshot.json")).unwrap();
    assert!(!snapshot.contains("1234-secret") && !stdout(&output).contains("1234-secret"));
    let snapshot: Value = serde_json::from_str(&snapshot).unwrap();
    let ids: Vec<&Value> = snapshot["accounts"].as_array().unwrap().iter().map(|account| &account["id"]).collect();
    assert_eq!(ids, [MANAGEMENT, MEMBER]);
    assert_eq!(snapshot["selection"]["regions"], json!(["us-east-1", "eu-west-1"]));
    // A mistake beside it shows the line without it.
    let output = scan("organization: { role_nam: audit, external_id: 1234-secret }\n");
    let told = stderr(&output);
    assert!(code(&output) == 2 && told.contains("did you mean `role_name`?"), "{told}");
    assert!(!told.contains("1234") && told.contains("external_id*****"), "{told}");
}

/// By hand before the environment, and what is on or off is `true` or `false` there.
#[test]
fn the_environment_counts_before_the_file_and_after_what_is_given_by_hand() {
    let folder = configured(&format!(
        "gate: {{ fail_on: none }}\nwaivers:\n  - {{ rule: {RULE}, arn: '{UNSIGNED}', reason: r, owner: o, ticket: t, expires: 2099-01-01 }}\n"
    ));
    let judged = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = trailproof();
        command.current_dir(folder.path()).args(["check", "snapshot.json", "--output", "json=r.json"]).args(arguments);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        let report = fs::read(folder.path().join("r.json")).ok().and_then(|text| serde_json::from_slice(&text).ok());
        (code(&output), stderr(&output), report.unwrap_or(Value::Null))
    };
    let state = |report: &Value| report["waivers"][0]["state"].clone();
    assert_eq!(state(&judged(&[], &[]).2), "active");
    assert_eq!(state(&judged(&[("TRAILPROOF_NO_WAIVERS", "true")], &[]).2), "ignored");
    assert_eq!(state(&judged(&[("TRAILPROOF_NO_WAIVERS", "false")], &[]).2), "active");
    assert_eq!(state(&judged(&[("TRAILPROOF_NO_WAIVERS", "false")], &["--no-waivers"]).2), "ignored");
    let (ended, told, _) = judged(&[("TRAILPROOF_NO_WAIVERS", "perhaps")], &[]);
    assert!(ended == 2 && told.contains("--no-waivers") && told.contains("perhaps"), "{told}");
    assert_eq!(judged(&[], &[]).0, 0);
    assert_eq!(judged(&[("TRAILPROOF_FAIL_ON", "info")], &[]).0, 1);
    assert_eq!(judged(&[("TRAILPROOF_FAIL_ON", "info")], &["--fail-on", "none"]).0, 0);
    let of_rule = |report: &Value| report["results"].as_array().unwrap().iter().any(|one| one["policy"] == RULE);
    assert!(!of_rule(&judged(&[("TRAILPROOF_DISABLE", &format!("{RULE},insights-enabled"))], &[]).2));
    let (ended, told, _) = judged(&[("TRAILPROOF_SARIF_INCOMPLETE", "carry")], &[]);
    assert!(ended == 2 && told.contains("--sarif-carry-from"), "{told}");
}

const BASELINES: &str = "
packs: [recommended]
rules: { log-bucket-retention: { parameters: { retention_days: 30 } } }
baselines:
  - name: archive
    match: { names: [{ glob: 'log-*' }], ous: [/] }
    rules: { log-bucket-retention: { parameters: { retention_days: 5000 } } }
    gate: { fail_on: info }
  - name: everybody else
    match: { ous: [/] }
    packs: [fsbp]
    gate: { fail_on: none }
  - name: never
    match: { accounts: ['333333333333'] }
    gate: { fail_on: low }
";

/// The first that matches counts: each account is judged by its own packs, parameters and gate, once.
#[test]
fn accounts_are_held_to_the_first_baseline_that_matches() {
    let folder = configured(BASELINES);
    let output = run(folder.path(), &["check", "snapshot.json", "--output", "json=report.json"]);
    let report: Value = serde_json::from_slice(&fs::read(folder.path().join("report.json")).unwrap()).unwrap();
    let retention = result(&report, "log-bucket-retention", "arn:aws:s3:::example-trail-logs");
    assert_eq!((&retention["baseline"], &retention["parameters"]["retention_days"]), (&json!("archive"), &json!(5000)));
    assert_eq!(retention["outcome"], "fail");
    let results = report["results"].as_array().unwrap();
    let of = |id: &str| results.iter().filter(|one| one["account"] == id).collect::<Vec<_>>();
    assert!(of(MEMBER).iter().all(|one| one["baseline"] == "everybody else" && one["packs"] == json!(["fsbp"])));
    assert!(of(ARCHIVE).iter().all(|one| one["packs"] == json!(["recommended"])));
    let keys: Vec<(&str, &str)> =
        results.iter().map(|one| (one["policy"].as_str().unwrap(), one["resource"].as_str().unwrap_or(""))).collect();
    assert!(keys.is_sorted() && !of(MEMBER).is_empty() && !of(ARCHIVE).is_empty());
    assert_eq!(
        report["baselines"][0],
        json!({ "name": "archive", "file": "trailproof.yaml", "line": 5,
        "packs": ["recommended"], "fail_on": "info", "accounts": [ARCHIVE], "open": [] })
    );
    assert_eq!(report["baselines"][2]["accounts"], json!([]));
    assert_eq!(code(&output), 1);
    // The archive's own failure closes the gate, the member's do not.
    let fixed =
        BASELINES.replace("retention_days: 5000", "retention_days: 300").replace("fail_on: info", "fail_on: high");
    fs::write(folder.path().join("trailproof.yaml"), fixed).unwrap();
    let output = run(folder.path(), &["check", "snapshot.json", "--disable", "log-bucket-policy-path"]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    assert!(
        stdout(&output)
            .contains("held to baselines: archive (1 account), everybody else (2 accounts), never (0 accounts)\n")
    );
    // What is given by hand counts for all.
    let by_hand = run(folder.path(), &["check", "snapshot.json", "--fail-on", "info", "--pack", "recommended"]);
    assert_eq!(code(&by_hand), 1);
}

/// A control is not passed where a baseline leaves out one of its rules for some accounts.
#[test]
fn a_rule_that_a_baseline_leaves_out_is_not_covered() {
    let text = "packs: [cis-aws-foundations-5.0]\nbaselines:\n  - { name: some, match: { ous: [/] }, rules: { log-file-validation: { disabled: true } } }\n";
    let folder = configured(text);
    let report = report(folder.path(), &[]);
    let controls = report["frameworks"][0]["controls"].as_array().unwrap();
    let validation = controls.iter().find(|control| control["id"] == "3.2").unwrap();
    assert_eq!(validation["status"], "not-covered");
}

#[test]
fn explain_says_what_holds_and_what_made_it_so() {
    let folder = configured(BASELINES);
    let waivers = format!(
        "waivers: [{{ rule: {RULE}, account: '{ARCHIVE}', reason: r, owner: o, ticket: t, expires: 2099-01-01 }}]\n"
    );
    fs::write(folder.path().join("waivers.yaml"), waivers).unwrap();
    let explained = |arguments: &[&str]| {
        let output = run(folder.path(), &[&["explain"], arguments].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        stdout(&output)
    };
    let text = explained(&[
        "log-archive",
        "--snapshot",
        "snapshot.json",
        "--waivers",
        "waivers.yaml",
        "--severity",
        "log-file-validation=low",
    ]);
    for line in [
        "log-archive 222222222222 · OU /\n",
        "baseline  archive, the first that matches: OU /, name log-* (trailproof.yaml:5)\n",
        "packs     recommended (the configuration)\n",
        "gate      info (the baseline)\n",
        "  log-bucket-retention  retention_days = 5000 (baseline archive)\n",
        "  log-file-validation  low instead of medium (by hand)\n",
        "waivers   log-file-validation of account 222222222222 until 2099-01-01: may cover results (waivers.yaml:1)\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let json: Value = serde_json::from_str(&explained(&[
        "log-archive",
        "--snapshot=snapshot.json",
        "--waivers=waivers.yaml",
        "--severity=log-file-validation=low",
        "--disable=insights-enabled",
        "--output=json",
    ]))
    .unwrap();
    assert_eq!(json["baseline"]["name"], "archive");
    assert_eq!(
        (&json["account"]["id"], &json["fail_on"]),
        (&json!(ARCHIVE), &json!({ "value": "info", "by": "the baseline" }))
    );
    let changed = json["changed"].as_array().unwrap();
    let of = |id: &str| changed.iter().find(|rule| rule["rule"] == id).unwrap();
    let days = &of("log-bucket-retention")["parameters"]["retention_days"];
    assert_eq!(*days, json!({ "value": 5000, "by": "baseline archive" }));
    assert_eq!(of("log-file-validation")["severity"], json!({ "value": "low", "by": "by hand" }));
    assert_eq!(json["left_out"], json!([{ "value": "insights-enabled", "by": "by hand" }]));
    assert_eq!(
        (&json["waivers"][0]["expires"], &json["waivers"][0]["covers"]),
        (&json!("2099-01-01"), &json!("results"))
    );
    let markdown = explained(&["log-archive", "--snapshot=snapshot.json", "--output=markdown"]);
    assert!(markdown.starts_with("# log-archive 222222222222 · OU /\n"), "{markdown}");
    assert!(markdown.contains("| `log-bucket-retention` | retention\\_days = 5000 (baseline archive) |"), "{markdown}");
    let by_id = explained(&[MEMBER]);
    assert!(by_id.contains("baseline  never, the first that matches: account 333333333333"), "{by_id}");
    let rest = explained(&["999999999999", "--pack", "fsbp"]);
    assert!(rest.contains("baseline  none: what holds for the rest\npacks     fsbp (by hand)\n"), "{rest}");
    for arguments in [&["nobody"][..], &["nobody", "--snapshot", "snapshot.json"]] {
        let output = run(folder.path(), &[&["explain"], arguments].concat());
        assert!(code(&output) == 2 && stderr(&output).contains("nobody"), "{}", stderr(&output));
    }
}

#[test]
fn mistakes_of_the_configuration_are_told_at_once() {
    let folder = configured(
        "organisation: { role_name: audit }
organization: { accounts: [12], ous: Production, roles: audit }
sensitive_buckets: { name: [a] }
outputs: text
gate: { fail_on: hihg, allow_incomplete: perhaps, known: '', waiver_longest_days: -1 }
baselines:
  - { name: one, match: { ous: [Production] } }
  - { name: two, match: {} }
  - { match: { accounts: ['333333333333'] }, pack: [fsbp] }
  - { name: three, match: { names: [sandbox-*] }, packs: [fspb], gate: { known: x } }
  - { name: four, match: { accounts: ['333333333333'] } }
  - { name: four, match: { accounts: ['222222222222'] } }
  - { name: five, match: { accounts: ['333333333333'] } }
",
    );
    let output = run(folder.path(), &["check", "snapshot.json"]);
    assert_eq!(code(&output), 2);
    insta::assert_snapshot!(stderr(&output));
}
