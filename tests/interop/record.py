"""Organizations for what arrives, is announced, tagged, copied away and recorded beyond management events and objects."""

import time

from planted import Planted
from seed import DAY, organization_trail, root
from seeder import Seeder
from things import Bucket, policy

TOPICS = ("sns-topic-policy",)
DELIVERIES = ("s3-delivery-recent", "digest-delivery-healthy", "cloudwatch-delivery-healthy")
TRAILS = ("sns-delivery-error", "trail-tagged", "log-bucket-expected", *DELIVERIES)
BUCKETS = ("log-bucket-replication",)
ACCOUNTS = (
    "bedrock-events",
    "data-events-required-types",
    "dynamodb-data-events",
    "lambda-data-events",
    "network-activity-events",
)
RULES = (*TOPICS, *TRAILS, *BUCKETS, *ACCOUNTS)
STRANGER = "999999999999"
CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}
BEDROCK = ("AgentAlias", "AsyncInvoke", "FlowAlias", "Guardrail", "InlineAgent", "KnowledgeBase", "Model", "PromptVersion")


def topic(seed: Seeder, account: str, name: str, *statements: dict) -> str:
    """A topic with a policy of its own, or with the one that SNS makes it with."""
    seed.topic(account, name)
    arn = f"arn:aws:sns:us-east-1:{account}:{name}"
    if statements:
        own = [{"Effect": "Allow", "Resource": arn, **statement} for statement in statements]
        document = policy(*own)
        seed.client("sns", account).set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=document)
    return arn


def publishes(**more) -> dict:
    return {"Principal": CLOUDTRAIL, "Action": "SNS:Publish", **more}


def of(account: str) -> dict:
    return {"Condition": {"StringEquals": {"aws:SourceAccount": account}}}


def copies_to(bucket: Bucket, *targets: Bucket, status: str = "Enabled"):
    rules = [
        {
            "ID": target.name,
            "Priority": number,
            "Status": status,
            "Filter": {"Prefix": ""},
            "DeleteMarkerReplication": {"Status": "Disabled"},
            "Destination": {"Bucket": target.arn},
        }
        for number, target in enumerate(targets, 1)
    ]
    role = f"arn:aws:iam::{bucket.account}:role/copy"
    bucket.s3.put_bucket_replication(Bucket=bucket.name, ReplicationConfiguration={"Role": role, "Rules": rules})


def tag(seed: Seeder, arn: str, **tags: str):
    rows = [{"Key": key, "Value": value} for key, value in tags.items()]
    seed.client("cloudtrail", arn.split(":")[4]).add_tags(ResourceId=arn, TagsList=rows)


def announced(seed: Seeder) -> Planted:
    """A trail a mistake: in its topic, its tags, its bucket, what arrived, or where its files are copied to."""
    planted = seed.organization("151515151515")
    web = seed.account(planted, "web")
    app = seed.account(planted, "app")
    far, near = seed.bucket(web, "far", "eu-west-1", versioned="Enabled"), seed.bucket(web, "near", versioned="Enabled")
    others = seed.bucket(app, "others", versioned="Enabled")
    gone = seed.bucket(web, "no-more", versioned="Enabled")

    now = int(time.time())
    seed.log_role(web)

    def plant(
        name: str, *fails: str, tags=None, targets=(far,), statements=(publishes(**of(web)),), status="Enabled", **told
    ):
        bucket = seed.bucket(web, name, versioned="Enabled")
        if targets:
            copies_to(bucket, *targets, status=status)
        topic(seed, web, name, *statements)
        arn = seed.trail(
            web,
            name,
            bucket,
            SnsTopicName=name,
            EnableLogFileValidation=True,
            CloudWatchLogsLogGroupArn=seed.log_group(web, name),
        )
        seed.world.statuses[arn] = {"StartLoggingTime": now - 30 * DAY, **told}
        tag(seed, arn, **(tags or {"owner": "security", "stage": "prod"}))
        planted.deserves(TOPICS, f"arn:aws:sns:us-east-1:{web}:{name}", *fails)
        planted.deserves(TRAILS, arn, *fails, *(() if name == "sound" else ("log-bucket-expected",)))
        planted.deserves(BUCKETS, bucket.arn, *fails)

    plant("sound")
    plant("as-made", statements=())
    plant("inside", statements=(publishes(**of(web)), {"Principal": {"AWS": app}, "Action": "SNS:Subscribe"}))
    topics, copies = "sns-topic-policy", "log-bucket-replication"
    plant("for-anybody", topics, statements=(publishes(),))
    plant("overheard", topics, statements=(publishes(**of(web)), {"Principal": "*", "Action": "SNS:Subscribe"}))
    stranger = {"Principal": {"AWS": f"arn:aws:iam::{STRANGER}:root"}, "Action": "SNS:Publish"}
    plant("forged", topics, statements=(publishes(**of(web)), stranger))
    plant("mute", "sns-delivery-error", LatestNotificationError="AuthorizationError")
    recent, digests, events = DELIVERIES
    plant("quiet", LatestDeliveryTime=now - 3 * DAY)
    plant("late", recent, LatestDeliveryTime=now - 3 * DAY, LatestDeliveryError="SlowDown")
    plant("silent", recent, digests, LatestDeliveryTime=now - 3 * DAY, LatestDigestDeliveryTime=None)
    plant("unsigned", digests, LatestDigestDeliveryError="AccessDenied")
    plant("unsearchable", events, LatestCloudWatchLogsDeliveryError="AccessDenied")
    plant("nobodys", "trail-tagged", tags={"stage": "prod"})
    plant("staged", "trail-tagged", tags={"owner": "security", "stage": "test"})
    plant("to-others", targets=(near, others))
    plant("to-near", copies, targets=(near,))
    plant("to-none", copies, targets=())
    plant("to-gone", copies, targets=(gone,))
    plant("asleep", copies, status="Disabled")
    gone.is_gone()
    return planted


