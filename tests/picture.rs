//! Coverage as people and programs see it: the table of a report, and the command `coverage`.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use simulated::{
    ARCHIVE, BUCKET, MANAGEMENT, MEMBER, ROLE, code, good_world, read, settings, stderr, stdout, trailproof, try_read,
};
use trailproof::simulator::{
    Account, Denial, PolicyKind, Role, Simulator, Trail, TrailStatus, World, demo_organization,
};
use trailproof::snapshot::Snapshot;

/// A snapshot in a folder that lasts as long as it.
struct Kept {
    folder: tempfile::TempDir,
    path: PathBuf,
}

fn keep(snapshot: &Snapshot) -> Kept {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("snapshot.json");
    snapshot.write_json(&mut fs::File::create(&path).unwrap()).unwrap();
    Kept { folder, path }
}

fn of(world: World) -> Kept {
    keep(&read(&Simulator::new(world)))
}

fn demo() -> Kept {
    let mut settings = settings();
    settings.entrance.as_mut().unwrap().role_name = "trailproof-audit".to_owned();
    keep(&try_read(&Simulator::new(demo_organization(jiff::Timestamp::now())), &settings).unwrap())
}

impl Kept {
    fn run(&self, command: &str, arguments: &[&str]) -> Output {
        trailproof().arg(command).arg(&self.path).args(arguments).output().unwrap()
    }

    fn text(&self, command: &str) -> String {
        stdout(&self.run(command, &[]))
    }

    fn json(&self, command: &str) -> Value {
        serde_json::from_slice(&self.run(command, &["--output", "json"]).stdout).unwrap()
    }

    /// The table of a report: from its title to the empty line after it.
    fn table(&self) -> String {
        let text = self.text("check");
        let from = text.find("\nCoverage").map_or(0, |at| at + 1);
        text[from..].split("\n\n").next().unwrap().to_owned()
    }
}

fn member(world: &mut World) -> &mut Account {
    world.accounts.iter_mut().find(|account| account.id == MEMBER).unwrap()
}

