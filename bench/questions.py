"""What benchmarks ask of a seeded place: our address, the floor's, the raw statement, who asks."""

import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass
from random import Random

from flask import Flask
from sqlalchemy import Select, func, select

from bench.floor import clusters_sql
from bench.floor import points_sql as public_points_sql
from bench.floor_desk import (
    BOARD,
    LATE_DUMPING,
    NEWEST,
    case_sql,
    list_sql,
    owed_sql,
    points_sql,
    queue_sql,
    report_sql,
    top_sql,
    waiting_sql,
)
from tests.factories.accounts import make_person
from webapp.accounts.sessions import begin_session
from webapp.accounts.views.session import SEEN_AT, TOKEN
from webapp.cases.indexed import listed, still_open
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Unit
from webapp.directory.queries import units_held
from webapp.reporting.indexed import still_waiting
from webapp.reporting.models import Report
from webapp.web.paging import encode_cursor

ASKED = 360
PAGE = 50
FAR_PAGE = 500
FIRST = (-(2**62), 0)
MAP_ZOOMS = (6, 8, 10, 12, 14, 16)
STAFF_ZOOMS = (9, 12)
COMMON, OFTEN, RARE = "rac", "thuoc", "tenh"
"""A word of two thirds of all cases, one of a fifth, and one of about one in five thousand."""
Headers = MutableMapping[str, str]


@dataclass(frozen=True)
class Question:
    """One thing to measure; ``ratio`` and ``statements`` are the targets, None where none is."""

    name: str
    ours: list[str]
    floor: list[str]
    raw: list[str]
    headers: Headers
    ratio: float | None
    statements: int | None


def questions(app: Flask) -> list[Question]:
    """Every row of the table of targets that reads, for the busiest province's officer."""
    province = busiest()
    officer = officer_of(app, province)
    units = units_held([province])[province]
    return [
        *(_map(zoom) for zoom in MAP_ZOOMS),
        *(_staff_clusters(zoom, units, officer) for zoom in STAFF_ZOOMS),
        _staff_points(units, officer),
        *_queue(units, officer),
        *_day(officer),
        *_records(units, officer),
        *_public_lists(),
    ]


def busiest() -> int:
    """The province with the most open cases."""
    query = (
        select(Unit.parent_id)
        .join(Case, Case.handling_unit_id == Unit.id)
        .where(still_open())
        .group_by(Unit.parent_id)
        .order_by(func.count().desc())
    )
    return session().scalar(query.limit(1)) or 0


def officer_of(app: Flask, unit_id: int, role: str = "front_province") -> dict[str, str]:
    """The cookie of a signed-in officer of the unit."""
    with write_unit():
        account, _actor = make_person(role, unit=session().get_one(Unit, unit_id))
        token = secrets.token_urlsafe(24)
        begin_session(account, token)
    # As a browser sends it from the first page with a form on; without it every answer sets one.
    held = {"csrf_token": secrets.token_hex(20)}
    stored = held | {TOKEN: token, SEEN_AT: clock.now().timestamp()}
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return {"Cookie": f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(stored)}"}


def _map(zoom: int) -> Question:
    query = select(Case.public_lon, Case.public_lat).where(listed())
    views = _views(query, zoom)
    points = zoom >= 14
    raw = [public_points_sql(box) if points else clusters_sql(box, zoom) for box in views]
    return Question(
        f"public map z{zoom}",
        [f"/api/v1/map?bbox={box}&zoom={zoom}" for box in views],
        [f"/map?bbox={box}&zoom={zoom}" for box in views],
        raw,
        {},
        ratio=2.0 if points else 2.5,
        statements=3,
    )


def _staff_clusters(zoom: int, units: frozenset[int], officer: Headers) -> Question:
    """Beside the public counts of the same boxes: a floor of one scope instead of hundreds."""
    views = _views(_open_places(units), zoom)
    return Question(
        f"officer's map z{zoom}",
        [f"/api/v1/staff/map?tab=vu-viec&bbox={box}&zoom={zoom}" for box in views],
        [f"/map?bbox={box}&zoom={zoom}" for box in views],
        [clusters_sql(box, zoom) for box in views],
        officer,
        ratio=None,
        statements=None,
    )


def _staff_points(units: frozenset[int], officer: Headers) -> Question:
    boxes = _views(_open_places(units), 15)
    return Question(
        "officer's map z15, points",
        [f"/api/v1/staff/map?tab=vu-viec&bbox={box}&zoom=15" for box in boxes],
        [f"/points?bbox={box}" for box in boxes],
        [points_sql(box) for box in boxes],
        officer,
        ratio=2.0,
        statements=2,  # the session with its grants, the points
    )


def _queue(units: frozenset[int], officer: Headers) -> list[Question]:
    far = _far(units)
    here, page = "/api/v1/staff/queue?tab=vu-viec", "/can-bo/hang-doi?tab=vu-viec"
    there = f"&cursor={encode_cursor(list(far))}"
    narrow = "&category=dumping&due=overdue"
    first_floor, far_floor = (f"/queue?rank={rank}&id={last}" for rank, last in (FIRST, far))
    first_sql, far_sql = queue_sql(*FIRST), queue_sql(*far)
    late_sql = queue_sql(*FIRST, LATE_DUMPING)

    def row(name: str, ours: str, floor: str, raw: str) -> Question:
        return _same(name, ours, floor, raw, officer, 4.0, 8)

    return [
        row("queue, page 1", here, first_floor, first_sql),
        row(f"queue, page {FAR_PAGE}", here + there, far_floor, far_sql),
        row("filter change, list", here + narrow, first_floor + "&late=1", late_sql),
        row("desk page with counts", page, first_floor, first_sql),
        row(f"desk page {FAR_PAGE}", page + there, far_floor, far_sql),
        row("filter change, page", page + narrow, first_floor + "&late=1", late_sql),
        row("badge of new reports", "/api/v1/staff/queue/version?since=0.0", "/newest", NEWEST),
    ]


