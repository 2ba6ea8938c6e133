//! What the parts of the page share: names, numbers, and text that cannot break out of its place.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::emit::text::clean;
use crate::id::AccountId;
use crate::policy::Severity;

/// At most this many letters of a text from AWS are shown.
const LETTERS: usize = 1_200;

/// At most this many letters of a name are shown.
const NAME: usize = 120;

/// A text without letters that move or turn others, and not too long.
pub(super) fn text(text: &str) -> String {
    shortened(text, LETTERS)
}

fn shortened(text: &str, letters: usize) -> String {
    let text = clean(text);
    match text.char_indices().nth(letters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// An account by name and id.
pub(super) fn named(id: AccountId, names: &BTreeMap<AccountId, &str>) -> String {
    match names.get(&id) {
        Some(name) => format!("{} {id}", shortened(name, NAME)),
        None => id.to_string(),
    }
}

/// An account, its id beneath its name.
pub(super) fn account(id: AccountId, names: &BTreeMap<AccountId, &str>) -> Markup {
    html! {
        @if let Some(name) = names.get(&id) { span.name { (shortened(name, NAME)) } " " }
        span.id { (id) }
    }
}

/// A number as people read it: `10,000`.
pub(super) fn number(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// So many of something: `1 account`, `2 accounts`.
pub(super) fn count(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{} {noun}s", number(count)) }
}

/// Prose, in which what stands between backticks is code; blank lines part paragraphs.
pub(super) fn prose(text: &str) -> Markup {
    let paragraphs = text.trim().split("\n\n").filter(|paragraph| !paragraph.trim().is_empty());
    html! { @for paragraph in paragraphs { p { (line(paragraph)) } } }
}

/// A line of prose.
pub(super) fn line(text: &str) -> Markup {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    html! {
        @for (at, piece) in joined.split('`').enumerate() {
            @if at % 2 == 0 { (clean(piece)) } @else { code { (clean(piece)) } }
        }
    }
}

/// A severity as a label.
pub(super) fn badge(severity: Severity) -> Markup {
    html! { span class={ "badge " (severity.as_str()) } { (severity.as_str()) } }
}

/// A table that scrolls by itself where the window is narrow, by keyboard too.
pub(super) fn scrolling(label: &str, inner: &Markup) -> Markup {
    html! { div.scroll tabindex="0" role="region" aria-label=(text(label)) { (inner) } }
}

/// The accounts that something is true of: one by name, more by their number and beneath it all of them.
pub(super) fn accounts(ids: &[AccountId], names: &BTreeMap<AccountId, &str>) -> Markup {
    match ids {
        [only] => account(*only, names),
        _ => html! {
            details.many {
                summary { (count(ids.len(), "account")) }
                ul { @for id in ids { li { (account(*id, names)) } } }
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (given, expected) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(number(given), expected);
        }
    }

    #[test]
    fn prose_shows_code() {
        assert_eq!(line("a `b<c>`\n d").0, "a <code>b&lt;c&gt;</code> d");
    }
}
