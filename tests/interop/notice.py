"""Organizations for what is noticed: log groups, the alarms on them, Insights, and who is told of changes of trails."""

import json
from dataclasses import dataclass

from planted import Planted
from seed import organization_trail, root
from seeder import TRAIL_CHANGES, Seeder


def any_of(*names: str, source: str | None = None) -> str:
    """A filter pattern for events of these names, as the benchmark writes them."""
    named = " || ".join(f"($.eventName = {name})" for name in names)
    return f"{{ ($.eventSource = {source}.amazonaws.com) && ({named}) }}" if source else f"{{ {named} }}"


def each_of(verbs: str, *nouns: str) -> list[str]:
    return [verb + noun for noun in nouns for verb in verbs.split()]


PATTERNS = {
    "alarm-unauthorized-api": '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    "alarm-console-no-mfa": (
        '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") '
        '&& ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }'
    ),
    "alarm-root-usage": (
        '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }'
    ),
    "alarm-iam-policy-change": any_of(
        *each_of("Delete Put", "GroupPolicy", "RolePolicy", "UserPolicy"),
        *each_of("Create Delete", "Policy", "PolicyVersion"),
        *each_of("Attach Detach", "RolePolicy", "UserPolicy", "GroupPolicy"),
    ),
    "alarm-cloudtrail-change": any_of("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
    "alarm-console-auth-failure": '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
    "alarm-cmk-disable-delete": any_of("DisableKey", "ScheduleKeyDeletion", source="kms"),
    "alarm-s3-policy-change": any_of(
        *each_of("Put", "BucketAcl"),
        *each_of("Put Delete", "BucketPolicy", "BucketCors", "BucketLifecycle", "BucketReplication"),
        source="s3",
    ),
    "alarm-config-change": any_of(
        "StopConfigurationRecorder",
        "DeleteDeliveryChannel",
        "PutDeliveryChannel",
        "PutConfigurationRecorder",
        source="config",
    ),
    "alarm-sg-change": any_of(
        *each_of("Authorize Revoke", "SecurityGroupIngress", "SecurityGroupEgress"),
        *each_of("Create Delete", "SecurityGroup"),
    ),
    "alarm-nacl-change": any_of(
        *each_of("Create Delete", "NetworkAcl", "NetworkAclEntry"),
        *each_of("Replace", "NetworkAclEntry", "NetworkAclAssociation"),
    ),
    "alarm-gateway-change": any_of(
        *each_of("Create Delete", "CustomerGateway", "InternetGateway"), *each_of("Attach Detach", "InternetGateway")
    ),
    "alarm-route-table-change": any_of(
        *each_of("Create Delete Replace", "Route"),
        *each_of("Create Delete Disassociate", "RouteTable"),
        "ReplaceRouteTableAssociation",
    ),
    "alarm-vpc-change": any_of(
        *each_of("Create Delete", "Vpc"),
        "ModifyVpcAttribute",
        *each_of("Accept Create Delete Reject", "VpcPeeringConnection"),
        *each_of("Attach Detach", "ClassicLinkVpc"),
        *each_of("Disable Enable", "VpcClassicLink"),
    ),
    "alarm-organizations-change": any_of(
        *each_of("Accept Decline", "Handshake"),
        *each_of("Attach Create Delete Detach Update", "Policy"),
        *each_of("Create Delete Update", "OrganizationalUnit"),
        *each_of("Disable Enable", "PolicyType"),
        *each_of("Create Move", "Account"),
        *each_of("Delete Leave", "Organization"),
        "InviteAccountToOrganization",
        "RemoveAccountFromOrganization",
        source="organizations",
    ),
}
"""The filters of the CIS AWS Foundations Benchmark, by rule.

Source: "Monitoring" of CIS AWS Foundations Benchmark 1.4 to 3.0, the command of each control.
"""
ALARMS = tuple(PATTERNS)
GROUPS = ("log-group-exists", "log-group-retention", "log-group-encryption", "alarm-actionable")
INSIGHTS = ("insights-enabled", "insights-both-types")
RULES = ("tamper-alert-path", *GROUPS, *ALARMS, *INSIGHTS)
CALLS, ERRORS = "ApiCallRateInsight", "ApiErrorRateInsight"


@dataclass
class Watch:
    """A filter of a log group, its metric, and the alarm on it."""

    seed: Seeder
    account: str
    group: str

    def counts(self, name: str, pattern: str, value: str = "1"):
        metric = {"metricName": name, "metricNamespace": self.group, "metricValue": value}
        self.seed.client("logs", self.account).put_metric_filter(
            logGroupName=self.group, filterName=name, filterPattern=pattern, metricTransformations=[metric]
        )

    def alarms(self, name: str, *actions: str, region: str = "us-east-1", **changes):
        settings = {
            "MetricName": name,
            "Namespace": self.group,
            "Statistic": "Sum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "ActionsEnabled": True,
            "AlarmActions": list(actions),
        }
        cloudwatch = self.seed.client("cloudwatch", self.account, region)
        cloudwatch.put_metric_alarm(AlarmName=f"{self.group}-{name}", **{**settings, **changes})


