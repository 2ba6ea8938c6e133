//! One file of Terraform code: its blocks, what is written in each, and on which line.

use std::collections::BTreeSet;
use std::ops::Range;

use hcl_edit::Span;
use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use hcl_edit::parser::parse_body;
use hcl_edit::structure::{Block as HclBlock, Body, Structure};
use hcl_edit::visit::{Visit, visit_traversal};

use crate::anchor::Mistake;

/// One file of Terraform code.
#[derive(Debug)]
pub struct SourceFile {
    pub(super) blocks: Vec<Block>,
}

/// A `resource` or `module` block.
#[derive(Debug, Clone)]
pub(in crate::anchor) struct Block {
    /// Where its file is, from the root of the repository.
    pub(in crate::anchor) uri: String,
    pub(in crate::anchor) line: usize,
    pub(in crate::anchor) kind: Kind,
    pub(in crate::anchor) name: String,
    /// The attributes and blocks in it at whatever depth, in the order of the file: depth, name and line.
    pub(in crate::anchor) written: Vec<(usize, String, usize)>,
    /// The attributes that are plain texts, with these.
    pub(in crate::anchor) literals: Vec<(String, String)>,
    /// The resources that an attribute names, as `TYPE.NAME`.
    pub(in crate::anchor) references: Vec<(String, BTreeSet<String>)>,
    /// All of its text.
    pub(in crate::anchor) text: String,
}

/// What a block declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::anchor) enum Kind {
    Resource(String),
    Module,
}

impl Block {
    /// The text of an attribute that is a plain one.
    pub(in crate::anchor) fn literal(&self, name: &str) -> Option<&str> {
        self.literals.iter().find(|(key, _)| key == name).map(|(_, text)| text.as_str())
    }

    /// The line of what is written under a name, not deeper than some depth.
    pub(in crate::anchor) fn line_of(&self, name: &str, deepest: usize) -> Option<usize> {
        self.written.iter().find(|(depth, key, _)| *depth <= deepest && key == name).map(|(_, _, line)| *line)
    }

    /// Whether an attribute names a resource.
    pub(in crate::anchor) fn refers(&self, attribute: &str, resource: &str) -> bool {
        self.references.iter().any(|(key, named)| key == attribute && named.contains(resource))
    }
}

impl SourceFile {
    /// Reads a file.
    ///
    /// # Errors
    /// The first thing in it that is no HCL.
    pub fn read(uri: &str, text: &str) -> Result<Self, Mistake> {
        // A mark of the byte order is no part of the language.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let body = body(text)?;
        let lines = Lines::of(text);
        let blocks = body.blocks().filter_map(|block| of_block(block, uri, text, &lines)).collect();
        Ok(Self { blocks })
    }

    /// The folders of modules that it calls, by their way from its own, each with the line that names it.
    pub fn local_modules(&self) -> Vec<(&str, usize)> {
        let calls = self.blocks.iter().filter(|block| block.kind == Kind::Module);
        let local = calls.filter_map(|block| {
            let line = block.line_of("source", 0).unwrap_or(block.line);
            local_source(block).map(|source| (source, line))
        });
        local.collect()
    }
}

/// The folder of a module that stands beside its caller (Terraform, "Module Sources": a local path begins with `./` or
/// `../`).
pub(super) fn local_source(call: &Block) -> Option<&str> {
    call.literal("source").filter(|source| source.starts_with("./") || source.starts_with("../"))
}

/// Room to read a file in: HCL nests, and its parser goes deep.
const STACK: usize = 64 << 20;

fn body(text: &str) -> Result<Body, Mistake> {
    let parsed = std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || parse_body(text));
        worker.ok().and_then(|worker| worker.join().ok())
    });
    match parsed {
        Some(Ok(body)) => Ok(body),
        Some(Err(error)) => {
            let (line, column) = (error.location().line(), error.location().column());
            Err(Mistake { line, column, message: format!("this is not HCL: {}", error.message()) })
        }
        None => Err(Mistake::of_file("there is no memory to read it")),
    }
}

/// What a fragment of code writes, such as a rule's fix.
#[derive(Debug, Default)]
pub(in crate::anchor) struct Fragment {
    /// The types of its resources.
    pub(in crate::anchor) types: Vec<String>,
    /// Its attributes and blocks outside of resources.
    pub(in crate::anchor) names: Vec<String>,
    /// All attributes, and then all blocks, at whatever depth, without those that only tell one resource from another or
    /// tie one to another.
    pub(in crate::anchor) inner: Vec<String>,
}

