"""The floor of sending a report: one question for the unit, one insert, one commit, nothing else.

No validation, history, audit, deadline, outbox or idempotency. ``BENCH_DATABASE`` is a libpq
connection string or the path of an SQLite file.
"""

import os
import threading
from collections.abc import Callable
from typing import Any

import orjson
import psycopg
from flask import Flask, Response, request

from geo.sql import prepare_spatialite
from webapp.core.engine import sqlite_driver

Insert = Callable[[float, float, str], int]
_TABLE = (
    "CREATE TABLE IF NOT EXISTS bench_report"
    " (id {serial} PRIMARY KEY, unit_id BIGINT, lon FLOAT, lat FLOAT, words TEXT)"
)
_local = threading.local()
app = Flask(__name__)


def prepare(database: str) -> None:
    """Make the floor's own table."""
    if "=" in database:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(_TABLE.format(serial="BIGSERIAL"))
        return
    file = sqlite_driver().connect(database)
    file.execute(_TABLE.format(serial="INTEGER"))
    file.close()


def _inserter(database: str) -> Insert:
    return _postgis(database) if "=" in database else _spatialite(database)


def _postgis(database: str) -> Insert:
    connection = psycopg.connect(database)

    def insert(lon: float, lat: float, words: str) -> int:
        with connection.transaction():
            row = connection.execute(
                "INSERT INTO bench_report (unit_id, lon, lat, words) SELECT unit_id, %s, %s, %s"
                " FROM unit_area WHERE ST_Covers(geom, ST_SetSRID(ST_MakePoint(%s, %s), 4326))"
                " LIMIT 1 RETURNING id",
                (lon, lat, words, lon, lat),
            ).fetchone()
        return int(row[0]) if row else 0

    return insert


def _spatialite(database: str) -> Insert:
    file: Any = sqlite_driver().connect(database, check_same_thread=False, timeout=30)
    file.isolation_level = None
    prepare_spatialite(file)
    file.execute("PRAGMA synchronous=FULL")

    def insert(lon: float, lat: float, words: str) -> int:
        file.execute("BEGIN IMMEDIATE")
        cursor = file.execute(
            "INSERT INTO bench_report (unit_id, lon, lat, words) SELECT unit_id, ?, ?, ?"
            " FROM unit_area WHERE rowid IN (SELECT pkid FROM idx_unit_area_geom WHERE xmin <= ?"
            " AND xmax >= ? AND ymin <= ? AND ymax >= ?)"
            " AND ST_Covers(geom, MakePoint(?, ?, 4326)) LIMIT 1",
            (lon, lat, words, lon, lon, lat, lat, lon, lat),
        )
        file.execute("COMMIT")
        return int(cursor.lastrowid)

    return insert


@app.get("/ready")
def ready() -> str:
    """Whether it serves."""
    return "ok"


@app.post("/reports")
def send() -> Response:
    """Store one report."""
    if not hasattr(_local, "insert"):
        _local.insert = _inserter(os.environ["BENCH_DATABASE"])
    sent = orjson.loads(request.get_data())
    at = sent["location"]
    number = _local.insert(at["lon"], at["lat"], sent["description"])
    return Response(orjson.dumps({"id": number}), 201, content_type="application/json")
