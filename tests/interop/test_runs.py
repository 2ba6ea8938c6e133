"""Whole runs: who is scanned, what is said of those that refuse, what is written, and what is never asked."""

import json
import platform
import subprocess
from pathlib import Path

import pytest
from moto.sts.models import sts_backends

import govern
import notice
from planted import ALL_RULES, ROLE, RULES, Caller

ROOT = Path(__file__).resolve().parents[2]


WRONG_WHERE_ONE_ACCOUNT_IS_ALL = {"log-archive-separate-account"}
"""The only thing that one account cannot do well: keep its logs in another."""


def without_times(report: dict) -> dict:
    """What two reports on one organization have in common: evidence may hold ages, which a later look finds higher."""
    common = {name: value for name, value in report.items() if name not in ("run", "snapshot")}
    common["results"] = [{**result, "evidence": sorted(result["evidence"])} for result in report["results"]]
    return common


def findings(scan) -> set[str]:
    """The rules with findings that close the gate."""
    grave = ("critical", "high", "medium")
    return {row["policy"] for row in scan.report["results"] if row["outcome"] == "fail" and row["severity"] in grave}


@pytest.fixture
def role_is_missing(seeder, planted):
    """Takes the role away from a member of the good organization."""
    good = planted["good"]
    app = good.accounts["app"]
    seeder.client("iam", app).delete_role(RoleName=ROLE)
    yield app
    seeder.role(app, good.management)


def test_an_account_that_refuses_is_a_gap_and_unknown(binary, planted, role_is_missing):
    scan = binary.scan(planted["good"])
    assert scan.code == 3, scan
    accounts = scan.report["summary"]["accounts"]
    assert accounts == {"total": 3, "observed": 2, "unobserved": 1, "inactive": 0}
    assert scan.report["summary"]["gate"]["complete"] is False
    gaps = [gap for gap in scan.report["gaps"] if gap["account"] == role_is_missing]
    assert {(gap["operation"], gap["cause"]) for gap in gaps} == {("sts:AssumeRole", "role-missing")}
    for rule in ("trail-exists-and-logging", "multi-region-trail"):
        outcomes = scan.outcomes(rule)
        assert outcomes.pop(f"arn:aws:iam::{role_is_missing}:root") == "unknown"
        assert set(outcomes.values()) == {"pass"}


def test_incomplete_is_allowed_on_request(binary, planted, role_is_missing):
    scan = binary.scan(planted["good"], "--allow-incomplete")
    assert scan.code == 0, scan


def test_a_role_that_no_member_lets_in_leaves_the_caller(binary, planted):
    scan = binary.scan(planted["good"], role="no-such-role")
    assert scan.code == 3, scan
    assert scan.report["summary"]["accounts"] == {"total": 3, "observed": 1, "unobserved": 2, "inactive": 0}
    assert set(scan.outcomes("log-file-validation").values()) == {"pass"}
    assert set(scan.outcomes("log-bucket-versioning").values()) == {"unknown"}


def test_the_external_id_is_needed_where_the_role_asks_for_it(binary, planted):
    acme = planted["acme"]
    arguments = ["--role-name", ROLE, "--output", "json=report.json", "--external-id", "wrong"]
    scan = binary.run("scan", "--region", "us-east-1", *arguments, caller=acme.caller)
    assert scan.report["summary"]["accounts"]["unobserved"] == 3, scan


def test_a_delegated_administrator_reads_the_organization_trail(binary, planted):
    delegated = planted["delegated"]
    scan = binary.scan(delegated)
    for rule in (*RULES["organization"], *RULES["trail"], *RULES["log-bucket"], *RULES["key"]):
        assert scan.outcomes(rule) == delegated.expected_of(rule), scan
    gaps = [gap for gap in scan.report["gaps"] if gap["operation"] == "sts:AssumeRole"]
    assert [(gap["account"], gap["cause"]) for gap in gaps] == [(delegated.management, "role-missing")]


