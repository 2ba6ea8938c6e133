//! Sensitive buckets: how they are named, found and judged, and what is said where they could not be.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};
use simulated::{ARCHIVE, MANAGEMENT, MEMBER, ROLE, code, good_world, serve, settings, stderr, stdout, try_read};
use trailproof::collect::{Needs, Settings};
use trailproof::evaluate::{Chosen, Judgement, Outcome, Question, evaluate};
use trailproof::policy::{Policies, Setting, load};
use trailproof::simulator::{
    Account, AccountState, Bucket, Denial, Effect, PolicyKind, Simulator, TrailStatus, Weather, World,
};
use trailproof::snapshot::{Cause, Selection, Snapshot};

const RULE: &str = "sensitive-bucket-data-events";
const ORGANIZATION: &str = "arn:aws:organizations::111111111111:organization/o-exampleorg";

/// An organization whose trail records the objects of `cardholder-eu` whole, and a part of those of `cardholder-part`.
fn world() -> World {
    let mut world = good_world();
    let data = |arns: &[&str]| {
        json!({ "FieldSelectors": [
            { "Field": "eventCategory", "Equals": ["Data"] },
            { "Field": "resources.type", "Equals": ["AWS::S3::Object"] },
            { "Field": "resources.ARN", "StartsWith": arns },
        ] })
    };
    let management = json!({ "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Management"] }] });
    let objects = data(&["arn:aws:s3:::cardholder-eu/", "arn:aws:s3:::cardholder-part/in/"]);
    world.trails[0] = world.trails[0].clone().selecting_advanced([management, objects]);
    let bucket = |name: &str, owner: &str, region: &str| Bucket::new(name, owner, region);
    world.buckets.extend([
        bucket("cardholder-eu", MEMBER, "eu-west-1").with_tag("class", "secret").with_tag("owner", "anna"),
        bucket("cardholder-part", MEMBER, "us-east-1").with_tag("class", "secret"),
        bucket("cardholder-us", ARCHIVE, "us-west-2").with_tag("class", "public").with_tag("pii", ""),
        bucket("website", MEMBER, "eu-west-1").with_tag("class", "public"),
    ]);
    world
}

fn parameters(texts: &[&str], policies: &Policies) -> Vec<Setting> {
    let setting = |text: &&str| Setting::parse(&format!("{RULE}.{text}"), policies).unwrap();
    texts.iter().map(setting).collect()
}

fn question<'a>(policies: &'a Policies, settings: &'a [Setting]) -> Question<'a> {
    Question { policies, packs: vec!["recommended".into()], settings, fail_on: None, allow_incomplete: false }
}

fn rule(policies: &Policies, settings: &[Setting]) -> Chosen {
    let chosen = question(policies, settings).chosen();
    chosen.into_iter().find(|rule| rule.policy.id.as_str() == RULE).unwrap()
}

/// Reads what the rule needs alone.
fn read_with(simulator: &Simulator, texts: &[&str], settings: Settings) -> Snapshot {
    let policies = load(&[]).policies;
    let needs = Needs::of(&[rule(&policies, &parameters(texts, &policies))]);
    try_read(simulator, &Settings { needs, ..settings }).unwrap()
}

fn judged(snapshot: &Snapshot, texts: &[&str]) -> BTreeMap<String, Judgement> {
    let policies = load(&[]).policies;
    let settings = parameters(texts, &policies);
    let judgements = evaluate(snapshot, String::new(), &question(&policies, &settings)).judgements;
    let of_rule: Vec<Judgement> = judgements.into_iter().filter(|result| result.policy.as_str() == RULE).collect();
    let fingerprints: std::collections::BTreeSet<_> = of_rule.iter().map(|result| result.fingerprint).collect();
    assert_eq!(fingerprints.len(), of_rule.len(), "one result for each subject");
    of_rule.into_iter().map(|result| (result.resource.as_deref().unwrap().to_owned(), result)).collect()
}

