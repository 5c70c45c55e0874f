"""The boards: each number equals the rows behind it, for each who looks, on both databases."""

import io
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.datastructures import MultiDict

from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import make_case
from tests.factories.clock import MONDAY, FrozenClock
from tests.factories.directory import DIEN_BIEN, NA_TAU, a_unit, an_organisation, make_unit
from tests.factories.figures import a_clock
from tests.factories.outcomes import a_recommendation
from tests.factories.reporting import make_report
from webapp.cases.models import Case
from webapp.cases.schemas import public_filters
from webapp.core.actor import Actor
from webapp.core.errors import Invalid
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.models import Deadline, DeadlineChange
from webapp.directory.models import Unit, UnitSuccession
from webapp.directory.served_units import NEW_SYSTEM
from webapp.extensions import db
from webapp.figures.charts import sketch, trend
from webapp.figures.filters import NOT_SAID, BoardFilters, board_filters
from webapp.figures.queries import measures
from webapp.figures.queries.board import Board, board
from webapp.figures.queries.drill_down import counted_cases, how_many_cases
from webapp.figures.queries.first_looks import ALL, looked_at
from webapp.figures.queries.measures import priorities_of
from webapp.figures.queries.places import Places
from webapp.figures.queries.public import figures
from webapp.figures.views import staff
from webapp.figures.window import MONTH, WEEK, Window

BOARD = "/can-bo/so-lieu"
YEAR_2026 = Window(date(2026, 1, 1), date(2026, 12, 31))
ASKED = BoardFilters(YEAR_2026)
IN_2026 = datetime(2026, 2, 10, 2, 0, tzinfo=UTC)
BEFORE = datetime(2025, 9, 10, 2, 0, tzinfo=UTC)
YESTERDAY = MONDAY - timedelta(days=1)


def leader(
    role: str = "front_province", unit: Unit | None = None, kind: str = "front"
) -> tuple[str, Actor]:
    place = unit or a_unit(DIEN_BIEN)
    account, actor = make_person(role, unit=place, organisation=an_organisation(kind, unit=place))
    return account.email, actor


def an_answer(case: Case, *, late: bool, at: datetime = IN_2026) -> None:
    asked = an_organisation("peoples_committee")
    letter = a_recommendation(case, addressee_id=asked.id, handler_id=asked.id)
    a_clock("recommendation", letter.id, "front_reco_reply", at, 90 if late else 10, 48)


@pytest.fixture
def world(app: Flask, frozen: FrozenClock) -> tuple[str, Actor]:
    """Cases of two communes in every measure, and the province's leader."""
    with write_unit():
        env = an_organisation("env_office")
        make_case("assessed", opened_at=IN_2026, due_at=YESTERDAY)
        make_case("escalated", opened_at=BEFORE, office_id=env.id, due_at=YESTERDAY)
        make_case("inspecting", opened_at=IN_2026, office_id=env.id, category_code="burning")
        make_case("received", opened_at=IN_2026, unit=a_unit(NA_TAU))
        late = make_case("closed", opened_at=BEFORE, closed_at=IN_2026, unit=a_unit(NA_TAU))
        kept = make_case("closed", opened_at=BEFORE, closed_at=IN_2026, waste_source="market")
        make_case("closed", opened_at=BEFORE, closed_at=BEFORE)
        an_answer(late, late=True)
        an_answer(late, late=False)
        an_answer(kept, late=False)
        return leader()


def counts(found: Board) -> tuple[int, ...]:
    tally = found.all
    return (
        tally.open,
        tally.overdue,
        tally.opened,
        tally.closed,
        tally.answered,
        tally.on_time,
    )


def test_what_is_counted(world: tuple[str, Actor]) -> None:
    found = board(world[1], ASKED)
    assert counts(found) == (4, 2, 3, 2, 2, 1)
    na_tau = found.by_unit[a_unit(NA_TAU).id]
    assert (na_tau.open, na_tau.closed, na_tau.answered_late) == (1, 1, 1)
    assert found.by_source["market"].closed == 1
    assert found.by_source["chua-ghi"].open == 1  # the received one
    assert found.by_picture["p_smoke"].open == 1


def test_work_given_over_shows_with_whom_it_is(world: tuple[str, Actor]) -> None:
    found = board(world[1], ASKED)
    held = {each.organisation.kind: (each.open, each.overdue) for each in found.holders[:1]}
    assert held == {"env_office": (2, 1)}
    assert sum(each.open for each in found.holders) == found.all.open


LINK = re.compile(r'href="(/can-bo/so-lieu/vu-viec\?[^"]*)">([\d.]+)</a>')


