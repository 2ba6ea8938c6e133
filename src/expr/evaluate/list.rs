//! Lists: what a gap among the elements leaves open.
//!
//! A gap in a list stands for any number of elements that could not be read. Where an element that is not known may
//! turn out to be arithmetic out of range, the whole list is unknown: CEL makes all elements before it asks for one.

use super::{Evaluated, Evaluation, Fault, unknown_of};
use crate::expr::gaps::Gaps;
use crate::expr::node::{Node, Quantifier};
use crate::expr::value::{Elements, Value};

/// The elements to go through, or unknown where the list itself is.
enum Listed<'a> {
    Elements(Elements<'a>),
    Unknown(Gaps),
}

impl<'a> Evaluation<'a> {
    fn elements_of(&mut self, node: &'a Node) -> Result<Listed<'a>, Fault> {
        match self.value(node)? {
            Value::Unknown(gaps) => Ok(Listed::Unknown(gaps)),
            other => other.elements().map(Listed::Elements).ok_or_else(|| Fault::at(node, "this is no list")),
        }
    }

    /// Evaluates a part with a name for an element.
    fn with_element(&mut self, element: Value<'a>, node: &'a Node) -> Evaluated<'a> {
        self.elements.push(element);
        let value = self.value(node);
        self.elements.pop();
        value
    }

    pub(super) fn literal(&mut self, elements: &'a [Node]) -> Evaluated<'a> {
        let mut made = Made::new(|| elements.iter().any(Node::may_fault));
        for element in elements {
            made.push(self.value(element)?);
        }
        Ok(made.list())
    }

    pub(super) fn membership(&mut self, node: &'a Node, element: &'a Node, within: &'a Node) -> Evaluated<'a> {
        let wanted = self.value(element)?;
        let elements = match (self.elements_of(within)?, &wanted) {
            (Listed::Unknown(gaps), _) => return unknown_of(node, [wanted, Value::Unknown(gaps)]),
            (_, Value::Unknown(_)) => return Ok(wanted),
            (Listed::Elements(elements), _) => elements,
        };
        let mut open: Option<Value<'a>> = None;
        for element in elements {
            match wanted.same(&element) {
                Some(true) => return Ok(Value::Bool(true)),
                Some(false) => {}
                None => {
                    open = Some(unknown_of(node, [open.unwrap_or_else(|| wanted.clone()), element, wanted.clone()])?)
                }
            }
        }
        Ok(open.unwrap_or(Value::Bool(false)))
    }

    pub(super) fn size(&mut self, node: &'a Node, of: &'a Node) -> Evaluated<'a> {
        let value = self.value(of)?;
        if let Value::String(text) = &value {
            return Ok(count(text.chars().count()));
        }
        let Some(elements) = value.clone().elements() else { return value.unknown_at(node) };
        let (mut known, mut hidden) = (0, Gaps::none());
        for element in elements {
            match element {
                Value::Unknown(gaps) => hidden = hidden.union(&gaps),
                _ => known += 1,
            }
        }
        Ok(if hidden.is_empty() { count(known) } else { Value::Unknown(hidden) })
    }

    pub(super) fn quantify(
        &mut self,
        node: &'a Node,
        list: &'a Node,
        body: &'a Node,
        quantifier: Quantifier,
    ) -> Evaluated<'a> {
        let elements = match self.elements_of(list)? {
            Listed::Elements(elements) => elements,
            Listed::Unknown(gaps) => return Ok(Value::Unknown(gaps)),
        };
        let mut tally = Tally::new(quantifier, body);
        for element in elements {
            let met = match element {
                Value::Unknown(_) => Ok(element),
                element => self.with_element(element, body),
            };
            if tally.settled_by(node, met)? {
                break;
            }
        }
        tally.outcome()
    }

    pub(super) fn collect(&mut self, list: &'a Node, condition: Option<&'a Node>, made: &'a Node) -> Evaluated<'a> {
        let elements = match self.elements_of(list)? {
            Listed::Elements(elements) => elements,
            Listed::Unknown(gaps) => return Ok(Value::Unknown(gaps)),
        };
        let mut collected = Made::new(|| made.may_fault() || condition.is_some_and(Node::may_fault));
        for element in elements {
            if let Value::Unknown(_) = element {
                collected.push(element);
                continue;
            }
            let met = match condition {
                Some(condition) => self.with_element(element.clone(), condition)?,
                None => Value::Bool(true),
            };
            match met {
                Value::Bool(true) => collected.push(self.with_element(element, made)?),
                Value::Bool(false) => {}
                other => collected.push(other.unknown_at(made)?),
            }
        }
        Ok(collected.list())
    }
}

/// A list that an expression makes.
struct Made<'a, F> {
    elements: Vec<Value<'a>>,
    /// Whether an element that is not known may turn out to be a fault.
    may_fault: F,
    /// The gaps behind which there may be a fault instead of the list.
    hidden: Option<Gaps>,
}