#[test]
fn the_demo_is_pictured_as_it_was_planted() {
    let demo = demo();
    let output = demo.run("coverage", &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    let (heading, rest) = text.split_once('\n').unwrap();
    assert!(heading.starts_with("o-acmeretail · snapshot of 20"), "{heading}");
    insta::assert_snapshot!(rest);
    assert!(!text.contains('\u{1b}'), "colours are for terminals");
    assert!(rest.starts_with(&format!("\n{}\n\n", demo.table())), "the report has the same table");
}

/// A row is a line of at most 120 letters, whatever there is to say of 17 Regions.
#[test]
fn the_table_is_as_wide_as_a_terminal() {
    for line in demo().table().lines() {
        assert!(line.chars().count() <= 120, "{line}");
    }
}

#[test]
fn a_whole_organization_is_one_sentence() {
    let good = of(good_world());
    assert_eq!(good.table(), "Coverage  management events of 3 accounts: recorded in full in all their Regions");
    let mut lone = good_world();
    lone.accounts.retain(|account| account.id == MANAGEMENT);
    let lone = of(lone);
    assert_eq!(lone.table(), "Coverage  management events of 1 account: recorded in full in all its Regions");
    let last = "management events of 3 of 3 accounts are recorded in full\n";
    let text = good.text("coverage");
    assert!(text.ends_with(last), "{text}");
    assert!(!text.contains("not recorded") && !text.contains("Not known"), "{text}");
}

#[test]
fn a_row_ends_with_what_is_missing() {
    let row = |plant: &dyn Fn(&mut World)| {
        let mut world = good_world();
        plant(&mut world);
        let table = of(world).table();
        let row = table.lines().nth(2).unwrap().trim();
        // What does not fit is in the line beneath.
        let beneath = table.lines().nth(3).unwrap().trim();
        let signs: String = row.chars().filter(|letter| "●◐○?".contains(*letter)).collect();
        let words = row.rsplit(['●', '◐', '○', '?']).next().unwrap().trim().to_owned();
        let words = if words.is_empty() { beneath.to_owned() } else { words };
        let label = row.split("  ").next().unwrap().to_owned();
        (label, signs, words)
    };
    let all = |sign: &str| sign.repeat(17);
    let everybody = "3 accounts like management".to_owned();
    let told = |signs: String, words: &str| (everybody.clone(), signs, words.to_owned());
    assert_eq!(row(&|world| world.trails.clear()), told(all("○"), "nothing recorded"));
    let selecting = |world: &mut World, kind: &str, excluded: &[&str]| {
        world.trails[0].event_selectors = vec![json!({ "ReadWriteType": kind, "IncludeManagementEvents": true,
            "ExcludeManagementEventSources": excluded, "DataResources": [] })];
    };
    assert_eq!(row(&|world| selecting(world, "WriteOnly", &[])), told(all("◐"), "reads missing"));
    assert_eq!(
        row(&|world| selecting(world, "ReadOnly", &["kms.amazonaws.com", "rdsdata.amazonaws.com"])),
        told(all("◐"), "writes, KMS and RDS Data missing")
    );
    let mut one = all("●").chars().collect::<Vec<_>>();
    one[13] = '◐';
    let one: String = one.into_iter().collect();
    assert_eq!(row(&|world| world.trails[0].global_events = false), told(one, "global missing in us-east-1"),);
    assert_eq!(
        row(&|world| world.trails[0].status.delivery_error = Some("AccessDenied".to_owned())),
        told(all("◐"), "delivery fails")
    );
    let refused = row(&|world| {
        world.trails.clear();
        for account in &mut world.accounts {
            let denial = Denial::explicit(PolicyKind::ServiceControl, "cloudtrail:*").in_region("sa-east-1");
            *account = account.clone().with_denial(denial);
        }
    });
    let signs = format!("{}?{}", "○".repeat(12), "○".repeat(4));
    assert_eq!(refused, told(signs, "nothing in 16 of 17 Regions, not known in sa-east-1"));
}

/// Thirty accounts with trails of their own here and there, and as many without: the table stays short, the command has all.
#[test]
fn many_accounts_are_rows_that_differ_and_a_count_of_the_rest() {
    let mut world = good_world();
    let regions = ["eu-west-1", "eu-west-2", "eu-west-3", "us-west-1", "us-west-2"];
    for number in 0..60 {
        let id = format!("4{number:011}");
        let account = Account::new(&id, &format!("sandbox-{number:02}")).with_role(Role::new(ROLE, MANAGEMENT));
        world.accounts.push(account.awaiting_organization_trails());
        if number < 30 {
            let chosen = regions.iter().enumerate().filter(|(bit, _)| (number + 1) >> bit & 1 == 1);
            for (at, region) in chosen {
                let status = TrailStatus::logging(jiff::Timestamp::now());
                world.trails.push(Trail::new(&id, &format!("t{at}"), region, BUCKET).with_status(status));
            }
        }
    }
    let kept = of(world);
    let table = kept.table();
    assert!(
        table.contains("  3 accounts like management") && table.contains("  30 accounts like sandbox-30"),
        "{table}"
    );
    assert!(table.contains("  and 12 more rows: trailproof coverage SNAPSHOT"), "{table}");
    assert_eq!(table.lines().count(), 2 + 20 + 1 + 1);
    let whole = kept.text("coverage");
    for number in 0..30 {
        assert!(whole.contains(&format!("  sandbox-{number:02}")), "{whole}");
    }
}

#[test]
fn accounts_are_told_apart_and_hostile_names_are_tamed() {
    let mut world = good_world();
    for (id, name) in [("444444444444", "twin"), ("555555555555", "twin"), ("666666666666", "a\u{202e}b\u{1b}[31m")] {
        world
            .accounts
            .push(Account::new(id, name).with_role(Role::new(ROLE, MANAGEMENT)).awaiting_organization_trails());
    }
    let status = TrailStatus::logging(jiff::Timestamp::now());
    for (id, region) in [("444444444444", "eu-west-1"), ("555555555555", "eu-west-2")] {
        world.trails.push(Trail::new(id, "own", region, BUCKET).with_status(status.clone()));
    }
    let kept = of(world);
    let table = kept.table();
    assert!(table.contains("  twin 444444444444 ") && table.contains("  twin 555555555555 "), "{table}");
    let shown = format!("{table}{}", kept.text("coverage"));
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown}");
}

/// What a row of the JSON says of management events: `accounts regions read write global`.
fn states(rows: &Value, account: &str) -> Vec<String> {
    let of_account = |row: &&Value| row["accounts"].as_array().unwrap().iter().any(|id| id == account);
    let rows = rows.as_array().unwrap().iter().filter(of_account);
    rows.map(|row| {
        let regions = row["regions"].as_array().unwrap().len();
        let state = |both: &Value| match both {
            Value::Null => "null".to_owned(),
            both => ["read", "write"].map(|access| both[access]["state"].as_str().unwrap()).join("/"),
        };
        format!("{regions}: {} global {} kms {}", state(&row["management"]), state(&row["global"]), state(&row["kms"]))
    })
    .collect()
}

#[test]
fn the_json_of_report_and_command_has_the_same_rows() {
    let demo = demo();
    let (report, coverage) = (demo.json("check"), demo.json("coverage"));
    assert_eq!(report["coverage"], coverage["coverage"]);
    assert_eq!(coverage["schema"], "trailproof.coverage/1");
    assert_eq!(coverage["snapshot"], report["snapshot"]);
    let rows = &report["coverage"];
    let legacy = [
        "15: none/none global null kms none/none",
        "1: all/all global null kms all/all",
        "1: none/none global none/none kms none/none",
    ];
    assert_eq!(states(rows, "504627953240"), legacy);
    assert_eq!(states(rows, "310128746359")[1], "1: unknown/unknown global unknown/unknown kms unknown/unknown");
    let home = rows
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["accounts"] == json!(["504627953240"]) && row["regions"] == json!(["eu-west-1"]));
    let legacy = "arn:aws:cloudtrail:eu-west-1:504627953240:trail/legacy-trail";
    let whole = json!({ "state": "all", "trails": [legacy], "failing": false });
    let none = json!({ "state": "none", "trails": [], "failing": false });
    let both = |covered: &Value| json!({ "read": covered, "write": covered });
    assert_eq!(
        home.unwrap(),
        &json!({ "accounts": ["504627953240"], "regions": ["eu-west-1"], "management": both(&whole), "global": null,
            "kms": both(&whole), "rdsdata": both(&whole), "data": { "AWS::DynamoDB::Table": both(&none),
            "AWS::Lambda::Function": both(&none), "AWS::S3::Object": both(&none) } })
    );
    let places: usize = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["accounts"].as_array().unwrap().len() * row["regions"].as_array().unwrap().len())
        .sum();
    assert_eq!(places, 29 * 17 + 1, "every place is in one row");
}

