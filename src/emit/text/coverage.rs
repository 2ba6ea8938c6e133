//! The table of coverage: accounts down, Regions across, one sign for the management events of each place.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::grid::Columns;
use super::{TextStyle, pad};
use crate::derive::coverage::Row;
use crate::emit::alike::{Alikes, Sign};
use crate::id::AccountId;

/// The widest line: what is missing goes beneath a row that would be wider.
const WIDEST: usize = 120;

/// The table, ready to be written.
pub(super) struct Table<'a>(Alikes<'a>);

impl<'a> Table<'a> {
    /// The table of a coverage; accounts are labelled by their names where these are known.
    pub(super) fn of(rows: &'a [Row], names: &BTreeMap<AccountId, &str>) -> Self {
        Self(Alikes::of(rows, names))
    }

    /// Writes the table, at most so many rows of it.
    pub(super) fn write(&self, most: usize, style: TextStyle, writer: &mut dyn Write) -> io::Result<()> {
        let dressed = |text: &str, look: Style| style.dressed(text, look);
        let title = dressed("Coverage", Style::new().bold());
        if self.0.rows.iter().all(|row| row.words.is_empty()) {
            let (accounts, what) = match self.0.accounts {
                1 => ("1 account".to_owned(), "its Regions"),
                count => (format!("{count} accounts"), "their Regions"),
            };
            return writeln!(writer, "{title}  management events of {accounts}: recorded in full in all {what}\n");
        }
        let shown = &self.0.rows[..self.0.rows.len().min(most)];
        let columns = Columns::of(&self.0.regions, |region| {
            shown.iter().map(|row| row.signs.get(region).map(|sign| letter(*sign))).collect::<Vec<_>>()
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
                    dressed(&letter(*sign).to_string(), Style::new().fg_color(Some(colour(*sign).into())))
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
        if self.0.rows.len() > most {
            let more = self.0.rows.len() - most;
            writeln!(writer, "  and {more} more rows: trailproof coverage SNAPSHOT")?;
        }
        let used: BTreeSet<Sign> = shown.iter().flat_map(|row| row.signs.values()).copied().collect();
        let legend = Sign::ALL.iter().filter(|sign| used.contains(sign));
        let legend: Vec<String> = legend.map(|sign| format!("{} {}", letter(*sign), sign.meaning())).collect();
        let folded = columns.folded().map(|text| format!(" · {text}")).unwrap_or_default();
        writeln!(writer, "  {}{folded}\n", dressed(&legend.join("  "), Style::new().dimmed()))
    }
}

fn letter(sign: Sign) -> char {
    match sign {
        Sign::Full => '●',
        Sign::None => '○',
        Sign::Part => '◐',
        Sign::Unknown => '?',
    }
}

fn colour(sign: Sign) -> AnsiColor {
    match sign {
        Sign::Full => AnsiColor::Green,
        Sign::None => AnsiColor::Red,
        Sign::Part => AnsiColor::Yellow,
        Sign::Unknown => AnsiColor::Magenta,
    }
}
