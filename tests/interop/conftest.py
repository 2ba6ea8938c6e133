import os
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

import seed
from asking import Auditor
from binary import Binary, Run
from moto_server import Server
from planted import Planted
from seeder import Seeder


@pytest.fixture(scope="session")
def server():
    with Server() as running:
        yield running


@pytest.fixture(scope="session")
def seeder(server):
    return Seeder(server)


class Organizations(dict):
    """The planted organizations by name, each planted when it is first asked for."""

    def __init__(self, seeder):
        super().__init__()
        self.seeder = seeder

    def __missing__(self, name):
        self[name] = getattr(seed, name)(self.seeder)
        return self[name]


@pytest.fixture(scope="session")
def planted(seeder):
    return Organizations(seeder)


@pytest.fixture(scope="session")
def binary(server, tmp_path_factory):
    path = Path(os.environ["TRAILPROOF_BIN"])
    return Binary(path, server, tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="session")
def scans(binary, planted):
    """The scan of each organization, run when it is first asked for."""

    class Scans(dict):
        def __missing__(self, name):
            self[name] = binary.scan(planted[name])
            return self[name]

    return Scans()


class Case(NamedTuple):
    planted: Planted
    scan: Run
    rules: list[str]
    """By which rules it was judged, and with which parameters: arguments of a scan and of a check."""


class Judged(dict):
    """The organizations of a module, each with its scan by all rules: planted and run when it is first asked for."""

    def __init__(self, binary, seeder, module):
        super().__init__()
        self.binary, self.seeder, self.module = binary, seeder, module

    def __missing__(self, name):
        planted = self.module.ORGANIZATIONS[name](self.seeder)
        parameters = getattr(self.module, "parameters", lambda *_: {})(self.seeder, planted)
        rules = ["--pack", "all", *(f"--set={name}={value}" for name, value in parameters.items())]
        regions = getattr(self.module, "REGIONS", None)
        where = ["--regions", regions] if regions else []
        self[name] = Case(planted, self.binary.scan(planted, *rules, *where), rules)
        return self[name]


@pytest.fixture(scope="session")
def judged(binary, seeder):
    """By module, then by the name of the organization."""

    class ByModule(dict):
        def __missing__(self, module):
            self[module] = Judged(binary, seeder, module)
            return self[module]

    return ByModule()


@pytest.fixture(scope="session")
def ask(server):
    return Auditor(server)


@pytest.fixture(scope="session")
def acme(planted):
    return planted["acme"]


@pytest.fixture(scope="session")
def enter(ask, acme):
    return partial(ask.enter, acme)


def pytest_unconfigure(config):
    """The closing line that CI reads."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        passed, failed, broken = (len(reporter.stats.get(name, [])) for name in ("passed", "failed", "error"))
        reporter.write_line(f"{passed} passed, {failed + broken} failed")
