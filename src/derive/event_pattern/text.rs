//! Texts, and parts of texts.

use serde_json::{Value, json};

/// Where a text must be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Whole,
    Start,
    End,
}

impl Place {
    /// Whether it leaves room for more.
    pub(super) fn is_partial(self) -> bool {
        self != Self::Whole
    }
}

/// A text that a value must be, begin or end with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) place: Place,
    pub(super) ignores_case: bool,
    pub(super) text: String,
}

impl Part {
    /// Whether a text has it; nothing where letters beyond ASCII differ in case: how those are folded is not documented.
    pub(super) fn is_in(&self, text: &str) -> Option<bool> {
        if !self.ignores_case {
            return Some(found(self.place, text, &self.text));
        }
        if self.text.is_ascii() && text.is_ascii() {
            return Some(found(self.place, &text.to_ascii_lowercase(), &self.text.to_ascii_lowercase()));
        }
        found(self.place, text, &self.text).then_some(true)
    }

    /// The part, as a pattern has it.
    pub(super) fn written(&self) -> Value {
        let text = if self.ignores_case && self.place != Place::Whole {
            json!({ "equals-ignore-case": self.text })
        } else {
            json!(self.text)
        };
        match self.place {
            Place::Whole => json!({ "equals-ignore-case": text }),
            Place::Start => json!({ "prefix": text }),
            Place::End => json!({ "suffix": text }),
        }
    }
}

fn found(place: Place, text: &str, part: &str) -> bool {
    match place {
        Place::Whole => text == part,
        Place::Start => text.starts_with(part),
        Place::End => text.ends_with(part),
    }
}

/// A text with `*` for any characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wildcard {
    source: String,
    /// The texts between the stars.
    parts: Vec<String>,
}

impl Wildcard {
    /// Reads a text with stars: `\*` and `\\` stand for the characters themselves, "using the backslash to escape other
    /// characters is not supported", and neither are "consecutive wildcard characters".
    pub(super) fn read(source: &str) -> Result<Self, &'static str> {
        let mut parts = vec![String::new()];
        let mut letters = source.chars();
        let mut after_star = false;
        while let Some(letter) = letters.next() {
            if letter == '*' && after_star {
                return Err("consecutive wildcard characters are not supported");
            }
            after_star = letter == '*';
            let plain = match letter {
                '*' => {
                    parts.push(String::new());
                    continue;
                }
                '\\' => match letters.next() {
                    Some(escaped @ ('*' | '\\')) => escaped,
                    _ => return Err("a backslash may stand before `*` and `\\` only"),
                },
                other => other,
            };
            if let Some(part) = parts.last_mut() {
                part.push(plain);
            }
        }
        Ok(Self { source: source.to_owned(), parts })
    }

    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// A text that it matches, with nothing for the stars.
    pub(super) fn shortest(&self) -> String {
        self.parts.concat()
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let [first, inner @ .., last] = self.parts.as_slice() else {
            return self.parts.first().is_some_and(|only| only == text);
        };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
        for part in inner {
            match rest.find(part.as_str()) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        rest.ends_with(last.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_characters() {
        let matches = |pattern: &str, text: &str| Wildcard::read(pattern).unwrap().matches(text);
        assert!(matches("dir/*.png", "dir/a/b.png"));
        assert!(!matches("dir/*.png", "dir/a.pngx"));
        assert!(matches("*/lib/*", "a/lib/"));
        assert!(matches("*", ""));
        assert!(matches("abc", "abc"));
        assert!(!matches("aa*aa", "aaa"));
        assert!(matches(r"a\*b\\*", r"a*b\c"));
        assert!(!matches(r"a\*b", "axb"));
        for pattern in ["a**b", r"a\b", r"a\"] {
            assert!(Wildcard::read(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn case_is_ignored_where_it_is_certain() {
        let part = |place, text: &str| Part { place, ignores_case: true, text: text.to_owned() };
        assert_eq!(part(Place::Whole, "alice").is_in("ALICE"), Some(true));
        assert_eq!(part(Place::Start, "EventB").is_in("eventbridge"), Some(true));
        assert_eq!(part(Place::End, "tBridge").is_in("eventbridg"), Some(false));
        assert_eq!(part(Place::Whole, "É").is_in("é"), None);
        assert_eq!(part(Place::Whole, "é").is_in("é"), Some(true));
    }
}
