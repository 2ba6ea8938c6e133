//! Reading simulated organizations through the SDK's real clients.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use std::collections::BTreeMap;

use simulated::{
    ARCHIVE, BUCKET, MANAGEMENT, MEMBER, ROLE, TRAIL, good_world, read, settings, try_read, with_external_id,
};
use trailproof::simulator::{
    Account, AccountState, Bucket, Denial, Effect, PolicyKind, Role, Simulator, Trail, TrailStatus, Weather,
    demo_organization,
};
use trailproof::snapshot::{Cause, Existence, Gap, Owner, Selection, Snapshot};

fn gaps(snapshot: &Snapshot) -> Vec<(String, String)> {
    snapshot.gaps.iter().map(|gap| (gap.operation.clone(), gap.cause.to_string())).collect()
}

fn gap<'a>(snapshot: &'a Snapshot, operation: &str) -> &'a Gap {
    snapshot.gaps.iter().find(|gap| gap.operation == operation).unwrap_or_else(|| panic!("{:?}", snapshot.gaps))
}

#[test]
fn a_good_organization_leaves_no_gap_and_is_never_written_to() {
    let simulator = Simulator::new(good_world());
    let snapshot = read(&simulator);
    assert_eq!(gaps(&snapshot), []);
    assert_eq!(simulator.refused_writes(), vec![]);
    assert_eq!(snapshot.accounts.len(), 3);
    assert_eq!(snapshot.trails.len(), 1);
    let member = snapshot.account(MEMBER.parse().unwrap()).unwrap();
    assert_eq!(member.sightings.len(), 1);
    assert_eq!(member.sightings[0].regions.len(), 17);
    assert_eq!(member.sightings[0].trails[0].as_str(), TRAIL);
    let bucket = &snapshot.buckets[0];
    assert_eq!(bucket.owner.as_ref().unwrap().value, Owner::Account(ARCHIVE.parse().unwrap()));
    assert!(snapshot.keys[0].rotation.as_ref().unwrap().value.enabled);
}

#[test]
fn the_demo_is_read_without_a_write() {
    let simulator = Simulator::new(demo_organization(jiff::Timestamp::now()));
    let mut settings = settings();
    settings.entrance.as_mut().unwrap().role_name = "trailproof-audit".to_owned();
    let snapshot = try_read(&simulator, &settings).unwrap();
    assert_eq!(simulator.refused_writes(), vec![]);
    assert_eq!((snapshot.accounts.len(), snapshot.trails.len()), (30, 15));
}

#[test]
fn no_question_is_put_twice() {
    let simulator = Simulator::new(good_world());
    read(&simulator);
    let mut asked: BTreeMap<String, usize> = BTreeMap::new();
    for request in simulator.requests() {
        let question = format!("{} {} {:?} {}", request.account, request.region, request.operation, request.resource);
        *asked.entry(question).or_default() += 1;
    }
    let twice: Vec<_> =
        asked.iter().filter(|(question, count)| **count > 1 && !question.contains("AssumeRole")).collect();
    assert_eq!(twice, Vec::<(&String, &usize)>::new());
}

/// The SDK's identity cache keeps 64 providers and evicts any of them.
#[test]
fn a_hundred_accounts_assume_a_hundred_roles() {
    let mut world = good_world();
    for number in 0..97u64 {
        let id = format!("{:012}", 400_000_000_000 + number);
        world.accounts.push(Account::new(&id, &id).with_role(Role::new(ROLE, MANAGEMENT)));
    }
    let simulator = Simulator::new(world);
    let snapshot = read(&simulator);
    assert_eq!(snapshot.accounts.len(), 100);
    let entered = simulator.requests().iter().filter(|request| request.operation == "AssumeRole").count();
    assert_eq!(entered, 99);
}

/// The SDK's retry tokens are shared by all clients of a Region: one account that is throttled for ever would take the
/// retries of the others away.
#[test]
fn an_account_that_is_throttled_for_ever_costs_the_others_no_retry() {
    let mut world = good_world();
    for number in 0..20u64 {
        let id = format!("{:012}", 400_000_000_000 + number);
        world.accounts.push(Account::new(&id, &id).with_role(Role::new(ROLE, MANAGEMENT)));
    }
    let throttled = "400000000000";
    let simulator = Simulator::new(world).with_weather(vec![
        Weather::new(Effect::Throttle).on("cloudtrail", "DescribeTrails").in_account(throttled).in_region("us-*"),
        Weather::new(Effect::Throttle).on("cloudtrail", "DescribeTrails").in_region("eu-west-1").first(1).each_place(),
    ]);
    let snapshot = read(&simulator);
    let mut refused: Vec<(String, Cause)> =
        snapshot.gaps.iter().map(|gap| (gap.account.unwrap().to_string(), gap.cause.clone())).collect();
    refused.dedup();
    assert_eq!(refused, [(throttled.to_owned(), Cause::Throttled)]);
}

