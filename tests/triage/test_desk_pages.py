"""The desk's pages: sight, filters, order, statements, refused forms, two officers at once."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import make_case
from tests.factories.directory import NA_TAU, a_unit
from tests.factories.reporting import LAT, LON, WORDS, make_report
from tests.factories.triage import ASSESSMENT, an_officer, due, opened_case
from webapp.accounts.absence import Absence, delegate, end_delegation
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.clock import today_local
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.queries import clocks_of
from webapp.extensions import db
from webapp.reporting.models import IdentityOpening, Report
from webapp.reporting.operations import subject_of
from webapp.reporting.submission import Contact
from webapp.triage.operations.assessment import assess_case
from webapp.triage.operations.transfer import propose_transfer
from webapp.triage.operations.verification import cancel_verification, request_verification

QUEUE = "/can-bo/hang-doi"


@pytest.fixture
def officer(client: FlaskClient) -> Actor:
    """A commune officer, signed in."""
    with write_unit():
        account, actor = make_person("front_commune", unit=a_unit(), name="Cà Văn Noọng")
    sign_in(client, account.email)
    return actor


def token(client: FlaskClient, address: str) -> dict[str, str]:
    """The hidden fields of a form."""
    page = client.get(address).text
    found = re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]*)"', page)
    return dict(found)


def send(client: FlaskClient, address: str, **values: object) -> TestResponse:
    return client.post(address, data=token(client, address) | values)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement of the block."""
    seen: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.upper().startswith(("PRAGMA", "BEGIN", "SAVEPOINT")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def codes(page: str) -> list[str]:
    return re.findall(r'data-case="([A-Z0-9]+)"', page)


def test_the_queue_is_empty_in_words(client: FlaskClient, officer: Actor) -> None:
    assert "Không còn phản ánh nào chờ" in client.get(QUEUE).text
    assert "Chưa có vụ việc nào đang mở" in client.get(QUEUE, query_string={"tab": "vu-viec"}).text


def test_urgent_first_unchecked_last_the_weightier_and_the_older_between(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        usual, older, many, urgent, unchecked = (make_report() for _ in range(5))
        older.received_at -= timedelta(days=2)
        many.households_affected = 150
        urgent.urgent = True
        unchecked.unchecked, unchecked.households_affected = True, 150
        expected = [each.code for each in (urgent, many, older, usual, unchecked)]
    assert codes(client.get(QUEUE).text) == expected


def test_other_units_and_reports_to_the_province_are_not_in_the_queue(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        mine, hidden, other = make_report(), make_report(to_province=True), make_report()
        other.handling_unit_id = a_unit(NA_TAU).id
        mine_code, hidden_code, other_code = mine.code, hidden.code, other.code
    assert codes(client.get(QUEUE).text) == [mine_code]
    for code in (hidden_code, other_code):
        assert client.get(f"/can-bo/phan-anh/{code}").status_code == 404


@pytest.mark.parametrize(
    ("query", "change"),
    [
        ({"category": "burning"}, {"category": "burning.straw"}),
        ({"urgent": "1"}, {"urgent": True}),
        ({"due": "overdue"}, {"due_at": datetime(2020, 1, 1, tzinfo=UTC)}),
        ({"state": "needs_info"}, {"state": "needs_info"}),
        ({"words": "bản Khá"}, {"place_note": "Đầu bản Khá"}),
    ],
)
def test_filters_stand_in_the_address(
    client: FlaskClient, officer: Actor, query: dict[str, str], change: dict[str, object]
) -> None:
    with write_unit():
        wanted, other = make_report(), make_report()
        other.due_at = datetime(2030, 1, 1, tzinfo=UTC)
        for name, value in change.items():
            setattr(wanted, name, value)
        code = wanted.code
    assert codes(client.get(QUEUE, query_string=query).text) == [code]


def test_a_filter_that_finds_nothing_says_how_to_widen_it(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        code = make_report().code
    asked = {"tab": "phan-anh", "due": "overdue", "urgent": "1", "words": "không có"}
    page = client.get(QUEUE, query_string=asked).text
    assert "Không có việc nào như vậy" in page and codes(page) == []
    shown = page.partition('class="mx-widen"')[2].partition("</ul>")[0]
    ways = re.findall(r'href="([^"]+)">.*?Bỏ điều kiện: ([^<]+)</a>', shown, re.S)
    assert [told.strip() for _way, told in ways] == ["Quá hạn", "chỉ việc khẩn", "“không có”"]
    for (way, _told), name in zip(ways, ("due", "urgent", "words"), strict=True):
        kept = dict(parse_qsl(urlsplit(html.unescape(way)).query))
        assert kept == {key: value for key, value in asked.items() if key != name}
    assert codes(client.get(QUEUE, query_string={"tab": "phan-anh"}).text) == [code]


def test_the_other_languages_page_asks_the_same(client: FlaskClient, officer: Actor) -> None:
    page = client.get(QUEUE, query_string={"tab": "vu-viec", "words": "rác & khói", "la": "x"}).text
    asked = "tab=vu-viec&amp;words=r%C3%A1c+%26+kh%C3%B3i"
    assert f'href="/en{QUEUE}?{asked}" hreflang="en"' in page
    other = client.get(f"/en{QUEUE}", query_string={"tab": "vu-viec", "due": "soon"}).text
    assert f'href="{QUEUE}?tab=vu-viec&amp;due=soon" hreflang="vi"' in other


def test_the_english_case_page_names_who_holds_it_in_english(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        case = opened_case(officer)
        vietnamese, english = case.owner.name, case.owner.name_en
        address = f"/can-bo/vu-viec/{case.code}"
    assert vietnamese != english
    page = client.get(f"/en{address}").text
    assert f"<dd>{english}</dd>" in page and vietnamese not in page
    assert f"<dd>{vietnamese}</dd>" in client.get(address).text
    # Above it stands whose desk it is.
    assert f"<strong>{a_unit().name_en}</strong>" in page
    assert f"<strong>{a_unit().name}</strong>" in client.get(address).text
    # On paper nothing can be pressed: the heading over the steps goes with them.
    assert '<h2 class="mx-screen-only">Việc tiếp theo</h2>' in client.get(address).text


def test_senseless_filters_are_dropped_and_a_made_up_cursor_is_422(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        make_report()
    page = client.get(f"{QUEUE}?category=x&state=%EF%BF%BE&unit=٣&words=%27%3B--&tab=zz")
    assert page.status_code == 200
    assert client.get(f"{QUEUE}?cursor=WzEsIngiLDFd").status_code == 422


def test_paging_by_keyset_shows_every_row_once(
    client: FlaskClient, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_unit():
        for number in range(5):
            report = make_report()
            report.received_at -= timedelta(days=number // 2)
    seen: list[str] = []
    query: dict[str, str] = {}
    address = "/api/v1/staff/queue"
    monkeypatch.setattr("webapp.triage.queries.queue.PAGE_SIZE", 2)
    while True:
        answer = client.get(address, query_string=query).json
        seen += [row["code"] for row in answer["rows"]]
        if answer["next_cursor"] is None:
            break
        query = {"cursor": answer["next_cursor"]}
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("tab", ["phan-anh", "vu-viec"])
def test_at_most_eight_statements_whatever_the_rows(
    client: FlaskClient, officer: Actor, tab: str
) -> None:
    with write_unit():
        for _ in range(30):
            make_report()
            make_case("received")
    client.get(QUEUE, query_string={"tab": tab})
    with statements() as seen:
        page = client.get(QUEUE, query_string={"tab": tab})
    assert len(codes(page.text)) == 30
    assert len(seen) <= 8, "\n\n".join(seen)


def test_the_staff_json_is_private(client: FlaskClient, officer: Actor) -> None:
    with write_unit():
        code = make_report().code
    box = f"{LON - 0.01},{LAT - 0.01},{LON + 0.01},{LAT + 0.01}"
    for address in (
        "/api/v1/staff/queue",
        "/api/v1/staff/queue/version",
        f"/api/v1/staff/map?bbox={box}&zoom=15",
    ):
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert WORDS not in answer.text
    [point] = answer.json["features"]
    assert point["properties"]["case_code"] == code
    assert point["geometry"]["coordinates"] == [LON, LAT]


def test_low_zooms_give_clusters_and_a_bad_box_422(client: FlaskClient, officer: Actor) -> None:
    with write_unit():
        for _ in range(3):
            make_report()
    answer = client.get("/api/v1/staff/map?bbox=102,20,104,22&zoom=9").json
    assert [each["properties"]["count"] for each in answer["features"]] == [3]
    assert client.get("/api/v1/staff/map?bbox=1,2&zoom=9").status_code == 422
    assert client.get("/api/v1/staff/map?bbox=102,20,104,22&zoom=x").status_code == 422


def test_the_version_changes_with_the_queue(client: FlaskClient, officer: Actor) -> None:
    def version() -> str:
        return str(client.get("/api/v1/staff/queue/version").json["version"])

    before = version()
    with write_unit():
        make_report()
    assert version() != before


@pytest.mark.parametrize("role", ["env_commune", "group_member", "publisher", "auditor", "admin"])
def test_no_other_role_opens_the_desk(client: FlaskClient, role: str) -> None:
    with write_unit():
        unit = a_unit("11") if role in {"auditor", "admin"} else a_unit()
        account, _actor = make_person(role, unit=unit)
        code = make_report().code
    sign_in(client, account.email)
    for address in (QUEUE, f"/can-bo/phan-anh/{code}", "/api/v1/staff/queue"):
        assert client.get(address).status_code == 403


def test_a_report_shows_words_place_and_steps(client: FlaskClient, officer: Actor) -> None:
    with write_unit():
        code = make_report(place_note="Cầu treo bản Bua").code
        make_report()
    page = client.get(f"/can-bo/phan-anh/{code}")
    for words in (WORDS, "Cầu treo bản Bua", "21.47100, 103.15100", "Đưa vào vụ việc", "Hỏi thêm"):
        assert words in page.text
    assert code not in re.search(r"<title>(.*?)</title>", page.text, re.S)[1]
    assert page.headers["Cache-Control"] == "private, no-store"


def test_a_refused_form_keeps_what_was_typed(client: FlaskClient, officer: Actor) -> None:
    with write_unit():
        code = make_report().code
    address = f"/can-bo/phan-anh/{code}/buoc/reject"
    answer = send(client, address, words="Lời đã gõ cho bà con", reason="")
    assert answer.status_code == 422
    assert "Lời đã gõ cho bà con" in answer.text
    assert "Xin điền mục này." in answer.text


def test_the_second_officer_reads_who_and_when_and_keeps_the_words(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        report = make_report()
        code = report.code
        other = an_officer(name="Mùa A Dơ")
    address = f"/can-bo/phan-anh/{code}/buoc/attach"
    seen = token(client, address)
    with write_unit():
        opened_case(other, session().get_one(Report, report.id))
    answer = client.post(
        address,
        data=seen | {"case": "new", "category": "dumping", "place_note": "Chỗ tôi đã gõ"},
    )
    assert answer.status_code == 409
    assert "<h2>Hồ sơ vừa được người khác cập nhật</h2>" in answer.text
    assert "Mùa A Dơ" in answer.text
    assert "Chỗ tôi đã gõ" in answer.text
    assert re.search(r"\d\d:\d\d \d\d/\d\d/\d{4}", answer.text)


def test_attach_opens_a_case_and_offers_to_undo(client: FlaskClient, officer: Actor) -> None:
    with write_unit():
        code = make_report().code
    answer = send(
        client,
        f"/can-bo/phan-anh/{code}/buoc/attach",
        case="new",
        category="dumping.river_dump",
        place_note="Cạnh cầu",
    )
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Hoàn tác" in page
    assert send(client, f"/can-bo/phan-anh/{code}/buoc/undo").status_code == 303
    assert "Chờ xem</span>" in client.get(f"/can-bo/phan-anh/{code}").text


def test_attaching_to_a_near_case_is_the_first_choice(client: FlaskClient, officer: Actor) -> None:
    with write_unit():
        case = opened_case(officer)
        code, case_code = make_report().code, case.code
    page = client.get(f"/can-bo/phan-anh/{code}/buoc/attach").text
    assert re.search(rf'<input checked[^>]*value="{case_code}"', page)
    assert send(client, f"/can-bo/phan-anh/{code}/buoc/attach", case=case_code).status_code == 303
    assert case_code in client.get(f"/can-bo/phan-anh/{code}").text


def test_an_identity_opens_with_a_reason_once(client: FlaskClient, officer: Actor) -> None:
    with write_unit():
        code = make_report(contact=Contact(name="Quàng Văn Ín", phone="0912345678")).code
    address = f"/can-bo/phan-anh/{code}/danh-tinh"
    assert "Quàng Văn Ín" not in client.get(f"/can-bo/phan-anh/{code}").text
    refused = send(client, address, reason=" ")
    assert refused.status_code == 422
    assert "Quàng Văn Ín" not in refused.text
    opened = send(client, address, reason="Gọi hỏi đường vào bản")
    assert (opened.status_code, opened.headers["Cache-Control"]) == (200, "private, no-store")
    assert "0912345678" in opened.text
    assert len(session().scalars(select(IdentityOpening)).all()) == 1


def test_opening_an_urgent_report_stops_it_from_climbing(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        report = make_report(category="water.fish_kill")
    page = client.get(f"/can-bo/phan-anh/{report.code}")
    assert "KHẨN" in page.text
    assert _unopened(report) == []


def _unopened(report: Report) -> list[object]:
    session().expire_all()
    clocks = clocks_of(subject_of(report))
    return [e for e in clocks if e.rule.key == "urgent_unopened" and e.stopped_at is None]


def test_a_step_of_a_case_keeps_the_words_of_the_second_officer(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        other = an_officer(name="Mùa A Dơ")
        case = opened_case(officer)
    address = f"/can-bo/vu-viec/{case.code}/buoc/assess"
    fields = token(client, address)
    with write_unit():
        fresh = session().get_one(Case, case.id)
        assess_case(other, fresh, assessment=ASSESSMENT, site_note="Đã thấy")
    answer = client.post(
        address,
        data=fields
        | {"summary": "Lời tóm tắt đã gõ", "severity": "grave", "waste_source": "household"},
    )
    assert answer.status_code == 409
    assert "Mùa A Dơ" in answer.text
    assert "Lời tóm tắt đã gõ" in answer.text


def test_a_broken_photo_keeps_the_words(client: FlaskClient, officer: Actor) -> None:
    with write_unit():
        case = opened_case(officer)
        request_verification(
            officer, case, organisation_id=None, question="Còn không?", due_on=due()
        )
    address = f"/can-bo/vu-viec/{case.code}/buoc/record_verification"
    answer = client.post(
        address,
        data=token(client, address)
        | {
            "finding": "found",
            "visited_at": "2026-01-02T08:00",
            "note": "Lời đã gõ",
            "photos": (BytesIO(b"khong phai anh"), "anh.jpg"),
        },
    )
    assert answer.status_code == 422
    assert "Lời đã gõ" in answer.text


def test_the_committee_that_is_asked_opens_and_takes_the_case(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        account, _receiver = make_person("front_commune", unit=a_unit(NA_TAU), name="Sùng A Vừ")
        case = opened_case(officer)
        check = {"organisation_id": None, "question": "Ghi chú riêng", "due_on": due()}
        request_verification(officer, case, **check)
        cancel_verification(officer, case, reason="Ghi chú riêng")
    page = f"/can-bo/vu-viec/{case.code}"
    receiver = client.application.test_client()
    sign_in(receiver, account.email)
    assert receiver.get(page).status_code == 404
    with write_unit():
        fresh = session().get_one(Case, case.id)
        propose_transfer(officer, fresh, unit_id=a_unit(NA_TAU).id, reason="Bên kia suối")
    assert "đề nghị chuyển đến" in receiver.get(QUEUE, query_string={"tab": "vu-viec"}).text
    shown = receiver.get(page).text
    assert "Bên kia suối" in shown
    assert "Ghi chú riêng" not in shown
    assert send(receiver, f"{page}/buoc/transfer").status_code == 303
    assert "Xã Nà Tấu" in receiver.get(page).text
    assert client.get(page).status_code == 404


def test_who_steps_aside_is_told_that_it_was_done(client: FlaskClient, officer: Actor) -> None:
    with write_unit():
        address = f"/can-bo/phan-anh/{make_report().code}"
    done = send(client, f"{address}/buoc/step_aside", reason="Người gửi là em trai tôi.")
    assert done.location == QUEUE
    assert "Đã ghi: Né việc." in client.get(QUEUE).text
    gone = client.get(address)
    # An officer is led back to the desk, not to the residents' form.
    assert gone.status_code == 404 and "/can-bo/thong-bao" in gone.text


def test_who_leaves_a_case_chooses_who_takes_over_and_both_are_told(
    app: Flask, client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        case = opened_case(officer)
        first, _actor = make_person("front_commune", unit=a_unit(), name="Cà Thị Ẳng")
        second, _actor = make_person("front_commune", unit=a_unit(), name="Mùa A Dơ")
        address = f"/can-bo/vu-viec/{case.code}"
        taker, emails = second.person_id, (first.email, second.email)
    page = client.get(f"{address}/buoc/step_aside").text
    # Nobody takes over by being the first of the list, and what cannot be undone is said before.
    assert 'value="">Chọn một người</option>' in page and "không rút lại được" in page
    open_form = f"{address}/buoc/step_aside"
    refused = send(client, open_form, person="", reason="Nhà em trai tôi.")
    assert refused.status_code == 422 and "Nhà em trai tôi." in refused.text
    done = send(client, open_form, person=str(taker), reason="Nhà em trai tôi.")
    assert done.location == f"{QUEUE}?tab=vu-viec"
    assert "Đã ghi: Né việc." in client.get(done.location).text
    assert client.get(address).status_code == 404
    told = []
    for email in emails:
        desk = app.test_client()
        sign_in(desk, email)
        told.append("Ông/bà nhận thay một vụ việc" in desk.get("/can-bo/thong-bao").text)
    assert told == [False, True]
    assert "Mùa A Dơ nhận thay. Nhà em trai tôi." in desk.get(address).text
    # Given on, it is no longer said to have been taken over.
    send(desk, f"{address}/buoc/assign", person=str(first.person_id), reason="Theo địa bàn")
    assert "Ông/bà nhận thay một vụ việc" not in desk.get("/can-bo/thong-bao").text


def test_who_is_away_is_offered_last_and_said_to_be(
    app: Flask, client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        case = opened_case(officer)
        account, _actor = make_person("front_commune", unit=a_unit(), name="Mùa A Dơ")
        _account, away = make_person("front_commune", unit=a_unit(), name="Cà Thị Ẳng")
        days = Absence(today_local(), today_local() + timedelta(days=3))
        organisation_id, acting_id = away.grants[0].organisation_id, account.person_id
        given = delegate(away, organisation_id=organisation_id, acting_id=acting_id, absence=days)
        code, last = case.code, f"{days.last:%d/%m/%Y}"
        picked = f"{code}.{case.version}"
    sign_in(client, account.email)
    words = f"Cà Thị Ẳng (vắng đến {last}, Mùa A Dơ làm thay)"
    for page in (
        client.get(f"/can-bo/vu-viec/{code}/buoc/assign").text,
        client.get(f"/can-bo/vu-viec/{code}/buoc/step_aside").text,
        client.get("/can-bo/nhieu-viec/", query_string={"viec": "assign", "chon": picked}).text,
    ):
        offered = re.findall(r"<(?:option|label)[^>]*>\s*([^<]*? A Dơ|Cà Thị Ẳng[^<]*)\s*<", page)
        assert offered[-1] == words
    with write_unit():
        end_delegation(away, given.id)
    assert "vắng đến" not in client.get(f"/can-bo/vu-viec/{code}/buoc/assign").text


def test_who_is_given_a_case_reads_so_and_colleagues_see_who_has_it(
    app: Flask, client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        case = opened_case(officer)
        first, _actor = make_person("front_commune", unit=a_unit(), name="Cà Thị Ẳng")
        second, _actor = make_person("front_commune", unit=a_unit(), name="Mùa A Dơ")
        address = f"/can-bo/vu-viec/{case.code}"
    desks = [app.test_client() for _one in (first, second)]
    for desk, account in zip(desks, (first, second), strict=True):
        sign_in(desk, account.email)

    def told() -> list[bool]:
        pages = (desk.get("/can-bo/thong-bao").text for desk in desks)
        return ["Ông/bà được phân công một vụ việc" in page for page in pages]

    assert "Cán bộ phụ trách" not in client.get(address).text
    send(client, f"{address}/buoc/assign", person=str(first.person_id), reason="Theo địa bàn")
    assert told() == [True, False]
    assert "Cán bộ phụ trách</dt><dd>Cà Thị Ẳng" in client.get(address).text
    send(desks[0], f"{address}/buoc/assign", person=str(second.person_id), reason="Đi tập huấn")
    assert told() == [False, True]  # what no longer holds is not said
    assert "Cán bộ phụ trách</dt><dd>Mùa A Dơ" in client.get(address).text


def test_the_only_officer_who_leaves_a_case_is_told_that_it_goes_up(
    app: Flask, client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        case = opened_case(officer)
        above, _actor = make_person("front_province", unit=a_unit("11"), name="Quàng Thị Ín")
        address, email = f"/can-bo/vu-viec/{case.code}", above.email
    page = client.get(f"{address}/buoc/step_aside").text
    assert "Người nhận thay" not in page and "chưa có cán bộ khác" in page
    done = send(client, f"{address}/buoc/step_aside", reason="Nhà em trai tôi.")
    assert done.status_code == 303
    desk = app.test_client()
    sign_in(desk, email)
    assert "Ông/bà nhận thay một vụ việc" in desk.get("/can-bo/thong-bao").text
    assert "Mặt trận tỉnh nhận thay. Nhà em trai tôi." in desk.get(address).text


def test_a_late_case_says_so_with_the_days_in_words_and_the_colour_of_late(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        case = make_case(
            "received", unit=a_unit(), overdue=True, due_at=clock.now() - timedelta(days=3)
        )
        soon = make_case("received", unit=a_unit(), due_at=clock.now() + timedelta(hours=5))
    late = client.get(f"/can-bo/vu-viec/{case.code}").text
    chip = re.search(r'<span class="mx-chip mx-chip--overdue">(.*?)</span>', late, re.S)
    assert chip is not None
    assert "#warning" in chip[1] and "Quá hạn, đã 3 ngày" in chip[1]
    assert late.count("Quá hạn") == 1
    assert "Sắp đến hạn, còn 5 giờ" in client.get(f"/can-bo/vu-viec/{soon.code}").text
