//! Service control policies: which are attached where, and what they say.

use super::{arn, paged};
use crate::simulator::call::Call;
use crate::simulator::wire::{Answer, Failure};
use crate::simulator::world::{FULL_ACCESS, Organization, ServiceControlPolicy};
use serde_json::{Value, json};

const KIND: &str = "SERVICE_CONTROL_POLICY";

pub(super) fn answer(call: &Call<'_>, organization: &Organization) -> Result<Answer, Failure> {
    if call.operation == "DescribePolicy" { describe(call, organization) } else { attached(call, organization) }
}

/// The policy that is attached wherever it was not detached.
fn full_access() -> ServiceControlPolicy {
    let document = json!({ "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] });
    ServiceControlPolicy::new(FULL_ACCESS, "FullAWSAccess", &document)
}

fn summary(call: &Call<'_>, organization: &Organization, policy: &ServiceControlPolicy) -> Value {
    let resource = format!("policy/{}/service_control_policy/{}", organization.id, policy.id);
    let by_aws = policy.id == FULL_ACCESS;
    let arn = match by_aws {
        true => {
            format!("arn:{}:organizations::aws:policy/service_control_policy/{FULL_ACCESS}", call.index.world.partition)
        }
        false => arn(&call.index.world, organization, &resource),
    };
    json!({ "Id": policy.id, "Arn": arn, "Name": policy.name, "Description": "", "Type": KIND, "AwsManaged": by_aws })
}

fn attached(call: &Call<'_>, organization: &Organization) -> Result<Answer, Failure> {
    let target = call.required("TargetId")?;
    let is_account = call.index.account(target).is_some_and(|entry| entry.account.member);
    if !is_account && !call.index.children.contains_key(target) {
        let message = "We can't find a root, OU, account, or policy with the TargetId that you specified.";
        return Err(Failure::new(400, "TargetNotFoundException", message));
    }
    let mut rows = Vec::new();
    if call.required("Filter")? == KIND && organization.feature_set == "ALL" {
        if !organization.without_full_access.iter().any(|id| id == target) {
            rows.push(summary(call, organization, &full_access()).to_string());
        }
        let own = organization.policies.iter().filter(|policy| policy.targets.iter().any(|id| id == target));
        rows.extend(own.map(|policy| summary(call, organization, policy).to_string()));
    }
    paged(call, "Policies", &rows, String::as_str)
}

fn describe(call: &Call<'_>, organization: &Organization) -> Result<Answer, Failure> {
    let id = call.required("PolicyId")?;
    let full = full_access();
    let policy = organization.policies.iter().chain([&full]).find(|policy| policy.id == id).ok_or_else(|| {
        let message = "You specified a policy that doesn't exist.";
        Failure::new(400, "PolicyNotFoundException", message)
    })?;
    let described = json!({ "PolicySummary": summary(call, organization, policy), "Content": policy.document });
    Ok(Answer::text(json!({ "Policy": described }).to_string()))
}
