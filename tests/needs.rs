//! What rules need is what is read: a rule alone comes to the same results as among all, by fewer calls.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/frayed.rs"]
mod frayed;
#[path = "support/simulated.rs"]
mod simulated;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use frayed::frayed_world;
use simulated::{ARCHIVE, BUCKET, good_world, settings, try_read};
use trailproof::collect::{CALLS, Call, Needs, Settings};
use trailproof::emit::write_json;
use trailproof::evaluate::{Chosen, Outcome, Question, evaluate};
use trailproof::policy::{Policies, Setting, load};
use trailproof::simulator::{Effect, Simulator, Weather, demo_organization};
use trailproof::snapshot::{Cause, Snapshot};

fn question(policies: &Policies) -> Question<'_> {
    static NAMED: OnceLock<Vec<Setting>> = OnceLock::new();
    let settings = NAMED.get_or_init(|| {
        let set = [
            "sensitive-bucket-data-events.names=own-bucket,no-such-bucket,example-*",
            "sensitive-bucket-data-events.tags=class=secret",
            "data-events-required-types.resource_types=AWS::S3::Object,AWS::SQS::Queue",
            "network-activity-events.event_sources=kms.amazonaws.com",
            "trail-tagged.required_tags=owner",
            "log-bucket-expected.buckets=example-trail-logs",
        ];
        set.map(|text| Setting::parse(text, policies).unwrap()).to_vec()
    });
    Question { policies, packs: vec!["all".into()], settings, fail_on: None, allow_incomplete: false }
}

/// All that there is to read.
fn everything(policies: &Policies) -> Needs {
    Needs::of(&question(policies).all()).and_everything()
}

/// The results of each rule over a snapshot, as a report has them.
fn results(snapshot: &Snapshot, policies: &Policies) -> BTreeMap<String, Vec<serde_json::Value>> {
    let mut json = Vec::new();
    write_json(&evaluate(snapshot, String::new(), &question(policies)), &mut json).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let mut by_rule: BTreeMap<String, Vec<serde_json::Value>> = BTreeMap::new();
    for result in report["results"].as_array().unwrap() {
        by_rule.entry(result["policy"].as_str().unwrap().to_owned()).or_default().push(result.clone());
    }
    by_rule
}

/// The rules, by what each needs alone.
fn by_needs(policies: &Policies) -> Vec<(Needs, Vec<Chosen>)> {
    let mut sorted: Vec<(Needs, Vec<Chosen>)> = Vec::new();
    for rule in question(policies).chosen() {
        let needs = Needs::of(std::slice::from_ref(&rule));
        match sorted.iter_mut().find(|(other, _)| *other == needs) {
            Some((_, rules)) => rules.push(rule),
            None => sorted.push((needs, vec![rule])),
        }
    }
    assert!(sorted.len() > 10, "{}", sorted.len());
    sorted
}

fn read(simulator: &Simulator, settings: &Settings, needs: &Needs) -> Option<Snapshot> {
    try_read(simulator, &Settings { needs: needs.clone(), ..settings.clone() }).ok()
}

/// Holds the results of each rule alone against its results among all, over one simulated organization.
fn compare(simulator: &Simulator, settings: &Settings, policies: &Policies, name: &str) {
    compare_reading(simulator, settings, policies, name, |needs| needs);
}

fn compare_reading(
    simulator: &Simulator,
    settings: &Settings,
    policies: &Policies,
    name: &str,
    change: fn(Needs) -> Needs,
) {
    let Some(whole) = read(simulator, settings, &change(everything(policies))) else { return };
    let whole = results(&whole, policies);
    for (needs, rules) in by_needs(policies) {
        let alone = results(&read(simulator, settings, &change(needs)).unwrap(), policies);
        for rule in rules {
            let id = rule.policy.id.as_str();
            assert_eq!(alone.get(id), whole.get(id), "{id} over {name}");
        }
    }
}

#[test]
fn a_rule_alone_comes_to_what_it_comes_to_among_all() {
    let policies = load(&[]).policies;
    compare(&Simulator::new(good_world()), &settings(), &policies, "the good organization");
    let frayed = Simulator::new(frayed_world());
    compare(&frayed, &settings(), &policies, "the frayed organization");
    compare_reading(&frayed, &settings(), &policies, "the frayed organization, read deep", Needs::deep);
    let mut settings = settings();
    settings.entrance.as_mut().unwrap().role_name = "trailproof-audit".to_owned();
    let homes = ["eu-central-1", "eu-west-1", "eu-west-2", "us-east-1"];
    settings.selection.regions = homes.map(|region| region.parse().unwrap()).to_vec();
    let demo = Simulator::new(demo_organization(jiff::Timestamp::now()));
    compare(&demo, &settings, &policies, "the demo");
}

