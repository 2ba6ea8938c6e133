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
    let width = |column: usize| all().filter_map(|row| row.get(column)).map(width).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let before: usize = widths.iter().map(|width| width + 2).sum();
    let last = WIDTH.saturating_sub(before).max(NARROWEST);
    let mut lines = Vec::new();
    for (index, row) in all().enumerate() {
        let look = if index == 0 { Style::new().dimmed() } else { Style::new() };
        let mut first = String::new();
        for (words, width) in row.iter().zip(&widths) {
            let shown = wrapped(words, usize::MAX, look, style).concat();
            first.push_str(&pad(&shown, self::width(words), width + 2));
        }
        let wrapped = row.get(columns).map(|words| wrapped(words, last, look, style)).unwrap_or_default();
        let mut rest = wrapped.into_iter();
        lines.push(format!("{first}{}", rest.next().unwrap_or_default()));
        lines.extend(rest.map(|line| format!("{}{line}", " ".repeat(before))));
    }
    lines
}

fn width(words: &Words) -> usize {
    words.iter().map(|word| word.text().chars().count()).sum()
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
