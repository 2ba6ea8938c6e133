"""The program under test: how it is run, and what it leaves."""

import itertools
import json
import os
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from planted import Caller, Planted

LONGEST_RUN = 300


@dataclass
class Run:
    code: int
    stdout: str
    stderr: str
    folder: Path
    calls: list
    """What it asked, as the server saw it."""

    @cached_property
    def report(self) -> dict:
        return json.loads((self.folder / "report.json").read_text())

    @cached_property
    def snapshot(self) -> dict:
        return json.loads((self.folder / "snapshot.json").read_text())

    @property
    def sarif(self) -> Path:
        return self.folder / "findings.sarif"

    def outcomes(self, rule: str) -> dict[str, str]:
        """Resource to outcome."""
        return {result["resource"]: result["outcome"] for result in self.results(rule)}

    def results(self, rule: str) -> list[dict]:
        return [result for result in self.report["results"] if result["policy"] == rule]

    def __str__(self):
        return f"exit code {self.code}\n--- stdout\n{self.stdout}\n--- stderr\n{self.stderr}"


class Binary:
    def __init__(self, path: Path, server, folder: Path):
        self.path = path
        self.server = server
        self.folder = folder
        self.numbers = itertools.count(1)
        self.asked = []
        """What all runs together asked."""

    def run(self, *arguments, caller: Caller | None = None, folder: Path | None = None) -> Run:
        folder = folder or self.folder / f"run-{next(self.numbers)}"
        (folder / "home").mkdir(parents=True, exist_ok=True)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": self.server.url,
        }
        if caller:
            environment |= {"AWS_ACCESS_KEY_ID": caller.access_key, "AWS_SECRET_ACCESS_KEY": caller.secret_key}
        seen = len(self.server.world.calls)
        done = subprocess.run(
            [self.path, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST_RUN,
        )
        calls = self.server.world.calls[seen:]
        self.asked += calls
        return Run(done.returncode, done.stdout, done.stderr, folder, calls)

    def scan(self, planted: Planted, *arguments, enters: bool = True, role: str | None = None) -> Run:
        """A scan with a report, SARIF and a snapshot, by default of the whole organization."""
        entrance = ["--role-name", role or planted.role] if enters else []
        if planted.external_id and enters:
            entrance += ["--external-id", planted.external_id]
        outputs = ["--output", "json=report.json", "--output", "sarif=findings.sarif", "--snapshot", "snapshot.json"]
        everything = ["scan", "--region", "us-east-1", *entrance, *outputs, *arguments]
        return self.run(*everything, caller=planted.caller)
