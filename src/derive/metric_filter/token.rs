//! The text of a pattern, read character by character.

use super::PatternError;

/// A pattern's text, and how far it has been read.
#[derive(Debug)]
pub(super) struct Text {
    letters: Vec<char>,
    at: usize,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self { letters: text.chars().collect(), at: 0 }
    }

    /// Where reading stands: how many characters have been read.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    pub(super) fn skip_blanks(&mut self) {
        self.take_while(char::is_whitespace);
    }

    /// Reads what comes next, if it is this.
    pub(super) fn take(&mut self, expected: &str) -> bool {
        let length = expected.chars().count();
        let next = self.letters.get(self.at..self.at + length);
        let found = next.is_some_and(|next| next.iter().copied().eq(expected.chars()));
        if found {
            self.at += length;
        }
        found
    }

    /// Reads this, after blanks.
    pub(super) fn expect(&mut self, expected: &str, what: &str) -> Result<(), PatternError> {
        self.skip_blanks();
        if self.take(expected) { Ok(()) } else { self.fail(format!("{what} is expected, not {}", self.next())) }
    }

    /// Reads as long as characters are of a kind.
    pub(super) fn take_while(&mut self, kind: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&kind) {
            self.at += 1;
        }
        self.letters[start..self.at].iter().collect()
    }

    /// Reads a word of letters.
    pub(super) fn word(&mut self) -> String {
        self.skip_blanks();
        self.take_while(char::is_alphabetic)
    }

    /// Reads what stands up to a closing mark, whose opening one has been read, and the mark.
    pub(super) fn enclosed(&mut self, mark: char, what: &str) -> Result<String, PatternError> {
        let start = self.at;
        let text = self.take_while(|letter| letter != mark);
        if self.peek().is_none() {
            return self.fail_at(start, format!("{what} that begins here is not closed"));
        }
        self.at += 1;
        Ok(text)
    }

    /// What comes next, in words.
    pub(super) fn next(&self) -> String {
        self.peek().map_or_else(|| "the end".to_owned(), |letter| format!("`{letter}`"))
    }

    /// A mistake where reading stands.
    pub(super) fn fail<T>(&self, message: impl Into<String>) -> Result<T, PatternError> {
        self.fail_at(self.at, message)
    }

    /// A mistake where reading stood.
    pub(super) fn fail_at<T>(&self, at: usize, message: impl Into<String>) -> Result<T, PatternError> {
        Err(PatternError { at: at + 1, message: message.into() })
    }
}
