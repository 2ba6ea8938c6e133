//! Whether a pattern matches an event, in three values, and what decides it.

use std::fmt;

/// What decides whether a pattern matches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The event is not as the pattern asks.
    Fails(String),
    /// AWS does not document what happens here, or the pattern is of a kind that is not evaluated.
    Undocumented(String),
    /// The events of a kind differ in this, and the pattern asks for it.
    Differs(String),
}

impl Why {
    /// The same in other words.
    pub(crate) fn map(self, words: impl FnOnce(&str) -> String) -> Self {
        match self {
            Self::Fails(text) => Self::Fails(words(&text)),
            Self::Undocumented(text) => Self::Undocumented(words(&text)),
            Self::Differs(text) => Self::Differs(words(&text)),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Fails(text) | Self::Undocumented(text) | Self::Differs(text)) = self;
        f.write_str(text)
    }
}

/// Whether a pattern matches an event, or every event of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matching {
    /// It does.
    Yes,
    /// It does not, because.
    No(Vec<Why>),
    /// That is not known, because.
    Unknown(Vec<Why>),
}

impl Matching {
    /// A match, or what the event lacks for one.
    pub(crate) fn or_fails(matches: bool, why: impl FnOnce() -> String) -> Self {
        if matches { Self::Yes } else { Self::fails(why()) }
    }

    /// No match for one reason.
    pub(crate) fn fails(why: impl Into<String>) -> Self {
        Self::No(vec![Why::Fails(why.into())])
    }

    /// Not known for want of documentation.
    pub(crate) fn undocumented(why: impl Into<String>) -> Self {
        Self::Unknown(vec![Why::Undocumented(why.into())])
    }

    /// Not known, as the events of a kind differ.
    pub(crate) fn differs(why: impl Into<String>) -> Self {
        Self::Unknown(vec![Why::Differs(why.into())])
    }

    /// Whether all of several things match: not, where one does not; unknown, where one is unknown.
    pub(crate) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let (mut failed, mut open): (Option<Vec<Why>>, Option<Vec<Why>>) = (None, None);
        for part in parts {
            match part {
                Self::Yes => {}
                Self::No(why) => failed.get_or_insert_default().extend(why),
                Self::Unknown(why) => open.get_or_insert_default().extend(why),
            }
        }
        match (failed, open) {
            (Some(why), _) => Self::No(why),
            (None, Some(why)) => Self::Unknown(why),
            (None, None) => Self::Yes,
        }
    }

    /// Whether any of several things matches: so, where one does; unknown, where one is unknown.
    pub(crate) fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let (mut failed, mut open): (Vec<Why>, Option<Vec<Why>>) = (Vec::new(), None);
        for part in parts {
            match part {
                Self::Yes => return Self::Yes,
                Self::No(why) => failed.extend(why),
                Self::Unknown(why) => open.get_or_insert_default().extend(why),
            }
        }
        open.map_or(Self::No(failed), Self::Unknown)
    }

    /// True, false, or nothing where it is unknown.
    pub fn known(&self) -> Option<bool> {
        match self {
            Self::Yes => Some(true),
            Self::No(_) => Some(false),
            Self::Unknown(_) => None,
        }
    }

    /// What decided it: nothing where it matches.
    pub fn why(&self) -> &[Why] {
        match self {
            Self::Yes => &[],
            Self::No(why) | Self::Unknown(why) => why,
        }
    }

    /// What decided it in one sentence: the first few reasons, each once.
    pub fn because(&self) -> String {
        const SHOWN: usize = 3;
        let mut told: Vec<String> = Vec::new();
        for why in self.why().iter().map(ToString::to_string) {
            if !told.contains(&why) {
                told.push(why);
            }
        }
        let more = told.len().saturating_sub(SHOWN);
        told.truncate(SHOWN);
        let rest = if more == 0 { String::new() } else { format!("; and {more} more") };
        format!("{}{rest}", told.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::{Matching, Why};

    fn samples() -> [Matching; 3] {
        [Matching::Yes, Matching::fails("f"), Matching::undocumented("u")]
    }

    #[test]
    fn and_is_the_least_and_or_the_greatest() {
        let rank = |matching: &Matching| matching.known().map_or(1, |known| 2 * u8::from(known));
        for a in samples() {
            for b in samples() {
                assert_eq!(rank(&Matching::all([a.clone(), b.clone()])), rank(&a).min(rank(&b)));
                assert_eq!(rank(&Matching::any([a.clone(), b.clone()])), rank(&a).max(rank(&b)));
            }
        }
        assert_eq!(Matching::all([]), Matching::Yes);
        assert_eq!(Matching::any([]), Matching::No(Vec::new()));
    }

    #[test]
    fn reasons_are_told_once_and_few() {
        let many = Matching::No(["a", "b", "a", "c", "d"].map(|text| Why::Fails(text.to_owned())).to_vec());
        assert_eq!(many.because(), "a; b; c; and 1 more");
        assert_eq!(Matching::Yes.because(), "");
    }
}
