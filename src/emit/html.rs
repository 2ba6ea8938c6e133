//! The report as one page of HTML for auditors and managers: without a server, without a request, readable on paper.
//!
//! Sources: W3C, "Web Content Accessibility Guidelines 2.2"; W3C, "Content Security Policy Level 3" (hashes of what stands
//! in the page itself); OWASP, "Cross Site Scripting Prevention". What the report says comes into the page through `maud`
//! alone, which escapes it.

mod accounts;
mod findings;
mod heat;
mod made;
mod parts;
mod standards;
mod trend;
mod unseen;
mod verdict;
mod waived;

use std::collections::BTreeMap;
use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use self::parts::{named, text};
use crate::evaluate::Report;
use crate::id::AccountId;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// Writes a report as a page of HTML, a part after the other.
///
/// # Errors
/// Where the writer fails.
pub fn write_html(report: &Report, writer: &mut dyn Write) -> io::Result<()> {
    let names = report.accounts.iter().filter_map(|account| Some((account.id, account.name.as_deref()?))).collect();
    let page = Page { report, names };
    page.head(writer)?;
    write(writer, &verdict::section(&page))?;
    write(writer, &heat::section(&page))?;
    write(writer, &trend::section(&page))?;
    write(writer, &accounts::section(&page))?;
    findings::section(&page, writer)?;
    write(writer, &waived::section(&page))?;
    write(writer, &standards::sections(&page))?;
    write(writer, &unseen::section(&page))?;
    write(writer, &made::section(&page))?;
    write(writer, &html! { script { (PreEscaped(SCRIPT)) } })?;
    writer.write_all(b"</main></body></html>\n")
}

fn write(writer: &mut dyn Write, markup: &Markup) -> io::Result<()> {
    writer.write_all(markup.0.as_bytes())
}

/// What all parts of the page look into.
struct Page<'a> {
    report: &'a Report,
    names: BTreeMap<AccountId, &'a str>,
}

impl Page<'_> {
    /// All before the first section: what browsers must know, the title, and where things stand.
    fn head(&self, writer: &mut dyn Write) -> io::Result<()> {
        let title = format!("{}: audit of CloudTrail", self.subject());
        let opening = html! {
            (DOCTYPE)
            (PreEscaped("<html lang=\"en\">"))
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content=(concat!("trailproof ", env!("CARGO_PKG_VERSION")));
                meta name="referrer" content="no-referrer";
                title { (text(&title)) }
                // An icon of its own: a browser that finds none asks for one.
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            (PreEscaped("<body>"))
            a.skip href="#findings" { "To the findings" }
            header.page {
                p.kicker { "Audit report · AWS CloudTrail" }
                h1 { (text(&self.subject())) }
                p.when { "As read on " (self.report.snapshot.taken_at.strftime("%-d %B %Y, %H:%M UTC").to_string()) }
            }
            nav.contents aria-label="Contents" { ol {
                @for (anchor, title) in self.contents() { li { a href={ "#" (anchor) } { (title) } } }
            } }
            (PreEscaped("<main>"))
        };
        write(writer, &opening)
    }

    fn contents(&self) -> Vec<(&'static str, &'static str)> {
        let mut contents = vec![("verdict", "Verdict"), ("coverage", "Coverage")];
        if !self.report.trend.is_empty() {
            contents.push(("trend", "Trend"));
        }
        contents.extend([("accounts", "Accounts"), ("findings", "Findings")]);
        if !self.report.waivers.is_empty() {
            contents.push(("waivers", "Waivers"));
        }
        if !self.report.frameworks.is_empty() {
            contents.push(("frameworks", "Frameworks"));
        }
        contents.extend([("rules", "Rules"), ("unseen", "Not observed"), ("made", "How it was made")]);
        contents
    }

    /// The organization, or the only account.
    fn subject(&self) -> String {
        match (&self.report.snapshot.organization, self.report.accounts.first()) {
            (Some(organization), _) => format!("Organization {organization}"),
            (None, Some(account)) => format!("Account {}", named(account.id, &self.names)),
            (None, None) => "No account".to_owned(),
        }
    }
}

/// Nothing is loaded, and nothing is run but what stands here.
fn policy() -> String {
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        base64(&Sha256::digest(STYLE)),
        base64(&Sha256::digest(SCRIPT))
    )
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = (0..3).fold(0_usize, |number, at| number << 8 | usize::from(chunk.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let letter = LETTERS.get(number >> (18 - 6 * at) & 63).copied().unwrap_or(b'=');
            text.push(if at > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        let cases = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (plain, encoded) in cases {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }
}
