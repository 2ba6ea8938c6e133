//! What is recorded where: accounts down, Regions across, drawn; and the holes by name beneath.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::Page;
use super::parts::{accounts, count, number, scrolling, text};
use crate::emit::alike::{Alike, Alikes, Sign};
use crate::id::RegionName;

/// At most this many rows are drawn, and as many holes named.
const ROWS: usize = 200;
/// The room of a label, of a cell, and of the Regions' names, in units of the drawing.
const LABEL: usize = 250;
const CELL: usize = 26;
const HEAD: usize = 104;

pub(super) fn section(page: &Page<'_>) -> Markup {
    let alikes = Alikes::of(&page.report.coverage, &page.names);
    let holes = || alikes.rows.iter().filter(|row| !row.words.is_empty());
    html! {
        section #coverage aria-labelledby="coverage-title" {
            h2 #coverage-title { "What is recorded where" }
            p.lead {
                @match (alikes.rows.is_empty(), holes().count()) {
                    (true, _) => { "No account said what it records." }
                    (_, 0) => { "Management events of " (count(alikes.accounts, "account")) " are recorded in full in all their Regions." }
                    _ => {
                        @let holed: usize = holes().map(|row| row.accounts.len()).sum();
                        "Management events of " (number(alikes.accounts - holed)) " of " (count(alikes.accounts, "account"))
                        " are recorded in full. Accounts that are alike share a row."
                    }
                }
            }
            @if !alikes.rows.is_empty() {
                (scrolling("Coverage, accounts by Regions", &drawing(&alikes)))
                (legend(&alikes))
            }
            @if alikes.rows.len() > ROWS {
                p.more { (number(alikes.rows.len() - ROWS)) " more rows are not drawn; " code { "trailproof coverage" } " prints all." }
            }
            @if holes().next().is_some() { (named_holes(page, &alikes)) }
        }
    }
}

fn drawing(alikes: &Alikes<'_>) -> Markup {
    let regions: Vec<&RegionName> = alikes.regions.iter().copied().collect();
    let rows = &alikes.rows[..alikes.rows.len().min(ROWS)];
    let (width, height) = (LABEL + regions.len() * CELL + HEAD / 2, HEAD + rows.len() * CELL + 4);
    html! {
        svg.heat viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) role="img"
            aria-labelledby="heat-title heat-words" {
            title #heat-title { "Coverage of management events" }
            desc #heat-words { (rows.len()) " rows of accounts, " (regions.len()) " Regions. The table below names every hole." }
            @for (column, region) in regions.iter().enumerate() {
                @let x = LABEL + column * CELL + CELL / 2;
                text.region transform={ "translate(" (x + 4) " " (HEAD - 8) ") rotate(-52)" } { (region.as_str()) }
            }
            @for (line, row) in rows.iter().enumerate() {
                @let y = HEAD + line * CELL;
                text.label x=(LABEL - 12) y=(y + CELL / 2 + 4) text-anchor="end" { (text(&row.label)) }
                @for (column, region) in regions.iter().enumerate() {
                    @if let Some(sign) = row.signs.get(region) {
                        g transform={ "translate(" (LABEL + column * CELL) " " (y) ")" } { (cell(*sign, &row.label, region)) }
                    }
                }
            }
        }
    }
}

/// A cell: told by its shape as well as by its colour.
fn cell(sign: Sign, label: &str, region: &RegionName) -> Markup {
    html! {
        g class={ "cell " (class(sign)) } {
            @if sign != Sign::Full { title { (text(label)) ", " (region.as_str()) ": " (sign.meaning()) } }
            rect x="1" y="1" width=(CELL - 2) height=(CELL - 2) rx="3" {}
            @match sign {
                Sign::Full => {}
                Sign::Part => { path d="M1.5 24.5 L24.5 1.5 L24.5 24.5 Z" {} }
                Sign::None => { path d="M8 8 L18 18 M18 8 L8 18" {} }
                Sign::Unknown => { text x=(CELL / 2) y="18" text-anchor="middle" { "?" } }
            }
        }
    }
}

fn class(sign: Sign) -> &'static str {
    match sign {
        Sign::Full => "full",
        Sign::Part => "part",
        Sign::None => "hole",
        Sign::Unknown => "unknown",
    }
}

fn legend(alikes: &Alikes<'_>) -> Markup {
    let used: BTreeSet<Sign> = alikes.rows.iter().flat_map(|row| row.signs.values()).copied().collect();
    let region: Option<&RegionName> = alikes.regions.first().copied();
    html! {
        @if let Some(region) = region {
            ul.legend {
                @for sign in Sign::ALL.iter().filter(|sign| used.contains(sign)) {
                    li {
                        svg width="18" height="18" viewBox={ "0 0 " (CELL) " " (CELL) } aria-hidden="true" { (cell(*sign, "", region)) }
                        (sign.meaning())
                    }
                }
                li { span.blank {} "the account does not use the Region" }
            }
        }
    }
}

fn named_holes(page: &Page<'_>, alikes: &Alikes<'_>) -> Markup {
    let holes = alikes.rows.iter().filter(|row| !row.words.is_empty()).take(ROWS);
    let table = html! {
        table {
            caption { "Every hole by name" }
            thead { tr { th scope="col" { "accounts" } th scope="col" { "what is missing" } th scope="col" { "Regions" } } }
            tbody {
                @for row in holes {
                    tr {
                        th scope="row" { (accounts(&row.accounts, &page.names)) }
                        td { (text(&row.words)) }
                        td { (places(row)) }
                    }
                }
            }
        }
    };
    scrolling("Holes in the coverage", &table)
}

/// The Regions of a row in which something is missing, by what is shown of them.
fn places(row: &Alike<'_>) -> Markup {
    let mut found: BTreeMap<Sign, Vec<&str>> = BTreeMap::new();
    for (region, sign) in row.signs.iter().filter(|(_, sign)| **sign != Sign::Full) {
        found.entry(*sign).or_default().push(region.as_str());
    }
    html! {
        @for (sign, regions) in &found {
            p.places { span.state { (sign.meaning()) ": " }
                @if regions.len() == row.signs.len() { "all " (count(regions.len(), "Region")) }
                @else { (regions.join(", ")) }
            }
        }
    }
}
