"""A real server and worker of the test's own, on loopback, ended by process id."""

import contextlib
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import build_app
from tests.databases import free_port, wait_for
from webapp.accounts.demo import create_demo_accounts
from webapp.core.unit_of_work import write_unit
from webapp.extensions import db

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


class Server:
    """Gunicorn and the worker over one data folder; ``url`` ends without a slash."""

    entry = "webapp.wsgi:app"

    def __init__(self, folder: Path, database_url: str = "", workers: int = 1) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.workers = workers
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("MATXANH_")},
            "MATXANH_DATA_DIR": str(folder),
            "MATXANH_DATABASE_URL": database_url,
            "MATXANH_BIND": f"127.0.0.1:{self.port}",
        }
        self._programs: list[subprocess.Popen[bytes]] = []

    def fill(self) -> None:
        """Migrate the new database; reference data and demo sign-ins into it.

        In this process: the commands that do the same would each load the application anew.
        """
        app = build_app(self.folder, self.env["MATXANH_DATABASE_URL"])
        with app.app_context():
            with write_unit():
                create_demo_accounts()
            db.session.remove()
            db.engine.dispose()

    def flask(self, *arguments: str) -> str:
        """Run one command of the application and return what it prints."""
        done = subprocess.run(
            [BIN / "flask", "--app", "webapp.app", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"flask {' '.join(arguments)}: {done.stderr[-2000:]}")
        return done.stdout

    def start(self) -> None:
        """Start both programs and wait until the web server can serve."""
        self._start(
            "gunicorn",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--worker-class",
            "gthread",
            "--workers",
            str(self.workers),
            "--threads",
            "8",
            self.entry,
        )
        self._start("flask", "--app", "webapp.app", "worker", "run")
        wait_for(self._ready)

    def stop(self) -> None:
        """End the programs this server started, by their process groups."""
        for program in self._programs:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGTERM)
        for program in self._programs:
            try:
                program.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()
        self._programs.clear()

    def log(self) -> str:
        """What the programs wrote so far."""
        return (self.folder / "server.log").read_text(errors="replace")

    def _start(self, program: str, *arguments: str) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self._programs.append(
                subprocess.Popen(
                    [BIN / program, *arguments],
                    cwd=ROOT,
                    env=self.env,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )

    def _ready(self) -> bool:
        for program in self._programs:
            if program.poll() is not None:
                raise RuntimeError(f"a program ended at once:\n{self.log()[-3000:]}")
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    """The server, started, and ended whatever happens."""
    try:
        server.start()
        yield server
    finally:
        server.stop()