#[test]
fn a_cell_that_only_a_failing_trail_covers_is_marked() {
    let mut world = good_world();
    world.trails[0].status.delivery_error = Some("NoSuchBucket".to_owned());
    let kept = of(world);
    let row = &kept.json("check")["coverage"][0];
    assert_eq!(
        (&row["management"]["read"]["state"], &row["management"]["read"]["failing"]),
        (&json!("all"), &json!(true))
    );
    assert_eq!(row["data"]["AWS::S3::Object"]["read"]["failing"], false);
    let text = kept.text("coverage");
    assert!(text.contains("recorded only by org-trail (NoSuchBucket), whose latest delivery failed"), "{text}");
}

#[test]
fn what_is_said_falls_out_of_the_cells() {
    let mut world = good_world();
    let status = TrailStatus::logging(jiff::Timestamp::now());
    world.trails.push(Trail::new(MEMBER, "own", "eu-west-1", BUCKET).with_status(status));
    world.trails[0].advanced_event_selectors = vec![
        json!({ "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Management"] }] }),
        json!({ "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Data"] },
            { "Field": "resources.type", "Equals": ["AWS::S3::Object"] },
            { "Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::ledger/"] }] }),
    ];
    member(&mut world).opted_in.push("me-central-1".to_owned());
    let said = of(world).json("coverage");
    assert_eq!(said["missing"], json!([]));
    let copies = json!([{ "accounts": [MEMBER], "regions": ["eu-west-1"], "events": "read and write events", "what": "org-trail and own" }]);
    assert_eq!(said["copies"], copies);
    let part = &said["parts"][0];
    assert_eq!(part["accounts"], json!([MANAGEMENT, ARCHIVE]));
    assert!(part["what"].as_str().unwrap().starts_with("recorded in part by org-trail; missing: "), "{part}");
    let sole = json!([{ "trail": simulated::TRAIL, "accounts": 3, "places": 3 * 17 + 1 - 1 }]);
    assert_eq!(said["sole_covers"], sole, "all places but the one that two trails record");
}

#[test]
fn exit_codes_are_those_of_check() {
    let kept = of(good_world());
    let refused = |output: Output, expected: i32, word: &str| {
        assert_eq!(code(&output), expected, "{}", stderr(&output));
        assert!(stderr(&output).contains(word), "{}", stderr(&output));
        assert!(output.stdout.is_empty());
    };
    let nowhere = Kept { folder: tempfile::tempdir().unwrap(), path: "no/such/snapshot.json".into() };
    refused(nowhere.run("coverage", &[]), 2, "no/such/snapshot.json");
    let broken = Kept { path: kept.folder.path().join("broken.json"), folder: tempfile::tempdir().unwrap() };
    fs::write(&broken.path, "{\"schema\": 3").unwrap();
    refused(broken.run("coverage", &[]), 2, "is no snapshot");
    refused(kept.run("coverage", &["--output", "sarif"]), 2, "text and json");
    refused(kept.run("coverage", &["--output", "text", "--output", "json"]), 2, "two outputs go to stdout");
    refused(kept.run("coverage", &["--output", "json=/no/such/folder/x"]), 5, "/no/such/folder/x");
    let mut nobody = read(&Simulator::new(good_world()));
    nobody.accounts.clear();
    refused(keep(&nobody).run("coverage", &[]), 4, "no account is selected");
    let mut blind = read(&Simulator::new(good_world()));
    blind.accounts.iter_mut().for_each(|account| account.sightings.clear());
    refused(keep(&blind).run("coverage", &[]), 2, "nothing could be read");
}

#[test]
fn a_snapshot_may_come_from_stdin_and_the_same_one_gives_the_same_bytes() {
    let kept = of(good_world());
    let piped = || {
        let mut child = trailproof();
        let mut child =
            child.args(["coverage", "-", "-o", "json"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(&fs::read(&kept.path).unwrap()).unwrap();
        child.wait_with_output().unwrap().stdout
    };
    let direct = kept.run("coverage", &["-o", "json"]).stdout;
    assert!(direct.len() > 1000);
    assert_eq!(piped(), direct);
    let file = kept.folder.path().join("out.json");
    let both = kept.run("coverage", &["-o", "text", "-o", &format!("json={}", file.display())]);
    assert_eq!(fs::read(file).unwrap(), direct);
    assert_eq!(stdout(&both), kept.text("coverage"));
}
