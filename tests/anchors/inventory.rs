//! The inventory as code: the same bytes for what did not change, one line for what did, and nothing removed unproven.

use std::fs;
use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use trailproof::simulator::{Account, Trail, TrailStatus};
use trailproof::snapshot::{Observed, Snapshot};

use crate::simulated::{ARCHIVE, BUCKET, MANAGEMENT, MEMBER, code, good_world, stderr};
use crate::{done, files, snapshot, write_inventory};

const ORG_TRAIL: &str = "trails/111111111111/us-east-1/org-trail.json";

/// A member with a trail of its own beside that of the organization.
fn with_own_trail() -> Snapshot {
    static READ: LazyLock<Snapshot> = LazyLock::new(|| {
        let mut world = good_world();
        let status = TrailStatus::logging(Timestamp::now());
        world.trails.push(Trail::new(MEMBER, "own", "eu-west-1", BUCKET).with_status(status));
        snapshot(world)
    });
    READ.clone()
}

fn org_trail(snapshot: &mut Snapshot) -> &mut trailproof::snapshot::Trail {
    snapshot.trails.iter_mut().find(|trail| trail.arn.name() == "org-trail").unwrap()
}

#[test]
fn there_is_a_file_a_trail_bucket_and_account() {
    let folder = tempfile::tempdir().unwrap();
    let (output, inventory) = write_inventory(folder.path(), &with_own_trail());
    done(&output);
    let files = files(&inventory);
    let accounts = [MANAGEMENT, ARCHIVE, MEMBER].map(|id| format!("accounts/{id}.json"));
    let others = [format!("buckets/{BUCKET}.json"), ORG_TRAIL.into(), format!("trails/{MEMBER}/eu-west-1/own.json")];
    let expected: Vec<String> = accounts.into_iter().chain(others).collect();
    assert_eq!(files.keys().cloned().collect::<Vec<_>>(), expected);
    for (path, text) in &files {
        let file: Value = serde_json::from_str(text).unwrap();
        assert_eq!(file["schema"], "trailproof.inventory/1", "{path}");
        let mut sorted = file.clone();
        sorted.sort_all_objects();
        assert_eq!(*text, format!("{}\n", serde_json::to_string_pretty(&sorted).unwrap()), "{path} is not sorted");
    }
    let trail: Value = serde_json::from_str(&files[ORG_TRAIL]).unwrap();
    assert_eq!((&trail["log_file_validation_enabled"], &trail["sns_topic_arn"].is_string()), (&true.into(), &true));
    let bucket: Value = serde_json::from_str(&files[&format!("buckets/{BUCKET}.json")]).unwrap();
    assert!(bucket["policy"]["Statement"].is_array() && bucket["versioning"]["status"].is_string());
}

#[test]
fn what_did_not_change_gives_the_same_bytes_and_what_did_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut snapshot = with_own_trail();
    let (output, inventory) = write_inventory(folder.path(), &snapshot);
    done(&output);
    let before = files(&inventory);
    // Another day, another reading.
    snapshot.taken_at += SignedDuration::from_hours(24);
    for trail in &mut snapshot.trails {
        trail.configuration.read_at += SignedDuration::from_hours(24);
        let status = trail.status.as_mut().unwrap();
        status.read_at += SignedDuration::from_hours(24);
        status.value.latest_delivery_time = Some(Timestamp::now() + SignedDuration::from_hours(24));
    }
    let (output, _) = write_inventory(folder.path(), &snapshot);
    assert!(done(&output).contains("files written 0, removed 0, unchanged 6\n"));
    assert_eq!(files(&inventory), before);
    org_trail(&mut snapshot).configuration.value.log_file_validation_enabled = Some(false);
    let (output, _) = write_inventory(folder.path(), &snapshot);
    assert!(done(&output).contains("files written 1, removed 0, unchanged 5\n"));
    let after = files(&inventory);
    let (was, is) = (before[ORG_TRAIL].lines(), after[ORG_TRAIL].lines());
    let changed: Vec<(&str, &str)> = was.zip(is).filter(|(was, is)| was != is).collect();
    assert_eq!(changed, [("  \"log_file_validation_enabled\": true,", "  \"log_file_validation_enabled\": false,")]);
}

#[test]
fn sets_that_aws_gives_in_another_order_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut snapshot = with_own_trail();
    let policy = |principals: &str| {
        format!(
            r#"{{"Statement":[{{"Effect":"Allow","Principal":{{"AWS":[{principals}]}},"Action":"s3:GetObject"}}]}}"#
        )
    };
    let set = |snapshot: &mut Snapshot, text: String| {
        snapshot.buckets[0].policy.as_mut().unwrap().value.document = Some(text);
    };
    set(&mut snapshot, policy("\"a\",\"b\""));
    let (output, inventory) = write_inventory(folder.path(), &snapshot);
    done(&output);
    let before = files(&inventory);
    set(&mut snapshot, policy("\"b\",\"a\""));
    done(&write_inventory(folder.path(), &snapshot).0);
    assert_eq!(files(&inventory), before);
}

#[test]
fn what_was_not_read_is_not_what_is_absent() {
    let folder = tempfile::tempdir().unwrap();
    let mut snapshot = with_own_trail();
    org_trail(&mut snapshot).event_selectors = None;
    org_trail(&mut snapshot).configuration.value.kms_key_id = None;
    let (output, inventory) = write_inventory(folder.path(), &snapshot);
    assert!(done(&output).contains("properties not read "));
    let trail: Value = serde_json::from_str(&files(&inventory)[ORG_TRAIL]).unwrap();
    assert_eq!((&trail["event_selectors"], &trail["kms_key_id"]), (&"(not read)".into(), &Value::Null));
}

