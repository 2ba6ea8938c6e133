//! Results on the line of the property in the committed inventory.

use crate::repository::{BUCKET_ARN, OWN_TRAIL, Repository, with_terraform, world};
use crate::simulated::{KEY, LOG_GROUP, MANAGEMENT, MEMBER, TRAIL, code, stderr, trailproof};

const ORG_TRAIL: &str = "inventory/trails/111111111111/us-east-1/org-trail.json";

fn with_inventory() -> Repository {
    let repository = Repository::new();
    let arguments = ["inventory", "../snapshot.json", "--write", "inventory"];
    crate::done(&trailproof().current_dir(repository.root()).args(arguments).output().unwrap());
    repository
}

#[test]
fn a_result_stands_on_the_property_that_the_rule_read() {
    let repository = with_inventory();
    let places = repository.places(&["--inventory", "inventory"]);
    let bucket = "inventory/buckets/example-trail-logs.json";
    let cases = [
        (("log-file-validation", TRAIL), (ORG_TRAIL, "log_file_validation_enabled")),
        (("s3-delivery-no-error", TRAIL), (ORG_TRAIL, "latest_delivery_error")),
        (
            ("log-file-validation", OWN_TRAIL),
            ("inventory/trails/333333333333/eu-west-1/own.json", "log_file_validation_enabled"),
        ),
        // A property within a property.
        (("log-bucket-mfa-delete", BUCKET_ARN), (bucket, "\"mfa_delete\"")),
        (("log-bucket-not-public", BUCKET_ARN), (bucket, "  \"policy\"")),
        // What has no file: the property of the trail that names it.
        (("kms-key-rotation", KEY), (ORG_TRAIL, "kms_key_id")),
        (("log-group-retention", LOG_GROUP), (ORG_TRAIL, "cloud_watch_logs_log_group_arn")),
    ];
    for (what, at) in cases {
        repository.stands(&places, what, at, "inventory");
    }
    let root = format!("arn:aws:iam::{MEMBER}:root");
    let account = format!("inventory/accounts/{MEMBER}.json");
    repository.stands(&places, ("management-events-read-write", &root), (&account, "  \"trails\""), "inventory");
    let organization = places.iter().find(|((rule, _), _)| rule == "organization-trail").unwrap();
    assert_eq!(organization.1.2, "stable");
}

#[test]
fn code_counts_before_the_inventory_and_the_inventory_before_names() {
    let repository = with_inventory();
    with_terraform(&repository);
    repository.write(
        "only-bucket.json",
        &crate::repository::state().replace(TRAIL, "arn:aws:cloudtrail:us-east-1:999999999999:trail/x"),
    );
    let both = ["--inventory", "inventory", "--terraform", "infra=only-bucket.json"];
    let places = repository.places(&both);
    let rung = |rule: &str, resource: &str| places[&(rule.to_owned(), resource.to_owned())].2.clone();
    assert_eq!(rung("log-bucket-versioning", BUCKET_ARN), "terraform");
    assert_eq!(rung("log-file-validation", TRAIL), "inventory");
    let root = format!("arn:aws:iam::{MANAGEMENT}:root");
    assert_eq!(rung("management-events-read-write", &root), "inventory");
}

#[test]
fn an_inventory_that_cannot_be_read_is_an_error_with_its_place() {
    let repository = with_inventory();
    let good = std::fs::read_to_string(repository.root().join(ORG_TRAIL)).unwrap();
    let newer = good.replace("trailproof.inventory/1", "trailproof.inventory/9");
    let cases = [
        (good.replacen(',', ",,", 1), format!("{ORG_TRAIL}:2:")),
        (good[..good.len() / 2].to_owned(), "the file is cut off".to_owned()),
        ("<<<<<<< HEAD\n".to_owned(), format!("{ORG_TRAIL}:1:1: this is not JSON")),
        (newer, "another version of trailproof wrote it".to_owned()),
    ];
    for (text, wrong) in cases {
        repository.write(ORG_TRAIL, &text);
        let output = repository.check(&["--output", "sarif", "--inventory", "inventory"]);
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains(&wrong), "{wrong}: {}", stderr(&output));
    }
    // What is no part of it is passed over.
    repository
        .write(ORG_TRAIL, &good)
        .write("inventory/trails/notes.json", "{}")
        .write("inventory/trails/README.md", "{");
    repository.places(&["--inventory", "inventory"]);
}

#[test]
fn hostile_names_are_found_again_and_make_a_path() {
    let mut snapshot = world();
    let arn = format!("arn:aws:cloudtrail:us-east-1:{MANAGEMENT}:trail/../a b:\u{202e}%2F");
    let mut trail = snapshot.trails[0].clone();
    trail.arn = arn.parse().unwrap();
    snapshot.trails.push(trail);
    snapshot.sort();
    let repository = Repository::of(&snapshot);
    let arguments = ["inventory", "../snapshot.json", "--write", "inventory"];
    crate::done(&trailproof().current_dir(repository.root()).args(arguments).output().unwrap());
    let places = repository.places(&["--inventory", "inventory"]);
    let (uri, line, rung) = &places[&("log-file-validation".to_owned(), arn)];
    assert_eq!(rung, "inventory");
    assert!(*line > 1, "{uri}");
    assert_eq!(uri, "inventory/trails/111111111111/us-east-1/..%252Fa%2520b%253A%25E2%2580%25AE%25252F.json");
}
