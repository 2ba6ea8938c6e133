"""What is said of who can see, write or erase the logs, and of what is recorded."""

import meaning


def test_what_is_wrong_is_named(judged):
    scan = judged[meaning]["exposed"].scan
    (row,) = [row for row in scan.results("log-bucket-not-public") if row["outcome"] == "fail"]
    assert "s3:GetObject" in str(row["evidence"]) or "statement" in row["message"], row
    scan = judged[meaning]["recorded"].scan
    messages = {row["message"] for row in scan.results("management-events-no-exclusions")}
    assert all("KMS" in message or "kms" in message for message in messages), messages
