"""The verdicts of a scan against what was planted: per organization and rule, every resource and nothing else."""

import pytest

import seed
from planted import ALL_RULES


@pytest.mark.parametrize("rule", ALL_RULES)
@pytest.mark.parametrize("organization", seed.ORGANIZATIONS)
def test_verdicts(scans, planted, organization, rule):
    scan = scans[organization]
    assert scan.outcomes(rule) == planted[organization].expected_of(rule), scan


@pytest.mark.parametrize(("organization", "code"), [("acme", 1), ("good", 0), ("partial", 1), ("silent", 1)])
def test_exit_codes(scans, organization, code):
    scan = scans[organization]
    assert scan.code == code, scan
    gate = scan.report["summary"]["gate"]
    expected = {"fail_on": "medium", "complete": organization != "acme", "exit_code": code}
    assert {key: gate[key] for key in expected} == expected


def test_results_name_owners_regions_and_users(scans, planted):
    acme, scan = planted["acme"], scans["acme"]
    (bucket,) = [row for row in scan.results("log-bucket-versioning") if "trail-logs" in row["resource"]]
    (trail,) = [row for row in scan.results("log-file-validation") if row["resource"].endswith("/organization")]
    assert (bucket["account"], bucket["region"]) == (acme.accounts["log-archive"], "us-east-1")
    assert bucket["related"] == [trail["resource"]]
    assert (trail["account"], trail["region"], trail["scope"]) == (acme.management, "us-east-1", "trail")
    (organization,) = scan.results("organization-trail")
    assert (organization["region"], organization["scope"]) == (None, "organization")
    for row in scan.results("multi-region-trail"):
        assert row["region"] is None and row["resource"] == f"arn:aws:iam::{row['account']}:root"


def test_accounts_are_counted_and_closed_ones_are_inventory(scans, planted):
    accounts = scans["acme"].report["summary"]["accounts"]
    assert accounts == {"total": 4, "observed": 4, "unobserved": 0, "inactive": 1}
    closed = planted["acme"].accounts["closed"]
    assert not [row for row in scans["acme"].report["results"] if row["account"] == closed]
    assert not [gap for gap in scans["acme"].report["gaps"] if gap["account"] == closed]
    (listed,) = [row for row in scans["acme"].snapshot["accounts"] if row["id"] == closed]
    assert listed["state"].upper() == "SUSPENDED"


def test_encryption_with_a_key_can_be_demanded(binary, planted):
    scan = binary.scan(planted["acme"], "--set", "log-bucket-encryption.require_kms=true")
    outcomes = {
        resource: outcome
        for resource, outcome in scan.outcomes("log-bucket-encryption").items()
        if "locked" in resource or "trail-logs" in resource
    }
    assert sorted(outcomes.values()) == ["fail", "pass"], scan
    assert all(outcome == "pass" for resource, outcome in outcomes.items() if "locked" in resource)


def test_a_large_organizational_unit_is_listed_to_its_end(binary, planted):
    crowd = planted["crowd"]
    scan = binary.scan(crowd, "--regions", "us-east-1")
    assert scan.report["summary"]["accounts"]["total"] == 25, scan
    assert scan.outcomes("multi-region-trail") == crowd.expected_of("multi-region-trail"), scan


def test_each_account_is_asked_in_each_of_its_regions(scans, planted):
    good = planted["good"]
    asked = [(call.account, call.region) for call in scans["good"].calls if call.name == "cloudtrail:DescribeTrails"]
    of = {name: {region for by, region in asked if by == account} for name, account in good.accounts.items()}
    assert len(of["management"]) == len(of["log-archive"]) == 17
    assert of["app"] - of["management"] == {"ap-east-1"}, "a Region that this account has switched on"
    assert len(asked) == len(set(asked)) == 17 + 17 + 18
