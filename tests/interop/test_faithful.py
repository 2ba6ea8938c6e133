"""The corrections laid over moto, asked through boto3 as an auditor would ask."""

import json
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session
from botocore.parsers import RpcV2CBORParser
from botocore.serialize import RpcV2CBORSerializer

import govern
import notice
from faithful import AFTER, BEFORE, INSTALL
from faithful.access import SESSION_POLICY_LIMIT
from planted import ROLE

SERVICES = ["account:*", "cloudtrail:*", "cloudwatch:*", "kms:*", "s3:*", "sns:*", "tag:*"]
READ_ONLY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": SERVICES, "Resource": "*"}]}
)


@pytest.fixture(scope="module")
def acme(planted):
    return planted["acme"]


@pytest.fixture(scope="module")
def ask(server):
    def client(service, caller_or_session, region="us-east-1"):
        if isinstance(caller_or_session, dict):
            key, secret = caller_or_session["AccessKeyId"], caller_or_session["SecretAccessKey"]
            token = caller_or_session["SessionToken"]
        else:
            key, secret, token = caller_or_session.access_key, caller_or_session.secret_key, None
        client = boto3.client(
            service,
            region_name=region,
            endpoint_url=server.url,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
        )
        # S3 Control puts the account before the host, which an IP address does not bear.
        client.meta.events.register("before-sign.s3-control", without_account)
        return client

    def without_account(request, **_):
        request.url = server.url + urlsplit(request.url).path

    return client


@pytest.fixture(scope="module")
def enter(ask, acme):
    def assume(account, role=ROLE, policy=READ_ONLY, external_id=acme.external_id):
        named = {"RoleArn": f"arn:aws:iam::{account}:role/{role}", "RoleSessionName": "interop"}
        optional = {"Policy": policy, "ExternalId": external_id}
        given = {name: value for name, value in optional.items() if value is not None}
        return ask("sts", acme.caller).assume_role(**named, **given)["Credentials"]

    return assume


