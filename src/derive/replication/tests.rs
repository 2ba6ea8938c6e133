use super::*;

const DIGESTS: &str = "CloudTrail-Digest/";

fn rule(destination: &str) -> ReplicationRule {
    ReplicationRule {
        id: None,
        enabled: true,
        priority: None,
        prefix: None,
        tags: [].into(),
        takes_kms_objects: true,
        copies_delete_markers: false,
        destination: destination.parse().unwrap(),
        destination_account: None,
    }
}

fn under(prefix: &str) -> ReplicationRule {
    ReplicationRule { prefix: Some(prefix.to_owned()), ..rule("far") }
}

fn unencrypted(rule: ReplicationRule) -> ReplicationRule {
    ReplicationRule { takes_kms_objects: false, ..rule }
}

fn place(rule: &ReplicationRule) -> Place {
    match rule.destination.as_str() {
        "near" => Place::Near,
        "gone" => Place::Nowhere,
        "unread" => Place::Unknown,
        _ => Place::Away,
    }
}

fn keys(organization: bool) -> LogKeys {
    LogKeys::new(None, "111122223333".parse().unwrap(), Some(organization), Some("o-1"))
}

/// What becomes of files that KMS encrypts, in a folder of an account's own multi-Region trail.
fn of(rules: &[ReplicationRule]) -> Copied {
    let keys = keys(false);
    let log = LogFolder { keys: &keys, folder: "CloudTrail/", is_encrypted: Some(true), of_many_regions: true };
    copied(rules, &place, &log)
}

#[test]
fn one_rule_for_all_that_copies_away_is_enough() {
    assert_eq!(of(&[rule("far")]), Copied::By(0));
    assert_eq!(of(&[under("AWSLogs/")]), Copied::By(0));
    assert_eq!(of(&[rule("near"), rule("gone"), under("other/"), rule("far")]), Copied::By(3));
    assert_eq!(of(&[]), Copied::Not(vec![]));
    assert_eq!(of(&[ReplicationRule { enabled: false, ..rule("far") }]), Copied::Not(vec![]));
    assert_eq!(of(&[under("elsewhere/")]), Copied::Not(vec![]));
}

#[test]
fn what_a_rule_misses_is_told() {
    assert_eq!(of(&[rule("near")]), Copied::Not(vec![(0, Miss::Near)]));
    assert_eq!(of(&[rule("gone")]), Copied::Not(vec![(0, Miss::Nowhere)]));
    assert_eq!(of(&[unencrypted(rule("far"))]), Copied::Not(vec![(0, Miss::Encrypted)]));
    let part = under("AWSLogs/111122223333/CloudTrail/eu-west-1/");
    assert_eq!(of(std::slice::from_ref(&part)), Copied::Not(vec![(0, Miss::Part)]));
    assert_eq!(of(&[rule("near"), part]), Copied::Not(vec![(0, Miss::Near), (1, Miss::Part)]));
}

#[test]
fn digests_are_a_folder_of_their_own() {
    let keys = keys(false);
    let digests = |is_encrypted| LogFolder { keys: &keys, folder: DIGESTS, is_encrypted, of_many_regions: true };
    let of = |rules: &[ReplicationRule]| copied(rules, &place, &digests(None));
    assert_eq!(of(&[unencrypted(rule("far"))]), Copied::Open(vec![(0, Doubt::Encryption)]));
    assert_eq!(copied(&[unencrypted(rule("far"))], &place, &digests(Some(false))), Copied::By(0));
    assert_eq!(of(&[under("AWSLogs/111122223333/CloudTrail/")]), Copied::Not(vec![]));
    assert_eq!(of(&[under("AWSLogs/111122223333/CloudTrail")]), Copied::By(0));
}

#[test]
fn what_is_not_decided_is_open() {
    let tagged = ReplicationRule { tags: [("copy".to_owned(), "yes".to_owned())].into(), ..rule("far") };
    assert_eq!(of(std::slice::from_ref(&tagged)), Copied::Open(vec![(0, Doubt::Tags)]));
    assert_eq!(of(&[tagged, rule("far")]), Copied::By(1));
    assert_eq!(of(&[rule("unread")]), Copied::Open(vec![(0, Doubt::Place)]));
    assert_eq!(of(&[rule("near"), rule("unread")]), Copied::Open(vec![(1, Doubt::Place)]));
    let parts = ["us", "eu"].map(|area| under(&format!("AWSLogs/111122223333/CloudTrail/{area}-")));
    assert_eq!(of(&parts), Copied::Open(vec![(0, Doubt::Parts), (1, Doubt::Parts)]));
}

#[test]
fn the_prefix_of_its_only_region_may_be_all_that_a_trail_writes_under() {
    let keys = keys(false);
    let log = LogFolder { keys: &keys, folder: "CloudTrail/", is_encrypted: Some(false), of_many_regions: false };
    let region = under("AWSLogs/111122223333/CloudTrail/eu-west-1/");
    assert_eq!(copied(&[region], &place, &log), Copied::Open(vec![(0, Doubt::Parts)]));
}

#[test]
fn of_two_rules_with_one_destination_the_higher_is_followed() {
    let at = |priority: i32, rule: ReplicationRule| ReplicationRule { priority: Some(priority), ..rule };
    let (low, high) = (at(1, rule("far")), at(2, unencrypted(rule("far"))));
    assert_eq!(of(&[low.clone(), high.clone()]), Copied::Open(vec![(0, Doubt::Precedence)]));
    assert_eq!(of(&[at(3, low.clone()), high.clone()]), Copied::By(0));
    let elsewhere = at(2, unencrypted(rule("farther")));
    assert_eq!(of(&[low.clone(), elsewhere]), Copied::By(0));
    let of_others = ReplicationRule { prefix: Some("other/".to_owned()), ..high };
    assert_eq!(of(&[low, of_others]), Copied::By(0));
}

#[test]
fn an_organization_trail_writes_for_every_account() {
    let of = |keys: &LogKeys, rule: ReplicationRule| {
        let log = LogFolder { keys, folder: "CloudTrail/", is_encrypted: Some(true), of_many_regions: true };
        copied(&[rule], &place, &log)
    };
    assert_eq!(of(&keys(true), under("AWSLogs/o-1/")), Copied::By(0));
    assert_eq!(of(&keys(true), under("AWSLogs/o-1/111122223333/")), Copied::Not(vec![(0, Miss::Part)]));
    let unlisted = LogKeys::new(None, "111122223333".parse().unwrap(), Some(true), None);
    assert_eq!(of(&unlisted, under("AWSLogs/o-1/")), Copied::Open(vec![(0, Doubt::Organization)]));
    assert_eq!(of(&unlisted, rule("far")), Copied::By(0));
}
