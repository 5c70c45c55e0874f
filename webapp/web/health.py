"""Is the process alive, can it serve: ``/healthz`` and ``/readyz``."""

import sqlite3

from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from webapp.core import files
from webapp.core.unit_of_work import session
from webapp.web.guards import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> Response:
    """The process answers."""
    return jsonify({"ok": True})


@bp.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """Database, files and queue answer; 503 with the name of what does not."""
    parts = {"database": _database(), "files": _files(), "queue": _queue()}
    return jsonify({"ok": all(parts.values()), **parts}), 200 if all(parts.values()) else 503


def _database() -> bool:
    try:
        session().execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _files() -> bool:
    try:
        files.store().check()
    except OSError:
        return False
    return True


def _queue() -> bool:
    try:
        current_app.extensions["matxanh_queue"].check()
    except (OSError, sqlite3.Error):
        return False
    return True


def init_health(app: Flask) -> None:
    """Register the two addresses."""
    app.register_blueprint(bp)
