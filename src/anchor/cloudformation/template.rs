//! A template, in YAML or JSON.

use crate::anchor::Mistake;
use crate::anchor::tree::{Kind, Tree, parse};

/// A template.
#[derive(Debug)]
pub struct Template {
    uri: String,
    resources: Vec<Declared>,
}

/// A resource of a template.
#[derive(Debug)]
pub struct Declared {
    logical_id: String,
    /// Its type, such as `AWS::CloudTrail::Trail`.
    pub(in crate::anchor) kind: String,
    /// The line of its logical id.
    pub(in crate::anchor) line: usize,
    properties: Tree,
}

/// A policy of a resource, and the property that names the resource.
const POLICIES: [(&str, &str, &str); 2] =
    [("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket"), ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics")];

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// Where it is neither YAML nor JSON, or has no resources.
    pub fn read(uri: String, text: &str) -> Result<Self, Mistake> {
        // Which of both it is: what begins as JSON and is none is told as such.
        if text.trim_start().starts_with('{') {
            serde_json::from_str::<serde::de::IgnoredAny>(text)
                .map_err(|error| Mistake::of_json(&error, "a template"))?;
        }
        let tree = parse(text)?;
        let Some((_, resources)) = tree.get("Resources").filter(|(_, found)| !found.entries().is_empty()) else {
            return Err(Mistake::of_file("this is no CloudFormation template: there is nothing under `Resources`"));
        };
        let declared = resources.entries().iter().map(|(name, line, resource)| Declared {
            logical_id: name.clone(),
            kind: resource.get("Type").and_then(|(_, kind)| kind.text()).unwrap_or_default().to_owned(),
            line: *line,
            properties: resource.get("Properties").map_or_else(
                || Tree { line: *line, kind: Kind::Mapping(Vec::new()) },
                |(_, properties)| properties.clone(),
            ),
        });
        Ok(Self { uri, resources: declared.collect() })
    }

    /// Where the template is, from the root of the repository.
    pub(in crate::anchor) fn uri(&self) -> &str {
        &self.uri
    }

    /// The resource of a logical id.
    pub(in crate::anchor) fn resource(&self, logical_id: &str) -> Option<&Declared> {
        self.resources.iter().find(|declared| declared.logical_id == logical_id)
    }

    /// The resources of a type.
    pub(in crate::anchor) fn resources_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Declared> {
        self.resources.iter().filter(move |declared| declared.kind == kind)
    }

    /// The policy of a resource, where the template declares one that names it.
    pub(in crate::anchor) fn policy_of(&self, declared: &Declared) -> Option<&Declared> {
        let (_, kind, property) = POLICIES.into_iter().find(|(of, ..)| *of == declared.kind)?;
        self.resources_of(kind).find(|policy| {
            let named = policy.properties.get(property).map(|(_, value)| value);
            named.is_some_and(|value| value.holds(&declared.logical_id))
        })
    }
}

impl Declared {
    /// The line of a property, by its name or by what Terraform calls it: letters count alone, and Terraform calls a block
    /// by one of its elements (`advanced_event_selector`, `AdvancedEventSelectors`).
    pub(in crate::anchor) fn line_of(&self, name: &str) -> Option<usize> {
        let letters = |text: &str| {
            let plain = text.chars().filter(char::is_ascii_alphanumeric);
            plain.collect::<String>().to_ascii_lowercase().trim_end_matches('s').to_owned()
        };
        let wanted = letters(name);
        self.properties.entries().iter().find(|(key, ..)| letters(key) == wanted).map(|(_, line, _)| *line)
    }

    /// The text of a property that is a plain one.
    pub(in crate::anchor) fn literal(&self, name: &str) -> Option<&str> {
        self.properties.get(name).and_then(|(_, value)| value.text())
    }

    /// Whether a text stands somewhere in its properties.
    pub(in crate::anchor) fn holds(&self, text: &str) -> bool {
        self.properties.holds(text)
    }
}