#[test]
fn a_member_that_lets_nobody_in_is_a_gap_and_stops_nobody() {
    let mut world = good_world();
    world.accounts.push(Account::new("444444444444", "closed-door"));
    let snapshot = read(&Simulator::new(world));
    assert_eq!(gaps(&snapshot), [("sts:AssumeRole".to_owned(), "role-missing".to_owned())]);
    assert_eq!(gap(&snapshot, "sts:AssumeRole").account.unwrap().to_string(), "444444444444");
}

#[test]
fn denials_are_told_apart_by_the_kind_of_policy() {
    let kinds = [
        (PolicyKind::Identity, Cause::IdentityPolicy),
        (PolicyKind::ServiceControl, Cause::Scp),
        (PolicyKind::PermissionsBoundary, Cause::PermissionBoundary),
    ];
    for (kind, cause) in kinds {
        let mut world = good_world();
        let member = world.accounts.iter_mut().find(|account| account.id == MEMBER).unwrap();
        *member = member.clone().with_denial(Denial::implicit(kind, "cloudtrail:DescribeTrails").in_region("eu-*"));
        let snapshot = read(&Simulator::new(world));
        assert_eq!(gap(&snapshot, "cloudtrail:DescribeTrails").cause, cause);
        assert_eq!(snapshot.gaps.len(), 5, "{:?}", gaps(&snapshot));
    }
}

#[test]
fn suspended_accounts_are_inventory_and_no_gap() {
    let mut world = good_world();
    world.accounts.push(Account::new("444444444444", "gone").in_state(AccountState::Suspended));
    let simulator = Simulator::new(world);
    let snapshot = read(&simulator);
    assert_eq!(gaps(&snapshot), []);
    assert!(!snapshot.account("444444444444".parse().unwrap()).unwrap().is_active());
}

/// What an account that is not in use owns is named as such, and the account is not asked.
#[test]
fn a_key_of_a_suspended_account_is_named_as_such() {
    let mut world = good_world();
    world.accounts.push(Account::new("444444444444", "gone").in_state(AccountState::Suspended));
    let key = "arn:aws:kms:us-east-1:444444444444:key/00000000-0000-0000-0000-000000000004";
    world.trails[0] = world.trails[0].clone().encrypted_with(key);
    let simulator = Simulator::new(world);
    let snapshot = read(&simulator);
    let found = gap(&snapshot, "kms:DescribeKey");
    assert_eq!(
        (&found.cause, found.message.as_str()),
        (&Cause::AccountInactive, "account 444444444444 is SUSPENDED: nobody can enter it")
    );
    assert!(snapshot.run.endings.not_enabled > 0);
    assert!(!simulator.requests().iter().any(|request| request.resource.contains("444444444444:role")));
}

#[test]
fn a_region_that_is_off_and_another_partition_are_named() {
    let off = Effect::Refuse {
        status: 400,
        code: "UnrecognizedClientException".into(),
        message: "The security token included in the request is invalid.".into(),
    };
    let weather = Weather::new(off).on("cloudtrail", "DescribeTrails").in_account(MEMBER).in_region("eu-north-1");
    let mut world = good_world();
    let topic = "arn:aws-cn:sns:cn-north-1:111111111111:trail";
    world.trails[0] = world.trails[0].clone().announcing_to(topic);
    let snapshot = read(&Simulator::new(world).with_weather(vec![weather]));
    let found = gap(&snapshot, "cloudtrail:DescribeTrails");
    assert_eq!(found.cause, Cause::RegionDisabled);
    assert!(found.message.starts_with("eu-north-1 does not know the account's credentials"), "{}", found.message);
    assert_eq!(gap(&snapshot, "sns:GetTopicAttributes").cause, Cause::WrongPartition);
    let endings = &snapshot.run.endings;
    assert_eq!((endings.not_enabled, endings.denied.get("wrong-partition")), (1, Some(&1)));
}

/// Every question of a run ends in one way, those too that were never put because their account is closed.
#[test]
fn every_question_ends_and_is_counted() {
    let mut world = good_world();
    world.accounts.push(Account::new("444444444444", "closed-door"));
    let member = world.accounts.iter_mut().find(|account| account.id == MEMBER).unwrap();
    *member = member
        .clone()
        .with_denial(Denial::explicit(PolicyKind::ServiceControl, "cloudtrail:DescribeTrails").in_region("eu-*"));
    let snapshot = read(&Simulator::new(world));
    let endings = &snapshot.run.endings;
    assert_eq!(endings.denied.get("scp"), Some(&5));
    assert_eq!(endings.denied.get("role-missing"), Some(&1));
    // Its Regions, and in each of the seventeen its trails and its event data stores.
    assert_eq!(endings.not_attempted, 35);
    let answered: u64 = snapshot.run.calls.values().map(|count| count.answered).sum();
    assert_eq!(endings.observed, answered);
    assert_eq!(endings.total(), answered + 6 + 35);
}

