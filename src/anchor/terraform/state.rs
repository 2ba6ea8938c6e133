//! A state: of each resource, the type, the name, the module and the ARN, and nothing else, for a state holds secrets.
//!
//! It is read as a stream: of 100 MB, what is kept is what is looked for.

use std::fmt;
use std::io::Read;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::anchor::Mistake;

/// A resource that a state names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The modules from the root module down to it, by the names of their calls.
    pub modules: Vec<String>,
    /// Its type, such as `aws_cloudtrail`.
    pub kind: String,
    /// Its name in the code.
    pub name: String,
    /// Its ARN.
    pub arn: String,
}

/// Reads a state, of version 4 or as `terraform show -json` prints it.
///
/// # Errors
/// Where it is not JSON, is cut off, is encrypted, is a plan, or is of another version.
pub fn read_state(reader: impl Read, types: &[&str]) -> Result<Vec<Made>, Mistake> {
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let wrong = |error: serde_json::Error| Mistake::of_json(&error, "a Terraform state");
    let mut made = Vec::new();
    let document = Document { types, made: &mut made }.deserialize(&mut deserializer).map_err(wrong)?;
    deserializer.end().map_err(wrong)?;
    let refused = |message: &str| Err(Mistake::of_file(message));
    match document {
        Head { encrypted: true, .. } => refused("the state is encrypted: give what `terraform show -json` prints"),
        Head { plan: true, .. } => {
            refused("this is a plan: give the state, as `terraform show -json` prints it without a file")
        }
        Head { format: true, .. } | Head { version: Some(4), .. } => Ok(made),
        Head { version: Some(other), .. } => {
            let message =
                format!("a state of version {other}: version 4 is read, which Terraform 0.12 and later write");
            Err(Mistake::of_file(message))
        }
        _ => refused("this is no Terraform state: neither `version` nor `format_version` is in it"),
    }
}

/// What a document says of itself.
#[derive(Debug, Default)]
struct Head {
    version: Option<u64>,
    format: bool,
    plan: bool,
    encrypted: bool,
}

struct Document<'a> {
    types: &'a [&'a str],
    made: &'a mut Vec<Made>,
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = Head;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Head, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = Head;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a state")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head, A::Error> {
        let mut read = Head::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "version" => read.version = Some(map.next_value()?),
                "format_version" => {
                    read.format = true;
                    map.next_value::<IgnoredAny>()?;
                }
                "planned_values" | "resource_changes" => {
                    read.plan = true;
                    map.next_value::<IgnoredAny>()?;
                }
                "encrypted_data" => {
                    read.encrypted = true;
                    map.next_value::<IgnoredAny>()?;
                }
                "resources" => map.next_value_seed(Resources { types: self.types, made: self.made })?,
                "values" => map.next_value_seed(Values { types: self.types, made: self.made })?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(read)
    }
}

/// `resources` of version 4, or of a module of the printed form.
struct Resources<'a> {
    types: &'a [&'a str],
    made: &'a mut Vec<Made>,
}

impl<'de> DeserializeSeed<'de> for Resources<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Resources<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("resources")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while let Some(resource) = elements.next_element::<Resource>()? {
            if resource.mode != "managed" || !self.types.contains(&resource.kind.as_str()) {
                continue;
            }
            // The printed form has the modules in the address alone.
            let address = resource.module.as_deref().or(resource.address.as_deref()).unwrap_or_default();
            let modules = module_names(address);
            let instances = resource.instances.into_iter().filter_map(|instance| instance.attributes);
            let arns = instances.chain(resource.values).filter_map(|attributes| attributes.arn);
            let of_arn =
                |arn| Made { modules: modules.clone(), kind: resource.kind.clone(), name: resource.name.clone(), arn };
            self.made.extend(arns.map(of_arn));
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Resource {
    #[serde(default)]
    module: Option<String>,
    #[serde(default)]
    address: Option<String>,
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    #[serde(default)]
    instances: Vec<Instance>,
    #[serde(default)]
    values: Option<Attributes>,
}

#[derive(Deserialize)]
struct Instance {
    #[serde(default)]
    attributes: Option<Attributes>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Attributes {
    #[serde(deserialize_with = "text")]
    arn: Option<String>,
}

/// A text; nothing where it is none: an ARN is not known yet, or is a list in a resource of another kind.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => Ok(Some(text)),
        _ => Ok(None),
    }
}

/// `values` of the printed form, and the modules in it.
struct Values<'a> {
    types: &'a [&'a str],
    made: &'a mut Vec<Made>,
}

impl<'de> DeserializeSeed<'de> for Values<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Values<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { types, made } = self;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "root_module" | "child_modules" => map.next_value_seed(Values { types, made: &mut *made })?,
                "resources" => map.next_value_seed(Resources { types, made: &mut *made })?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut modules: A) -> Result<(), A::Error> {
        let Self { types, made } = self;
        while modules.next_element_seed(Values { types, made: &mut *made })?.is_some() {}
        Ok(())
    }
}

/// The names of the module calls in an address such as `module.logs["eu.x"].module.trail[0].aws_cloudtrail.main`.
fn module_names(address: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = address;
    while let Some(behind) = rest.strip_prefix("module.") {
        let end = behind.find(['.', '[']).unwrap_or(behind.len());
        let (name, behind) = behind.split_at(end);
        names.push(name.to_owned());
        rest = without_key(behind).trim_start_matches('.');
    }
    names
}

/// What stands behind the key of an instance, if there is one: a number, or a quoted text in which brackets may stand.
fn without_key(text: &str) -> &str {
    let Some(inside) = text.strip_prefix('[') else { return text };
    let (mut quoted, mut escaped) = (false, false);
    for (at, letter) in inside.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ']' if !quoted => return inside.get(at + 1..).unwrap_or_default(),
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_read_off_an_address() {
        assert_eq!(module_names("module.a[\"x.y]\\\"\"].module.b[0].aws_cloudtrail.main[\"z\"]"), ["a", "b"]);
        assert_eq!(module_names("module.a"), ["a"]);
        assert!(module_names("aws_cloudtrail.main").is_empty());
        assert_eq!(module_names("module.a[\"unclosed"), ["a"]);
    }
}