def fields(category: str, **equals: str) -> dict:
    wanted = {"eventCategory": category, **{key.replace("_", "."): value for key, value in equals.items()}}
    return {"FieldSelectors": [{"Field": field, "Equals": [value]} for field, value in wanted.items()]}


def selecting(seed: Seeder, management: str, *selectors: dict) -> Planted:
    """An organization whose trail has these selectors beside management events."""
    planted = seed.organization(management)
    archive = seed.account(planted, "log-archive")
    organization_trail(seed, planted, archive)
    seed.client("cloudtrail", management).put_event_selectors(
        TrailName="organization", AdvancedEventSelectors=[fields("Management"), *selectors]
    )
    # What is planted beside the selectors is of no matter here.
    planted.expected.clear()
    return planted


def widened(seed: Seeder) -> Planted:
    """All of it recorded."""
    types = ["AWS::Lambda::Function", "AWS::DynamoDB::Table", "AWS::SQS::Queue"]
    types += [f"AWS::Bedrock::{kind}" for kind in BEDROCK]
    data = [fields("Data", resources_type=kind) for kind in types]
    planted = selecting(seed, "161616161616", *data, fields("NetworkActivity", eventSource="kms.amazonaws.com"))
    for account in planted.accounts.values():
        planted.deserves(ACCOUNTS, root(account))
    return planted


def narrowed(seed: Seeder) -> Planted:
    """A part of each recorded: reads alone, one table, one queue's, denied calls alone."""
    reads = {"Field": "readOnly", "Equals": ["true"]}
    one = {"Field": "resources.ARN", "StartsWith": ["arn:aws:dynamodb:us-east-1:171717171717:table/one"]}
    queue = {"Field": "resources.ARN", "StartsWith": ["arn:aws:sqs:us-east-1:171717171717:one"]}
    denied = {"Field": "errorCode", "Equals": ["VpceAccessDenied"]}
    selectors = []
    for whole, narrow in (
        (fields("Data", resources_type="AWS::Lambda::Function"), reads),
        (fields("Data", resources_type="AWS::DynamoDB::Table"), one),
        (fields("Data", resources_type="AWS::SQS::Queue"), queue),
        (fields("Data", resources_type="AWS::Bedrock::Model"), reads),
        (fields("NetworkActivity", eventSource="kms.amazonaws.com"), denied),
    ):
        whole["FieldSelectors"].append(narrow)
        selectors.append(whole)
    planted = selecting(seed, "171717171717", *selectors)
    for account in planted.accounts.values():
        planted.deserves(ACCOUNTS, root(account), *ACCOUNTS)
    return planted


ORGANIZATIONS = {"announced": announced, "widened": widened, "narrowed": narrowed}


def parameters(seed: Seeder, planted: Planted) -> dict[str, str]:
    """What the rules are told of the plants."""
    return {
        "trail-tagged.required_tags": "owner,stage=prod",
        "log-bucket-expected.buckets": f"sound-{seed.token}",
        "data-events-required-types.resource_types": "AWS::SQS::Queue",
        "network-activity-events.event_sources": "kms.amazonaws.com",
    }
