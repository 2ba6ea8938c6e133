//! What of a resource a rule is about: the facts that it reads, and what its fix writes in Terraform. A rule says both
//! itself, so nothing here has to be kept in step with the rules.

use super::terraform;
use crate::expr::{Path, Step};
use crate::inventory::property;
use crate::policy::Policy;

/// What of a resource a rule is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The facts of its assertion, in the order in which it names them, each by its steps up to a list.
    pub(super) facts: Vec<Vec<String>>,
    /// The property that the first of them comes from that comes from one.
    pub(super) property: Option<&'static str>,
    /// The types of the resources that its fix writes.
    pub(super) types: Vec<String>,
    /// The attributes and blocks that its fix writes outside of resources.
    pub(super) names: Vec<String>,
    /// All attributes and blocks that it writes, at whatever depth.
    pub(super) inner: Vec<String>,
}

impl Wanted {
    /// What a rule is about.
    pub(super) fn of(policy: &Policy) -> Self {
        let source = policy.assert.source();
        let mut paths: Vec<(usize, &Path)> = Vec::new();
        for path in policy.assert.paths().iter().filter(|path| path.variable() == policy.scope.variable()) {
            let written = path.to_string();
            let written = written.split('[').next().unwrap_or_default();
            paths.push((source.find(written).unwrap_or(usize::MAX), path));
        }
        paths.sort();
        let facts: Vec<Vec<String>> = paths.into_iter().map(|(_, path)| steps(path)).collect();
        let of_fact = |fact: &Vec<String>| property(policy.scope, &fact.iter().map(String::as_str).collect::<Vec<_>>());
        let property = facts.iter().find_map(of_fact);
        let mut wanted = Self { facts, property, ..Self::default() };
        if let Some(Ok(blocks)) = policy.fix.terraform.as_deref().map(terraform::fragment) {
            (wanted.types, wanted.names, wanted.inner) = (blocks.types, blocks.names, blocks.inner);
        }
        wanted
    }
}

fn steps(path: &Path) -> Vec<String> {
    let names = path.steps().iter().map_while(|step| match step {
        Step::Field(name) | Step::Key(name) => Some(name.clone()),
        Step::Element => None,
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::load;

    #[test]
    fn every_fix_of_a_built_in_rule_is_terraform_that_can_be_read() {
        for rule in load(&[]).policies.rules() {
            if let Some(text) = &rule.fix.terraform {
                assert!(terraform::fragment(text).is_ok(), "{}: {text}", rule.id);
            }
        }
    }

    #[test]
    fn what_rules_are_about() {
        let policies = load(&[]).policies;
        let of = |id: &str| Wanted::of(policies.get(id).unwrap());
        assert_eq!(of("log-file-validation").property, Some("log_file_validation_enabled"));
        assert_eq!(of("log-bucket-retention").property, Some("lifecycle"));
        assert_eq!(of("log-bucket-mfa-delete").property, Some("versioning"));
        assert_eq!(of("log-bucket-deny-delete").property, Some("policy"));
        assert_eq!(of("log-group-retention").names, ["retention_in_days"]);
        assert_eq!(of("log-bucket-versioning").types, ["aws_s3_bucket_versioning"]);
        assert!(of("log-bucket-versioning").inner.contains(&"status".to_owned()));
    }
}
