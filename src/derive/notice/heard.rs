//! Whether something is heard, and how or why not, in words.

use crate::derive::matching::Matching;
use crate::expr::{Gaps, Known};

/// Whether something is heard.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::derive) enum Heard {
    /// It is: by each of these ways.
    Yes(Vec<String>),
    /// It is not: for each of these reasons.
    No(Vec<String>),
    /// That is not known, for each of these reasons.
    Unknown(Gaps, Vec<String>),
}

impl Heard {
    pub(super) fn no(why: impl Into<String>) -> Self {
        Self::No(vec![why.into()])
    }

    pub(super) fn unknown(gaps: Gaps, why: impl Into<String>) -> Self {
        Self::Unknown(gaps, vec![why.into()])
    }

    /// Heard in any of several ways. `nothing` says why, where there is none.
    pub(super) fn any(ways: impl IntoIterator<Item = Self>, nothing: impl FnOnce() -> String) -> Self {
        let (mut yes, mut no, mut open) = (Vec::new(), Vec::new(), None);
        for way in ways {
            match way {
                Self::Yes(how) => yes.extend(how),
                Self::No(why) => no.extend(why),
                Self::Unknown(gaps, why) => {
                    let (all, words): &mut (Gaps, Vec<String>) = open.get_or_insert((Gaps::none(), Vec::new()));
                    *all = all.union(&gaps);
                    words.extend(why);
                }
            }
        }
        match open {
            _ if !yes.is_empty() => Self::Yes(once(yes)),
            Some((gaps, why)) => Self::Unknown(gaps, once(why)),
            None if no.is_empty() => Self::no(nothing()),
            None => Self::No(once(no)),
        }
    }

    /// Heard only if this holds too.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No(mut why), Self::No(more)) => {
                why.extend(more);
                Self::No(once(why))
            }
            (Self::No(why), _) | (_, Self::No(why)) => Self::No(why),
            (Self::Unknown(gaps, mut why), Self::Unknown(more, words)) => {
                why.extend(words);
                Self::Unknown(gaps.union(&more), once(why))
            }
            (Self::Unknown(gaps, why), Self::Yes(_)) | (Self::Yes(_), Self::Unknown(gaps, why)) => {
                Self::Unknown(gaps, why)
            }
            (Self::Yes(_), Self::Yes(how)) => Self::Yes(how),
        }
    }

    /// The same, each way and reason in other words.
    pub(super) fn map(self, words: impl Fn(String) -> String) -> Self {
        match self {
            Self::Yes(how) => Self::Yes(how.into_iter().map(words).collect()),
            Self::No(why) => Self::No(why.into_iter().map(words).collect()),
            Self::Unknown(gaps, why) => Self::Unknown(gaps, why.into_iter().map(words).collect()),
        }
    }

    /// Whether a pattern matches; `doubt` makes the gap of what is not known.
    pub(super) fn of(matching: &Matching, doubt: impl FnOnce(&str) -> Gaps) -> Self {
        let because = matching.because();
        match matching {
            Matching::Yes => Self::Yes(Vec::new()),
            Matching::No(_) => Self::no(because),
            Matching::Unknown(_) => Self::unknown(doubt(&because), because),
        }
    }

    pub(super) fn is_no(&self) -> bool {
        matches!(self, Self::No(_))
    }

    /// Whether it is heard.
    pub(in crate::derive) fn known(&self) -> Known<bool> {
        match self {
            Self::Yes(_) => Known::Is(true),
            Self::No(_) => Known::Is(false),
            Self::Unknown(gaps, _) => Known::Gap(gaps.clone()),
        }
    }

    /// The ways in which it is heard, and the reasons why it is not, or why that is not known.
    pub(in crate::derive) fn told(self) -> (Vec<String>, Vec<String>) {
        match self {
            Self::Yes(how) => (how, Vec::new()),
            Self::No(why) | Self::Unknown(_, why) => (Vec::new(), why),
        }
    }
}

fn once(mut words: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    words.retain(|word| seen.insert(word.clone()));
    words
}
