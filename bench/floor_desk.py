"""The floor of every page: bare Flask, the driver, the fewest statements, JSON, nothing else.

No session, rights, words, counts or templates. ``BENCH_DATABASE`` is a libpq connection string or
the path of an SQLite file.
"""

import os
import threading
from typing import Any

import orjson
from flask import Response, request

from bench.floor import Query, app, open_query
from geo.cells import CELL_ZOOM, ranges
from geo.points import parse_bbox
from webapp.cases.workflow import ENDED, LISTED
from webapp.core.workflow import check_list

OPEN = f"state NOT IN ({check_list(sorted(ENDED))})"
PUBLIC = f"public_since IS NOT NULL AND state IN ({check_list(sorted(LISTED))})"
_local = threading.local()


def queue_sql(rank: int, last_id: int, more: str = "true") -> str:
    """Fifty open cases after a place of the order, under one more condition."""
    return (
        "SELECT c.code, c.category, c.state, c.due_at, c.first_reported_at, c.report_count, c.lon,"
        " c.lat, u.name FROM (SELECT id FROM case_file"
        f" WHERE {OPEN} AND (queue_rank, id) > ({rank}, {last_id}) AND {more}"
        " ORDER BY queue_rank, id LIMIT 51) f JOIN case_file c ON c.id = f.id"
        " JOIN unit u ON u.id = c.handling_unit_id ORDER BY c.queue_rank, c.id"
    )


def points_sql(bbox: str) -> str:
    """Open cases of a box, one more than may be shown."""
    box = parse_bbox(bbox)
    parts = " UNION ALL ".join(
        f"SELECT code, category, state, due_at, lon, lat FROM case_file WHERE {OPEN}"
        f" AND cell BETWEEN {low} AND {high} AND lon BETWEEN {box.west} AND {box.east}"
        f" AND lat BETWEEN {box.south} AND {box.north}"
        for low, high in ranges(box, CELL_ZOOM)
    )
    return f"SELECT * FROM ({parts}) f LIMIT 1001"


def case_sql(code: str) -> str:
    """A case with the name of its unit."""
    return (
        "SELECT c.id, c.code, c.category, c.state, c.summary, c.report_count, u.name FROM case_file"
        f" c JOIN unit u ON u.id = c.handling_unit_id WHERE c.code = '{_plain(code)}'"
    )


def report_sql(code: str) -> str:
    """A report with the name of its unit."""
    return (
        "SELECT r.id, r.code, r.category, r.state, r.description, u.name FROM report r"
        f" JOIN unit u ON u.id = r.handling_unit_id WHERE r.code = '{_plain(code)}'"
    )


def list_sql(words: str = "", before: str = "") -> str:
    """Twenty-one public cases, the newest first, with words in them or older than a case."""
    more = "".join(f" AND c.search_text LIKE '%{_plain(word)}%'" for word in words.split())
    if before:
        more += (
            " AND (c.public_since, c.id) < (SELECT public_since, id FROM case_file"
            f" WHERE code = '{_plain(before)}')"
        )
    return (
        "SELECT c.code, c.category, c.state, c.overdue, c.public_since, u.name FROM case_file c"
        f" JOIN unit u ON u.id = c.handling_unit_id WHERE {PUBLIC.replace('state', 'c.state')}"
        f"{more} ORDER BY c.public_since DESC, c.id DESC LIMIT 21"
    )


LATE_DUMPING = "category LIKE 'dumping%' AND overdue"
NEWEST = "SELECT (SELECT max(id) FROM report), (SELECT max(id) FROM report_line)"


def _plain(code: str) -> str:
    if not code.isalnum():
        raise ValueError(code)
    return code


def _query() -> Query:
    if not hasattr(_local, "query"):
        _local.query = open_query(os.environ["BENCH_DATABASE"])
    found: Query = _local.query
    return found


def _answer(body: Any) -> Response:
    return Response(orjson.dumps(body, default=str), content_type="application/json")


@app.get("/queue")
def queue() -> Response:
    """One page."""
    sql = queue_sql(int(request.args["rank"]), int(request.args["id"]), *_narrower())
    return _answer([list(row) for row in _query()(sql)])


def _narrower() -> list[str]:
    return [LATE_DUMPING] if "late" in request.args else []


@app.get("/list")
def listed() -> Response:
    """The public list."""
    sql = list_sql(request.args.get("q", ""), request.args.get("before", ""))
    return _answer([list(row) for row in _query()(sql)])


@app.get("/newest")
def newest() -> Response:
    """Where the tables stand."""
    return _answer([list(row) for row in _query()(NEWEST)])


@app.get("/report/<code>")
def report(code: str) -> Response:
    """A report and its lines."""
    [row] = _query()(report_sql(code))
    lines = _query()(
        f"SELECT at, transition, note FROM report_line WHERE report_id = {int(row[0])} ORDER BY id"
    )
    return _answer([list(row), [list(line) for line in lines]])


@app.get("/points")
def points() -> Response:
    """The points of a view."""
    return _answer([list(row) for row in _query()(points_sql(request.args["bbox"]))])


@app.get("/case/<code>")
def case(code: str) -> Response:
    """A case and its timeline."""
    [row] = _query()(case_sql(code))
    lines = _query()(
        "SELECT at, transition, voice, public_line FROM timeline_line"
        f" WHERE case_id = {int(row[0])} ORDER BY id"
    )
    return _answer([list(row), [list(line) for line in lines]])
