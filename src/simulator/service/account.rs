//! Account Management: which Regions an account may use.

use super::{Codes, Service};
use crate::simulator::call::Call;
use crate::simulator::index::AccountEntry;
use crate::simulator::region;
use crate::simulator::wire::page::page;
use crate::simulator::wire::{Answer, Failure, Protocol, Request};
use std::borrow::Cow;

pub(in crate::simulator) static SERVICE: Service = Service {
    name: "account",
    signing_name: "account",
    target: None,
    protocol: Protocol::RestJson,
    codes: Codes {
        denied: (403, "AccessDeniedException"),
        unknown_key: (403, "UnrecognizedClientException"),
        expired: (403, "ExpiredTokenException"),
        throttled: (429, "TooManyRequestsException"),
        broken: (500, "InternalServerException"),
        ..Codes::JSON
    },
    reads: &[("ListRegions", "account:ListRegions")],
    operation,
    resource: |call| {
        let (partition, account) = (&call.index.world.partition, call.account());
        Some(format!("arn:{partition}:account::{account}:account"))
    },
    answer: list_regions,
};

/// The path is the operation with a small first letter.
fn operation(request: &Request) -> Cow<'static, str> {
    let name = request.uri().path().trim_start_matches('/');
    let mut letters = name.chars();
    Cow::Owned(letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect())
}

fn list_regions(call: &Call<'_>) -> Result<Answer, Failure> {
    let subject = subject(call)?;
    let wanted = call.parameters.texts("RegionOptStatusContains");
    let rows = rows(&call.index.world.partition, subject, &wanted);
    let size = call.parameters.number("MaxResults").unwrap_or(50);
    let size = usize::try_from(size).ok().filter(|size| (1..=50).contains(size));
    let size = size.ok_or_else(|| call.service.codes.validation("MaxResults must be between 1 and 50"))?;
    let page = page(&rows, call.parameters.text("NextToken"), size)
        .ok_or_else(|| call.service.codes.validation("the NextToken is not valid"))?;
    Ok(Answer::text(serde_json::json!({ "Regions": page.items, "NextToken": page.next }).to_string()))
}

fn rows(partition: &str, subject: &AccountEntry, wanted: &[&str]) -> Vec<serde_json::Value> {
    let (default, opt_in) = region::of_partition(partition);
    let opted = |name: &str| subject.account.opted_in.iter().any(|region| region == name);
    let mut regions: Vec<(&str, &str)> = default.iter().map(|&name| (name, "ENABLED_BY_DEFAULT")).collect();
    regions.extend(opt_in.iter().map(|&name| (name, if opted(name) { "ENABLED" } else { "DISABLED" })));
    // A Region newer than this list, that the account opted in to.
    let newer = subject.account.opted_in.iter().filter(|name| !regions.iter().any(|(known, _)| known == name));
    let newer: Vec<(&str, &str)> = newer.map(|name| (name.as_str(), "ENABLED")).collect();
    regions.extend(newer);
    regions.sort_unstable();
    let kept = regions.into_iter().filter(|(_, status)| wanted.is_empty() || wanted.contains(status));
    kept.map(|(name, status)| serde_json::json!({ "RegionName": name, "RegionOptStatus": status })).collect()
}

/// The account asked about. Another than the caller's own may be named by the management account or a delegated
/// administrator, where Account Management has trusted access; the two refusals are worded as AWS words them.
fn subject<'a>(call: &Call<'a>) -> Result<&'a AccountEntry, Failure> {
    let Some(id) = call.parameters.text("AccountId") else { return Ok(call.caller.entry) };
    let refuse = |why: &str| {
        let user = &call.caller.arn;
        call.service.codes.denied(format!("User: {user} is not authorized to perform: account:ListRegions{why}"))
    };
    let index = call.index;
    if index.is_management(id) {
        return Err(refuse(
            " (The management account can only be managed using the standalone context from the management account)",
        ));
    }
    let trusted = index.world.organization.iter().flat_map(|organization| &organization.trusted_services);
    if !trusted.into_iter().any(|service| service == "account.amazonaws.com") {
        return Err(refuse(" (Your organization must first enable trusted access with AWS Account Management.)"));
    }
    let manages =
        index.is_management(call.account()) || index.is_delegated(call.account(), Some("account.amazonaws.com"));
    let member = index.account(id).filter(|entry| manages && entry.account.member);
    member.ok_or_else(|| refuse(""))
}
