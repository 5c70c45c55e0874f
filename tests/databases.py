"""Throw-away databases of the test session: a SpatiaLite file and a PostGIS cluster of its own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

PG_BIN = Path("/usr/lib/postgresql/15/bin")
SETTINGS = {
    "fsync": "off",  # a test database need not survive power loss
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "listen_addresses": "''",
}
WAIT_SECONDS = 60
"""For what a moment brings when the machine has nothing else to do; a page tries each 15 s."""


def free_port() -> int:
    """A loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A PostgreSQL cluster in a folder of its own, reached by a unix socket only.

    PostgreSQL refuses to run as root, so that as root it runs as the user ``postgres``.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="matxanh-pg-", dir=_memory_folder()))
        self.data = self.folder / "data"
        self._as: dict[str, Any] = {}
        self._maintenance: psycopg.Connection[Any] | None = None
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def start(self) -> None:
        """Make and start the cluster; waits until it answers."""
        self._run(
            "initdb",
            "-D",
            str(self.data),
            "-U",
            "matxanh",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        self._run(
            "pg_ctl",
            "-D",
            str(self.data),
            "-w",
            "-l",
            str(self.folder / "log"),
            "-o",
            f"{options} -k {self.folder}",
            "start",
        )

    def stop(self) -> None:
        """Stop it at once and remove its folder."""
        if self._maintenance is not None:
            self._maintenance.close()
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database of this cluster."""
        return f"postgresql+psycopg://matxanh@/{database}?host={self.folder}"

    def sql(self, statement: str) -> None:
        """Run one statement on the maintenance database."""
        if self._maintenance is None:
            self._maintenance = psycopg.connect(
                host=str(self.folder), user="matxanh", dbname="postgres", autocommit=True
            )
        self._maintenance.execute(statement)

    def renew(self, database: str, template: str) -> None:
        """Drop and make again a database as a copy of a template."""
        for statement in (
            f"DROP DATABASE IF EXISTS {database} WITH (FORCE)",
            f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY file_copy",
        ):
            self.sql(statement)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(PG_BIN / program), *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **self._as,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}")


def _memory_folder() -> str | None:
    """A folder in memory where there is one: the tests do not wait for a disk."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108


def wait_for(check: Callable[[], bool], seconds: float = WAIT_SECONDS) -> None:
    """Wait until ``check`` holds. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not check():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)
