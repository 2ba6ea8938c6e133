//! What `trailproof coverage` prints: the table, counts by kind of events, and what is missing, alone or twice.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use anstyle::Style;

use super::coverage::Table;
use super::{TextStyle, clean, pad};
use crate::derive::coverage::{Covered, Kind, State};
use crate::derive::selector::Access;
use crate::emit::alike::accounts_label;
use crate::evaluate::{CoverageReport, Remark};
use crate::id::AccountId;

/// Writes what a coverage says as text.
///
/// # Errors
/// Where the writer fails.
pub fn write_coverage_text(report: &CoverageReport, style: TextStyle, writer: &mut dyn Write) -> io::Result<()> {
    let names = report.accounts.iter();
    let names = names.filter_map(|account| Some((account.id, account.name.as_deref()?))).collect();
    let page = Picture { report, names, style };
    page.heading(writer)?;
    Table::of(&report.rows, &page.names).write(usize::MAX, style, writer)?;
    page.counts(writer)?;
    page.remarks("Management events that are not recorded", &report.missing, writer)?;
    page.remarks("Data events that are recorded in part", &report.parts, writer)?;
    page.remarks("Not known", &report.unknown, writer)?;
    page.remarks("Recorded, and not delivered", &report.failing, writer)?;
    page.sole_covers(writer)?;
    page.remarks("Recorded more than once: every copy but the first is billed", &report.copies, writer)?;
    page.last_line(writer)
}

struct Picture<'a> {
    report: &'a CoverageReport,
    names: BTreeMap<AccountId, &'a str>,
    style: TextStyle,
}

impl Picture<'_> {
    fn bold(&self, text: &str) -> String {
        self.style.dressed(text, Style::new().bold())
    }

    fn heading(&self, writer: &mut dyn Write) -> io::Result<()> {
        let snapshot = &self.report.snapshot;
        let organization = snapshot.organization.as_deref().unwrap_or("no organization was listed");
        writeln!(writer, "{organization} · snapshot of {:.0}\n", snapshot.taken_at)
    }

    /// How many places, each an account and one of its Regions, are in which state.
    fn counts(&self, writer: &mut dyn Write) -> io::Result<()> {
        let mut counts: BTreeMap<(Kind<'_>, Access), [usize; 5]> = BTreeMap::new();
        for row in &self.report.rows {
            for part in row.parts() {
                counts.entry((part.kind, part.access)).or_default()[column(part.covered)] +=
                    row.accounts.len() * row.regions.len();
            }
        }
        let heading = self.bold("Places (account × Region)");
        writeln!(writer, "{}  full  part  failing  none  unknown", pad(&heading, 25, 36))?;
        for ((kind, access), of_access) in &counts {
            let other = if *access == Access::Write { Access::Read } else { Access::Write };
            let access = match (counts.get(&(*kind, other)) == Some(of_access), access) {
                (true, Access::Write) => continue,
                (true, _) => "",
                (false, Access::Write) => " write",
                (false, _) => " read",
            };
            let name = format!("{}{access}", name(*kind));
            let [full, part, failing, none, unknown] = of_access.map(count);
            writeln!(writer, "  {name:<34}  {full:>4}  {part:>4}  {failing:>7}  {none:>4}  {unknown:>7}")?;
        }
        writeln!(writer)
    }

    fn remarks(&self, title: &str, remarks: &[Remark], writer: &mut dyn Write) -> io::Result<()> {
        if remarks.is_empty() {
            return Ok(());
        }
        writeln!(writer, "{}", self.bold(title))?;
        let labels: Vec<String> = remarks.iter().map(|remark| accounts_label(&remark.accounts, &self.names)).collect();
        let width = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
        let mut last = "";
        for (remark, label) in remarks.iter().zip(&labels) {
            let shown = if label == last { "" } else { label.as_str() };
            writeln!(writer, "  {}  {}", pad(shown, shown.chars().count(), width), clean(&remark.line.to_string()))?;
            last = label;
        }
        writeln!(writer)
    }

    fn sole_covers(&self, writer: &mut dyn Write) -> io::Result<()> {
        if self.report.sole_covers.is_empty() {
            return Ok(());
        }
        writeln!(writer, "{}", self.bold("Recorded by one trail alone"))?;
        let width = self.report.sole_covers.iter().map(|sole| sole.trail.name().chars().count()).max().unwrap_or(0);
        for sole in &self.report.sole_covers {
            let (name, account) = (sole.trail.name(), sole.trail.account());
            let owner = self.names.get(&account).map_or_else(|| account.to_string(), |name| clean(name));
            let accounts = if sole.accounts == 1 { "1 account" } else { &format!("{} accounts", sole.accounts) };
            let places = if sole.places == 1 { "1 place" } else { &format!("{} places", sole.places) };
            writeln!(writer, "  {name:<width$}  of {owner}: management events of {accounts} in {places}")?;
        }
        writeln!(writer)
    }

    fn last_line(&self, writer: &mut dyn Write) -> io::Result<()> {
        let holed: BTreeSet<AccountId> = accounts(&self.report.missing);
        let open: BTreeSet<AccountId> = &accounts(&self.report.unknown) - &holed;
        let total = self.report.accounts.iter().filter(|account| account.active).count();
        let whole = total.saturating_sub(holed.len() + open.len());
        write!(writer, "management events of {whole} of {total} accounts are recorded in full")?;
        for (count, what) in [(holed.len(), "with holes"), (open.len(), "not known")] {
            if count > 0 {
                write!(writer, ", {count} {what}")?;
            }
        }
        writeln!(writer)
    }
}

fn accounts(remarks: &[Remark]) -> BTreeSet<AccountId> {
    remarks.iter().flat_map(|remark| &remark.accounts).copied().collect()
}

fn column(covered: &Covered) -> usize {
    match (covered.failing, covered.state) {
        (true, State::All | State::Part) => 2,
        (_, State::All) => 0,
        (_, State::Part) => 1,
        (_, State::None) => 3,
        (_, State::Unknown) => 4,
    }
}

fn count(count: usize) -> String {
    if count == 0 { "·".to_owned() } else { count.to_string() }
}

fn name(kind: Kind<'_>) -> &str {
    match kind {
        Kind::Management => "management",
        Kind::Global => "global services",
        Kind::Kms => "KMS",
        Kind::RdsData => "RDS Data",
        Kind::Data(named) | Kind::Network(named) => named,
    }
}
