//! YAML with the place of every value, and without what a policy has no use for: anchors, tags, merge keys.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use serde_yaml::Value;

/// A value and where it stands, in bytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// One text, number or truth value: its text, and whether it was quoted or a block.
    Scalar {
        text: String,
        plain: bool,
    },
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
}

/// Something that is no YAML, or none that a policy may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) range: Range<usize>,
    pub(super) message: String,
}

/// Deeper than any policy is, and shallow enough for every stack.
const DEEPEST: usize = 64;

impl Node {
    /// The value under a key.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        let Kind::Mapping(entries) = &self.kind else { return None };
        entries.iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    /// The text of a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The node as `serde_yaml` reads it.
    pub(super) fn to_value(&self) -> Value {
        match &self.kind {
            Kind::Scalar { text, plain: true } => plain(text),
            Kind::Scalar { text, .. } => Value::String(text.clone()),
            Kind::Sequence(elements) => Value::Sequence(elements.iter().map(Self::to_value).collect()),
            Kind::Mapping(entries) => {
                Value::Mapping(entries.iter().map(|(key, value)| (key.to_value(), value.to_value())).collect())
            }
        }
    }

    /// Where a part of a scalar's text stands in the file.
    ///
    /// The text is aligned with its source letter by letter, so that quotes, escapes, indentation and folding move the
    /// place by what they take up.
    pub(super) fn place(&self, part: Range<usize>, source: &str) -> Range<usize> {
        let Some(text) = self.text() else { return self.range.clone() };
        let raw = &source[self.range.clone()];
        let skipped = if raw.starts_with(['|', '>']) { raw.find('\n').map_or(0, |end| end + 1) } else { 0 };
        let mut at = skipped;
        let (mut start, mut end) = (None, None);
        for (index, letter) in text.char_indices() {
            let wanted = if letter == '\n' { '\n' } else { letter };
            let Some(found) = raw[at..].find(wanted) else { break };
            let here = at + found;
            if index >= part.start && start.is_none() {
                start = Some(here);
            }
            at = here + letter.len_utf8();
            if index < part.end {
                end = Some(at);
            }
        }
        match (start, end) {
            (Some(start), Some(end)) if start < end => self.range.start + start..self.range.start + end,
            (Some(start), _) => self.range.start + start..self.range.start + start,
            _ => self.range.end..self.range.end,
        }
    }
}

/// The value of a text without quotes. The common kinds are told here; the rest is left to `serde_yaml`.
fn plain(text: &str) -> Value {
    const WORDS: [&str; 4] = ["true", "false", "null", "~"];
    let may_be_number = text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.'));
    let may_be_more = may_be_number || text.is_empty() || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    match text {
        _ if !may_be_more => Value::String(text.to_owned()),
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "0" => Value::Number(0.into()),
        _ if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0') => match text.parse::<u64>() {
            Ok(number) => Value::Number(number.into()),
            Err(_) => read(text),
        },
        _ => read(text),
    }
}

fn read(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// Reads the one document of a text.
///
/// # Errors
/// Every problem that can be told at once: those of the language end the reading, the others do not.
pub(super) fn parse(source: &str) -> Result<Node, Vec<Problem>> {
    let bytes: Vec<usize> = source.char_indices().map(|(byte, _)| byte).chain([source.len()]).collect();
    let mut builder = Builder { bytes: &bytes, stack: Vec::new(), root: None, problems: Vec::new() };
    for event in Parser::new_from_str(source) {
        match event {
            Ok((event, span)) => {
                if !builder.take(event, span) {
                    break;
                }
            }
            Err(error) => {
                let at = builder.byte(error.marker().index());
                builder
                    .problems
                    .push(Problem { range: at..at, message: format!("this is not YAML: {}", error.info()) });
                break;
            }
        }
    }
    match (builder.root, builder.problems) {
        (Some(root), problems) if problems.is_empty() => Ok(root),
        (None, problems) if problems.is_empty() => {
            Err(vec![Problem { range: 0..0, message: "the file is empty".into() }])
        }
        (_, problems) => Err(problems),
    }
}

struct Builder<'a> {
    /// The byte at which each character begins.
    bytes: &'a [usize],
    stack: Vec<Open>,
    root: Option<Node>,
    problems: Vec<Problem>,
}

/// A collection that is not closed yet.
struct Open {
    start: usize,
    items: Vec<Node>,
    is_mapping: bool,
}

