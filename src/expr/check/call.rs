//! Functions: `size`, tests of text, `matches`, and what gives optionals a value.

use std::ops::Range;

use cel::common::ast::{CallExpr, IdedExpr};
use regex::Regex;

use super::{Checker, article, listing};
use crate::expr::mistake::Mistake;
use crate::expr::nearest::did_you_mean;
use crate::expr::node::{Kind, Node, TextTest};
use crate::expr::schema::Type;

const FUNCTIONS: [&str; 13] = [
    "all",
    "contains",
    "endsWith",
    "exists",
    "exists_one",
    "filter",
    "has",
    "hasValue",
    "map",
    "matches",
    "orValue",
    "size",
    "startsWith",
];

impl Checker<'_> {
    pub(super) fn call(&mut self, token: Range<usize>, call: &CallExpr) -> Option<Node> {
        if call.target.is_none()
            && let Some(made) = self.operator(token.clone(), &call.func_name, &call.args)
        {
            return made;
        }
        let bracket = token.start;
        let name = self.parsed.text.name_before(bracket);
        let end = self.parsed.text.end_of(token);
        let Some(arity) = self.known_function(&name, &call.func_name) else {
            call.target.iter().map(AsRef::as_ref).chain(&call.args).for_each(|argument| drop(self.part(argument)));
            return None;
        };
        let arguments = self.arguments(call, &name, arity)?;
        let start = arguments.first().map_or(name.start, |first| first.range.start.min(name.start));
        let (ty, kind) = self.function(&call.func_name, arguments)?;
        Some(Node { range: start..end, ty, kind, place: None })
    }

    /// How many arguments a function takes beside the value that it is asked of.
    fn known_function(&mut self, range: &Range<usize>, name: &str) -> Option<usize> {
        let usage = match name {
            "size" | "hasValue" => return Some(0),
            "startsWith" | "endsWith" | "contains" | "matches" | "orValue" => return Some(1),
            "has" => "write it as `has(trail.kms_key_id)`",
            "all" | "exists" | "exists_one" | "existsOne" | "filter" => "write it as `list.all(x, condition)`",
            "map" => "write it as `list.map(x, value)`",
            _ => {
                let help = did_you_mean(name, FUNCTIONS).unwrap_or_else(|| format!("there are {}", listing(FUNCTIONS)));
                self.report(Mistake::new(range.clone(), format!("there is no function `{name}`")).help(help));
                return None;
            }
        };
        self.report(Mistake::new(range.clone(), format!("`{name}` does not take these arguments")).help(usage));
        None
    }

    /// The value that the function is asked of, and its arguments.
    fn arguments(&mut self, call: &CallExpr, name: &Range<usize>, arity: usize) -> Option<Vec<Node>> {
        let given: Vec<&IdedExpr> = call.target.as_deref().into_iter().chain(&call.args).collect();
        let checked: Vec<Option<Node>> = given.iter().map(|argument| self.part(argument)).collect();
        let as_method = call.target.is_some();
        if given.len() != arity + 1 || (!as_method && arity > 0) {
            let usage = match (call.func_name.as_str(), arity) {
                ("size", _) => "write it as `size(list)`".to_owned(),
                (function, 0) => format!("write it as `value.{function}()`"),
                (function, _) => format!("write it as `value.{function}(argument)`"),
            };
            let message = format!("`{}` does not take these arguments", call.func_name);
            self.report(Mistake::new(name.clone(), message).help(usage));
            return None;
        }
        checked.into_iter().collect()
    }

    fn function(&mut self, name: &str, mut arguments: Vec<Node>) -> Option<(Type, Kind)> {
        let argument = if arguments.len() > 1 { arguments.pop() } else { None };
        let of = Box::new(arguments.pop()?);
        match (name, argument) {
            ("size", None) => self.sized(&of).then(|| (Type::Int, Kind::Size(of))),
            ("hasValue", None) => {
                self.optional_inside(&of, "hasValue")?;
                Some((Type::Bool, Kind::HasValue(of)))
            }
            ("orValue", Some(otherwise)) => {
                let inner = self.optional_inside(&of, "orValue")?;
                let fits = self.expect(&otherwise, &inner, "the value that is expected is");
                fits.then(|| (inner, Kind::OrValue { of, otherwise: Box::new(otherwise) }))
            }
            ("matches", Some(pattern)) => self.pattern(of, &pattern),
            (_, Some(other)) => {
                let test = match name {
                    "startsWith" => TextTest::StartsWith,
                    "endsWith" => TextTest::EndsWith,
                    _ => TextTest::Contains,
                };
                let asker = format!("`{name}` asks for");
                let fits = self.text_of(&of, name) && self.expect(&other, &Type::String, &asker);
                fits.then(|| (Type::Bool, Kind::TextTest { of, other: Box::new(other), test }))
            }
            _ => None,
        }
    }

    fn sized(&mut self, of: &Node) -> bool {
        let has_size = matches!(of.ty, Type::String | Type::List(_) | Type::Map(_));
        if !has_size {
            let message =
                format!("`size` asks for a list, a map or text, and {} is {}", self.quote(of), article(&of.ty));
            self.say(of.range.clone(), message);
        }
        has_size
    }

    fn optional_inside(&mut self, of: &Node, name: &str) -> Option<Type> {
        match &of.ty {
            Type::Optional(inner) => Some(inner.as_ref().clone()),
            _ => {
                let message = format!("{} is not optional", self.quote(of));
                let help = format!("`{name}` follows `.?field` or `[?place]`");
                self.report(Mistake::new(of.range.clone(), message).help(help));
                None
            }
        }
    }

    fn text_of(&mut self, of: &Node, name: &str) -> bool {
        if name == "contains" && matches!(of.ty, Type::List(_)) {
            let list = self.source(of.range.clone());
            let message = format!("`contains` is a question to text, and {} is a {}", self.quote(of), of.ty);
            self.report(Mistake::new(of.range.clone(), message).help(format!("write `value in {list}`")));
            return false;
        }
        self.expect(of, &Type::String, &format!("`{name}` asks for"))
    }

    fn pattern(&mut self, of: Box<Node>, pattern: &Node) -> Option<(Type, Kind)> {
        let fits = self.text_of(&of, "matches");
        let Kind::String(text) = &pattern.kind else {
            let message = "the pattern is written out as text, so that it can be checked here";
            self.report(Mistake::new(pattern.range.clone(), message));
            return None;
        };
        match Regex::new(text) {
            Ok(pattern) => fits.then(|| (Type::Bool, Kind::Matches { of, pattern })),
            Err(error) => {
                let text = error.to_string();
                let reason = text.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
                self.say(pattern.range.clone(), format!("the pattern is no regular expression: {reason}"));
                None
            }
        }
    }
}