/// Each result: its resource without what is the same for all, and its outcome.
fn outcomes(judged: &BTreeMap<String, Judgement>) -> Vec<(&str, &str)> {
    judged
        .iter()
        .map(|(resource, result)| (resource.trim_start_matches("arn:aws:s3:::"), result.outcome.as_str()))
        .collect()
}

fn scan(world: World, texts: &[&str]) -> BTreeMap<String, Judgement> {
    judged(&read_with(&Simulator::new(world), texts, settings()), texts)
}

fn asked(simulator: &Simulator, operation: &str) -> Vec<String> {
    let mut asked: Vec<String> = simulator
        .requests()
        .into_iter()
        .filter(|request| request.operation == operation)
        .map(|request| format!("{} {}", request.account, request.region))
        .collect();
    asked.sort();
    asked
}

#[test]
fn nothing_is_asked_where_nothing_is_named() {
    let simulator = Simulator::new(world());
    let snapshot = read_with(&simulator, &[], settings());
    assert_eq!((asked(&simulator, "ListBuckets").len(), asked(&simulator, "GetResources").len()), (0, 0));
    assert!(snapshot.accounts.iter().all(|account| account.buckets.is_none()) && snapshot.data_buckets.is_empty());
    let judged = judged(&snapshot, &[]);
    let Outcome::NotApplicable { reason } = &judged[ORGANIZATION].outcome else { panic!("{judged:?}") };
    assert_eq!((judged.len(), reason.as_ref()), (1, "no bucket is named by the parameters of the rule"));
}

#[test]
fn buckets_named_by_their_names_are_judged() {
    let texts = ["names=cardholder-*,arn:aws:s3:::website"];
    let simulator = Simulator::new(world());
    let snapshot = read_with(&simulator, &texts, settings());
    assert_eq!(asked(&simulator, "ListBuckets").len(), 3, "once for each account");
    assert_eq!(asked(&simulator, "GetResources").len(), 0);
    assert_eq!((snapshot.gaps.len(), simulator.refused_writes().len()), (0, 0));
    let judged = judged(&snapshot, &texts);
    let expected =
        [("cardholder-eu", "pass"), ("cardholder-part", "fail"), ("cardholder-us", "fail"), ("website", "fail")];
    assert_eq!(outcomes(&judged), expected);
    let part = &judged["arn:aws:s3:::cardholder-part"];
    assert_eq!(
        (part.account.unwrap().to_string(), part.region.as_ref().unwrap().as_str()),
        (MEMBER.into(), "us-east-1")
    );
    assert!(part.message.contains("reads: ") && part.message.contains("writes: "), "{}", part.message);
    let evidence = serde_json::to_value(&part.evidence).unwrap();
    assert_eq!(evidence["bucket.reads.state"], "part");
    assert_eq!(evidence["bucket.recorded_by"], json!([simulated::TRAIL]));
    assert!(judged["arn:aws:s3:::website"].message.contains("no reads of objects, no writes of objects"));
    let mut json = Vec::new();
    snapshot.write_json(&mut json).unwrap();
    assert_eq!(Snapshot::from_document(&json).unwrap(), snapshot);
}

#[test]
fn buckets_named_by_their_tags_are_found_where_buckets_are() {
    let texts = ["tags=class=secret,pii"];
    let simulator = Simulator::new(world());
    let snapshot = read_with(&simulator, &texts, settings());
    // Two keys: two questions in each Region in which an account has buckets.
    let places = [(ARCHIVE, "us-east-1"), (ARCHIVE, "us-west-2"), (MEMBER, "eu-west-1"), (MEMBER, "us-east-1")];
    let expected: Vec<String> = places
        .iter()
        .flat_map(|(account, region)| [format!("{account} {region}"), format!("{account} {region}")])
        .collect();
    assert_eq!(asked(&simulator, "GetResources"), expected);
    let judged = judged(&snapshot, &texts);
    let expected = [("cardholder-eu", "pass"), ("cardholder-part", "fail"), ("cardholder-us", "fail")];
    assert_eq!(outcomes(&judged), expected);
    let text = serde_json::to_string(&snapshot).unwrap();
    assert!(!text.contains("anna") && !text.contains("website"), "only what is named is kept");
    let by_both = scan(world(), &["tags=class=public", "names=cardholder-eu"]);
    assert_eq!(outcomes(&by_both), [("cardholder-eu", "pass"), ("cardholder-us", "fail"), ("website", "fail")]);
}

