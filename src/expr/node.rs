//! The checked form of an expression: what is evaluated.

use std::ops::Range;
use std::sync::Arc;

use regex::Regex;

use super::path::{Path, Step};
use super::record::FieldName;
use super::schema::Type;

/// A checked part of an expression.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Where the part stands in the source.
    pub(super) range: Range<usize>,
    pub(super) ty: Type,
    pub(super) kind: Kind,
    /// The fact that the part names, if it names one.
    pub(super) place: Option<Place>,
}

/// A fact that an expression names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The path from a variable of the schema; none where the fact is worked out.
    pub(super) path: Option<Path>,
    /// The path from the innermost name on, the elements that macros name told apart by number.
    pub(super) own: Path,
}

impl Place {
    pub(super) fn then(&self, step: &Step) -> Self {
        Self { path: self.path.as_ref().map(|path| path.then(step.clone())), own: self.own.then(step.clone()) }
    }
}

/// What a part does.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Bool(bool),
    Int(i64),
    String(Arc<str>),
    List(Vec<Node>),
    /// A variable of the schema.
    Variable(Box<str>),
    /// The element that a macro names, by the number of macros around it.
    Element(usize),
    Select {
        of: Box<Node>,
        name: FieldName,
    },
    Has {
        of: Box<Node>,
        name: FieldName,
    },
    SelectOptional {
        of: Box<Node>,
        name: FieldName,
    },
    IndexOptional {
        of: Box<Node>,
        index: Box<Node>,
    },
    HasValue(Box<Node>),
    OrValue {
        of: Box<Node>,
        otherwise: Box<Node>,
    },
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    If {
        condition: Box<Node>,
        then: Box<Node>,
        otherwise: Box<Node>,
    },
    Equal {
        left: Box<Node>,
        right: Box<Node>,
        negated: bool,
    },
    Compare {
        left: Box<Node>,
        right: Box<Node>,
        order: Order,
    },
    Calculate {
        left: Box<Node>,
        right: Box<Node>,
        operator: Operator,
    },
    In {
        element: Box<Node>,
        within: Box<Node>,
    },
    Size(Box<Node>),
    TextTest {
        of: Box<Node>,
        other: Box<Node>,
        test: TextTest,
    },
    Matches {
        of: Box<Node>,
        pattern: Regex,
    },
    Quantify {
        list: Box<Node>,
        body: Box<Node>,
        quantifier: Quantifier,
    },
    /// `filter` and `map`: the elements that meet the condition, each made into something.
    Collect {
        list: Box<Node>,
        condition: Option<Box<Node>>,
        element: Box<Node>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    All,
    Exists,
    ExistsOne,
}

impl Node {
    /// Whether the part may meet arithmetic out of range, for some facts.
    ///
    /// A value that is not known may turn out to be such arithmetic, so it cannot be left out of a value that needs it.
    pub(super) fn may_fault(&self) -> bool {
        let calculates = matches!(self.kind, Kind::Calculate { .. } | Kind::Negate(_)) && self.ty == Type::Int;
        calculates || self.children().into_iter().any(Self::may_fault)
    }

    /// The parts directly below, in the order of the source.
    pub(super) fn children(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::Bool(_) | Kind::Int(_) | Kind::String(_) | Kind::Variable(_) | Kind::Element(_) => Vec::new(),
            Kind::List(elements) => elements.iter().collect(),
            Kind::Select { of, .. }
            | Kind::Has { of, .. }
            | Kind::SelectOptional { of, .. }
            | Kind::HasValue(of)
            | Kind::Not(of)
            | Kind::Negate(of)
            | Kind::Size(of)
            | Kind::Matches { of, .. } => vec![of],
            Kind::IndexOptional { of: left, index: right }
            | Kind::OrValue { of: left, otherwise: right }
            | Kind::And(left, right)
            | Kind::Or(left, right)
            | Kind::Equal { left, right, .. }
            | Kind::Compare { left, right, .. }
            | Kind::Calculate { left, right, .. }
            | Kind::In { element: left, within: right }
            | Kind::TextTest { of: left, other: right, .. }
            | Kind::Quantify { list: left, body: right, .. } => vec![left, right],
            Kind::If { condition, then, otherwise } => vec![condition, then, otherwise],
            Kind::Collect { list, condition, element } => {
                let condition = condition.as_deref();
                std::iter::once(list.as_ref()).chain(condition).chain(std::iter::once(element.as_ref())).collect()
            }
        }
    }
}
