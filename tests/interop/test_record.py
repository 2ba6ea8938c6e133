"""What is said of topics, tags, copies and further events."""

import record


def test_what_is_wrong_is_named(judged):
    scan = judged[record]["announced"].scan

    def message(rule: str, name: str) -> str:
        (row,) = [row for row in scan.results(rule) if row["resource"].split("/")[-1].split(":")[-1].startswith(name)]
        return row["message"]

    assert "for whichever account" in message("sns-topic-policy", "for-anybody")
    assert "allows * sns:Subscribe" in message("sns-topic-policy", "overheard")
    assert "us-east-1: AuthorizationError" in message("sns-delivery-error", "mute")
    assert "in the same Region and account" in message("log-bucket-replication", "to-near")
    assert "which does not exist" in message("log-bucket-replication", "to-gone")
    assert "(us-east-1: last delivery" in message("s3-delivery-recent", "late")
    assert "us-east-1: AccessDenied" in message("cloudwatch-delivery-healthy", "unsearchable")
    assert scan.report["gaps"] == []
