//! What becomes of events, as text for people: for each event one line a trail, why beneath it, and one line at the end.

mod json;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::text::{TextStyle, clean, pad};
use crate::derive::selector::{Event, Reason, Verdict};
use crate::derive::trace::{Outcome, Traced, TracedEvent, Traces};
use crate::expr::Gaps;
use crate::id::AccountId;

pub use json::{JsonTraces, TRACE_SCHEMA, write_trace_json};

/// At most this many reasons of one trail are told; the rest are counted.
const REASONS_TOLD: usize = 4;
/// At most this many gaps are told.
const GAPS_TOLD: usize = 3;
/// The longest outcome, `not recorded`, and two blanks.
const WIDTH: usize = 14;

/// Writes what becomes of events as text.
///
/// # Errors
/// Where the writer fails.
pub fn write_trace_text(traces: &Traces<'_>, style: TextStyle, writer: &mut dyn Write) -> io::Result<()> {
    let page = Page { traces, style };
    for (index, event) in traces.events.iter().enumerate() {
        page.heading(index, event, writer)?;
        page.trails(event, writer)?;
        writeln!(writer)?;
    }
    writeln!(writer, "{}", page.last_line())
}

struct Page<'a> {
    traces: &'a Traces<'a>,
    style: TextStyle,
}

impl Page<'_> {
    /// What the event is, where, and on what.
    fn heading(&self, index: usize, traced: &TracedEvent, writer: &mut dyn Write) -> io::Result<()> {
        let event = &traced.event;
        let all = self.traces.events.len();
        let number = if all > 1 { format!("{} of {all}  ", index + 1) } else { String::new() };
        let said = |text: &Option<String>| text.as_deref().map_or("?".to_owned(), clean);
        let name = self.styled(&said(&event.name), Style::new().bold());
        let account = match event.account.as_deref() {
            Some(account) => self.account(account),
            None => "an account that is not said".to_owned(),
        };
        let region = event.region.as_deref().map_or("a Region that is not said".to_owned(), clean);
        writeln!(writer, "{number}{name} of {}: {}, in {account}, {region}", said(&event.source), kind(event))?;
        for line in on(event) {
            writeln!(writer, "  on {line}")?;
        }
        Ok(())
    }

    fn trails(&self, traced: &TracedEvent, writer: &mut dyn Write) -> io::Result<()> {
        let trails = &traced.trace.trails;
        let mut told = Gaps::none();
        let widest = |width: fn(&Traced) -> usize| trails.iter().map(width).max().unwrap_or(0).min(40);
        let name = widest(|trail| trail.arn.name().chars().count());
        let region = widest(|trail| trail.arn.home_region().as_str().len());
        for trail in trails {
            let arn = &trail.arn;
            let of = match self.traces.is_organization(arn) {
                Some(true) => format!("{} organization trail", arn.account()),
                _ => arn.account().to_string(),
            };
            let shown = clean(arn.name());
            let columns = format!(
                "{}  {}  {of:<31}",
                pad(&shown, shown.chars().count(), name),
                pad(arn.home_region().as_str(), arn.home_region().as_str().len(), region),
            );
            let line = match &trail.verdict {
                Verdict::Recorded(reasons) => format!("{columns}  {}", self.recorded_by(trail, reasons)),
                _ => columns,
            };
            self.line(trail.outcome(), line.trim_end(), writer)?;
            self.why(trail, &told, writer)?;
            told = told.union(&trail.gaps);
        }
        if traced.trace.outcome == Outcome::Unknown && !traced.trace.unseen.is_empty() {
            self.line(Outcome::Unknown, "trails that could not be seen", writer)?;
            self.gaps(&traced.trace.unseen, &told, writer)?;
        }
        match traced.trace.foreign {
            0 => Ok(()),
            1 => self.line(Outcome::NotRecorded, "1 trail of another account, no organization trail", writer),
            many => {
                let line = format!("{many} trails of other accounts, none of them an organization trail");
                self.line(Outcome::NotRecorded, &line, writer)
            }
        }
    }

    fn line(&self, outcome: Outcome, text: &str, writer: &mut dyn Write) -> io::Result<()> {
        let (word, colour) = match outcome {
            Outcome::Recorded => ("recorded", AnsiColor::Green),
            Outcome::NotRecorded => ("not recorded", AnsiColor::Red),
            Outcome::Unknown => ("unknown", AnsiColor::Yellow),
        };
        let word = pad(&self.styled(word, Style::new().fg_color(Some(colour.into()))), word.len(), WIDTH);
        writeln!(writer, "  {word}{text}")
    }

    /// What selects the event.
    fn recorded_by(&self, trail: &Traced, reasons: &[Reason]) -> String {
        let Some(reason) = reasons.first() else { return String::new() };
        match reason.selector {
            Some(_) if self.traces.has_default_selectors(&trail.arn) => "by the default selectors".to_owned(),
            Some(number) => format!("by {}", self.selector(trail, number)),
            None => reason.text.clone(),
        }
    }

    /// A selector by its number, and its name where it has one.
    fn selector(&self, trail: &Traced, number: usize) -> String {
        match self.traces.selector_name(&trail.arn, number).filter(|name| !name.is_empty()) {
            Some(name) => format!("selector {number} ({})", clean(name)),
            None => format!("selector {number}"),
        }
    }

    /// Why a trail does not record the event, or why that is not known; and whether one that does delivers.
    fn why(&self, trail: &Traced, told: &Gaps, writer: &mut dyn Write) -> io::Result<()> {
        if let Verdict::Recorded(_) = trail.verdict {
            return match self.traces.delivery_error(&trail.arn) {
                Some(error) => self.reason(&format!("but its latest delivery failed: {}", clean(error)), writer),
                None => Ok(()),
            };
        }
        let reasons = trail.verdict.reasons();
        for reason in reasons.iter().take(REASONS_TOLD) {
            let field = reason.field.as_deref().map_or(String::new(), |field| format!("{field} "));
            let text = match reason.selector {
                Some(number) => format!("{}: {field}{}", self.selector(trail, number), reason.text),
                None => format!("{field}{}", reason.text),
            };
            self.reason(&clean(&text), writer)?;
        }
        if reasons.len() > REASONS_TOLD {
            self.reason(&format!("and {} more; --output json has all", reasons.len() - REASONS_TOLD), writer)?;
        }
        self.gaps(&trail.gaps, told, writer)
    }

    /// What was not read, but for what the lines above tell.
    fn gaps(&self, gaps: &Gaps, told: &Gaps, writer: &mut dyn Write) -> io::Result<()> {
        let new: Gaps = gaps.iter().filter(|gap| told.iter().all(|known| known != *gap)).collect();
        if new != *gaps {
            self.reason("for the reason above", writer)?;
        }
        let gaps = self.traces.gaps(&new);
        for gap in gaps.iter().take(GAPS_TOLD) {
            let place = match (gap.account, &gap.region) {
                (Some(account), Some(region)) => format!(" in {account} {region}"),
                (Some(account), None) => format!(" in {account}"),
                _ => String::new(),
            };
            self.reason(&format!("{}{place}: {}: {}", gap.operation, gap.cause, clean(&gap.message)), writer)?;
        }
        match gaps.len().saturating_sub(GAPS_TOLD) {
            0 => Ok(()),
            more => self.reason(&format!("and {more} more calls; --output json has all"), writer),
        }
    }

    fn reason(&self, text: &str, writer: &mut dyn Write) -> io::Result<()> {
        writeln!(writer, "  {:WIDTH$}{}", "", self.styled(text, Style::new().dimmed()))
    }

    /// An account by id and name, as far as it is known.
    fn account(&self, account: &str) -> String {
        let id: Option<AccountId> = account.parse().ok();
        let known = id.and_then(|id| self.traces.snapshot.account(id)).and_then(|account| account.name.as_deref());
        match known {
            Some(name) => format!("{account} {}", clean(name)),
            None => clean(account),
        }
    }

    fn last_line(&self) -> String {
        let [event] = self.traces.events.as_slice() else {
            let count = |outcome| self.traces.count(outcome);
            return format!(
                "{} events: {} recorded, {} not recorded, {} unknown",
                self.traces.events.len(),
                count(Outcome::Recorded),
                count(Outcome::NotRecorded),
                count(Outcome::Unknown),
            );
        };
        let of = |outcome| event.trace.trails.iter().filter(|trail| trail.outcome() == outcome).count();
        let all = event.trace.trails.len() + event.trace.foreign;
        match (event.trace.outcome, of(Outcome::Recorded), of(Outcome::Unknown)) {
            (Outcome::Recorded, 1, _) => format!("recorded, by 1 of {all} trails"),
            (Outcome::Recorded, many, _) => format!("recorded, by {many} of {all} trails"),
            (Outcome::NotRecorded, ..) if all == 0 => "not recorded: there is no trail".to_owned(),
            (Outcome::NotRecorded, ..) => format!("not recorded, by none of {all} trails"),
            (Outcome::Unknown, _, 0) => "unknown: a trail that could not be seen may record it".to_owned(),
            (Outcome::Unknown, _, many) => {
                format!("unknown: no trail records it for certain, and {many} of {all} may{}", unsaid(event))
            }
        }
    }

    fn styled(&self, text: &str, style: Style) -> String {
        self.style.dressed(text, style)
    }
}

