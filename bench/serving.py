"""A gunicorn of the benchmark's own, on loopback, ended by its process group, also on a signal."""

import contextlib
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.databases import free_port, wait_for

ROOT = Path(__file__).resolve().parent.parent
WORKERS, THREADS = 2, 4
START_SECONDS = 180  # a machine may be busy with others


@dataclass(frozen=True)
class Served:
    """A server on a port; ``pid`` is its master's, which leads its process group."""

    port: int
    pid: int

    def megabytes(self) -> float:
        """What the server's processes take, shared pages counted in parts (PSS)."""
        return megabytes_of(self.pid)


def megabytes_of(leader: int) -> float:
    """What a process group takes, shared pages counted in parts (PSS)."""
    return sum(_pss(Path(f"/proc/{pid}")) for pid in _group(leader)) / 1024


def exit_on_signal() -> None:
    """Let a signal end the program as any other exit does: what it started is ended with it."""
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda number, _frame: sys.exit(128 + number))


@contextlib.contextmanager
def serving(module: str, probe: str, environment: Mapping[str, str], log: Path) -> Iterator[Served]:
    """``module`` served by two workers; it has answered ``probe`` once."""
    exit_on_signal()
    port = free_port()
    with log.open("ab") as out:
        server = subprocess.Popen(
            [
                Path(sys.executable).parent / "gunicorn",
                *("--bind", f"127.0.0.1:{port}", "--preload", "--worker-class", "gthread"),
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
        _wait(server, f"http://127.0.0.1:{port}{probe}", log)
        yield Served(port, server.pid)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _group(leader: int) -> list[int]:
    pids = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
    return [pid for pid in pids if _in_group(pid, leader)]


def _in_group(pid: int, leader: int) -> bool:
    try:
        return os.getpgid(pid) == leader
    except ProcessLookupError:
        return False


def _pss(process: Path) -> float:
    lines = (process / "smaps_rollup").read_text().splitlines()
    return sum(float(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Wait until the server answers. Raises RuntimeError with its last words when it ended."""
    wait_for(lambda: server.poll() is not None or _answers(url), START_SECONDS)
    if server.poll() is not None:
        raise RuntimeError(log.read_text(errors="replace")[-2000:])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # our own loopback
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
