"""Buckets and keys, and the policies of both: what most plants set in more than one way."""

import json
from dataclasses import dataclass
from functools import cached_property

CLOUDTRAIL = "cloudtrail.amazonaws.com"


def policy(*statements: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@dataclass
class Key:
    kms: object
    id: str
    arn: str

    def accepts_trail(self, trail_arn: str, *more: dict):
        """The key policy that CloudTrail's guide gives, and more statements."""
        account = self.arn.split(":")[4]
        condition = {"StringEquals": {"aws:SourceArn": trail_arn}}
        service = {"Effect": "Allow", "Principal": {"Service": CLOUDTRAIL}, "Resource": "*"}
        statements = [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "kms:*", "Resource": "*"},
            {**service, "Action": "kms:GenerateDataKey*", "Condition": condition},
            {**service, "Action": "kms:DescribeKey", "Condition": condition},
            *more,
        ]
        self.put_policy(statements)

    def put_policy(self, statements: list[dict]):
        self.kms.put_key_policy(KeyId=self.id, PolicyName="default", Policy=policy(*statements))


@dataclass
class Bucket:
    s3: object
    name: str
    account: str
    region: str

    @cached_property
    def arn(self) -> str:
        return f"arn:aws:s3:::{self.name}"

    def versioned(self, status: str):
        self.s3.put_bucket_versioning(Bucket=self.name, VersioningConfiguration={"Status": status})

    def compliance_days(self, days: int):
        retention = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": days}}
        lock = {"ObjectLockEnabled": "Enabled", "Rule": retention}
        self.s3.put_object_lock_configuration(Bucket=self.name, ObjectLockConfiguration=lock)

    def lifecycle(self, rules: list[dict]):
        whole = [{"ID": f"rule-{i}", "Status": "Enabled", "Filter": {"Prefix": ""}, **r} for i, r in enumerate(rules)]
        self.s3.put_bucket_lifecycle_configuration(Bucket=self.name, LifecycleConfiguration={"Rules": whole})

    def encrypted(self, key: Key | None):
        if key is None:
            self.s3.delete_bucket_encryption(Bucket=self.name)
            return
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key.arn}
        rules = [{"ApplyServerSideEncryptionByDefault": default}]
        self.s3.put_bucket_encryption(Bucket=self.name, ServerSideEncryptionConfiguration={"Rules": rules})

    def blocks_public_access(self, on: bool):
        flags = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        block = dict.fromkeys(flags, on)
        self.s3.put_public_access_block(Bucket=self.name, PublicAccessBlockConfiguration=block)

    def accepts_logs(self, on: bool):
        """The bucket policy that lets S3 write server access logs."""
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"{self.arn}/*",
        }
        self.put_policy([statement])

    def put_policy(self, statements: list[dict]):
        self.s3.put_bucket_policy(Bucket=self.name, Policy=policy(*statements))

    def logs_access_to(self, target: "Bucket"):
        enabled = {"TargetBucket": target.name, "TargetPrefix": "access/"}
        self.s3.put_bucket_logging(Bucket=self.name, BucketLoggingStatus={"LoggingEnabled": enabled})

    def accepts_trail(self, trail_arn: str):
        """The bucket policy that CloudTrail's guide gives."""
        condition = {"StringEquals": {"aws:SourceArn": trail_arn}}
        service = {"Effect": "Allow", "Principal": {"Service": CLOUDTRAIL}, "Condition": condition}
        statements = [
            {**service, "Action": "s3:GetBucketAcl", "Resource": self.arn},
            {**service, "Action": "s3:PutObject", "Resource": f"{self.arn}/AWSLogs/*"},
        ]
        self.put_policy(statements)

    def tagged(self, tags: dict[str, str]):
        rows = [{"Key": key, "Value": value} for key, value in tags.items()]
        self.s3.put_bucket_tagging(Bucket=self.name, Tagging={"TagSet": rows})

    def is_gone(self):
        self.s3.delete_bucket(Bucket=self.name)