def insights(seed: Seeder, trail: str, *kinds: str):
    selectors = [{"InsightType": kind} for kind in kinds]
    cloudtrail = seed.client("cloudtrail", trail.split(":")[4])
    cloudtrail.put_insight_selectors(TrailName=trail.split("/")[1], InsightSelectors=selectors)


def group_of(account: str, name: str) -> str:
    """The resource of a log-group-scope result."""
    return f"arn:aws:logs:us-east-1:{account}:log-group:{name}"


def watched(seed: Seeder) -> Planted:
    """An alarm for each control of the benchmark, Insights of both types, and changes of trails that are sent to the event
    bus of another account, where a rule tells of them."""
    planted = seed.organization("181818181818")
    archive = seed.account(planted, "log-archive")
    key = seed.key(planted.management)
    group = seed.log_group(planted.management, "benchmark", kmsKeyId=key.arn)
    seed.client("logs", planted.management).put_retention_policy(logGroupName="benchmark", retentionInDays=365)
    trail = organization_trail(seed, planted, archive, alert=False, CloudWatchLogsLogGroupArn=group)
    seed.forward(planted.management, archive)
    seed.alert(archive, seed.heard_topic(archive, "security"))
    insights(seed, trail, CALLS, ERRORS)
    topic = seed.heard_topic(planted.management, "alarms")
    watch = Watch(seed, planted.management, "benchmark")
    for rule, pattern in PATTERNS.items():
        watch.counts(rule, pattern)
        watch.alarms(rule, topic)
    planted.deserves(("tamper-alert-path",), planted.organization_arn)
    planted.deserves((*GROUPS, *ALARMS), group_of(planted.management, "benchmark"))
    for account in planted.accounts.values():
        planted.deserves(INSIGHTS, root(account))
    return planted


def alarmed(seed: Seeder) -> Planted:
    """No rule of EventBridge: an alarm on the trail's log group tells of changes of trails. It is the only alarm there, and
    the log group keeps events for a quarter of a year."""
    planted = seed.organization("191919191919")
    archive = seed.account(planted, "log-archive")
    trail = organization_trail(seed, planted, archive, alert=False)
    insights(seed, trail, ERRORS)
    seed.client("logs", planted.management).put_retention_policy(logGroupName="trail", retentionInDays=90)
    watch = Watch(seed, planted.management, "trail")
    watch.counts("changes", any_of(*TRAIL_CHANGES, source="cloudtrail"))
    watch.alarms("changes", seed.heard_topic(planted.management, "alarms"))
    planted.deserves(("tamper-alert-path",), planted.organization_arn)
    lacks = ("log-group-retention", "log-group-encryption", *ALARMS)
    planted.deserves((*GROUPS, *ALARMS), group_of(planted.management, "trail"), *lacks)
    for account in planted.accounts.values():
        planted.deserves(INSIGHTS, root(account), "insights-both-types")
    return planted


def unnoticed(seed: Seeder) -> Planted:
    """Alarms for all controls of the benchmark, each with a mistake, and a rule for changes of trails whose topic nobody
    has confirmed; a member with a log group that is gone, and one with alarms that never go off."""
    planted = seed.organization("202020202020")
    archive = seed.account(planted, "log-archive")
    web = seed.account(planted, "web")
    management = planted.management
    organization_trail(seed, planted, archive, alert=False)
    pending = seed.heard_topic(management, "pending", confirmed=False)
    seed.alert(management, pending)
    mistaken_alarms(seed, management, pending)
    planted.deserves(("tamper-alert-path",), planted.organization_arn, "tamper-alert-path")
    lacks = ("log-group-encryption", "alarm-actionable", *ALARMS)
    planted.deserves((*GROUPS, *ALARMS), group_of(management, "trail"), *lacks)

    bucket = seed.bucket(web, "own-trails")
    gone = seed.log_group(web, "gone", exists=False)
    seed.trail(web, "gone", bucket, CloudWatchLogsLogGroupArn=gone)
    without = dict.fromkeys(("log_group_retention", "log_group_encryption", "alarm_actionable"), "not-applicable")
    planted.deserves((*GROUPS, *ALARMS), group_of(web, "gone"), "log-group-exists", *ALARMS, **without)

    seed.trail(web, "quiet", bucket, CloudWatchLogsLogGroupArn=seed.log_group(web, "quiet"))
    watch = Watch(seed, web, "quiet")
    watch.counts("changes", any_of(*TRAIL_CHANGES, source="cloudtrail"))
    watch.alarms("changes", seed.heard_topic(web, "alarms"), ComparisonOperator="LessThanThreshold")
    planted.deserves(GROUPS, group_of(web, "quiet"), "log-group-encryption", "alarm-actionable")
    for account in planted.accounts.values():
        planted.deserves(INSIGHTS, root(account), "insights-enabled", insights_both_types="not-applicable")
    return planted