def test_every_number_leads_to_just_as_many_rows(
    client: FlaskClient, world: tuple[str, Actor]
) -> None:
    sign_in(client, world[0])
    page = client.get(f"{BOARD}?from=2026-01-01&to=2026-12-31").text
    links = {(url.replace("&amp;", "&"), int(n)) for url, n in LINK.findall(page)}
    assert len(links) > 30
    for url, n in links:
        args = MultiDict(parse_qsl(urlsplit(url).query))
        assert (url, how_many_cases(world[1], asked(args), args["muc"])) == (url, n)
    for measure, n in zip(measures.MEASURES, (4, 2, 3, 2, 2, 1), strict=True):
        rows = client.get(f"{BOARD}/vu-viec?from=2026-01-01&to=2026-12-31&muc={measure}").text
        assert (measure, rows.count("data-case=")) == (measure, n)
        assert f": {n}</h1>" in rows


def asked(args: MultiDict[str, str]) -> BoardFilters:
    """The question of an address."""
    return board_filters(args, public_filters({"from": args["from"], "to": args["to"]}))


def test_the_public_counts_open_and_late_cases_as_the_board_does(
    app: Flask, frozen: FrozenClock
) -> None:
    with write_unit():
        make_case("assessed", opened_at=IN_2026, due_at=YESTERDAY, overdue=True)
        make_case("escalated", opened_at=IN_2026, due_at=MONDAY + timedelta(days=9))
        make_case("inspecting", opened_at=IN_2026, unit=a_unit(NA_TAU))
        make_case("closed", opened_at=IN_2026, closed_at=IN_2026)
        ours, theirs = board(leader()[1], ASKED), figures(YEAR_2026, NEW_SYSTEM)
    assert (theirs.all.open, theirs.all.overdue) == (3, 1)
    for unit_id, tally in theirs.by_unit.items():
        counted = ours.by_unit[unit_id]
        assert (tally.open, tally.overdue) == (counted.open, counted.overdue)


def test_an_office_counts_its_own_and_a_commune_what_it_may_see(
    app: Flask, world: tuple[str, Actor]
) -> None:
    with write_unit():
        make_case("received", opened_at=IN_2026, to_province=True)
        _, chair = leader("commune_chair", a_unit(), "peoples_committee")
        _, signer = leader("env_signer", a_unit(DIEN_BIEN), "env_office")
        _, commune = leader("front_signer", a_unit())
    assert board(commune, ASKED).all.open == 3
    assert board(world[1], ASKED).all.open == 5
    for office in (chair, signer):
        found = board(office, ASKED)
        assert found.all.open == 0 and found.all_looks is None
        assert how_many_cases(office, ASKED, measures.OPEN) == 0


