"""Plants organizations in moto through boto3."""

import json
import secrets

import boto3
from botocore.config import Config
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, iam_backends

from planted import ROLE, Caller, Planted
from things import CLOUDTRAIL, Bucket, Key, policy

LOG_ROLE = "cloudtrail-logs"
TRAIL_CHANGES = ("StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors")


class Seeder:
    """boto3 clients that write as any account, and a plant for each kind of thing."""

    def __init__(self, server):
        self.server = server
        self.world = server.world
        self.session = boto3.Session()
        self.clients = {}
        self.token = secrets.token_hex(4)
        """Keeps the bucket names of one run apart from those of another."""

    def client(self, service: str, account: str, region: str = "us-east-1"):
        key = (service, account, region)
        if key not in self.clients:
            self.clients[key] = self.session.client(
                service,
                region_name=region,
                endpoint_url=self.server.url,
                aws_access_key_id=f"SEED{account}",
                aws_secret_access_key="seed",
                config=Config(s3={"addressing_style": "path"}),
            )
        return self.clients[key]

    def organization(self, management: str, external_id: str | None = None) -> Planted:
        organizations = self.client("organizations", management)
        created = organizations.create_organization(FeatureSet="ALL")["Organization"]
        organizations.enable_aws_service_access(ServicePrincipal=CLOUDTRAIL)
        planted = Planted(management, created["Arn"], {"management": management}, external_id=external_id)
        planted.caller = self.user(management)
        return planted

    def user(self, account: str) -> Caller:
        """An IAM user with an access key: the binary's credentials."""
        iam = self.client("iam", account)
        iam.create_user(UserName="auditor")
        key = iam.create_access_key(UserName="auditor")["AccessKey"]
        return Caller(account, key["AccessKeyId"], key["SecretAccessKey"])

    def unit(self, planted: Planted, *path: str) -> str:
        """The id of the organizational unit at a path, created where it is missing."""
        organizations = self.client("organizations", planted.management)
        parent = organizations.list_roots()["Roots"][0]["Id"]
        for name in path:
            listed = organizations.list_organizational_units_for_parent(ParentId=parent)["OrganizationalUnits"]
            there = [unit["Id"] for unit in listed if unit["Name"] == name]
            created = there or [
                organizations.create_organizational_unit(ParentId=parent, Name=name)["OrganizationalUnit"]["Id"]
            ]
            parent = created[0]
        return parent

    def account(self, planted: Planted, name: str, *path: str) -> str:
        """A member with the role, in an organizational unit."""
        organizations = self.client("organizations", planted.management)
        email = f"{name}@example.com"
        account = organizations.create_account(AccountName=name, Email=email)["CreateAccountStatus"]["AccountId"]
        if path:
            root = organizations.list_roots()["Roots"][0]["Id"]
            target = self.unit(planted, *path)
            organizations.move_account(AccountId=account, SourceParentId=root, DestinationParentId=target)
        planted.accounts[name] = account
        self.role(account, planted.management, planted.external_id)
        return account

    def role(self, account: str, trusted: str, external_id: str | None = None, name: str = ROLE):
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{trusted}:root"},
            "Action": "sts:AssumeRole",
        }
        if external_id:
            statement["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
        self.client("iam", account).create_role(RoleName=name, AssumeRolePolicyDocument=policy(statement))

    def delegate(self, planted: Planted, account: str):
        """Makes a member the delegated administrator of CloudTrail."""
        organizations = self.client("organizations", planted.management)
        organizations.register_delegated_administrator(AccountId=account, ServicePrincipal=CLOUDTRAIL)

    def protect(self, planted: Planted, name: str, target: str, *statements: dict):
        """A service control policy on the root, an organizational unit or an account."""
        organizations = self.client("organizations", planted.management)
        kind = "SERVICE_CONTROL_POLICY"
        (root,) = organizations.list_roots()["Roots"]
        if not root["PolicyTypes"]:
            organizations.enable_policy_type(RootId=root["Id"], PolicyType=kind)
        created = organizations.create_policy(Name=name, Description=name, Type=kind, Content=policy(*statements))
        organizations.attach_policy(PolicyId=created["Policy"]["PolicySummary"]["Id"], TargetId=target)

    def policy_of_aws(self, account: str, name: str) -> str:
        """The ARN of a managed policy of AWS's own, as moto knows it: it has them all in every account, or none."""
        document = json.loads(aws_managed_policies_data)[name]
        managed = AWSManagedPolicy.from_data(name, account, "us-east-1", document)
        iam_backends[account]["aws"].managed_policies[managed.arn] = managed
        return managed.arn

    def bucket(self, account: str, name: str, region: str = "us-east-1", **settings) -> Bucket:
        bucket = Bucket(self.client("s3", account, region), f"{name}-{self.token}", account, region)
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        locked = {"ObjectLockEnabledForBucket": True} if "compliance_days" in settings else {}
        bucket.s3.create_bucket(Bucket=bucket.name, **where, **locked)
        for setting, value in settings.items():
            getattr(bucket, setting)(value)
        return bucket

    def key(self, account: str, region: str = "us-east-1", rotates: bool = True) -> Key:
        kms = self.client("kms", account, region)
        created = kms.create_key(Description="trail")["KeyMetadata"]
        if rotates:
            kms.enable_key_rotation(KeyId=created["KeyId"])
        return Key(kms, created["KeyId"], created["Arn"])

    def topic(self, account: str, name: str, region: str = "us-east-1") -> str:
        self.client("sns", account, region).create_topic(Name=name)
        return name

    def heard_topic(self, account: str, name: str, region: str = "us-east-1", confirmed: bool = True) -> str:
        """A topic with a subscriber, who has answered the mail that asks for a confirmation, or not; returns its ARN."""
        sns = self.client("sns", account, region)
        topic = sns.create_topic(Name=name)["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="security@example.com")
        if not confirmed:
            self.world.unconfirmed.add(topic)
        return topic

    def alert(self, account: str, topic: str, region: str = "us-east-1"):
        """A rule of EventBridge that tells whoever is subscribed to a topic of changes of trails; the topic lets it, beside
        whom it let in before."""
        publish = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sns:Publish"}
        sns = self.client("sns", account, region)
        document = json.loads(sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"])
        document["Statement"].append(publish | {"Resource": topic})
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(document))
        self.send_trail_changes(account, topic, region)

    def forward(self, account: str, other: str, region: str = "us-east-1"):
        """A rule of EventBridge that sends changes of trails to the bus of another account, which lets it."""
        let_in = {"Action": "events:PutEvents", "Principal": account, "StatementId": f"from-{account}"}
        self.client("events", other, region).put_permission(EventBusName="default", **let_in)
        self.send_trail_changes(account, f"arn:aws:events:{region}:{other}:event-bus/default", region)

    def send_trail_changes(self, account: str, target: str, region: str):
        events = self.client("events", account, region)
        detail = {"eventSource": ["cloudtrail.amazonaws.com"], "eventName": list(TRAIL_CHANGES)}
        pattern = json.dumps({"source": ["aws.cloudtrail"], "detail": detail})
        events.put_rule(Name="trail-changes", EventPattern=pattern)
        events.put_targets(Rule="trail-changes", Targets=[{"Id": "security", "Arn": target}])

    def log_group(self, account: str, name: str, region: str = "us-east-1", exists: bool = True, **settings) -> str:
        """A log group with the settings of CreateLogGroup; returns its ARN as trails name it."""
        if exists:
            self.client("logs", account, region).create_log_group(logGroupName=name, **settings)
        return f"arn:aws:logs:{region}:{account}:log-group:{name}:*"

    def log_role(self, account: str, name: str = LOG_ROLE, service: str = CLOUDTRAIL, **changes) -> str:
        """The role by which CloudTrail writes to log groups, with the statement that lets it, changed; returns its ARN."""
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        write = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}
        iam = self.client("iam", account)
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))
        iam.put_role_policy(RoleName=name, PolicyName="write", PolicyDocument=policy(write | changes))
        return f"arn:aws:iam::{account}:role/{name}"

    def config(self, account: str, region: str = "us-east-1", records=True, error: str | None = None):
        """A recorder of AWS Config and its channel; the error is that of the latest delivery."""
        config = self.client("config", account, region)
        role = f"arn:aws:iam::{account}:role/config"
        config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
        self.client("s3", account).create_bucket(Bucket=f"config-{account}-{self.token}")
        channel = {"name": "default", "s3BucketName": f"config-{account}-{self.token}"}
        config.put_delivery_channel(DeliveryChannel=channel)
        if records:
            config.start_configuration_recorder(ConfigurationRecorderName="default")
        if error:
            self.world.config_errors[account, region] = error

    def trail(self, account: str, name: str, bucket: Bucket, region: str = "us-east-1", logs=True, **settings) -> str:
        """A trail with the settings of CreateTrail; returns its ARN."""
        cloudtrail = self.client("cloudtrail", account, region)
        if settings.get("CloudWatchLogsLogGroupArn"):
            settings.setdefault("CloudWatchLogsRoleArn", f"arn:aws:iam::{account}:role/{LOG_ROLE}")
        arn = cloudtrail.create_trail(Name=name, S3BucketName=bucket.name, **settings)["TrailARN"]
        if logs:
            cloudtrail.start_logging(Name=name)
        return arn
