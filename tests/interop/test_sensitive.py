"""Buckets of data: looked for by name and by tag where rules name some, and nowhere else."""

RULE = "sensitive-bucket-data-events"


def scan_of(binary, planted, *parameters, **named):
    settings = [part for parameter in parameters for part in ("--set", f"{RULE}.{parameter}")]
    return binary.scan(planted["guarded"], "--pack", "recommended", *settings, **named)


def short(resource: str) -> str:
    """A bucket's name without the token of the run."""
    return resource.removeprefix("arn:aws:s3:::").rpartition("-")[0]


def test_by_tag(binary, planted):
    guarded = planted["guarded"]
    scan = scan_of(binary, planted, "tags=class=secret,pii")
    assert scan.outcomes(RULE) == guarded.expected_of(RULE), scan
    asked = [(call.account, call.region) for call in scan.calls if call.name == "tagging:GetResources"]
    app, archive = guarded.accounts["app"], guarded.accounts["log-archive"]
    places = {(app, region) for region in ("eu-west-1", "us-east-1", "us-west-2")}
    places |= {(archive, region) for region in ("eu-west-1", "us-east-1")}
    assert set(asked) == places and len(asked) == 2 * len(places), "each key once, where buckets are"
    assert not [call for call in scan.calls if call.status == 403 and call.name != "s3:HeadBucket"]
    writes = next(row for row in scan.results(RULE) if short(row["resource"]) == "ledger")
    assert "no reads of objects" in writes["message"] and writes["region"] == "us-west-2"
    assert {tag for row in scan.snapshot["data_buckets"] for tag in row["tags"]} == {"class", "pii"}


def test_by_name(binary, planted):
    scan = scan_of(binary, planted, "names=cardholder-*,website-*,no-such-bucket")
    outcomes = {short(resource): outcome for resource, outcome in scan.outcomes(RULE).items()}
    assert outcomes == {"cardholder": "pass", "website": "fail", "no-such": "unknown"}, scan
    assert not [call for call in scan.calls if call.name == "tagging:GetResources"]


def test_nothing_named_is_nothing_asked(binary, planted):
    scan = scan_of(binary, planted)
    assert list(scan.outcomes(RULE).values()) == ["not-applicable"], scan
    assert "data_buckets" not in scan.snapshot


def test_a_deep_scan_asks_in_every_region(binary, planted):
    guarded = planted["guarded"]
    shallow = scan_of(binary, planted)
    asked = [call.region for call in shallow.calls if call.name == "cloudtrail:GetTrailStatus"]
    assert asked == ["us-east-1"]
    deep = binary.scan(guarded, "--pack", "recommended", "--deep")
    asked = [call.region for call in deep.calls if call.name == "cloudtrail:GetTrailStatus"]
    assert len(asked) == len(set(asked)) == 17, deep
    for rule in ("s3-delivery-no-error", "cloudwatch-delivery-healthy"):
        assert set(deep.outcomes(rule).values()) == {"pass"}, deep


OWNER = """
id: trail-has-owner
title: The trail has an owner
severity: high
scope: trail
assert: "'owner' in trail.tags"
message: "{trail.name} has no owner"
why: So.
fix: { text: Tag it. }
examples: []
"""


def test_only_what_rules_need_is_asked(binary, planted, tmp_path):
    (tmp_path / "trail-has-owner.yaml").write_text(OWNER)
    recommended = binary.scan(planted["guarded"])
    more = binary.scan(planted["guarded"], "--policies", str(tmp_path))
    names = [{call.name for call in scan.calls} for scan in (recommended, more)]
    assert names[1] - names[0] == {"cloudtrail:ListTags"}