/// What decides for some trail, and the event does not say.
fn unsaid(traced: &TracedEvent) -> String {
    let asked = |field: &str| {
        let reasons = traced.trace.trails.iter().flat_map(|trail| trail.verdict.reasons());
        reasons.into_iter().any(|reason| reason.field.as_deref() == Some(field))
    };
    let event = &traced.event;
    if event.read_only.is_none() && asked("readOnly") {
        return ": say --read-only true or false, or give the record".to_owned();
    }
    if event.resources.is_empty() && (asked("resources.ARN") || asked("resources.type")) {
        return ": say --resource, or give the record".to_owned();
    }
    String::new()
}

/// What kind of event it is, in words.
fn kind(event: &Event) -> String {
    let category = match event.category.as_deref() {
        Some("Management") => "a management event",
        Some("Data") => "a data event",
        Some("NetworkActivity") => "a network activity event",
        Some("Insight") => return "an Insights event".to_owned(),
        Some(_) => "an event of another category",
        None => "an event whose category is not said",
    };
    match event.read_only {
        Some(true) => format!("{category} that only reads"),
        Some(false) => format!("{category} that writes"),
        None => category.to_owned(),
    }
}

/// What it is done to: a few of them.
fn on(event: &Event) -> Vec<String> {
    const SHOWN: usize = 2;
    let named = event.resources.iter().filter_map(|resource| {
        let arn = match (&resource.arn, &resource.arn_prefix) {
            (Some(arn), _) => clean(arn),
            (None, Some(prefix)) => format!("{}…", clean(prefix)),
            (None, None) => return None,
        };
        let kind = resource.resource_type.as_deref().map_or(String::new(), |name| format!("  {}", clean(name)));
        Some(format!("{arn}{kind}"))
    });
    let mut lines: Vec<String> = named.collect();
    if lines.len() > SHOWN {
        let more = lines.len() - SHOWN;
        lines.truncate(SHOWN);
        lines.push(format!("{more} more"));
    }
    lines
}