#[test]
fn a_trail_that_does_not_log_records_nothing() {
    let mut world = world();
    world.trails[0].status = TrailStatus::stopped(jiff::Timestamp::now());
    assert_eq!(outcomes(&scan(world, &["names=cardholder-eu"])), [("cardholder-eu", "fail")]);
}

#[test]
fn selectors_that_could_not_be_read_leave_it_open() {
    let mut world = world();
    let management = world.account_mut(MANAGEMENT).unwrap();
    let denial = Denial::explicit(PolicyKind::ServiceControl, "cloudtrail:GetEventSelectors");
    *management = management.clone().with_denial(denial);
    let judged = scan(world, &["names=cardholder-eu"]);
    let Outcome::Unknown { gaps } = &judged["arn:aws:s3:::cardholder-eu"].outcome else { panic!("{judged:?}") };
    assert_eq!((gaps[0].cause.clone(), gaps[0].operation.as_str()), (Cause::Scp, "cloudtrail:GetEventSelectors"));
}

#[test]
fn an_account_whose_buckets_cannot_be_listed_does_not_vanish() {
    let root = format!("arn:aws:iam::{MEMBER}:root");
    let deny = |world: &mut World, action: &str, region: &str| {
        let member = world.account_mut(MEMBER).unwrap();
        *member = member.clone().with_denial(Denial::implicit(PolicyKind::Identity, action).in_region(region));
    };
    let mut unlisted = world();
    deny(&mut unlisted, "s3:ListAllMyBuckets", "*");
    let judged = scan(unlisted, &["names=cardholder-*"]);
    assert_eq!(outcomes(&judged), [(root.as_str(), "unknown"), ("cardholder-us", "fail")]);
    let hidden = &judged[&root];
    let Outcome::Unknown { gaps } = &hidden.outcome else { panic!() };
    assert_eq!((gaps[0].cause.clone(), gaps[0].operation.as_str()), (Cause::IdentityPolicy, "s3:ListBuckets"));
    assert_eq!((hidden.account.unwrap().to_string(), &hidden.region), (MEMBER.to_owned(), &None));

    let mut untagged = world();
    deny(&mut untagged, "tag:GetResources", "eu-west-1");
    let judged = scan(untagged.clone(), &["tags=class=secret"]);
    assert_eq!(outcomes(&judged), [(root.as_str(), "unknown"), ("cardholder-part", "fail")]);
    let Outcome::Unknown { gaps } = &judged[&root].outcome else { panic!() };
    assert_eq!(
        (gaps[0].operation.as_str(), gaps[0].region.as_ref().unwrap().as_str()),
        ("tag:GetResources", "eu-west-1")
    );
    // By name it needs no tags.
    assert_eq!(outcomes(&scan(untagged, &["names=cardholder-eu"])), [("cardholder-eu", "pass")]);

    let mut closed = world();
    closed.accounts.push(Account::new("444444444444", "closed-door"));
    closed.accounts.push(Account::new("555555555555", "gone").in_state(AccountState::Suspended));
    let judged = scan(closed, &["names=cardholder-eu"]);
    assert_eq!(outcomes(&judged), [("arn:aws:iam::444444444444:root", "unknown"), ("cardholder-eu", "pass")]);

    for effect in [Effect::EmptyBody, Effect::MalformedBody] {
        let weather = Weather::new(effect).on("s3", "ListBuckets").in_account(MEMBER);
        let simulator = Simulator::new(world()).with_weather(vec![weather]);
        let texts = ["names=cardholder-*"];
        let judged = self::judged(&read_with(&simulator, &texts, settings()), &texts);
        assert_eq!(outcomes(&judged), [(root.as_str(), "unknown"), ("cardholder-us", "fail")]);
    }
    for weather in [Weather::new(Effect::EmptyBody), Weather::new(Effect::LoopingToken)] {
        let simulator =
            Simulator::new(world()).with_weather(vec![weather.on("tag", "GetResources").in_account(MEMBER)]);
        let texts = ["tags=class=secret,pii"];
        let judged = self::judged(&read_with(&simulator, &texts, settings()), &texts);
        assert_eq!(outcomes(&judged), [(root.as_str(), "unknown"), ("cardholder-us", "fail")]);
    }
}

