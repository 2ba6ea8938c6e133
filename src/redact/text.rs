//! Texts: what in them tells of whom they are, known by its shape or by being a name.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;

use super::arn::{Parts, is_public, names};
use super::key::RedactionKey;
use super::words::Words;
use crate::id::AccountId;

/// An expression of this room; nothing where it does not compile, which a test rules out.
type Shape = LazyLock<Option<Regex>>;

fn shape(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// An ARN, wherever it ends: at white space or at a mark that no ARN ends with.
pub(super) static ARN: Shape = LazyLock::new(|| {
    shape(r#"arn:aws[a-z-]*:[a-z0-9*-]*:[a-z0-9*-]*:[a-zA-Z0-9*?-]*:[^\s"'`<>(){}|;]*[A-Za-z0-9_*?/\]+=@-]"#)
});
static MAIL: Shape = LazyLock::new(|| shape(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"));
/// Ids: of organizations, units, roots and policies; of keys and requests; of principals; of users of S3; of accounts; of
/// networks.
static ID: Shape = LazyLock::new(|| {
    shape(concat!(
        r"(?P<org>\bo-[a-z0-9]{10,32}\b)|(?P<unit>\bou-[0-9a-z]{4,32}-[a-z0-9]{8,32}\b)|(?P<root>\br-[0-9a-z]{4,32}\b)",
        r"|(?P<policy>\bp-[0-9a-z_]{8,128}\b)",
        r"|(?P<uuid>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)",
        r"|(?P<canonical>\b[0-9a-f]{64}\b)|(?P<unique>\bA[A-Z]{3}[A-Z0-9]{12,}\b)",
        r"|(?P<net>\b(?:vpc|vpce|subnet|sg|eni|i|mrk)-[0-9a-f]{8,40}\b)|(?P<account>[0-9]{12,})"
    ))
});

/// The kinds of ids, by the names of the groups above.
const KINDS: [&str; 9] = ["org", "unit", "root", "policy", "uuid", "canonical", "unique", "net", "account"];

/// Replaces what it knows by pseudonyms.
pub(super) struct Redactor<'a> {
    pub(super) key: &'a RedactionKey,
    words: Option<AhoCorasick>,
}

impl<'a> Redactor<'a> {
    pub(super) fn new(key: &'a RedactionKey, words: Words) -> Self {
        let words = AhoCorasick::builder().match_kind(MatchKind::Standard).build(words.all()).ok();
        Self { key, words }
    }

    /// A text without what tells of whom it is.
    pub(super) fn text(&self, text: &str) -> String {
        self.around(
            &ARN,
            text,
            |arn| self.arn(arn),
            |rest| self.around(&MAIL, rest, |mail| self.mail(mail), |rest| self.sentence(rest)),
        )
    }

    /// What a name is called instead; what is AWS's own stays.
    pub(super) fn name(&self, name: &str) -> String {
        if is_public(name) {
            return name.to_owned();
        }
        if let Some(id) = self.id(name) {
            return id;
        }
        format!("name-{}", self.key.hex("name", name, 12))
    }

    /// A place that is an ARN, or a path of names.
    pub(super) fn place(&self, place: &str) -> String {
        match Parts::of(place) {
            Some(_) => self.arn(place),
            None => self.path(place),
        }
    }

    /// An ARN with another account and other names.
    fn arn(&self, arn: &str) -> String {
        let Some(parts) = Parts::of(arn).filter(|parts| !parts.is_of_aws()) else { return arn.to_owned() };
        let account = match parts.account.parse::<AccountId>() {
            Ok(id) => self.key.account(id).to_string(),
            Err(_) if parts.account.bytes().any(|letter| letter.is_ascii_digit()) => self.sentence(parts.account),
            Err(_) => parts.account.to_owned(),
        };
        format!("{}:{account}:{}", parts.head.join(":"), self.path(parts.resource))
    }

    fn path(&self, path: &str) -> String {
        names(path).map(|(part, is_name)| if is_name { Cow::Owned(self.name(part)) } else { part.into() }).collect()
    }

    fn mail(&self, mail: &str) -> String {
        format!("{}@example.com", self.key.hex("mail", mail, 12))
    }

    /// An id of AWS's, by another of its shape; nothing where it is none.
    fn id(&self, text: &str) -> Option<String> {
        let found = ID.as_ref()?.captures(text)?;
        let whole = found.get(0)?;
        if whole.len() != text.len() {
            return None;
        }
        let kind = KINDS.into_iter().find(|kind| found.name(kind).is_some())?;
        self.of_kind(kind, text)
    }

    fn of_kind(&self, kind: &str, text: &str) -> Option<String> {
        let hex = |digits: usize| self.key.hex(kind, text, digits);
        let of_length = |prefix: &str| format!("{prefix}{}", hex(text.len().saturating_sub(prefix.len())));
        Some(match kind {
            "org" => of_length("o-"),
            "root" => of_length("r-"),
            "policy" => of_length("p-"),
            "unit" => {
                // A unit's id begins with its root's.
                let root = text.strip_prefix("ou-")?.split('-').next()?;
                let root = self.of_kind("root", &format!("r-{root}"))?;
                of_length(&format!("ou-{}-", root.strip_prefix("r-")?))
            }
            "uuid" => {
                let hex = hex(32);
                [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
            }
            "canonical" => hex(64),
            "unique" => format!("{}{}", &text[..4], hex(text.len() - 4).to_uppercase()),
            "net" => of_length(&format!("{}-", text.split('-').next()?)),
            "account" => match text.parse::<AccountId>() {
                Ok(id) => self.key.account(id).to_string(),
                // A longer number is no account.
                Err(_) => return None,
            },
            _ => return None,
        })
    }

    /// A sentence without ARNs: its names, where they stand as words, and its ids.
    fn sentence(&self, text: &str) -> String {
        let found = self.words.iter().flat_map(|words| words.find_overlapping_iter(text)).map(|found| found.range());
        let mut found: Vec<Range<usize>> = found.filter(|range| is_word(text, range)).collect();
        // The first counts, and of those that begin together the longest.
        found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        let mut told = String::with_capacity(text.len());
        let mut from = 0;
        for range in found {
            if range.start >= from {
                told.push_str(&self.ids(&text[from..range.start]));
                from = range.end;
                told.push_str(&self.name(&text[range]));
            }
        }
        told.push_str(&self.ids(&text[from..]));
        told
    }

    fn ids(&self, text: &str) -> String {
        self.around(&ID, text, |id| self.id(id).unwrap_or_else(|| id.to_owned()), str::to_owned)
    }

    /// A text in which what has a shape becomes something, and what stands between something else.
    fn around(
        &self,
        shape: &Shape,
        text: &str,
        of_shape: impl Fn(&str) -> String,
        between: impl Fn(&str) -> String,
    ) -> String {
        let Some(shape) = shape.as_ref() else { return String::new() };
        let mut told = String::with_capacity(text.len());
        let mut from = 0;
        for found in shape.find_iter(text) {
            told.push_str(&between(&text[from..found.start()]));
            told.push_str(&of_shape(found.as_str()));
            from = found.end();
        }
        told.push_str(&between(&text[from..]));
        told
    }
}

/// Whether a place in a text is a word of its own, and no part of a longer one.
fn is_word(text: &str, range: &Range<usize>) -> bool {
    let joins = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    let found = &text[range.clone()];
    let before = text[..range.start].chars().next_back().is_some_and(joins);
    let after = text[range.end..].chars().next().is_some_and(joins);
    let begins = found.chars().next().is_some_and(joins);
    let ends = found.chars().next_back().is_some_and(joins);
    !(before && begins || after && ends)
}
