//! Links in a terminal.

use super::text::TextStyle;

/// A text that a terminal opens an address from, where links are taken and there is an address.
///
/// Source: "Hyperlinks in terminal emulators", the escape sequence OSC 8.
pub(super) fn hyperlink(text: &str, address: Option<&str>, style: TextStyle) -> String {
    match address {
        Some(address) if style == TextStyle::Linked => format!("\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\"),
        _ => text.to_owned(),
    }
}
