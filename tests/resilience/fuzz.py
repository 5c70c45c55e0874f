"""I1: the whole OpenAPI document fuzzed with every check, as a guest and as each demo sign-in.

``python -m tests.resilience.fuzz [--examples N] [--roles guest,mattran.xa]`` starts a server of its
own over the world of the attacks. The fuzzer is schemathesis, in an environment of its own: name
its program with ``--schemathesis`` or the variable SCHEMATHESIS. Each role asks twice: with codes
made up, and with those of a report that is there. Ends with 1 when anything is found.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import build_app
from tests.factories.clock import freeze
from tests.resilience.world import ROLES, World
from tests.resilience.world_made import make_world
from tests.servers import Server, running

SERVER_ERROR = "not_a_server_error"
OFF_SCHEMA = (
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
MOST_WORDS = 20
HOOKS, NOTED = Path(__file__).with_name("fuzz_hooks.py"), "found.ndjson"
# A schema tells no rule between fields, no state of a record, no code that must be right: refusing
# such things is no fault, whether the header with the code is wrong or not there.
_CHECKS = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 400, 401, 403, 404, 409, 410, 422, 429]
[checks.missing_required_header]
expected-statuses = [400, 401, 403, 404, 406, 410, 415, 422]
"""
_WIDE = dict.fromkeys(
    ("REPORTS_PER_ADDRESS", "REPORTS_PER_PHONE", "NEW_PHONES_PER_ADDRESS"), "100000"
)
"""The fuzzer is one machine: its limits must not answer for what is asked."""


@dataclass
class Found:
    """What one role met: cases sent, and failures by the check that found them."""

    cases: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    words: list[str] = field(default_factory=list)

    @property
    def row(self) -> tuple[int, int, int, int]:
        """Cases, server errors, answers off the schema, everything else."""
        errors = self.failures[SERVER_ERROR]
        off = sum(self.failures[name] for name in OFF_SCHEMA)
        return self.cases, errors, off, self.failures.total() - errors - off


def main() -> None:
    """Serve, ask as each role, print a row for each and what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=10, help="cases per operation and phase")
    parser.add_argument("--roles", default=",".join(ROLES))
    parser.add_argument("--seed", type=int, default=4)
    named = os.environ.get("SCHEMATHESIS", "") or shutil.which("schemathesis") or ""
    parser.add_argument("--schemathesis", default=named, help="the program of its environment")
    asked = parser.parse_args()
    if not asked.schemathesis:
        parser.error("schemathesis is not installed; see CONTRIBUTING.md")
    total = Found()
    with (
        tempfile.TemporaryDirectory(prefix="matxanh-fuzz-") as name,
        _served(Path(name)) as (server, world),
    ):
        print("role                    cases    5xx  off-schema  other", flush=True)
        for role in asked.roles.split(","):
            found = _asked_as(role, server, world, asked)
            _tell(role, found)
            total.cases += found.cases
            total.failures += found.failures
    _tell("all", total)
    sys.exit(int(bool(total.failures)))


@contextmanager
def _served(folder: Path) -> Iterator[tuple[Server, World]]:
    app = build_app(folder, "")
    with app.app_context(), pytest.MonkeyPatch.context() as monkeypatch:
        freeze(monkeypatch)
        world = make_world(app)
    server = Server(folder, workers=2)
    server.entry = "tests.resilience.unlimited:app"
    server.env |= {f"MATXANH_{name}": value for name, value in _WIDE.items()}
    with running(server):
        yield server, world


def _asked_as(role: str, server: Server, world: World, asked: argparse.Namespace) -> Found:
    found = Found()
    known = {
        "path.report_code": world.reports["followed"],
        "header.X-Tracking-Code": world.tracking["followed"],
        "path.case_code": world.cases["public"],
    }
    for parameters in ({}, known):
        with tempfile.TemporaryDirectory(prefix="matxanh-fuzz-run-") as name:
            _run(role, server, world, asked, parameters, Path(name))
            _read(Path(name) / NOTED, found)
    return found


def _run(
    role: str,
    server: Server,
    world: World,
    asked: argparse.Namespace,
    parameters: dict[str, str],
    folder: Path,
) -> None:
    lines = [f'"{name}" = "{value}"' for name, value in parameters.items()]
    config, noted = folder / "schemathesis.toml", folder / NOTED
    config.write_text("\n".join([_CHECKS, "[parameters]", *lines]) + "\n")
    headers = [part for name, value in _headers(role, world) for part in ("-H", f"{name}: {value}")]
    done = subprocess.run(
        [
            *(asked.schemathesis, "--config-file", str(config)),
            *("run", f"{server.url}/api/v1/openapi.json", "--checks", "all"),
            *("--continue-on-failure", "--max-examples", str(asked.examples)),
            *("--seed", str(asked.seed), "--no-shrink", "--suppress-health-check", "all"),
            *("--report", "ndjson", "--report-ndjson-path", str(noted)),
            *("--request-timeout", "30", "--warnings", "off", *headers),
        ],
        cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(HOOKS)},
        capture_output=True,
        text=True,
        check=False,
    )
    if not noted.exists():
        raise RuntimeError(done.stdout[-3000:] + done.stderr[-3000:])


def _headers(role: str, world: World) -> list[tuple[str, str]]:
    """The cookie and the token of a fresh session; nothing for a guest."""
    if role == "guest":
        return []
    with world.app.app_context():
        client = world.client(role)
        told = client.get("/api/v1/session").json or {}
        name = world.app.config["SESSION_COOKIE_NAME"]
        cookie = client.get_cookie(name)
    assert cookie is not None, role
    return [("Cookie", f"{name}={cookie.value}"), ("X-CSRFToken", told["csrf_token"])]


def _read(file: Path, found: Found) -> None:
    """What a run noted: its cases, the checks that failed, and what it could not do itself."""
    for line in file.read_text().splitlines():
        for kind, event in json.loads(line).items():
            if kind == "ScenarioFinished":
                _count(event["recorder"], found)
            elif kind.endswith("Error"):
                found.failures["fuzzer"] += 1
                found.words.append(f"{event.get('label')}: {event.get('value')}"[:300])


def _count(recorder: dict[str, Any], found: Found) -> None:
    found.cases += len(recorder.get("cases", ()))
    for case, checks in recorder.get("checks", {}).items():
        for check in checks:
            if check["status"] != "failure":
                continue
            found.failures[check["name"]] += 1
            sent = recorder["cases"].get(case, {}).get("value", {})
            found.words.append(f"{check['name']}: {recorder['label']} {json.dumps(sent)}"[:600])


def _tell(role: str, found: Found) -> None:
    cases, errors, off, other = found.row
    print(f"{role:20} {cases:8} {errors:6} {off:11} {other:6}", flush=True)
    for words in found.words[:MOST_WORDS]:
        print(f"    {words}", flush=True)


if __name__ == "__main__":
    main()
