//! What changed between two reports or snapshots: as text, as Markdown for a pull request, and as JSON.

mod json;
mod markdown;

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use serde_json::Value;

use super::text::{TextStyle, clean, pad};
use crate::compare::{Difference, SettingChange, SettingKind, VerdictChange, VerdictKind};

pub use json::{DIFFERENCE_SCHEMA, JsonDifference, write_difference_json};
pub use markdown::write_difference_markdown;

/// At most this many letters of a value are shown.
const LETTERS: usize = 100;
/// At most this many lines of a subject are shown.
const LINES: usize = 40;

/// Writes what changed as text: by account and subject, settings first, then verdicts; then one line.
///
/// # Errors
/// Where the writer fails.
pub fn write_difference_text(difference: &Difference, style: TextStyle, writer: &mut dyn Write) -> io::Result<()> {
    writeln!(writer, "{}\n", heading(difference))?;
    if difference.is_by_other_rules() {
        writeln!(writer, "The two were judged by other rules or versions: verdicts may differ for that alone.\n")?;
    }
    for ((account, subject), of_subject) in by_subject(difference) {
        let named = if subject.is_empty() { "organization" } else { subject };
        let named = style.dressed(&clean(named), Style::new().bold());
        match account {
            Some(account) if account != subject => writeln!(writer, "{}  {named}", clean(account))?,
            _ => writeln!(writer, "{named}")?,
        }
        let lines = of_subject.settings.len() + of_subject.verdicts.len();
        for change in of_subject.settings.iter().take(LINES) {
            writeln!(writer, "  {}", setting(change))?;
        }
        for change in of_subject.verdicts.iter().take(LINES.saturating_sub(of_subject.settings.len())) {
            let word = style.dressed(change.kind.as_str(), Style::new().fg_color(Some(colour(change.kind).into())));
            let word = pad(&word, change.kind.as_str().len(), 10);
            writeln!(writer, "  {word}  {}", verdict(change))?;
        }
        if lines > LINES {
            writeln!(writer, "  and {} more; --output json has all", lines - LINES)?;
        }
        writeln!(writer)?;
    }
    writeln!(writer, "{}", last_line(difference))
}

/// What changed of one subject.
#[derive(Default)]
struct OfSubject<'a> {
    settings: Vec<&'a SettingChange>,
    verdicts: Vec<&'a VerdictChange>,
}

type BySubject<'a> = BTreeMap<(Option<&'a str>, &'a str), OfSubject<'a>>;

/// All changes by account and subject; an account is its own subject, and a bucket is named without its ARN's head.
fn by_subject(difference: &Difference) -> BySubject<'_> {
    let mut all = BySubject::new();
    for change in &difference.configuration {
        let key = (change.account.as_deref(), subject_of(&change.subject));
        all.entry(key).or_default().settings.push(change);
    }
    for change in &difference.verdicts {
        let key = (change.account.as_deref(), subject_of(change.resource.as_deref().unwrap_or("")));
        all.entry(key).or_default().verdicts.push(change);
    }
    all
}

/// A subject as both sides name it: snapshots name accounts and buckets without an ARN, and the organization by a word.
fn subject_of(subject: &str) -> &str {
    let Some(rest) = subject.strip_prefix("arn:").and_then(|rest| rest.split_once(':')).map(|(_, rest)| rest) else {
        return if subject == "organization" { "" } else { subject };
    };
    if let Some(bucket) = rest.strip_prefix("s3:::") {
        return bucket;
    }
    if let Some(account) = rest.strip_prefix("iam::").and_then(|rest| rest.strip_suffix(":root")) {
        return account;
    }
    if rest.starts_with("organizations::") { "" } else { subject }
}

fn heading(difference: &Difference) -> String {
    let (old, new) = (&difference.old, &difference.new);
    let named = |organization: &Option<String>| organization.clone().unwrap_or_else(|| "no organization".to_owned());
    let of = match old.organization == new.organization {
        true => named(&new.organization),
        false => format!("{} and {}", named(&old.organization), named(&new.organization)),
    };
    format!("{of} · from {:.0} to {:.0}", old.taken_at, new.taken_at)
}

/// A setting that changed, in words.
fn setting(change: &SettingChange) -> String {
    let path = clean(&change.path);
    let value = |value: &Option<Value>| value.as_ref().map_or_else(String::new, shown);
    let gone = if path.is_empty() { "it is" } else { path.as_str() };
    match change.kind {
        SettingKind::Changed => format!("{path}  {} → {}", value(&change.before), value(&change.after)),
        SettingKind::Added if change.after.is_none() => format!("{gone} new"),
        SettingKind::Added => format!("{path}  → {}", value(&change.after)),
        SettingKind::Removed if change.before.is_none() => format!("{gone} gone"),
        SettingKind::Removed => format!("{path}  {} → nothing", value(&change.before)),
        SettingKind::Unobserved => format!("{gone} not observed any more"),
        SettingKind::Observed if change.after.is_none() => format!("{gone} observed now"),
        SettingKind::Observed => format!("{path}  observed now: {}", value(&change.after)),
    }
}

/// A value on one line, shortened.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => clean(text),
        other => clean(&other.to_string()),
    };
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A verdict that changed, in words.
fn verdict(change: &VerdictChange) -> String {
    let policy = clean(&change.policy);
    let said = |side: &Option<crate::compare::Verdict>| {
        side.as_ref().map_or_else(|| "not judged".to_owned(), |verdict| verdict.outcome.as_str().to_owned())
    };
    let after = change.after.as_ref().or(change.before.as_ref());
    let severity = after.map_or("", |verdict| verdict.severity.as_str());
    let message = |side: &Option<crate::compare::Verdict>| {
        side.as_ref().map_or_else(String::new, |verdict| clean(&verdict.message))
    };
    match change.kind {
        VerdictKind::New => format!("{policy} ({severity}): {}", message(&change.after)),
        VerdictKind::Changed => {
            let before = change.before.as_ref().map_or("", |verdict| verdict.severity.as_str());
            let from = if before == severity { String::new() } else { format!("{before} → ") };
            format!("{policy} ({from}{severity}): {} → {}", message(&change.before), message(&change.after))
        }
        VerdictKind::Fixed => format!("{policy} ({severity}): it was: {}", message(&change.before)),
        _ => format!("{policy} ({severity}): {} → {}", said(&change.before), said(&change.after)),
    }
}

fn colour(kind: VerdictKind) -> AnsiColor {
    match kind {
        VerdictKind::New | VerdictKind::Changed => AnsiColor::Red,
        VerdictKind::Fixed => AnsiColor::Green,
        VerdictKind::Unobserved => AnsiColor::Yellow,
        _ => AnsiColor::Cyan,
    }
}

fn last_line(difference: &Difference) -> String {
    if difference.is_empty() {
        return "nothing changed".to_owned();
    }
    let settings = difference.configuration.len();
    let settings = format!("{settings} {} changed", if settings == 1 { "setting" } else { "settings" });
    let counts = VerdictKind::ALL.map(|kind| (kind.as_str(), difference.count(kind)));
    let counted = counts.iter().filter(|(_, count)| *count > 0).map(|(kind, count)| format!("{count} {kind}"));
    match counted.collect::<Vec<_>>() {
        none if none.is_empty() => format!("{settings}, no verdict did"),
        verdicts => format!("{settings}; verdicts: {}", verdicts.join(", ")),
    }
}