def test_one_account_of_an_organization(binary, planted):
    acme = planted["acme"]
    for arguments, enters in [((), False), (("--account-only",), True)]:
        scan = binary.scan(acme, *arguments, enters=enters)
        assert scan.report["summary"]["accounts"]["total"] == 1, scan
        assert list(scan.outcomes("organization-trail").values()) == ["not-applicable"], scan
        assert set(scan.outcomes("log-file-validation").values()) == {"pass"}, scan
        assert not [call for call in scan.calls if call.name == "sts:AssumeRole"]


def test_an_organization_of_one_account(scans):
    scan = scans["memberless"]
    assert scan.code == (1 if findings(scan) else 0), scan
    assert findings(scan) <= WRONG_WHERE_ONE_ACCOUNT_IS_ALL, scan


def test_an_account_without_an_organization(binary, planted):
    lone = planted["lone"]
    scan = binary.scan(lone, enters=False)
    assert scan.code == (1 if findings(scan) else 0), scan
    assert findings(scan) <= WRONG_WHERE_ONE_ACCOUNT_IS_ALL, scan
    for rule in ALL_RULES:
        if rule not in RULES["organization"]:
            assert scan.outcomes(rule) == lone.expected_of(rule), scan


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--fail-on", "none"], 0),
        (["--fail-on", "critical"], 1),
        (["--accounts", "444433332222"], 2),
        (["--output", "text", "--output", "json"], 2),
        (["--output", "no-such-format=x"], 2),
        (["--set", "no-such-rule.x=1"], 2),
        (["--output", "json=no/such/folder/report.json"], 5),
    ],
    ids=lambda value: "_".join(value) if isinstance(value, list) else None,
)
def test_exit_codes_of_use(binary, planted, arguments, code):
    acme = planted["acme"]
    entrance = ["--role-name", ROLE, "--external-id", acme.external_id]
    run = binary.run("scan", "--region", "us-east-1", *entrance, *arguments, caller=acme.caller)
    assert run.code == code, run


def test_an_account_that_is_closed_leaves_nothing_to_scan(binary, planted):
    scan = binary.scan(planted["acme"], "--accounts", planted["acme"].accounts["closed"])
    assert scan.code == 4, scan


def test_the_owner_of_a_log_bucket_is_told_where_it_is_not_scanned(binary, planted):
    acme = planted["acme"]
    chosen = ["--accounts", acme.accounts["web"]]
    for arguments, outcome in [((), "unknown"), (("--log-archive", acme.accounts["log-archive"]), "pass")]:
        scan = binary.scan(acme, *chosen, *arguments)
        outcomes = scan.outcomes("log-bucket-versioning")
        (found,) = [outcomes[resource] for resource in outcomes if "trail-logs" in resource]
        assert found == outcome, scan


def test_errors_of_use_say_what_to_do(binary, planted):
    nobody = binary.run("scan", "--region", "us-east-1")
    assert nobody.code == 2 and "credentials" in nobody.stderr, nobody
    lone = binary.scan(planted["lone"])
    assert lone.code == 2 and "organization" in lone.stderr.lower(), lone
    stranger = Caller("1", "AKIA0000000000000000", "secret")
    refused = binary.run("scan", "--region", "us-east-1", caller=stranger)
    assert refused.code == 2 and "InvalidClientTokenId" in refused.stderr, refused
    for run in (nobody, lone, refused):
        assert "panicked" not in run.stderr and not list(run.folder.glob("*.json")), run


def test_without_an_output_the_text_is_on_stdout_alone(binary, planted):
    good = planted["good"]
    run = binary.run("scan", "--region", "us-east-1", "--role-name", ROLE, caller=good.caller)
    assert run.code == 0, run
    assert "3 of 3 accounts observed" in run.stdout.splitlines()[-1], run
    assert "\x1b" not in run.stdout


