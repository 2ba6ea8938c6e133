//! How fast reports of a large organization are written: `cargo bench --bench emit`. `ACCOUNTS=100 cargo test --bench emit`
//! writes each once, of a small one, in the development profile.
//!
//! 10,000 accounts, and 400,000 results: those of all built-in rules over the snapshot of `support/large.rs`, cut or
//! repeated to that number, as they come; `sarif-5000` has 5,000 failures of them. Each format is written to a place that counts bytes and keeps none; the first
//! lines say how many bytes that is, how fast, and how much memory the process took at most meanwhile, the report included.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and stops where its input is wrong")]

use std::io::{self, Write};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use divan::counter::BytesCount;
use trailproof::anchor::Anchors;
use trailproof::emit::{
    Incomplete, TextStyle, write_asff, write_csv, write_full_sarif, write_github, write_html, write_json,
    write_json_lines, write_junit, write_markdown, write_ocsf, write_oscal, write_sarif, write_text,
};
use trailproof::evaluate::{Outcome, Question, Report, evaluate};
use trailproof::policy::load;

#[path = "support/large.rs"]
mod large;

/// As the binary has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// So many results for each account.
const RESULTS: usize = 40;

fn accounts() -> usize {
    std::env::var("ACCOUNTS").map_or(10_000, |count| count.parse().unwrap())
}

const FORMATS: [&str; 14] = [
    "text",
    "json",
    "jsonl",
    "csv",
    "markdown",
    "html",
    "junit",
    "github",
    "sarif",
    "sarif-full",
    "ocsf",
    "asff",
    "oscal",
    // Last, for it needs a report of its own.
    "sarif-5000",
];

static REPORT: LazyLock<Report> = LazyLock::new(|| {
    let policies = load(&[]).policies;
    let packs = vec!["all".into(), "cis-aws-foundations-5.0".into()];
    let question = Question { policies: &policies, packs, settings: &[], fail_on: None, allow_incomplete: true };
    let mut report = evaluate(&large::snapshot(accounts()), "0".repeat(64), &question);
    let (all, wanted) = (std::mem::take(&mut report.judgements), accounts() * RESULTS);
    // Each rule in proportion, so that what is written is as various as it was.
    report.judgements = all
        .chunk_by(|left, right| left.policy == right.policy)
        .flat_map(|of_rule| of_rule.iter().cycle().take((of_rule.len() * wanted).div_ceil(all.len())).cloned())
        .take(wanted)
        .collect();
    drop(all);
    // What the making of it took is given back after a while, and is not what writing takes.
    std::thread::sleep(Duration::from_secs(1));
    report
});

/// As much as GitHub takes of one run: failures alone, of all rules.
static FAILURES: LazyLock<Report> = LazyLock::new(|| {
    let mut report = REPORT.clone();
    report.judgements.retain(|judgement| judgement.outcome == Outcome::Fail);
    let step = (report.judgements.len() / 5_000).max(1);
    report.judgements = report.judgements.into_iter().step_by(step).take(5_000).collect();
    report
});

/// Counts bytes, and keeps none.
#[derive(Debug)]
struct Counting(u64);

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn written(format: &str) -> u64 {
    let (report, root) = (&*REPORT, Anchors::default());
    let mut counting = io::BufWriter::new(Counting(0));
    let writer: &mut dyn Write = &mut counting;
    match format {
        "text" => write_text(report, TextStyle::Plain, writer),
        "json" => write_json(report, writer),
        "jsonl" => write_json_lines(report, writer),
        "csv" => write_csv(report, writer),
        "markdown" => write_markdown(report, writer),
        "html" => write_html(report, writer),
        "junit" => write_junit(report, writer),
        "github" => write_github(report, &root, writer),
        "sarif" => write_sarif(report, &root, Incomplete::Accept, writer),
        "sarif-5000" => write_sarif(&FAILURES, &root, Incomplete::Accept, writer),
        "sarif-full" => write_full_sarif(report, &root, writer),
        "ocsf" => write_ocsf(report, writer),
        "asff" => write_asff(report, writer),
        _ => write_oscal(report, writer),
    }
    .unwrap();
    counting.into_inner().unwrap().0
}

fn main() {
    let report = &*REPORT;
    println!("{} accounts, {} results", report.accounts.len(), report.judgements.len());
    for format in FORMATS {
        forget_the_most_memory();
        let began = Instant::now();
        let bytes = written(format);
        let took = began.elapsed();
        println!(
            "{format:>10}: {bytes:>13} bytes in {took:>8.0?}, {:.0} MB/s, at most {} of memory",
            bytes as f64 / 1e6 / took.as_secs_f64(),
            most_memory()
        );
    }
    divan::main();
}

/// Lets the kernel count the most memory anew. Linux alone does.
fn forget_the_most_memory() {
    // Source: proc(5), /proc/pid/clear_refs: 5 resets the peak resident set size.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The most memory since it was forgotten. Linux alone says it so.
fn most_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    most.map_or_else(|| "not known".to_owned(), |most| most.trim().to_owned())
}

#[divan::bench(args = FORMATS, sample_count = 5)]
fn emit(bencher: divan::Bencher<'_, '_>, format: &str) {
    let bytes = written(format);
    bencher.counter(BytesCount::new(bytes)).bench(|| written(format));
}
