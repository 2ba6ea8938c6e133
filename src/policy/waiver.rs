//! Waivers: what an organization accepts for a while, who accepted it, and until when.

mod scope;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::control::demand_rule;
use super::id::PolicyId;
use super::load::Policies;
use super::read::{Part, nearest};
use crate::snapshot::Cause;

pub use scope::WaiverScope;

/// Something that is accepted for a while. What it covers stays in every report, as `waived`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// What it covers.
    pub covers: Covers,
    /// Where.
    pub scope: WaiverScope,
    /// Why it is accepted.
    pub reason: String,
    /// Who accepted it.
    pub owner: String,
    /// Where that was decided.
    pub ticket: String,
    /// When it was accepted, where it says so: its life is counted from there.
    pub since: Option<Date>,
    /// The last day on which it holds, in UTC.
    pub expires: Date,
    /// The file that holds it, as the user named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// What a waiver covers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Covers {
    /// A rule that fails, or of which it is not known whether it does.
    Rule(PolicyId),
    /// What was not observed for this cause. It covers results that are unknown for such gaps alone.
    Gap(Cause),
}

impl Waiver {
    /// How many days it lives: from the day on which it was accepted, else from `today`.
    pub fn life(&self, today: Date) -> i64 {
        days(self.since.unwrap_or(today), self.expires)
    }

    /// How many days are left; negative, where it has expired.
    pub fn days_left(&self, today: Date) -> i64 {
        days(today, self.expires)
    }

    /// What it covers, in words.
    pub fn subject(&self) -> String {
        match &self.covers {
            Covers::Rule(rule) => format!("{rule} of {}", self.scope),
            Covers::Gap(cause) => format!("gap {cause} of {}", self.scope),
        }
    }
}

/// From one day to another, in days.
fn days(from: Date, to: Date) -> i64 {
    // The dates of a calendar of four digits are always so many days apart; hours are whole days.
    to.duration_since(from).as_hours() / 24
}

/// The keys of a waiver.
const KEYS: [&str; 12] =
    ["rule", "gap", "arn", "account", "ou", "tag", "region", "reason", "owner", "ticket", "since", "expires"];

/// The waivers that were read, of all files, each once.
#[derive(Debug, Default)]
pub(super) struct Waivers {
    read: Vec<Arc<Waiver>>,
    seen: BTreeMap<(Covers, WaiverScope), String>,
}

impl Waivers {
    /// Reads a list of waivers; every mistake is taken down, and of two that cover the same, the second is one.
    pub(super) fn read(&mut self, part: Part<'_>, policies: &Policies) {
        for part in part.elements() {
            let Some(waiver) = read_waiver(part, policies) else { continue };
            let key = (waiver.covers.clone(), waiver.scope.clone());
            if let Some(place) = self.seen.get(&key) {
                let message = format!("this waiver covers what the one at {place} covers");
                part.note(message, Some("keep one of them".to_owned()));
                continue;
            }
            self.seen.insert(key, format!("{}:{}", waiver.file, waiver.line));
            self.read.push(Arc::new(waiver));
        }
    }

    /// Reads a file that holds waivers and nothing else, beneath the key `waivers`.
    pub(super) fn read_file(&mut self, part: Part<'_>, policies: &Policies) {
        part.only(&["waivers"]);
        if let Some(part) = part.demand("waivers") {
            self.read(part, policies);
        }
    }

    /// All of them, in the order in which they were read.
    pub(super) fn all(self) -> Vec<Arc<Waiver>> {
        self.read
    }
}

fn read_waiver(part: Part<'_>, policies: &Policies) -> Option<Waiver> {
    part.only(&KEYS);
    part.value.as_mapping()?;
    let covers = read_covers(part, policies);
    let scope = WaiverScope::read(part);
    let [reason, owner, ticket] =
        ["reason", "owner", "ticket"].map(|key| part.demand(key).and_then(|part| part.text()));
    let since = part.get("since").map(read_date);
    let expires = part.demand("expires").and_then(read_date);
    if let (Some(Some(since)), Some(expires)) = (since, expires)
        && since > expires
    {
        part.note("this waiver ends before it begins: `since` is later than `expires`", None);
        return None;
    }
    Some(Waiver {
        covers: covers?,
        scope: scope?,
        reason: reason?,
        owner: owner?,
        ticket: ticket?,
        since: since.flatten(),
        expires: expires?,
        file: part.file.name.to_owned(),
        line: part.line(),
    })
}

fn read_covers(part: Part<'_>, policies: &Policies) -> Option<Covers> {
    match (part.get("rule"), part.get("gap")) {
        (Some(rule), None) => {
            let id = rule.text()?;
            demand_rule(&id, rule, policies);
            Some(Covers::Rule(policies.get(&id)?.id.clone()))
        }
        (None, Some(gap)) => {
            let text = gap.text()?;
            let known = Cause::names().any(|name| name == text);
            if !known {
                let help = nearest(&text, Cause::names()).map(|near| format!("did you mean `{near}`?"));
                let all = || format!("the causes are {}", Cause::names().collect::<Vec<_>>().join(", "));
                gap.note(format!("there is no cause `{text}`"), Some(help.unwrap_or_else(all)));
                return None;
            }
            text.parse().ok().map(Covers::Gap)
        }
        (Some(_), Some(gap)) => {
            gap.note("a waiver is of a `rule` or of a `gap`, not of both", Some("write two".to_owned()));
            None
        }
        (None, None) => {
            let start = part.node.range.start;
            part.file
                .mistake(start..start, "a waiver says what it covers: the id of a `rule`, or the cause of a `gap`");
            None
        }
    }
}

/// Reads a date, `YYYY-MM-DD`.
fn read_date(part: Part<'_>) -> Option<Date> {
    let text = part.text()?;
    let whole = text.len() == 10 && text.bytes().filter(|letter| *letter == b'-').count() == 2;
    match text.parse::<Date>() {
        Ok(date) if whole => Some(date),
        _ => {
            part.note(format!("`{text}` is no date"), Some("write YYYY-MM-DD, such as 2027-03-31".to_owned()));
            None
        }
    }
}
