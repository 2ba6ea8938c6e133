//! The table of coverage: accounts down, Regions across, one sign for the management events of each place.
//!
//! Accounts that are alike are one row: those whose events are recorded in full wherever they have a Region, and those
//! that have the same holes in the same Regions.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::grid::Columns;
use super::missing::Missing;
use super::{TextStyle, clean, pad};
use crate::derive::coverage::Row;
use crate::id::{AccountId, RegionName};

/// The widest line: what is missing goes beneath a row that would be wider.
const WIDEST: usize = 120;
/// The longest label of a row.
const LABEL: usize = 36;

/// What a place is shown as. In the order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
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
        let dressed = |text: &str, look: Style| style.dressed(text, look);
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
