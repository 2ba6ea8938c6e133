"""The corrections laid over moto, asked as an auditor would ask: who may ask, where, and what."""

import json

import govern
from asking import READ_ONLY, refusal
from faithful import AFTER, BEFORE, INSTALL
from faithful.access import SESSION_POLICY_LIMIT
from planted import Caller


def test_each_correction_says_what_moto_does_and_what_aws_does():
    for correction in [*INSTALL, *BEFORE, *AFTER]:
        assert correction.__doc__.startswith("moto"), correction.__name__
        assert "AWS:" in correction.__doc__, correction.__name__


def test_unknown_and_incomplete_credentials_are_refused(ask, acme, enter):
    stranger = Caller("1", "AKIA0000000000000000", "secret")
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
    member = ask("organizations", enter(acme.accounts["web"]))
    assert refusal(member.list_roots)[0] == "AccessDeniedException"
    assert member.describe_organization()["Organization"]["MasterAccountId"] == acme.management


def test_a_closed_account_is_listed_as_suspended(ask, acme):
    accounts = ask("organizations", acme.caller).list_accounts()["Accounts"]
    states = {account["Id"]: account["State"] for account in accounts}
    assert states[acme.accounts["closed"]] == "SUSPENDED"


def test_policies_are_in_use_once_their_type_is_enabled(ask, judged, acme):
    def of_the_root(organization):
        organizations = ask("organizations", organization.caller)
        (root,) = organizations.list_roots()["Roots"]
        listed = organizations.list_policies_for_target(TargetId=root["Id"], Filter="SERVICE_CONTROL_POLICY")
        return [policy["Name"] for policy in listed["Policies"]]

    assert of_the_root(acme) == []
    assert of_the_root(judged[govern]["governed"].planted) == ["FullAWSAccess"]
