"""An organization with event data stores of CloudTrail Lake."""

from planted import Planted
from seeder import Seeder
from things import policy

RULES = (
    "eds-cmk-encryption",
    "eds-ingesting",
    "eds-multi-region",
    "eds-organization-enabled",
    "eds-resource-policy",
    "eds-retention",
    "eds-selectors-not-narrowed",
    "eds-termination-protection",
)
KEYLESS, INGESTING, MULTI_REGION, ORGANIZATION, POLICY, RETENTION, SELECTORS, PROTECTION = RULES
STRANGER = "999999999999"


def equals(**fields: str) -> dict:
    return {"FieldSelectors": [{"Field": field, "Equals": [value]} for field, value in fields.items()]}


def stocked(seed: Seeder) -> Planted:
    """A store a mistake, in the management account, and one of a member beside."""
    planted = seed.organization("242424242424")
    web = seed.account(planted, "web")

    def plant(name: str, *fails: str, account=planted.management, region="us-east-1", lent=None, **settings) -> str:
        whole = {
            "KmsKeyId": seed.key(account, region).arn,
            "RetentionPeriod": 365,
            "OrganizationEnabled": account == planted.management,
        }
        given = {setting: value for setting, value in (whole | settings).items() if value is not None}
        cloudtrail = seed.client("cloudtrail", account, region)
        arn = cloudtrail.create_event_data_store(Name=name, **given)["EventDataStoreArn"]
        if lent:
            query = {"Effect": "Allow", "Action": "cloudtrail:StartQuery", "Resource": arn}
            principal = {"AWS": f"arn:aws:iam::{lent}:root"}
            cloudtrail.put_resource_policy(ResourceArn=arn, ResourcePolicy=policy(query | {"Principal": principal}))
        planted.deserves(RULES, arn, *fails)
        return arn

    plant("sound")
    plant("as-made", KEYLESS, KmsKeyId=None, RetentionPeriod=None)
    plant("shared", lent=web)
    plant("lent", POLICY, lent=STRANGER)
    plant("short", RETENTION, RetentionPeriod=90)
    plant("unprotected", PROTECTION, TerminationProtectionEnabled=False)
    plant("regional", MULTI_REGION, region="eu-west-1", MultiRegionEnabled=False)
    plant("writes", SELECTORS, AdvancedEventSelectors=[equals(eventCategory="Management", readOnly="false")])
    plant("team", ORGANIZATION, account=web)
    stopped = plant("stopped", INGESTING)
    seed.client("cloudtrail", planted.management).stop_event_data_store_ingestion(EventDataStore=stopped)
    states = plant("states", AdvancedEventSelectors=[equals(eventCategory="ConfigurationItem")])
    for rule in (MULTI_REGION, ORGANIZATION, SELECTORS):
        planted.expected[rule, states] = "not-applicable"
    return planted


ORGANIZATIONS = {"stocked": stocked}
REGIONS = "us-east-1,eu-west-1"
"""Where the plants are."""
