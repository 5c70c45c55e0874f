"""Flask extensions, made once and bound to the application in app.py."""

from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask.globals import _cv_request
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine

from webapp.core.base import Base
from webapp.core.unit_of_work import READ_OPTION, READING, WRITING

_READING = "matxanh_reading"


class PageSession(Session):
    """A session that asks one by one, without a transaction, what is only read.

    Every statement of PostgreSQL sees what is committed when it begins, within a transaction or
    not; to begin and end one for nothing costs two more trips to the database, and with SQLite two
    more turns of waiting to run. That holds for pages and for a read unit; whatever writes, a
    write unit or a stray flush, keeps its transaction.
    """

    def get_bind(
        self, mapper: Any = None, clause: Any = None, bind: Any = None, **more: Any
    ) -> Engine | Connection:
        """The engine for one statement."""
        only_reads = getattr(clause, "is_select", False) and not self._flushing
        if only_reads and bind is None and self._is_reading():
            reading: Engine | None = current_app.extensions.get(_READING)
            if reading is not None:
                return reading
        return super().get_bind(mapper=mapper, clause=clause, bind=bind, **more)

    def _is_reading(self) -> bool:
        if self.info.get(WRITING):
            return False
        return bool(self.info.get(READING)) or _is_read()


def read_without_transaction(app: Flask) -> None:
    """Let reads of pages do without."""
    is_postgresql = db.engine.dialect.name == "postgresql"
    without = {"isolation_level": "AUTOCOMMIT"} if is_postgresql else {READ_OPTION: True}
    app.extensions[_READING] = db.engine.execution_options(**without)


class LateMigrate:
    """What Flask-Migrate keeps with an application, made when a command first asks for it.

    Alembic takes 11 MB of every web server and serves commands alone.
    """

    def __init__(self, directory: Path) -> None:
        self._folder = directory

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate  # see above

        Migrate().init_app(current_app, db, directory=str(self._folder), render_as_batch=False)
        return getattr(current_app.extensions["migrate"], name)


def _is_read() -> bool:
    context = _cv_request.get(None)  # for each statement: what Flask's proxies would look through
    return context is not None and context.request.method in {"GET", "HEAD"}


# Not expiring keeps what an operation returned readable after the commit.
db = SQLAlchemy(
    metadata=Base.metadata, session_options={"expire_on_commit": False, "class_": PageSession}
)
csrf = CSRFProtect()
babel = Babel()
limiter = Limiter(key_func=get_remote_address, headers_enabled=False)
