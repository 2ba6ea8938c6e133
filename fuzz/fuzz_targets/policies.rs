//! Any text as a rule, a pack and a configuration: no reading and no example may panic, and every mistake can be shown.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use trailproof::policy::{Diagnostic, Policies, Source, load, render};

static BUILT_IN: LazyLock<Policies> = LazyLock::new(|| load(&[]).policies);

const NAME: &str = "input.yaml";

fn show(mistakes: &[Diagnostic], text: &str) {
    assert!(!mistakes.is_empty());
    assert!(mistakes.is_sorted());
    assert!(mistakes.iter().all(|mistake| mistake.start <= mistake.end && mistake.start <= text.len()));
    let source = Source { file: NAME.to_owned(), text: text.to_owned() };
    assert!(!render(mistakes, &[source], false).is_empty());
}

fuzz_target!(|text: &str| {
    match BUILT_IN.read_rule(NAME, text) {
        Ok(rule) => rule.iter().for_each(|rule| drop(rule.run_examples())),
        Err(mistakes) => show(&mistakes, text),
    }
    if let Err(mistakes) = BUILT_IN.read_pack(NAME, text) {
        show(&mistakes, text);
    }
    if let Err(mistakes) = BUILT_IN.read_configuration(NAME, text) {
        show(&mistakes, text);
    }
});
