//! The results as JUnit's XML, for the test pages of CI servers: a suite a rule, a case a subject.
//!
//! Source: the schema `junit-10.xsd` of Jenkins' xUnit plug-in; Extensible Markup Language (XML) 1.0, "Characters".

use std::io::{self, Write};

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::evaluate::{JudgedPolicy, Judgement, Outcome, Report};

/// How many cases there are, and how many of each kind.
#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn of<'a>(judgements: impl IntoIterator<Item = &'a Judgement>) -> Self {
        let mut counts = Self::default();
        for judgement in judgements {
            counts.tests += 1;
            match judgement.outcome {
                Outcome::Pass => {}
                Outcome::Fail => counts.failures += 1,
                Outcome::Unknown { .. } => counts.errors += 1,
                Outcome::NotApplicable { .. } | Outcome::Waived { .. } => counts.skipped += 1,
            }
        }
        counts
    }
}

/// Writes a report as JUnit's XML. What fails is a failure, what is not known an error, and what a rule is not about, or is
/// waived, is skipped; a severity is the type of a failure.
///
/// # Errors
/// Where the writer fails.
pub fn write_junit(report: &Report, writer: &mut dyn Write) -> io::Result<()> {
    let mut xml = quick_xml::Writer::new_with_indent(writer, b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all = Counts::of(&report.judgements);
    xml.write_event(Event::Start(counted(BytesStart::new("testsuites"), "trailproof", &all)))?;
    for judgements in report.judgements.chunk_by(|left, right| left.policy == right.policy) {
        let Some(rule) = judgements.first().and_then(|first| report.policy(&first.policy)) else { continue };
        suite(&mut xml, report, rule, judgements)?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
    xml.into_inner().write_all(b"\n")
}

type Xml<'a> = quick_xml::Writer<&'a mut dyn Write>;

fn suite(xml: &mut Xml<'_>, report: &Report, rule: &JudgedPolicy, judgements: &[Judgement]) -> io::Result<()> {
    let suite = counted(BytesStart::new("testsuite"), rule.policy.id.as_str(), &Counts::of(judgements));
    let taken_at = report.snapshot.taken_at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    xml.write_event(Event::Start(with(suite, &[("timestamp", &taken_at), ("time", "0")])))?;
    for judgement in judgements {
        case(xml, rule, judgement)?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuite")))
}

fn case(xml: &mut Xml<'_>, rule: &JudgedPolicy, judgement: &Judgement) -> io::Result<()> {
    let name = judgement.resource.as_deref().unwrap_or("organization");
    let start =
        with(BytesStart::new("testcase"), &[("classname", rule.policy.id.as_str()), ("name", name), ("time", "0")]);
    let said = match &judgement.outcome {
        Outcome::Pass => return xml.write_event(Event::Empty(start)),
        Outcome::Fail => {
            ("failure", judgement.severity.as_str(), judgement.message.to_string(), rule.policy.fix.text.as_str())
        }
        Outcome::Unknown { .. } => ("error", "unknown", judgement.outcome.reason().unwrap_or_default(), ""),
        Outcome::NotApplicable { reason } => ("skipped", "", reason.to_string(), ""),
        Outcome::Waived { .. } => ("skipped", "", judgement.outcome.reason().unwrap_or_default(), ""),
    };
    let (element, kind, message, text) = said;
    xml.write_event(Event::Start(start))?;
    let mut inner = with(BytesStart::new(element), &[("message", &message)]);
    if !kind.is_empty() {
        inner = with(inner, &[("type", kind)]);
    }
    if text.is_empty() {
        xml.write_event(Event::Empty(inner))?;
    } else {
        xml.write_event(Event::Start(inner))?;
        xml.write_event(Event::Text(BytesText::new(&allowed(text))))?;
        xml.write_event(Event::End(BytesEnd::new(element)))?;
    }
    xml.write_event(Event::End(BytesEnd::new("testcase")))
}

fn counted<'a>(element: BytesStart<'a>, name: &str, counts: &Counts) -> BytesStart<'a> {
    let numbers = [counts.tests, counts.failures, counts.errors, counts.skipped].map(|count| count.to_string());
    let [tests, failures, errors, skipped] = &numbers;
    let all = [("name", name), ("tests", tests), ("failures", failures), ("errors", errors)];
    let element = with(element, &all);
    if name == "trailproof" { element } else { with(element, &[("skipped", skipped)]) }
}

fn with<'a>(mut element: BytesStart<'a>, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    for (name, value) in attributes {
        element.push_attribute((*name, allowed(value).as_str()));
    }
    element
}

/// A text without the characters that XML cannot hold, even escaped.
fn allowed(text: &str) -> String {
    let holds = |letter: char| matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().map(|letter| if holds(letter) { letter } else { char::REPLACEMENT_CHARACTER }).collect()
}