@pytest.mark.parametrize("organization", ["acme", "good"])
def test_check_gives_the_same_bytes_offline(scans, binary, organization):
    scan = scans[organization]
    outputs = ["--output", "json=checked.json", "--output", "sarif=checked.sarif"]
    check = binary.run("check", "snapshot.json", *outputs, folder=scan.folder)
    assert check.code == scan.code, check
    assert not check.calls, "a check asks nobody"
    assert (scan.folder / "checked.json").read_bytes() == (scan.folder / "report.json").read_bytes()
    assert (scan.folder / "checked.sarif").read_bytes() == scan.sarif.read_bytes()


def test_two_scans_are_equal(scans, binary, planted):
    again = binary.scan(planted["good"])
    assert without_times(again.report) == without_times(scans["good"].report)


def test_collect_then_check_is_a_scan(scans, binary, planted):
    good = planted["good"]
    arguments = ["--region", "us-east-1", "--role-name", ROLE, "-o", "snapshot.json"]
    collected = binary.run("collect", *arguments, caller=good.caller)
    assert collected.code == 0, collected
    check = binary.run("check", "snapshot.json", "--output", "json=report.json", folder=collected.folder)
    assert check.code == 0, check
    assert without_times(check.report) == without_times(scans["good"].report)


def test_a_compressed_snapshot_is_the_same(binary, planted):
    good = planted["good"]
    outputs = ["--output", "json=report.json", "--snapshot", "snapshot.json.gz"]
    run = binary.run("scan", "--region", "us-east-1", "--role-name", ROLE, *outputs, caller=good.caller)
    assert (run.folder / "snapshot.json.gz").read_bytes()[:2] == b"\x1f\x8b", run
    check = binary.run("check", "snapshot.json.gz", "--output", "json=checked.json", folder=run.folder)
    assert check.code == run.code, check
    assert (run.folder / "checked.json").read_bytes() == (run.folder / "report.json").read_bytes()


def test_nothing_secret_is_written(scans, planted):
    """Neither the caller's keys, nor those of a session, nor the external id."""
    acme, scan = planted["acme"], scans["acme"]
    secrets = {acme.caller.access_key, acme.caller.secret_key, acme.external_id}
    for account in acme.accounts.values():
        for role in sts_backends[account]["aws"].assumed_roles:
            secrets |= {role.access_key_id, role.secret_access_key, role.session_token}
    assert len(secrets) > 9, "the members were entered"
    written = [path.read_text() for path in scan.folder.rglob("*") if path.is_file()]
    assert len(written) >= 3
    for text in [*written, scan.stdout, scan.stderr]:
        assert not [secret for secret in secrets if secret in text]


def test_no_write_is_ever_sent(scans, binary):
    for name in ("acme", "good", "partial", "silent", "memberless"):
        assert scans[name].calls, "the server remembers what was asked"
    assert not [call for call in binary.asked if not call.reads]


def test_members_are_entered_once_and_read_with_what_the_session_allows(scans):
    for name in ("acme", "good"):
        entered = [call for call in scans[name].calls if call.name == "sts:AssumeRole"]
        assert len(entered) == (3 if name == "acme" else 2), scans[name]
        refused = [call for call in scans[name].calls if call.status == 403 and call.name != "s3:HeadBucket"]
        assert not refused, "the session policy covers every call that is made"


@pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"), reason="the SARIF Multitool is built for this alone"
)
def test_github_takes_the_sarif(scans, judged):
    files = [scans[name].sarif for name in ("acme", "good", "silent")]
    files += [judged[govern]["governed"].scan.sarif, judged[notice]["unnoticed"].scan.sarif]
    check = subprocess.run([ROOT / ".ci" / "sarif-check", *files], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout + check.stderr


def test_sarif_holds_a_result_for_each_finding(scans):
    findings = [row["policy"] for row in scans["acme"].report["results"] if row["outcome"] == "fail"]
    (run,) = json.loads(scans["acme"].sarif.read_text())["runs"]
    assert sorted(result["ruleId"] for result in run["results"]) == sorted(findings)
