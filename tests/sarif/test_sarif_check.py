"""The SARIF check finds what GitHub refuses: one good log, and mutants of it with one mistake each.

    python3 -m unittest discover tests/sarif
"""

import copy
import json
import secrets
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".ci" / "sarif"))

import github  # noqa: E402  (its folder is named above)

REGION = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2}
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def location(uri: str) -> dict:
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": dict(REGION)}}


def rule(name: str) -> dict:
    return {
        "id": name,
        "shortDescription": {"text": f"{name} holds."},
        "fullDescription": {"text": f"{name} holds for every trail."},
        "help": {"text": "Turn it on.", "markdown": "Turn it **on**."},
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": ["security", "aws"], "precision": "very-high", "security-severity": "5.5"},
    }


def result(name: str, number: int) -> dict:
    return {
        "ruleId": name,
        "ruleIndex": ["one-rule", "other-rule"].index(name),
        "message": {"text": "The trail 'main' is wrong, see [the bucket](1)."},
        "locations": [location(f"aws/111122223333/us-east-1/cloudtrail/main-{number}")],
        "relatedLocations": [{"id": 1, **location("aws/111122223333/us-east-1/s3/logs")}],
        "partialFingerprints": {"primaryLocationLineHash": f"0123456789abcde{number}:1"},
    }


def good() -> dict:
    driver = {"name": "trailproof", "version": "1.0.0", "rules": [rule("one-rule"), rule("other-rule")]}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "trailproof/o-exampleorgid/"},
        "results": [result("one-rule", 1), result("one-rule", 2), result("other-rule", 3)],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def put(*path_and_value):
    """A change that sets the value at a path."""
    *path, last, value = path_and_value
    return lambda log: walk(log, path).__setitem__(last, value)


def drop(*path):
    *path, last = path
    return lambda log: walk(log, path).__delitem__(last)


def walk(log, path):
    for step in path:
        log = log[step]
    return log


DRIVER = ("runs", 0, "tool", "driver")
RULE = (*DRIVER, "rules", 0)
RESULT = ("runs", 0, "results", 0)
PLACE = (*RESULT, "locations", 0, "physicalLocation")
URI = (*PLACE, "artifactLocation", "uri")

