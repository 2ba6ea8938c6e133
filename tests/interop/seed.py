"""The organizations of the suite. Each function plants one and says what every part of it deserves."""

import time

from planted import Planted
from seeder import Seeder

DAY = 86_400
GLACIER = {"Transitions": [{"Days": 90, "StorageClass": "GLACIER"}]}
ALL_BUT_EXISTENCE = (
    "log-bucket-versioning",
    "log-bucket-mfa-delete",
    "log-bucket-lifecycle",
    "log-bucket-retention",
    "log-bucket-access-logging",
    "log-bucket-encryption",
)


def root(account: str) -> str:
    """The resource of an account-scope result."""
    return f"arn:aws:iam::{account}:root"


def every_account(planted: Planted, **outcomes):
    for account in planted.accounts.values():
        planted.expect("account", root(account), **outcomes)


def organization_trail(seed: Seeder, planted: Planted, archive: str, alert: bool = True, **settings) -> str:
    """A trail as it should be, which delivers into another account, with an alert of changes of it."""
    management = planted.management
    key = seed.key(archive)
    access_logs = seed.bucket(archive, f"access-logs-{archive}", accepts_logs=True)
    logs = seed.bucket(
        archive,
        f"trail-logs-{archive}",
        compliance_days=365,
        lifecycle=[GLACIER],
        logs_access_to=access_logs,
        blocks_public_access=True,
    )
    arn = seed.trail(
        management,
        "organization",
        logs,
        **{
            "IsOrganizationTrail": True,
            "IsMultiRegionTrail": True,
            "EnableLogFileValidation": True,
            "KmsKeyId": key.arn,
            "SnsTopicName": seed.topic(management, "trail"),
            "CloudWatchLogsLogGroupArn": seed.log_group(management, "trail"),
            **settings,
        },
    )
    seed.log_role(management)
    if alert:
        seed.alert(management, seed.heard_topic(management, "trail-changes"))
    logs.accepts_trail(arn)
    key.accepts_trail(arn)
    planted.expect("log-bucket", logs.arn)
    planted.expect("key", key.arn)
    return arn


def good(seed: Seeder) -> Planted:
    """Nothing to find: one organization trail into a log archive, seen by a member with a Region of its own choice."""
    planted = seed.organization("111111111111")
    archive = seed.account(planted, "log-archive", "Security")
    app = seed.account(planted, "app", "Workloads", "Prod")
    seed.world.opted_in[app] = {"ap-east-1"}
    planted.expect("trail", organization_trail(seed, planted, archive))
    planted.expect("organization", planted.organization_arn)
    every_account(planted)
    return planted


def acme(seed: Seeder) -> Planted:
    """A good organization trail, and members with everything that can be wrong with trails of their own."""
    planted = seed.organization("123456789012", external_id="interop-external-id-5d1f")
    archive = seed.account(planted, "log-archive", "Security")
    web = seed.account(planted, "web", "Workloads")
    data = seed.account(planted, "data", "Workloads", "Prod")
    planted.expect("trail", organization_trail(seed, planted, archive))
    planted.expect("organization", planted.organization_arn)
    every_account(planted)
    closed = seed.account(planted, "closed")
    seed.client("organizations", planted.management).close_account(AccountId=closed)
    bare_regional_trail(seed, planted, web)
    stopped_trail_into_nothing(seed, planted, web)
    failing_trail(seed, planted, web)
    trail_into_foreign_bucket(seed, planted, data)
    trail_with_disabled_key(seed, planted, data)
    trail_with_short_history(seed, planted, data)
    return planted


def bare_regional_trail(seed: Seeder, planted: Planted, account: str):
    """One Region, no validation, no key, no topic, no log group, and a bucket with nothing set."""
    bucket = seed.bucket(account, "bare", "eu-west-1", encrypted=None)
    settings = {"IncludeGlobalServiceEvents": False}
    arn = seed.trail(account, "regional", bucket, "eu-west-1", **settings)
    lacks = ("log-file-validation", "kms-cmk-encryption", "sns-notifications", "cloudwatch-logs-integration")
    planted.expect("trail", arn, fails=lacks, not_applicable=("global-service-events",))
    lacks = [rule for rule in ALL_BUT_EXISTENCE if rule != "log-bucket-retention"]
    planted.expect("log-bucket", bucket.arn, fails=lacks)


