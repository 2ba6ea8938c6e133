//! What is wrong with a file, and where.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// One mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file, as the user named it.
    pub file: String,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
    /// What is wrong.
    pub message: String,
    /// What to do instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A mistake at a place.
    pub(super) fn at(file: &str, range: Range<usize>, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), start: range.start, end: range.end, message: message.into(), help: None }
    }

    /// The same mistake, with what to do instead.
    #[must_use]
    pub(super) fn help(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }
}

/// A file that was read, by which the places of its mistakes are shown.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file, as the user named it.
    pub file: String,
    /// Its text; empty where it could not be read.
    pub text: String,
}

/// Shows mistakes with file, line, column and excerpt.
pub fn render(diagnostics: &[Diagnostic], sources: &[Source], coloured: bool) -> String {
    let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
    let mut shown = String::new();
    for diagnostic in diagnostics {
        let text =
            sources.iter().find(|source| source.file == diagnostic.file).map_or("", |source| source.text.as_str());
        shown.push_str(&renderer.render(&report(diagnostic, text)));
        shown.push_str("\n\n");
    }
    let files: std::collections::BTreeSet<&str> =
        diagnostics.iter().map(|diagnostic| diagnostic.file.as_str()).collect();
    shown.push_str(&format!("{} in {}\n", count(diagnostics.len(), "mistake"), count(files.len(), "file")));
    shown
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

fn report<'a>(diagnostic: &'a Diagnostic, text: &'a str) -> Vec<Group<'a>> {
    let title = Level::ERROR.primary_title(diagnostic.message.as_str());
    let group = if text.is_empty() {
        Group::with_title(title).element(annotate_snippets::Origin::path(diagnostic.file.as_str()))
    } else {
        let start = floor(text, diagnostic.start);
        let end = floor(text, diagnostic.end).max(start);
        let annotation = AnnotationKind::Primary.span(start..end);
        title.element(Snippet::source(text).path(diagnostic.file.as_str()).annotation(annotation))
    };
    let help = diagnostic.help.as_deref().map(|help| Level::HELP.message(help));
    vec![group.elements(help)]
}

fn floor(text: &str, byte: usize) -> usize {
    let mut at = byte.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
