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
from webapp.cases.workflow import ENDED, LISTED, WITH_RESULT
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


def waiting_sql(limit: int = 51, more: str = "true") -> str:
    """The reports that wait first, under one more condition."""
    return (
        "SELECT r.code, r.category, r.state, r.due_at, r.description, u.name FROM (SELECT id FROM"
        f" report WHERE state IN ('submitted', 'needs_info') AND {more}"
        f" ORDER BY queue_rank, id LIMIT {limit}) f JOIN report r ON r.id = f.id"
        " JOIN unit u ON u.id = r.handling_unit_id ORDER BY r.queue_rank, r.id"
    )


def top_sql() -> str:
    """The new report that waits first."""
    return waiting_sql(1, "state = 'submitted'")


def owed_sql() -> str:
    """A hundred cases with a result and no page, the newest first."""
    return (
        "SELECT c.code, c.category, c.state, u.name FROM case_file c"
        " JOIN unit u ON u.id = c.handling_unit_id"
        f" WHERE c.public_since IS NOT NULL AND c.state IN ({check_list(sorted(WITH_RESULT))})"
        " AND c.not_published_reason IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.case_id = c.id)"
        " ORDER BY c.id DESC LIMIT 100"
    )


BOARD = (
    "SELECT handling_unit_id, category, count(*), sum(CASE WHEN overdue THEN 1 ELSE 0 END)"
    f" FROM case_file WHERE {OPEN} GROUP BY handling_unit_id, category"
)
"""Open and late cases by unit and kind."""
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


@app.get("/top")
def top() -> Response:
    """The first of what is new."""
    return _answer([list(row) for row in _query()(top_sql())])


@app.get("/waiting")
def waiting() -> Response:
    """One page of what waits."""
    return _answer([list(row) for row in _query()(waiting_sql())])


@app.get("/board")
def board() -> Response:
    """Counts of what is open."""
    return _answer([list(row) for row in _query()(BOARD)])


@app.get("/owed")
def owed() -> Response:
    """What is to be written."""
    return _answer([list(row) for row in _query()(owed_sql())])


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