/// Reads a fragment of code.
pub(in crate::anchor) fn fragment(text: &str) -> Result<Fragment, Mistake> {
    let body = body(&format!("{text}\n"))?;
    let mut fragment = Fragment::default();
    let (mut attributes, mut blocks) = (Vec::new(), Vec::new());
    for structure in body.iter() {
        match structure {
            Structure::Block(block) if block.ident.as_str() == "resource" => {
                fragment.types.extend(block.labels.first().map(|kind| kind.as_str().to_owned()));
                names_in(&block.body, &mut attributes, &mut blocks);
            }
            structure => {
                fragment.names.push(name_of(structure).to_owned());
                name(structure, &mut attributes, &mut blocks);
            }
        }
    }
    fragment.inner = attributes.into_iter().chain(blocks).collect();
    fragment.inner.retain(|name| !TIES.contains(&name.as_str()) && !matches!(name.as_str(), "id" | "name"));
    Ok(fragment)
}

/// The attributes by which a resource is tied to the one that it is a part of.
pub(in crate::anchor) const TIES: [&str; 4] = ["bucket", "key_id", "arn", "log_group_name"];

/// The name of an attribute or block; of a dynamic block, that of the blocks which it writes.
fn name_of(structure: &Structure) -> &str {
    match structure {
        Structure::Attribute(attribute) => attribute.key.as_str(),
        Structure::Block(block) if block.ident.as_str() == "dynamic" => {
            block.labels.first().map_or("dynamic", |label| label.as_str())
        }
        Structure::Block(block) => block.ident.as_str(),
    }
}

fn names_in(body: &Body, attributes: &mut Vec<String>, blocks: &mut Vec<String>) {
    body.iter().for_each(|structure| name(structure, attributes, blocks));
}

fn name(structure: &Structure, attributes: &mut Vec<String>, blocks: &mut Vec<String>) {
    let own = name_of(structure).to_owned();
    match structure {
        Structure::Attribute(_) => attributes.push(own),
        Structure::Block(block) => {
            blocks.push(own);
            names_in(&block.body, attributes, blocks);
        }
    }
}

fn of_block(block: &HclBlock, uri: &str, text: &str, lines: &Lines) -> Option<Block> {
    let mut labels = block.labels.iter().map(|label| label.as_str().to_owned());
    let (kind, name) = match block.ident.as_str() {
        "resource" => (Kind::Resource(labels.next()?), labels.next()?),
        "module" => (Kind::Module, labels.next()?),
        _ => return None,
    };
    let range = block.span()?;
    let mut found = Block {
        uri: uri.to_owned(),
        line: lines.line(&range),
        kind,
        name,
        written: Vec::new(),
        literals: Vec::new(),
        references: Vec::new(),
        text: text.get(range).unwrap_or_default().to_owned(),
    };
    written_in(&block.body, 0, lines, &mut found.written);
    for attribute in block.body.attributes() {
        let key = attribute.key.as_str().to_owned();
        if let Some(literal) = attribute.value.as_str() {
            found.literals.push((key.clone(), literal.to_owned()));
        }
        if TIES.contains(&key.as_str()) {
            let mut named = References::default();
            named.visit_expr(&attribute.value);
            found.references.push((key, named.0));
        }
    }
    Some(found)
}

fn written_in(body: &Body, depth: usize, lines: &Lines, written: &mut Vec<(usize, String, usize)>) {
    for structure in body.iter() {
        if let Some(range) = structure.span() {
            written.push((depth, name_of(structure).to_owned(), lines.line(&range)));
        }
        if let Structure::Block(block) = structure {
            written_in(&block.body, depth + 1, lines, written);
        }
    }
}

/// The resources that an expression names.
#[derive(Default)]
struct References(BTreeSet<String>);

impl Visit for References {
    fn visit_traversal(&mut self, node: &Traversal) {
        if let (Expression::Variable(kind), Some(operator)) = (&node.expr, node.operators.first())
            && let TraversalOperator::GetAttr(name) = operator.value()
        {
            self.0.insert(format!("{}.{}", kind.as_str(), name.as_str()));
        }
        visit_traversal(self, node);
    }
}

/// Where the lines of a text begin, in bytes.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1).collect())
    }

    /// The line on which a range begins, from 1.
    fn line(&self, range: &Range<usize>) -> usize {
        self.0.partition_point(|start| *start <= range.start) + 1
    }
}
