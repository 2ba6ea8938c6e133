"""The corrections laid over moto, asked as an auditor would ask: what each service says of what was planted."""

import json

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
from botocore.parsers import RpcV2CBORParser
from botocore.serialize import RpcV2CBORSerializer

import govern
import lake
import notice
from asking import refusal


def bucket_of(acme, word):
    return next(arn for (_, arn) in acme.expected if f":::{word}" in arn).removeprefix("arn:aws:s3:::")


def trail_of(acme, name):
    return next(arn for (_, arn) in acme.expected if arn.endswith(f"trail/{name}"))


def test_tagged_buckets_are_found_in_their_region(ask, planted):
    guarded = planted["guarded"]
    session = ask.enter(guarded, guarded.accounts["app"])
    for region, word in (("us-west-2", "ledger"), ("eu-west-1", "cardholder")):
        tagging = ask("resourcegroupstaggingapi", session, region)
        found = tagging.get_resources()["ResourceTagMappingList"]
        assert [row["ResourceARN"].split("-")[0] for row in found] == [f"arn:aws:s3:::{word}"]


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
        session = ask.enter(estranged, estranged.accounts[name])
        assert len(ask("cloudtrail", session).describe_trails()["trailList"]) == seen, name


def test_a_trail_says_that_it_has_selectors(ask, judged, planted):
    def described(organization):
        (row,) = ask("cloudtrail", organization.caller).describe_trails()["trailList"]
        return row["HasInsightSelectors"], row["HasCustomEventSelectors"]

    assert described(judged[notice]["watched"].planted) == (True, False)
    assert described(planted["guarded"]) == (False, True)


def test_a_subscriber_who_has_not_answered_is_pending(ask, judged):
    unnoticed = judged[notice]["unnoticed"].planted
    sns = ask("sns", unnoticed.caller)

    def listed(name):
        topic = f"arn:aws:sns:us-east-1:{unnoticed.management}:{name}"
        (row,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
        return row["SubscriptionArn"]

    assert listed("pending") == "PendingConfirmation" and listed("alarms").startswith("arn:aws:sns:")


def test_filters_and_alarms_come_in_pages(ask, judged):
    crowded = judged[notice]["crowded"].planted
    filters = ask("logs", crowded.caller).get_paginator("describe_metric_filters").paginate(logGroupName="trail")
    assert [len(page["metricFilters"]) for page in filters] == [50, 50, 6]
    alarms = ask("cloudwatch", crowded.caller).get_paginator("describe_alarms").paginate()
    assert [len(page["MetricAlarms"]) for page in alarms] == [100, 6]


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


def test_an_event_data_store_is_of_its_account_and_region(ask, judged):
    stocked = judged[lake]["stocked"].planted
    web = stocked.accounts["web"]
    (team,) = [arn for arn in stocked.expected_of(lake.POLICY) if f":{web}:" in arn]
    cloudtrail = ask("cloudtrail", ask.enter(stocked, web))
    (row,) = cloudtrail.list_event_data_stores()["EventDataStores"]
    assert row == {"EventDataStoreArn": team, "Name": "team"}
    assert cloudtrail.get_event_data_store(EventDataStore=team.rpartition("/")[2])["Name"] == "team"
    assert refusal(cloudtrail.get_resource_policy, ResourceArn=team)[0] == "ResourcePolicyNotFoundException"
    for client in (ask("cloudtrail", stocked.caller), ask("cloudtrail", stocked.caller, "eu-west-1")):
        assert team not in str(client.list_event_data_stores())
        assert refusal(client.get_event_data_store, EventDataStore=team)[0] == "EventDataStoreNotFoundException"


def test_an_event_data_store_is_made_as_cloudtrail_makes_it(ask, judged):
    stocked = judged[lake]["stocked"].planted
    cloudtrail = ask("cloudtrail", stocked.caller)
    arns = {row["Name"]: row["EventDataStoreArn"] for row in cloudtrail.list_event_data_stores()["EventDataStores"]}
    made, lent = (cloudtrail.get_event_data_store(EventDataStore=arns[name]) for name in ("as-made", "lent"))
    assert (made["Status"], made["RetentionPeriod"], made["TerminationProtectionEnabled"]) == ("ENABLED", 366, True)
    assert "KmsKeyId" not in made and "ResourcePolicy" not in lent
    assert lake.STRANGER in cloudtrail.get_resource_policy(ResourceArn=arns["lent"])["ResourcePolicy"]
