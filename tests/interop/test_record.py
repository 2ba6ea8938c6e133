"""The rules on topics, tags, copies and further events, held against what was planted."""

import pytest

import record


@pytest.fixture(scope="module")
def judged(binary, seeder):
    """Each organization and its scan with all rules, planted and run when first asked for."""
    parameters = [
        "trail-tagged.required_tags=owner,stage=prod",
        f"log-bucket-expected.buckets=sound-{seeder.token}",
        "data-events-required-types.resource_types=AWS::SQS::Queue",
        "network-activity-events.event_sources=kms.amazonaws.com",
    ]
    arguments = [part for parameter in parameters for part in ("--set", parameter)]

    class Judged(dict):
        def __missing__(self, name):
            planted = record.ORGANIZATIONS[name](seeder)
            self[name] = planted, binary.scan(planted, "--pack", "all", *arguments)
            return self[name]

    return Judged()


@pytest.mark.parametrize("rule", record.RULES)
@pytest.mark.parametrize("organization", record.ORGANIZATIONS)
def test_verdicts(judged, organization, rule):
    planted, scan = judged[organization]
    expected = planted.expected_of(rule)
    outcomes = scan.outcomes(rule)
    assert {resource: outcomes.get(resource) for resource in expected} == expected, scan


@pytest.mark.parametrize("rule", record.RULES)
def test_every_rule_has_a_good_and_a_bad_case(judged, rule):
    planted = {outcome for name in record.ORGANIZATIONS for outcome in judged[name][0].expected_of(rule).values()}
    assert planted == {"pass", "fail"}


def test_what_is_wrong_is_named(judged):
    planted, scan = judged["announced"]

    def message(rule: str, name: str) -> str:
        (row,) = [row for row in scan.results(rule) if row["resource"].split("/")[-1].split(":")[-1].startswith(name)]
        return row["message"]

    assert "for whichever account" in message("sns-topic-policy", "for-anybody")
    assert "allows * sns:Subscribe" in message("sns-topic-policy", "overheard")
    assert "us-east-1: AuthorizationError" in message("sns-delivery-error", "mute")
    assert "in the same Region and account" in message("log-bucket-replication", "to-near")
    assert "which does not exist" in message("log-bucket-replication", "to-gone")
    assert not [gap for gap in scan.report["gaps"] if gap["operation"] in ("s3:GetBucketReplication", "sns:GetTopicAttributes")]
