"""AWS Organizations."""

from moto.organizations.models import FakeDelegatedAdministrator

from .access import organization_of
from .wire import Answer, Call, World

CLOUDTRAIL = "cloudtrail.amazonaws.com"


def cloudtrail_may_be_delegated() -> None:
    """moto knows no delegated administrator of CloudTrail.

    AWS: CloudTrail User Guide, "Organization delegated administrator".
    """
    if CLOUDTRAIL not in FakeDelegatedAdministrator.SUPPORTED_SERVICES:
        FakeDelegatedAdministrator.SUPPORTED_SERVICES.append(CLOUDTRAIL)


def is_delegated_administrator(account: str) -> bool:
    organization = organization_of(account)
    return organization is not None and any(admin.account.id == account for admin in organization.admins)


def only_its_administrators_list_an_organization(call: Call, world: World) -> Answer | None:
    """moto lets every member list the organization, and a delegated administrator see none of it.

    AWS: Organizations API Reference: "This operation can be called only from the organization's management account or
    by a member account that is a delegated administrator"; DescribeOrganization "from any account".
    """
    if call.service != "organizations":
        return None
    organization = organization_of(call.account)
    if organization is None or organization.account_id == call.account or call.operation == "DescribeOrganization":
        return None
    if not is_delegated_administrator(call.account):
        return call.refuse("AccessDeniedException", "You don't have permissions to access this resource.")
    call.asked = organization.account_id
    return None


def accounts_come_twenty_a_page(call: Call, world: World) -> Answer | None:
    """moto gives pages of any size that is asked for.

    AWS: Organizations API Reference, ListAccountsForParent, MaxResults: at most 20.
    """
    if call.operation in ("ListAccounts", "ListAccountsForParent"):
        call.change_json(MaxResults=min(int(call.parameters.get("MaxResults") or 20), 20))
    return None


def policies_of_a_type_that_is_not_in_use_are_nowhere(call: Call, answer: Answer, world: World) -> Answer:
    """moto lists policies that are attached, also of a type that nobody has enabled.

    AWS: Organizations User Guide, "Enabling a policy type" (FullAWSAccess is attached everywhere then) and "Disabling a
    policy type": policies of that type are detached from everything in the organization.
    """
    if call.name != "organizations:ListPoliciesForTarget" or answer.status != 200:
        return answer
    organization = organization_of(call.account)
    types = [row["Type"] for row in organization.list_roots()["Roots"][0]["PolicyTypes"]]
    return answer if call.parameters["Filter"] in types else answer.with_json({"Policies": []})
