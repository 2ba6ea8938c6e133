"""The rules of meaning, held against what was planted: who can see, write or erase the logs, and what is recorded."""

import pytest

import meaning


@pytest.fixture(scope="module")
def judged(binary, seeder):
    """Each organization and its scan with all rules, planted and run when first asked for."""

    class Judged(dict):
        def __missing__(self, name):
            planted = meaning.ORGANIZATIONS[name](seeder)
            self[name] = planted, binary.scan(planted, "--pack", "all")
            return self[name]

    return Judged()


@pytest.mark.parametrize("rule", meaning.RULES)
@pytest.mark.parametrize("organization", meaning.ORGANIZATIONS)
def test_verdicts(judged, organization, rule):
    planted, scan = judged[organization]
    expected = planted.expected_of(rule)
    outcomes = scan.outcomes(rule)
    assert {resource: outcomes.get(resource) for resource in expected} == expected, scan


@pytest.mark.parametrize("rule", meaning.RULES)
def test_every_rule_has_a_good_and_a_bad_case(judged, rule):
    outcomes = {row["outcome"] for name in meaning.ORGANIZATIONS for row in judged[name][1].results(rule)}
    never_fails_here = {"org-trail-member-coverage"}
    assert outcomes >= ({"pass"} if rule in never_fails_here else {"pass", "fail"})


def test_what_is_wrong_is_named(judged):
    _, scan = judged["exposed"]
    (row,) = [row for row in scan.results("log-bucket-not-public") if row["outcome"] == "fail"]
    assert "s3:GetObject" in str(row["evidence"]) or "statement" in row["message"], row
    _, scan = judged["recorded"]
    messages = {row["message"] for row in scan.results("management-events-no-exclusions")}
    assert all("KMS" in message or "kms" in message for message in messages), messages
