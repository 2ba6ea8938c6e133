//! The results as comma-separated values: a row a result, for spreadsheets.
//!
//! Sources: RFC 4180; OWASP, "CSV Injection": a spreadsheet takes a cell for a formula by its first character.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::evaluate::{Judgement, KnownState, Report};
use crate::id::AccountId;
use crate::policy::Waiver;

const COLUMNS: [&str; 19] = [
    "policy",
    "severity",
    "outcome",
    "scope",
    "account",
    "account_name",
    "region",
    "resource",
    "message",
    "reason",
    "packs",
    "controls",
    "fingerprint",
    "known",
    "waived_outcome",
    "waiver_owner",
    "waiver_ticket",
    "waiver_expires",
    "baseline",
];

/// Writes the results of a report as comma-separated values, under a row of names.
///
/// # Errors
/// Where the writer fails.
pub fn write_csv(report: &Report, writer: &mut dyn Write) -> io::Result<()> {
    let names: BTreeMap<AccountId, &str> =
        report.accounts.iter().filter_map(|account| Some((account.id, account.name.as_deref()?))).collect();
    let mut rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(writer);
    rows.write_record(COLUMNS)?;
    for judgement in &report.judgements {
        rows.write_record(cells(judgement, &names).iter().map(|cell| harmless(cell).into_owned()))?;
    }
    rows.flush()
}

fn cells(judgement: &Judgement, names: &BTreeMap<AccountId, &str>) -> [String; COLUMNS.len()] {
    let controls = judgement.controls.iter().flat_map(|(pack, ids)| ids.iter().map(move |id| format!("{pack} {id}")));
    let waivers = judgement.outcome.waivers();
    let beneath = if waivers.is_empty() { "" } else { judgement.outcome.beneath().as_str() }.to_owned();
    let of_waivers =
        |part: fn(&Waiver) -> String| waivers.iter().map(|waiver| part(waiver)).collect::<Vec<_>>().join("; ");
    [
        judgement.policy.to_string(),
        judgement.severity.as_str().to_owned(),
        judgement.outcome.as_str().to_owned(),
        judgement.scope.name().to_owned(),
        judgement.account.map(|id| id.to_string()).unwrap_or_default(),
        judgement.account.and_then(|id| names.get(&id)).map_or_else(String::new, |name| (*name).to_owned()),
        judgement.region.as_ref().map(ToString::to_string).unwrap_or_default(),
        judgement.resource.as_deref().unwrap_or_default().to_owned(),
        judgement.message.to_string(),
        judgement.outcome.reason().unwrap_or_default(),
        judgement.packs.join("; "),
        controls.collect::<Vec<_>>().join("; "),
        judgement.fingerprint.to_string(),
        judgement.known.map_or("", KnownState::as_str).to_owned(),
        beneath,
        of_waivers(|waiver| waiver.owner.clone()),
        of_waivers(|waiver| waiver.ticket.clone()),
        of_waivers(|waiver| waiver.expires.to_string()),
        judgement.baseline.as_deref().unwrap_or_default().to_owned(),
    ]
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        return format!("'{cell}").into();
    }
    cell.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        for cell in ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        assert_eq!(harmless("a=1"), "a=1");
        assert_eq!(harmless(""), "");
    }
}
