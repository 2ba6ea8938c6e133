#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use serde_json::json;

use super::{OpenQuestions, Question};
use crate::evaluate::{self, Outcome};
use crate::expr::Gaps;
use crate::id::AccountId;
use crate::policy::load;
use crate::snapshot::{Cause, Snapshot};

const AT: &str = "2026-01-01T00:00:00Z";
const CALL: &str = "iam:GetAccountAuthorizationDetails";

fn id(number: usize) -> String {
    format!("{:012}", 100_000_000_000 + number)
}

/// So many accounts, every third of which denied a call, and the others of which were not asked.
fn snapshot(accounts: usize) -> Snapshot {
    let gap = |number| json!({ "account": id(number), "operation": CALL, "cause": "scp", "message": format!("denied in {number}") });
    let account = |number| {
        json!({
            "id": id(number), "state": "ACTIVE",
            "regions": { "read_at": AT, "value": { "enabled_by_default": ["us-east-1"] } },
            "sightings": [{ "regions": ["us-east-1"], "trails": [], "read_at": AT }],
        })
    };
    serde_json::from_value(json!({
        "schema": "trailproof.snapshot/1", "tool_version": "0", "taken_at": AT,
        "caller": { "arn": "arn:aws:iam::100000000000:user/x", "account": id(0), "partition": "aws" },
        "selection": { "breadth": "organization", "operations": [CALL] },
        "accounts": (0..accounts).map(account).collect::<Vec<_>>(),
        "trails": [], "buckets": [], "keys": [], "topics": [], "log_groups": [],
        "gaps": (0..accounts).step_by(3).map(gap).collect::<Vec<_>>(),
        "run": { "started_at": AT, "finished_at": AT, "calls": {}, "requests": 0, "throttles": 0 },
    }))
    .unwrap()
}

fn only(gaps: &Gaps, open: &OpenQuestions) -> (Cause, String) {
    let all: Vec<_> = gaps.iter().collect();
    let [id] = all.as_slice() else { unreachable!("one gap is asked for") };
    let gap = open.gap(*id).unwrap();
    (gap.cause.clone(), gap.message.clone())
}

#[test]
fn what_parts_leave_open_is_found_in_them_and_after_they_are_joined() {
    let snapshot = snapshot(4);
    let mut open = OpenQuestions::of(&snapshot);
    let accounts: Vec<AccountId> = snapshot.accounts.iter().map(|account| account.id).collect();
    let (before, mut parts) = open.parts(2);
    let denied = parts[1].why(Question::of(CALL).account(accounts[0]));
    let left = parts[1].leave(Question::of("x:Y").account(accounts[1]), Cause::Unsupported, "of the second part");
    let other = parts[0].leave(Question::of("x:Y").account(accounts[1]), Cause::Unsupported, "of the first part");
    let uncalled = [parts[0].why(Question::of("x:Uncalled")), parts[1].why(Question::of("x:Uncalled"))];
    assert_eq!(only(&denied, &parts[1]), (Cause::Scp, "denied in 0".to_owned()));
    assert_eq!(parts[1].why(Question::of("x:Y").account(accounts[1])), left);
    let mut open = OpenQuestions::join(before, parts);
    assert_eq!(only(&denied, &open).1, "denied in 0");
    assert_eq!(only(&left, &open).1, "of the second part");
    assert_eq!(only(&other, &open).1, "of the first part");
    assert_eq!(open.why(Question::of("x:Y").account(accounts[1])), other, "the first part came first");
    assert!(uncalled.contains(&open.why(Question::of("x:Uncalled"))));
    assert_eq!(open.left(Question::of("x:Uncalled")), None, "what was not called left no gap of its own");
}

#[test]
fn every_account_of_many_has_the_gap_that_is_its_own() {
    let (snapshot, policies) = (snapshot(1_000), load(&[]).policies);
    let question = evaluate::Question {
        policies: &policies,
        packs: vec!["all".into()],
        settings: &[],
        fail_on: None,
        allow_incomplete: true,
    };
    let report = evaluate::evaluate(&snapshot, String::new(), &question);
    let judged = report.judgements.iter().filter(|judged| judged.policy.as_str() == "iam-no-cloudtrail-full-access");
    let judged: Vec<_> = judged.collect();
    assert_eq!(judged.len(), 1_000);
    for (number, judgement) in judged.into_iter().enumerate() {
        let Outcome::Unknown { gaps } = &judgement.outcome else { unreachable!("nothing was read: {judgement:?}") };
        let [gap] = gaps.as_slice() else { unreachable!("one call hides it: {gaps:?}") };
        assert_eq!(gap.account, judgement.account);
        assert_eq!(gap.cause, if number % 3 == 0 { Cause::Scp } else { Cause::NotCollected }, "{number}");
    }
}