def stopped_trail_into_nothing(seed: Seeder, planted: Planted, account: str):
    """Does not log; its bucket, topic and log group are gone and its key is about to be."""
    bucket = seed.bucket(account, "gone")
    key = seed.key(account, rotates=False)
    topic = seed.topic(account, "gone")
    arn = seed.trail(
        account,
        "stopped",
        bucket,
        IncludeGlobalServiceEvents=False,
        EnableLogFileValidation=True,
        KmsKeyId=key.arn,
        SnsTopicName=topic,
        CloudWatchLogsLogGroupArn=seed.log_group(account, "gone", exists=False),
    )
    seed.client("cloudtrail", account).stop_logging(Name="stopped")
    seed.client("sns", account).delete_topic(TopicArn=f"arn:aws:sns:us-east-1:{account}:{topic}")
    key.kms.schedule_key_deletion(KeyId=key.id, PendingWindowInDays=7)
    bucket.is_gone()
    wrong = ("global-service-events", "sns-notifications", "cloudwatch-logs-integration")
    planted.expect("trail", arn, fails=wrong, not_applicable=("s3-delivery-no-error",))
    missing = ("log-bucket-exists-and-owned",)
    planted.expect("log-bucket", bucket.arn, fails=missing, not_applicable=ALL_BUT_EXISTENCE)
    planted.expect("key", key.arn, fails=("kms-key-usable", "kms-key-rotation"))


def failing_trail(seed: Seeder, planted: Planted, account: str):
    """Delivers nothing any more into a bucket that forgets after 30 days and logs access into one that is gone."""
    target = seed.bucket(account, "target", "us-west-2", accepts_logs=True)
    bucket = seed.bucket(
        account,
        "expiring",
        "us-west-2",
        versioned="Suspended",
        lifecycle=[{"Expiration": {"Days": 30}}],
        logs_access_to=target,
    )
    target.is_gone()
    key = seed.key(account, "us-west-2", rotates=False)
    arn = seed.trail(
        account,
        "failing",
        bucket,
        "us-west-2",
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        KmsKeyId=key.arn,
        SnsTopicName=seed.topic(account, "failing", "us-west-2"),
        CloudWatchLogsLogGroupArn=seed.log_group(account, "failing", "us-west-2"),
    )
    seed.world.statuses[arn] = {
        "LatestDeliveryError": "AccessDenied",
        "LatestCloudWatchLogsDeliveryTime": int(time.time()) - 3 * DAY,
    }
    planted.expect("trail", arn, fails=("s3-delivery-no-error", "cloudwatch-logs-integration"))
    wrong = (
        "log-bucket-versioning",
        "log-bucket-mfa-delete",
        "log-bucket-retention",
        "log-bucket-access-logging",
    )
    planted.expect("log-bucket", bucket.arn, fails=wrong)
    planted.expect("key", key.arn, fails=("kms-key-rotation",))


def trail_into_foreign_bucket(seed: Seeder, planted: Planted, account: str):
    """Delivers into the bucket of somebody who is not of the organization."""
    bucket = seed.bucket("999999999999", "foreign", "eu-central-1")
    arn = seed.trail(account, "foreign", bucket, "eu-central-1", IsMultiRegionTrail=True, EnableLogFileValidation=True)
    lacks = ("kms-cmk-encryption", "sns-notifications", "cloudwatch-logs-integration")
    planted.expect("trail", arn, fails=lacks)
    outside = ("log-bucket-exists-and-owned",)
    planted.expect("log-bucket", bucket.arn, fails=outside, unknown=ALL_BUT_EXISTENCE)


def trail_with_disabled_key(seed: Seeder, planted: Planted, account: str):
    """A bucket with MFA delete, and a key that somebody disabled."""
    key = seed.key(account)
    bucket = seed.bucket(
        account,
        "locked",
        versioned="Enabled",
        encrypted=key,
        logs_access_to=seed.bucket(account, "locked-access", accepts_logs=True),
    )
    seed.world.mfa_delete.add(bucket.name)
    arn = seed.trail(account, "locked", bucket, EnableLogFileValidation=True, KmsKeyId=key.arn)
    key.kms.disable_key(KeyId=key.id)
    planted.expect("trail", arn, fails=("sns-notifications", "cloudwatch-logs-integration"))
    planted.expect("log-bucket", bucket.arn, not_applicable=("log-bucket-lifecycle",))
    planted.expect("key", key.arn, fails=("kms-key-usable",))