def mistaken_alarms(seed: Seeder, account: str, pending: str):
    """Of the alarms of the benchmark each lacks something, one thing after the other in turn."""
    heard = seed.heard_topic(account, "alarms")
    watch = Watch(seed, account, "trail")
    mistakes = (
        lambda rule: watch.alarms(rule),
        lambda rule: watch.alarms(rule, heard, ActionsEnabled=False),
        lambda rule: watch.alarms(rule, f"{heard}-gone"),
        lambda rule: watch.alarms(rule, pending),
        lambda rule: watch.alarms(rule, heard, MetricName=f"{rule}-2"),
        lambda rule: watch.alarms(rule, heard, region="eu-west-1"),
        lambda rule: narrowed(rule),
        lambda rule: None,
    )

    def narrowed(rule: str):
        watch.alarms(rule, heard)
        pattern = PATTERNS[rule].strip("{} ")
        watch.counts(rule, f'{{ ({pattern}) && ($.recipientAccountId = "{account}") }}')

    for number, (rule, pattern) in enumerate(PATTERNS.items()):
        mistake = mistakes[number % len(mistakes)]
        if mistake is not mistakes[6]:
            watch.counts(rule, pattern)
        mistake(rule)


def crowded(seed: Seeder) -> Planted:
    """More filters, alarms and rules than come on a page; what counts is the last of each."""
    planted = seed.organization("252525252525")
    management = planted.management
    organization_trail(seed, planted, seed.account(planted, "log-archive"), alert=False)
    topic = seed.heard_topic(management, "alarms")
    watch = Watch(seed, management, "trail")
    events = seed.client("events", management)
    for number in range(105):
        watch.counts(f"instances-{number:03}", any_of("RunInstances"))
        watch.alarms(f"instances-{number:03}")
        events.put_rule(Name=f"instances-{number:03}", EventPattern=json.dumps({"source": ["aws.ec2"]}))
    rule = "alarm-vpc-change"
    watch.counts(rule, PATTERNS[rule])
    watch.alarms(rule, topic)
    seed.alert(management, topic)
    planted.deserves(("tamper-alert-path",), planted.organization_arn)
    planted.deserves(("alarm-actionable", rule), group_of(management, "trail"))
    return planted


def topic_as_made(seed: Seeder) -> Planted:
    """A rule for changes of trails whose topic has the policy that SNS made it with: EventBridge may not publish."""
    planted = seed.organization("262626262626")
    management = planted.management
    organization_trail(seed, planted, seed.account(planted, "log-archive"), alert=False)
    seed.send_trail_changes(management, seed.heard_topic(management, "as-made"), "us-east-1")
    planted.deserves(("tamper-alert-path",), planted.organization_arn, "tamper-alert-path")
    return planted


def closed_bus(seed: Seeder) -> Planted:
    """Changes of trails are sent to the bus of another account, which lets nobody in."""
    planted = seed.organization("272727272727")
    archive = seed.account(planted, "log-archive")
    organization_trail(seed, planted, archive, alert=False)
    bus = f"arn:aws:events:us-east-1:{archive}:event-bus/default"
    seed.send_trail_changes(planted.management, bus, "us-east-1")
    seed.alert(archive, seed.heard_topic(archive, "security"))
    planted.deserves(("tamper-alert-path",), planted.organization_arn, "tamper-alert-path")
    return planted


def encrypted(seed: Seeder) -> Planted:
    """The topic that changes of trails are sent to is encrypted with the key that AWS manages, which lets no service in."""
    planted = seed.organization("282828282828")
    management = planted.management
    organization_trail(seed, planted, seed.account(planted, "log-archive"), alert=False)
    topic = seed.heard_topic(management, "encrypted")
    key = {"AttributeName": "KmsMasterKeyId", "AttributeValue": "alias/aws/sns"}
    seed.client("sns", management).set_topic_attributes(TopicArn=topic, **key)
    seed.alert(management, topic)
    planted.deserves(("tamper-alert-path",), planted.organization_arn, "tamper-alert-path")
    return planted


def filtered(seed: Seeder) -> Planted:
    """The only subscriber of the topic that changes of trails are sent to is given some of the messages."""
    planted = seed.organization("292929292929")
    management = planted.management
    organization_trail(seed, planted, seed.account(planted, "log-archive"), alert=False)
    topic = seed.heard_topic(management, "filtered")
    sns = seed.client("sns", management)
    [subscription] = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    high = {"AttributeName": "FilterPolicy", "AttributeValue": json.dumps({"severity": ["high"]})}
    sns.set_subscription_attributes(SubscriptionArn=subscription["SubscriptionArn"], **high)
    seed.alert(management, topic)
    planted.deserves(("tamper-alert-path",), planted.organization_arn, tamper_alert_path="unknown")
    return planted


ORGANIZATIONS = {
    "watched": watched,
    "alarmed": alarmed,
    "unnoticed": unnoticed,
    "crowded": crowded,
    "topic_as_made": topic_as_made,
    "closed_bus": closed_bus,
    "encrypted": encrypted,
    "filtered": filtered,
}
REGIONS = "us-east-1"
"""Where the plants are."""