#[test]
fn what_is_gone_is_removed_and_what_is_not_seen_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (output, inventory) = write_inventory(folder.path(), &with_own_trail());
    done(&output);
    let own = inventory.join(format!("trails/{MEMBER}/eu-west-1/own.json"));
    // Files of others, a file that was copied elsewhere, and one whose mark is not ours.
    fs::write(inventory.join("README.md"), "ours").unwrap();
    fs::write(inventory.join("trails/notes.json"), "{}").unwrap();
    fs::copy(&own, inventory.join("trails/copy.json")).unwrap();
    let without = snapshot(good_world());
    let mut unseen = without.clone();
    unseen.accounts.iter_mut().find(|account| account.id.to_string() == MEMBER).unwrap().sightings.clear();
    let (output, _) = write_inventory(folder.path(), &unseen);
    assert!(done(&output).contains("files kept 2: "), "{output:?}");
    assert!(own.exists());
    let mut narrow = without.clone();
    narrow.accounts.retain(|account| account.id.to_string() != MEMBER);
    narrow.selection.accounts = narrow.accounts.iter().map(|account| account.id).collect();
    done(&write_inventory(folder.path(), &narrow).0);
    assert!(own.exists() && inventory.join(format!("accounts/{MEMBER}.json")).exists());
    let (output, _) = write_inventory(folder.path(), &without);
    assert!(done(&output).contains("removed 1, "), "{output:?}");
    assert!(!own.exists());
    for kept in ["README.md", "trails/notes.json", "trails/copy.json"] {
        assert!(inventory.join(kept).exists(), "{kept}");
    }
    // The account left the organization, which was listed as a whole.
    narrow.selection.accounts.clear();
    done(&write_inventory(folder.path(), &narrow).0);
    assert!(!inventory.join(format!("accounts/{MEMBER}.json")).exists());
}

#[test]
fn a_bucket_that_no_trail_uses_any_more_goes_once_all_trails_are_known() {
    let folder = tempfile::tempdir().unwrap();
    let mut snapshot = with_own_trail();
    let (output, inventory) = write_inventory(folder.path(), &snapshot);
    done(&output);
    let bucket = inventory.join(format!("buckets/{BUCKET}.json"));
    snapshot.buckets.clear();
    let mut unseen = snapshot.clone();
    unseen.accounts[0].sightings.clear();
    done(&write_inventory(folder.path(), &unseen).0);
    assert!(bucket.exists());
    done(&write_inventory(folder.path(), &snapshot).0);
    assert!(!bucket.exists());
}

#[test]
fn hostile_names_stay_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let mut snapshot = with_own_trail();
    let names = ["../../../../escape", "..", "a b\u{202e}\"c", &"n".repeat(10_000)];
    let good = org_trail(&mut snapshot).clone();
    for name in names {
        let mut trail = good.clone();
        trail.arn = format!("arn:aws:cloudtrail:us-east-1:{MANAGEMENT}:trail/{name}").parse().unwrap();
        snapshot.trails.push(trail);
    }
    snapshot.sort();
    let (output, inventory) = write_inventory(folder.path(), &snapshot);
    done(&output);
    assert_eq!(files(&inventory).len(), 6 + names.len());
    assert!(files(&inventory).contains_key("trails/111111111111/us-east-1/..%2F..%2F..%2F..%2Fescape.json"));
    // And they are found again.
    let (output, _) = write_inventory(folder.path(), &with_own_trail());
    assert!(done(&output).contains("removed 4, "), "{output:?}");
}

#[cfg(unix)]
#[test]
fn a_link_leads_nowhere_else_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::create_dir(folder.path().join("inventory")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, folder.path().join("inventory/trails")).unwrap();
    let (output, inventory) = write_inventory(folder.path(), &with_own_trail());
    assert_eq!(code(&output), 5);
    assert!(stderr(&output).contains("inventory/trails: it is a symbolic link"), "{}", stderr(&output));
    assert!(!inventory.join("accounts").exists() && files(&elsewhere).is_empty());
}

#[test]
fn what_is_no_snapshot_leaves_the_folder_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.json");
    fs::write(&bad, "{}").unwrap();
    let output = crate::trailproof().arg("inventory").arg(&bad).arg("--write").arg(folder.path().join("i")).output();
    assert_eq!(code(&output.unwrap()), 2);
    assert!(!folder.path().join("i").exists());
}

#[test]
fn an_account_that_lets_nobody_in_has_a_file_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = good_world();
    world.accounts.push(Account::new("444444444444", "closed-door"));
    let mut snapshot = snapshot(world);
    let at = snapshot.taken_at;
    let account = snapshot.accounts.iter_mut().find(|account| account.id.to_string() == "444444444444").unwrap();
    account.tags = Some(Observed::new(at, [("env".to_owned(), "prod".to_owned())].into()));
    let (output, inventory) = write_inventory(folder.path(), &snapshot);
    done(&output);
    let account: Value = serde_json::from_str(&files(&inventory)["accounts/444444444444.json"]).unwrap();
    assert_eq!((&account["trails"], &account["regions"]), (&"(not read)".into(), &"(not read)".into()));
    assert_eq!(account["tags"]["env"], "prod");
}
