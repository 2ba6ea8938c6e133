//! The end of the text: what is not known, what was not observed, and the last line.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use anstyle::Style;

use super::{Page, clean};
use crate::evaluate::Outcome;
use crate::policy::Severity;
use crate::snapshot::{Cause, Gap};

/// At most this many accounts are listed for one cause; the report as JSON has all.
const SUBJECTS_LISTED: usize = 10;

/// What is declared in the stead of rules, and could not be read.
pub(super) fn declared(page: &Page<'_>, writer: &mut dyn Write) -> io::Result<()> {
    let judgements = page.report.judgements.iter();
    let declared: BTreeSet<(&str, &str)> =
        judgements.filter_map(|judgement| Some((judgement.policy.as_str(), judgement.declared()?))).collect();
    if declared.is_empty() {
        return Ok(());
    }
    writeln!(writer, "{}", page.styled("Declared, and not proven", Style::new().bold()))?;
    for (policy, what) in declared {
        writeln!(writer, "  {policy}  {}", clean(what))?;
    }
    writeln!(writer)
}

/// Which rules could not be judged, how often.
pub(super) fn unknown(page: &Page<'_>, writer: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for judgement in &page.report.judgements {
        if matches!(judgement.outcome, Outcome::Unknown { .. }) {
            *counts.entry((judgement.severity, judgement.policy.as_str())).or_default() += 1;
        }
    }
    if counts.is_empty() {
        return Ok(());
    }
    writeln!(writer, "{}", page.styled("Not known", Style::new().bold()))?;
    for ((severity, policy), count) in counts {
        let results = if count == 1 { "result" } else { "results" };
        writeln!(writer, "  {policy}  {count} {results} ({severity})", severity = severity.as_str())?;
    }
    for message in not_collected(page) {
        writeln!(writer, "  {}  {}", page.styled("not collected", Style::new().dimmed()), clean(message))?;
    }
    writeln!(writer)
}

/// What is said of facts that were never asked for: no gap of the snapshot tells of them.
fn not_collected<'a>(page: &Page<'a>) -> BTreeSet<&'a str> {
    let hidden = page.report.judgements.iter().filter_map(|judgement| match &judgement.outcome {
        Outcome::Unknown { gaps } => Some(gaps),
        _ => None,
    });
    hidden.flatten().filter(|gap| gap.cause == Cause::NotCollected).map(|gap| gap.message.as_str()).collect()
}

/// What was asked and not answered: the causes, each with what to do, and beneath it one line for each account.
pub(super) fn unobserved(page: &Page<'_>, writer: &mut dyn Write) -> io::Result<()> {
    let mut causes: BTreeMap<&Cause, BTreeMap<String, Vec<&Gap>>> = BTreeMap::new();
    let (elsewhere, gaps): (Vec<&Gap>, Vec<&Gap>) = page.report.gaps.iter().partition(|gap| of_other_shard(page, gap));
    for gap in gaps {
        causes.entry(&gap.cause).or_default().entry(subject(page, gap)).or_default().push(gap);
    }
    if causes.is_empty() && elsewhere.is_empty() {
        return Ok(());
    }
    writeln!(writer, "{}", page.styled("Not observed", Style::new().bold()))?;
    if let Some(shards) = page.report.selection.shards.as_ref().filter(|_| !elsewhere.is_empty()) {
        let accounts = plural("account", elsewhere.len());
        writeln!(writer, "  {} {accounts} of other shards: only shard {shards} was read", elsewhere.len())?;
        let fix = page.styled("fix", Style::new().dimmed());
        writeln!(writer, "    {fix}  collect the others, and join all with `trailproof merge`")?;
    }
    for (cause, subjects) in causes {
        let gaps: usize = subjects.values().map(Vec::len).sum();
        writeln!(writer, "  {cause}  {gaps} {}", plural("question", gaps))?;
        if let Some(remedy) = cause.remedy() {
            writeln!(writer, "    {}  {remedy}", page.styled("fix", Style::new().dimmed()))?;
        }
        let more = subjects.len().saturating_sub(SUBJECTS_LISTED);
        for (subject, gaps) in subjects.into_iter().take(SUBJECTS_LISTED) {
            let Some(first) = gaps.first() else { continue };
            let calls = if gaps.len() == 1 { first.operation.clone() } else { format!("{} calls", gaps.len()) };
            writeln!(writer, "    {subject}  {calls}: {}", clean(&first.message))?;
        }
        if more > 0 {
            writeln!(writer, "    and {more} more; the report as JSON lists all")?;
        }
    }
    writeln!(writer)
}

