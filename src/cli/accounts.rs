//! `--accounts-file`: a list of accounts, with every mistake in it at its place.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use serde_json::value::RawValue;

use super::error::CliError;
use super::input::read;
use crate::id::AccountId;
use crate::policy::{Diagnostic, Source, render};

/// Reads a list of accounts: one id a line, `#` before a remark; or a JSON list of texts.
///
/// # Errors
/// Where the file cannot be read, names no account, or has mistakes: all of them at once.
pub(super) fn read_accounts(path: &Path) -> Result<Vec<AccountId>, CliError> {
    let name = if path.as_os_str() == "-" { "stdin".to_owned() } else { path.display().to_string() };
    let bytes = read(path).map_err(|error| CliError::Usage(format!("cannot read the accounts of {name}: {error}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|error| CliError::Usage(format!("{name} is no text: {}", error.utf8_error())))?;
    parse(&text).map_err(|mistakes| {
        let told = |(range, message, help): Mistake| Diagnostic {
            file: name.clone(),
            start: range.start,
            end: range.end,
            message,
            help,
        };
        let diagnostics: Vec<Diagnostic> = mistakes.into_iter().map(told).collect();
        let coloured = std::io::IsTerminal::is_terminal(&std::io::stderr());
        CliError::Accounts { rendered: render(&diagnostics, &[Source { file: name.clone(), text }], coloured) }
    })
}

/// Where, what is wrong, and what to do.
type Mistake = (Range<usize>, String, Option<String>);

fn parse(text: &str) -> Result<Vec<AccountId>, Vec<Mistake>> {
    let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('[');
    let words = if is_json { of_json(text)? } else { of_lines(text) };
    let (mut accounts, mut mistakes) = (Vec::new(), Vec::new());
    let mut seen: HashMap<AccountId, usize> = HashMap::new();
    for (range, word) in words {
        let id: AccountId = match word.and_then(|word| word.parse().map_err(|_| complaint(&word))) {
            Ok(id) => id,
            Err((message, help)) => {
                mistakes.push((range, message, help));
                continue;
            }
        };
        let line = text[..range.start].matches('\n').count() + 1;
        match seen.insert(id, line) {
            Some(first) => {
                mistakes.push((
                    range,
                    format!("{id} is named twice, first in line {first}"),
                    Some("leave one of them out".to_owned()),
                ));
            }
            None => accounts.push(id),
        }
    }
    if accounts.is_empty() && mistakes.is_empty() {
        mistakes.push((0..text.len().min(1), "no account is named".to_owned(), Some(FORM.to_owned())));
    }
    if mistakes.is_empty() { Ok(accounts) } else { Err(mistakes) }
}

const FORM: &str = "write one account id a line, with # before remarks; or a JSON list, such as [\"111122223333\"]";

/// A word, or what is wrong with it.
type Word = (Range<usize>, Result<String, (String, Option<String>)>);

fn complaint(word: &str) -> (String, Option<String>) {
    let digits = word.chars().all(|letter| letter.is_ascii_digit());
    let help = match word.len() {
        length if digits && length < 12 => format!("is it {word:0>12}? Spreadsheets take leading zeros away"),
        _ if word.contains(',') => "write one account id a line".to_owned(),
        _ => "an account id has twelve digits, and nothing between them".to_owned(),
    };
    (format!("`{}` is no account id", word.escape_debug()), Some(help))
}

fn of_lines(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let told = line.split('#').next().unwrap_or_default();
        let told = if start == 0 { told.trim_start_matches('\u{feff}') } else { told };
        let word = told.trim();
        if !word.is_empty() {
            let at = start + line.find(word).unwrap_or_default();
            words.push((at..at + word.len(), Ok(word.to_owned())));
        }
        start += line.len();
    }
    words
}

/// The elements of a JSON list, each at its place.
fn of_json(text: &str) -> Result<Vec<Word>, Vec<Mistake>> {
    let json = text.trim_start_matches('\u{feff}');
    let skipped = text.len() - json.len();
    let elements: Vec<&RawValue> = serde_json::from_str(json).map_err(|error| {
        let before: usize = json.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let at = (skipped + before + error.column().saturating_sub(1)).min(text.len());
        vec![(at..at, format!("this is no JSON list: {error}"), Some(FORM.to_owned()))]
    })?;
    let word = |element: &RawValue| {
        let raw = element.get();
        let at = skipped + (raw.as_ptr().addr() - json.as_ptr().addr());
        let word = serde_json::from_str::<String>(raw);
        (
            at..at + raw.len(),
            word.map_err(|_| (format!("{raw} is no text"), Some("write the id between quotes".to_owned()))),
        )
    };
    Ok(elements.into_iter().map(word).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, String)> {
        let mistakes = parse(text).unwrap_err();
        mistakes.into_iter().map(|(range, message, _)| (text[range].to_owned(), message)).collect()
    }

    #[test]
    fn lists_are_read_in_both_forms() {
        let expected: Vec<AccountId> = ["111111111111", "000000000002"].map(|id| id.parse().unwrap()).to_vec();
        for text in [
            "111111111111\n000000000002\n",
            "\u{feff}# all\r\n  111111111111 # management\r\n\r\n000000000002",
            "[\"111111111111\", \"000000000002\"]",
            "\u{feff}\n[\n  \"111111111111\",\n\"00000000000\\u0032\"]\n",
        ] {
            assert_eq!(parse(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn every_mistake_is_told_at_its_place() {
        let lines = told("111111111111\n2 # short\n111111111111\nx,y\n");
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0], ("2".into(), "`2` is no account id".into()));
        assert_eq!(lines[1], ("111111111111".into(), "111111111111 is named twice, first in line 1".into()));
        assert_eq!(lines[2].0, "x,y");
        let list = told("[\"111111111111\",\n 222222222222, {\"a\": 1},\n \"x\"]");
        let places: Vec<&str> = list.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["222222222222", "{\"a\": 1}", "\"x\""]);
        for (text, said) in
            [("", "no account"), ("# none\n\n", "no account"), ("[]", "no account"), ("[\"1\"", "no JSON list")]
        {
            assert!(told(text)[0].1.contains(said), "{text}: {:?}", told(text));
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "[\\[\\]\"#, 0-9\\n\u{feff}é]{0,60}") {
            let _ = parse(&text).map_err(|mistakes| told_all(&text, mistakes));
        }
    }

    fn told_all(text: &str, mistakes: Vec<Mistake>) {
        assert!(mistakes.into_iter().all(|(range, ..)| range.start <= range.end && range.end <= text.len()));
    }
}
