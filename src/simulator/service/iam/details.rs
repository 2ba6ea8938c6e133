//! Everybody in an account and all of their policies, page by page.

use super::{MADE, arn, attached, bare, boundary, document, encoded, ending, paged, path, roles};
use crate::simulator::call::Call;
use crate::simulator::wire::xml::Xml;
use crate::simulator::wire::{Answer, Failure};
use crate::simulator::world::{Identity, IdentityPolicy};

/// One entry of the listing.
enum Entry<'a> {
    User(&'a Identity),
    Group(&'a Identity),
    Role(Identity),
    Policy(&'a IdentityPolicy),
}

pub(super) fn answer(call: &Call<'_>) -> Result<Answer, Failure> {
    let identities = &call.caller.entry.account.identities;
    let entries: Vec<Entry<'_>> = identities
        .users
        .iter()
        .map(Entry::User)
        .chain(identities.groups.iter().map(Entry::Group))
        .chain(roles(call).map(|role| Entry::Role(role.into_owned())))
        .chain(identities.policies.iter().map(Entry::Policy))
        .collect();
    let page = paged(call, &entries)?;
    let list = |xml: &mut Xml, name: &str, write: &dyn Fn(&mut Xml, &Entry<'_>)| {
        xml.open(name);
        page.items.iter().for_each(|entry| write(xml, entry));
        xml.close(name);
    };
    Ok(document(call.operation, |xml| {
        list(xml, "UserDetailList", &|xml, entry| {
            if let Entry::User(user) = entry {
                write_user(call, xml, user);
            }
        });
        list(xml, "GroupDetailList", &|xml, entry| {
            if let Entry::Group(group) = entry {
                open(call, xml, "group", "GroupName", "GroupId", group);
                inline(xml, "GroupPolicyList", group);
                attached(xml, "AttachedManagedPolicies", &group.attached);
                xml.close("member");
            }
        });
        list(xml, "RoleDetailList", &|xml, entry| {
            if let Entry::Role(role) = entry {
                open(call, xml, "role", "RoleName", "RoleId", role);
                xml.leaf("AssumeRolePolicyDocument", &encoded(role.trust.as_deref().unwrap_or("")));
                inline(xml, "RolePolicyList", role);
                attached(xml, "AttachedManagedPolicies", &role.attached);
                boundary(xml, role);
                xml.close("member");
            }
        });
        list(xml, "Policies", &|xml, entry| {
            if let Entry::Policy(policy) = entry {
                write_policy(xml, policy);
            }
        });
        ending(xml, page.next.as_deref());
    }))
}

/// Opens an entry, with its name, id and ARN.
fn open(call: &Call<'_>, xml: &mut Xml, kind: &str, name: &str, id: &str, identity: &Identity) {
    xml.open("member").leaf("Path", &path(&identity.name)).leaf(name, bare(&identity.name));
    xml.leaf(id, "AIDASIM0IDENTITY").leaf("Arn", &arn(call, kind, &identity.name)).leaf("CreateDate", MADE);
}

fn inline(xml: &mut Xml, list: &str, identity: &Identity) {
    xml.open(list);
    for (name, text) in &identity.inline {
        xml.open("member").leaf("PolicyName", name).leaf("PolicyDocument", &encoded(text)).close("member");
    }
    xml.close(list);
}

fn write_user(call: &Call<'_>, xml: &mut Xml, user: &Identity) {
    open(call, xml, "user", "UserName", "UserId", user);
    // IAM leaves the list out where the user has no policy of its own.
    if !user.inline.is_empty() {
        inline(xml, "UserPolicyList", user);
    }
    xml.open("GroupList");
    for group in &user.groups {
        xml.leaf("member", group);
    }
    xml.close("GroupList");
    attached(xml, "AttachedManagedPolicies", &user.attached);
    boundary(xml, user);
    xml.close("member");
}

fn write_policy(xml: &mut Xml, policy: &IdentityPolicy) {
    xml.open("member").leaf("PolicyName", bare(&policy.arn)).leaf("PolicyId", "ANPASIM0POLICY");
    xml.leaf("Arn", &policy.arn).leaf("Path", "/").leaf("DefaultVersionId", "v1").leaf("IsAttachable", "true");
    xml.leaf("CreateDate", MADE).open("PolicyVersionList").open("member");
    xml.leaf("Document", &encoded(&policy.document)).leaf("VersionId", "v1").leaf("IsDefaultVersion", "true");
    xml.leaf("CreateDate", MADE).close("member").close("PolicyVersionList").close("member");
}
