//! Infrastructure code: which line of it made a resource, by what is sure.

mod choose;
mod kind;
mod subject;

use std::collections::BTreeMap;

use super::cloudformation::{Declared, Stack, Template};
use super::terraform::{Block, Found, Made, ModuleTree};
use super::wanted::Wanted;
use super::{Place, Rung};
use crate::evaluate::Judgement;
use crate::snapshot::Snapshot;

use choose::{in_call, in_resource, in_template};
use kind::Kind;
use subject::{Subject, Subjects};

/// The sources that are configured, as they were read.
#[derive(Debug, Default)]
pub struct Sources {
    /// The trees of Terraform code, each with what its state names, where one is given.
    pub terraform: Vec<(ModuleTree, Vec<Made>)>,
    /// The CloudFormation templates, each with the resources of its stacks, where they are given.
    pub cloudformation: Vec<(Template, Vec<Stack>)>,
}

impl Sources {
    /// The types of resources in Terraform that results may be about.
    pub fn terraform_types() -> Vec<&'static str> {
        Kind::terraform_types()
    }
}

/// Infrastructure code, and what is known of who made what.
#[derive(Debug, Default)]
pub struct Infrastructure {
    sources: Sources,
    subjects: Subjects,
    /// What the states name, by ARN: the number of the tree, and that of the resource.
    by_state: BTreeMap<String, (usize, usize)>,
}

/// What made a resource.
enum Maker<'a> {
    /// A block of Terraform, and the others of its folder.
    Resource(&'a Block, &'a [Block]),
    /// Our own call of a module that lies elsewhere.
    Call(&'a Block),
    /// A resource of a template.
    Declared(&'a Template, &'a Declared),
}

impl Infrastructure {
    /// Infrastructure code, and the snapshot whose resources it may have made.
    pub fn new(sources: Sources, snapshot: &Snapshot) -> Self {
        let mut by_state = BTreeMap::new();
        for (tree, (_, made)) in sources.terraform.iter().enumerate() {
            for (number, made) in made.iter().enumerate() {
                // What two states name was imported twice: the first counts.
                by_state.entry(subject::resource_of_arn(&made.arn)).or_insert((tree, number));
            }
        }
        Self { sources, subjects: Subjects::of(snapshot), by_state }
    }

    /// The line that made the subject of a result, if it is sure.
    pub(super) fn place(&self, judgement: &Judgement, wanted: &Wanted) -> Option<Place> {
        let subject = Subject::of(judgement)?;
        let (rung, maker) = self.maker(&subject)?;
        let (uri, line) = match maker {
            Maker::Resource(block, folder) => in_resource(block, folder, &subject, wanted),
            Maker::Call(call) => in_call(call, &subject, wanted),
            Maker::Declared(template, declared) => in_template(template, declared, &subject, wanted),
        };
        Some(Place { uri: uri.to_owned(), line, rung })
    }

    /// What made a subject, and how that is known.
    fn maker(&self, subject: &Subject<'_>) -> Option<(Rung, Maker<'_>)> {
        self.by_state(subject)
            .map(|maker| (Rung::Terraform, maker))
            .or_else(|| self.by_stack(subject).map(|maker| (Rung::CloudFormation, maker)))
            .or_else(|| self.by_trace(subject).map(|maker| (Rung::Yor, maker)))
            .or_else(|| self.by_name(subject).map(|maker| (Rung::Literal, maker)))
    }

    fn by_state(&self, subject: &Subject<'_>) -> Option<Maker<'_>> {
        let (tree, number) = self.by_state.get(subject.resource)?;
        let (tree, made) = self.sources.terraform.get(*tree)?;
        match tree.find(made.get(*number)?)? {
            Found::Resource(block, folder) => Some(Maker::Resource(block, folder)),
            Found::Call(call) => Some(Maker::Call(call)),
        }
    }

    /// The resource of a template, by the resources of its stack, else by the tags that CloudFormation gave the trail.
    fn by_stack(&self, subject: &Subject<'_>) -> Option<Maker<'_>> {
        let kind = Kind::of(subject.scope);
        let mut found = Vec::new();
        for (template, stacks) in &self.sources.cloudformation {
            let resources = stacks.iter().flat_map(|stack| stack.resources_of(kind.cloudformation));
            for (resource, home) in resources {
                if self.subjects.is(subject, &resource.physical_id, home) {
                    found.extend(template.resource(&resource.logical_id).map(|declared| (template, declared)));
                }
            }
        }
        if let Some(logical_id) =
            self.subjects.tag(subject, "aws:cloudformation:logical-id").filter(|_| found.is_empty())
        {
            for (template, _) in &self.sources.cloudformation {
                let declared = template.resource(logical_id).filter(|declared| declared.kind == kind.cloudformation);
                found.extend(declared.map(|declared| (template, declared)));
            }
        }
        only(found).map(|(template, declared)| Maker::Declared(template, declared))
    }

    /// The code that holds the `yor_trace` tag of the resource.
    ///
    /// Source: yor, "Tag groups": a tag with a UUID is written into the block of the code.
    fn by_trace(&self, subject: &Subject<'_>) -> Option<Maker<'_>> {
        // Shorter than any UUID: found anywhere.
        let trace = self.subjects.tag(subject, "yor_trace").filter(|trace| trace.len() >= 32)?;
        let quoted = format!("\"{trace}\"");
        self.only_one(subject, |block| block.text.contains(&quoted), |declared| declared.holds(trace))
    }

    /// The only code that names the resource, where it is the only resource of the name too.
    fn by_name(&self, subject: &Subject<'_>) -> Option<Maker<'_>> {
        let name = self.subjects.unique_name(subject)?;
        let kind = Kind::of(subject.scope);
        let (attribute, property) = (kind.terraform_name?, kind.cloudformation_name?);
        self.only_one(
            subject,
            |block| block.literal(attribute) == Some(name),
            |declared| declared.literal(property) == Some(name),
        )
    }

    /// The only block and declared resource of a subject's kind of which something is so.
    fn only_one(
        &self,
        subject: &Subject<'_>,
        block_is: impl Fn(&Block) -> bool,
        declared_is: impl Fn(&Declared) -> bool,
    ) -> Option<Maker<'_>> {
        let kind = Kind::of(subject.scope);
        let mut found = Vec::new();
        for (tree, _) in &self.sources.terraform {
            let resources = tree.resources(kind.terraform).filter(|(block, _)| block_is(block));
            found.extend(
                resources.map(|(block, folder)| (block.uri.as_str(), block.line, Maker::Resource(block, folder))),
            );
        }
        for (template, _) in &self.sources.cloudformation {
            let declared = template.resources_of(kind.cloudformation).filter(|declared| declared_is(declared));
            let maker = |declared| Maker::Declared(template, declared);
            found.extend(declared.map(|declared| (template.uri(), declared.line, maker(declared))));
        }
        // A module that two root modules call is one piece of code.
        found.sort_by_key(|(uri, line, _)| (*uri, *line));
        found.dedup_by_key(|(uri, line, _)| (*uri, *line));
        only(found).map(|(_, _, maker)| maker)
    }
}

/// The one that there is; nothing, where there are more.
fn only<T>(found: Vec<T>) -> Option<T> {
    let mut found = found.into_iter();
    let one = found.next()?;
    found.next().is_none().then_some(one)
}
