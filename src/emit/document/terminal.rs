//! Pages for a terminal: wrapped, with links where it takes them.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::words::{Target, Word, Words};
use super::{Block, Document, Name};
use crate::emit::hyperlink::hyperlink;
use crate::emit::text::{TextStyle, pad};
use crate::emit::website::page_address;

/// The columns of a page.
const WIDTH: usize = 100;

/// Wider than this, the other columns of a table are wrapped.
const WIDEST: usize = 34;

/// Narrower than this, the last column of a table is not wrapped.
const NARROWEST: usize = 30;

impl Document {
    /// Writes the page for a terminal.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn write(&self, style: TextStyle, writer: &mut dyn Write) -> io::Result<()> {
        for (index, block) in self.blocks.iter().enumerate() {
            if index > 0 {
                writeln!(writer)?;
            }
            for line in shown(block, style) {
                writeln!(writer, "{}", line.trim_end())?;
            }
        }
        Ok(())
    }
}

fn shown(block: &Block, style: TextStyle) -> Vec<String> {
    match block {
        Block::Heading { level, words } => {
            let look = if *level == 1 { Style::new().bold().underline() } else { Style::new().bold() };
            wrapped(words, WIDTH, look, style)
        }
        Block::Paragraph(words) => wrapped(words, WIDTH, Style::new(), style),
        Block::Code { text, .. } => text.lines().map(|line| format!("    {line}")).collect(),
        Block::List(points) => points.iter().flat_map(|words| point("- ", words, style)).collect(),
        Block::Table { head, rows } => table(head, rows, style),
        Block::Names(names) => names.iter().flat_map(|name| explained(name, style)).collect(),
    }
}

/// A text after a mark, under which its other lines begin where the text does.
fn point(mark: &str, words: &Words, style: TextStyle) -> Vec<String> {
    let lines = wrapped(words, WIDTH.saturating_sub(mark.len()), Style::new(), style);
    let blank = " ".repeat(mark.len());
    let lines = lines.into_iter().enumerate();
    lines.map(|(index, line)| format!("{}{line}", if index == 0 { mark } else { &blank })).collect()
}

fn explained(name: &Name, style: TextStyle) -> Vec<String> {
    let mut lines = vec![format!(
        "{}  {}",
        style.dressed(&name.name, Style::new().bold()),
        style.dressed(&name.ty, Style::new().dimmed())
    )];
    lines.extend(point("    ", &name.meaning, style));
    lines.extend(point("    ", &name.sources, style));
    lines
}

fn table(head: &[&'static str], rows: &[Vec<Words>], style: TextStyle) -> Vec<String> {
    let head: Vec<Words> = head.iter().map(|cell| Words::prose(cell)).collect();
    let all = || std::iter::once(&head).chain(rows);
    let columns = head.len().saturating_sub(1);
    let width = |column: usize| all().filter_map(|row| row.get(column)).map(|words| width(words, WIDEST)).max();
    let mut widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let before: usize = widths.iter().map(|width| width + 2).sum();
    widths.push(WIDTH.saturating_sub(before).max(NARROWEST));
    let mut lines = Vec::new();
    for (index, row) in all().enumerate() {
        let look = if index == 0 { Style::new().dimmed() } else { Style::new() };
        lines.extend(row_lines(row, &widths, look, style));
    }
    lines
}

/// The lines of a row, each cell wrapped to the width of its column.
fn row_lines(row: &[Words], widths: &[usize], look: Style, style: TextStyle) -> Vec<String> {
    let shown = |words: &Words, width: usize, style| wrapped(words, width.max(1), look, style);
    let cells = || row.iter().zip(widths);
    let dressed: Vec<Vec<String>> = cells().map(|(words, width)| shown(words, *width, style)).collect();
    let plain: Vec<Vec<String>> = cells().map(|(words, width)| shown(words, *width, TextStyle::Plain)).collect();
    let height = dressed.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let mut line = String::new();
        for ((dressed, plain), width) in dressed.iter().zip(&plain).zip(widths) {
            let visible = plain.get(at).map_or(0, |text| text.chars().count());
            line.push_str(&pad(dressed.get(at).map_or("", String::as_str), visible, width + 2));
        }
        line
    };
    (0..height).map(line).collect()
}

/// The columns that words take up where they are wrapped to a width: more than that for one long word.
fn width(words: &Words, most: usize) -> usize {
    let lines = wrapped(words, most, Style::new(), TextStyle::Plain);
    lines.iter().map(|line| line.chars().count()).max().unwrap_or(0)
}

/// What no blank parts: pieces, and how each looks.
type Atom<'w> = Vec<(&'w Word, &'w str)>;

fn atoms(words: &Words) -> Vec<Atom<'_>> {
    let mut atoms: Vec<Atom<'_>> = Vec::new();
    let mut open = false;
    for word in words.iter() {
        for (index, part) in word.text().split(char::is_whitespace).enumerate() {
            open &= index == 0;
            match atoms.last_mut() {
                _ if part.is_empty() => {}
                Some(atom) if open => atom.push((word, part)),
                _ => atoms.push(vec![(word, part)]),
            }
            open |= !part.is_empty();
        }
    }
    atoms
}

fn wrapped(words: &Words, width: usize, look: Style, style: TextStyle) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for atom in atoms(words) {
        let length: usize = atom.iter().map(|(_, part)| part.chars().count()).sum();
        if used > 0 && used + 1 + length > width {
            lines.push(String::new());
            used = 0;
        }
        let Some(line) = lines.last_mut() else { break };
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        used += length;
        atom.iter().for_each(|(word, part)| line.push_str(&piece(word, part, look, style)));
    }
    lines
}

fn piece(word: &Word, part: &str, look: Style, style: TextStyle) -> String {
    match word {
        Word::Text(_) => style.dressed(part, look),
        Word::Code(_) => style.dressed(part, look.fg_color(Some(AnsiColor::Cyan.into()))),
        Word::Link { target, .. } => {
            let address = match target {
                Target::Address(address) => Some(address.clone()),
                Target::Page(page) => page_address(page),
            };
            hyperlink(&style.dressed(part, look), address.as_deref(), style)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(words: &Words, width: usize) -> Vec<String> {
        wrapped(words, width, Style::new(), TextStyle::Plain)
    }

    #[test]
    fn lines_break_between_words_alone() {
        let words = Words::prose("one `two`, three four");
        assert_eq!(lines(&words, 9), ["one two,", "three", "four"]);
        assert_eq!(lines(&words, 1), ["one", "two,", "three", "four"]);
        assert_eq!(lines(&Words::new(), 5), [""]);
    }

    #[test]
    fn links_are_hidden_where_the_terminal_does_not_take_them() {
        let words = Words::new().link("here", Target::Address("https://example.com/".to_owned()));
        let shown = |style| wrapped(&words, 80, Style::new(), style).concat();
        assert_eq!(shown(TextStyle::Plain), "here");
        assert!(!shown(TextStyle::Colour).contains("example.com"));
        assert!(shown(TextStyle::Linked).contains("\u{1b}]8;;https://example.com/\u{1b}\\"));
    }
}
