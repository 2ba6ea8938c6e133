//! The table of coverage: accounts down, Regions across, one sign for the management events of each place.
//!
//! Accounts that are alike are one row: those whose events are recorded in full wherever they have a Region, and those
//! that have the same holes in the same Regions.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::grid::Columns;
use super::{TextStyle, clean, pad};
use crate::derive::coverage::{Covered, Kind, Row, State};
use crate::derive::selector::Access;
use crate::id::{AccountId, RegionName};

/// The widest line: what is missing goes beneath a row that would be wider.
const WIDEST: usize = 120;
/// The longest label of a row.
const LABEL: usize = 36;

/// What a place is shown as. In the order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Full,
    None,
    Part,
    Unknown,
}

impl Sign {
    const ALL: [Self; 4] = [Self::Full, Self::Part, Self::None, Self::Unknown];

    fn letter(self) -> char {
        match self {
            Self::Full => '●',
            Self::None => '○',
            Self::Part => '◐',
            Self::Unknown => '?',
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Self::Full => "recorded in full",
            Self::None => "not recorded",
            Self::Part => "in part, or by trails alone whose delivery fails",
            Self::Unknown => "not known",
        }
    }

    fn colour(self) -> AnsiColor {
        match self {
            Self::Full => AnsiColor::Green,
            Self::None => AnsiColor::Red,
            Self::Part => AnsiColor::Yellow,
            Self::Unknown => AnsiColor::Magenta,
        }
    }
}

/// Accounts that are alike.
struct Alike<'a> {
    label: String,
    signs: BTreeMap<&'a RegionName, Sign>,
    words: String,
}

/// What tells accounts apart: their signs but full ones, and what is missing.
type Pattern<'a> = (BTreeMap<&'a RegionName, Sign>, String);

/// The accounts of a pattern, and the Regions in which they are recorded in full.
type Members<'a> = (Vec<AccountId>, BTreeSet<&'a RegionName>);

/// The table, ready to be written.
pub(super) struct Table<'a> {
    rows: Vec<Alike<'a>>,
    accounts: usize,
    regions: BTreeSet<&'a RegionName>,
}

