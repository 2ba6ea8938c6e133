//! Declared arrangements: what an organization says that it does by other means, which cannot be read.
//!
//! A rule that lets itself be answered so has a parameter `declared`. It is never a pass: where the rule would fail or be
//! unknown, its result is not-applicable and says who declared what, and when.

use super::parameter::{ParameterValue, Parameters};

/// The name of the parameter.
pub const DECLARED: &str = "declared";

/// What the parameters of a rule declare: `name, owner, date`.
///
/// ```
/// use trailproof::policy::{ParameterValue, Parameters, declared};
/// let with = |text: &str| Parameters::from([("declared".to_owned(), ParameterValue::String(text.to_owned()))]);
/// assert_eq!(declared(&with("our SIEM, security team, 2026-11-20")), Some("our SIEM, security team, 2026-11-20"));
/// assert_eq!(declared(&with("our SIEM")), None);
/// ```
pub fn declared(parameters: &Parameters) -> Option<&str> {
    match parameters.get(DECLARED) {
        Some(ParameterValue::String(text)) if is_declaration(text) => Some(text),
        _ => None,
    }
}

/// What to say of a value of a parameter that declares something, and not what, by whom and when.
pub(super) const VAGUE: &str = "say what is declared, by whom and when, such as `our SIEM, security team, 2026-11-20`";

/// Whether a value is given for the parameter `declared`, and declares nothing.
pub(super) fn is_vague(name: &str, value: &ParameterValue) -> bool {
    match value {
        ParameterValue::String(text) => name == DECLARED && !text.trim().is_empty() && !is_declaration(text),
        _ => false,
    }
}

/// Whether a text names an arrangement, its owner and a date, between commas.
fn is_declaration(text: &str) -> bool {
    let Some((named, date)) = text.rsplit_once(',') else { return false };
    let is_date = date.trim().parse::<jiff::civil::Date>().is_ok();
    is_date && named.split_once(',').is_some_and(|(name, owner)| !name.trim().is_empty() && !owner.trim().is_empty())
}
