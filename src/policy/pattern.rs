//! Texts that something must be: exactly, or as a glob, where a glob was written as one.

use std::fmt;

use super::read::Part;
use crate::glob::takes_in;
use crate::snapshot::Account;

/// What a text must be.
///
/// Matching is anchored: the whole text is taken in, or nothing is. A glob is written as `{ glob: "…" }`, so that no name
/// takes in others by chance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// This text.
    Exact(String),
    /// What a glob takes in: `*` any letters, none too; `?` one letter.
    Glob(String),
}

/// The longest glob that is read: no ARN is longer (2,048 letters).
const LONGEST: usize = 2048;

impl Pattern {
    /// Whether it takes in the whole of a text.
    ///
    /// ```
    /// use trailproof::policy::Pattern;
    /// assert!(Pattern::Glob("arn:aws:s3:::acme-*".into()).matches("arn:aws:s3:::acme-logs"));
    /// assert!(!Pattern::Glob("acme".into()).matches("acme-logs"));
    /// assert!(!Pattern::Exact("acme-*".into()).matches("acme-logs"));
    /// ```
    pub fn matches(&self, text: &str) -> bool {
        match self {
            Self::Exact(exact) => exact == text,
            Self::Glob(glob) => takes_in(glob.as_bytes(), text.as_bytes()),
        }
    }

    /// Whether it is an organizational unit above an account: by id or by path; a glob takes in the whole path of a unit.
    pub fn is_above(&self, account: &Account) -> bool {
        match self {
            Self::Exact(unit) => account.is_beneath(unit),
            Self::Glob(_) => account.ou_path.as_deref().is_some_and(|path| {
                let ends = path.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0).chain([path.len()]);
                ends.map(|end| &path[..end]).any(|above| self.matches(above))
            }),
        }
    }

    /// Reads a text, or `{ glob: "…" }`; a mistake where it is neither, where a text looks like a glob and is not written
    /// as one, and where a glob takes in everything.
    pub(super) fn read(part: Part<'_>) -> Option<Self> {
        if part.value.as_mapping().is_none() {
            let text = part.text()?;
            if text.contains(['*', '?']) {
                let help = format!("for a glob, write {{ glob: \"{text}\" }}");
                part.note("this text is compared letter by letter, and holds `*` or `?`", Some(help));
                return None;
            }
            return Some(Self::Exact(text));
        }
        part.only(&["glob"]);
        let part = part.demand("glob")?;
        let text = part.text()?;
        let wrong = if text.bytes().all(|letter| matches!(letter, b'*' | b'?')) {
            Some("this glob takes in everything: leave it out, or say which")
        } else if text.contains(['[', ']', '{', '}', '\\']) {
            Some("a glob knows `*` and `?` alone")
        } else if text.len() > LONGEST {
            Some("this glob is too long")
        } else if !text.contains(['*', '?']) {
            Some("there is no `*` and no `?` in this glob: write the text alone")
        } else {
            None
        };
        match wrong {
            Some(message) => {
                part.note(message, None);
                None
            }
            None => Some(Self::Glob(text)),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(text) | Self::Glob(text) => f.write_str(text),
        }
    }
}

/// An organizational unit by id, by path from the root, or by a glob of the path.
pub(super) fn read_unit(part: Part<'_>) -> Option<Pattern> {
    let pattern = Pattern::read(part)?;
    let is_one = match &pattern {
        Pattern::Exact(text) => ["/", "ou-", "r-"].iter().any(|start| text.starts_with(start)),
        Pattern::Glob(text) => text.starts_with(['/', '*']),
    };
    if !is_one {
        let help = "give its id (ou-…), or its path from the root (/Workloads/Production)".to_owned();
        part.note("this is no organizational unit", Some(help));
        return None;
    }
    Some(pattern)
}

/// A tag, as `key=value`.
pub(super) fn read_tag(part: Part<'_>) -> Option<Pattern> {
    let pattern = Pattern::read(part)?;
    let (Pattern::Exact(text) | Pattern::Glob(text)) = &pattern;
    if !text.contains('=') {
        part.note("a tag is written `key=value`", None);
        return None;
    }
    Some(pattern)
}