/// Each call that not every run makes is refused in its turn: a rule that names it comes alone to what it comes to among
/// all, and a rule that does not name it comes to what it came to before.
#[test]
fn a_rule_alone_knows_why_it_does_not_know() {
    let policies = load(&[]).policies;
    let mut settings = settings();
    settings.selection.regions = vec!["us-east-1".parse().unwrap(), "eu-west-1".parse().unwrap()];
    let simulator = Simulator::new(frayed_world());
    let everything = everything(&policies);
    let by_needs = by_needs(&policies);
    let before = results(&read(&simulator, &settings, &everything).unwrap(), &policies);
    let always = Needs::of(&[]);
    let optional = CALLS.iter().filter(|declared| !always.asks(declared.call));
    let operations: BTreeSet<&str> = optional.map(|declared| declared.operation).collect();
    assert!(operations.len() > 15);
    for operation in operations {
        let calls: Vec<Call> =
            CALLS.iter().filter(|declared| declared.operation == operation).map(|declared| declared.call).collect();
        let (service, name) = operation.split_once(':').unwrap();
        let deny = Effect::Deny("User is not authorized with an explicit deny in a service control policy".to_owned());
        let refusing = simulator.with_weather(vec![Weather::new(deny).on(service, name)]);
        let whole = results(&read(&refusing, &settings, &everything).unwrap(), &policies);
        for (needs, rules) in &by_needs {
            let names_it = calls.iter().any(|call| needs.asks(*call));
            let alone = names_it.then(|| results(&read(&refusing, &settings, needs).unwrap(), &policies));
            let expected = alone.as_ref().unwrap_or(&before);
            for rule in rules {
                let id = rule.policy.id.as_str();
                assert!(expected.get(id) == whole.get(id), "{id} where {operation} is refused");
            }
        }
    }
}

#[test]
fn fewer_rules_make_fewer_calls_by_a_smaller_permission() {
    let policies = load(&[]).policies;
    let everything = everything(&policies);
    let calls = |needs: &Needs| {
        let simulator = Simulator::new(frayed_world());
        let snapshot = read(&simulator, &settings(), needs).unwrap();
        let named: BTreeSet<String> = snapshot.run.calls.keys().cloned().collect();
        assert!(named.iter().all(|name| snapshot.selection.operations.contains(name)), "{named:?}");
        assert!(!snapshot.gaps.iter().any(|gap| gap.cause == Cause::SessionPolicy), "{:?}", snapshot.gaps);
        (simulator.requests().len(), named)
    };
    let (all, all_named) = calls(&everything);
    assert!(all_named.contains("sns:GetTopicAttributes") && all_named.contains("tag:GetResources"));
    for (needs, rules) in by_needs(&policies) {
        let (made, named) = calls(&needs);
        assert!(made < all, "{}: {made} of {all}", rules[0].policy.id);
        assert!(named.is_subset(&all_named));
        assert!(needs.session_policy().len() < everything.session_policy().len());
    }
    let alone = |id: &str| {
        let rule = question(&policies).chosen().into_iter().find(|rule| rule.policy.id.as_str() == id).unwrap();
        calls(&Needs::of(&[rule]))
    };
    let (signed, named) = alone("log-file-validation");
    assert!(!named.iter().any(|name| ["s3:", "kms:", "sns:", "logs:"].iter().any(|service| name.starts_with(service))));
    assert!(alone("log-bucket-versioning").0 > signed);
    assert!(
        alone("log-bucket-versioning")
            .1
            .is_disjoint(&alone("kms-key-rotation").1.difference(&named).cloned().collect())
    );
}

/// Packs read no more than their rules need, and every call serves some rule or every report.
#[test]
fn each_pack_reads_what_its_rules_need() {
    let policies = load(&[]).policies;
    let needs_of = |pack: &str| Needs::of(&Question { packs: vec![pack.into()], ..question(&policies) }.chosen());
    let (recommended, all) = (needs_of("recommended"), needs_of("all"));
    assert!(recommended.groups().collect::<BTreeSet<_>>().is_subset(&all.groups().collect()));
    assert!(!recommended.asks(Call::ListTrailTags) && all.asks(Call::ListTrailTags));
}

#[test]
fn what_was_not_collected_says_so_and_how_to_collect_it() {
    let policies = load(&[]).policies;
    let simulator = Simulator::new(good_world());
    let snapshot = read(&simulator, &settings(), &Needs::of(&[])).unwrap();
    assert_eq!(snapshot.gaps, []);
    assert_eq!(snapshot.buckets[0].name.as_str(), BUCKET);
    let report = evaluate(&snapshot, String::new(), &question(&policies));
    let versioning = report.judgements.iter().find(|result| result.policy.as_str() == "log-bucket-versioning").unwrap();
    let Outcome::Unknown { gaps } = &versioning.outcome else { panic!("{versioning:?}") };
    assert_eq!(gaps[0].cause, Cause::NotCollected);
    assert!(gaps[0].message.contains("--pack") && gaps[0].message.contains("--everything"), "{}", gaps[0].message);
    let validation = report.judgements.iter().find(|result| result.policy.as_str() == "log-file-validation").unwrap();
    assert_eq!(validation.outcome, Outcome::Pass);
    assert_eq!(snapshot.account(ARCHIVE.parse().unwrap()).unwrap().public_access_block, None);
}
