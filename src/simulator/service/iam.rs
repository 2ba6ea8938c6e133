//! Identity and Access Management: the roles of an account, who else is there, and their policies.

mod details;

use std::borrow::Cow;

use super::{Codes, Service, operation_in_form};
use crate::simulator::call::Call;
use crate::simulator::wire::page::page;
use crate::simulator::wire::xml::Xml;
use crate::simulator::wire::{Answer, Failure, Protocol};
use crate::simulator::world::{Identity, IdentityPolicy, Role};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

pub(in crate::simulator) static SERVICE: Service = Service {
    name: "iam",
    signing_name: "iam",
    target: None,
    protocol: Protocol::Query,
    codes: Codes { broken: (500, "ServiceFailure"), ..Codes::QUERY },
    reads: &[
        ("GetRole", "iam:GetRole"),
        ("ListRolePolicies", "iam:ListRolePolicies"),
        ("GetRolePolicy", "iam:GetRolePolicy"),
        ("ListAttachedRolePolicies", "iam:ListAttachedRolePolicies"),
        ("GetPolicy", "iam:GetPolicy"),
        ("GetPolicyVersion", "iam:GetPolicyVersion"),
        ("GetAccountAuthorizationDetails", "iam:GetAccountAuthorizationDetails"),
    ],
    operation: operation_in_form,
    resource,
    answer,
};

const NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

/// When everything was made.
const MADE: &str = "2021-01-01T00:00:00Z";

fn resource(call: &Call<'_>) -> Option<String> {
    let role = call.parameters.text("RoleName").map(|name| {
        let path = find_role(call, name).map_or_else(|| name.to_owned(), |role| role.name.clone());
        arn(call, "role", &path)
    });
    role.or_else(|| call.parameters.text("PolicyArn").map(str::to_owned))
}

fn answer(call: &Call<'_>) -> Result<Answer, Failure> {
    match call.operation {
        "GetRole" => get_role(call),
        "ListRolePolicies" => list_role_policies(call),
        "GetRolePolicy" => get_role_policy(call),
        "ListAttachedRolePolicies" => list_attached(call),
        "GetPolicy" => get_policy(call),
        "GetPolicyVersion" => get_policy_version(call),
        _ => details::answer(call),
    }
}

fn arn(call: &Call<'_>, kind: &str, name: &str) -> String {
    format!("arn:{}:iam::{}:{kind}/{name}", call.index.world.partition, call.account())
}

/// The last part of a name that has a path.
fn bare(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or("")
}

fn path(name: &str) -> String {
    name.rsplit_once('/').map_or_else(|| "/".to_owned(), |(path, _)| format!("/{path}/"))
}

/// A document as IAM gives it.
fn encoded(document: &str) -> String {
    /// All but the characters that RFC 3986 calls unreserved.
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(document, ENCODED).to_string()
}

/// The roles of the caller's account: those that may be assumed here, and all others.
fn roles<'a>(call: &Call<'a>) -> impl Iterator<Item = Cow<'a, Identity>> {
    let account = &call.caller.entry.account;
    let assumable = account.roles.iter().map(|role| Cow::Owned(assumable(role)));
    assumable.chain(account.identities.roles.iter().map(Cow::Borrowed))
}

fn assumable(role: &Role) -> Identity {
    let mut statement = json!({ "Effect": "Allow", "Principal": { "AWS": role.trusts }, "Action": "sts:AssumeRole" });
    if let Some(id) = &role.external_id {
        statement["Condition"] = json!({ "StringEquals": { "sts:ExternalId": id } });
    }
    let trust = json!({ "Version": "2012-10-17", "Statement": [statement] });
    Identity { trust: Some(trust.to_string()), ..Identity::new(&role.name) }
}

fn find_role<'a>(call: &Call<'a>, name: &str) -> Option<Cow<'a, Identity>> {
    roles(call).find(|role| bare(&role.name) == name)
}

fn missing(message: String) -> Failure {
    Failure::new(404, "NoSuchEntity", message)
}

fn role<'a>(call: &Call<'a>) -> Result<Cow<'a, Identity>, Failure> {
    let name = call.required("RoleName")?;
    find_role(call, name).ok_or_else(|| missing(format!("The role with name {name} cannot be found.")))
}

fn policy<'a>(call: &Call<'a>) -> Result<&'a IdentityPolicy, Failure> {
    let arn = call.required("PolicyArn")?;
    let found = call.caller.entry.account.identities.policies.iter().find(|policy| policy.arn == arn);
    found.ok_or_else(|| missing(format!("Policy {arn} was not found.")))
}

