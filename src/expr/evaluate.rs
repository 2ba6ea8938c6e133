//! Evaluation, in three values: true, false, and unknown because of gaps.
//!
//! A gap is never a value. Whatever needs it becomes unknown with it, and only logic that is settled without it
//! absorbs it: `unknown && false` is false, `unknown || true` is true, a list in which one element meets the
//! condition satisfies `exists` whatever else there may be. So a verdict that is not unknown holds whatever the gaps
//! hide.

mod list;

use std::borrow::Cow;
use std::ops::Range;

use super::fact::Fact;
use super::node::{Kind, Node, Operator, Order, TextTest};
use super::record::FieldName;
use super::value::Value;

/// The facts that the variables of an expression stand for.
///
/// ```
/// use trailproof::expr::{Bindings, Fact};
/// let trail = Fact::record([("name", Some("main".into()))]);
/// let bindings = Bindings::new().with("trail", &trail);
/// # let _ = bindings;
/// ```
#[derive(Debug, Clone, Default)]
pub struct Bindings<'a> {
    facts: Vec<(&'a str, &'a Fact)>,
}

impl<'a> Bindings<'a> {
    /// No variable yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one more variable.
    #[must_use]
    pub fn with(mut self, variable: &'a str, fact: &'a Fact) -> Self {
        self.facts.push((variable, fact));
        self
    }

    /// The fact that a variable stands for.
    pub fn get(&self, variable: &str) -> Option<&'a Fact> {
        self.facts.iter().find(|(name, _)| *name == variable).map(|(_, fact)| *fact)
    }
}

/// An expression that cannot be evaluated for these facts: arithmetic beyond its range, or facts that are not of the
/// schema that the expression was checked against.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// The part that cannot be evaluated: byte offsets into the expression's source.
    pub range: Range<usize>,
    /// Why not.
    pub message: String,
}

impl Fault {
    fn at(node: &Node, message: impl Into<String>) -> Self {
        Self { range: node.range.clone(), message: message.into() }
    }
}

type Evaluated<'a> = Result<Value<'a>, Fault>;

/// One evaluation: the variables, and the elements that the macros around a part name.
pub(super) struct Evaluation<'a> {
    bindings: &'a Bindings<'a>,
    elements: Vec<Value<'a>>,
}

impl<'a> Evaluation<'a> {
    pub(super) fn new(bindings: &'a Bindings<'a>) -> Self {
        Self { bindings, elements: Vec::new() }
    }

