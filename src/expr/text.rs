//! The text of an expression: its brackets, and the ranges of its parts.

use std::collections::BTreeMap;
use std::ops::Range;

/// How many brackets may stand inside one another.
const MAX_BRACKETS: usize = 32;

/// The text of an expression and the pairs of its brackets.
pub(super) struct Text<'a> {
    source: &'a str,
    closing: BTreeMap<usize, usize>,
}

impl<'a> Text<'a> {
    /// Pairs the brackets of a source.
    ///
    /// # Errors
    /// The place of the bracket that is nested too deeply.
    pub(super) fn new(source: &'a str) -> Result<Self, usize> {
        let mut closing = BTreeMap::new();
        let mut open: Vec<usize> = Vec::new();
        let mut at = 0;
        while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
            match rest.as_bytes() {
                [b'(' | b'[' | b'{', ..] if open.len() == MAX_BRACKETS => return Err(at),
                [b'(' | b'[' | b'{', ..] => open.push(at),
                [b')' | b']' | b'}', ..] => {
                    if let Some(start) = open.pop() {
                        closing.insert(start, at);
                    }
                }
                _ => {}
            }
            at += step(rest, ends_in_raw_prefix(&source[..at]));
        }
        Ok(Self { source, closing })
    }

    /// The source itself.
    pub(super) fn source(&self) -> &'a str {
        self.source
    }

    /// The end of the part that begins with a token: its closing bracket, the field after its dot, or the token's own.
    pub(super) fn end_of(&self, token: Range<usize>) -> usize {
        if let Some(close) = self.closing.get(&token.start) {
            return close + 1;
        }
        let rest = self.source.get(token.start..).unwrap_or("");
        match rest.strip_prefix('.') {
            Some(after) => {
                let name = after.trim_start().strip_prefix('?').unwrap_or(after).trim_start();
                self.source.len() - name.len() + name_length(name)
            }
            None => token.end,
        }
    }

    /// The name that stands before a bracket, as in `size(…)`.
    pub(super) fn name_before(&self, bracket: usize) -> Range<usize> {
        let before = self.source.get(..bracket).unwrap_or("").trim_end();
        let name = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        name.len()..before.len()
    }
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}

fn ends_in_raw_prefix(before: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
    matches!(word, "r" | "R" | "br" | "bR" | "Br" | "BR")
}

/// The length of what stands first: a string, a comment, or one character.
fn step(rest: &str, raw: bool) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest.starts_with(quote));
    match quote {
        Some(quote) => string_length(rest, quote, raw),
        None => rest.chars().next().map_or(1, char::len_utf8),
    }
}

fn string_length(rest: &str, quote: &str, raw: bool) -> usize {
    let mut at = quote.len();
    while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
        if tail.starts_with(quote) {
            return at + quote.len();
        }
        let mut letters = tail.chars();
        let first = letters.next().map_or(1, char::len_utf8);
        let escaped = if tail.starts_with('\\') && !raw { letters.next().map_or(0, char::len_utf8) } else { 0 };
        at += first + escaped;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::Text;

    fn part(source: &str, at: usize) -> &str {
        let text = Text::new(source).unwrap();
        &source[at..text.end_of(at..at + 1)]
    }

    #[test]
    fn brackets_in_strings_and_comments_are_text() {
        assert_eq!(part("f('é)', x) && g", 1), "('é)', x)");
        assert_eq!(part("f(r'\\', \"\\\")\", 1)", 1), "(r'\\', \"\\\")\", 1)");
        assert_eq!(part("f('''a')''', 1)", 1), "('''a')''', 1)");
        assert_eq!(part("f(1 // )\n, 2)", 1), "(1 // )\n, 2)");
    }

    #[test]
    fn fields_end_with_their_name() {
        assert_eq!(part("a.bc == 1", 1), ".bc");
        assert_eq!(part("a.?bc.d", 1), ".?bc");
        assert_eq!(part("a . ? bc", 2), ". ? bc");
    }

    #[test]
    fn deep_brackets_are_refused_where_they_are() {
        assert_eq!(Text::new(&"(".repeat(1000)).err(), Some(32));
        assert!(Text::new(&"(".repeat(32)).is_ok());
    }
}
