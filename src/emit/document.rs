//! A page of text, before it is known whether a terminal or a file in Markdown shows it.

mod markdown;
mod terminal;
mod words;

pub(super) use words::{Target, Words};

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Document {
    blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Debug, Clone)]
enum Block {
    /// A heading; the page's own is of level 1.
    Heading { level: usize, words: Words },
    /// A paragraph.
    Paragraph(Words),
    /// Text that stays as it is.
    Code { language: &'static str, text: String },
    /// One point after another.
    List(Vec<Words>),
    /// Rows under a head. A terminal wraps the last column.
    Table { head: Vec<&'static str>, rows: Vec<Vec<Words>> },
    /// Names that are explained: a table in Markdown, one after another in a terminal.
    Names(Vec<Name>),
}

/// A name and what it means.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// The name.
    pub(super) name: String,
    /// Its type.
    pub(super) ty: String,
    /// What it means.
    pub(super) meaning: Words,
    /// What it rests on.
    pub(super) sources: Words,
}

impl Document {
    /// A page under its heading.
    pub(super) fn new(title: Words) -> Self {
        Self { blocks: vec![Block::Heading { level: 1, words: title }] }
    }

    pub(super) fn heading(&mut self, text: &str) {
        self.blocks.push(Block::Heading { level: 2, words: Words::prose(text) });
    }

    pub(super) fn paragraph(&mut self, words: Words) {
        self.blocks.push(Block::Paragraph(words));
    }

    /// The paragraphs of a text, which blank lines part.
    pub(super) fn prose(&mut self, text: &str) {
        for paragraph in text.trim().split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
            self.paragraph(Words::prose(paragraph));
        }
    }

    pub(super) fn code(&mut self, language: &'static str, text: &str) {
        self.blocks.push(Block::Code { language, text: text.trim_end().to_owned() });
    }

    pub(super) fn list(&mut self, points: Vec<Words>) {
        self.blocks.push(Block::List(points));
    }

    pub(super) fn table(&mut self, head: &[&'static str], rows: Vec<Vec<Words>>) {
        self.blocks.push(Block::Table { head: head.to_vec(), rows });
    }

    pub(super) fn names(&mut self, names: Vec<Name>) {
        self.blocks.push(Block::Names(names));
    }
}
