//! Messages with places for facts: `{trail.name} does not sign its log files`.

use std::fmt;
use std::ops::Range;

use super::read::nearest;
use crate::expr::{Fact, Path, Schema, Step, Type};

/// A text with places for facts. A place is a path in braces; a doubled brace is a brace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Path(Vec<String>),
}

/// A place that cannot be filled.
pub(super) struct BadPlace {
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Template {
    /// Checks a template against the names that there are.
    pub(super) fn check(text: &str, schema: &Schema) -> Result<Self, Vec<BadPlace>> {
        let mut pieces = Vec::new();
        let mut bad = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let here = text.len() - rest.len() + at;
            plain.push_str(&rest[..at]);
            rest = &rest[at..];
            if rest.starts_with("{{") || rest.starts_with("}}") {
                plain.push_str(&rest[..1]);
                rest = &rest[2..];
                continue;
            }
            let Some(end) = rest.find('}').filter(|_| rest.starts_with('{')) else {
                bad.push(unmatched(here, rest));
                break;
            };
            let path = &rest[1..end];
            match checked(path, schema) {
                Ok((names, _)) => {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    pieces.push(Piece::Path(names));
                }
                Err((message, help)) => bad.push(BadPlace { range: here + 1..here + end, message, help }),
            }
            rest = &rest[end + 1..];
        }
        plain.push_str(rest);
        pieces.push(Piece::Text(plain));
        if bad.is_empty() { Ok(Self { pieces }) } else { Err(bad) }
    }

    /// The paths of its places.
    pub fn paths(&self) -> impl Iterator<Item = Path> + '_ {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Path(names) => {
                let (variable, fields) = names.split_first()?;
                let step = |path: Path, name: &String| path.then(Step::Field(name.clone()));
                Some(fields.iter().fold(Path::new(variable), step))
            }
        })
    }

    /// The text, with what `find` finds under each path; what is not there is said not to be set.
    pub fn render<'f>(&self, find: impl Fn(&str) -> Option<&'f Fact>) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Path(names) => text.push_str(&shown(names, &find)),
            }
        }
        text.trim_end().to_owned()
    }
}

/// The template as people read it: paths in braces, and a brace as one.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| match piece {
            Piece::Text(plain) => f.write_str(plain),
            Piece::Path(names) => write!(f, "{{{}}}", names.join(".")),
        })
    }
}

fn unmatched(here: usize, rest: &str) -> BadPlace {
    let brace = if rest.starts_with('{') { "an opening" } else { "a closing" };
    BadPlace {
        range: here..here + 1,
        message: format!("{brace} brace without its other"),
        help: Some("write it twice if the brace itself is meant".to_owned()),
    }
}

/// What is wrong with a path, and help.
pub(super) type BadPath = (String, Option<String>);

/// The names of a path and the type of what it leads to.
pub(super) fn checked<'s>(path: &str, schema: &'s Schema) -> Result<(Vec<String>, &'s Type), BadPath> {
    let names: Vec<&str> = path.split('.').collect();
    let variables: Vec<&str> = schema.variables().map(|(name, _)| name).collect();
    let Some(mut ty) = schema.variable(names[0]) else {
        let help = nearest(names[0], variables.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        let help = help.or_else(|| Some(format!("the variables are {}", variables.join(", "))));
        return Err((format!("there is no variable `{}`", names[0]), help));
    };
    for (index, name) in names.iter().enumerate().skip(1) {
        let Type::Record(record) = ty else {
            return Err((format!("`{}` is a {ty}, which has no fields", names[..index].join(".")), None));
        };
        let Some(field) = record.field(name) else {
            let known = record.fields.iter().map(|field| field.name.as_str());
            let help = nearest(name, known).map(|near| format!("did you mean `{near}`?"));
            return Err((format!("`{}` has no field `{name}`", names[..index].join(".")), help));
        };
        ty = &field.ty;
    }
    match ty {
        Type::Record(_) | Type::Map(_) => Err((format!("`{path}` is a {ty}: name one of its fields"), None)),
        _ => Ok((names.into_iter().map(str::to_owned).collect(), ty)),
    }
}

/// The fact that a path names, such as `trail.status.is_logging`; else what is wrong with it, and help.
pub(super) fn fact_path(text: &str, schema: &Schema) -> Result<Path, BadPath> {
    let (names, _) = checked(text, schema)?;
    let start = Path::new(names.first().map_or("", String::as_str));
    Ok(names.iter().skip(1).fold(start, |path, name| path.then(Step::Field(name.clone()))))
}

/// What stands under a path; a gap where one hides it.
pub(super) fn found<'f>(names: &[String], find: &impl Fn(&str) -> Option<&'f Fact>) -> Option<&'f Fact> {
    let mut names = names.iter();
    let mut fact = names.next().and_then(|name| find(name));
    for name in names {
        fact = match fact {
            Some(Fact::Gap(_)) => fact,
            Some(other) => other.field(name),
            None => None,
        };
    }
    fact
}

fn shown<'f>(names: &[String], find: &impl Fn(&str) -> Option<&'f Fact>) -> String {
    found(names, find).map_or_else(|| "not set".to_owned(), in_words)
}

/// At most this many elements of a list are written out.
const LISTED: usize = 6;

fn in_words(fact: &Fact) -> String {
    match fact {
        Fact::Bool(value) => value.to_string(),
        Fact::Int(value) => value.to_string(),
        Fact::Age(age) => age.0.to_string(),
        Fact::String(text) => text.to_string(),
        Fact::List(elements) if elements.is_empty() => "nothing".to_owned(),
        Fact::List(elements) => {
            let mut words: Vec<String> = elements.iter().take(LISTED).map(in_words).collect();
            if let Some(more @ 1..) = elements.len().checked_sub(LISTED) {
                words.push(format!("and {more} more"));
            }
            words.join(", ")
        }
        Fact::Gap(_) => "not known".to_owned(),
        Fact::Record(record) => record.naming().map_or_else(|| "…".to_owned(), in_words),
        Fact::Map(_) => "…".to_owned(),
    }
}
