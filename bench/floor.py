"""The floor of the map: bare Flask, the driver, one statement, the same features and nothing else.

No validation, filters, data version, journal, ETag, headers or language. ``BENCH_DATABASE`` is a
libpq connection string or the path of an SQLite file.
"""

import os
import threading
from collections.abc import Callable, Sequence
from typing import Any

import orjson
import psycopg
from flask import Flask, Response, request

from geo.cells import CELL_ZOOM, cell_bbox, ranges
from geo.clustering import MICRO
from geo.points import parse_bbox
from webapp.cases.workflow import LISTED
from webapp.core.engine import sqlite_driver
from webapp.core.workflow import check_list

Query = Callable[[str], Sequence[tuple[Any, ...]]]
FEW = 500
_PUBLIC = f"public_since IS NOT NULL AND state IN ({check_list(sorted(LISTED))})"
_local = threading.local()
app = Flask(__name__)


def open_query(database: str) -> Query:
    """A function that runs one statement on a connection of its own."""
    if "=" not in database:
        file = sqlite_driver().connect(database, check_same_thread=False)
        return lambda sql: file.execute(sql).fetchall()
    connection = psycopg.connect(database, autocommit=True)
    return lambda sql: connection.execute(sql).fetchall()


def floor_features(query: Query, bbox: str, zoom: int) -> list[dict[str, Any]]:
    """The features of a view, as the application decides them."""
    if zoom >= 14:
        rows = query(points_sql(bbox))
        if len(rows) <= FEW:
            return [_point(*row) for row in rows]
    return [_cluster(zoom + 2, *row) for row in query(clusters_sql(bbox, zoom))]


def points_sql(bbox: str) -> str:
    """Cases of a box, one more than may be shown."""
    box = parse_bbox(bbox)
    parts = " UNION ALL ".join(
        "SELECT code, category, state, overdue, public_lon, public_lat, handling_unit_id"
        f" FROM case_file WHERE {_PUBLIC} AND public_cell BETWEEN {low} AND {high}"
        f" AND public_lon BETWEEN {box.west} AND {box.east}"
        f" AND public_lat BETWEEN {box.south} AND {box.north}"
        for low, high in ranges(box, CELL_ZOOM)
    )
    return (
        f"SELECT f.*, unit.name FROM (SELECT * FROM ({parts}) all_of LIMIT {FEW + 1}) f"
        " JOIN unit ON unit.id = f.handling_unit_id"
    )


def clusters_sql(bbox: str, zoom: int) -> str:
    """Counts by cell of a box."""
    level = zoom + 2
    box = " OR ".join(f"cell BETWEEN {a} AND {b}" for a, b in ranges(parse_bbox(bbox), level))
    return (
        "SELECT cell, sum(n), sum(n_overdue), sum(sum_x), sum(sum_y) FROM cell_count"
        f" WHERE scope = 0 AND zoom = {level} AND ({box}) GROUP BY cell"
    )


def _point(code: str, kind: str, state: str, late: bool, lon: float, lat: float, *name: Any) -> Any:
    properties = {
        "cluster": False,
        "case_code": code,
        "category": kind,
        "state": state,
        "overdue": bool(late),
        "title": f"{kind} – {name[-1]}",
    }
    return _feature(lon, lat, properties)


def _cluster(level: int, cell: int, n: int, late: int, x: int, y: int) -> dict[str, Any]:
    box = cell_bbox(cell, level)
    corners = [round(each, 4) for each in (box.west, box.south, box.east, box.north)]
    properties = {"cluster": True, "count": int(n), "overdue": int(late), "bbox": corners}
    return _feature(round(x / n / MICRO, 4), round(y / n / MICRO, 4), properties)


def _feature(lon: Any, lat: Any, properties: dict[str, Any]) -> dict[str, Any]:
    place = {"type": "Point", "coordinates": [float(lon), float(lat)]}
    return {"type": "Feature", "geometry": place, "properties": properties}


@app.get("/map")
def floor_map() -> Response:
    """The floor's answer."""
    if not hasattr(_local, "query"):
        _local.query = open_query(os.environ["BENCH_DATABASE"])
    features = floor_features(_local.query, request.args["bbox"], int(request.args["zoom"]))
    body = orjson.dumps({"type": "FeatureCollection", "features": features})
    return Response(body, content_type="application/geo+json")
