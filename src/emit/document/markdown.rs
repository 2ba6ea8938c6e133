//! Pages as Markdown, as GitHub reads it.
//!
//! Source: GitHub Flavored Markdown Spec, "Backslash escapes", "Code spans" and "Tables (extension)".

use super::words::{Target, Word, Words};
use super::{Block, Document, Name};

impl Document {
    /// The page as Markdown, for a file in a folder of the documentation: `rules`, `packs`, or nothing for the root.
    pub(in crate::emit) fn markdown(&self, folder: &str) -> String {
        let blocks: Vec<String> = self.blocks.iter().map(|block| shown(block, folder)).collect();
        format!("{}\n", blocks.join("\n\n"))
    }
}

fn shown(block: &Block, folder: &str) -> String {
    match block {
        Block::Heading { level, words } => format!("{} {}", "#".repeat(*level), line(words, folder)),
        Block::Paragraph(words) => line(words, folder),
        Block::Code { language, text } => {
            let fence = "`".repeat(longest_run(text).max(2) + 1);
            format!("{fence}{language}\n{text}\n{fence}")
        }
        Block::List(points) => {
            let points: Vec<String> = points.iter().map(|words| format!("- {}", line(words, folder))).collect();
            points.join("\n")
        }
        Block::Table { head, rows } => {
            let row = |cells: &Vec<Words>| cells.iter().map(|words| line(words, folder)).collect();
            table(head, rows.iter().map(row).collect())
        }
        Block::Names(names) => {
            let row = |name: &Name| {
                let words = [&Words::code_alone(&name.name), &Words::prose(&name.ty), &name.meaning, &name.sources];
                words.map(|words| line(words, folder)).to_vec()
            };
            table(&["name", "type", "meaning", "read with"], names.iter().map(row).collect())
        }
    }
}

fn table(head: &[&str], rows: Vec<Vec<String>>) -> String {
    let row = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let rule = format!("|{}", "---|".repeat(head.len()));
    [row(&head), rule].into_iter().chain(rows.iter().map(|cells| row(cells))).collect::<Vec<_>>().join("\n")
}

fn line(words: &Words, folder: &str) -> String {
    words.iter().map(|word| written(word, folder)).collect()
}

fn written(word: &Word, folder: &str) -> String {
    match word {
        Word::Text(text) => escaped(text),
        Word::Code(text) => code(text),
        Word::Link { text, code: is_code, target } => {
            let text = if *is_code { code(text) } else { escaped(text) };
            match target {
                Target::Address(address) => format!("[{text}]({address})"),
                Target::Page(page) => format!("[{text}]({})", relative(page, folder)),
            }
        }
    }
}

/// A page as another one in a folder names it.
fn relative(page: &str, folder: &str) -> String {
    match page.split_once('/') {
        Some((of, file)) if of == folder => file.to_owned(),
        _ if folder.is_empty() => page.to_owned(),
        _ => format!("../{page}"),
    }
}

/// Text without what Markdown would take for more.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '|') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// A code span; in tables, too, a `|` must be escaped.
fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    let fence = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// The most backticks in a row.
fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_markdown_would_take_for_more_is_escaped() {
        assert_eq!(line(&Words::prose("a * `b_c` <d> x|y"), ""), r"a \* `b_c` \<d\> x\|y");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(line(&Words::prose("a ` b"), ""), r"a \` b");
    }

    #[test]
    fn pages_are_named_from_where_they_are_read() {
        let there = |folder| line(&Words::new().rule("x"), folder);
        assert_eq!(
            [there("rules"), there("packs"), there("")],
            ["[`x`](x.md)", "[`x`](../rules/x.md)", "[`x`](rules/x.md)"]
        );
    }
}