impl<'a> Table<'a> {
    /// The table of a coverage; accounts are labelled by their names where these are known.
    pub(super) fn of(rows: &'a [Row], names: &BTreeMap<AccountId, &str>) -> Self {
        let mut by_account: BTreeMap<AccountId, Vec<usize>> = BTreeMap::new();
        for (number, row) in rows.iter().enumerate() {
            for account in &row.accounts {
                by_account.entry(*account).or_default().push(number);
            }
        }
        let accounts = by_account.len();
        let mut by_rows: BTreeMap<Vec<usize>, Vec<AccountId>> = BTreeMap::new();
        for (account, numbers) in by_account {
            by_rows.entry(numbers).or_default().push(account);
        }
        let mut patterns: BTreeMap<Pattern<'a>, Members<'a>> = BTreeMap::new();
        for (numbers, accounts) in by_rows {
            let (pattern, full) = pattern(numbers.iter().map(|number| &rows[*number]));
            let members = patterns.entry(pattern).or_default();
            members.0.extend(accounts);
            members.1.extend(full);
        }
        let twice = shared(names);
        let mut found: Vec<(Sign, String, Alike<'a>)> = patterns
            .into_iter()
            .map(|((holes, words), (accounts, full))| {
                let worst = holes.values().min().copied().unwrap_or(Sign::Full);
                let label = label(&accounts, names, &twice);
                let signs = holes.into_iter().chain(full.into_iter().map(|region| (region, Sign::Full))).collect();
                (worst, label.clone(), Alike { label, signs, words })
            })
            .collect();
        found.sort_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
        let regions = rows.iter().flat_map(|row| &row.regions).collect();
        Self { rows: found.into_iter().map(|(.., row)| row).collect(), accounts, regions }
    }

    /// Writes the table, at most so many rows of it.
    pub(super) fn write(&self, most: usize, style: TextStyle, writer: &mut dyn Write) -> io::Result<()> {
        let dressed = |text: &str, dress: Style| match style {
            TextStyle::Plain => text.to_owned(),
            TextStyle::Colour => format!("{dress}{text}{dress:#}"),
        };
        let title = dressed("Coverage", Style::new().bold());
        if self.rows.iter().all(|row| row.words.is_empty()) {
            let (accounts, what) = match self.accounts {
                1 => ("1 account".to_owned(), "its Regions"),
                count => (format!("{count} accounts"), "their Regions"),
            };
            return writeln!(writer, "{title}  management events of {accounts}: recorded in full in all {what}\n");
        }
        let shown = &self.rows[..self.rows.len().min(most)];
        let columns = Columns::of(&self.regions, |region| {
            shown.iter().map(|row| row.signs.get(region).map(|sign| sign.letter())).collect::<Vec<_>>()
        });
        let width = shown.iter().map(|row| row.label.chars().count()).max().unwrap_or(0).max("Coverage".len());
        for (line, heading) in columns.heading().iter().enumerate() {
            let label = if line == 0 { pad(&title, "Coverage".len(), width + 2) } else { " ".repeat(width + 2) };
            writeln!(writer, "{}", format!("{label}  {heading}").trim_end())?;
        }
        for row in shown {
            let mut line = format!("  {}  ", pad(&row.label, row.label.chars().count(), width));
            for (region, width) in columns.iter() {
                let letter = row.signs.get(region).map_or(" ".to_owned(), |sign| {
                    dressed(&sign.letter().to_string(), Style::new().fg_color(Some(sign.colour().into())))
                });
                line.push_str(&pad(&letter, 1, width));
            }
            // Signs are one letter wide, whatever dresses them.
            let taken = 4 + width + columns.iter().map(|(_, width)| width).sum::<usize>() + 1;
            match taken + row.words.chars().count() <= WIDEST {
                true => line.push_str(&format!(" {}", row.words)),
                false => line = format!("{}\n      {}", line.trim_end(), row.words),
            }
            writeln!(writer, "{}", line.trim_end())?;
        }
        if self.rows.len() > most {
            let more = self.rows.len() - most;
            writeln!(writer, "  and {more} more rows: trailproof coverage SNAPSHOT")?;
        }
        let used: BTreeSet<Sign> = shown.iter().flat_map(|row| row.signs.values()).copied().collect();
        let legend = Sign::ALL.iter().filter(|sign| used.contains(sign));
        let legend: Vec<String> = legend.map(|sign| format!("{} {}", sign.letter(), sign.meaning())).collect();
        let folded = columns.folded().map(|text| format!(" · {text}")).unwrap_or_default();
        writeln!(writer, "  {}{folded}\n", dressed(&legend.join("  "), Style::new().dimmed()))
    }
}

/// The names that more than one account has.
fn shared<'n>(names: &BTreeMap<AccountId, &'n str>) -> BTreeSet<&'n str> {
    let mut seen = BTreeSet::new();
    names.values().copied().filter(|name| !seen.insert(*name)).collect()
}

/// Accounts in a few words.
pub(super) fn accounts_label(accounts: &[AccountId], names: &BTreeMap<AccountId, &str>) -> String {
    label(accounts, names, &shared(names))
}

fn label(accounts: &[AccountId], names: &BTreeMap<AccountId, &str>, twice: &BTreeSet<&str>) -> String {
    let Some(first) = accounts.first() else { return String::new() };
    let name = match names.get(first) {
        Some(name) if twice.contains(name) => format!("{} {first}", clean(name)),
        Some(name) => clean(name),
        None => first.to_string(),
    };
    let label = if accounts.len() == 1 { name } else { format!("{} accounts like {name}", accounts.len()) };
    if label.chars().count() <= LABEL {
        return label;
    }
    label.chars().take(LABEL - 1).chain(['…']).collect()
}

fn pattern<'a>(rows: impl Iterator<Item = &'a Row>) -> (Pattern<'a>, BTreeSet<&'a RegionName>) {
    let (mut holes, mut full) = (BTreeMap::new(), BTreeSet::new());
    let mut missing = Missing::default();
    for row in rows {
        let sign = missing.take(row);
        match sign {
            Sign::Full => full.extend(&row.regions),
            _ => holes.extend(row.regions.iter().map(|region| (region, sign))),
        }
    }
    ((holes, missing.in_words()), full)
}

