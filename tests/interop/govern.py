"""Organizations for who may change the logs: by IAM, beneath service control policies, and as administrators of
CloudTrail; and for the role by which CloudTrail writes to a log group."""

from planted import Planted
from seed import organization_trail, root
from seeder import LOG_ROLE, TRAIL_CHANGES, Seeder
from things import policy

IDENTITIES = ("iam-no-cloudtrail-full-access", "iam-tamper-principals")
CONTROL = ("scp-protects-cloudtrail",)
ORGANIZATION = ("delegated-admin-expected", "org-trusted-access", "org-trail-home-region-optin")
MEMBERS = ("org-trail-member-coverage",)
TRAILS = ("log-role-valid",)
RULES = (*IDENTITIES, *CONTROL, *ORGANIZATION, *MEMBERS, *TRAILS)
FULL_ACCESS, TAMPER = IDENTITIES
CHANGES = [f"cloudtrail:{change}" for change in TRAIL_CHANGES]


def deny(*actions: str, **more) -> dict:
    return {"Effect": "Deny", "Action": list(actions), "Resource": "*", **more}


def allow(*actions: str) -> dict:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*"}


def role(seed: Seeder, account: str, name: str, *statements: dict, **settings):
    """A role that an AWS service assumes, with a policy of its own."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam = seed.client("iam", account)
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust), **settings)
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy(*statements))


def managed_policy(seed: Seeder, account: str, name: str, *statements: dict) -> str:
    iam = seed.client("iam", account)
    return iam.create_policy(PolicyName=name, PolicyDocument=policy(*statements))["Policy"]["Arn"]


def trail_of_objects(seed: Seeder, planted: Planted, name: str, log_role: str | None = None) -> str:
    """An account with a trail that the organization's does not replace, and its log bucket: both are to be kept. It writes
    to a log group by a role."""
    account = planted.accounts[name]
    group = seed.log_group(account, name)
    by = log_role or f"arn:aws:iam::{account}:role/{LOG_ROLE}"
    bucket = seed.bucket(account, f"objects-{name}")
    arn = seed.trail(account, name, bucket, CloudWatchLogsLogGroupArn=group, CloudWatchLogsRoleArn=by)
    objects = {"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}
    seed.client("cloudtrail", account).put_event_selectors(
        TrailName=name, EventSelectors=[{"ReadWriteType": "All", "IncludeManagementEvents": False, **objects}]
    )
    return arn


def governed(seed: Seeder) -> Planted:
    """A member a way of keeping everybody from changing trails, or of failing to; and in each somebody who may, or not."""
    planted = seed.organization("212121212121")
    management = planted.management
    archive = seed.account(planted, "log-archive", "Security")
    trail = organization_trail(seed, planted, archive)
    seed.delegate(planted, archive)
    seed.protect(planted, "security", seed.unit(planted, "Security"), deny(*CHANGES))
    role(seed, archive, "breakglass", allow("s3:*"))
    planted.deserves(TRAILS, trail)
    planted.deserves(ORGANIZATION, planted.organization_arn)
    planted.deserves((*IDENTITIES, *CONTROL), root(archive))

    iam = seed.client("iam", management)
    narrowing = managed_policy(seed, management, "put", allow("cloudtrail:Put*"))
    iam.create_group(GroupName="narrowers")
    iam.attach_group_policy(GroupName="narrowers", PolicyArn=narrowing)
    iam.create_user(UserName="narrower")
    iam.add_user_to_group(GroupName="narrowers", UserName="narrower")
    planted.deserves((*IDENTITIES, *CONTROL), root(management), TAMPER, scp_protects_cloudtrail="not-applicable")

    whole = seed.account(planted, "whole", "Whole")
    seed.protect(planted, "first-half", seed.unit(planted, "Whole"), deny(*CHANGES[:2]))
    seed.protect(planted, "second-half", whole, deny(*CHANGES[2:]))
    bound = managed_policy(seed, whole, "reads", allow("cloudtrail:Get*", "s3:Get*"))
    role(seed, whole, "bound", allow("cloudtrail:StopLogging"), PermissionsBoundary=bound)
    planted.deserves((*IDENTITIES, *CONTROL), root(whole))
    trusted = seed.log_role(whole, service="lambda.amazonaws.com")
    planted.deserves(TRAILS, trail_of_objects(seed, planted, "whole", trusted), *TRAILS)

    spared = seed.account(planted, "spared")
    sparing = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin-*"}}
    seed.protect(planted, "sparing", spared, deny(*CHANGES, Condition=sparing))
    role(seed, spared, "admin-1", allow("*"))
    planted.deserves((*IDENTITIES, *CONTROL), root(spared), FULL_ACCESS, TAMPER, *CONTROL)
    planted.deserves(TRAILS, trail_of_objects(seed, planted, "spared", seed.log_role(spared)))

    half = seed.account(planted, "half")
    seed.protect(planted, "half", half, deny(*CHANGES[:2]))
    iam = seed.client("iam", half)
    iam.create_user(UserName="administrator")
    full = seed.policy_of_aws(half, "AWSCloudTrail_FullAccess")
    iam.attach_user_policy(UserName="administrator", PolicyArn=full)
    planted.deserves((*IDENTITIES, *CONTROL), root(half), FULL_ACCESS, TAMPER, *CONTROL)
    planted.deserves(TRAILS, trail_of_objects(seed, planted, "half"), *TRAILS)

    bare = seed.account(planted, "bare")
    elsewhere = f"arn:aws:logs:us-east-1:{bare}:log-group:other:*"
    planted.deserves(TRAILS, trail_of_objects(seed, planted, "bare", seed.log_role(bare, Resource=elsewhere)), *TRAILS)
    planted.deserves((*IDENTITIES, *CONTROL), root(bare), *CONTROL)

    idle = seed.account(planted, "idle")
    managed_policy(seed, idle, "nobodys", allow("cloudtrail:*"))
    nothing_to_keep = {"iam_tamper_principals": "not-applicable", "scp_protects_cloudtrail": "not-applicable"}
    planted.deserves((*IDENTITIES, *CONTROL), root(idle), FULL_ACCESS, **nothing_to_keep)
    for account in planted.accounts.values():
        planted.deserves(MEMBERS, root(account))
    return planted


def estranged(seed: Seeder) -> Planted:
    """An organization trail at home in a Region that a member has not; that member administers CloudTrail, which the
    organization does not trust any more."""
    planted = seed.organization("232323232323")
    archive = seed.account(planted, "log-archive")
    app = seed.account(planted, "app")
    for account in (planted.management, archive):
        seed.world.opted_in[account] = {"ap-east-1"}
    bucket = seed.bucket(archive, "far-home")
    everywhere = {"IsOrganizationTrail": True, "IsMultiRegionTrail": True}
    seed.trail(planted.management, "organization", bucket, "ap-east-1", **everywhere)
    seed.delegate(planted, app)
    organizations = seed.client("organizations", planted.management)
    organizations.disable_aws_service_access(ServicePrincipal="cloudtrail.amazonaws.com")
    planted.deserves(ORGANIZATION, planted.organization_arn, *ORGANIZATION)
    for account in planted.accounts.values():
        planted.deserves(MEMBERS, root(account), *(MEMBERS if account == app else ()))
    return planted


ORGANIZATIONS = {"governed": governed, "estranged": estranged}
REGIONS = "us-east-1"
"""Where the plants are."""


def parameters(seed: Seeder, planted: Planted) -> dict[str, str]:
    """What the rules are told of the plants."""
    return {
        "delegated-admin-expected.expected_administrators": planted.accounts["log-archive"],
        "iam-tamper-principals.allowed_principals": "arn:aws:iam::*:role/breakglass",
    }
