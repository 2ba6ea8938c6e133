//! The checker: from the parser's tree to what can be evaluated, with all mistakes at once.
//!
//! An expression that passes cannot meet a wrong type, a missing name or an absent field when it is evaluated.
//! Everything that the checker does not know is refused.

mod call;
mod guard;
mod list;
mod operator;
mod select;

use std::collections::BTreeSet;
use std::ops::Range;

use cel::common::ast::{Expr, IdedExpr, LiteralValue};

use super::mistake::Mistake;
use super::nearest::did_you_mean;
use super::node::{Kind, Node, Place};
use super::parse::Parsed;
use super::path::Path;
use super::schema::{Schema, Type};

/// How many parts may stand inside one another.
const MAX_DEPTH: usize = 64;

/// What the checker found.
pub(super) struct Checked {
    pub(super) node: Option<Node>,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) touched: BTreeSet<Path>,
}

/// Checks a parsed expression that is to give a type.
pub(super) fn check(parsed: &Parsed<'_>, schema: &Schema, expected: &Type) -> Checked {
    let mut checker = Checker::new(parsed, schema);
    let node = checker.part(&parsed.tree);
    if let Some(node) = &node
        && !node.ty.fits(expected)
    {
        checker.say(node.range.clone(), format!("the rule asks for a {expected}, and this is {}", article(&node.ty)));
    }
    let Checker { mut mistakes, touched, .. } = checker;
    mistakes.sort_by_key(|mistake| (mistake.range.start, mistake.range.end));
    mistakes.dedup();
    let leaves = touched.iter().filter(|path| !touched.iter().any(|other| path.is_on_the_way_to(other)));
    Checked { node, mistakes, touched: leaves.cloned().collect() }
}

struct Checker<'a> {
    parsed: &'a Parsed<'a>,
    schema: &'a Schema,
    mistakes: Vec<Mistake>,
    /// The elements that the macros around this place name, outermost first.
    elements: Vec<Element>,
    /// Facts that the guards around this place prove present.
    present: Vec<Path>,
    /// How many conditions around this place have mistakes in them.
    broken_guards: usize,
    touched: BTreeSet<Path>,
    macros: usize,
    depth: usize,
}

struct Element {
    name: String,
    ty: Type,
    place: Place,
}

impl<'a> Checker<'a> {
    fn new(parsed: &'a Parsed<'a>, schema: &'a Schema) -> Self {
        Self {
            parsed,
            schema,
            mistakes: Vec::new(),
            elements: Vec::new(),
            present: Vec::new(),
            broken_guards: 0,
            touched: BTreeSet::new(),
            macros: 0,
            depth: 0,
        }
    }

    fn report(&mut self, mistake: Mistake) {
        self.mistakes.push(mistake);
    }

    fn say(&mut self, range: Range<usize>, message: impl Into<String>) {
        self.report(Mistake::new(range, message));
    }

    /// Checks a part; nothing where a mistake in it was reported.
    fn part(&mut self, expr: &IdedExpr) -> Option<Node> {
        if self.depth == MAX_DEPTH {
            let token = self.parsed.token(expr.id);
            self.report(Mistake::new(token, "the expression is nested too deeply").help("split the rule in two"));
            return None;
        }
        self.depth += 1;
        let node = self.kind_of_part(expr);
        self.depth -= 1;
        let path = node.as_ref().and_then(|node| node.place.as_ref()?.path.clone());
        self.touched.extend(path);
        node
    }

    fn kind_of_part(&mut self, expr: &IdedExpr) -> Option<Node> {
        let token = self.parsed.token(expr.id);
        match &expr.expr {
            Expr::Literal(literal) => self.literal(token, literal),
            Expr::Ident(name) => self.name(token, name),
            Expr::Select(select) if select.test => self.has(token, &select.operand, &select.field),
            Expr::Select(select) => self.select(token, &select.operand, &select.field),
            Expr::Call(call) => self.call(token, call),
            Expr::List(list) => self.list_literal(token, list),
            Expr::Comprehension(comprehension) => self.comprehension(token, comprehension),
            Expr::Map(_) | Expr::Struct(_) => {
                let range = token.start..self.parsed.text.end_of(token);
                self.say(range, "rules cannot make maps or records");
                None
            }
            Expr::Unspecified => {
                self.say(token, "the expression cannot be read from here on");
                None
            }
        }
    }

    fn literal(&mut self, token: Range<usize>, literal: &LiteralValue) -> Option<Node> {
        let (ty, kind) = match literal {
            LiteralValue::Boolean(value) => (Type::Bool, Kind::Bool(*value.inner())),
            LiteralValue::Int(value) => (Type::Int, Kind::Int(*value.inner())),
            LiteralValue::String(value) => (Type::String, Kind::String(value.inner().into())),
            LiteralValue::Null => {
                let help = "an absent fact has no value: ask `has(…)`, or give a default with `.?field.orValue(…)`";
                self.report(Mistake::new(token, "facts are never null").help(help));
                return None;
            }
            LiteralValue::Double(_) | LiteralValue::UInt(_) => {
                self.report(Mistake::new(token, "numbers are whole numbers, written like `24`"));
                return None;
            }
            LiteralValue::Bytes(_) => {
                self.report(Mistake::new(token, "there are no bytes in facts").help("write text without the `b`"));
                return None;
            }
        };
        let negative = matches!(&kind, Kind::Int(value) if *value < 0);
        let start = if negative { self.sign_before(token.start) } else { token.start };
        Some(Node { range: start..token.end, ty, kind, place: None })
    }

    /// The sign belongs to the number, but not to the parser's token.
    fn sign_before(&self, start: usize) -> usize {
        let before = self.source(0..start).trim_end();
        before.strip_suffix('-').map_or(start, str::len)
    }

    fn name(&mut self, range: Range<usize>, name: &str) -> Option<Node> {
        if let Some((index, element)) = self.elements.iter().enumerate().rev().find(|(_, element)| element.name == name)
        {
            let (ty, place) = (element.ty.clone(), Some(element.place.clone()));
            return Some(Node { range, ty, kind: Kind::Element(index), place });
        }
        if let Some(ty) = self.schema.variable(name) {
            let place = Some(Place { path: Some(Path::new(name)), own: Path::new(name) });
            return Some(Node { range, ty: ty.clone(), kind: Kind::Variable(name.into()), place });
        }
        let known: Vec<&str> = self.names_in_reach();
        let help = did_you_mean(name, known.iter().copied())
            .unwrap_or_else(|| format!("known here: {}", listing(known.iter().copied())));
        self.report(Mistake::new(range, format!("`{name}` is not known here")).help(help));
        None
    }

    fn names_in_reach(&self) -> Vec<&str> {
        let elements = self.elements.iter().map(|element| element.name.as_str());
        self.schema.variables().map(|(name, _)| name).chain(elements).collect()
    }

    fn source(&self, range: Range<usize>) -> &'a str {
        self.parsed.text.source().get(range).unwrap_or("")
    }

    /// The source of a part, for messages.
    fn quote(&self, node: &Node) -> String {
        let source = self.source(node.range.clone());
        let mut quoted: String = source.split_whitespace().collect::<Vec<_>>().join(" ");
        if quoted.chars().count() > 60 {
            quoted = quoted.chars().take(59).chain(std::iter::once('…')).collect();
        }
        format!("`{quoted}`")
    }
}

fn article(ty: &Type) -> String {
    match ty {
        Type::Int | Type::Optional(_) => format!("an {ty}"),
        Type::Nothing => "nothing".to_owned(),
        _ => format!("a {ty}"),
    }
}

fn listing<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