/// What is missing in the places of an account, and in which Regions.
#[derive(Default)]
struct Missing<'a> {
    regions: BTreeSet<&'a RegionName>,
    nothing: BTreeSet<&'a RegionName>,
    holes: BTreeSet<&'a RegionName>,
    events: BTreeSet<(Kind<'a>, Access)>,
    failing: BTreeSet<&'a RegionName>,
    unknown: BTreeSet<&'a RegionName>,
    unknown_regions: bool,
}

impl<'a> Missing<'a> {
    /// Takes a row down; what its places are shown as.
    fn take(&mut self, row: &'a Row) -> Sign {
        let parts = || row.cell.covers().filter(|(kind, ..)| !matches!(kind, Kind::Data(_)));
        let any = |state: State| parts().any(|(.., covered)| covered.state == state);
        let recorded = any(State::All) || any(State::Part);
        let (holes, unknown) = (any(State::None) || any(State::Part), any(State::Unknown));
        let failing = parts().any(|(.., covered)| covered.failing);
        let sign = match (recorded, holes, unknown) {
            (true, true, _) => Sign::Part,
            (false, _, false) => Sign::None,
            (_, _, true) => Sign::Unknown,
            (true, false, false) if failing => Sign::Part,
            (true, false, false) => Sign::Full,
        };
        self.regions.extend(&row.regions);
        let told = [
            (sign == Sign::None, &mut self.nothing),
            (failing, &mut self.failing),
            (unknown, &mut self.unknown),
            (sign == Sign::Part && holes, &mut self.holes),
        ];
        for (_, regions) in told.into_iter().filter(|(is_so, _)| *is_so) {
            regions.extend(&row.regions);
        }
        self.unknown_regions |= row.regions.is_empty();
        if sign == Sign::Part && holes {
            let hole = |covered: &Covered| matches!(covered.state, State::None | State::Part);
            let found = parts().filter(|(.., covered)| hole(covered)).map(|(kind, access, _)| (kind, access));
            self.events.extend(found);
        }
        sign
    }

    fn in_words(&self) -> String {
        let events = self.events();
        let missing = match events.as_slice() {
            [first @ .., last] if !first.is_empty() => format!("{} and {last} missing", first.join(", ")),
            _ => format!("{} missing", events.concat()),
        };
        let nothing = if self.nothing.len() == self.regions.len() { "nothing recorded" } else { "nothing" };
        let found = [
            (nothing, &self.nothing),
            (missing.as_str(), &self.holes),
            ("delivery fails", &self.failing),
            ("not known", &self.unknown),
        ];
        let found = found.into_iter().filter(|(_, regions)| !regions.is_empty());
        let words: Vec<String> = found.map(|(words, regions)| format!("{words}{}", self.place(regions))).collect();
        match words.is_empty() && self.unknown_regions {
            true => "which Regions it has is not known".to_owned(),
            false => words.join(", "),
        }
    }

    /// Where something is missing, unless everywhere.
    fn place(&self, regions: &BTreeSet<&RegionName>) -> String {
        match (regions.len(), regions.first()) {
            (count, _) if count == self.regions.len() => String::new(),
            (1, Some(only)) => format!(" in {only}"),
            (count, _) => format!(" in {count} of {} Regions", self.regions.len()),
        }
    }

    /// The events that are missing: reads and writes as such, and of the other kinds what they do not imply.
    fn events(&self) -> Vec<String> {
        let missing = |kind, access| self.events.contains(&(kind, access));
        let general = |access| missing(Kind::Management, access);
        let mut events = Vec::new();
        for (access, word) in [(Access::Read, "reads"), (Access::Write, "writes")] {
            events.extend(general(access).then(|| word.to_owned()));
        }
        for (kind, word) in [(Kind::Global, "global"), (Kind::Kms, "KMS"), (Kind::RdsData, "RDS Data")] {
            let [read, write] = [Access::Read, Access::Write].map(|access| missing(kind, access) && !general(access));
            let whole = missing(kind, Access::Read) && missing(kind, Access::Write);
            events.extend(match (read, write) {
                (false, false) => None,
                _ if whole => Some(word.to_owned()),
                (true, _) => Some(format!("{word} reads")),
                (false, _) => Some(format!("{word} writes")),
            });
        }
        events
    }
}
