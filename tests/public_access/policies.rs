//! What must hold for every policy.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::statements::{any_json, any_statement, any_statements, rank};
use super::with_policy;

fn openness(statements: &[Value]) -> u8 {
    rank(&with_policy(&json!({ "Statement": statements }).to_string()).public)
}

proptest! {
    #[test]
    fn no_json_panics(value in any_json()) {
        with_policy(&value.to_string());
        with_policy(&json!({ "Statement": [value] }).to_string());
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        with_policy(&text);
    }

    #[test]
    fn a_deny_never_opens(statements in any_statements(), deny in any_statement("Deny")) {
        let before = openness(&statements);
        prop_assert!(openness(&[statements, vec![deny]].concat()) <= before);
    }

    #[test]
    fn an_allow_never_closes(statements in any_statements(), allow in any_statement("Allow")) {
        let before = openness(&statements);
        prop_assert!(openness(&[statements, vec![allow]].concat()) >= before);
    }

    #[test]
    fn order_does_not_matter(statements in any_statements(), by in 0..5_usize) {
        let mut turned = statements.clone();
        turned.rotate_left(by.min(statements.len()));
        turned.reverse();
        prop_assert_eq!(openness(&statements), openness(&turned));
    }
}
