"""Puts SARIF files to the schema, the Multitool and GitHub's rules, and says what is wrong. See ../sarif-check."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import jsonschema

import github

HERE = Path(__file__).resolve().parent
MULTITOOL = Path(os.environ["SARIF_MULTITOOL"])
SCHEMA = MULTITOOL / "sarif-2.1.0.json"


def main(files: list[str]) -> int:
    wrong = results = 0
    for name in files:
        mistakes, found = check(Path(name))
        for mistake in mistakes:
            print(f"{name}: {mistake}")
        wrong += len(mistakes)
        results += found
    print(f"sarif-check: {len(files)} files, {results} results, {wrong} errors")
    return 1 if wrong else 0


def check(file: Path) -> tuple[list[str], int]:
    """The mistakes of a file, and how many results it holds."""
    try:
        raw = file.read_bytes()
        log = json.loads(raw)
    except (OSError, ValueError) as error:
        return [f"cannot be read as JSON: {error}"], 0
    mistakes = [f"schema: {mistake}" for mistake in against_schema(log)]
    if mistakes:
        return mistakes, 0
    mistakes += [f"multitool: {mistake}" for mistake in multitool(file)]
    if not file.name.endswith(".full.sarif"):
        mistakes += [f"github: {mistake}" for mistake in github.mistakes(log, raw)]
    return mistakes, sum(len(run.get("results") or []) for run in log["runs"])


def against_schema(log) -> list[str]:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8-sig"))
    validator = jsonschema.Draft202012Validator
    errors = validator(schema, format_checker=validator.FORMAT_CHECKER).iter_errors(log)
    return [f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors]


def multitool(file: Path) -> list[str]:
    """Errors of the rules on SARIF and on GitHub; its warnings and notes are matters of taste."""
    with tempfile.TemporaryDirectory() as folder:
        target, output = Path(folder) / "in.sarif", Path(folder) / "out.sarif"
        target.write_bytes(file.read_bytes())
        command = [MULTITOOL / "Sarif.Multitool", "validate", target, "--config", HERE / "multitool.xml"]
        command += ["--json-schema", SCHEMA, "--rule-kind", "Sarif;Ghas", "--level", "Error", "--kind", "Fail"]
        command += ["--output", output, "--log", "ForceOverwrite", "--quiet", "true"]
        done = subprocess.run(command, capture_output=True, text=True)
        try:
            runs = json.loads(output.read_text(encoding="utf-8-sig"))["runs"]
        except (OSError, ValueError, KeyError):
            return [f"gave no verdict: {done.stdout[-500:]}{done.stderr[-500:]}"]
    errors = []
    for run in runs:
        for result in run.get("results") or []:
            words = " ".join(result["message"].get("arguments") or [])
            errors.append(f"{result['ruleId']} {result['message'].get('id', '')} {words[:200]}")
        for invocation in run.get("invocations") or []:
            for said in invocation.get("toolExecutionNotifications") or []:
                if said.get("level") == "error":
                    errors.append(said["message"]["text"])
    return errors


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
