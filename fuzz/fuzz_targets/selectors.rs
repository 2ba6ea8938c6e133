//! Any text as event selectors: no answer may panic, and no two may contradict each other.

#![no_main]

#[path = "../checks/selectors.rs"]
mod checks;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| checks::check(text));
