//! YAML and JSON with the line of everything in them, tolerant of what CloudFormation writes: tags, anchors, aliases.

use saphyr_parser::{Event, Parser};

use super::Mistake;

/// A value, and the line on which it begins, from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tree {
    pub(super) line: usize,
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A text, number or truth value, with its tag, such as `Ref`, and whether it stands as it is.
    Scalar {
        text: String,
        tag: Option<String>,
    },
    Sequence(Vec<Tree>),
    /// Keys in the order of the file, each with the line on which it stands.
    Mapping(Vec<(String, usize, Tree)>),
}

/// Deeper than any template is, and shallow enough for every stack.
const DEEPEST: usize = 128;

impl Tree {
    /// The value under a key, and the line of the key.
    pub(super) fn get(&self, key: &str) -> Option<(usize, &Tree)> {
        self.entries().iter().find(|(name, ..)| name == key).map(|(_, line, value)| (*line, value))
    }

    /// What is under the keys of a mapping.
    pub(super) fn entries(&self) -> &[(String, usize, Tree)] {
        match &self.kind {
            Kind::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// A text without a tag.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, tag: None } => Some(text),
            _ => None,
        }
    }

    /// Whether a text stands somewhere in it.
    pub(super) fn holds(&self, wanted: &str) -> bool {
        match &self.kind {
            Kind::Scalar { text, .. } => text == wanted,
            Kind::Sequence(elements) => elements.iter().any(|element| element.holds(wanted)),
            Kind::Mapping(entries) => entries.iter().any(|(_, _, value)| value.holds(wanted)),
        }
    }
}

/// Reads the first document of a text.
///
/// # Errors
/// The first thing that is neither YAML nor JSON.
pub(super) fn parse(source: &str) -> Result<Tree, Mistake> {
    let mut builder = Builder { stack: Vec::new(), root: None };
    for event in Parser::new_from_str(source) {
        let (event, span) = event.map_err(|error| Mistake {
            line: error.marker().line(),
            column: error.marker().col() + 1,
            message: format!("this is not YAML: {}", error.info()),
        })?;
        let line = span.start.line();
        if matches!(event, Event::DocumentStart(_)) && builder.root.is_some() {
            break;
        }
        if !builder.take(event, line) {
            return Err(Mistake { line, column: span.start.col() + 1, message: "nested too deep".to_owned() });
        }
    }
    builder.root.ok_or_else(|| Mistake::of_file("the file is empty"))
}

struct Builder {
    stack: Vec<Open>,
    root: Option<Tree>,
}

/// A collection that is not closed yet.
struct Open {
    line: usize,
    items: Vec<Tree>,
    is_mapping: bool,
    tag: Option<String>,
}

impl Builder {
    /// Takes an event in; false where it is nested too deep.
    fn take(&mut self, event: Event<'_>, line: usize) -> bool {
        match event {
            Event::Alias(_) => self.close(Tree { line, kind: Kind::Sequence(Vec::new()) }),
            Event::Scalar(text, _, _, tag) => {
                let tag = tag.filter(|tag| tag.handle == "!").map(|tag| tag.suffix.clone());
                self.close(Tree { line, kind: Kind::Scalar { text: text.into_owned(), tag } });
            }
            Event::SequenceStart(_, tag) => {
                let tag = tag.filter(|tag| tag.handle == "!").map(|tag| tag.suffix.clone());
                return self.open(line, false, tag);
            }
            Event::MappingStart(_, tag) => {
                let tag = tag.filter(|tag| tag.handle == "!").map(|tag| tag.suffix.clone());
                return self.open(line, true, tag);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            _ => {}
        }
        true
    }

    fn open(&mut self, line: usize, is_mapping: bool, tag: Option<String>) -> bool {
        self.stack.push(Open { line, items: Vec::new(), is_mapping, tag });
        self.stack.len() <= DEEPEST
    }

    fn end(&mut self) {
        let Some(Open { line, items, is_mapping, tag }) = self.stack.pop() else { return };
        let value = if is_mapping { mapping(items) } else { Kind::Sequence(items) };
        let kind = match tag {
            // `!GetAtt [a, b]` is what `Fn::GetAtt: [a, b]` is.
            Some(tag) => Kind::Mapping(vec![(tag, line, Tree { line, kind: value })]),
            None => value,
        };
        self.close(Tree { line, kind });
    }

    fn close(&mut self, tree: Tree) {
        match self.stack.last_mut() {
            Some(open) => open.items.push(tree),
            None => self.root = Some(tree),
        }
    }
}

fn mapping(items: Vec<Tree>) -> Kind {
    let mut entries = Vec::with_capacity(items.len() / 2);
    let mut items = items.into_iter();
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        let name = match key.kind {
            Kind::Scalar { text, .. } => text,
            // No key of a template is one.
            _ => String::new(),
        };
        entries.push((name, key.line, value));
    }
    Kind::Mapping(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_their_lines() {
        let tree = parse("a:\n  b: !Ref c\n  d: [1,\n   2]\n").unwrap();
        let (line, a) = tree.get("a").unwrap();
        assert_eq!((line, a.get("b").unwrap().0, a.get("d").unwrap().0), (1, 2, 3));
        assert_eq!((a.get("b").unwrap().1.text(), a.holds("c")), (None, true));
        let json = parse("{\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}\n").unwrap();
        assert_eq!(json.get("a").unwrap().1.get("b").unwrap().0, 3);
    }

    #[test]
    fn what_cannot_be_read_has_a_place_and_nothing_panics() {
        assert_eq!(parse("a: [\n").unwrap_err().line, 2);
        assert!(parse("").is_err() && parse(&"[".repeat(100_000)).is_err());
        for source in ["\u{0}", "- - - -", "? [x]\n: 1", "a: *b", "&a a: *a", "%YAML", "--- a\n--- b"] {
            let _ = parse(source);
        }
    }
}
