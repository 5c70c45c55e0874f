"""A gunicorn of the benchmark's own, on loopback, ended by its process group."""

import contextlib
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.databases import free_port, wait_for

ROOT = Path(__file__).resolve().parent.parent
WORKERS, THREADS = 2, 4


@contextlib.contextmanager
def serving(module: str, probe: str, environment: Mapping[str, str], log: Path) -> Iterator[int]:
    """The port of ``module`` served by two workers; it has answered ``probe`` once."""
    port = free_port()
    with log.open("ab") as out:
        server = subprocess.Popen(
            [
                Path(sys.executable).parent / "gunicorn",
                *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
                *("--workers", str(WORKERS), "--threads", str(THREADS), "--keep-alive", "30"),
                module,
            ],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(lambda: _answers(f"http://127.0.0.1:{port}{probe}"), 60)
        yield port
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # our own loopback
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