def test_pages_of_rows_hold_everything_once(
    app: Flask, world: tuple[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.figures.queries.drill_down.PAGE_SIZE", 3)
    first = counted_cases(world[1], ASKED, measures.OPEN, None)
    second = counted_cases(world[1], ASKED, measures.OPEN, first.next_cursor)
    assert second.next_cursor is None
    codes = [case.code for case in (*first.rows, *second.rows)]
    assert len(codes) == len(set(codes)) == 4


def test_first_looks_are_ranked_waits_and_lead_to_their_reports(
    app: Flask, frozen: FrozenClock
) -> None:
    with write_unit():
        _, actor = leader()
        reports = [make_report() for _number in range(10)]
        for hours, report in enumerate(reports, start=1):
            a_clock("report", report.id, "triage_first_look", report.received_at, hours, 24)
        # A question came back: the second look is not the first.
        a_clock("report", reports[0].id, "triage_first_look", MONDAY, 99, 24)
        gone = make_report()
        a_clock("report", gone.id, "triage_first_look", MONDAY, 500, 24)
        gone.state = "withdrawn"
        session().execute(
            Deadline.__table__.delete().where(Deadline.stopped_at.is_(None))  # type: ignore[attr-defined]
        )
    with write_unit():
        # The ninth was asked something after an hour: that was the look.
        ninth = (
            session().scalars(select(Deadline).where(Deadline.subject_id == reports[8].id)).one()
        )
        at = ninth.started_at + timedelta(minutes=30)
        session().add(
            DeadlineChange(
                deadline_id=ninth.id, at=at, kind="pause", old_due_at=at, new_due_at=at, reason=""
            )
        )
    found = board(actor, ASKED)
    looks = found.all_looks
    assert looks is not None
    waits = (looks.median, looks.p90)
    assert (looks.n, *(round(each.total_seconds() / 3600) for each in waits)) == (10, 4, 8)
    assert found.looks["unit"] == {str(a_unit().id): looks}
    rows = looked_at(actor, ASKED, Places(), None).rows
    assert len(rows) == 10 and max(row.waited for row in rows) == timedelta(hours=10)


def test_first_looks_are_told_by_every_fact_and_lead_to_as_many_reports(
    app: Flask, frozen: FrozenClock
) -> None:
    with write_unit():
        _, actor = leader()
        case = make_case("assessed", opened_at=IN_2026, waste_source="market", severity="serious")
        kinds = ("dumping.roadside", "dumping.roadside", "water.fish_kill", "unsure")
        reports = [make_report(category=kind) for kind in kinds]
        reports[0].state, reports[0].case_id = "attached", case.id
        for hours, report in enumerate(reports, start=1):
            a_clock("report", report.id, "triage_first_look", report.received_at, hours, 24)
        session().execute(
            Deadline.__table__.delete().where(Deadline.stopped_at.is_(None))  # type: ignore[attr-defined]
        )
    found = board(actor, ASKED)
    told = {
        name: {key: (each.n, round(each.median.total_seconds() / 3600)) for key, each in of.items()}
        for name, of in found.looks.items()
    }
    assert told["source"] == {"market": (1, 1), NOT_SAID: (3, 3)}
    assert told["severity"] == {"serious": (1, 1), NOT_SAID: (3, 3)}
    assert told["category"] == {"p_waste": (2, 1), "p_water": (1, 3), "unsure": (1, 4)}
    assert set(told["priority"]) == {*priorities_of(kinds[0]), *priorities_of(kinds[2]), NOT_SAID}
    for name in ("source", "severity", "category", "priority"):
        assert set(found.looks[name]) <= set(found.tables()[name])  # each has its row
        for key, (n, _hours) in told[name].items():
            narrow = replace(ASKED, **{name: key})
            rows = looked_at(actor, narrow, Places(), None).rows
            assert len(rows) == n and board(actor, narrow).looks[ALL][ALL].n == n


def test_what_a_unit_took_over_counts_for_it(app: Flask, frozen: FrozenClock) -> None:
    with write_unit():
        old, older = make_unit("98001", name="Xã Cũ"), make_unit("98002", name="Xã Cũ Hơn")
        for before, after in ((old, a_unit()), (older, old)):
            session().add(
                UnitSuccession(old_id=before.id, new_id=after.id, effective=date(2026, 2, 1))
            )
        for unit in (old, older):
            make_case("assessed", unit=unit, owner=an_organisation(), opened_at=IN_2026)
        _, actor = leader()
    found = board(actor, ASKED)
    assert set(found.by_unit) == {a_unit().id}
    asked = BoardFilters(YEAR_2026, unit_id=a_unit().id)
    assert how_many_cases(actor, asked, measures.OPEN) == found.by_unit[a_unit().id].open == 2


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_as_many_statements_for_many_cases_as_for_few(
    client: FlaskClient, world: tuple[str, Actor]
) -> None:
    sign_in(client, world[0])
    client.get(BOARD)
    with statements() as few:
        client.get(BOARD)
    with write_unit():
        for number in range(30):
            make_case("assessed", opened_at=IN_2026, unit=a_unit(NA_TAU if number % 2 else "03325"))
    with statements() as many:
        client.get(BOARD)
    assert len(many) == len(few) <= 20


def test_the_page_on_an_empty_record_says_what_to_do(app: Flask, client: FlaskClient) -> None:
    with write_unit():
        email, _ = leader()
    sign_in(client, email)
    assert "Chưa có gì để đếm" in client.get(BOARD).text
    assert "Không có vụ việc nào" in client.get(f"{BOARD}/vu-viec?muc=dang-mo").text
    assert "Chưa có phản ánh nào được xem" in client.get(f"{BOARD}/phan-anh").text


def test_made_up_questions_are_refused_in_words(
    client: FlaskClient, world: tuple[str, Actor]
) -> None:
    sign_in(client, world[0])
    answer = client.get(f"{BOARD}?from=2026-03-01&to=2026-02-01")
    assert answer.status_code == 422 and "Ngày đầu phải trước ngày cuối" in answer.text
    assert client.get(f"{BOARD}?from=1990-01-01&to=2026-02-01&theo=tuan").status_code == 422
    assert client.get(f"{BOARD}/vu-viec?muc=khac").status_code == 404
    assert client.get(f"{BOARD}/vu-viec?muc=dang-mo&cursor=khac").status_code == 422
    assert client.get(f"{BOARD}?unit=x&category=khong-co&source=la").status_code == 200
    assert client.get(f"{BOARD}?holder=999999").status_code == 404


def test_an_office_is_not_led_to_reports(client: FlaskClient, world: tuple[str, Actor]) -> None:
    with write_unit():
        email, _ = leader("commune_chair", a_unit(), "peoples_committee")
    sign_in(client, email)
    assert client.get(f"{BOARD}/phan-anh").status_code == 404
    assert "Xem lần đầu" not in client.get(BOARD).text


def test_the_workbook_says_the_same(client: FlaskClient, world: tuple[str, Actor]) -> None:
    with write_unit():
        report = make_report()
        session().execute(Deadline.__table__.delete().where(Deadline.subject_kind == "report"))  # type: ignore[attr-defined]
        a_clock("report", report.id, "triage_first_look", MONDAY, 5, 24)
    sign_in(client, world[0])
    answer = client.get(f"{BOARD}/bang.xlsx?from=2026-01-01&to=2026-12-31")
    assert answer.headers["Cache-Control"] == "private, no-store"
    book = ZipFile(io.BytesIO(answer.data))
    assert len([name for name in book.namelist() if "worksheets/sheet" in name]) == 8
    first = book.read("xl/worksheets/sheet1.xml").decode()
    assert "".join(f",{n}" for n in re.findall(r"<v>(\d+)</v>", first)).count(",4,2,3,2,2,1,") == 1
    assert "01/01/2026 đến 31/12/2026" in book.read("xl/sharedStrings.xml").decode()
    # How long reports waited stands on every sheet but those of who holds a case and of the trend.
    sheets = [book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in range(1, 9)]
    assert [re.search(r'ref="A1:([A-Z])', sheet)[1] for sheet in sheets] == [*"JJJJJJCD"]  # type: ignore[index]


def test_a_process_counts_one_board_at_a_time_and_who_waits_holds_no_connection(
    app: Flask, world: tuple[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    counting, begun, go_on = [], threading.Event(), threading.Event()
    real = staff.count_board

    def slow(*given: Any) -> Board:
        counting.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]
        begun.set()
        go_on.wait(10)
        return real(*given)

    monkeypatch.setattr(staff, "count_board", slow)

    browsers = [app.test_client() for _each in range(2)]
    for browser in browsers:
        sign_in(browser, world[0])

    def ask(number: int) -> int:
        with app.app_context():
            return browsers[number].get(BOARD).status_code

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask, 0)
        assert begun.wait(3), first.result(10)
        second = pool.submit(ask, 1)
        time.sleep(0.5)
        assert counting == [0], "the second stands behind the first"
        assert db.engine.pool.checkedout() == 0, "and holds no connection"  # type: ignore[attr-defined]
        go_on.set()
        assert (first.result(10), second.result(10)) == (200, 200)
    assert len(counting) == 2

    counting.clear()
    go_on.clear()
    monkeypatch.setattr(staff, "WAIT_SECONDS", 0.05)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(ask, number) for number in range(2)]
        limit = time.monotonic() + 10
        while len(counting) < 2 and time.monotonic() < limit:
            time.sleep(0.01)
        go_on.set()
        assert [each.result(10) for each in asked] == [200, 200]
    assert len(counting) == 2, "nobody waits for ever"


def test_the_map_names_the_islands_and_its_numbers(
    client: FlaskClient, world: tuple[str, Actor]
) -> None:
    sign_in(client, world[0])
    page = client.get(f"{BOARD}?from=2026-01-01&to=2026-12-31").text
    assert "QĐ. Hoàng Sa" in page and "QĐ. Trường Sa" in page
    assert "Xã Mường Phăng: 3 đang mở, 2 quá hạn" in page


def test_months_and_weeks_cover_every_day_once() -> None:
    window = Window(date(2026, 1, 31), date(2026, 3, 10))
    for by, n in ((MONTH, 3), (WEEK, 7)):
        parts = window.parts(by)
        assert len(parts) == n
        assert parts[0].first == window.first and parts[-1].last == window.last
        assert all(b.first - a.last == timedelta(days=1) for a, b in pairwise(parts))
    with pytest.raises(Invalid):
        Window(date(2000, 1, 1), date(2026, 1, 1)).parts(MONTH)


def test_drawings_keep_their_scale() -> None:
    drawn = trend([(3, 1), (0, 5)])
    heights = {(bar.kind, bar.height) for bar in drawn.bars}
    assert ("closed", max(height for _kind, height in heights)) in heights
    assert drawn.lines[-1][1] == 6
    assert trend([]).bars == []
    (first, _), *_rest, (last, _) = trend([(1, 1)] * 13).labels
    assert first > 36 and last <= 400 - 17, "the last label is on the sheet"
    assert sketch({1: 5}, {}, {"features": []}) is None
