//! Selectors that look as if they recorded what they do not.

use serde_json::json;
use trailproof::derive::selector::{Selectors, Trap, blind_spots};

use super::api::{basic, fields};

const DATA: (&str, &str, &[&str]) = ("eventCategory", "Equals", &["Data"]);
const OBJECTS: (&str, &str, &[&str]) = ("resources.type", "Equals", &["AWS::S3::Object"]);

fn traps(selectors: &Selectors) -> Vec<(usize, Trap)> {
    blind_spots(selectors).into_iter().map(|spot| (spot.selector, spot.trap)).collect()
}

fn arn(operator: &str, value: &str) -> Vec<(usize, Trap)> {
    traps(&fields(&[&[DATA, OBJECTS, ("resources.ARN", operator, &[value])]]))
}

#[test]
fn each_trap_is_found() {
    assert_eq!(arn("StartsWith", "arn:aws:s3:::b1/secret/"), [(1, Trap::BulkDeletion)]);
    assert_eq!(arn("StartsWith", "arn:aws:s3:::b1"), [(1, Trap::PrefixSpills)]);
    assert_eq!(arn("NotStartsWith", "arn:aws:s3:::b1"), [(1, Trap::PrefixSpills)]);
    assert_eq!(arn("Equals", "arn:aws:s3:::b1/"), [(1, Trap::EqualsBucket)]);
    assert_eq!(arn("NotEquals", "arn:aws:s3:::b1"), [(1, Trap::EqualsBucket)]);
    assert_eq!(arn("NotEquals", "arn:aws:s3:::b1/*"), [(1, Trap::LiteralStar)]);
    let kms = basic(json!([{ "ReadWriteType": "All", "ExcludeManagementEventSources": ["kms.amazonaws.com"] }]));
    assert_eq!(traps(&kms), [(1, Trap::KmsExcluded)]);
    let star = basic(
        json!([{ "ReadWriteType": "All", "DataResources": [{ "Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::*"] }] }]),
    );
    assert_eq!(traps(&star), [(1, Trap::Undocumented)]);
    let basic = basic(
        json!([{ "ReadWriteType": "All" }, { "ReadWriteType": "All", "DataResources": [{ "Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::b1/p"] }] }]),
    );
    assert_eq!(traps(&basic), [(2, Trap::BulkDeletion)]);
    assert_eq!(traps(&fields(&[&[DATA, OBJECTS, ("colour", "Equals", &["red"])]])), [(1, Trap::Undocumented)]);
}

#[test]
fn plain_selectors_have_none() {
    assert_eq!(traps(&Selectors::default_of_trails()), []);
    assert_eq!(arn("StartsWith", "arn:aws:s3:::b1/"), []);
    assert_eq!(arn("StartsWith", "arn:aws:s3:::"), []);
    assert_eq!(arn("Equals", "arn:aws:s3:::b1/k"), []);
    assert_eq!(traps(&fields(&[])), []);
}

#[test]
fn what_another_selector_makes_good_is_none() {
    let set = fields(&[
        &[DATA, OBJECTS, ("resources.ARN", "StartsWith", &["arn:aws:s3:::b1/secret/"])],
        &[DATA, OBJECTS, ("eventName", "Equals", &["DeleteObjects"])],
        &[("eventCategory", "Equals", &["Management"]), ("eventSource", "NotEquals", &["kms.amazonaws.com"])],
        &[("eventCategory", "Equals", &["Management"]), ("readOnly", "Equals", &["false"])],
    ]);
    assert_eq!(traps(&set), []);
    let reads = [
        DATA,
        OBJECTS,
        ("readOnly", "Equals", &["true"][..]),
        ("resources.ARN", "StartsWith", &["arn:aws:s3:::b1/s/"]),
    ];
    assert_eq!(traps(&fields(&[&reads])), [], "it is not meant to record deletions");
}

#[test]
fn the_text_tells_what_to_do() {
    let set = fields(&[&[DATA, OBJECTS, ("resources.ARN", "StartsWith", &["arn:aws:s3:::b1/secret/"])]]);
    let text = blind_spots(&set)[0].to_string();
    assert!(text.starts_with("selector 1: arn:aws:s3:::b1/secret/ does not record DeleteObjects on b1"), "{text}");
}
