//! An expression of a rule: checked when it is loaded, evaluated for every subject.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::check::{Checked, check};
use super::evaluate::{Bindings, Evaluation, Fault};
use super::evidence::{Evidence, Paths, evidence, shown};
use super::gaps::Gaps;
use super::mistake::Mistake;
use super::node::{Kind, Node};
use super::parse::{MAX_LENGTH, parse};
use super::path::Path;
use super::schema::{Schema, Type};
use super::stack::on_large_stack;
use super::value::Value;

/// What an expression says about facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It holds, whatever the gaps hide.
    True,
    /// It does not hold, whatever the gaps hide.
    False,
    /// Whether it holds rests on these gaps.
    Unknown(Gaps),
}

/// A condition over facts, checked against their schema. Cheap to clone.
///
/// ```
/// use trailproof::expr::{Bindings, Expression, Fact, GapId, Gaps, Verdict};
/// use trailproof::facts::{self, Scope};
///
/// let schema = facts::schema(Scope::Trail).unwrap();
/// let signed = Expression::check("trail.is_multi_region && trail.log_file_validation", &schema).unwrap();
///
/// let gap = Fact::Gap(Gaps::one(GapId(3)));
/// let single = Fact::record([("is_multi_region", Some(false.into())), ("log_file_validation", Some(gap.clone()))]);
/// assert_eq!(signed.evaluate(&Bindings::new().with("trail", &single)), Ok(Verdict::False));
///
/// let multi = Fact::record([("is_multi_region", Some(true.into())), ("log_file_validation", Some(gap))]);
/// assert_eq!(signed.evaluate(&Bindings::new().with("trail", &multi)), Ok(Verdict::Unknown(Gaps::one(GapId(3)))));
///
/// let mistakes = Expression::check("trail.is_mutli_region", &schema).unwrap_err();
/// assert_eq!(mistakes[0].range, 6..21);
/// assert_eq!(mistakes[0].help.as_deref(), Some("did you mean `is_multi_region`?"));
/// ```
#[derive(Debug, Clone)]
pub struct Expression(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    source: String,
    node: Node,
    touched: BTreeSet<Path>,
    shown: Paths,
}

impl Expression {
    /// Reads a condition and checks it against what it may name.
    ///
    /// # Errors
    /// All mistakes that were found, in the order of their places.
    pub fn check(source: &str, schema: &Schema) -> Result<Self, Vec<Mistake>> {
        if source.len() > MAX_LENGTH {
            let start = source.ceil_char_boundary(MAX_LENGTH);
            let message = format!("the expression is longer than {MAX_LENGTH} bytes");
            return Err(vec![Mistake::new(start..source.len(), message).help("split the rule in two")]);
        }
        on_large_stack(|| Self::read(source, schema))
            .unwrap_or_else(|| Err(vec![Mistake::new(0..source.len(), "the expression cannot be read")]))
    }

    fn read(source: &str, schema: &Schema) -> Result<Self, Vec<Mistake>> {
        let parsed = parse(source)?;
        let Checked { node, mistakes, touched } = check(&parsed, schema, &Type::Bool);
        match node {
            Some(node) if mistakes.is_empty() => {
                let shown = shown(&touched);
                Ok(Self(Arc::new(Inner { source: source.to_owned(), node, touched, shown })))
            }
            _ => Err(mistakes),
        }
    }

    /// The expression, with more facts among those that its evidence shows.
    #[must_use]
    pub fn showing(self, facts: Vec<Path>) -> Self {
        if facts.is_empty() {
            return self;
        }
        let Inner { source, node, touched, .. } = &*self.0;
        let shown = shown(&touched.iter().cloned().chain(facts).collect());
        Self(Arc::new(Inner { source: source.clone(), node: node.clone(), touched: touched.clone(), shown }))
    }

    /// The expression as it was written.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The facts that the expression reads, each by its longest path.
    pub fn paths(&self) -> &BTreeSet<Path> {
        &self.0.touched
    }

    /// Evaluates the condition.
    ///
    /// # Errors
    /// Arithmetic out of range, or facts that are not of the schema that the expression was checked against.
    pub fn evaluate(&self, bindings: &Bindings<'_>) -> Result<Verdict, Fault> {
        match Evaluation::new(bindings).value(&self.0.node)? {
            Value::Bool(true) => Ok(Verdict::True),
            Value::Bool(false) => Ok(Verdict::False),
            Value::Unknown(gaps) => Ok(Verdict::Unknown(gaps)),
            _ => Err(Fault { range: self.0.node.range.clone(), message: "the outcome is no condition".to_owned() }),
        }
    }

    /// The facts that the expression reads, and those that it was given to show.
    pub fn evidence(&self, bindings: &Bindings<'_>) -> Evidence {
        evidence(&self.0.shown, bindings)
    }

    /// What each part of the expression comes to, outermost first; parts that speak of the elements of a list are left out.
    pub fn explain(&self, bindings: &Bindings<'_>) -> Vec<Explained> {
        let mut explained = Vec::new();
        self.explain_part(&self.0.node, bindings, 0, &mut explained);
        explained
    }

    fn explain_part(&self, node: &Node, bindings: &Bindings<'_>, depth: usize, explained: &mut Vec<Explained>) {
        let is_literal = matches!(node.kind, Kind::Bool(_) | Kind::Int(_) | Kind::String(_) | Kind::List(_));
        if is_literal || matches!(node.ty, Type::Record(_)) {
            return;
        }
        let value = match Evaluation::new(bindings).value(node) {
            Ok(value) => value.to_string(),
            Err(fault) => fault.to_string(),
        };
        let source = self.0.source.get(node.range.clone()).unwrap_or("");
        let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
        explained.push(Explained { depth, source, value });
        let parts = match &node.kind {
            Kind::Quantify { list, .. } | Kind::Collect { list, .. } => vec![list.as_ref()],
            _ => node.children(),
        };
        for part in parts {
            self.explain_part(part, bindings, depth + 1, explained);
        }
    }
}

/// What a part of an expression comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// How many parts it stands in.
    pub depth: usize,
    /// The part as it was written, on one line.
    pub source: String,
    /// Its value in words: `true`, `"main"`, `absent`, `not known`.
    pub value: String,
}
