//! Regular expressions, as far as CloudWatch Logs documents them.
//!
//! Source: CloudWatch Logs User Guide, "Supported regular expressions (regex) syntax". What is not on its list, or may mean
//! one thing in AWS's engine and another in ours, is refused, so that the pattern is unknown.

use regex::bytes::{Regex, RegexBuilder};

/// A regular expression that is searched for in a text.
#[derive(Debug, Clone)]
pub(super) struct Regular {
    source: String,
    compiled: Regex,
}

impl PartialEq for Regular {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// Where an expression goes wrong, in characters, and why.
type Mistake = (usize, String);

/// How many characters were read, and what they are in the words of our engine.
type Piece = Option<(usize, String)>;

const OPERATORS: &str = "^$?[]{}|\\*+.";
const SYMBOLS: &str = ":_#=@/;,- ";

impl Regular {
    pub(super) fn read(source: &str) -> Result<Self, Mistake> {
        let translated = translate(source)?;
        let build = RegexBuilder::new(&translated).unicode(false).size_limit(1 << 20).build();
        match build {
            Ok(compiled) => Ok(Self { source: source.to_owned(), compiled }),
            Err(_) => Err((0, "the regular expression is not one of the documented kind".to_owned())),
        }
    }

    /// The expression, as it is written.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// Whether it is found in a text; nothing where it has other characters than ASCII's printable ones.
    pub(super) fn is_found_in(&self, text: &str) -> Option<bool> {
        let plain = text.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte));
        plain.then(|| self.compiled.is_match(text.as_bytes()))
    }
}

/// Puts an expression into the words of our engine, and refuses what is not documented.
fn translate(source: &str) -> Result<String, Mistake> {
    let letters: Vec<char> = source.chars().collect();
    let mut translated = String::with_capacity(source.len());
    let (mut at, mut repeatable) = (0, false);
    while let Some(letter) = letters.get(at).copied() {
        let rest = &letters[at..];
        let refuse = |what: &str| Err((at, format!("{what} is not documented for regular expressions")));
        let piece = match letter {
            '?' | '*' | '+' | '{' if !repeatable => return refuse("a repetition of nothing, or of a repetition,"),
            '{' => repetition(rest),
            '\\' => escape(rest),
            '[' => class(rest),
            '^' | '$' | '|' | '?' | '*' | '+' | '.' => Some((1, letter.to_string())),
            _ if letter.is_ascii_alphanumeric() || SYMBOLS.contains(letter) => Some((1, letter.to_string())),
            _ => None,
        };
        let Some((length, written)) = piece else { return refuse(&format!("`{letter}` as it stands here")) };
        repeatable = !matches!(letter, '?' | '*' | '+' | '{' | '^' | '$' | '|');
        translated.push_str(&written);
        at += length;
    }
    Ok(translated)
}

/// `\d`, `\x3A`, or an operator that stands for itself.
fn escape(rest: &[char]) -> Piece {
    match rest.get(1).copied()? {
        letter @ ('d' | 'D' | 's' | 'S' | 'w' | 'W') => Some((2, format!("\\{letter}"))),
        'x' => {
            let digits: String = rest.get(2..4)?.iter().collect();
            digits.chars().all(|digit| digit.is_ascii_hexdigit()).then(|| (4, format!("\\x{digits}")))
        }
        letter if OPERATORS.contains(letter) => Some((2, format!("\\{letter}"))),
        _ => None,
    }
}

/// `{2}`, `{3,5}`, `{3,}` or `{,5}`.
fn repetition(rest: &[char]) -> Piece {
    let length = rest.iter().position(|letter| *letter == '}')?;
    let inner: String = rest.get(1..length)?.iter().filter(|letter| **letter != ' ').collect();
    let bound = |text: &str| text.parse::<u16>().ok().filter(|bound| *bound <= 1000);
    let written = match inner.split_once(',') {
        None => format!("{{{}}}", bound(&inner)?),
        Some(("", most)) => format!("{{0,{}}}", bound(most)?),
        Some((least, "")) => format!("{{{},}}", bound(least)?),
        Some((least, most)) => format!("{{{},{}}}", bound(least)?, bound(most)?),
    };
    Some((length + 1, written))
}

/// `[abc]`, `[a-z]` or `[^c]`.
fn class(rest: &[char]) -> Piece {
    let mut written = "[".to_owned();
    let mut at = 1;
    if rest.get(at) == Some(&'^') {
        written.push('^');
        at += 1;
    }
    let first = at;
    loop {
        let letter = rest.get(at).copied()?;
        match letter {
            ']' if at > first => return Some((at + 1, written + "]")),
            '\\' => {
                let (length, escaped) = escape(&rest[at..])?;
                written.push_str(&escaped);
                at += length;
                continue;
            }
            // A range; elsewhere than between two characters it may be one, or stand for itself.
            '-' if at > first && rest.get(at + 1).is_some_and(char::is_ascii_alphanumeric) => written.push('-'),
            '[' | ']' | '-' => return None,
            '^' | '$' | '?' | '{' | '}' | '|' | '*' | '+' | '.' => written.extend(['\\', letter]),
            _ if letter.is_ascii_alphanumeric() || SYMBOLS.contains(letter) => written.push(letter),
            _ => return None,
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str, text: &str) -> Option<bool> {
        Regular::read(source).ok().and_then(|regular| regular.is_found_in(text))
    }

    #[test]
    fn the_examples_of_the_user_guide() {
        let cases = [
            ("Trail", "UpdateTrail", true),
            ("val.{2}", "value", true),
            (r"111\.111\.111\.1[0-9]{1,2}", "111.111.111.111", true),
            ("^[hc]at", "hat", true),
            ("^[hc]at", "that", false),
            ("[hc]at$", "that", true),
            ("colou?r", "color", true),
            ("[abcx-z]", "y", true),
            ("a{3,5}", "aa", false),
            ("gra|ey", "grey", true),
            ("^starting|^initializing|^shutting down", "skipping initializing", false),
            ("abcc|ab[^c]$", "aba", true),
            (r"\[.\]", "[a]", true),
            (r"10\.10\.0\.1", "10.10.0.1", true),
            ("10.10.0.1", "10010,051", true),
            ("ab*c", "ac", true),
            ("ab+c", "ac", false),
            (r"\D", "12", false),
            (r"\x3A", "a:b", true),
            (r"\x28", "f(x)", true),
        ];
        for (source, text, expected) in cases {
            assert_eq!(found(source, text), Some(expected), "{source} in {text}");
        }
    }

    #[test]
    fn what_is_not_documented_is_refused() {
        for source in [
            "something!",
            "(a)",
            "a**",
            "*a",
            "^*",
            "a??",
            "[[a]]",
            "[]",
            "[a",
            "a]",
            "[a--z]",
            r"\b",
            r"\x3",
            "é",
            "a{x}",
        ] {
            assert!(Regular::read(source).is_err(), "{source}");
        }
        assert_eq!(Regular::read("ab!").unwrap_err().0, 2);
        assert_eq!(found("a", "é"), None);
    }
}
