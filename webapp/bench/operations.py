"""Seeding: rows in bulk, the spatial table from them, the map's counts from the cases."""

from collections.abc import Iterable
from random import Random
from typing import Any

from sqlalchemy import Table, func, insert, select, text

from webapp.bench.rows import Batch, Maker, Row
from webapp.cases import counts
from webapp.cases.models import Case, TimelineLine
from webapp.core import clock
from webapp.core.unit_of_work import session, take_your_time, write_unit
from webapp.deadlines.models import ClockRule, Deadline
from webapp.reporting.models import Report

SEED = 20250701
CHUNK = 20_000
"""Reports of one transaction."""

_PLACES = {
    "sqlite": "MakePoint(lon, lat, 4326)",
    "postgresql": "ST_SetSRID(ST_MakePoint(lon, lat), 4326)",
}


def seed(reports: int) -> tuple[int, int]:
    """Add this many reports and their cases; returns how many reports and cases were added.

    The same number on the same day after the same rows gives the same rows.
    """
    maker, first_case = _maker()
    added = cases = 0
    while added < reports:
        batch = Batch()
        maker.fill(batch, min(CHUNK, reports - added))
        with write_unit():
            _insert(batch)
        added, cases = added + len(batch.reports), cases + len(batch.cases)
    with write_unit():
        take_your_time()
        _fill_places(first_case)
    with write_unit():
        counts.rebuild()
    _let_planners_know()
    return added, cases


def _maker() -> tuple[Maker, int]:
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    last_case = session().scalar(select(func.coalesce(func.max(Case.id), 0))) or 0
    last_report = session().scalar(select(func.coalesce(func.max(Report.id), 0))) or 0
    rule = session().scalars(select(ClockRule.id).order_by(ClockRule.id).limit(1)).one()
    maker = Maker(
        Random(SEED + last_case),  # noqa: S311  # shapes for a benchmark, no secrets
        midnight,
        case_id=last_case,
        report_id=last_report,
        rule_id=rule,
    )
    return maker, last_case


def _insert(batch: Batch) -> None:
    for model, rows in (
        (Case, batch.cases),
        (Report, batch.reports),
        (TimelineLine, batch.lines),
        (Deadline, batch.deadlines),
    ):
        table: Any = model.__table__
        if session().get_bind().dialect.name == "postgresql":
            _copy(table, rows)
        else:
            session().execute(insert(table), rows)
    if session().get_bind().dialect.name == "postgresql":
        for name in ("case_file", "report"):
            session().execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")  # noqa: S608  # names from this line
            )


def _copy(table: Table, rows: Iterable[Row]) -> None:
    """COPY takes a tenth of the time of INSERT."""
    rows = list(rows)
    if not rows:
        return
    names = list(rows[0])
    processors = [_processor(table, name) for name in names]
    driver: Any = session().connection().connection.driver_connection
    columns = ", ".join(names)
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            values = (row[name] for name in names)
            copy.write_row([each(value) for each, value in zip(processors, values, strict=True)])


def _processor(table: Table, name: str) -> Any:
    dialect = session().get_bind().dialect
    found = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return found or (lambda value: value)


def _fill_places(after: int) -> None:
    """The exact places as geometry, from the rows themselves."""
    point = _PLACES[session().get_bind().dialect.name]
    session().execute(
        text(
            f"INSERT INTO case_place (case_id, geom) SELECT id, {point} FROM case_file"  # noqa: S608  # an expression of the table above
            " WHERE id > :after AND lon IS NOT NULL"
        ),
        {"after": after},
    )


def _let_planners_know() -> None:
    """What autovacuum would do by itself a minute later; SQLite is left as it is in use."""
    if session().get_bind().dialect.name == "postgresql":
        with write_unit():
            take_your_time()
            session().execute(text("ANALYZE"))
