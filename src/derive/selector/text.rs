//! Sets of text as selectors describe them, and what is certain about a value's place in them.

/// What is known of a statement. `No < Unknown < Yes`: *and* is the least of several, *or* the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Truth {
    No,
    Unknown,
    Yes,
}

/// What an event has in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// This text.
    Text(&'a str),
    /// The `ARNPrefix` of a record that names a bucket's objects as a whole: it can be begun with, but equals no ARN.
    Prefix(&'a str),
    /// Nothing: the record does not carry the field.
    Absent,
    /// It was not said.
    NotSaid,
}

/// A set of text: what is selected less what is deselected.
///
/// Selecting operators are ORed over all their values, deselecting ones are ANDed, and a value must satisfy both groups.
/// There are no wildcards. Source: CloudTrail User Guide, "How CloudTrail evaluates multiple conditions for a field".
///
/// Whether case matters is not documented: what differs in case alone is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct TextSet {
    pub(super) equals: Vec<String>,
    pub(super) starts_with: Vec<String>,
    pub(super) ends_with: Vec<String>,
    pub(super) not_equals: Vec<String>,
    pub(super) not_starts_with: Vec<String>,
    pub(super) not_ends_with: Vec<String>,
    /// What begins with one of these may be selected: AWS does not document the form of the value.
    pub(super) may_start_with: Vec<String>,
    /// What equals one of these may be deselected: AWS does not document the value.
    pub(super) may_not_equal: Vec<String>,
}

impl TextSet {
    pub(super) fn equal_to<T: Into<String>>(values: impl IntoIterator<Item = T>) -> Self {
        Self { equals: values.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Whether anything is selected by name, so that what is not named is left out.
    pub(super) fn selects(&self) -> bool {
        !(self.equals.is_empty()
            && self.starts_with.is_empty()
            && self.ends_with.is_empty()
            && self.may_start_with.is_empty())
    }

    /// Whether anything is left out by name.
    pub(super) fn deselects(&self) -> bool {
        !(self.not_equals.is_empty()
            && self.not_starts_with.is_empty()
            && self.not_ends_with.is_empty()
            && self.may_not_equal.is_empty())
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.selects() && !self.deselects()
    }

    /// All values that the set is described by.
    pub(super) fn values(&self) -> impl Iterator<Item = &String> {
        self.whole().chain(self.beginnings()).chain(self.endings())
    }

    /// The values that a text is compared with as a whole.
    pub(super) fn whole(&self) -> impl Iterator<Item = &String> {
        self.equals.iter().chain(&self.not_equals).chain(&self.may_not_equal)
    }

    /// The values that a text may begin with.
    pub(super) fn beginnings(&self) -> impl Iterator<Item = &String> {
        self.starts_with.iter().chain(&self.not_starts_with).chain(&self.may_start_with)
    }

    /// The values that a text may end with.
    pub(super) fn endings(&self) -> impl Iterator<Item = &String> {
        self.ends_with.iter().chain(&self.not_ends_with)
    }

    /// Whether a value is in the set.
    pub(super) fn contains(&self, value: Value<'_>) -> Truth {
        match value {
            Value::Text(text) => self.selected(text, true).min(self.kept(text, true)),
            Value::Prefix(text) => self.selected(text, false).min(self.kept(text, false)),
            // What deselection makes of a field that is not there is not documented; selection has nothing to match.
            Value::Absent if self.selects() => Truth::No,
            Value::Absent | Value::NotSaid if self.is_empty() => Truth::Yes,
            Value::Absent | Value::NotSaid => Truth::Unknown,
        }
    }

    fn selected(&self, text: &str, is_whole: bool) -> Truth {
        if !self.selects() {
            return Truth::Yes;
        }
        let mut found = any(&self.starts_with, |value| begins(text, value));
        if is_whole {
            found = found.max(any(&self.equals, |value| same(text, value)));
            found = found.max(any(&self.ends_with, |value| ends(text, value)));
        }
        found.max(any(&self.may_start_with, |value| begins(text, value).min(Truth::Unknown)))
    }

    fn kept(&self, text: &str, is_whole: bool) -> Truth {
        let compared = any(&self.not_equals, |value| same(text, value))
            .max(any(&self.not_ends_with, |value| ends(text, value)))
            .min(if is_whole { Truth::Yes } else { Truth::Unknown });
        let dropped = compared
            .max(any(&self.not_starts_with, |value| begins(text, value)))
            .max(any(&self.may_not_equal, |value| same(text, value).min(Truth::Unknown)));
        match dropped {
            Truth::Yes => Truth::No,
            Truth::Unknown => Truth::Unknown,
            Truth::No => Truth::Yes,
        }
    }
}

fn any(values: &[String], test: impl Fn(&str) -> Truth) -> Truth {
    values.iter().map(|value| test(value)).max().unwrap_or(Truth::No)
}

fn same(text: &str, value: &str) -> Truth {
    if text == value {
        Truth::Yes
    } else if text.eq_ignore_ascii_case(value) {
        Truth::Unknown
    } else {
        Truth::No
    }
}

fn begins(text: &str, value: &str) -> Truth {
    text.get(..value.len()).map_or(Truth::No, |start| same(start, value))
}

fn ends(text: &str, value: &str) -> Truth {
    let start = text.len().checked_sub(value.len());
    start.and_then(|start| text.get(start..)).map_or(Truth::No, |end| same(end, value))
}
