//! What a configuration says of the gate: each key is an option of the command line, and a variable of the environment.

use std::str::FromStr;

use super::super::read::Part;
use super::super::severity::Severity;

/// What a configuration says of the gate; nothing, where it leaves something to the defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GateSettings {
    /// Failures at or above it close the gate; within, nothing where none do.
    pub fail_on: Option<Option<Severity>>,
    /// Whether an incomplete picture may pass the gate.
    pub allow_incomplete: Option<bool>,
    /// An earlier report: what failed there keeps the gate open.
    pub known: Option<String>,
    /// So many days before its end, a waiver is told of.
    pub waiver_reminder_days: Option<u32>,
    /// No waiver may live longer than so many days.
    pub waiver_longest_days: Option<u32>,
}

/// The keys of a gate.
pub(super) const KEYS: [&str; 5] =
    ["fail_on", "allow_incomplete", "known", "waiver_reminder_days", "waiver_longest_days"];

impl GateSettings {
    /// Reads what a baseline says of the gate: what is of the whole run, it cannot say.
    pub(in crate::policy) fn read_of_baseline(part: Part<'_>) -> Self {
        part.only(&["fail_on", "allow_incomplete"]);
        Self {
            fail_on: part.get("fail_on").and_then(|part| part.parse::<GateAt>()).map(|GateAt(severity)| severity),
            allow_incomplete: part.get("allow_incomplete").and_then(|part| part.read()),
            ..Self::default()
        }
    }

    /// Reads it; what is wrong is taken down.
    pub(super) fn read(part: Part<'_>) -> Self {
        part.only(&KEYS);
        Self {
            fail_on: part.get("fail_on").and_then(|part| part.parse::<GateAt>()).map(|GateAt(severity)| severity),
            allow_incomplete: part.get("allow_incomplete").and_then(|part| part.read()),
            known: part.get("known").and_then(|part| part.text()),
            waiver_reminder_days: part.get("waiver_reminder_days").and_then(|part| part.read()),
            waiver_longest_days: part.get("waiver_longest_days").and_then(|part| part.read()),
        }
    }
}

/// The severity at which the gate closes; nothing where there is none.
struct GateAt(Option<Severity>);

/// A gate that is no severity, and not `none`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("give one of critical, high, medium, low, info, none")]
pub struct UnknownGate;

impl FromStr for GateAt {
    type Err = UnknownGate;

    fn from_str(text: &str) -> Result<Self, UnknownGate> {
        if text == "none" {
            return Ok(Self(None));
        }
        text.parse().map(|severity| Self(Some(severity))).map_err(|_| UnknownGate)
    }
}
