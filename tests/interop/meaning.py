"""Organizations for the rules of meaning: who can see, write or erase the logs, and what is recorded."""

from planted import Planted
from seed import organization_trail, root
from seeder import Seeder
from things import Bucket

BUCKET_RULES = (
    "log-bucket-allows-digest-encryption",
    "log-bucket-bpa-effective",
    "log-bucket-dedicated",
    "log-bucket-deny-delete",
    "log-bucket-deny-insecure-transport",
    "log-bucket-external-access",
    "log-bucket-not-public",
    "log-bucket-not-requester-pays",
    "log-bucket-object-lock-retention",
    "log-bucket-policy-path",
    "log-bucket-policy-source-arn",
    "log-bucket-policy-write",
    "log-bucket-self-logging",
)
ACCOUNT_RULES = (
    "analysis-path",
    "config-recorder-enabled",
    "duplicate-management-trails",
    "management-events-no-exclusions",
    "management-events-read-write",
    "org-trail-member-coverage",
    "s3-data-events-read",
    "s3-data-events-write",
)
TRAIL_RULES = ("log-archive-separate-account", "logging-gap", "selector-blind-spots")
RULES = (*BUCKET_RULES, *ACCOUNT_RULES, *TRAIL_RULES, "kms-key-policy", "organization-trail")
STRANGER = "999999999999"


def log_bucket(seed: Seeder, account: str, name: str) -> Bucket:
    return seed.bucket(account, name, compliance_days=365, blocks_public_access=True)