fn of_other_shard(page: &Page<'_>, gap: &Gap) -> bool {
    page.report.selection.shards.as_ref().is_some_and(|shards| shards.leave_out(gap))
}

/// What a gap is about: the account that was asked, else the thing that was asked about.
fn subject(page: &Page<'_>, gap: &Gap) -> String {
    match (&gap.account, &gap.resource) {
        (None, Some(resource)) => clean(resource),
        (account, _) => page.account(*account),
    }
}

/// One line: how the questions of the run ended.
pub(super) fn endings(page: &Page<'_>, writer: &mut dyn Write) -> io::Result<()> {
    let endings = &page.report.run.endings;
    if endings.total() == 0 {
        return Ok(());
    }
    let mut parts = vec![format!("{} observed", endings.observed)];
    for (word, causes) in [("denied", &endings.denied), ("failed", &endings.failed)] {
        let sum: u64 = causes.values().sum();
        if sum > 0 {
            let each: Vec<String> = causes.iter().map(|(cause, count)| format!("{count} {cause}")).collect();
            parts.push(format!("{sum} {word} ({})", each.join(", ")));
        }
    }
    for (word, count) in [("not enabled", endings.not_enabled), ("not attempted", endings.not_attempted)] {
        parts.extend((count > 0).then(|| format!("{count} {word}")));
    }
    let total = usize::try_from(endings.total()).unwrap_or(usize::MAX);
    writeln!(writer, "{total} {}: {}", plural("question", total), parts.join(", "))?;
    let reused: u64 = page.report.run.reused.values().map(|reused| reused.questions).sum();
    match page.report.run.reused.values().filter_map(|reused| reused.oldest).min() {
        Some(oldest) => writeln!(writer, "{reused} of them were answered by the journal, the oldest at {oldest:.0}"),
        None => Ok(()),
    }
}

/// One line: accounts, findings, what could not be read, and what the gate says.
pub(super) fn last_line(page: &Page<'_>, writer: &mut dyn Write) -> io::Result<()> {
    let report = page.report;
    let total = report.accounts.iter().filter(|account| account.active).count();
    let observed = report.accounts.iter().filter(|account| account.active && account.observed).count();
    let mut line = format!("{observed} of {total} {} observed, {}", plural("account", total), findings(page));
    if observed < total {
        let missing = total - observed;
        line.push_str(&format!("; {missing} {} could not be read in full", plural("account", missing)));
    }
    let gate = report.gate;
    let verdict = if gate.failed { "fail" } else { "pass" };
    line.push_str(&match gate.fail_on {
        Some(severity) => format!("; gate {}: {verdict}", severity.as_str()),
        None => "; no gate".to_owned(),
    });
    if !gate.complete {
        line.push_str(", and coverage was incomplete");
    }
    line.push_str(&super::waivers::in_short(page));
    writeln!(writer, "{line}")
}

fn findings(page: &Page<'_>) -> String {
    let mut counts: BTreeMap<Severity, usize> = BTreeMap::new();
    for judgement in page.report.judgements.iter().filter(|judgement| judgement.outcome == Outcome::Fail) {
        *counts.entry(judgement.severity).or_default() += 1;
    }
    if counts.is_empty() {
        return "no findings".to_owned();
    }
    let part = |(severity, count): (&Severity, &usize)| format!("{count} {}", severity.as_str());
    counts.iter().map(part).collect::<Vec<_>>().join(", ")
}

pub(super) fn plural(word: &str, count: usize) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}
