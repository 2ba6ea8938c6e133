//! Fields: `a.b`, `has(a.b)`, `a.?b`, `a["b"]` and `a[?b]`.

use std::ops::Range;
use std::sync::Arc;

use cel::common::ast::{Expr, IdedExpr, LiteralValue};

use super::guard::step_to;
use super::{Checker, article, listing};
use crate::expr::mistake::Mistake;
use crate::expr::nearest::did_you_mean;
use crate::expr::node::{Kind, Node};
use crate::expr::path::Step;
use crate::expr::schema::{Field, RecordType, Type};

impl Checker<'_> {
    pub(super) fn select(&mut self, dot: Range<usize>, operand: &IdedExpr, name: &str) -> Option<Node> {
        let of = self.part(operand)?;
        let range = of.range.start..self.parsed.text.end_of(dot);
        self.member(of, range, name)
    }

    /// `a.b`, and `a["b"]` of a map.
    fn member(&mut self, of: Node, range: Range<usize>, name: &str) -> Option<Node> {
        let (ty, may_be_absent) = match &of.ty {
            Type::Record(record) => {
                let field = self.field(record, &of, &range, name)?;
                (field.ty.clone(), field.optional)
            }
            Type::Map(element) => (element.as_ref().clone(), true),
            Type::Optional(_) => return self.optional_member(of, range, name),
            other => {
                let message = format!("{} is {}: it has no fields", self.quote(&of), article(other));
                self.say(range, message);
                return None;
            }
        };
        let place = of.place.as_ref().map(|place| place.then(&step_to(&of.ty, name)));
        let guarded = place.as_ref().is_some_and(|place| self.present.contains(&place.own));
        let node = Node { range, ty, kind: Kind::Select { of: Box::new(of), name: name.into() }, place };
        if may_be_absent && !guarded && self.broken_guards == 0 {
            self.unguarded(&node, name);
        }
        Some(node)
    }

    fn unguarded(&mut self, node: &Node, name: &str) {
        let quoted = self.quote(node);
        let help = match &node.kind {
            Kind::Select { of, .. } if matches!(of.ty, Type::Map(_)) => {
                let of = self.source(of.range.clone());
                format!("guard it with `{name:?} in {of} && …`, or give a default: `{of}[?{name:?}].orValue(…)`")
            }
            Kind::Select { of, .. } => {
                let of = self.source(of.range.clone());
                format!("guard it with `has({of}.{name}) && …`, or give a default: `{of}.?{name}.orValue(…)`")
            }
            _ => String::new(),
        };
        self.report(Mistake::new(node.range.clone(), format!("{quoted} may be absent")).help(help));
    }

    fn field<'r>(&mut self, record: &'r RecordType, of: &Node, range: &Range<usize>, name: &str) -> Option<&'r Field> {
        let found = record.field(name);
        if found.is_none() {
            let names = record.fields.iter().map(|field| field.name.as_str());
            let help = did_you_mean(name, names.clone()).unwrap_or_else(|| match record.fields.len() {
                0 => "it has none".to_owned(),
                _ => format!("it has {}", listing(names)),
            });
            let place = range.end.saturating_sub(name.len()).max(of.range.end)..range.end;
            let message = format!("{} has no field `{name}`", self.quote(of));
            self.report(Mistake::new(place, message).help(help));
        }
        found
    }

    pub(super) fn has(&mut self, bracket: Range<usize>, operand: &IdedExpr, name: &str) -> Option<Node> {
        let of = self.part(operand)?;
        let range = self.parsed.text.name_before(bracket.start).start..self.parsed.text.end_of(bracket);
        let inside = of.range.start..range.end.saturating_sub(1);
        match &of.ty {
            Type::Map(_) => {}
            Type::Record(record) => {
                let field = self.field(record, &of, &inside, name)?;
                if !field.optional {
                    let message = format!("`{}.{name}` is always there", self.source(of.range.clone()));
                    self.report(Mistake::new(range, message).help("leave the `has(…)` out"));
                    return None;
                }
            }
            Type::Optional(_) => {
                let message = format!("{} is optional: `has` asks for a field of a record", self.quote(&of));
                self.report(Mistake::new(range, message).help("ask `.hasValue()` instead"));
                return None;
            }
            other => {
                let message = format!("{} is {}: it has no fields", self.quote(&of), article(other));
                self.say(inside, message);
                return None;
            }
        }
        let path = of.place.as_ref().and_then(|place| place.then(&step_to(&of.ty, name)).path);
        self.touched.extend(path);
        Some(Node { range, ty: Type::Bool, kind: Kind::Has { of: Box::new(of), name: name.into() }, place: None })
    }

    /// `a.?b`; the parser hands the name over as a literal.
    pub(super) fn select_optional(&mut self, dot: Range<usize>, operand: &IdedExpr, name: &IdedExpr) -> Option<Node> {
        let of = self.part(operand)?;
        let range = of.range.start..self.parsed.text.end_of(dot);
        let Expr::Literal(LiteralValue::String(name)) = &name.expr else { return None };
        self.optional_member(of, range, name.inner())
    }

    fn optional_member(&mut self, of: Node, range: Range<usize>, name: &str) -> Option<Node> {
        let (inner, is_certain) = match &of.ty {
            Type::Optional(inner) => (inner.as_ref().clone(), false),
            other => (other.clone(), true),
        };
        let ty = match &inner {
            Type::Record(record) => {
                let field = self.field(record, &of, &range, name)?;
                if is_certain && !field.optional {
                    let message = format!("`{}.{name}` is always there", self.source(of.range.clone()));
                    self.report(Mistake::new(range, message).help("leave the `?` out"));
                    return None;
                }
                field.ty.clone()
            }
            Type::Map(element) => element.as_ref().clone(),
            other => {
                let message = format!("{} is {}: it has no fields", self.quote(&of), article(other));
                self.say(range, message);
                return None;
            }
        };
        let place = of.place.as_ref().map(|place| place.then(&step_to(&inner, name)));
        let kind = Kind::SelectOptional { of: Box::new(of), name: name.into() };
        Some(Node { range, ty: Type::Optional(Arc::new(ty)), kind, place })
    }

    /// `a["b"]`: of a map alone, with the key written out, so that a guard can prove it present.
    pub(super) fn index(&mut self, bracket: Range<usize>, operand: &IdedExpr, index: &IdedExpr) -> Option<Node> {
        let of = self.part(operand);
        let index = self.part(index);
        let (of, index) = (of?, index?);
        let range = of.range.start..self.parsed.text.end_of(bracket);
        match (&of.ty, &index.kind) {
            (Type::Map(_), Kind::String(key)) => {
                let key = key.to_string();
                self.member(of, range, &key)
            }
            (Type::Map(_) | Type::List(_) | Type::Optional(_), _) => {
                let (of, index) = (self.source(of.range.clone()), self.source(index.range.clone()));
                let help = format!("give a default: `{of}[?{index}].orValue(…)`");
                self.report(Mistake::new(range, "there may be nothing at this place").help(help));
                None
            }
            (other, _) => {
                let message = format!("{} is {}: it has no elements", self.quote(&of), article(other));
                self.say(range, message);
                None
            }
        }
    }

    pub(super) fn index_optional(
        &mut self,
        bracket: Range<usize>,
        operand: &IdedExpr,
        index: &IdedExpr,
    ) -> Option<Node> {
        let of = self.part(operand);
        let index = self.part(index);
        let (of, index) = (of?, index?);
        let range = of.range.start..self.parsed.text.end_of(bracket);
        let inner = if let Type::Optional(inner) = &of.ty { inner.as_ref() } else { &of.ty };
        let (element, wanted, step) = match (inner, &index.kind) {
            (Type::Map(element), Kind::String(key)) => (element, Type::String, Some(Step::Key(key.to_string()))),
            (Type::Map(element), _) => (element, Type::String, None),
            (Type::List(element), _) => (element, Type::Int, Some(Step::Element)),
            (other, _) => {
                let message = format!("{} is {}: it has no elements", self.quote(&of), article(other));
                self.say(range, message);
                return None;
            }
        };
        if index.ty != wanted {
            let message = format!(
                "the place is given by {}, and {} is {}",
                article(&wanted),
                self.quote(&index),
                article(&index.ty)
            );
            self.say(index.range, message);
            return None;
        }
        let ty = Type::Optional(Arc::clone(element));
        let path = of.place.as_ref().zip(step).and_then(|(place, step)| place.then(&step).path);
        self.touched.extend(path);
        Some(Node { range, ty, kind: Kind::IndexOptional { of: Box::new(of), index: Box::new(index) }, place: None })
    }
}