def delivering(trail: str, bucket: Bucket, **changes) -> list[dict]:
    """What CloudTrail's guide gives, and a Deny of requests without TLS."""
    condition = {"Condition": {"StringEquals": {"aws:SourceArn": trail}}} | changes
    service = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    whole = [bucket.arn, f"{bucket.arn}/*"]
    insecure = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    return [
        {**service, **condition, "Action": "s3:GetBucketAcl", "Resource": bucket.arn},
        {"Resource": f"{bucket.arn}/AWSLogs/*", **service, **condition, "Action": "s3:PutObject"},
        {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": whole, **insecure},
    ]


def allow(bucket: Bucket, principal, action, **more) -> dict:
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": f"{bucket.arn}/*", **more}


def exposed(seed: Seeder) -> Planted:
    """One trail a mistake, each into a bucket that is right in all else."""
    planted = seed.organization("121212121212")
    web = seed.account(planted, "web")
    encrypting = {"Null": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "true"}}
    organization_trail(seed, planted, seed.account(planted, "log-archive"))
    reads = {"ReadWriteType": "ReadOnly", "IncludeManagementEvents": False}
    objects = {"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}
    seed.client("cloudtrail", planted.management).put_event_selectors(
        TrailName="organization", EventSelectors=[{"ReadWriteType": "All"}, {**reads, **objects}]
    )
    for rule in ("management-events-read-write", "management-events-no-exclusions", "s3-data-events-read"):
        planted.expected[rule, root(web)] = "pass"
    plant(seed, planted, web, "fine")
    public = plant(
        seed, planted, web, "open", lambda bucket: [allow(bucket, "*", "s3:GetObject")],
        "log-bucket-not-public", "log-bucket-external-access", "log-bucket-bpa-effective",
    )  # fmt: skip
    public.blocks_public_access(False)
    plant(
        seed, planted, web, "lent",
        lambda bucket: [allow(bucket, {"AWS": f"arn:aws:iam::{STRANGER}:root"}, "s3:GetObject")],
        "log-bucket-external-access",
    )  # fmt: skip
    plant(
        seed, planted, web, "writable",
        lambda bucket: [allow(bucket, {"AWS": f"arn:aws:iam::{web}:role/deploy"}, ["s3:PutObject", "s3:DeleteObject"])],
        "log-bucket-policy-write", "log-bucket-dedicated",
    )  # fmt: skip
    plant(
        seed, planted, web, "undigested",
        lambda bucket: [allow(bucket, "*", "s3:PutObject", Condition=encrypting) | {"Effect": "Deny"}],
        "log-bucket-allows-digest-encryption", "log-bucket-policy-path",
    )  # fmt: skip
    plant(
        seed, planted, web, "shared",
        lambda bucket: [allow(
            bucket, {"Service": "config.amazonaws.com"}, "s3:PutObject",
            Condition={"StringEquals": {"aws:SourceAccount": web}},
        )],
        "log-bucket-dedicated",
    )  # fmt: skip
    plant(seed, planted, web, "unpinned", None, "log-bucket-policy-source-arn", Condition={})
    plain = plant(seed, planted, web, "plain", None, "log-bucket-deny-insecure-transport")
    plain.put_policy(delivering(f"arn:aws:cloudtrail:us-east-1:{web}:trail/plain", plain)[:2])
    unlocked = seed.bucket(web, "unlocked", blocks_public_access=True)
    plant(
        seed, planted, web, "unlocked", None, "log-bucket-object-lock-retention", "log-bucket-deny-delete", bucket=unlocked
    )  # fmt: skip
    echo = plant(seed, planted, web, "echo", None, "log-bucket-self-logging")
    objects = {"Type": "AWS::S3::Object", "Values": [f"{echo.arn}/"]}
    seed.client("cloudtrail", web).put_event_selectors(TrailName="echo", EventSelectors=[{"DataResources": [objects]}])
    elsewhere = plant(seed, planted, web, "elsewhere", None, "log-bucket-policy-path")
    statements = delivering(f"arn:aws:cloudtrail:us-east-1:{web}:trail/elsewhere", elsewhere)
    statements[1]["Resource"] = f"{elsewhere.arn}/other/*"
    elsewhere.put_policy(statements)
    paid = plant(seed, planted, web, "paid", None, "log-bucket-not-requester-pays")
    seed.world.requester_pays.add(paid.name)
    return planted


def plant(
    seed: Seeder, planted: Planted, account: str, name: str, more=None, *fails: str, bucket: Bucket | None = None, **changes
) -> Bucket:
    """A trail into a bucket of its own account, which has only the mistakes that are named."""
    bucket = bucket or log_bucket(seed, account, name)
    arn = seed.trail(account, name, bucket, EnableLogFileValidation=True)
    bucket.put_policy(delivering(arn, bucket, **changes) + (more(bucket) if more else []))
    planted.deserves(BUCKET_RULES, bucket.arn, *fails)
    return bucket


def recorded(seed: Seeder) -> Planted:
    """An organization trail that excludes KMS, and records the writes of all S3 objects; a member pays for a second.
    AWS Config records and delivers in the management account alone."""
    planted = seed.organization("131313131313")
    archive = seed.account(planted, "log-archive")
    web = seed.account(planted, "web")
    arn = organization_trail(seed, planted, archive)
    management = [
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]},
    ]
    objects = [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "readOnly", "Equals": ["false"]},
    ]
    seed.client("cloudtrail", planted.management).put_event_selectors(
        TrailName="organization",
        AdvancedEventSelectors=[{"FieldSelectors": management}, {"FieldSelectors": objects}],
    )
    bucket = log_bucket(seed, web, "second")
    second = seed.trail(web, "second", bucket, IsMultiRegionTrail=True)
    seed.client("cloudtrail", web).put_event_selectors(
        TrailName="second",
        EventSelectors=[
            {
                "ReadWriteType": "ReadOnly",
                "IncludeManagementEvents": True,
                "ExcludeManagementEventSources": ["kms.amazonaws.com"],
            },
            {
                "ReadWriteType": "WriteOnly",
                "IncludeManagementEvents": False,
                "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::somebody/logs/"]}],
            },
        ],
    )
    seed.config(planted.management)
    seed.config(archive, error="AccessDenied")
    seed.config(web, records=False)
    for account in planted.accounts.values():
        fails = ["management-events-no-exclusions", "s3-data-events-read"]
        fails += ["duplicate-management-trails"] if account == web else []
        fails += [] if account == planted.management else ["config-recorder-enabled"]
        planted.deserves(ACCOUNT_RULES, root(account), *fails)
    planted.deserves(TRAIL_RULES, arn)
    for key in planted.expected_of("kms-key-usable"):
        planted.expected["kms-key-policy", key] = "pass"
    planted.deserves(TRAIL_RULES, second, "selector-blind-spots")
    # All that it records the organization trail records too.
    planted.expected["log-archive-separate-account", second] = "not-applicable"
    return planted


def unheard(seed: Seeder) -> Planted:
    """No organization trail; one account records its writes in one Region, under a key that strangers may decrypt with,
    and stopped for a while."""
    planted = seed.organization("141414141414")
    web = seed.account(planted, "web")
    key = seed.key(web)
    bucket = log_bucket(seed, web, "writes")
    arn = seed.trail(web, "writes", bucket, KmsKeyId=key.arn, EnableLogFileValidation=True)
    cloudtrail = seed.client("cloudtrail", web)
    cloudtrail.put_event_selectors(
        TrailName="writes", EventSelectors=[{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}]
    )
    cloudtrail.stop_logging(Name="writes")
    cloudtrail.start_logging(Name="writes")
    key.accepts_trail(arn, {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*"})
    planted.expected["kms-key-policy", key.arn] = "fail"
    planted.expected["organization-trail", planted.organization_arn] = "fail"
    planted.expected["logging-gap", arn] = "fail"
    planted.expected["log-archive-separate-account", arn] = "fail"
    planted.expected["selector-blind-spots", arn] = "pass"
    for account in planted.accounts.values():
        resource = root(account)
        fails = ("analysis-path", "config-recorder-enabled", "management-events-read-write")
        planted.deserves(ACCOUNT_RULES, resource, *fails, "s3-data-events-read", "s3-data-events-write")
        for rule in ("management-events-no-exclusions", "org-trail-member-coverage"):
            planted.expected[rule, resource] = "not-applicable"
    return planted


ORGANIZATIONS = {"exposed": exposed, "recorded": recorded, "unheard": unheard}
