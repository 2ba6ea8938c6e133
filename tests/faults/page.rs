//! The page of faults: made of what happens.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::fault::faults;
use super::matrix::{Fate, matrix};

const PAGE: &str = "docs/faults.md";

const INTRODUCTION: &str = "\
# What happens when AWS does not answer

Every call that a scan can make was spoilt in one account of a simulated organization, in each of these ways, and the run
held against one without the fault: it ends in the stated time, every result is the same as before or unknown because of
what that account did not answer, and no result rests on what was not read.

The table is made by `TRAILPROOF_WRITE_FAULTS=1 cargo test --test faults`, which prints it; without the variable, the same
test holds it against what happens. Its rows are the faults; calls of which the same becomes are one column. A cell is the
cause of the gap that is left; **read**, where the answer is read as if nothing were wrong; **other**, where it is read and says
something else, by which nothing passes that did not; and **ends**, where there is nothing to scan without the answer: the run
ends with exit code 2 and says what to try.

Beside the table, the same tests take every single part out of every answer, and break connections of one call of each protocol
over a socket. By default a call may take 120 seconds, all its attempts included: `--call-timeout` says otherwise. An answer of
more than 32 MiB is none of AWS's, nor is a listing of more than 5,000 pages.

Credentials that AWS calls expired before their time are renewed on the spot, once, and the call is made again: what stays is
the row of those that are refused for ever.

With a fifth of all requests throttled, whatever their rate, the same is read, in at most twice the time: a test holds that in
virtual time, at 50 ms an answer and 200 accounts, where it takes 6.6 to 7.8 s instead of 4.1. What is asked at the same time is
over with its unluckiest call, and a run has a dozen such parts, one after the other: the more accounts there are, the less
that weighs.
";

fn cell(fate: &Fate) -> String {
    match fate {
        Fate::Read => "read".to_owned(),
        Fate::Changed => "other".to_owned(),
        Fate::Ends => "ends".to_owned(),
        Fate::Gap(causes) => causes.iter().map(|cause| format!("`{cause}`")).collect::<Vec<_>>().join(", "),
    }
}

fn table(fates: &BTreeMap<&'static str, Vec<Fate>>) -> String {
    let mut columns: BTreeMap<Vec<String>, Vec<&str>> = BTreeMap::new();
    for (operation, fates) in fates {
        columns.entry(fates.iter().map(cell).collect()).or_default().push(operation);
    }
    let mut columns: Vec<(Vec<String>, Vec<&str>)> = columns.into_iter().collect();
    columns.sort_by_key(|(_, calls)| (std::cmp::Reverse(calls.len()), calls[0]));
    let letters: Vec<char> = ('A'..='Z').take(columns.len()).collect();
    assert_eq!(letters.len(), columns.len(), "too many columns to read");
    let mut text = String::from("\n| fault |");
    letters.iter().for_each(|letter| write!(text, " {letter} |").unwrap());
    text.push_str("\n|---|");
    letters.iter().for_each(|_| text.push_str("---|"));
    for (row, fault) in faults().iter().enumerate() {
        write!(text, "\n| {} |", fault.name).unwrap();
        columns.iter().for_each(|(cells, _)| write!(text, " {} |", cells[row]).unwrap());
    }
    text.push_str("\n\n");
    for (letter, (_, calls)) in letters.iter().zip(&columns) {
        writeln!(
            text,
            "* **{letter}** {}",
            calls.iter().map(|call| format!("`{call}`")).collect::<Vec<_>>().join(", ")
        )
        .unwrap();
    }
    text
}

#[test]
fn the_page_says_what_becomes_of_every_call_under_every_fault() {
    let (fates, broken) = matrix();
    let page = format!("{INTRODUCTION}{}", table(&fates));
    println!("{page}");
    assert!(
        broken.is_empty(),
        "{} promises are not kept:\n{}",
        broken.len(),
        broken[..broken.len().min(20)].join("\n")
    );
    if std::env::var_os("TRAILPROOF_WRITE_FAULTS").is_some() {
        std::fs::write(PAGE, &page).unwrap();
    }
    let kept = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(kept == page, "{PAGE} is stale: TRAILPROOF_WRITE_FAULTS=1 cargo test --test faults");
}
