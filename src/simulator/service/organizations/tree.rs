//! The tree of roots, units and accounts.

use super::{arn, paged};
use crate::simulator::call::Call;
use crate::simulator::index::{Children, Unit};
use crate::simulator::wire::{Answer, Failure};
use crate::simulator::world::Organization;
use serde_json::{Value, json};

pub(super) fn answer(call: &Call<'_>, organization: &Organization) -> Result<Answer, Failure> {
    match call.operation {
        "ListRoots" => roots(call, organization),
        "ListAccountsForParent" => {
            paged(call, "Accounts", &below(call)?.accounts, |&place| call.index.description(place))
        }
        "ListOrganizationalUnitsForParent" => paged(call, "OrganizationalUnits", &below(call)?.units, |&place| {
            describe(call, organization, &call.index.units[place]).to_string()
        }),
        "ListChildren" => children(call),
        "ListParents" => parents(call, organization),
        _ => organizational_unit(call, organization),
    }
}

fn roots(call: &Call<'_>, organization: &Organization) -> Result<Answer, Failure> {
    let (id, root) = (&organization.id, &organization.root);
    let row = json!({
        "Id": root,
        "Arn": arn(&call.index.world, organization, &format!("root/{id}/{root}")),
        "Name": "Root",
        "PolicyTypes": [{ "Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED" }],
    });
    paged(call, "Roots", &[row.to_string()], String::as_str)
}

fn describe(call: &Call<'_>, organization: &Organization, unit: &Unit) -> Value {
    json!({
        "Id": unit.id,
        "Arn": arn(&call.index.world, organization, &format!("ou/{}/{}", organization.id, unit.id)),
        "Name": unit.path.rsplit('/').next().unwrap_or(""),
    })
}

fn below<'a>(call: &Call<'a>) -> Result<&'a Children, Failure> {
    call.index.children.get(call.required("ParentId")?).ok_or_else(|| {
        let message = "You specified parent that doesn't exist.";
        Failure::new(400, "ParentNotFoundException", message)
    })
}

fn children(call: &Call<'_>) -> Result<Answer, Failure> {
    let (index, below) = (call.index, below(call)?);
    let row = |id: &str, kind: &str| json!({ "Id": id, "Type": kind }).to_string();
    match call.required("ChildType")? {
        "ACCOUNT" => {
            paged(call, "Children", &below.accounts, |&place| row(&index.accounts[place].account.id, "ACCOUNT"))
        }
        "ORGANIZATIONAL_UNIT" => {
            paged(call, "Children", &below.units, |&place| row(&index.units[place].id, "ORGANIZATIONAL_UNIT"))
        }
        _ => Err(call.service.codes.validation("You specified an invalid value for ChildType.")),
    }
}

fn parents(call: &Call<'_>, organization: &Organization) -> Result<Answer, Failure> {
    let id = call.required("ChildId")?;
    let of_account = call.index.account(id).filter(|entry| entry.account.member);
    let parent = match (of_account, call.index.unit_by_id.get(id)) {
        (Some(entry), _) => organization.unit_id(&entry.account.unit),
        (None, Some(&place)) => call.index.units[place].parent.clone(),
        (None, None) => {
            let message =
                "We can't find an organizational unit (OU) or AWS account with the ChildId that you specified.";
            return Err(Failure::new(400, "ChildNotFoundException", message));
        }
    };
    let kind = if parent == organization.root { "ROOT" } else { "ORGANIZATIONAL_UNIT" };
    paged(call, "Parents", &[json!({ "Id": parent, "Type": kind }).to_string()], String::as_str)
}

fn organizational_unit(call: &Call<'_>, organization: &Organization) -> Result<Answer, Failure> {
    let id = call.required("OrganizationalUnitId")?;
    let place = call.index.unit_by_id.get(id).ok_or_else(|| {
        let message = "You specified an organizational unit (OU) that doesn't exist.";
        Failure::new(400, "OrganizationalUnitNotFoundException", message)
    })?;
    let unit = describe(call, organization, &call.index.units[*place]);
    Ok(Answer::text(json!({ "OrganizationalUnit": unit }).to_string()))
}