#[test]
fn a_name_that_nobody_lists_is_no_clean_result() {
    let judged = scan(world(), &["names=cardholder-eu,cardhodler-us,nothing-*"]);
    assert_eq!(outcomes(&judged), [("cardhodler-us", "unknown"), ("cardholder-eu", "pass")]);
    let Outcome::Unknown { gaps } = &judged["arn:aws:s3:::cardhodler-us"].outcome else { panic!() };
    assert_eq!(gaps[0].cause, Cause::NotFoundElsewhere);
    let judged = scan(world(), &["names=nothing-*", "tags=nobody"]);
    assert_eq!(outcomes(&judged), [(ORGANIZATION, "not-applicable")]);
}

#[test]
fn only_the_regions_and_accounts_that_are_scanned_are_looked_through() {
    let texts = ["names=cardholder-*", "tags=class"];
    let simulator = Simulator::new(world());
    let mut narrowed = settings();
    narrowed.selection = Selection {
        regions: vec!["us-east-1".parse().unwrap()],
        accounts: vec![MANAGEMENT.parse().unwrap(), MEMBER.parse().unwrap()],
        ..narrowed.selection
    };
    let snapshot = read_with(&simulator, &texts, narrowed);
    assert_eq!(asked(&simulator, "GetResources"), [format!("{MEMBER} us-east-1")]);
    assert_eq!(outcomes(&judged(&snapshot, &texts)), [("cardholder-part", "fail")]);
}

#[test]
fn other_parameters_than_those_that_were_collected_are_not_collected() {
    let collected = ["names=cardholder-eu"];
    let snapshot = read_with(&Simulator::new(world()), &collected, settings());
    let more = judged(&snapshot, &["names=cardholder-*,cardholder-eu", "tags=pii"]);
    assert_eq!(outcomes(&more), [(ORGANIZATION, "unknown"), ("cardholder-eu", "pass")]);
    let Outcome::Unknown { gaps } = &more[ORGANIZATION].outcome else { panic!() };
    assert_eq!(gaps[0].cause, Cause::NotCollected);
    for said in ["cardholder-*, pii", "--set"] {
        assert!(gaps[0].message.contains(said), "{}", gaps[0].message);
    }
    let none = judged(&read_with(&Simulator::new(world()), &[], settings()), &collected);
    assert_eq!(outcomes(&none), [(ORGANIZATION, "unknown")]);
}

