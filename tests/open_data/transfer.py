"""Shows 2: GDAL takes ten thousand public cases at once, and counts as SQL counts.

``python -m tests.open_data.transfer [--features N] [--database NAME]`` seeds public cases, serves
them, copies the whole collection with ogr2ogr, and prints the requests it took and the seconds.
Then boxes (ogrinfo -spat) and spans of time are counted beside SQL. Ends with 1 where any differs.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from flask import Flask
from sqlalchemy import ColumnElement, func, select

from geo.points import Bbox
from tests.conftest import build_app
from tests.databases import Cluster
from tests.servers import Server, running
from webapp.bench.operations import seed
from webapp.cases.models import Case
from webapp.core.unit_of_work import session
from webapp.extensions import db
from webapp.open_data.queries.filters import CaseFilter, between, case_conditions

BOXES = (
    Bbox(103.0, 21.3, 103.2, 21.5),
    Bbox(102.0, 21.0, 104.0, 23.0),
    Bbox(105.3, 21.3, 106.2, 22.7),
    Bbox(103.1, 21.45, 103.11, 21.46),
    Bbox(110.0, 10.0, 111.0, 11.0),
)
REPORTS_PER_CASE = 2.05
"""Of so many seeded reports one public case comes."""


def main() -> None:
    """Both databases, or one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", type=int, default=10_000)
    parser.add_argument("--database", choices=("SpatiaLite", "PostGIS"), nargs="*")
    asked = parser.parse_args()
    wrong = 0
    for name in asked.database or ("SpatiaLite", "PostGIS"):
        with _seeded(name, asked.features) as (app, server), running(server):
            wrong += _measured(name, app, server)
    sys.exit(int(wrong > 0))


@contextmanager
def _seeded(name: str, features: int) -> Iterator[tuple[Flask, Server]]:
    with tempfile.TemporaryDirectory(prefix="matxanh-transfer-") as made:
        folder, cluster = Path(made), Cluster() if name == "PostGIS" else None
        url = ""
        try:
            if cluster is not None:
                cluster.start()
                cluster.sql("CREATE DATABASE matxanh")
                url = cluster.url("matxanh")
            app = build_app(folder, url)
            with app.app_context():
                seed(int(features * REPORTS_PER_CASE))
                db.session.remove()
            yield app, Server(folder, url, workers=2)
        finally:
            if cluster is not None:
                cluster.stop()


def _measured(name: str, app: Flask, server: Server) -> int:
    """Print what a transfer took and every count; how many counts differ."""
    source = f"OAPIF:{server.url}/ogc"
    target = server.folder / "cases.gpkg"
    begun = time.perf_counter()
    told = _gdal("ogr2ogr", "-f", "GPKG", str(target), source, "cases", "-oo", "PAGE_SIZE=10000")
    seconds = time.perf_counter() - begun
    copied = _count(_gdal("ogrinfo", "-ro", "-so", str(target), "cases"))
    with app.app_context():
        every = _sql()
        counts = [
            *((f"bbox {box}", _in_box(source, box), _sql(bbox=box)) for box in BOXES),
            *((f"datetime {span}", _in_span(server, span), n) for span, n in _spans()),
        ]
    pages = told.count("/items?")
    print(
        f"{name}: {copied} of {every} features in {seconds:.1f} s,"
        f" {told.count('HTTP: Fetch(')} requests, {pages} of them pages of features",
        flush=True,
    )
    wrong = int(copied != every)
    for asked, answered, counted in counts:
        mark = "" if answered == counted else "  DIFFERS"
        wrong += bool(mark)
        print(f"    {asked}: {answered}, SQL {counted}{mark}", flush=True)
    return wrong


def _sql(bbox: Bbox | None = None, *more: ColumnElement[bool]) -> int:
    conditions = case_conditions(CaseFilter(bbox=bbox))
    return session().scalar(select(func.count(Case.id)).where(*conditions, *more)) or 0


def _in_box(source: str, box: Bbox) -> int:
    sides = [str(each) for each in (box.west, box.south, box.east, box.north)]
    return _count(_gdal("ogrinfo", "-ro", "-so", source, "cases", "-spat", *sides))


def _spans() -> Iterator[tuple[str, int]]:
    """Months that hold cases, and what has no end on one side."""
    first, last = (
        session().execute(select(func.min(Case.public_since), func.max(Case.public_since))).one()
    )
    assert first is not None and last is not None
    middle = datetime.fromtimestamp((first.timestamp() + last.timestamp()) / 2, UTC).date()
    for span, begin, end in (
        (f"{first.date()}/{middle}", first.date(), middle),
        (f"{middle}/..", middle, None),
        (f"../{middle}", None, middle),
        (f"{middle}", middle, middle),
    ):
        yield span, _sql(None, *between(Case.public_since, begin, end))


def _in_span(server: Server, span: str) -> int:
    url = f"{server.url}/ogc/collections/cases/items?limit=1&datetime={quote(span)}"
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310  # our own loopback
        return int(json.load(answer)["numberMatched"])


def _count(told: str) -> int:
    return int(told.split("Feature Count: ")[1].split()[0])


def _gdal(*arguments: str) -> str:
    """What the program printed, its requests among it."""
    done = subprocess.run(
        arguments,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "CPL_DEBUG": "ON"},
        timeout=300,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout + done.stderr


if __name__ == "__main__":
    main()
