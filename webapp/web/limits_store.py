"""Rate-limit counters in a database of their own: shared by every worker, alive after a restart.

A key holds an address or a token of a person: only its keyed digest is stored, and rows go when
their window ends.
"""

import time
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, ClassVar

from limits.storage import Storage
from sqlalchemy import Connection, TextClause, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from webapp.core.codes import digest

SCHEME = "database"
_TABLE = (
    "CREATE TABLE IF NOT EXISTS limit_counter"
    " (key VARCHAR(64) PRIMARY KEY, n INTEGER NOT NULL, ends DOUBLE PRECISION NOT NULL)"
)
_COUNT = (
    "INSERT INTO limit_counter (key, n, ends) VALUES {rows}"
    " ON CONFLICT (key) DO UPDATE SET"
    " n = excluded.n + CASE WHEN limit_counter.ends <= :now THEN 0 ELSE limit_counter.n END,"
    " ends = CASE WHEN limit_counter.ends <= :now THEN excluded.ends ELSE limit_counter.ends END"
    " RETURNING n"
)
_READ = text("SELECT n, ends FROM limit_counter WHERE key = :key AND ends > :now")
_READ_ALL = "SELECT key, n FROM limit_counter WHERE key IN ({keys}) AND ends > :now"
_FORGET = text("DELETE FROM limit_counter WHERE key = :key")
_SWEEP = text("DELETE FROM limit_counter WHERE ends <= :now")
_FORGET_ALL = text("DELETE FROM limit_counter")
_SWEEP_SECONDS = 60.0


class DatabaseStorage(Storage):
    """Fixed-window counters in SQLite or PostgreSQL, chosen by the option ``url``."""

    STORAGE_SCHEME: ClassVar[list[str]] = [SCHEME]  # type: ignore[misc]  # the base says list, not ClassVar

    def __init__(self, uri: str | None = None, *, url: str, **options: Any) -> None:
        super().__init__(uri, **options)
        in_a_file = make_url(url).get_backend_name() == "sqlite"  # which is never lost on the way
        self.engine = create_engine(url, pool_pre_ping=not in_a_file)
        self._swept = 0.0
        if in_a_file:
            event.listen(self.engine, "connect", _quick)
        with self.engine.begin() as connection:
            connection.execute(text(_TABLE))

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What going wrong looks like."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count; a window that has ended starts anew."""
        with self.engine.begin() as connection:
            [n] = self._count(connection, {key: expiry}, amount)
        return n

    def count(self, expiries: Mapping[str, int]) -> None:
        """Count each key once, in one statement; ``expiries`` in seconds."""
        if expiries:
            with self.engine.begin() as connection:
                self._count(connection, expiries, 1)

    def counts(self, keys: Iterable[str]) -> dict[str, int]:
        """``get`` of each key, in one statement."""
        hidden = {_hidden(key): key for key in keys}
        asked: dict[str, object] = {f"key{place}": key for place, key in enumerate(hidden)}
        with self.engine.connect() as connection:
            rows = connection.execute(_read_query(len(hidden)), asked | {"now": time.time()})
            found = {hidden[key]: int(n) for key, n in rows}
        return {key: found.get(key, 0) for key in hidden.values()}

    def get(self, key: str) -> int:
        """The count of the running window, 0 when there is none."""
        row = self._row(key)
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since the epoch."""
        row = self._row(key)
        return float(row[1]) if row else time.time()

    def check(self) -> bool:
        """Whether the database answers."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int | None:
        """Forget every counter."""
        with self.engine.begin() as connection:
            return connection.execute(_FORGET_ALL).rowcount

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self.engine.begin() as connection:
            connection.execute(_FORGET, {"key": _hidden(key)})

    def _count(self, connection: Connection, expiries: Mapping[str, int], amount: int) -> list[int]:
        now = time.time()
        if now - self._swept > _SWEEP_SECONDS:
            connection.execute(_SWEEP, {"now": now})
            self._swept = now
        asked: dict[str, object] = {"amount": amount, "now": now}
        # In one order, so that two requests never wait for each other.
        for place, key in enumerate(sorted(expiries)):
            asked |= {f"key{place}": _hidden(key), f"ends{place}": now + expiries[key]}
        return list(connection.execute(_count_query(len(expiries)), asked).scalars())

    def _row(self, key: str) -> Any:
        with self.engine.connect() as connection:
            return connection.execute(_READ, {"key": _hidden(key), "now": time.time()}).first()


@cache
def _read_query(keys: int) -> TextClause:
    return text(_READ_ALL.format(keys=", ".join(f":key{place}" for place in range(keys))))


@cache
def _count_query(keys: int) -> TextClause:
    rows = (f"(:key{place}, :amount, :ends{place})" for place in range(keys))
    return text(_COUNT.format(rows=", ".join(rows)))


def _hidden(key: str) -> str:
    return digest("limit", key)


def _quick(connection: Any, _record: object) -> None:
    """Counters may be lost in a power cut; they must not make a resident wait for the disk."""
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF"):
        connection.execute(statement).close()
    connection.execute("PRAGMA busy_timeout=3000").close()
