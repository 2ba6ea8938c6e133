//! XML, written element by element.

use quick_xml::escape::escape;
use serde_json::Value;

/// An XML document in the making.
#[derive(Debug)]
pub(in crate::simulator) struct Xml(String);

impl Xml {
    /// A document with its root element open.
    pub(in crate::simulator) fn document(root: &str, namespace: Option<&str>) -> Self {
        let mut text = String::with_capacity(512);
        text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<");
        text.push_str(root);
        if let Some(namespace) = namespace {
            text.push_str(" xmlns=\"");
            text.push_str(namespace);
            text.push('"');
        }
        text.push('>');
        Self(text)
    }

    /// Opens an element.
    pub(in crate::simulator) fn open(&mut self, name: &str) -> &mut Self {
        self.0.push('<');
        self.0.push_str(name);
        self.0.push('>');
        self
    }

    /// Opens an element with attributes, written as they are.
    pub(in crate::simulator) fn open_with(&mut self, name: &str, attributes: &str) -> &mut Self {
        self.0.push('<');
        self.0.push_str(name);
        self.0.push(' ');
        self.0.push_str(attributes);
        self.0.push('>');
        self
    }

    /// Closes an element.
    pub(in crate::simulator) fn close(&mut self, name: &str) -> &mut Self {
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
        self
    }

    /// An element with text alone.
    pub(in crate::simulator) fn leaf(&mut self, name: &str, text: &str) -> &mut Self {
        self.open(name).text(text).close(name)
    }

    /// Text.
    pub(in crate::simulator) fn text(&mut self, text: &str) -> &mut Self {
        self.0.push_str(&escape(text));
        self
    }

    /// An element with text, or nothing at all.
    pub(in crate::simulator) fn maybe(&mut self, name: &str, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.leaf(name, text),
            None => self,
        }
    }

    /// Configuration in the CLI's JSON shape, as the children that S3 writes for it.
    pub(in crate::simulator) fn children(&mut self, value: &Value) -> &mut Self {
        for (name, child) in value.as_object().into_iter().flatten() {
            self.child(name, child);
        }
        self
    }

    fn child(&mut self, name: &str, value: &Value) {
        match value {
            Value::Null => {}
            Value::Array(items) => match list_form(name) {
                List::Bare(item) => items.iter().for_each(|value| self.child(item, value)),
                List::Wrapped(item) => {
                    self.open(name);
                    items.iter().for_each(|value| self.child(item, value));
                    self.close(name);
                }
            },
            Value::Object(_) => {
                self.open(name).children(value).close(name);
            }
            Value::String(text) => {
                self.leaf(name, text);
            }
            other => {
                self.leaf(name, &other.to_string());
            }
        }
    }

    /// The document, with its root element closed.
    pub(in crate::simulator) fn finish(&mut self, root: &str) -> String {
        self.close(root);
        std::mem::take(&mut self.0)
    }
}

enum List<'a> {
    /// The items stand side by side, without an element around them.
    Bare(&'a str),
    /// One element holds the items.
    Wrapped(&'static str),
}

/// How S3 writes the list that the CLI calls `name`; the names are those of the SDK's parsers.
fn list_form(name: &str) -> List<'_> {
    match name {
        "Rules" => List::Bare("Rule"),
        "Transitions" => List::Bare("Transition"),
        "NoncurrentVersionTransitions" => List::Bare("NoncurrentVersionTransition"),
        "Tags" => List::Bare("Tag"),
        "TagSet" => List::Wrapped("Tag"),
        "TargetGrants" => List::Wrapped("Grant"),
        other => List::Bare(other),
    }
}

#[cfg(test)]
mod tests {
    use super::Xml;
    use serde_json::json;

    #[test]
    fn json_becomes_the_xml_of_s3() {
        let lifecycle = json!({ "Rules": [{ "ID": "a<b", "Filter": { "Prefix": "" }, "Expiration": { "Days": 30 },
            "Transitions": [{ "Days": 1 }, { "Days": 2 }], "Nothing": null }] });
        let text = Xml::document("L", Some("urn:x")).children(&lifecycle).finish("L");
        assert_eq!(
            text.lines().nth(1),
            Some(
                "<L xmlns=\"urn:x\"><Rule><ID>a&lt;b</ID><Filter><Prefix></Prefix></Filter><Expiration><Days>30</Days>\
                 </Expiration><Transition><Days>1</Days></Transition><Transition><Days>2</Days></Transition></Rule></L>"
            )
        );
    }
}