impl Builder<'_> {
    fn byte(&self, character: usize) -> usize {
        self.bytes.get(character).or(self.bytes.last()).copied().unwrap_or(0)
    }

    fn range(&self, span: Span) -> Range<usize> {
        self.byte(span.start.index())..self.byte(span.end.index())
    }

    fn refuse(&mut self, range: Range<usize>, message: &str) {
        self.problems.push(Problem { range, message: message.to_owned() });
    }

    /// Takes an event in; false where it makes no sense to go on.
    fn take(&mut self, event: Event<'_>, span: Span) -> bool {
        let range = self.range(span);
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                self.refuse(range, "a second document: a file holds one");
                return false;
            }
            Event::Alias(_) => {
                self.refuse(range.clone(), "an alias: write the value out");
                self.close(Node { range, kind: Kind::Scalar { text: String::new(), plain: true } });
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.plain_only(&range, anchor, tag.is_some());
                let kind = Kind::Scalar { text: text.into_owned(), plain: style == ScalarStyle::Plain };
                self.close(Node { range, kind });
            }
            Event::SequenceStart(anchor, tag) => {
                self.plain_only(&range, anchor, tag.is_some());
                return self.open(range, false);
            }
            Event::MappingStart(anchor, tag) => {
                self.plain_only(&range, anchor, tag.is_some());
                return self.open(range, true);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(range),
            _ => {}
        }
        true
    }

    fn plain_only(&mut self, range: &Range<usize>, anchor: usize, tagged: bool) {
        if anchor != 0 {
            self.refuse(range.clone(), "an anchor: write the value out wherever it is needed");
        }
        if tagged {
            self.refuse(range.clone(), "a tag: values are plain here");
        }
    }

    fn open(&mut self, range: Range<usize>, is_mapping: bool) -> bool {
        if self.stack.len() >= DEEPEST {
            self.refuse(range, "nested too deep");
            return false;
        }
        self.stack.push(Open { start: range.start, items: Vec::new(), is_mapping });
        true
    }

    fn end(&mut self, range: Range<usize>) {
        let Some(open) = self.stack.pop() else { return };
        let end = open.items.last().map_or(range.end, |last| last.range.end.max(range.end.min(last.range.end + 1)));
        let kind = if open.is_mapping { self.mapping(open.items) } else { Kind::Sequence(open.items) };
        self.close(Node { range: open.start..end.max(open.start), kind });
    }

    fn mapping(&mut self, items: Vec<Node>) -> Kind {
        let mut entries: Vec<(Node, Node)> = Vec::new();
        let mut items = items.into_iter();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            match key.text() {
                None => self.refuse(key.range.clone(), "a key that is no plain text"),
                Some("<<") => self.refuse(key.range.clone(), "a merge key: write the values out"),
                Some(text) if entries.iter().any(|(earlier, _)| earlier.text() == Some(text)) => {
                    let message = format!("the key `{text}` stands here twice");
                    self.refuse(key.range.clone(), &message);
                }
                Some(_) => {}
            }
            entries.push((key, value));
        }
        Kind::Mapping(entries)
    }

    fn close(&mut self, node: Node) {
        match self.stack.last_mut() {
            Some(open) => open.items.push(node),
            None => self.root = Some(node),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::builtin;
    use super::*;

    fn place_of(source: &str, part: &str) -> String {
        let node = parse(source).unwrap();
        let value = node.get("a").unwrap();
        let start = value.text().unwrap().find(part).unwrap();
        source[value.place(start..start + part.len(), source)].to_owned()
    }

    #[test]
    fn parts_of_scalars_are_found_in_the_source() {
        for source in [
            "a: x && bad",
            "a: 'x && bad'",
            "a: \"x && bad\"",
            "a: |\n  x\n    && bad\n",
            "a: >\n  x &&\n  bad\n",
            "é: ü\na: ä && bad",
        ] {
            assert_eq!(place_of(source, "bad"), "bad", "{source}");
        }
    }

    #[test]
    fn what_policies_have_no_use_for_is_refused_all_at_once() {
        let problems = parse("a: &x 1\nb: *x\nc: !tag 2\n<<: {}\na: 3\n").unwrap_err();
        let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(messages.len(), 5, "{messages:?}");
    }

    #[test]
    fn values_are_what_serde_yaml_reads() {
        let tricky = "a: [1, -1, +1, 0x1f, 0o17, 01, 0, 00, 1.5, .inf, .nan, 1e3, 1_000, 12 apples, -x, ~, '', null, Null, nUll, yes,\n  \
            true, True, tRUE, 'true', \"1\", 2026-11-21, 1.2.3, trueish, {b: }, []]\nc: |\n  1\nd: two\n  lines\n\"1\": x\n";
        let built_in = builtin::RULES.iter().chain(builtin::PACKS).map(|(_, text)| *text);
        for text in built_in.chain([tricky]) {
            let expected: Value = serde_yaml::from_str(text).unwrap();
            // Not-a-number is not equal to itself.
            assert_eq!(format!("{:?}", parse(text).unwrap().to_value()), format!("{expected:?}"));
        }
    }

    #[test]
    fn no_input_panics() {
        for source in ["", "\t", "a:\n\tb: 1", "[", "{a: 1", "\u{0}", "- - - -", "a: b: c", "? [x]\n: 1"] {
            let _ = parse(source);
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}
