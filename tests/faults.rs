//! Everything that can go wrong with a call, for every call that there is.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]
#![allow(clippy::print_stdout, reason = "the page and the seed are printed")]

#[path = "support/frayed.rs"]
mod frayed;
#[path = "support/simulated.rs"]
mod simulated;
#[path = "support/virtual_time.rs"]
mod virtual_time;
mod faults {
    mod absent;
    mod fault;
    mod fields;
    mod journal;
    mod judged;
    mod killed;
    mod matrix;
    mod page;
    mod secrets;
    mod sessions;
    mod socket;
    mod subsets;
    mod throttled;
}
