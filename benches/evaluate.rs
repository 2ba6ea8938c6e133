//! How fast a large organization is judged: `cargo bench --bench evaluate`.
//!
//! The snapshot is synthetic: 10,000 accounts of 17 Regions, all of which see 3 organization trails; every tenth has a
//! trail of its own, into one of 500 buckets, every tenth of those with one of 100 keys. Each run derives the facts and
//! judges the rules of the recommended pack, or all built-in ones; nothing is written. The first lines say how many
//! verdicts that is, in a process that has done nothing else.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and stops where its input is wrong")]

use std::time::{Duration, Instant};

use divan::counter::ItemsCount;
use trailproof::derive::subjects;
use trailproof::evaluate::{Question, Report, evaluate};
use trailproof::policy::{Policies, load};
use trailproof::snapshot::Snapshot;

#[path = "support/large.rs"]
mod large;

/// As the binary has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Of so many runs, the one in the middle is told.
const RUNS: usize = 21;

const PACKS: [&str; 2] = ["recommended", "all"];

fn main() {
    let (snapshot, policies) = (large::snapshot(10_000), load(&[]).policies);
    for pack in PACKS {
        let timed = |_| {
            let began = Instant::now();
            let report = judged(&snapshot, &policies, pack);
            (began.elapsed(), report.judgements.len())
        };
        let mut runs: Vec<(Duration, usize)> = (0..RUNS).map(timed).collect();
        runs.sort();
        let (took, verdicts) = runs[RUNS / 2];
        println!("{pack}: {verdicts} verdicts in {took:.0?}, {:.0} a second", verdicts as f64 / took.as_secs_f64());
    }
    divan::main();
}

fn judged(snapshot: &Snapshot, policies: &Policies, pack: &str) -> Report {
    let question =
        Question { policies, packs: vec![pack.into()], settings: &[], fail_on: None, allow_incomplete: true };
    evaluate(snapshot, String::new(), &question)
}

#[divan::bench(args = PACKS, sample_count = 20)]
fn judge(bencher: divan::Bencher<'_, '_>, pack: &str) {
    let (snapshot, policies) = (large::snapshot(10_000), load(&[]).policies);
    let verdicts = judged(&snapshot, &policies, pack).judgements.len();
    bencher.counter(ItemsCount::new(verdicts)).bench(|| judged(&snapshot, &policies, pack));
}

#[divan::bench(args = [10_000], sample_count = 20)]
fn derive(bencher: divan::Bencher<'_, '_>, accounts: usize) {
    let snapshot = large::snapshot(accounts);
    bencher.bench(|| subjects(&snapshot));
}

#[divan::bench(sample_count = 50)]
fn load_and_check_all_rules() -> usize {
    load(&[]).policies.rules().count()
}