def trail_with_short_history(seed: Seeder, planted: Planted, account: str):
    """A bucket that keeps current versions for ever, and those that somebody overwrote for 30 days."""
    bucket = seed.bucket(
        account,
        "history",
        "us-east-2",
        versioned="Enabled",
        lifecycle=[
            {"NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
            {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
        ],
    )
    arn = seed.trail(account, "history", bucket, "us-east-2", EnableLogFileValidation=True)
    lacks = ("kms-cmk-encryption", "sns-notifications", "cloudwatch-logs-integration")
    planted.expect("trail", arn, fails=lacks, not_applicable=("global-service-events",))
    wrong = (
        "log-bucket-mfa-delete",
        "log-bucket-lifecycle",
        "log-bucket-retention",
        "log-bucket-access-logging",
    )
    planted.expect("log-bucket", bucket.arn, fails=wrong)


def partial(seed: Seeder) -> Planted:
    """An organization trail in one Region only."""
    planted = seed.organization("222222222222")
    archive = seed.account(planted, "log-archive")
    arn = organization_trail(seed, planted, archive, IsMultiRegionTrail=False)
    planted.expect("trail", arn)
    planted.expect("organization", planted.organization_arn, fails=("organization-trail",))
    every_account(planted, fails=("multi-region-trail",))
    return planted


def silent(seed: Seeder) -> Planted:
    """An organization trail that somebody stopped."""
    planted = seed.organization("333333333333")
    archive = seed.account(planted, "log-archive")
    arn = organization_trail(seed, planted, archive)
    seed.client("cloudtrail", planted.management).stop_logging(Name="organization")
    # What the status says of the last deliveries stays, and is recent.
    seed.world.statuses[arn] = {"LatestCloudWatchLogsDeliveryTime": int(time.time()) - 60}
    planted.expect("trail", arn, not_applicable=("s3-delivery-no-error",))
    planted.expect(
        "organization", planted.organization_arn, fails=("organization-trail",), not_applicable=("tamper-alert-path",)
    )
    every_account(planted, fails=("trail-exists-and-logging", "multi-region-trail"))
    return planted


def guarded(seed: Seeder) -> Planted:
    """Buckets of data: one that the organization trail records, one of which it records the writes, and others."""
    planted = seed.organization("888888888888")
    archive = seed.account(planted, "log-archive")
    app = seed.account(planted, "app")
    organization_trail(seed, planted, archive)
    whole = seed.bucket(app, "cardholder", "eu-west-1", tagged={"class": "secret", "team": "payments"})
    writes = seed.bucket(app, "ledger", "us-west-2", tagged={"class": "secret"})
    bare = seed.bucket(archive, "exports", "eu-west-1", tagged={"class": "internal", "pii": ""})
    seed.bucket(app, "website", tagged={"class": "public"})
    objects = {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}
    data = [{"Field": "eventCategory", "Equals": ["Data"]}, objects]
    write = {"Field": "readOnly", "Equals": ["false"]}
    selectors = [
        [{"Field": "eventCategory", "Equals": ["Management"]}],
        [*data, {"Field": "resources.ARN", "StartsWith": [f"{whole.arn}/"]}],
        [*data, write, {"Field": "resources.ARN", "StartsWith": [f"{writes.arn}/"]}],
    ]
    seed.client("cloudtrail", planted.management).put_event_selectors(
        TrailName="organization",
        AdvancedEventSelectors=[{"Name": str(i), "FieldSelectors": fields} for i, fields in enumerate(selectors)],
    )
    rule = "sensitive-bucket-data-events"
    for bucket, outcome in ((whole, "pass"), (writes, "fail"), (bare, "fail")):
        planted.expected[rule, bucket.arn] = outcome
    return planted


def memberless(seed: Seeder) -> Planted:
    """An organization of its management account alone."""
    planted = seed.organization("444444444444")
    planted.expect("trail", organization_trail(seed, planted, planted.management))
    planted.expect("organization", planted.organization_arn)
    every_account(planted)
    return planted


def lone(seed: Seeder) -> Planted:
    """An account without an organization."""
    planted = Planted("555555555555", accounts={"lone": "555555555555"})
    planted.caller = seed.user("555555555555")
    arn = organization_trail(seed, planted, planted.management, IsOrganizationTrail=False)
    planted.expect("trail", arn)
    every_account(planted)
    return planted


def delegated(seed: Seeder) -> Planted:
    """The good organization again, asked by its log archive, which administers CloudTrail; its management account lets
    nobody in, so that its topic, its log group and its alerts stay unread."""
    planted = seed.organization("777777777777")
    archive = seed.account(planted, "log-archive")
    app = seed.account(planted, "app")
    unread = ("sns-notifications", "cloudwatch-logs-integration")
    planted.expect("trail", organization_trail(seed, planted, archive), unknown=unread)
    planted.expect("organization", planted.organization_arn, unknown=("tamper-alert-path",))
    seed.delegate(planted, archive)
    planted.caller, planted.role = seed.user(archive), "delegated-audit"
    seed.role(app, archive, name=planted.role)
    return planted


def crowd(seed: Seeder) -> Planted:
    """More accounts in one organizational unit than Organizations puts on a page."""
    planted = seed.organization("666666666666")
    archive = seed.account(planted, "log-archive")
    for number in range(23):
        seed.account(planted, f"member-{number:02}", "Members")
    planted.expect("trail", organization_trail(seed, planted, archive))
    planted.expect("organization", planted.organization_arn)
    every_account(planted)
    return planted


ORGANIZATIONS = {"acme": acme, "good": good, "partial": partial, "silent": silent, "memberless": memberless}
