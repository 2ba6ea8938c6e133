//! The resources of a stack, as `aws cloudformation describe-stack-resources` or `list-stack-resources` prints them.

use serde::Deserialize;

use crate::anchor::Mistake;
use crate::id::{AccountId, Arn, RegionName};

/// The resources of a stack.
#[derive(Debug)]
pub struct Stack {
    resources: Vec<(StackResource, Option<(AccountId, RegionName)>)>,
}

/// A resource of a stack.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StackResource {
    /// Its name in the template.
    #[serde(rename = "LogicalResourceId")]
    pub logical_id: String,
    /// Its name or ARN; none, while it is being made.
    #[serde(rename = "PhysicalResourceId", default)]
    pub physical_id: String,
    /// Its type, such as `AWS::CloudTrail::Trail`.
    #[serde(rename = "ResourceType")]
    pub kind: String,
    /// The ARN of the stack, which says where it stands; `list-stack-resources` does not give it.
    #[serde(default)]
    stack_id: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "StackResources", alias = "StackResourceSummaries")]
    resources: Vec<StackResource>,
}

impl Stack {
    /// Reads the answer.
    ///
    /// # Errors
    /// Where it is not JSON, or no such answer.
    pub fn read(text: &str) -> Result<Self, Mistake> {
        let expected = "the answer of `aws cloudformation describe-stack-resources`";
        let answer: Answer = serde_json::from_str(text).map_err(|error| Mistake::of_json(&error, expected))?;
        let home = |resource: &StackResource| {
            let stack: Arn = resource.stack_id.as_deref()?.parse().ok()?;
            Some((stack.account()?, stack.region()?))
        };
        let resources = answer.resources.into_iter().map(|resource| {
            let home = home(&resource);
            (resource, home)
        });
        Ok(Self { resources: resources.collect() })
    }

    /// The resources of a type, with the account and Region of the stack where they are told.
    pub(in crate::anchor) fn resources_of<'a>(
        &'a self,
        kind: &'a str,
    ) -> impl Iterator<Item = (&'a StackResource, &'a Option<(AccountId, RegionName)>)> {
        self.resources
            .iter()
            .filter(move |(resource, _)| resource.kind == kind)
            .map(|(resource, home)| (resource, home))
    }
}
