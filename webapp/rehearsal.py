"""The most visited pages, asked for once before the workers of the web server part.

The first answer of a page builds its statements, reads its templates and fills what is kept for
the next one. That takes ten times the page's own time and touches much of the program, of which
every worker would then write a copy of its own: 8 MB each. Done once here, all workers share it.

Nobody is signed in and nothing is written: the officer's pages are asked for by an actor who stands
in no table, and the database refuses whatever would change it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask, g
from sqlalchemy import event, select
from sqlalchemy.exc import SQLAlchemyError

from webapp.accounts.queries import Signed
from webapp.accounts.role_table import role
from webapp.accounts.sessions import open_session
from webapp.cases.indexed import listed, still_open
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.actor import Actor, ActorKind, Grant, Level
from webapp.core.unit_of_work import session
from webapp.directory.held_units import held_under
from webapp.directory.models import Unit
from webapp.directory.queries import units_held
from webapp.extensions import db
from webapp.reporting.indexed import still_waiting
from webapp.reporting.models import Report

log = logging.getLogger(__name__)
_ROLE = "front_province"
_QUEUE = "/can-bo/hang-doi?tab=vu-viec"
_PUBLIC = ("/", "/vu-viec", "/vu-viec?q=rác", "/gui-phan-anh", "/tra-cuu", "/dang-nhap", "/-")
_STAFF = (
    *(_QUEUE, f"{_QUEUE}&category=dumping&due=overdue", "/can-bo/hang-doi?tab=phan-anh"),
    *("/can-bo/hom-nay", "/can-bo/ket-qua", "/can-bo/so-lieu"),
    *("/api/v1/staff/queue?tab=vu-viec", "/api/v1/staff/queue/version?since=0.0"),
)
_ZOOMS = (7, 9, 12, 15)  # the first view, clusters, points
_TILES = (2.0, 1.2)
"""From the middle of a desk's screen to its sides and to its ends, in tiles of the map."""


@dataclass(frozen=True)
class _Example:
    """An open public case, the province above it, and a report that waits there."""

    code: str
    lon: float
    lat: float
    province_id: int
    report_code: str | None


def rehearse(app: Flask) -> None:
    """Ask for every page. A database that does not answer, or has no tables yet, is left alone."""
    try:
        with app.app_context(), _reading_only():
            example = _example()
            _ask(app, example)
    except SQLAlchemyError as error:
        log.info("nothing rehearsed: %s", type(error).__name__)


def _ask(app: Flask, example: _Example | None) -> None:
    for address in (*_PUBLIC, *_public_of(example)):
        _answer(app, address, None)
    if example is not None:
        officer = _officer(example.province_id)
        open_session("")  # the statement of every signed-in request
        held_under(0, [example.province_id])  # and the one after a change of the tree
        for address in (*_STAFF, *_staff_of(example)):
            _answer(app, address, officer)


def _answer(app: Flask, address: str, signed: Signed | None) -> None:
    with app.test_request_context(address, headers={"Accept-Encoding": "gzip"}):
        if signed is not None:
            g.actor, g.signed = signed.actor, signed
        app.full_dispatch_request()


@contextmanager
def _reading_only() -> Iterator[None]:
    """Connections of their own that refuse to write, closed at the end."""
    db.engine.dispose()
    event.listen(db.engine, "connect", _refuse_writes)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", _refuse_writes)
        session().rollback()
        db.engine.dispose()


def _refuse_writes(connection: Any, _record: object) -> None:
    if db.engine.dialect.name == "sqlite":
        connection.execute("PRAGMA query_only=ON").close()
        return
    connection.autocommit = True  # a rollback would take the setting back
    connection.execute("SET default_transaction_read_only = on")
    connection.autocommit = False


def _example() -> _Example | None:
    """The newest open and public case of a commune, if there is any."""
    query = (
        select(Case.code, Case.public_lon, Case.public_lat, Unit.parent_id)
        .join(Unit, Unit.id == Case.handling_unit_id)
        .where(listed(), still_open())
        .order_by(Case.id.desc())
    )
    found = session().execute(query.limit(1)).one_or_none()
    if found is None:
        return None
    code, lon, lat, province_id = found
    if lon is None or lat is None or province_id is None:
        return None
    return _Example(code, lon, lat, province_id, _waiting_report(province_id))


def _waiting_report(province_id: int) -> str | None:
    """One that no clock marks as opened when its page is asked for: urgent ones have such."""
    units = units_held([province_id])[province_id]
    query = select(Report.code).where(
        still_waiting(), Report.urgent.is_(False), Report.handling_unit_id.in_(units)
    )
    return session().scalar(query.order_by(Report.id.desc()).limit(1))


def _officer(province_id: int) -> Signed:
    """Who may see the province's desk, and is nobody."""
    grant = Grant(
        assignment_id=0,
        role=_ROLE,
        organisation_id=0,
        unit_id=province_id,
        level=Level.PROVINCE,
        unit_ids=units_held([province_id])[province_id],
        permissions=role(_ROLE).permissions,
    )
    actor = Actor(ActorKind.PERSON, 0, (grant,))
    return Signed(
        started_at=clock.now(),
        account_id=0,
        email="",
        active=True,
        name="",
        unit_name="",
        unit_name_en="",
        absent=(),
        actor=actor,
    )


def _public_of(example: _Example | None) -> list[str]:
    if example is None:
        return []
    return [f"/vu-viec/{example.code}", *(f"/api/v1/map?{box}" for box in _boxes(example))]


def _staff_of(example: _Example) -> list[str]:
    report = example.report_code
    return [
        f"/can-bo/vu-viec/{example.code}",
        *([f"/can-bo/phan-anh/{report}"] if report else []),
        *(f"/api/v1/staff/map?tab=vu-viec&{box}" for box in _boxes(example)),
    ]


def _boxes(example: _Example) -> list[str]:
    x, y, (across, up) = example.lon, example.lat, _TILES
    tiles = ((zoom, 360 / 2**zoom) for zoom in _ZOOMS)
    return [
        f"bbox={x - across * tile:.5f},{y - up * tile:.5f},"
        f"{x + across * tile:.5f},{y + up * tile:.5f}&zoom={zoom}"
        for zoom, tile in tiles
    ]
