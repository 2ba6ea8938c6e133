//! What must hold for every policy.

use proptest::prelude::*;
use serde_json::Value;
use trailproof::derive::policy_document::Answer;

use super::statements::{any_json, any_statement, any_statements, rank};
use super::{ORGANIZATION, OWN, document, judge, own};

fn openness(statements: &[Value]) -> [u8; 3] {
    let text = document(statements).replace("arn:aws:s3:::b", "arn:aws:s3:::logs-bucket");
    let verdict = judge(Some(&text), OWN, |_, _| {});
    [&verdict.others_can_write, &verdict.outsiders_have_access, &verdict.others_write].map(rank)
}

fn at_most(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(one, other)| *one <= other)
}

proptest! {
    #[test]
    fn no_json_panics(value in any_json()) {
        judge(Some(&value.to_string()), OWN, |_, _| {});
        judge(Some(&document(&[value])), ORGANIZATION, |_, _| {});
    }

    #[test]
    fn a_deny_never_opens(statements in any_statements(), deny in any_statement("Deny")) {
        let before = openness(&statements);
        prop_assert!(at_most(openness(&[statements, vec![deny]].concat()), before));
    }

    #[test]
    fn an_allow_never_closes(statements in any_statements(), allow in any_statement("Allow")) {
        let before = openness(&statements);
        prop_assert!(at_most(before, openness(&[statements, vec![allow]].concat())));
    }

    #[test]
    fn order_does_not_matter(statements in any_statements()) {
        let reversed: Vec<Value> = statements.iter().rev().cloned().collect();
        prop_assert_eq!(openness(&statements), openness(&reversed));
        let known = |statements: &[Value]| -> Vec<Option<bool>> {
            let verdict = own(statements);
            let answers = [&verdict.put_is_pinned, &verdict.denies_deletes, &verdict.denies_insecure_transport, &verdict.deliveries[0].path_fits];
            answers.map(Answer::known).to_vec()
        };
        prop_assert_eq!(known(&statements), known(&reversed));
    }
}
