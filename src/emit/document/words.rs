//! Running text: words, code among them, and links.

/// Running text.
#[derive(Debug, Clone, Default)]
pub(in crate::emit) struct Words(Vec<Word>);

/// A piece of running text.
#[derive(Debug, Clone)]
pub(super) enum Word {
    Text(String),
    Code(String),
    /// A link, whose text may be code.
    Link {
        text: String,
        code: bool,
        target: Target,
    },
}

/// Where a link leads.
#[derive(Debug, Clone)]
pub(in crate::emit) enum Target {
    /// To a page of the documentation, by its path there, such as `rules/log-file-validation.md`.
    Page(String),
    /// To an address.
    Address(String),
}

impl Words {
    /// Nothing yet.
    pub(in crate::emit) fn new() -> Self {
        Self::default()
    }

    /// Text as people write it, on one line: what stands between backticks is code.
    pub(in crate::emit) fn prose(text: &str) -> Self {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut words = Vec::new();
        let mut rest = line.as_str();
        while let Some((before, after)) = rest.split_once('`') {
            let Some((code, after)) = after.split_once('`') else { break };
            words.push(Word::Text(before.to_owned()));
            words.push(Word::Code(code.to_owned()));
            rest = after;
        }
        words.push(Word::Text(rest.to_owned()));
        words.retain(|word| !word.text().is_empty());
        Self(words)
    }

    /// Code alone.
    pub(in crate::emit) fn code_alone(text: &str) -> Self {
        Self::new().code(text)
    }

    /// The same, and text as it is.
    #[must_use]
    pub(in crate::emit) fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Word::Text(text.into()));
        self
    }

    /// The same, and code.
    #[must_use]
    pub(in crate::emit) fn code(mut self, text: &str) -> Self {
        self.0.push(Word::Code(text.to_owned()));
        self
    }

    /// The same, and a link.
    #[must_use]
    pub(in crate::emit) fn link(mut self, text: &str, target: Target) -> Self {
        self.0.push(Word::Link { text: text.to_owned(), code: false, target });
        self
    }

    /// The same, and a link to the page of a rule.
    #[must_use]
    pub(in crate::emit) fn rule(self, id: &str) -> Self {
        self.page(id, format!("rules/{id}.md"))
    }

    /// The same, and a link to the page of a pack.
    #[must_use]
    pub(in crate::emit) fn pack(self, id: &str) -> Self {
        self.page(id, format!("packs/{id}.md"))
    }

    fn page(mut self, id: &str, page: String) -> Self {
        self.0.push(Word::Link { text: id.to_owned(), code: true, target: Target::Page(page) });
        self
    }

    /// Several, parted by a text.
    pub(in crate::emit) fn joined(all: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let mut joined = Self::new();
        for (index, words) in all.into_iter().enumerate() {
            if index > 0 {
                joined = joined.text(between);
            }
            joined.0.extend(words.0);
        }
        joined
    }

    /// The pieces, in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Word> {
        self.0.iter()
    }
}

impl Word {
    /// The letters that are read.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Code(text) | Self::Link { text, .. } => text,
        }
    }
}
