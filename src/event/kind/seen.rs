//! What a pattern sees of an event, or of the events of a kind.

use serde_json::{Map, Value};

use super::EventKind;

/// A field in which the events of a kind differ, with all that is under it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Open {
    /// Where it is.
    pub(crate) path: Vec<String>,
    /// Whether every event has it, and has text in it that is not empty.
    pub(crate) always: bool,
    /// What no event has in it.
    pub(crate) except: Vec<String>,
    /// What else some events have in it; nothing, where they lack it.
    pub(crate) others: Vec<Option<Value>>,
}

impl Open {
    /// A field that some events have and others lack, and that may hold anything.
    pub(crate) fn anything(path: &[&str]) -> Self {
        let path = path.iter().map(|key| (*key).to_owned()).collect();
        Self { path, always: false, except: Vec::new(), others: vec![None] }
    }

    /// A field that every event has, with a text.
    pub(crate) fn text(path: &[&str], others: &[&str]) -> Self {
        let others = others.iter().map(|other| Some(Value::from(*other))).collect();
        Self { always: true, others, ..Self::anything(path) }
    }

    /// The field, never with these texts.
    pub(super) fn except(self, texts: &[&str]) -> Self {
        Self { except: texts.iter().map(|text| (*text).to_owned()).collect(), ..self }
    }

    /// The field, with these values in some events.
    pub(super) fn others(self, others: impl IntoIterator<Item = Option<Value>>) -> Self {
        Self { others: others.into_iter().collect(), ..self }
    }
}

/// A value that a pattern treats in a way of its own, and the field that it is compared with; none for absence.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Probe {
    pub(crate) path: Vec<String>,
    pub(crate) value: Option<Value>,
}

/// One event, or all of a kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Events<'a> {
    record: &'a Value,
    open: &'a [Open],
    fixed: &'a [Vec<String>],
}

impl<'a> Events<'a> {
    /// One event.
    pub(crate) fn one(record: &'a Value) -> Self {
        Self { record, open: &[], fixed: &[] }
    }

    /// The events of a kind.
    pub(crate) fn of(kind: &'a EventKind) -> Self {
        Self { record: &kind.record, open: &kind.open, fixed: &kind.fixed }
    }

    /// The event, or one of the events.
    pub(crate) fn record(&self) -> &'a Value {
        self.record
    }

    /// The fields in which the events differ.
    pub(crate) fn open(&self) -> &'a [Open] {
        self.open
    }

    /// Whether the events differ in a field: by what is open there, or above it.
    pub(crate) fn open_at(&self, path: &[String]) -> Option<&'a Open> {
        let holds_fixed = self.fixed.iter().any(|fixed| fixed.len() > path.len() && fixed.starts_with(path));
        let fixed = self.fixed.iter().filter(|fixed| path.starts_with(fixed)).map(Vec::len).max().unwrap_or(0);
        let open = self.open.iter().filter(|open| path.starts_with(&open.path)).max_by_key(|open| open.path.len())?;
        (!holds_fixed && open.path.len() > fixed).then_some(open)
    }
}

/// What a record has in a field.
pub(super) fn get<'a>(record: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(record, |value, key| value.get(key))
}

/// A record with another value in a field, or without the field.
pub(super) fn with(record: &Value, path: &[String], value: Option<&Value>) -> Value {
    let Some((key, rest)) = path.split_first() else { return value.cloned().unwrap_or(Value::Null) };
    let mut fields = record.as_object().cloned().unwrap_or_else(Map::new);
    match (rest, value) {
        ([], None) => drop(fields.remove(key)),
        (_, None) if !fields.contains_key(key) => {}
        _ => {
            let inner = with(fields.get(key).unwrap_or(&Value::Null), rest, value);
            fields.insert(key.clone(), inner);
        }
    }
    Value::Object(fields)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn path(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn what_is_fixed_within_what_is_open_stays() {
        let open = [Open::anything(&["a"]), Open::text(&["b"], &[])];
        let record = json!({ "a": { "x": 1, "y": { "z": 2 } }, "b": "t" });
        let events = Events { record: &record, open: &open, fixed: &[path(&["a", "y", "z"])] };
        assert!(events.open_at(&path(&["a", "x"])).is_some());
        assert!(events.open_at(&path(&["b", "under"])).is_some());
        for closed in [&["a"][..], &["a", "y"], &["a", "y", "z"], &["a", "y", "z", "w"], &["c"], &[]] {
            assert!(events.open_at(&path(closed)).is_none(), "{closed:?}");
        }
    }

    #[test]
    fn a_field_is_changed_made_or_taken_away() {
        let record = json!({ "a": { "x": 1 } });
        assert_eq!(with(&record, &path(&["a", "x"]), Some(&json!(2))), json!({ "a": { "x": 2 } }));
        assert_eq!(with(&record, &path(&["b", "y"]), Some(&json!(2))), json!({ "a": { "x": 1 }, "b": { "y": 2 } }));
        assert_eq!(with(&record, &path(&["a", "x"]), None), json!({ "a": {} }));
        assert_eq!(with(&record, &path(&["b", "y"]), None), record);
    }
}
