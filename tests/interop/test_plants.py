"""The rules held against what was planted for them, and none of them left out."""

import json

import pytest

import seed
from planted import ALL_RULES
from plants import CASES, MODULES

SEED_RULES = (*ALL_RULES, "sensitive-bucket-data-events")
"""The rules of the organizations that several files look at: `test_verdicts.py` and `test_sensitive.py` hold them."""

BEYOND_MOTO: dict[str, str] = {}
"""The rules for which nothing can be planted, each with what moto lacks for it, and why no correction can give it that."""

PLANTED_RULES = sorted({*SEED_RULES, *(rule for module in MODULES for rule in module.RULES)})


def named(value) -> str:
    return getattr(value, "__name__", value)


@pytest.mark.parametrize(("module", "rule"), [(module, rule) for module in MODULES for rule in module.RULES], ids=named)
def test_verdicts(judged, module, rule):
    for name in module.ORGANIZATIONS:
        planted, scan, _ = judged[module][name]
        expected = planted.expected_of(rule)
        outcomes = scan.outcomes(rule)
        assert {resource: outcomes.get(resource) for resource in expected} == expected, f"{name}: {scan}"


@pytest.mark.parametrize("rule", PLANTED_RULES)
def test_every_rule_has_a_good_and_a_bad_case(judged, planted, rule):
    modules = [module for module in MODULES if rule in module.RULES]
    organizations = [judged[module][name].planted for module in modules for name in module.ORGANIZATIONS]
    if rule in SEED_RULES:
        organizations += [planted[name] for name in (*seed.ORGANIZATIONS, "guarded")]
    outcomes = {outcome for each in organizations for outcome in each.expected_of(rule).values()}
    assert {"pass", "fail"} <= outcomes


def test_every_rule_is_planted_or_told(binary):
    """A rule that is new may stand on its examples alone: it is told as an expected failure until it is planted."""
    listed = json.loads(binary.run("policy", "list", "--output", "json").stdout)
    every = {rule["id"] for rule in listed["rules"]}
    assert set(PLANTED_RULES) <= every
    assert set(BEYOND_MOTO) <= every - set(PLANTED_RULES)
    assert all(BEYOND_MOTO.values()), "each has a reason"
    if unplanted := every - set(PLANTED_RULES) - set(BEYOND_MOTO):
        pytest.xfail(f"not planted yet: {', '.join(sorted(unplanted))}")


@pytest.mark.parametrize(("module", "name"), CASES, ids=named)
def test_check_gives_the_same_bytes_offline(judged, binary, module, name):
    _, scan, rules = judged[module][name]
    outputs = ["--output", "json=checked.json", "--output", "sarif=checked.sarif"]
    check = binary.run("check", "snapshot.json", *rules, *outputs, folder=scan.folder)
    assert check.code == scan.code, check
    assert (scan.folder / "checked.json").read_bytes() == (scan.folder / "report.json").read_bytes()
    assert (scan.folder / "checked.sarif").read_bytes() == scan.sarif.read_bytes()
