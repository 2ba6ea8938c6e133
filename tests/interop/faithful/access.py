"""Who may ask, where, and what."""

import fnmatch
import json
import re

from moto.iam.models import iam_backends
from moto.organizations.models import organizations_backends
from moto.sts.models import sts_backends

from .wire import Answer, Call, World

PARTITION = "aws"
ALWAYS_ON = frozenset(
    "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 "
    "eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2".split()
)
ROLE_ARN = re.compile(r"arn:aws:iam::(\d{12}):role/.+")
SESSION_POLICY_LIMIT = 2048

ACTIONS = {
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3control:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
    "tagging:GetResources": "tag:GetResources",
}
"""Operations whose IAM action has another name (Service Authorization Reference, page of each service)."""


def enabled_regions(account: str, world: World) -> set[str]:
    return ALWAYS_ON | world.opted_in.get(account, set())


def organization_of(account: str):
    """moto's back end of the management account of an account's organization, or None."""
    management, partition = organizations_backends.master_accounts.get(account, (account, PARTITION))
    backend = organizations_backends[management][partition]
    return backend if getattr(backend, "org", None) else None


def assumed_role(call: Call):
    """The role session that signs, or None for a user's own key."""
    return sts_backends[call.account][PARTITION].get_assumed_role_from_access_key(call.access_key)


def unknown_credentials_are_refused(call: Call, world: World) -> Answer | None:
    """moto takes any key, and an unknown one for its default account.

    AWS: "Common errors" of each service (UnrecognizedClientException, InvalidClientTokenId); S3 API Reference, "Error
    responses" (InvalidAccessKeyId); IAM User Guide, "Use temporary credentials" (the session token goes with the key).
    """
    for account, backends in list(iam_backends.items()):
        if call.access_key in backends[PARTITION].access_keys:
            call.account = call.asked = account
            role = assumed_role(call)
            if role is None or role.session_token == call.header("x-amz-security-token"):
                return None
    return refused_token(call)


def regions_that_are_off_are_refused(call: Call, world: World) -> Answer | None:
    """moto answers in every Region.

    AWS: Account Management Reference Guide, "Enable or disable AWS Regions in your account"; tokens are not valid in a
    Region that is not enabled, which services answer as they answer an invalid token.
    """
    return None if call.region in enabled_regions(call.account, world) else refused_token(call)


def refused_token(call: Call) -> Answer:
    message = "The security token included in the request is invalid."
    if call.service in ("s3", "s3control"):
        return call.refuse("InvalidAccessKeyId", message, 403)
    if call.service in ("sts", "sns", "iam"):
        return call.refuse("InvalidClientTokenId", message, 403)
    return call.refuse("UnrecognizedClientException", message)


def writes_are_refused_and_counted(call: Call, world: World) -> Answer | None:
    """moto writes for anybody; nobody but the seeder may here, and the tests count who tried.

    AWS: the reads that an auditor's role allows; IAM User Guide, "Troubleshoot access denied error messages".
    """
    if call.reads:
        return None
    message = f"User is not authorized to perform: {call.name} because no identity-based policy allows it"
    return call.refuse("AccessDeniedException", message, 403)


def session_policies_hold(call: Call, world: World) -> Answer | None:
    """moto keeps the policy of a session and never looks at it.

    AWS: IAM User Guide, "Policies and permissions", "Session policies": the session may do what both the role and the
    session policy allow.
    """
    role = assumed_role(call)
    if role is None or call.name == "sts:GetCallerIdentity":
        return None
    action = ACTIONS.get(call.name, call.name)
    for statement in json.loads(role.policy)["Statement"]:
        if any(fnmatch.fnmatchcase(action, pattern) for pattern in statement["Action"]):
            return None
    message = f"User is not authorized to perform: {action} because no session policy allows the {action} action"
    return call.refuse("AccessDenied" if call.service == "s3" else "AccessDeniedException", message, 403)


def roles_must_exist_and_trust(call: Call, world: World) -> Answer | None:
    """moto lets anybody assume any role, also one that is not there, with a session policy of any length.

    AWS: STS API Reference, AssumeRole (Policy: at most 2,048 characters; ExternalId); IAM User Guide, "Troubleshoot IAM
    roles" (one answer for a role that is missing and one that does not trust); Organizations User Guide, "Close an
    account" (nobody enters a suspended one). That every session has a policy is this project's promise, not AWS's.
    """
    if call.name != "sts:AssumeRole":
        return None
    policy, arn = call.parameters.get("Policy"), call.parameters["RoleArn"]
    if policy is None:
        return call.refuse("AccessDenied", "sts:AssumeRole without a session policy", 403)
    if len(policy) > SESSION_POLICY_LIMIT:
        return call.refuse("ValidationError", "Value at 'policy' failed to satisfy constraint: length at most 2048")
    named = ROLE_ARN.fullmatch(arn)
    if named and is_active(named.group(1)) and trusts(named.group(1), arn, call):
        return None
    caller = f"arn:aws:iam::{call.account}:user/interop"
    message = f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}"
    return call.refuse("AccessDenied", message, 403)


def is_active(account: str) -> bool:
    organization = organization_of(account)
    members = organization.accounts if organization else []
    return all(member.status == "ACTIVE" for member in members if member.id == account)


def trusts(account: str, arn: str, call: Call) -> bool:
    for role in iam_backends[account][PARTITION].roles.values():
        if role.arn == arn:
            document = json.loads(role.assume_role_policy_document)
            return any(admits(statement, call) for statement in document["Statement"])
    return False


def admits(statement: dict, call: Call) -> bool:
    """Whether a statement of a trust policy, of the shapes that the seed writes, lets the caller in."""
    wanted = statement.get("Condition", {}).get("StringEquals", {}).get("sts:ExternalId")
    principal = f"arn:aws:iam::{call.account}:root"
    return statement["Principal"]["AWS"] == principal and wanted in (None, call.parameters.get("ExternalId"))
