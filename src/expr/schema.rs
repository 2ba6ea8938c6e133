//! What an expression may name: variables, their fields and types.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::path::{Path, Step};

/// The type of a fact, or of what an expression makes of facts.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// Text.
    String,
    /// Many of one type.
    List(Arc<Type>),
    /// Facts under fixed names.
    Record(Arc<RecordType>),
    /// Facts of one type under names that nobody fixed.
    Map(Arc<Type>),
    /// A value or none, as `.?` gives it. No fact has this type.
    Optional(Arc<Type>),
    /// The element of the empty list. No fact has this type.
    Nothing,
}

impl Type {
    /// A list of elements of a type.
    pub fn list(element: Type) -> Self {
        Self::List(Arc::new(element))
    }

    /// Whether this is bool, int or string: what can be compared and printed.
    pub fn is_scalar(&self) -> bool {
        matches!(self, Self::Bool | Self::Int | Self::String)
    }

    /// Whether a value of this type may stand where the other is expected.
    pub(super) fn fits(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nothing, _) | (_, Self::Nothing) => true,
            (Self::List(left), Self::List(right))
            | (Self::Map(left), Self::Map(right))
            | (Self::Optional(left), Self::Optional(right)) => left.fits(right),
            _ => self == other,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::String => f.write_str("string"),
            Self::List(element) => write!(f, "list of {element}"),
            Self::Record(record) => f.write_str(&record.name),
            Self::Map(element) => write!(f, "map of {element}"),
            Self::Optional(inner) => write!(f, "optional {inner}"),
            Self::Nothing => f.write_str("nothing"),
        }
    }
}

/// The fields of a record, in the order of their declaration.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordType {
    /// The record's name, such as `Trail`.
    pub name: String,
    /// What the record is, in a sentence or two.
    pub doc: String,
    /// Its fields.
    pub fields: Vec<Field>,
}

impl RecordType {
    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The field's name.
    pub name: String,
    /// Its type where it is there.
    pub ty: Type,
    /// Whether it may be absent.
    pub optional: bool,
    /// What it means, and what its absence means.
    pub doc: String,
    /// The API calls that it rests on; none of a parameter.
    pub sources: Vec<Source>,
}

/// An API call that a fact rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The call, such as `cloudtrail:GetTrailStatus`.
    pub operation: String,
    /// The IAM action that allows it.
    pub permission: String,
}

/// What an expression may name.
///
/// ```
/// use trailproof::expr::Type;
/// use trailproof::facts::{self, Scope};
/// let schema = facts::schema(Scope::Trail).unwrap();
/// let field = schema.field(&["trail", "status", "is_logging"]).unwrap();
/// assert_eq!(field.ty, Type::Bool);
/// assert_eq!(field.sources[0].operation, "cloudtrail:GetTrailStatus");
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schema {
    variables: BTreeMap<String, Type>,
}

/// The name under which expressions find the parameters of their rule.
pub const PARAMETERS: &str = "params";

impl Schema {
    /// The schema of one variable, described by the type of its data.
    ///
    /// What the language has no type for is left out.
    pub fn of<T: JsonSchema>(variable: &str) -> Self {
        let settings = SchemaSettings::default().with(|settings| settings.inline_subschemas = true);
        let described = settings.into_generator().into_root_schema_for::<T>();
        let variables = type_of(described.as_value()).map(|ty| (variable.to_owned(), ty));
        Self { variables: variables.into_iter().collect() }
    }

    /// The same schema with the parameters of a rule under `params`.
    #[must_use]
    pub fn with_parameters(mut self, parameters: impl IntoIterator<Item = (String, Type, String)>) -> Self {
        let fields =
            parameters.into_iter().map(|(name, ty, doc)| Field { name, ty, optional: false, doc, sources: Vec::new() });
        let record = RecordType {
            name: "parameters".to_owned(),
            doc: "The parameters of the rule.".to_owned(),
            fields: fields.collect(),
        };
        self.variables.insert(PARAMETERS.to_owned(), Type::Record(Arc::new(record)));
        self
    }

    /// The variables in the order of their names.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &Type)> {
        self.variables.iter().map(|(name, ty)| (name.as_str(), ty))
    }

    /// The type of a variable.
    pub fn variable(&self, name: &str) -> Option<&Type> {
        self.variables.get(name)
    }

    /// The field that names lead to, lists not entered.
    pub fn field(&self, names: &[&str]) -> Option<&Field> {
        let (variable, names) = names.split_first()?;
        let mut ty = self.variable(variable)?;
        let mut found = None;
        for name in names {
            let Type::Record(record) = ty else { return None };
            let field = record.field(name)?;
            ty = &field.ty;
            found = Some(field);
        }
        found
    }

    /// The fields that a path passes through, outermost first: they say which calls the path needs.
    pub fn fields_along(&self, path: &Path) -> Vec<&Field> {
        let Some(mut ty) = self.variable(path.variable()) else { return Vec::new() };
        let mut passed = Vec::new();
        for step in path.steps() {
            match (ty, step) {
                (Type::Record(record), Step::Field(name)) => {
                    let Some(field) = record.field(name) else { break };
                    passed.push(field);
                    ty = &field.ty;
                }
                (Type::List(element), Step::Element) | (Type::Map(element), Step::Key(_)) => ty = element,
                _ => break,
            }
        }
        passed
    }
}

fn type_of(described: &Value) -> Option<Type> {
    if let Some(choices) = described.get("anyOf").and_then(Value::as_array) {
        return choices.iter().find_map(type_of);
    }
    match json_type(described)? {
        "boolean" => Some(Type::Bool),
        "integer" => Some(Type::Int),
        "string" => Some(Type::String),
        "array" => Some(Type::list(type_of(described.get("items")?)?)),
        "object" => match described.get("additionalProperties").and_then(type_of) {
            Some(element) => Some(Type::Map(Arc::new(element))),
            None => Some(Type::Record(Arc::new(record_of(described)))),
        },
        _ => None,
    }
}

/// The JSON type beside `null`.
fn json_type(described: &Value) -> Option<&str> {
    match described.get("type")? {
        Value::String(name) => Some(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
        _ => None,
    }
}

fn record_of(described: &Value) -> RecordType {
    let required = |name: &str| {
        let names = described.get("required").and_then(Value::as_array);
        names.is_some_and(|names| names.iter().any(|required| required.as_str() == Some(name)))
    };
    let fields = described.get("properties").and_then(Value::as_object).into_iter().flatten();
    let fields = fields.filter_map(|(name, field)| {
        Some(Field {
            name: name.clone(),
            ty: type_of(field)?,
            optional: !required(name),
            doc: text(field, "description").unwrap_or_default(),
            sources: sources(field),
        })
    });
    RecordType {
        name: text(described, "title").unwrap_or_else(|| "record".to_owned()),
        doc: text(described, "description").unwrap_or_default(),
        fields: fields.collect(),
    }
}

/// The calls that [`facts!`](super::facts) writes down: each a list of the operation and, where it differs, the action.
fn sources(field: &Value) -> Vec<Source> {
    let listed = field.get("x-sources").and_then(Value::as_array).into_iter().flatten();
    let source = |listed: &Value| {
        let operation = listed.get(0)?.as_str()?;
        let permission = listed.get(1).and_then(Value::as_str).unwrap_or(operation);
        Some(Source { operation: operation.to_owned(), permission: permission.to_owned() })
    };
    listed.filter_map(source).collect()
}

fn text(described: &Value, key: &str) -> Option<String> {
    described.get(key).and_then(Value::as_str).map(str::to_owned)
}
