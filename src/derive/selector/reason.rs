//! Why an event is or is not recorded, in words.

use std::fmt;

/// A reason, with the selector and the field that it rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason {
    /// The number of the selector, the first being 1; none where no selector decided it.
    pub selector: Option<usize>,
    /// The field of the event that decided it.
    pub field: Option<String>,
    /// The rest, in words.
    pub text: String,
}

impl Reason {
    /// A reason that lies with the trail and not with a selector.
    pub(super) fn of_trail(text: impl Into<String>) -> Self {
        Self { selector: None, field: None, text: text.into() }
    }

    pub(super) fn of_selector(selector: usize, field: Option<&str>, text: impl Into<String>) -> Self {
        let selector = Some(selector).filter(|number| *number > 0);
        Self { selector, field: field.map(str::to_owned), text: text.into() }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(selector) = self.selector {
            write!(f, "selector {selector}: ")?;
        }
        if let Some(field) = &self.field {
            write!(f, "{field} ")?;
        }
        f.write_str(&self.text)
    }
}

/// Several reasons in one sentence; the first few of them, each once.
pub(crate) fn sentence(reasons: &[Reason]) -> String {
    const SHOWN: usize = 3;
    let mut told: Vec<String> = Vec::new();
    for reason in reasons.iter().map(ToString::to_string) {
        if !told.contains(&reason) {
            told.push(reason);
        }
    }
    let more = told.len().saturating_sub(SHOWN);
    told.truncate(SHOWN);
    let rest = if more == 0 { String::new() } else { format!("; and {more} more") };
    format!("{}{rest}", told.join("; "))
}

/// Whether one event is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is, by what is named.
    Recorded(Vec<Reason>),
    /// It is not, and this is why: a reason for every selector.
    NotRecorded(Vec<Reason>),
    /// That is not known.
    Unknown(Vec<Reason>),
}

impl Verdict {
    /// The reasons.
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::Recorded(reasons) | Self::NotRecorded(reasons) | Self::Unknown(reasons) => reasons,
        }
    }
}