#[test]
fn opted_in_regions_are_swept_and_disabled_ones_are_not() {
    let mut world = good_world();
    let member = world.accounts.iter_mut().find(|account| account.id == MEMBER).unwrap();
    *member = member.clone().opted_in("eu-south-1");
    let simulator = Simulator::new(world);
    let snapshot = read(&simulator);
    assert_eq!(gaps(&snapshot), []);
    assert_eq!(snapshot.account(MEMBER.parse().unwrap()).unwrap().sightings[0].regions.len(), 18);
}

#[test]
fn a_bucket_is_missing_outside_or_of_an_unknown_owner() {
    let mut world = good_world();
    let local = |name: &str, bucket: &str| {
        Trail::new(MEMBER, name, "eu-west-1", bucket).with_status(TrailStatus::logging(jiff::Timestamp::now()))
    };
    world.trails.push(local("to-nowhere", "gone-bucket"));
    world.trails.push(local("to-stranger", "stranger-bucket"));
    world.accounts.push(Account::new("999999999999", "vendor").outside());
    world.buckets.push(Bucket::new("stranger-bucket", "999999999999", "eu-west-1"));
    let snapshot = read(&Simulator::new(world.clone()));
    let bucket = |snapshot: &Snapshot, name: &str| {
        snapshot.buckets.iter().find(|bucket| bucket.name.as_str() == name).unwrap().clone()
    };
    assert_eq!(bucket(&snapshot, "gone-bucket").existence.unwrap().value, Existence::Missing);
    assert_eq!(bucket(&snapshot, "stranger-bucket").owner.unwrap().value, Owner::OutsideOrganization);
    let outside = snapshot.gaps.iter().filter(|gap| gap.cause == Cause::OutsideOrganization).count();
    assert_eq!(outside, 13);

    world.accounts.push(Account::new("444444444444", "closed-door"));
    let snapshot = read(&Simulator::new(world));
    assert!(bucket(&snapshot, "stranger-bucket").owner.is_none());
    assert_eq!(gap(&snapshot, "s3:GetBucketPolicy").cause, Cause::NotFoundElsewhere);
}

#[test]
fn a_selection_that_leaves_the_owner_out_asks_no_other_account() {
    let simulator = Simulator::new(good_world());
    let mut settings = settings();
    settings.selection.accounts = vec![MEMBER.parse().unwrap()];
    let snapshot = try_read(&simulator, &settings).unwrap();
    assert_eq!(snapshot.accounts.len(), 1);
    assert_eq!(snapshot.trails[0].status.as_ref().unwrap().value.is_logging, Some(true));
    assert!(gap(&snapshot, "s3:GetBucketPolicy").message.contains("--log-archive"));
    settings.selection.log_archives = vec![ARCHIVE.parse().unwrap()];
    let snapshot = try_read(&simulator, &settings).unwrap();
    assert_eq!(gaps(&snapshot), []);
    assert_eq!(snapshot.buckets[0].name.as_str(), BUCKET);
}

#[test]
fn a_delegated_administrator_reads_the_organization_trail_whose_owner_is_closed() {
    let mut world = good_world();
    world.organization.as_mut().unwrap().delegate_cloudtrail(ARCHIVE);
    for account in &mut world.accounts {
        *account = account.clone().with_role(Role::new("other", ARCHIVE));
    }
    let simulator = Simulator::new(world);
    let (key, secret) = simulator.credentials_of(ARCHIVE);
    let provider = aws_credential_types::Credentials::new(key, secret, None, None, "test");
    let base = simulated::base(&simulator)
        .into_builder()
        .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(provider))
        .build();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let settings = settings();
    let read = trailproof::collect::collect(&base, simulator.http_client(), &settings, Default::default());
    let snapshot = runtime.block_on(read).unwrap();
    let trail = &snapshot.trails[0];
    assert_eq!(trail.status.as_ref().unwrap().value.is_logging, Some(true));
    assert!(trail.event_selectors.is_some());
    assert_eq!(gap(&snapshot, "cloudtrail:ListTags").cause, Cause::NotFoundElsewhere);
}