/// In a run of one account, what stands for all buckets and what stands for the account have one ARN, and one result.
#[test]
fn an_account_alone_has_one_result_for_what_is_hidden() {
    let mut alone = settings();
    (alone.selection, alone.entrance) = (Selection::default(), None);
    let root = format!("arn:aws:iam::{MANAGEMENT}:root");
    let weather = Weather::new(Effect::Deny("because no identity-based policy allows it".to_owned()));
    let simulator = Simulator::new(world()).with_weather(vec![weather.on("s3", "ListBuckets")]);
    let snapshot = read_with(&simulator, &["names=a*"], alone.clone());
    let both = judged(&snapshot, &["names=a*,b*"]);
    assert_eq!(outcomes(&both), [(root.as_str(), "unknown")]);
    let Outcome::Unknown { gaps } = &both[&root].outcome else { panic!() };
    assert_eq!(gaps.len(), 2);
    let snapshot = read_with(&Simulator::new(world()), &["names=a*"], alone);
    assert_eq!(outcomes(&judged(&snapshot, &["names=a*"])), [(root.as_str(), "not-applicable")]);
}

#[test]
fn rules_of_ones_own_judge_the_buckets_that_they_name() {
    let folder = tempfile::tempdir().unwrap();
    let own = "id: own-buckets\ntitle: In Europe\nseverity: high\nscope: bucket\nassert: bucket.region.startsWith(\"eu-\")\n\
               message: \"{bucket.name} is in {bucket.region}\"\nwhy: So.\nfix: { text: Move. }\nexamples: []\n\
               parameters:\n  names: { type: list, default: [\"card*\"], description: Buckets. }\n";
    fs::write(folder.path().join("own-buckets.yaml"), own).unwrap();
    let policies = load(&[folder.path().to_owned()]).policies;
    let settings_of = parameters(&["names=website"], &policies);
    let question = question(&policies, &settings_of);
    let needs = Needs::of(&question.chosen());
    let snapshot = try_read(&Simulator::new(world()), &Settings { needs, ..settings() }).unwrap();
    let judgements = evaluate(&snapshot, String::new(), &question).judgements;
    let of = |id: &str| {
        let of_rule = judgements.iter().filter(|result| result.policy.as_str() == id);
        of_rule
            .map(|result| format!("{} {}", result.resource.as_deref().unwrap(), result.outcome.as_str()))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(RULE), ["arn:aws:s3:::website fail"]);
    let own_results =
        ["arn:aws:s3:::cardholder-eu pass", "arn:aws:s3:::cardholder-part fail", "arn:aws:s3:::cardholder-us fail"];
    assert_eq!(of("own-buckets"), own_results);
    fs::write(folder.path().join("own-buckets.yaml"), own.replace("names:", "buckets:")).unwrap();
    let mistakes = load(&[folder.path().to_owned()]).diagnostics;
    assert!(mistakes[0].message.contains("a parameter `names` or `tags` of the type list"), "{mistakes:?}");
}

#[test]
fn the_binary_collects_and_checks_what_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let served = serve(Simulator::new(world()));
    let path = folder.path().join("snapshot.json");
    let set = format!("{RULE}.names=cardholder-eu");
    let collect = |arguments: &[&str]| {
        let mut command = served.trailproof();
        let output = command.args(["collect", "--role-name", ROLE, "-o"]).arg(&path).args(arguments).output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    };
    let check = |set: &str| {
        let mut command = simulated::trailproof();
        let arguments = ["check", "--pack", "recommended", "--set", set, "--output", "json"];
        let output = command.args(arguments).arg(&path).output().unwrap();
        let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
        let results = report["results"].as_array().unwrap().iter().filter(|result| result["policy"] == RULE);
        let shown = results
            .map(|result| format!("{} {}", result["resource"].as_str().unwrap(), result["outcome"].as_str().unwrap()));
        (code(&output), shown.collect::<Vec<_>>())
    };
    collect(&["--everything", "--set", &set]);
    assert_eq!(check(&set), (0, vec!["arn:aws:s3:::cardholder-eu pass".to_owned()]));
    let (code, results) = check(&format!("{RULE}.tags=pii"));
    assert_eq!((code, results), (3, vec![format!("{ORGANIZATION} unknown")]));
    collect(&["--pack", "recommended", "--set", &set]);
    assert_eq!(check(&set).0, 0);
}