    /// The value of a part.
    pub(super) fn value(&mut self, node: &'a Node) -> Evaluated<'a> {
        match &node.kind {
            Kind::Bool(value) => Ok(Value::Bool(*value)),
            Kind::Int(value) => Ok(Value::Int(*value)),
            Kind::String(value) => Ok(Value::String(Cow::Borrowed(value))),
            Kind::List(elements) => self.literal(elements),
            Kind::Variable(name) => {
                let fact = self.bindings.get(name).ok_or_else(|| Fault::at(node, format!("`{name}` has no value")))?;
                Ok(Value::from(fact))
            }
            Kind::Element(index) => {
                self.elements.get(*index).cloned().ok_or_else(|| Fault::at(node, "there is no such element"))
            }
            Kind::Select { of, name } => {
                select(self.value(of)?, name).ok_or_else(|| Fault::at(node, "the fact is absent"))
            }
            Kind::Has { of, name } => Ok(match select(self.value(of)?, name) {
                Some(Value::Unknown(gaps)) => Value::Unknown(gaps),
                found => Value::Bool(found.is_some()),
            }),
            Kind::SelectOptional { of, name } => self.optional(of, |of| select(of, name)),
            Kind::IndexOptional { of, index } => {
                let index = self.value(index)?;
                self.optional(of, |of| list::index(of, index))
            }
            Kind::HasValue(of) => match self.value(of)? {
                Value::Optional(value) => Ok(Value::Bool(value.is_some())),
                other => other.unknown_at(node),
            },
            Kind::OrValue { of, otherwise } => match self.value(of)? {
                Value::Optional(Some(value)) => Ok(*value),
                Value::Optional(None) => self.value(otherwise),
                other => other.unknown_at(node),
            },
            Kind::Not(operand) => match self.value(operand)? {
                Value::Bool(value) => Ok(Value::Bool(!value)),
                other => other.unknown_at(node),
            },
            Kind::And(left, right) => self.logic(node, left, right, false),
            Kind::Or(left, right) => self.logic(node, left, right, true),
            Kind::If { condition, then, otherwise } => self.condition(condition, then, otherwise),
            Kind::Equal { left, right, negated } => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                left.same(&right)
                    .map_or_else(|| unknown_of(node, [left, right]), |same| Ok(Value::Bool(same != *negated)))
            }
            Kind::Compare { left, right, order } => self.comparison(node, left, right, *order),
            Kind::Negate(operand) => match self.value(operand)? {
                Value::Int(value) => value.checked_neg().map(Value::Int).ok_or_else(|| out_of_range(node)),
                other => other.unknown_at(node),
            },
            Kind::Calculate { left, right, operator } => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                calculate(node, left, right, *operator)
            }
            Kind::TextTest { of, other, test } => self.text_test(node, of, other, *test),
            Kind::Matches { of, pattern } => match self.value(of)? {
                Value::String(text) => Ok(Value::Bool(pattern.is_match(&text))),
                other => other.unknown_at(node),
            },
            Kind::In { element, within } => self.membership(node, element, within),
            Kind::Size(of) => self.size(node, of),
            Kind::Quantify { list, body, quantifier } => self.quantify(node, list, body, *quantifier),
            Kind::Collect { list, condition, element } => self.collect(list, condition.as_deref(), element),
        }
    }

    /// `a.?b` and `a[?b]`: none where there is nothing, and unknown where a gap hides it.
    fn optional(&mut self, of: &'a Node, read: impl FnOnce(Value<'a>) -> Option<Value<'a>>) -> Evaluated<'a> {
        let inner = match self.value(of)? {
            Value::Optional(None) => return Ok(Value::Optional(None)),
            Value::Optional(Some(value)) => *value,
            other => other,
        };
        Ok(match read(inner) {
            Some(Value::Unknown(gaps)) => Value::Unknown(gaps),
            found => Value::Optional(found.map(Box::new)),
        })
    }

    /// `&&` and `||`: the side that settles the outcome absorbs what the other side lacks.
    fn logic(&mut self, node: &'a Node, left: &'a Node, right: &'a Node, settling: bool) -> Evaluated<'a> {
        let settles = |side: &Evaluated<'a>| matches!(side, Ok(Value::Bool(value)) if *value == settling);
        let left = self.value(left);
        if settles(&left) {
            return left;
        }
        let right = self.value(right);
        if settles(&right) {
            return right;
        }
        match (left?, right?) {
            (Value::Bool(_), right @ Value::Bool(_)) => Ok(right),
            (left, right) => unknown_of(node, [left, right]),
        }
    }

    /// An unknown condition leaves the outcome unknown, unless both branches give the same.
    fn condition(&mut self, condition: &'a Node, then: &'a Node, otherwise: &'a Node) -> Evaluated<'a> {
        let unknown = match self.value(condition)? {
            Value::Bool(true) => return self.value(then),
            Value::Bool(false) => return self.value(otherwise),
            other => other.unknown_at(condition)?,
        };
        let (left, right) = (self.value(then)?, self.value(otherwise)?);
        match left.same(&right) {
            Some(true) if !condition.may_fault() => Ok(left),
            _ => unknown_of(condition, [unknown, left, right]),
        }
    }

    fn comparison(&mut self, node: &'a Node, left: &'a Node, right: &'a Node, order: Order) -> Evaluated<'a> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        let found = match (&left, &right) {
            (Value::Int(left), Value::Int(right)) => left.cmp(right),
            (Value::String(left), Value::String(right)) => left.cmp(right),
            _ => return unknown_of(node, [left, right]),
        };
        Ok(Value::Bool(match order {
            Order::Less => found.is_lt(),
            Order::LessOrEqual => found.is_le(),
            Order::Greater => found.is_gt(),
            Order::GreaterOrEqual => found.is_ge(),
        }))
    }

    fn text_test(&mut self, node: &'a Node, of: &'a Node, other: &'a Node, test: TextTest) -> Evaluated<'a> {
        let (of, other) = (self.value(of)?, self.value(other)?);
        let (Value::String(text), Value::String(part)) = (&of, &other) else { return unknown_of(node, [of, other]) };
        Ok(Value::Bool(match test {
            TextTest::StartsWith => text.starts_with(part.as_ref()),
            TextTest::EndsWith => text.ends_with(part.as_ref()),
            TextTest::Contains => text.contains(part.as_ref()),
        }))
    }
}

impl<'a> Value<'a> {
    /// The same where it is unknown; a fault where the facts are not what the expression was checked against.
    fn unknown_at(self, node: &Node) -> Evaluated<'a> {
        match self {
            Self::Unknown(_) => Ok(self),
            _ => Err(Fault::at(node, "the facts are not of the types that the expression was checked against")),
        }
    }
}

/// Unknown with the gaps of all.
fn unknown_of<'a, const N: usize>(node: &Node, values: [Value<'a>; N]) -> Evaluated<'a> {
    let gaps = values.iter().filter_map(|value| if let Value::Unknown(gaps) = value { Some(gaps) } else { None });
    match gaps.cloned().reduce(|all, gaps| all.union(&gaps)) {
        Some(gaps) => Ok(Value::Unknown(gaps)),
        None => Value::Bool(false).unknown_at(node),
    }
}

/// What stands under a name: nothing where it is absent, unknown where a gap hides it or what it would be in.
fn select<'a>(of: Value<'a>, name: &FieldName) -> Option<Value<'a>> {
    match of {
        Value::Record(record) => name.of(record).map(Value::from),
        Value::Map(entries) => entries.get(name.as_str()).map(Value::from),
        Value::Unknown(_) => Some(of),
        _ => None,
    }
}

fn calculate<'a>(node: &Node, left: Value<'a>, right: Value<'a>, operator: Operator) -> Evaluated<'a> {
    let (left, right) = match (left, right) {
        (Value::Int(left), Value::Int(right)) => (left, right),
        (Value::String(left), Value::String(right)) => return Ok(Value::String(left + right)),
        (left, right) => return unknown_of(node, [left, right]),
    };
    if right == 0 && matches!(operator, Operator::Divide | Operator::Remainder) {
        return Err(Fault::at(node, "the number is divided by zero"));
    }
    let result = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide => left.checked_div(right),
        Operator::Remainder => left.checked_rem(right),
    };
    result.map(Value::Int).ok_or_else(|| out_of_range(node))
}

fn out_of_range(node: &Node) -> Fault {
    Fault::at(node, "the number is out of range")
}
