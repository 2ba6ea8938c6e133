//! Organizations: the accounts, the units that hold them, and who may act for the organization.

mod policies;
mod tree;

use super::{Codes, Service, operation_in_target};
use crate::simulator::call::Call;
use crate::simulator::wire::page::page;
use crate::simulator::wire::{Answer, Failure, Protocol};
use crate::simulator::world::{Account, Organization, World};
use jiff::Timestamp;
use serde_json::{Value, json};

const OPERATIONS: [(&str, &str); 14] = [
    ("DescribeOrganization", "organizations:DescribeOrganization"),
    ("DescribeAccount", "organizations:DescribeAccount"),
    ("DescribeOrganizationalUnit", "organizations:DescribeOrganizationalUnit"),
    ("ListRoots", "organizations:ListRoots"),
    ("ListAccounts", "organizations:ListAccounts"),
    ("ListAccountsForParent", "organizations:ListAccountsForParent"),
    ("ListOrganizationalUnitsForParent", "organizations:ListOrganizationalUnitsForParent"),
    ("ListChildren", "organizations:ListChildren"),
    ("ListParents", "organizations:ListParents"),
    ("ListDelegatedAdministrators", "organizations:ListDelegatedAdministrators"),
    ("ListAWSServiceAccessForOrganization", "organizations:ListAWSServiceAccessForOrganization"),
    ("ListPoliciesForTarget", "organizations:ListPoliciesForTarget"),
    ("DescribePolicy", "organizations:DescribePolicy"),
    ("ListTagsForResource", "organizations:ListTagsForResource"),
];

pub(in crate::simulator) static SERVICE: Service = Service {
    name: "organizations",
    signing_name: "organizations",
    target: Some("AWSOrganizationsV20161128"),
    protocol: Protocol::Json,
    codes: Codes {
        throttled: (400, "TooManyRequestsException"),
        validation: (400, "InvalidInputException"),
        broken: (500, "ServiceException"),
        ..Codes::JSON
    },
    reads: &OPERATIONS,
    operation: operation_in_target,
    resource: |_| None,
    answer,
};

fn answer(call: &Call<'_>) -> Result<Answer, Failure> {
    let organization =
        call.index.world.organization.as_ref().filter(|_| call.caller.entry.account.member).ok_or_else(|| {
            let message = "Your account is not a member of an organization.";
            Failure::new(400, "AWSOrganizationsNotInUseException", message)
        })?;
    if call.operation == "DescribeOrganization" {
        return Ok(describe_organization(call, organization));
    }
    // All other operations are for the management account and delegated administrators of any service.
    if !call.index.is_management(call.account()) && !call.index.is_delegated(call.account(), None) {
        return Err(call.service.codes.denied("You don't have permissions to access this resource."));
    }
    match call.operation {
        "ListAccounts" => paged(call, "Accounts", &call.index.members, |&place| call.index.description(place)),
        "DescribeAccount" => {
            let entry = call.index.account(call.required("AccountId")?).filter(|entry| entry.account.member);
            let entry = entry.ok_or_else(|| {
                let message = "You specified an account that doesn't exist.";
                Failure::new(400, "AccountNotFoundException", message)
            })?;
            Ok(Answer::text(format!("{{\"Account\":{}}}", entry.description)))
        }
        "ListDelegatedAdministrators" => delegated_administrators(call, organization),
        "ListAWSServiceAccessForOrganization" => service_access(call, organization),
        "ListPoliciesForTarget" | "DescribePolicy" => policies::answer(call, organization),
        "ListTagsForResource" => tags(call, organization),
        _ => tree::answer(call, organization),
    }
}

/// An account as Organizations describes it, with the older `Status` beside `State`.
pub(in crate::simulator) fn describe(world: &World, account: &Account) -> String {
    let Some(organization) = &world.organization else { return String::new() };
    json!({
        "Id": account.id,
        "Arn": arn(world, organization, &format!("account/{}/{}", organization.id, account.id)),
        "Email": account.email,
        "Name": account.name,
        "Status": account.state.status(),
        "State": account.state.as_str(),
        "JoinedMethod": if account.id == organization.management { "INVITED" } else { "CREATED" },
        "JoinedTimestamp": seconds(account.joined),
    })
    .to_string()
}

