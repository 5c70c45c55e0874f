"""How the application talks to its two databases: drivers, connection settings, BEGIN."""

import sqlite3
import time
from functools import partial
from types import ModuleType
from typing import Any

import pysqlite3.dbapi2
from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from geo.sql import prepare_spatialite
from webapp.core.page_cursor import PageCursor
from webapp.core.unit_of_work import WRITE_OPTION

BUSY_MS = 5000
UNASKED_SECONDS = 1.0
"""A connection that answered so lately is taken for alive; an older one is asked first."""
_ANSWERED = "matxanh_answered"
_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # an acknowledged report must survive power loss
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=ON",  # triggers of the spatial tables call SpatiaLite functions
)


def sqlite_driver() -> ModuleType:
    """The standard driver where it can load extensions, else pysqlite3."""
    connection = sqlite3.connect(":memory:")
    try:
        loads = hasattr(connection, "enable_load_extension")
    finally:
        connection.close()
    return sqlite3 if loads else pysqlite3.dbapi2


def engine_options(url: str) -> dict[str, Any]:
    """Arguments of create_engine for this database."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"module": sqlite_driver(), "connect_args": {"check_same_thread": False}}
    return {
        "pool_size": 10,
        "connect_args": {
            "connect_timeout": 5,
            "cursor_factory": PageCursor,
            "options": "-c statement_timeout=10000 -c lock_timeout=5000 -c timezone=UTC",
        },
    }


def install_listeners(engine: Engine) -> None:
    """Prepare every new SQLite connection and decide how its transactions begin.

    On PostgreSQL ask a connection that lay idle whether it still answers.
    """
    if engine.dialect.name != "sqlite":
        event.listen(engine, "checkin", _note)
        event.listen(engine, "checkout", partial(_ask, engine.dialect))
        return
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}").close()
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


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITE_OPTION)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
