"""What is said of who may change the logs."""

import govern
from seed import root


def test_what_is_wrong_is_named(judged):
    planted, scan, _ = judged[govern]["governed"]

    def row(rule: str, name: str) -> dict:
        account = planted.accounts[name]
        (found,) = [row for row in scan.results(rule) if row["account"] == account and row["outcome"] == "fail"]
        return found

    def message(rule: str, name: str) -> str:
        return row(rule, name)["message"]

    attached = f"AWSCloudTrail_FullAccess is attached to arn:aws:iam::{planted.accounts['half']}:user/administrator"
    assert attached in message(govern.FULL_ACCESS, "half")
    assert "policy/nobodys allows cloudtrail:*" in message(govern.FULL_ACCESS, "idle")
    assert "user/narrower: cloudtrail:PutEventSelectors" in message(govern.TAMPER, "management")
    assert "spared arn:aws:iam::*:role/admin-*" in message(*govern.CONTROL, "spared")
    opened = message(*govern.CONTROL, "half")
    assert "cloudtrail:UpdateTrail on" in opened and "cloudtrail:StopLogging" not in opened
    for name, *facts in (("half", False, False, False), ("whole", True, False, True), ("bare", True, True, False)):
        evidence = row(*govern.TRAILS, name)["evidence"]
        assert [evidence[f"trail.log_role.{fact}"] for fact in ("exists", "trusts_cloudtrail", "can_write")] == facts


def test_who_is_spared_by_name_or_bounded_is_not_named(judged):
    planted, scan, _ = judged[govern]["governed"]
    messages = str([row["message"] for row in scan.results(govern.TAMPER)])
    assert "breakglass" not in messages and "role/bound" not in messages


def test_a_member_without_the_home_region_is_named(judged):
    planted, scan, _ = judged[govern]["estranged"]
    for rule in ("delegated-admin-expected", "org-trail-home-region-optin"):
        (row,) = scan.results(rule)
        assert planted.accounts["app"] in row["message"] and planted.accounts["log-archive"] not in row["message"]
    outcomes = scan.outcomes(*govern.MEMBERS)
    assert [resource for resource in outcomes if outcomes[resource] == "fail"] == [root(planted.accounts["app"])]


def test_nothing_stays_unread(judged):
    for name in govern.ORGANIZATIONS:
        assert judged[govern][name].scan.report["gaps"] == []