fn arn(world: &World, organization: &Organization, resource: &str) -> String {
    format!("arn:{}:organizations::{}:{resource}", world.partition, organization.management)
}

fn seconds(time: Timestamp) -> f64 {
    time.as_duration().as_secs_f64()
}

fn describe_organization(call: &Call<'_>, organization: &Organization) -> Answer {
    let world = &call.index.world;
    let (id, management) = (&organization.id, &organization.management);
    let email = call.index.account(management).map(|entry| entry.account.email.as_str());
    let description = json!({ "Organization": {
        "Id": id,
        "Arn": arn(world, organization, &format!("organization/{id}")),
        "FeatureSet": organization.feature_set,
        "MasterAccountArn": arn(world, organization, &format!("account/{id}/{management}")),
        "MasterAccountId": management,
        "MasterAccountEmail": email,
        "AvailablePolicyTypes": [{ "Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED" }],
    } });
    Answer::text(description.to_string())
}

/// A page of a list, each item of which is written as JSON: at most 20 of them, whatever is asked.
fn paged<'a, T, D: AsRef<str>>(
    call: &Call<'_>,
    list: &str,
    items: &'a [T],
    description: impl Fn(&'a T) -> D,
) -> Result<Answer, Failure> {
    let size = call.parameters.number("MaxResults").unwrap_or(20);
    let size = usize::try_from(size)
        .ok()
        .filter(|size| (1..=20).contains(size))
        .ok_or_else(|| call.service.codes.validation("You specified a value that is out of range for MaxResults."))?;
    let page = page(items, call.parameters.text("NextToken"), size)
        .ok_or_else(|| call.service.codes.validation("You provided an invalid value for NextToken."))?;
    let mut body = format!("{{\"{list}\":[");
    for (place, item) in page.items.iter().enumerate() {
        if place > 0 {
            body.push(',');
        }
        body.push_str(description(item).as_ref());
    }
    body.push(']');
    if let Some(next) = page.next {
        body.push_str(",\"NextToken\":\"");
        body.push_str(&next);
        body.push('"');
    }
    body.push('}');
    Ok(Answer::text(body))
}

fn delegated_administrators(call: &Call<'_>, organization: &Organization) -> Result<Answer, Failure> {
    let service = call.parameters.text("ServicePrincipal");
    let mut ids: Vec<&str> = Vec::new();
    for (id, of) in &organization.delegated_administrators {
        if service.is_none_or(|service| service == of) && !ids.contains(&id.as_str()) {
            ids.push(id);
        }
    }
    let entries = ids.into_iter().filter_map(|id| call.index.account(id));
    let rows: Vec<String> = entries
        .map(|entry| {
            let mut row: Value = serde_json::from_str(&entry.description).unwrap_or_default();
            row["DelegationEnabledDate"] = json!(seconds(entry.account.joined));
            row.to_string()
        })
        .collect();
    paged(call, "DelegatedAdministrators", &rows, String::as_str)
}

fn service_access(call: &Call<'_>, organization: &Organization) -> Result<Answer, Failure> {
    let since = call.index.account(&organization.management).map_or(0.0, |entry| seconds(entry.account.joined));
    let row = |service: &String| json!({ "ServicePrincipal": service, "DateEnabled": since }).to_string();
    let rows: Vec<String> = organization.trusted_services.iter().map(row).collect();
    paged(call, "EnabledServicePrincipals", &rows, String::as_str)
}

fn tags(call: &Call<'_>, organization: &Organization) -> Result<Answer, Failure> {
    let id = call.required("ResourceId")?;
    let row = |(key, value): (&String, &String)| json!({ "Key": key, "Value": value }).to_string();
    let rows: Vec<String> = match call.index.account(id).filter(|entry| entry.account.member) {
        Some(entry) => entry.account.tags.iter().map(|(key, value)| row((key, value))).collect(),
        None if call.index.children.contains_key(id) => {
            let own = organization.tags.iter().filter(|(of, _, _)| of == id);
            own.map(|(_, key, value)| row((key, value))).collect()
        }
        None => {
            let message = "We can't find a root, OU, account, or policy with the TargetId that you specified.";
            return Err(Failure::new(400, "TargetNotFoundException", message));
        }
    };
    paged(call, "Tags", &rows, String::as_str)
}