impl<'a, F: Fn() -> bool> Made<'a, F> {
    fn new(may_fault: F) -> Self {
        Self { elements: Vec::new(), may_fault, hidden: None }
    }

    fn push(&mut self, element: Value<'a>) {
        if let Value::Unknown(gaps) = &element
            && (self.may_fault)()
        {
            self.hidden = Some(self.hidden.as_ref().map_or_else(|| gaps.clone(), |hidden| hidden.union(gaps)));
        }
        self.elements.push(element);
    }

    fn list(self) -> Value<'a> {
        self.hidden.map_or(Value::Values(self.elements), Value::Unknown)
    }
}

/// What the elements gone through so far say about `all`, `exists` or `exists_one`.
struct Tally<'a> {
    quantifier: Quantifier,
    met: usize,
    failed: bool,
    hidden: Gaps,
    /// A fault of one element, which an element that settles `all` or `exists` absorbs.
    fault: Option<Fault>,
    /// What is asked of each element.
    body: &'a Node,
}

impl<'a> Tally<'a> {
    fn new(quantifier: Quantifier, body: &'a Node) -> Self {
        Self { quantifier, met: 0, failed: false, hidden: Gaps::none(), fault: None, body }
    }

    /// Counts one element, and says whether those that follow no longer matter.
    fn settled_by(&mut self, node: &Node, met: Evaluated<'_>) -> Result<bool, Fault> {
        match met {
            Ok(Value::Bool(true)) => self.met += 1,
            Ok(Value::Bool(false)) => self.failed = true,
            Ok(Value::Unknown(gaps)) => self.hidden = self.hidden.union(&gaps),
            Ok(other) => drop(other.unknown_at(node)?),
            Err(fault) => self.fault = self.fault.take().or(Some(fault)),
        }
        Ok(match self.quantifier {
            Quantifier::All => self.failed,
            Quantifier::Exists => self.met > 0,
            Quantifier::ExistsOne => false,
        })
    }

    fn outcome(self) -> Evaluated<'a> {
        let settled = match self.quantifier {
            Quantifier::All => self.failed.then_some(false),
            Quantifier::Exists => (self.met > 0).then_some(true),
            Quantifier::ExistsOne => {
                let may_fault = self.fault.is_some() || (!self.hidden.is_empty() && self.body.may_fault());
                (self.met > 1 && !may_fault).then_some(false)
            }
        };
        match (settled, self.fault) {
            (Some(settled), _) => Ok(Value::Bool(settled)),
            (None, Some(fault)) => Err(fault),
            (None, None) if !self.hidden.is_empty() => Ok(Value::Unknown(self.hidden)),
            (None, None) => Ok(Value::Bool(match self.quantifier {
                Quantifier::All => true,
                Quantifier::Exists => false,
                Quantifier::ExistsOne => self.met == 1,
            })),
        }
    }
}

/// `list[?n]` and `map[?key]`: nothing where there is no such element, unknown where a gap may stand before it.
pub(super) fn index<'a>(of: Value<'a>, index: Value<'a>) -> Option<Value<'a>> {
    match (of, index) {
        (Value::Unknown(left), Value::Unknown(right)) => Some(Value::Unknown(left.union(&right))),
        (unknown @ Value::Unknown(_), _) | (_, unknown @ Value::Unknown(_)) => Some(unknown),
        (Value::Map(entries), Value::String(key)) => entries.get(key.as_ref()).map(Value::from),
        (list, Value::Int(place)) => {
            let place = usize::try_from(place).ok()?;
            let mut before = 0;
            list.elements()?.find(|element| {
                let found = before == place || matches!(element, Value::Unknown(_));
                before += 1;
                found
            })
        }
        _ => None,
    }
}

fn count<'a>(number: usize) -> Value<'a> {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