#[test]
fn the_external_id_opens_the_door_and_is_nowhere_in_the_snapshot() {
    let mut world = good_world();
    for account in &mut world.accounts {
        for role in &mut account.roles {
            *role = role.clone().with_external_id("s3cr3t-external-id");
        }
    }
    let simulator = Simulator::new(world);
    assert_eq!(gap(&read(&simulator), "sts:AssumeRole").cause, Cause::RoleMissing);
    let snapshot = try_read(&simulator, &with_external_id(settings(), "s3cr3t-external-id")).unwrap();
    assert_eq!(gaps(&snapshot), []);
    let mut json = Vec::new();
    snapshot.write_json(&mut json).unwrap();
    let text = String::from_utf8(json).unwrap();
    assert!(!text.contains("s3cr3t") && !text.contains(&simulator.credentials().1));
    assert!(!format!("{:?}", with_external_id(settings(), "s3cr3t-external-id")).contains("s3cr3t"));
}

#[test]
fn answers_that_aws_does_not_document_are_gaps() {
    let malformed = [
        ("cloudtrail", "DescribeTrails", Effect::EmptyBody),
        ("cloudtrail", "DescribeTrails", Effect::MalformedBody),
        ("cloudtrail", "GetTrailStatus", Effect::EmptyBody),
        ("cloudtrail", "GetEventSelectors", Effect::EmptyBody),
        ("cloudtrail", "ListTags", Effect::EmptyBody),
        ("cloudtrail", "ListTags", Effect::RawBody(r#"{"ResourceTagList":[]}"#.into())),
        ("cloudtrail", "ListTags", Effect::WithoutField("TagsList".into())),
        ("cloudtrail", "ListTags", Effect::WithoutField("ResourceId".into())),
        ("kms", "DescribeKey", Effect::EmptyBody),
        ("kms", "GetKeyRotationStatus", Effect::EmptyBody),
        ("s3", "GetBucketLifecycleConfiguration", Effect::EmptyBody),
        ("s3", "GetBucketVersioning", Effect::EmptyBody),
        ("s3", "GetBucketAcl", Effect::EmptyBody),
        ("s3", "GetBucketLogging", Effect::EmptyBody),
        ("s3", "GetBucketVersioning", Effect::MalformedBody),
        ("sns", "GetTopicAttributes", Effect::EmptyBody),
        ("logs", "DescribeLogGroups", Effect::EmptyBody),
        ("account", "ListRegions", Effect::EmptyBody),
    ];
    for (service, operation, effect) in malformed {
        let weather = Weather::new(effect.clone()).on(service, operation);
        let simulator = Simulator::new(good_world()).with_weather(vec![weather]);
        let snapshot = read(&simulator);
        let found = gap(&snapshot, &format!("{service}:{operation}"));
        assert_eq!(found.cause, Cause::MalformedAnswer, "{operation} {effect:?}: {}", found.message);
    }
}

#[test]
fn page_tokens_that_loop_are_gaps() {
    for (service, operation) in [("account", "ListRegions"), ("cloudtrail", "ListTags")] {
        let weather = Weather::new(Effect::LoopingToken).on(service, operation);
        let snapshot = read(&Simulator::new(good_world()).with_weather(vec![weather]));
        assert_eq!(gap(&snapshot, &format!("{service}:{operation}")).cause, Cause::MalformedAnswer);
    }
}

#[test]
fn a_selection_of_nobody_is_an_error() {
    let simulator = Simulator::new(good_world());
    let mut settings = settings();
    settings.selection = Selection { ous: vec!["/Nowhere".to_owned()], ..settings.selection };
    assert!(try_read(&simulator, &settings).unwrap_err().to_string().contains("/Nowhere"));
}

/// Whoever asks where a bucket is, that nobody answered is why it is not known.
#[test]
fn a_bucket_that_was_not_located_says_why() {
    let deny = Effect::Deny("User is not authorized with an explicit deny in a service control policy".to_owned());
    let weather = Weather::new(deny).on("s3", "HeadBucket");
    let snapshot = read(&Simulator::new(good_world()).with_weather(vec![weather]));
    assert_eq!(snapshot.buckets[0].owner.as_ref().unwrap().value, Owner::Account(ARCHIVE.parse().unwrap()));
    let policies = trailproof::policy::load(&[]).policies;
    let question = trailproof::evaluate::Question {
        policies: &policies,
        packs: vec!["recommended".into()],
        settings: &[],
        fail_on: None,
        allow_incomplete: false,
    };
    let report = trailproof::evaluate::evaluate(&snapshot, String::new(), &question);
    let rule = "log-bucket-exists-and-owned";
    let owned = report.judgements.iter().find(|result| result.policy.as_str() == rule).unwrap();
    let trailproof::evaluate::Outcome::Unknown { gaps } = &owned.outcome else { panic!("{owned:?}") };
    assert!(gaps.iter().all(|gap| gap.cause != Cause::NotCollected), "{gaps:?}");
}