MUTANTS = {
    "no schema": drop("$schema"),
    "no run": put("runs", []),
    "no category": drop("runs", 0, "automationDetails"),
    "category without slash": put("runs", 0, "automationDetails", "id", "trailproof"),
    "category of the day": put("runs", 0, "automationDetails", "id", "trailproof/2026-11-20T18/"),
    "two runs of one category": lambda log: log["runs"].append(copy.deepcopy(log["runs"][0])),
    "no version": drop(*DRIVER, "version"),
    "no rules": lambda log: (put("runs", 0, "results", [])(log), put(*DRIVER, "rules", [])(log)),
    "rule twice": lambda log: walk(log, DRIVER)["rules"].append(rule("one-rule")),
    "guid of version 7": put("runs", 0, "automationDetails", "guid", "01890a5d-ac96-774b-bcce-b302099a8057"),
    "no short description": drop(*RULE, "shortDescription"),
    "long description": put(*RULE, "fullDescription", "text", "x" * 1025),
    "no help text": put(*RULE, "help", "text", ""),
    "no help markdown": drop(*RULE, "help", "markdown"),
    "long name": put(*RULE, "name", "x" * 256),
    "no severity": drop(*RULE, "properties", "security-severity"),
    "severity as a number": put(*RULE, "properties", "security-severity", 5.5),
    "severity as a word": put(*RULE, "properties", "security-severity", "high"),
    "severity above 10": put(*RULE, "properties", "security-severity", "10.1"),
    "severity of 0": put(*RULE, "properties", "security-severity", "0.0"),
    "no security tag": put(*RULE, "properties", "tags", ["aws"]),
    "many tags": put(*RULE, "properties", "tags", ["security", *map(str, range(10))]),
    "no precision": drop(*RULE, "properties", "precision"),
    "level none": put(*RULE, "defaultConfiguration", "level", "none"),
    "no results": drop("runs", 0, "results"),
    "many results": lambda log: log["runs"][0]["results"].extend(result("one-rule", n) for n in range(4, 5003)),
    "one alert twice": lambda log: log["runs"][0]["results"].append(result("one-rule", 1)),
    "unlisted rule": lambda log: (drop(*RESULT, "ruleIndex")(log), put(*RESULT, "ruleId", "no-such-rule")(log)),
    "wrong index": put(*RESULT, "ruleIndex", 1),
    "no message text": put(*RESULT, "message", {"id": "default"}),
    "dead link": drop(*RESULT, "relatedLocations"),
    "large": put(*RESULT, "message", "text", secrets.token_hex(10_100_000)),
    "passed": put(*RESULT, "kind", "pass"),
    "suppressed": put(*RESULT, "suppressions", [{"kind": "external"}]),
    "many related locations": lambda log: walk(log, RESULT)["relatedLocations"].extend([location("aws/x")] * 100),
    "no fingerprint": drop(*RESULT, "partialFingerprints"),
    "another fingerprint": put(*RESULT, "partialFingerprints", {"trailproof/v1": "0123456789abcdef"}),
    "no location": put(*RESULT, "locations", []),
    "logical location alone": put(*RESULT, "locations", [{"logicalLocations": [{"name": "main"}]}]),
    "two locations": lambda log: log["runs"][0]["results"][0]["locations"].append(location("aws/other")),
    "no region": drop(*PLACE, "region"),
    "region of a line alone": put(*PLACE, "region", {"startLine": 1}),
    "region upside down": put(*PLACE, "region", "endLine", 0),
    "ARN as address": put(*URI, "arn:aws:cloudtrail:us-east-1:111122223333:trail/main"),
    "web address": put(*URI, "https://example.com/main"),
    "colon in the first segment": put(*URI, "1:2/main"),
    "space": put(*URI, "aws/my trail"),
    "bad escape": put(*URI, "aws/%zz"),
    "absolute path": put(*URI, "/aws/main"),
    "path upwards": put(*URI, "aws/../main"),
    "path of a run": put(*URI, "tmp/1234/main"),
    "empty address": put(*URI, ""),
}


def mutant(change) -> dict:
    log = good()
    change(log)
    return log


def mistakes(log: dict) -> list[str]:
    return github.mistakes(log, json.dumps(log).encode())


class Rules(unittest.TestCase):
    """The rules on GitHub's ingestion, each by itself."""

    def test_the_good_log_has_no_mistake(self):
        self.assertEqual(mistakes(good()), [])

    def test_each_mutant_has_its_mistake(self):
        for name, change in MUTANTS.items():
            with self.subTest(name):
                self.assertNotEqual(mistakes(mutant(change)), [])


class WholeCheck(unittest.TestCase):
    """`.ci/sarif-check` with the schema and the Multitool."""

    def check(self, *logs) -> tuple[int, str]:
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder) / f"{number}.sarif" for number in range(len(logs))]
            for file, log in zip(files, logs):
                file.write_text(log if isinstance(log, str) else json.dumps(log))
            done = subprocess.run([ROOT / ".ci" / "sarif-check", *files], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def test_the_good_log_passes(self):
        code, said = self.check(good(), good())
        self.assertEqual(code, 0, said)
        self.assertIn("sarif-check: 2 files, 6 results, 0 errors", said)

    def test_one_bad_file_among_good_ones_fails(self):
        code, said = self.check(good(), mutant(MUTANTS["no fingerprint"]))
        self.assertEqual(code, 1, said)
        self.assertIn("1.sarif: github: /runs/0/results/0: needs partialFingerprints", said)

    def test_the_schema_is_held(self):
        code, said = self.check(mutant(put(*RESULT, "level", "fatal")))
        self.assertEqual(code, 1, said)
        self.assertIn("schema: /runs/0/results/0/level", said)

    def test_the_multitool_is_asked_with_the_rules_on_github(self):
        code, said = self.check(mutant(MUTANTS["ARN as address"]))
        self.assertEqual(code, 1, said)
        self.assertIn("multitool: GH1005", said)

    def test_what_is_no_sarif_fails(self):
        for text in ("", "[]", '{"version": "2.1.0"}', "{"):
            code, said = self.check(text)
            self.assertEqual(code, 1, said)


if __name__ == "__main__":
    unittest.main()
