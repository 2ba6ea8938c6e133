"""The server, asked through boto3 as an auditor would ask it."""

import json
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from planted import ROLE, Caller, Planted

SERVICES = ["account:*", "cloudtrail:*", "cloudwatch:*", "kms:*", "organizations:*", "s3:*", "sns:*", "tag:*"]
READ_ONLY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": SERVICES, "Resource": "*"}]}
)


class Auditor:
    def __init__(self, server):
        self.server = server

    def __call__(self, service: str, by: Caller | dict, region: str = "us-east-1"):
        """A client with a user's key, or with the credentials of a session."""
        if isinstance(by, dict):
            key, secret, token = by["AccessKeyId"], by["SecretAccessKey"], by["SessionToken"]
        else:
            key, secret, token = by.access_key, by.secret_key, None
        client = boto3.client(
            service,
            region_name=region,
            endpoint_url=self.server.url,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
        )
        # S3 Control puts the account before the host, which an IP address does not bear.
        client.meta.events.register("before-sign.s3-control", self.without_account)
        return client

    def without_account(self, request, **_):
        request.url = self.server.url + urlsplit(request.url).path

    def enter(self, planted: Planted, account: str, role: str = ROLE, policy: str | None = READ_ONLY, **sent) -> dict:
        """The credentials of a session in an account, entered with the organization's external id or another."""
        named = {"RoleArn": f"arn:aws:iam::{account}:role/{role}", "RoleSessionName": "interop"}
        optional = {"Policy": policy, "ExternalId": sent.get("external_id", planted.external_id)}
        given = {name: value for name, value in optional.items() if value is not None}
        return self("sts", planted.caller).assume_role(**named, **given)["Credentials"]


def refusal(call, **arguments):
    """The error code, HTTP status and headers of a call that must be refused."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    answer = caught.value.response
    meta = answer["ResponseMetadata"]
    return answer["Error"]["Code"], meta["HTTPStatusCode"], meta["HTTPHeaders"]