/// An answer of IAM: its result between the elements that every answer has.
fn document(operation: &str, result: impl FnOnce(&mut Xml)) -> Answer {
    let (root, inner) = (format!("{operation}Response"), format!("{operation}Result"));
    let mut xml = Xml::document(&root, Some(NAMESPACE));
    xml.open(&inner);
    result(&mut xml);
    xml.close(&inner);
    Answer::text(xml.finish(&root))
}

/// The boundary of a user or role, if it has one.
fn boundary(xml: &mut Xml, identity: &Identity) {
    if let Some(arn) = &identity.boundary {
        xml.open("PermissionsBoundary").leaf("PermissionsBoundaryType", "Policy");
        xml.leaf("PermissionsBoundaryArn", arn).close("PermissionsBoundary");
    }
}

fn attached(xml: &mut Xml, list: &str, arns: &[String]) {
    xml.open(list);
    for arn in arns {
        xml.open("member").leaf("PolicyName", bare(arn)).leaf("PolicyArn", arn).close("member");
    }
    xml.close(list);
}

fn get_role(call: &Call<'_>) -> Result<Answer, Failure> {
    let role = role(call)?;
    Ok(document(call.operation, |xml| {
        xml.open("Role").leaf("Path", &path(&role.name)).leaf("RoleName", bare(&role.name));
        xml.leaf("RoleId", "AROASIM0ROLE").leaf("Arn", &arn(call, "role", &role.name)).leaf("CreateDate", MADE);
        xml.leaf("AssumeRolePolicyDocument", &encoded(role.trust.as_deref().unwrap_or("")));
        xml.leaf("MaxSessionDuration", "3600");
        boundary(xml, &role);
        xml.close("Role");
    }))
}

/// The page that a call asks for: of 100 where it does not say.
fn paged<'a, T>(call: &Call<'_>, items: &'a [T]) -> Result<crate::simulator::wire::page::Page<'a, T>, Failure> {
    let size = call.parameters.number("MaxItems").unwrap_or(100);
    let size = usize::try_from(size).ok().filter(|size| (1..=1_000).contains(size));
    let size = size.ok_or_else(|| call.service.codes.validation("MaxItems must be between 1 and 1000"))?;
    page(items, call.parameters.text("Marker"), size).ok_or_else(|| call.service.codes.validation("Invalid Marker"))
}

fn ending(xml: &mut Xml, next: Option<&str>) {
    xml.leaf("IsTruncated", if next.is_some() { "true" } else { "false" }).maybe("Marker", next);
}

fn list_role_policies(call: &Call<'_>) -> Result<Answer, Failure> {
    let role = role(call)?;
    let page = paged(call, &role.inline)?;
    Ok(document(call.operation, |xml| {
        xml.open("PolicyNames");
        for (name, _) in page.items {
            xml.leaf("member", name);
        }
        xml.close("PolicyNames");
        ending(xml, page.next.as_deref());
    }))
}

fn get_role_policy(call: &Call<'_>) -> Result<Answer, Failure> {
    let (role, name) = (role(call)?, call.required("PolicyName")?);
    let found = role.inline.iter().find(|(own, _)| own == name);
    let (_, text) = found.ok_or_else(|| missing(format!("The role policy with name {name} cannot be found.")))?;
    Ok(document(call.operation, |xml| {
        xml.leaf("RoleName", bare(&role.name)).leaf("PolicyName", name).leaf("PolicyDocument", &encoded(text));
    }))
}

fn list_attached(call: &Call<'_>) -> Result<Answer, Failure> {
    let role = role(call)?;
    let page = paged(call, &role.attached)?;
    Ok(document(call.operation, |xml| {
        attached(xml, "AttachedPolicies", page.items);
        ending(xml, page.next.as_deref());
    }))
}

fn get_policy(call: &Call<'_>) -> Result<Answer, Failure> {
    let policy = policy(call)?;
    Ok(document(call.operation, |xml| {
        xml.open("Policy").leaf("PolicyName", bare(&policy.arn)).leaf("PolicyId", "ANPASIM0POLICY");
        xml.leaf("Arn", &policy.arn).leaf("Path", "/").leaf("DefaultVersionId", "v1");
        xml.leaf("IsAttachable", "true").leaf("CreateDate", MADE).close("Policy");
    }))
}

fn get_policy_version(call: &Call<'_>) -> Result<Answer, Failure> {
    let (policy, version) = (policy(call)?, call.required("VersionId")?);
    if version != "v1" {
        return Err(missing(format!("Policy {} version {version} does not exist or is not attachable.", policy.arn)));
    }
    Ok(document(call.operation, |xml| {
        xml.open("PolicyVersion").leaf("Document", &encoded(&policy.document)).leaf("VersionId", "v1");
        xml.leaf("IsDefaultVersion", "true").leaf("CreateDate", MADE).close("PolicyVersion");
    }))
}
