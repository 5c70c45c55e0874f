"""scripts/run.py keeps two programs together: both start, both stop, one gone ends the other."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FAKE_FLASK = """#!{python}
import os, sys, time
print("flask", *sys.argv[3:], flush=True)
if sys.argv[3] == "worker":
    time.sleep(float(os.environ.get("WORKER_SECONDS", "60")))
"""
FAKE_GUNICORN = """#!{python}
import http.server, os, sys
class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()
    def log_message(self, *args):
        pass
address = sys.argv[sys.argv.index("--bind") + 1]
assert os.environ["MATXANH_BIND"] == address
host, port = address.split(":")
http.server.HTTPServer((host, int(port)), Healthy).serve_forever()
"""


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An environment whose flask and gunicorn only pretend."""
    for name, text in (("flask", FAKE_FLASK), ("gunicorn", FAKE_GUNICORN)):
        path = tmp_path / name
        path.write_text(text.format(python=sys.executable))
        path.chmod(0o755)
    (tmp_path / "python").symlink_to(sys.executable)
    return tmp_path


def start(place: Path, port: int, **environ: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(place / "python"), str(ROOT / "scripts/run.py")],
        cwd=place, env={**os.environ, "PORT": str(port), **environ},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def read_until(running: subprocess.Popen[str], text: str) -> str:
    assert running.stdout is not None
    said = ""
    for line in running.stdout:
        said += line
        if text in line:
            return said
    raise AssertionError(said)


@pytest.fixture
def running(place: Path, free_port: int) -> Iterator[subprocess.Popen[str]]:
    with start(place, free_port) as program:
        yield program
        program.kill()


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_prepares_then_serves_and_shows_the_sign_ins(
    running: subprocess.Popen[str], free_port: int
) -> None:
    said = read_until(running, "Ctrl-C")
    steps = re.findall(r"^flask (.*)$", said, re.MULTILINE)
    assert steps[:3] == ["db upgrade", "reference load", "demo load"]
    assert f"http://127.0.0.1:{free_port}" in said
    documented = (ROOT / "docs/demo.md").read_text()
    shown = re.findall(r"[a-z.0-9]+@demo", said)
    assert "mattran.xa@demo" in shown
    assert [name for name in shown if f"`{name}`" not in documented] == []
    with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/healthz") as answer:
        assert answer.status == 200
    running.terminate()
    running.wait(timeout=10)


def migration(place: Path, revision: str, follows: str | None) -> None:
    folder = place / "webapp/migrations/versions"
    folder.mkdir(parents=True, exist_ok=True)
    text = f"revision = {revision!r}\ndown_revision = {follows!r}\n"
    (folder / f"{revision}_x.py").write_text(text)


def database(place: Path, revision: str, reports: int) -> None:
    (place / "var").mkdir()
    with closing(sqlite3.connect(place / "var/matxanh.db")) as opened, opened:
        opened.execute("CREATE TABLE alembic_version (version_num TEXT)")
        opened.execute("INSERT INTO alembic_version VALUES (?)", [revision])
        opened.execute("CREATE TABLE report (id INTEGER)")
        opened.executemany("INSERT INTO report VALUES (?)", [(n,) for n in range(reports)])


@pytest.mark.parametrize(
    ("revision", "reports", "prepares"),
    [("0002", 1, False), ("0001", 1, True), ("0002", 0, True)],
    ids=["up to date", "older", "empty"],
)
def test_prepares_only_what_needs_it(
    place: Path, free_port: int, revision: str, reports: int, prepares: bool
) -> None:
    migration(place, "0001", None)
    migration(place, "0002", "0001")
    database(place, revision, reports)
    with start(place, free_port) as program:
        said = read_until(program, "Ctrl-C")
        program.terminate()
    assert ("flask db upgrade" in said) is prepares


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_stops_both_programs(
    running: subprocess.Popen[str], free_port: int, asked: signal.Signals
) -> None:
    read_until(running, "Ctrl-C")
    running.send_signal(asked)
    assert running.wait(timeout=10) == 0
    assert not is_taken(free_port)


def test_killing_the_supervisor_leaves_no_port_taken(
    running: subprocess.Popen[str], free_port: int
) -> None:
    read_until(running, "Ctrl-C")
    running.kill()
    running.wait(timeout=10)
    deadline = time.monotonic() + 10
    while is_taken(free_port):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_worker_that_ends_takes_the_web_server_with_it(place: Path, free_port: int) -> None:
    with start(place, free_port, WORKER_SECONDS="0.5") as program:
        said = read_until(program, "Stopped:")
        assert program.wait(timeout=10) == 1
    assert "the worker ended with code 0" in said
    assert not is_taken(free_port)


def test_a_taken_port_is_told_before_anything_starts(place: Path, free_port: int) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", free_port))
        holder.listen()
        with start(place, free_port) as program:
            said = read_until(program, "in use")
            assert program.wait(timeout=10) == 1
    assert f"make run PORT={free_port + 1}" in said
