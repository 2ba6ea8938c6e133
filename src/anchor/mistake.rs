//! What is wrong with a source of anchors, and where.

use std::fmt;

/// What keeps a file from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// The column, from 1; 0 where the whole file is meant.
    pub column: usize,
    /// What is wrong. It holds nothing of the file's values, for there may be secrets among them.
    pub message: String,
}

impl Mistake {
    /// What is wrong with a whole file.
    pub fn of_file(message: impl Into<String>) -> Self {
        Self { line: 0, column: 0, message: message.into() }
    }

    /// What is wrong with JSON, without the value that is wrong.
    pub(super) fn of_json(error: &serde_json::Error, expected: &str) -> Self {
        use serde_json::error::Category;
        let message = match error.classify() {
            Category::Io => format!("it cannot be read: {error}"),
            Category::Syntax => "this is not JSON".to_owned(),
            Category::Eof => "the JSON ends before its end: the file is cut off".to_owned(),
            Category::Data => format!("this is not what {expected} has here"),
        };
        Self { line: error.line(), column: error.column(), message }
    }
}

/// `:LINE:COLUMN: MESSAGE`, to stand behind the name of a file.
impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, ": {}", self.message),
            line => write!(f, ":{line}:{}: {}", self.column.max(1), self.message),
        }
    }
}
