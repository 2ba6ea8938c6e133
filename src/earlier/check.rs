//! Whether the parts of a report fit each other: a report that was edited by hand proves nothing.

use super::{EarlierError, EarlierOutcome, EarlierReport, EarlierResult, Findings, Outcomes};
use crate::evaluate::Fingerprint;
use crate::policy::Severity;

/// Holds the results against themselves and the summary. `bytes` is the document, for the place of what is wrong.
///
/// # Errors
/// The first thing that does not fit, with its line.
pub(super) fn check(report: &EarlierReport, bytes: &[u8]) -> Result<(), EarlierError> {
    let edited = |mark: &str, what: String| Err(EarlierError::Edited { line: line_of(bytes, mark), what });
    let mut last: Option<&EarlierResult> = None;
    for result in &report.results {
        let mark = format!("\"fingerprint\": \"{}\"", result.fingerprint);
        if !is_own(result) {
            let what = format!("the fingerprint is not that of `{}` and its resource and parameters", result.policy);
            return edited(&mark, what);
        }
        if let Some(last) = last
            && key(last) >= key(result)
        {
            let what = format!("the result of `{}` is there twice, or not in its place", result.policy);
            return edited(&mark, what);
        }
        last = Some(result);
    }
    let (outcomes, findings) = counted(report);
    if outcomes != report.summary.outcomes {
        return edited("\"outcomes\":", format!("the summary counts other outcomes than there are: {outcomes}"));
    }
    if findings != report.summary.findings {
        return edited("\"findings\":", "the summary counts other findings than there are".to_owned());
    }
    Ok(())
}

fn key(result: &EarlierResult) -> (&str, &str, Fingerprint) {
    (&result.policy, result.resource.as_deref().unwrap_or(""), result.fingerprint)
}

/// Whether a fingerprint is that of the result: without parameters, where they were the defaults, or with them.
fn is_own(result: &EarlierResult) -> bool {
    let resource = result.resource.as_deref().unwrap_or("");
    let with = || serde_json::to_string(&result.parameters).unwrap_or_default();
    result.fingerprint == Fingerprint::new(&result.policy, resource, None)
        || result.fingerprint == Fingerprint::new(&result.policy, resource, Some(&with()))
}

fn counted(report: &EarlierReport) -> (Outcomes, Findings) {
    let (mut outcomes, mut findings) = (Outcomes::default(), Findings::default());
    for result in &report.results {
        let count = match result.outcome {
            EarlierOutcome::Pass => &mut outcomes.pass,
            EarlierOutcome::Fail => &mut outcomes.fail,
            EarlierOutcome::Unknown => &mut outcomes.unknown,
            EarlierOutcome::NotApplicable => &mut outcomes.not_applicable,
            EarlierOutcome::Waived => &mut outcomes.waived,
        };
        *count += 1;
        if result.outcome == EarlierOutcome::Fail {
            *match result.severity {
                Severity::Critical => &mut findings.critical,
                Severity::High => &mut findings.high,
                Severity::Medium => &mut findings.medium,
                Severity::Low => &mut findings.low,
                Severity::Info => &mut findings.info,
            } += 1;
        }
    }
    (outcomes, findings)
}

impl std::fmt::Display for Outcomes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { pass, fail, unknown, not_applicable, waived } = self;
        write!(f, "{pass} pass, {fail} fail, {unknown} unknown, {not_applicable} not applicable, {waived} waived")
    }
}

/// The line of the last place at which a text stands, from 1; the first line, where it stands nowhere.
fn line_of(bytes: &[u8], mark: &str) -> usize {
    let at = bytes.windows(mark.len()).rposition(|window| window == mark.as_bytes()).unwrap_or(0);
    1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count()
}
