"""How the application talks to its two databases: drivers, connection settings, BEGIN."""

import sqlite3
import threading
import time
from contextlib import suppress
from functools import partial
from types import ModuleType
from typing import Any

import pysqlite3.dbapi2
from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.util.queue import Empty

from geo.sql import prepare_spatialite
from webapp.core.driver_rows import with_driver_rows
from webapp.core.unit_of_work import READ_OPTION, WRITE_OPTION

BUSY_MS = 5000
"""How long a writer waits for another one."""
_ASK_AGAIN_SECONDS = 0.001
UNASKED_SECONDS = 1.0
"""A connection that answered so lately is taken for alive; an older one is asked first."""
_ANSWERED = "matxanh_answered"
_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # an acknowledged report must survive power loss
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-500",  # KiB for each thread; the system keeps the file in memory too
    "PRAGMA trusted_schema=ON",  # triggers of the spatial tables call SpatiaLite functions
)
FEW = 2
"""Connections that a process keeps to a file. Each takes 2 MB, and Python runs one thread."""
PATIENCE_SECONDS = 0.05


class FewConnections(QueuePool):
    """A pool that rather waits a moment for a connection than opens one more.

    Whoever waits here would wait for its turn to run anyway. Where all are held for long, as by an
    export, more are opened, and closed when they are given back.
    """

    def _do_get(self) -> ConnectionPoolEntry:
        if self.overflow() >= 0:  # as many as are kept are open
            with suppress(Empty):
                return self._pool.get(True, PATIENCE_SECONDS)
        return super()._do_get()


def sqlite_driver() -> ModuleType:
    """The standard driver where it can load extensions, else pysqlite3."""
    connection = sqlite3.connect(":memory:")
    try:
        loads = hasattr(connection, "enable_load_extension")
    finally:
        connection.close()
    return sqlite3 if loads else pysqlite3.dbapi2


def engine_options(url: str) -> dict[str, Any]:
    """Arguments of create_engine for this database. Errors never tell the values of a statement."""
    if make_url(url).get_backend_name() == "sqlite":
        return {
            "hide_parameters": True,
            "module": sqlite_driver(),
            "poolclass": FewConnections,
            "pool_size": FEW,
            "max_overflow": 13,
            "pool_use_lifo": True,  # the one used last knows most
            "connect_args": {"check_same_thread": False},
        }
    from webapp.core.page_cursor import PageCursor  # psycopg: 7 MB, of no use to SQLite

    return {
        "hide_parameters": True,
        "pool_size": 10,
        "pool_use_lifo": True,  # the one used last has its statements prepared and planned
        "connect_args": {
            "connect_timeout": 5,
            "prepare_threshold": 1,  # what is asked twice is asked often
            "cursor_factory": PageCursor,
            "options": "-c statement_timeout=10000 -c lock_timeout=5000 -c timezone=UTC",
        },
    }


def install_listeners(engine: Engine) -> None:
    """Prepare every new SQLite connection and decide how its transactions begin.

    On PostgreSQL ask a connection that lay idle whether it still answers.
    """
    dialect: Any = engine.dialect
    dialect.execution_ctx_cls = with_driver_rows(dialect.execution_ctx_cls)
    if engine.dialect.name != "sqlite":
        event.listen(engine, "checkin", _note)
        event.listen(engine, "checkout", partial(_ask, engine.dialect))
        return
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", partial(_begin, threading.Lock()))


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    _wait_for_others(connection, BUSY_MS)
    prepare_spatialite(connection)
    for statement in _SETTINGS:
        connection.execute(statement).close()


def _note(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_ANSWERED] = time.monotonic()


def _ask(
    dialect: Dialect, connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object
) -> None:
    """Raises DisconnectionError, upon which the pool takes a new connection."""
    answered = record.info.get(_ANSWERED)
    if answered is None or time.monotonic() - answered < UNASKED_SECONDS:
        return
    try:
        alive = dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error:
        alive = False
    if not alive:
        raise InvalidatePoolError


def _begin(next_writer: threading.Lock, connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(READ_OPTION):
        return
    driver: Any = connection.connection.driver_connection
    if not options.get(WRITE_OPTION):
        driver.execute("BEGIN").close()
        return
    errors = connection.dialect.loaded_dbapi
    try:
        _begin_writing(next_writer, driver, errors)
    except errors.OperationalError as error:
        raise OperationalError("BEGIN IMMEDIATE", None, error) from error


def _begin_writing(next_writer: threading.Lock, driver: Any, errors: Any) -> None:
    """Take the place of the one writer as soon as it is free; wait for it at most BUSY_MS.

    SQLite would sleep longer after each try, up to 100 ms, while whoever comes later takes the
    place. So one thread of a process asks every millisecond, and the others stand behind it.
    """
    last = time.monotonic() + BUSY_MS / 1000
    is_next = next_writer.acquire(timeout=BUSY_MS / 1000)
    _wait_for_others(driver, 0)
    try:
        while not _is_writer(driver, errors, last):
            time.sleep(_ASK_AGAIN_SECONDS)
    finally:
        if is_next:
            next_writer.release()
        _wait_for_others(driver, BUSY_MS)


def _is_writer(driver: Any, errors: Any, last: float) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE").close()
    except errors.OperationalError as error:
        if "locked" not in str(error) or time.monotonic() > last:
            raise
        return False
    return True


def _wait_for_others(driver: Any, milliseconds: int) -> None:
    driver.execute(f"PRAGMA busy_timeout={milliseconds}").close()
