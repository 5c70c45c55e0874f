"""Start the web server and the worker together, and stop them together.

For one machine and a developer's or a demonstration's data in var/. A public server starts the two
programs apart; docs/operations.md tells how.
"""

import ctypes
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path
from types import FrameType

BIN = Path(sys.executable).parent
FLASK = [str(BIN / "flask"), "--app", "webapp.app"]
MIGRATIONS = Path("webapp/migrations/versions")
REVISION = re.compile(r"^revision(?:: str)? = ['\"](\w+)", re.MULTILINE)
FOLLOWED = re.compile(r"^down_revision(?:: [^=]+)? = ['\"](\w+)", re.MULTILINE)
PREPARATIONS = ("db upgrade", "reference load", "demo load")
HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 15
POLL_SECONDS = 0.1

DEMO_PASSWORD = "demo-mat-xanh"  # noqa: S105 - works only on loopback, on demonstration data
DEMO_SIGN_INS = [
    ("mattran.xa@demo", "Front committee of a commune: the queue"),
    ("chutich.mattran@demo", "its chair, who signs recommendations"),
    ("lanhdao.xa@demo", "chair of the commune's People's Committee"),
    ("moitruong.xa@demo", "environment officer of the commune"),
    ("moitruong.tinh@demo", "environment officer of the province"),
    ("totuquan@demo", "self-managed group"),
    ("congkhai@demo", "publisher"),
    ("nguoidan@demo", "resident"),
    ("quantri@demo", "administrator"),
]

PR_SET_PDEATHSIG = 1  # linux/prctl.h

Program = subprocess.Popen[bytes]
Programs = dict[str, Program]


class StopAsked(Exception):
    """Ctrl-C or a polite kill."""


def main() -> int:
    """Prepare the data, run both programs until asked to stop; 1 when one ended by itself."""
    port = int(os.environ.get("PORT", "8000"))
    if port_is_taken(port):
        print(f"Port {port} is in use; choose another: make run PORT={port + 1}", file=sys.stderr)
        return 1
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, stop)
    # Our own modules are compiled once, whatever the developer's shell says of bytecode.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["MATXANH_BIND"] = f"{HOST}:{port}"
    programs: Programs = {}
    try:
        if not is_prepared():
            prepare()
        programs["web server"] = start_web(port)
        wait_until_healthy(port, programs)
        print(welcome(port), flush=True)
        programs["worker"] = start(*FLASK, "worker", "run")
        wait_for_an_end(programs)
    except StopAsked:
        return 0
    except (RuntimeError, subprocess.CalledProcessError) as problem:
        print(f"Stopped: {problem}", file=sys.stderr)
        return 1
    finally:
        end(programs)
    return 0


def stop(_signal: int, _frame: FrameType | None) -> None:
    raise StopAsked


def port_is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def is_prepared() -> bool:
    """Whether the embedded database has the newest migration and reports in it.

    Spares two starts of the application, which is most of a second start's time.
    """
    database = Path(os.environ.get("MATXANH_DATA_DIR", "var"), "matxanh.db")
    if os.environ.get("MATXANH_DATABASE_URL") or not database.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            at = opened.execute("SELECT version_num FROM alembic_version").fetchall()
            filled = opened.execute("SELECT EXISTS (SELECT 1 FROM report)").fetchone()
    except sqlite3.OperationalError:
        return False
    return at == [(newest_migration(),)] and filled == (1,)


def newest_migration() -> str:
    """The revision that no other migration follows."""
    migrations = [path.read_text(encoding="utf-8") for path in MIGRATIONS.glob("*.py")]
    followed = {match[1] for text in migrations if (match := FOLLOWED.search(text))}
    revisions = [match[1] for text in migrations if (match := REVISION.search(text))]
    return next((revision for revision in revisions if revision not in followed), "")


def prepare() -> None:
    """Bring the database up to date; the demo fills only one without reports."""
    for command in PREPARATIONS:
        subprocess.run([*FLASK, *command.split()], check=True)


def start_web(port: int) -> Program:
    # Threads, because sync workers were two to five times slower here (docs/architecture.md).
    return start(
        *(str(BIN / "gunicorn"), "webapp.wsgi:app", "--bind", f"{HOST}:{port}"),
        *("--preload", "--worker-class", "gthread", "--workers", "2", "--threads", "8"),
        *("--no-control-socket", "--log-level", "warning"),
    )


def start(*command: str) -> Program:
    """Start a program in a group of its own.

    Ctrl-C then reaches this program only: gunicorn's workers, asked twice to end (by the terminal
    and by their master), sometimes waited for the whole of their grace time.
    """
    return subprocess.Popen(command, process_group=0, preexec_fn=end_with_parent)


def end_with_parent() -> None:
    """Have the kernel end a program whose starter was killed, so that no port stays taken."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_until_healthy(port: int, programs: Programs) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        refuse_ended(programs)
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(POLL_SECONDS)
    raise RuntimeError(f"no answer at port {port} after {START_SECONDS} s")


def wait_for_an_end(programs: Programs) -> None:
    while True:
        refuse_ended(programs)
        time.sleep(POLL_SECONDS)


def refuse_ended(programs: Programs) -> None:
    for name, program in programs.items():
        if program.poll() is not None:
            raise RuntimeError(f"the {name} ended with code {program.returncode}")


def end(programs: Programs) -> None:
    """Ask all to end, wait, and force those that do not."""
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, signal.SIG_IGN)
    for program in programs.values():
        program.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for program in programs.values():
        try:
            program.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


def welcome(port: int) -> str:
    sign_ins = "\n".join(f"  {name:<24}{role}" for name, role in DEMO_SIGN_INS)
    return (
        f"\nMắt Xanh runs at http://{HOST}:{port}\n"
        f"Demo sign-ins, password {DEMO_PASSWORD} (all of them: docs/demo.md):\n{sign_ins}\n"
        "Ctrl-C stops it; the data stays in var/.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
