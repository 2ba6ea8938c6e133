"""The rules held against what was planted for them, and none of them left out."""

import json

import pytest

import govern
import lake
import meaning
import notice
import record
import seed
from planted import ALL_RULES

MODULES = (govern, lake, meaning, notice, record)
SEED_RULES = (*ALL_RULES, "sensitive-bucket-data-events")
"""The rules of the organizations that several files look at: `test_verdicts.py` and `test_sensitive.py` hold them."""

BEYOND_MOTO: dict[str, str] = {}
"""The rules for which nothing can be planted, each with what moto lacks for it, and why no correction can give it that."""

CASES = [pytest.param(module, rule, id=f"{module.__name__}-{rule}") for module in MODULES for rule in module.RULES]
PLANTED_RULES = sorted({*SEED_RULES, *(rule for module in MODULES for rule in module.RULES)})


@pytest.mark.parametrize(("module", "rule"), CASES)
def test_verdicts(judged, module, rule):
    for name in module.ORGANIZATIONS:
        planted, scan = judged[module][name]
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


def test_every_rule_is_planted_or_says_why_it_cannot_be(binary):
    listed = json.loads(binary.run("policy", "list", "--output", "json").stdout)
    every = {rule["id"] for rule in listed["rules"]}
    assert every - set(PLANTED_RULES) == set(BEYOND_MOTO)
    assert set(PLANTED_RULES) <= every
    assert all(BEYOND_MOTO.values()), "each has a reason"
