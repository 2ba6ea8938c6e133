//! What parameters name over whole runs: tags of trails, and the buckets that they may deliver to.

use std::collections::BTreeMap;

use crate::judge_set;
use crate::simulated::{BUCKET, MANAGEMENT, good_world, read};
use trailproof::evaluate::Outcome;
use trailproof::simulator::{Denial, PolicyKind, Simulator, World};

/// What a rule of the pack `all` says of each thing, and what it says of it.
fn told(world: World, rule: &str, set: &[&str]) -> BTreeMap<String, (String, String)> {
    let report = judge_set(&read(&Simulator::new(world)), "all", set);
    let of_rule = report.judgements.into_iter().filter(|judgement| judgement.policy.as_str() == rule);
    let told = of_rule.map(|judgement| {
        let said = match &judgement.outcome {
            Outcome::Fail => judgement.message.to_string(),
            Outcome::NotApplicable { reason } => reason.to_string(),
            _ => String::new(),
        };
        (judgement.resource.unwrap_or_default().to_string(), (judgement.outcome.as_str().to_owned(), said))
    });
    told.collect()
}

/// What a rule says of the only thing that it is about.
fn only(world: World, rule: &str, set: &[&str]) -> (String, String) {
    let told = told(world, rule, set);
    assert_eq!(told.len(), 1, "{told:?}");
    told.into_values().next().unwrap()
}

fn tagged(tags: &[(&str, &str)]) -> World {
    let mut world = good_world();
    world.trails[0].tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    world
}

#[test]
fn required_tags_are_asked_for_by_key_or_by_value() {
    let outcome =
        |tags: &[(&str, &str)]| only(tagged(tags), "trail-tagged", &["trail-tagged.required_tags=owner,stage=prod"]);
    assert_eq!(outcome(&[("owner", ""), ("stage", "prod")]).0, "pass");
    let said = "org-trail lacks required tags: it has owner, owner=security, stage, stage=test";
    assert_eq!(outcome(&[("owner", "security"), ("stage", "test")]), ("fail".to_owned(), said.to_owned()));
    for tags in [&[][..], &[("Owner", "security"), ("stage", "prod")], &[("stage", "prod")]] {
        assert_eq!(outcome(tags).0, "fail", "{tags:?}");
    }
}

#[test]
fn tags_that_were_refused_are_unknown() {
    let mut world = tagged(&[("owner", "security")]);
    world.accounts[0] =
        world.accounts[0].clone().with_denial(Denial::explicit(PolicyKind::Identity, "cloudtrail:ListTags"));
    assert_eq!(only(world, "trail-tagged", &["trail-tagged.required_tags=owner"]).0, "unknown");
}

#[test]
fn a_trail_delivers_to_a_bucket_that_is_named() {
    let outcome =
        |buckets: &str| only(good_world(), "log-bucket-expected", &[&format!("log-bucket-expected.buckets={buckets}")]);
    assert_eq!(outcome(BUCKET).0, "pass");
    assert_eq!(outcome(&format!("other,{BUCKET}")).0, "pass");
    let said = format!("org-trail delivers to {BUCKET}, which is none of the expected buckets");
    assert_eq!(outcome("example-trail"), ("fail".to_owned(), said));
}

#[test]
fn what_nobody_names_is_said_once() {
    for (rule, reason) in
        [("trail-tagged", "no required tag is named"), ("log-bucket-expected", "no expected bucket is named")]
    {
        let organization = format!("arn:aws:organizations::{MANAGEMENT}:organization/o-exampleorg");
        let expected = BTreeMap::from([(organization, ("not-applicable".to_owned(), reason.to_owned()))]);
        assert_eq!(told(good_world(), rule, &[]), expected);
    }
}
