//! One rule over a simulated organization, which is read for this rule alone.

use std::collections::BTreeMap;

use trailproof::collect::{Needs, Settings};
use trailproof::evaluate::{Judgement, Question, evaluate};
use trailproof::policy::{Setting, load};
use trailproof::simulator::{Simulator, World};

use crate::simulated::{settings, try_read};

/// The results of a rule under `--set` settings.
pub(crate) fn results(world: World, rule: &str, set: &[&str]) -> Vec<Judgement> {
    results_of(&Simulator::new(world), rule, set)
}

/// The results of a rule over what a simulator answers.
pub(crate) fn results_of(simulator: &Simulator, rule: &str, set: &[&str]) -> Vec<Judgement> {
    let policies = load(&[]).policies;
    let set: Vec<Setting> = set.iter().map(|text| Setting::parse(text, &policies).unwrap()).collect();
    let question = Question {
        policies: &policies,
        packs: vec!["all".into()],
        settings: &set,
        fail_on: None,
        allow_incomplete: false,
    };
    let chosen: Vec<_> = question.chosen().into_iter().filter(|chosen| chosen.policy.id.as_str() == rule).collect();
    assert!(!chosen.is_empty(), "{rule}");
    let read = Settings { needs: Needs::of(&chosen), ..settings() };
    let snapshot = try_read(simulator, &read).unwrap();
    let report = evaluate(&snapshot, String::new(), &question);
    report.judgements.into_iter().filter(|judgement| judgement.policy.as_str() == rule).collect()
}

/// The outcomes by account.
pub(crate) fn outcomes(world: World, rule: &str, set: &[&str]) -> BTreeMap<String, &'static str> {
    let results = results(world, rule, set);
    results.iter().map(|result| (result.account.unwrap().to_string(), result.outcome.as_str())).collect()
}

/// The result about an account.
pub(crate) fn about(world: World, rule: &str, account: &str, set: &[&str]) -> Judgement {
    let of_account = |result: &Judgement| result.account.is_some_and(|id| id.to_string() == account);
    results(world, rule, set).into_iter().find(of_account).unwrap()
}

/// What a result shows.
pub(crate) fn shown(judgement: &Judgement) -> String {
    format!("{} {} {:?}", judgement.message, serde_json::to_string(&judgement.evidence).unwrap(), judgement.outcome)
}