def refusal(call, **arguments):
    """The error code, HTTP status and headers of a call that must be refused."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    answer = caught.value.response
    meta = answer["ResponseMetadata"]
    return answer["Error"]["Code"], meta["HTTPStatusCode"], meta["HTTPHeaders"]


def bucket_of(acme, word):
    return next(arn for (_, arn) in acme.expected if f":::{word}" in arn).removeprefix("arn:aws:s3:::")


def trail_of(acme, name):
    return next(arn for (_, arn) in acme.expected if arn.endswith(f"trail/{name}"))


def test_each_correction_says_what_moto_does_and_what_aws_does():
    for correction in [*INSTALL, *BEFORE, *AFTER]:
        assert correction.__doc__.startswith("moto"), correction.__name__
        assert "AWS:" in correction.__doc__, correction.__name__


def test_unknown_and_incomplete_credentials_are_refused(ask, acme, enter):
    stranger = type(acme.caller)("1", "AKIA0000000000000000", "secret")
    assert refusal(ask("sts", stranger).get_caller_identity)[0] == "InvalidClientTokenId"
    assert refusal(ask("cloudtrail", stranger).describe_trails)[0] == "UnrecognizedClientException"
    session = enter(acme.accounts["web"])
    without_token = {**session, "SessionToken": "forged"}
    assert refusal(ask("cloudtrail", without_token).describe_trails)[0] == "UnrecognizedClientException"
    assert "trailList" in ask("cloudtrail", session).describe_trails()


def test_regions_are_listed_and_those_that_are_off_do_not_answer(ask, planted, acme, enter):
    rows = ask("account", enter(acme.accounts["web"])).list_regions(MaxResults=50)["Regions"]
    states = {row["RegionName"]: row["RegionOptStatus"] for row in rows}
    assert states["us-east-1"] == "ENABLED_BY_DEFAULT" and states["ap-east-1"] == "DISABLED"
    asked = ask("cloudtrail", enter(acme.accounts["web"]), "ap-east-1").describe_trails
    assert refusal(asked)[0] == "UnrecognizedClientException"


def test_tagged_buckets_are_found_in_their_region(ask, planted):
    guarded = planted["guarded"]
    arn = f"arn:aws:iam::{guarded.accounts['app']}:role/{ROLE}"
    session = ask("sts", guarded.caller).assume_role(RoleArn=arn, RoleSessionName="interop", Policy=READ_ONLY)
    for region, word in (("us-west-2", "ledger"), ("eu-west-1", "cardholder")):
        tagging = ask("resourcegroupstaggingapi", session["Credentials"], region)
        found = tagging.get_resources()["ResourceTagMappingList"]
        assert [row["ResourceARN"].split("-")[0] for row in found] == [f"arn:aws:s3:::{word}"]


def test_regions_come_in_pages(ask, acme):
    pages = list(ask("account", acme.caller).get_paginator("list_regions").paginate(MaxResults=10))
    assert [len(page["Regions"]) for page in pages] == [10, 10, 1]


def test_writes_are_refused_and_remembered(ask, acme, server):
    before = len(server.world.calls)
    code = refusal(ask("cloudtrail", acme.caller).stop_logging, Name="organization")[0]
    assert code == "AccessDeniedException"
    (call,) = server.world.calls[before:]
    assert (call.name, call.reads, call.status) == ("cloudtrail:StopLogging", False, 403)
    assert refusal(ask("s3", acme.caller).create_bucket, Bucket="x-interop")[1] == 403


def test_roles_that_are_missing_closed_or_distrustful_refuse(acme, enter):
    web = acme.accounts["web"]
    for arguments in [
        {"account": web, "role": "no-such-role"},
        {"account": web, "external_id": "wrong"},
        {"account": web, "external_id": None},
        {"account": web, "policy": None},
        {"account": acme.accounts["closed"]},
        {"account": "888888888888"},
    ]:
        assert refusal(enter, **arguments)[:2] == ("AccessDenied", 403), arguments


def test_a_session_policy_is_short_and_holds(ask, acme, enter):
    web = acme.accounts["web"]
    short = json.loads(READ_ONLY)
    short["Statement"][0]["Action"] = ["cloudtrail:DescribeTrails"]
    session = enter(web, policy=json.dumps(short))
    ask("cloudtrail", session).describe_trails()
    assert refusal(ask("s3", session).list_buckets)[0] == "AccessDenied"
    too_long = json.dumps(short) + " " * SESSION_POLICY_LIMIT
    assert refusal(enter, account=web, policy=too_long)[0] == "ValidationError"


def test_only_the_management_account_lists_and_twenty_a_page(ask, acme, enter, planted):
    crowd = planted["crowd"]
    organizations = ask("organizations", crowd.caller)
    unit = next(
        row["Id"]
        for row in organizations.list_organizational_units_for_parent(
            ParentId=organizations.list_roots()["Roots"][0]["Id"]
        )["OrganizationalUnits"]
    )
    pages = list(organizations.get_paginator("list_accounts_for_parent").paginate(ParentId=unit))
    assert [len(page["Accounts"]) for page in pages] == [20, 3]
    assert len(organizations.list_accounts()["Accounts"]) == 20
    every = json.dumps({"Statement": [{"Action": ["organizations:*"]}]})
    member = ask("organizations", enter(acme.accounts["web"], policy=every))
    assert refusal(member.list_roots)[0] == "AccessDeniedException"
    assert member.describe_organization()["Organization"]["MasterAccountId"] == acme.management


def test_a_closed_account_is_listed_as_suspended(ask, acme):
    accounts = ask("organizations", acme.caller).list_accounts()["Accounts"]
    states = {account["Id"]: account["State"] for account in accounts}
    assert states[acme.accounts["closed"]] == "SUSPENDED"


def test_members_see_the_organization_trail_with_its_owners_arn(ask, acme, enter):
    session = enter(acme.accounts["web"])
    everywhere = {"organization", "failing"}
    for region, names in [("us-east-1", {*everywhere, "stopped"}), ("sa-east-1", everywhere)]:
        rows = ask("cloudtrail", session, region).describe_trails()["trailList"]
        assert {row["Name"] for row in rows} == names
        arn = next(row["TrailARN"] for row in rows if row["IsOrganizationTrail"])
        assert arn == trail_of(acme, "organization")
    own = ask("cloudtrail", session).describe_trails(includeShadowTrails=False)["trailList"]
    assert [row["Name"] for row in own] == ["stopped"]


def test_a_delegated_administrator_reads_as_the_management_account_does(ask, planted):
    delegated = planted["delegated"]
    asked = ask("organizations", delegated.caller).list_delegated_administrators
    rows = asked(ServicePrincipal="cloudtrail.amazonaws.com")["DelegatedAdministrators"]
    assert [row["Id"] for row in rows] == [delegated.caller.account]
    arn = trail_of(delegated, "organization")
    assert ask("cloudtrail", delegated.caller).get_trail_status(Name=arn)["IsLogging"] is True


def test_a_member_without_the_home_region_does_not_see_the_organization_trail(ask, judged):
    estranged = judged[govern]["estranged"].planted
    for name, seen in (("log-archive", 1), ("app", 0)):
        arn = f"arn:aws:iam::{estranged.accounts[name]}:role/{ROLE}"
        session = ask("sts", estranged.caller).assume_role(RoleArn=arn, RoleSessionName="interop", Policy=READ_ONLY)
        assert len(ask("cloudtrail", session["Credentials"]).describe_trails()["trailList"]) == seen, name


def test_a_trail_says_that_it_has_selectors(ask, judged, planted):
    def described(organization):
        (row,) = ask("cloudtrail", organization.caller).describe_trails()["trailList"]
        return row["HasInsightSelectors"], row["HasCustomEventSelectors"]

    assert described(judged[notice]["watched"].planted) == (True, False)
    assert described(planted["guarded"]) == (False, True)


def test_policies_are_in_use_once_their_type_is_enabled(ask, judged, acme):
    def of_the_root(organization):
        organizations = ask("organizations", organization.caller)
        (root,) = organizations.list_roots()["Roots"]
        listed = organizations.list_policies_for_target(TargetId=root["Id"], Filter="SERVICE_CONTROL_POLICY")
        return [policy["Name"] for policy in listed["Policies"]]

    assert of_the_root(acme) == []
    assert of_the_root(judged[govern]["governed"].planted) == ["FullAWSAccess"]


def test_a_subscriber_who_has_not_answered_is_pending(ask, judged):
    unnoticed = judged[notice]["unnoticed"].planted
    sns = ask("sns", unnoticed.caller)

    def listed(name):
        topic = f"arn:aws:sns:us-east-1:{unnoticed.management}:{name}"
        (row,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
        return row["SubscriptionArn"]

    assert listed("pending") == "PendingConfirmation" and listed("alarms").startswith("arn:aws:sns:")


def test_alarms_are_the_same_in_cbor(server, judged):
    """botocore asks in JSON; what it is told here it is told in CBOR, by its own serializer and parser."""
    watched = judged[notice]["watched"].planted
    session = boto3.Session(watched.caller.access_key, watched.caller.secret_key, region_name="us-east-1")
    model = session._session.get_service_model("cloudwatch")
    operation = model.operation_model("DescribeAlarms")
    asked = RpcV2CBORSerializer().serialize_to_request({"AlarmNamePrefix": "benchmark-alarm-vpc"}, operation)
    request = AWSRequest("POST", server.url + asked["url_path"], headers=asked["headers"], data=asked["body"])
    SigV4Auth(session.get_credentials(), "monitoring", "us-east-1").add_auth(request)
    answer = URLLib3Session().send(request.prepare())
    told = {"status_code": answer.status_code, "headers": answer.headers, "body": answer.content}
    in_cbor = RpcV2CBORParser().parse(told, operation.output_shape)
    in_json = session.client("cloudwatch", endpoint_url=server.url).describe_alarms(AlarmNamePrefix="benchmark-alarm-vpc")
    (alarm,) = in_cbor["MetricAlarms"]
    assert in_cbor["MetricAlarms"] == in_json["MetricAlarms"] and alarm["Threshold"] == 1.0


def test_tags_are_read_by_the_owner_alone(ask, acme, enter):
    arns = [trail_of(acme, "organization")]
    assert "ResourceTagList" in ask("cloudtrail", acme.caller).list_tags(ResourceIdList=arns)
    asked = ask("cloudtrail", enter(acme.accounts["web"])).list_tags
    assert refusal(asked, ResourceIdList=arns)[0] == "CloudTrailARNInvalidException"


def test_a_status_tells_what_was_planted(ask, acme, enter):
    good = ask("cloudtrail", acme.caller).get_trail_status(Name=trail_of(acme, "organization"))
    told = {"LatestDigestDeliveryTime", "LatestNotificationTime", "LatestCloudWatchLogsDeliveryTime"}
    assert told <= set(good) and "LatestDeliveryError" not in good
    failing = ask("cloudtrail", enter(acme.accounts["web"]), "us-west-2")
    assert failing.get_trail_status(Name=trail_of(acme, "failing"))["LatestDeliveryError"] == "AccessDenied"


def test_a_trail_without_selectors_has_the_default_one(ask, acme):
    selectors = ask("cloudtrail", acme.caller).get_event_selectors(TrailName=trail_of(acme, "organization"))
    assert "AdvancedEventSelectors" not in selectors
    assert selectors["EventSelectors"][0]["IncludeManagementEvents"] is True


def test_a_bucket_says_where_it_is_to_everybody_and_the_rest_to_its_owner(ask, acme, enter, server):
    name = bucket_of(acme, "bare")
    web, stranger = enter(acme.accounts["web"]), acme.caller
    code, status, headers = refusal(ask("s3", stranger, "eu-west-1").head_bucket, Bucket=name)
    assert (status, headers["x-amz-bucket-region"]) == (403, "eu-west-1")
    assert refusal(ask("s3", stranger, "eu-west-1").get_bucket_versioning, Bucket=name)[0] == "AccessDenied"
    before = len(server.world.calls)
    ask("s3", web).get_bucket_versioning(Bucket=name)
    statuses = [call.status for call in server.world.calls[before:]]
    assert (statuses[0], statuses[-1]) == (301, 200), "boto3 follows the redirect to the bucket's Region"
    assert ask("s3", web, "eu-west-1").head_bucket(Bucket=name)["BucketRegion"] == "eu-west-1"
    assert refusal(ask("s3", stranger).head_bucket, Bucket=bucket_of(acme, "gone"))[1] == 404


def test_buckets_are_listed_by_prefix_with_regions_in_pages(ask, acme, enter):
    s3 = ask("s3", enter(acme.accounts["data"]))
    pages = list(s3.get_paginator("list_buckets").paginate(Prefix="locked", PaginationConfig={"PageSize": 1}))
    rows = [row for page in pages for row in page["Buckets"]]
    assert len(pages) == 2 and {row["BucketRegion"] for row in rows} == {"us-east-1"}


def test_a_bucket_tells_its_owner_what_is_planted(ask, acme, enter):
    data = ask("s3", enter(acme.accounts["data"]))
    assert data.get_bucket_versioning(Bucket=bucket_of(acme, "locked"))["MFADelete"] == "Enabled"
    archive = ask("s3", enter(acme.accounts["log-archive"]))
    name = bucket_of(acme, "trail-logs")
    assert "MFADelete" not in archive.get_bucket_versioning(Bucket=name)
    rules = archive.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert archive.get_bucket_request_payment(Bucket=name)["Payer"] == "BucketOwner"
    lock = archive.get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"]
    assert lock["Rule"]["DefaultRetention"] == {"Mode": "COMPLIANCE", "Days": 365}


def test_an_account_reads_its_own_public_access_block(ask, acme, enter):
    web = acme.accounts["web"]
    asked = ask("s3control", enter(web)).get_public_access_block
    assert refusal(asked, AccountId=web)[0] == "NoSuchPublicAccessBlockConfiguration"
    assert refusal(asked, AccountId=acme.management)[0] == "AccessDenied"


def test_a_key_answers_its_owner_alone(ask, acme, enter):
    rotations = acme.expected_of("kms-key-rotation")
    arn = next(arn for arn, outcome in rotations.items() if outcome == "pass")
    owner = arn.split(":")[4]
    kms = ask("kms", enter(owner))
    rotation = kms.get_key_rotation_status(KeyId=arn)
    assert rotation["KeyRotationEnabled"] is True and rotation["KeyId"]
    assert json.loads(kms.get_key_policy(KeyId=arn)["Policy"])["Statement"]
    assert refusal(ask("kms", acme.caller).describe_key, KeyId=arn)[0] == "AccessDeniedException"
