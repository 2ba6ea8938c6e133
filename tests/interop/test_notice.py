"""What is said of alarms, and of who is told of changes of trails."""

import notice


def test_what_is_wrong_is_named(judged):
    planted, scan, _ = judged[notice]["unnoticed"]
    web = planted.accounts["web"]

    def message(rule: str, resource: str = notice.group_of(planted.management, "trail")) -> str:
        (row,) = [row for row in scan.results(rule) if row["resource"] == resource]
        return row["message"]

    told = message("tamper-alert-path", planted.organization_arn)
    assert "nobody has confirmed a subscription to the topic pending" in told
    assert "does nothing when it goes off" in message("alarm-unauthorized-api")
    assert "has its actions disabled" in message("alarm-console-no-mfa")
    assert "alarms-gone does not exist" in message("alarm-root-usage")
    assert "nobody has confirmed" in message("alarm-iam-policy-change")
    for rule in ("alarm-cloudtrail-change", "alarm-console-auth-failure", "alarm-s3-policy-change"):
        assert f"no alarm of {planted.management} in us-east-1 watches the metric" in message(rule), rule
    assert "matches DisableKey, ScheduleKeyDeletion" in message("alarm-cmk-disable-delete")
    assert "its actions are disabled" in message("alarm-actionable")
    assert "goes off when there are few events" in message("alarm-actionable", notice.group_of(web, "quiet"))
    assert "gone does not exist" in message("log-group-exists", notice.group_of(web, "gone"))


def test_nothing_stays_unread(judged):
    for name in notice.ORGANIZATIONS:
        assert judged[notice][name].scan.report["gaps"] == []


def test_what_is_well_is_shown(judged):
    _, scan, _ = judged[notice]["watched"]
    for rule in notice.ALARMS:
        (row,) = scan.results(rule)
        way = f"filter {rule}: metric benchmark/{rule} → alarm benchmark-{rule} → topic alarms → email …@example.com"
        assert way in str(row["evidence"]), row


def test_listings_are_read_to_their_end(judged):
    calls = [call.name for call in judged[notice]["crowded"].scan.calls]
    pages = {"logs:DescribeMetricFilters": 3, "cloudwatch:DescribeAlarms": 2, "events:ListRules": 3}
    assert {name: calls.count(name) for name in pages} == pages
