//! How findings and observed accounts changed, where earlier reports were given: drawn, and in numbers beside it.

use maud::{Markup, html};

use super::Page;
use super::parts::{number, scrolling};
use crate::evaluate::Standing;
use crate::policy::Severity;

/// At most this many reports are drawn, the latest.
const DRAWN: usize = 36;
/// At most this many rows has the table, the latest.
const ROWS: usize = 400;
/// The room of a column, of the axis at the left, of what stands above and beneath the columns, and their height.
const COLUMN: usize = 30;
const AXIS: usize = 56;
const ABOVE: usize = 42;
const BENEATH: usize = 70;
const HEIGHT: usize = 170;

pub(super) fn section(page: &Page<'_>) -> Markup {
    let all = &page.report.trend;
    if all.is_empty() {
        return html! {};
    }
    let drawn = &all[all.len().saturating_sub(DRAWN)..];
    html! {
        section #trend aria-labelledby="trend-title" {
            h2 #trend-title { "Trend" }
            p.lead { (said(all)) }
            div.charts {
                (scrolling("Findings over time", &findings(drawn)))
                (scrolling("Observed accounts over time", &accounts(drawn)))
            }
            ul.legend {
                @for severity in Severity::ALL {
                    li { svg width="14" height="14" aria-hidden="true" { rect.bar.(severity.as_str()) width="14" height="14" rx="2" {} } (severity.as_str()) }
                }
            }
            @if all.len() > drawn.len() {
                p.more { "Of " (number(all.len())) " reports the latest " (number(drawn.len())) " are drawn." }
            }
            (scrolling("Trend in numbers", &table(&all[all.len().saturating_sub(ROWS)..])))
            @if all.iter().any(|one| one.by_other_rules) {
                p.more { "Reports that are marked * were judged by other rules: more or fewer findings may be of more or fewer rules." }
            }
        }
    }
}

/// What changed since the first report, in a sentence.
fn said(all: &[Standing]) -> String {
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return String::new() };
    let day = |one: &Standing| one.taken_at.strftime("%-d %B %Y").to_string();
    format!(
        "From {} to {}: {} findings, then {}; {} of {} accounts observed, then {} of {}.",
        day(first),
        day(last),
        number(first.total()),
        number(last.total()),
        number(first.observed),
        number(first.accounts),
        number(last.observed),
        number(last.accounts)
    )
}

/// Findings, a column a report, the worst at its foot.
fn findings(drawn: &[Standing]) -> Markup {
    let most = drawn.iter().map(Standing::total).max().unwrap_or(0).max(1);
    let words = "A column for each report, its findings by severity, the worst at the foot. The table has the numbers.";
    chart("findings", "Findings by severity", words, drawn, most, |one| {
        let mut below = 0;
        let counts = Severity::ALL.into_iter().filter_map(|severity| Some((severity, *one.findings.get(&severity)?)));
        html! {
            @for (severity, count) in counts {
                @let (foot, head) = (scaled(below, most), scaled(below + count, most));
                rect.bar.(severity.as_str()) x="4" width=(COLUMN - 8) y=(ABOVE + HEIGHT - head) height=(head - foot) {}
                ({ below += count; "" })
            }
            text.sum x=(COLUMN / 2) y=(ABOVE + HEIGHT - scaled(one.total(), most) - 6) text-anchor="middle" { (number(one.total())) }
        }
    })
}

/// Accounts, a column a report: those that were observed in full before those that were not.
fn accounts(drawn: &[Standing]) -> Markup {
    let most = drawn.iter().map(|one| one.accounts).max().unwrap_or(0).max(1);
    let words = "A column for each report: filled as far as accounts were observed in full. The table has the numbers.";
    chart("observed", "Accounts observed in full", words, drawn, most, |one| {
        let (all, seen) = (scaled(one.accounts, most), scaled(one.observed, most));
        html! {
            rect.bar.unseen x="4" width=(COLUMN - 8) y=(ABOVE + HEIGHT - all) height=(all) {}
            rect.bar.seen x="4" width=(COLUMN - 8) y=(ABOVE + HEIGHT - seen) height=(seen) {}
            text.sum x=(COLUMN / 2) y=(ABOVE + HEIGHT - all - 6) text-anchor="middle" { (number(one.observed)) }
        }
    })
}

fn scaled(count: usize, most: usize) -> usize {
    count * HEIGHT / most
}

fn chart(
    id: &str,
    title: &str,
    words: &str,
    drawn: &[Standing],
    most: usize,
    column: impl Fn(&Standing) -> Markup,
) -> Markup {
    let (width, height) = (AXIS + drawn.len() * COLUMN + 24, ABOVE + HEIGHT + BENEATH);
    html! {
        svg.trend viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) role="img"
            aria-labelledby={ "trend-" (id) " trend-" (id) "-words" } {
            title id={ "trend-" (id) } { (title) }
            desc id={ "trend-" (id) "-words" } { (words) }
            text.heading x="0" y="12" { (title) }
            @for (count, y) in [(most, ABOVE), (0, ABOVE + HEIGHT)] {
                line x1=(AXIS - 6) x2=(width - 20) y1=(y) y2=(y) {}
                text.scale x=(AXIS - 12) y=(y + 4) text-anchor="end" { (number(count)) }
            }
            @for (at, one) in drawn.iter().enumerate() {
                g transform={ "translate(" (AXIS + at * COLUMN) " 0)" } {
                    (column(one))
                    text.day transform={ "translate(" (COLUMN / 2 + 4) " " (ABOVE + HEIGHT + 14) ") rotate(-52)" } text-anchor="end" { (day(one)) }
                }
            }
        }
    }
}

fn day(one: &Standing) -> String {
    let other = if one.by_other_rules { " *" } else { "" };
    format!("{}{other}", one.taken_at.strftime("%Y-%m-%d"))
}

fn table(all: &[Standing]) -> Markup {
    html! {
        table.trend {
            caption { "The same in numbers, the latest first" }
            thead { tr {
                th scope="col" { "read on" }
                @for severity in Severity::ALL { th.number scope="col" { (severity.as_str()) } }
                th.number scope="col" { "findings" } th.number scope="col" { "not known" } th.number scope="col" { "accounts observed" }
            } }
            tbody {
                @for one in all.iter().rev() {
                    tr {
                        th scope="row" { (one.taken_at.strftime("%Y-%m-%d %H:%M").to_string()) @if one.by_other_rules { " *" } }
                        @for severity in Severity::ALL { td.number { (number(one.findings.get(&severity).copied().unwrap_or(0))) } }
                        td.number { (number(one.total())) } td.number { (number(one.unknown)) }
                        td.number { (number(one.observed)) " of " (number(one.accounts)) }
                    }
                }
            }
        }
    }
}
