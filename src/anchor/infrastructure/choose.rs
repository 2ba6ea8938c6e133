//! The line in the code of a resource that a rule is about: on the attribute if it is written, else on the block.

use super::kind::{Kind, Written, written};
use super::subject::Subject;
use crate::anchor::cloudformation::{Declared, Template};
use crate::anchor::terraform::{Block, BlockKind, TIES};
use crate::anchor::wanted::Wanted;

/// How code writes what a rule is about.
fn of_property(subject: &Subject<'_>, wanted: &Wanted) -> Option<Written> {
    written(subject.scope, wanted.property?)
}

/// In the code of a resource, and of those in its folder that are a part of it.
pub(super) fn in_resource<'a>(
    block: &'a Block,
    folder: &'a [Block],
    subject: &Subject<'_>,
    wanted: &Wanted,
) -> (&'a str, usize) {
    let property = of_property(subject, wanted);
    let attributes = property.map_or(&[][..], |written| written.attributes);
    if let Some(line) = attributes.iter().find_map(|name| block.line_of(name, 0)) {
        return (&block.uri, line);
    }
    let types = property.and_then(|written| written.resource).into_iter();
    let types = types.chain(wanted.types.iter().map(String::as_str));
    for kind in types {
        let parts =
            if kind == Kind::of(subject.scope).terraform { Some(block) } else { part(block, folder, subject, kind) };
        let Some(found) = parts else { continue };
        let named = attributes.iter().copied().chain(wanted.inner.iter().map(String::as_str));
        let line = named.into_iter().find_map(|name| found.line_of(name, usize::MAX));
        if let Some(line) = line.or((!std::ptr::eq(found, block)).then_some(found.line)) {
            return (&found.uri, line);
        }
    }
    let line = wanted.names.iter().find_map(|name| block.line_of(name, 0));
    (&block.uri, line.unwrap_or(block.line))
}

/// The only resource of a type in the folder that is tied to another, by what names that or by its name.
fn part<'a>(block: &Block, folder: &'a [Block], subject: &Subject<'_>, kind: &str) -> Option<&'a Block> {
    let BlockKind::Resource(of) = &block.kind else { return None };
    let resource = format!("{of}.{}", block.name);
    let is_tied = |part: &Block| {
        TIES.iter().any(|tie| {
            part.refers(tie, &resource) || (part.literal(tie).is_some() && part.literal(tie) == subject.name())
        })
    };
    let of_kind = folder.iter().filter(|part| matches!(&part.kind, BlockKind::Resource(found) if found == kind));
    super::only(of_kind.filter(|part| is_tied(part)).collect())
}

/// In our own call of a module: inputs are often called as the attributes are that they set.
pub(super) fn in_call<'a>(call: &'a Block, subject: &Subject<'_>, wanted: &Wanted) -> (&'a str, usize) {
    let attributes = of_property(subject, wanted).map_or(&[][..], |written| written.attributes);
    let named = attributes.iter().copied().chain(wanted.names.iter().map(String::as_str));
    let line = named.into_iter().find_map(|name| call.line_of(name, 0));
    (&call.uri, line.unwrap_or(call.line))
}

/// In a template.
pub(super) fn in_template<'a>(
    template: &'a Template,
    declared: &'a Declared,
    subject: &Subject<'_>,
    wanted: &Wanted,
) -> (&'a str, usize) {
    let properties = of_property(subject, wanted).map_or(&[][..], |written| written.properties);
    let named = properties.iter().copied().chain(wanted.names.iter().map(String::as_str));
    if let Some(line) = named.into_iter().find_map(|name| declared.line_of(name)) {
        return (template.uri(), line);
    }
    let part = wanted.property.filter(|property| *property == "policy").and_then(|_| template.policy_of(declared));
    let line = part.map(|part| part.line_of("PolicyDocument").unwrap_or(part.line));
    (template.uri(), line.unwrap_or(declared.line))
}