def _day(officer: Headers) -> list[Question]:
    """What an officer opens beside the queue; the board counts a year of a province."""
    few = ASKED // 10
    board = ["/can-bo/so-lieu"] * few, ["/board"] * few, [BOARD] * few

    def row(name: str, ours: str, floor: str, raw: str) -> Question:
        return _same(name, f"/can-bo/{ours}", floor, raw, officer, 4.0, 8)

    return [
        row("today's work", "hom-nay", "/top", top_sql()),
        row("waiting reports", "hang-doi?tab=phan-anh", "/waiting", waiting_sql()),
        row("pages of results", "ket-qua", "/owed", owed_sql()),
        Question("board of a year", *board, officer, ratio=None, statements=None),
    ]


def _records(units: frozenset[int], officer: Headers) -> list[Question]:
    public = select(Case.code).where(
        still_open(), Case.public_since.is_not(None), Case.handling_unit_id.in_(units)
    )
    waiting = select(Report.code).where(still_waiting(), Report.handling_unit_id.in_(units))
    codes = Random(7).choices(
        list(session().scalars(public.order_by(Case.id).limit(5000))), k=ASKED
    )
    reports = list(session().scalars(waiting.order_by(Report.id).limit(5000)))
    reports = Random(7).choices(reports, k=ASKED)
    cases, by_code = [f"/case/{code}" for code in codes], [case_sql(code) for code in codes]
    ours = [f"/vu-viec/{code}" for code in codes]
    desk = [f"/can-bo/vu-viec/{code}" for code in codes]
    read = [f"/can-bo/phan-anh/{code}" for code in reports]
    floor = [f"/report/{code}" for code in reports]
    raw = [report_sql(code) for code in reports]
    return [
        Question("case page, public", ours, cases, by_code, {}, ratio=4.0, statements=4),
        Question("case page, officer", desk, cases, by_code, officer, ratio=4.0, statements=10),
        Question("report page, officer", read, floor, raw, officer, ratio=None, statements=None),
    ]


def _public_lists() -> list[Question]:
    after = _old_public()

    def row(name: str, ours: str, floor: str, raw: str) -> Question:
        return _same(name, f"/vu-viec{ours}", f"/list{floor}", raw, {}, 4.0, 4)

    return [
        row("public list", "", "", list_sql()),
        row("public list, far page", f"?after={after}", f"?before={after}", list_sql("", after)),
        row("search, common word", f"?q={COMMON}", f"?q={COMMON}", list_sql(COMMON)),
        row("search, word of a fifth", f"?q={OFTEN}", f"?q={OFTEN}", list_sql(OFTEN)),
        row("search, rare word", f"?q={RARE}", f"?q={RARE}", list_sql(RARE)),
        row("search, no such word", "?q=khongco", "?q=khongco", list_sql("khongco")),
    ]


def _same(
    name: str, ours: str, floor: str, raw: str, headers: Headers, ratio: float, statements: int
) -> Question:
    many = ([ours] * ASKED, [floor] * ASKED, [raw] * ASKED)
    return Question(name, *many, headers, ratio=ratio, statements=statements)


def _open_places(units: frozenset[int]) -> Select[float | None, float | None]:
    return select(Case.lon, Case.lat).where(still_open(), Case.handling_unit_id.in_(units))


def _views(query: Select[float | None, float | None], zoom: int) -> list[str]:
    """Boxes of a screen of 1024 x 640 over places of the query, the same in every run."""
    found = session().execute(query.order_by(Case.id).limit(20_000))
    places = [(x, y) for x, y in found if x is not None and y is not None]
    tile = 360 / 2**zoom
    across, up = tile * 2, tile * 1.25 * 0.93  # cosine of 21.5 degrees
    return [
        f"{x - across:.5f},{y - up:.5f},{x + across:.5f},{y + up:.5f}"
        for x, y in Random(zoom).choices(places, k=ASKED)
    ]


def _far(units: frozenset[int]) -> tuple[int, int]:
    """The last row of the officer's queue before the far page, or before its last full page."""
    theirs = still_open(), Case.handling_unit_id.in_(units)
    query = select(Case.queue_rank, Case.id).where(*theirs)
    total = session().scalar(select(func.count(Case.id)).where(*theirs)) or 0
    before = min(PAGE * (FAR_PAGE - 1), total - PAGE) - 1
    order = query.order_by(Case.queue_rank, Case.id)
    rank, last_id = session().execute(order.offset(before).limit(1)).one()
    return rank, last_id


def _old_public() -> str:
    """The code of a public case that half of the others are newer than."""
    total = session().scalar(select(func.count(Case.id)).where(listed())) or 0
    query = select(Case.code).where(listed()).order_by(Case.public_since.desc(), Case.id.desc())
    return session().scalars(query.offset(total // 2).limit(1)).one()
