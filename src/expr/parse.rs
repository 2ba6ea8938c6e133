//! From text to a tree, and syntax errors in plain words.

use std::ops::Range;

use cel::common::ast::{IdedExpr, SourceInfo};
use cel::parser::{ParseError, ParseErrors, Parser};

use super::mistake::Mistake;
use super::text::Text;

/// The longest expression that is read, in bytes.
pub(super) const MAX_LENGTH: usize = 4096;

/// A parsed expression, and where its parts stand.
pub(super) struct Parsed<'a> {
    pub(super) tree: IdedExpr,
    pub(super) text: Text<'a>,
    places: SourceInfo,
}

impl Parsed<'_> {
    /// The token that a part was made of.
    pub(super) fn token(&self, id: u64) -> Range<usize> {
        let (start, stop) = self.places.offset_for(id).unwrap_or((0, 0));
        let start = clamp(self.text.source(), start as usize);
        start..clamp(self.text.source(), stop as usize + 1).max(start)
    }
}

/// Parses an expression.
///
/// # Errors
/// What is wrong with the text.
pub(super) fn parse(source: &str) -> Result<Parsed<'_>, Vec<Mistake>> {
    let text = Text::new(source)
        .map_err(|at| vec![Mistake::new(at..at + 1, "brackets are nested too deeply").help("split the rule in two")])?;
    let parser = Parser::new().enable_optional_syntax(true);
    let (tree, places) = parser.parse_with_source_info(source).map_err(|errors| syntax_mistakes(source, &errors))?;
    Ok(Parsed { tree, text, places })
}

/// The mistakes behind the parser's errors: the first one of the grammar, or else all of the macros.
fn syntax_mistakes(source: &str, errors: &ParseErrors) -> Vec<Mistake> {
    let grammar = errors.errors.iter().find(|error| error.msg.starts_with("Syntax error: "));
    let mut mistakes: Vec<Mistake> = match grammar {
        Some(error) => vec![in_plain_words(source, error).unwrap_or_else(|| unreadable(source, error))],
        None => errors.errors.iter().filter_map(|error| in_plain_words(source, error)).collect(),
    };
    if mistakes.is_empty() {
        mistakes.extend(errors.errors.first().map(|error| unreadable(source, error)));
    }
    mistakes
}

fn unreadable(source: &str, error: &ParseError) -> Mistake {
    Mistake::new(range_at(source, error), "the expression cannot be read from here on")
}

fn in_plain_words(source: &str, error: &ParseError) -> Option<Mistake> {
    let range = range_at(source, error);
    let message = error.msg.strip_prefix("Syntax error: ").unwrap_or(&error.msg);
    let mistake = if message.contains("Recursion limit") {
        Mistake::new(range, "the expression is nested too deeply").help("split the rule in two")
    } else if let Some(rest) = message.strip_prefix("token recognition error at: ") {
        unrecognised(range, between_quotes(rest))
    } else if message.contains("'<EOF>'") || range.start >= source.trim_end().len() {
        Mistake::new(range, "the expression ends too early")
    } else if let Some(rest) = message.strip_prefix("missing ") {
        Mistake::new(range, format!("{} is missing here", wanted(rest.split(" at ").next().unwrap_or(rest))))
    } else if message.starts_with("mismatched input")
        || message.starts_with("extraneous input")
        || message.starts_with("no viable")
    {
        let found = source.get(range.clone()).unwrap_or("").to_owned();
        Mistake::new(range, format!("`{found}` is not expected here"))
    } else if message.contains("has() macro") {
        Mistake::new(range, "`has` asks for a field").help("write it as `has(trail.kms_key_id)`")
    } else if message.contains("must be a simple name") {
        Mistake::new(range, "the first argument gives the element a name").help("write it as `list.all(t, …)`")
    } else if message.starts_with("invalid int")
        || message.starts_with("invalid uint")
        || message.starts_with("invalid double")
    {
        Mistake::new(range, "the number is out of range")
    } else if let Some(word) = message.strip_prefix("reserved identifier: ") {
        Mistake::new(range, format!("`{word}` is a reserved word"))
    } else {
        return None;
    };
    Some(mistake)
}

fn unrecognised(range: Range<usize>, found: &str) -> Mistake {
    match found.chars().next() {
        Some('"' | '\'') => {
            Mistake::new(range, "the text that begins here is not closed, or holds a `\\` that means nothing")
                .help("close it with the same quote; write a backslash as `\\\\`")
        }
        Some('=') => Mistake::new(range, "`=` is no operator").help("compare with `==`"),
        Some('&') => Mistake::new(range, "`&` is no operator").help("write `&&`"),
        Some('|') => Mistake::new(range, "`|` is no operator").help("write `||`"),
        Some(other) => Mistake::new(range, format!("`{other}` means nothing here")),
        None => Mistake::new(range, "this means nothing here"),
    }
}

fn between_quotes(text: &str) -> &str {
    text.strip_prefix('\'').map_or(text, |text| text.strip_suffix('\'').unwrap_or(text))
}

fn wanted(token: &str) -> String {
    match token {
        "IDENTIFIER" => "a name".to_owned(),
        other => format!("`{}`", between_quotes(other)),
    }
}

/// The word at the parser's line and column; columns count characters from 1.
fn range_at(source: &str, error: &ParseError) -> Range<usize> {
    let (line, column) = (usize::try_from(error.pos.0).unwrap_or(1), usize::try_from(error.pos.1).unwrap_or(1));
    let before: usize = source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = source.get(before..).unwrap_or("");
    let within = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(offset, _)| offset);
    let start = before + within;
    start..start + word_length(source.get(start..).unwrap_or(""))
}

fn word_length(text: &str) -> usize {
    let word = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    if word > 0 { word } else { text.chars().next().map_or(0, char::len_utf8) }
}

fn clamp(source: &str, mut offset: usize) -> usize {
    offset = offset.min(source.len());
    while !source.is_char_boundary(offset) {
        offset += 1;
    }
    offset
}
