"""Site checks for the time without network: what the phone is told, an answer that comes once."""

import uuid
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.community.test_tasks import QUESTION, case, check, csrf, member, officer  # noqa: F401
from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.factories.media import a_photo_file
from tests.factories.reporting import make_report
from tests.factories.triage import PLACE, a_group, due, opened_case
from webapp.cases.models import Case, CasePhoto, TimelineLine
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.triage.models import SiteCheck
from webapp.triage.operations.verification import request_verification
from webapp.triage.queries.tasks import open_checks

LIST, FRAME = "/can-bo/nhiem-vu/tren-may.json", "/viec-duoc-nho/khung"
LON, LAT = "103.15213", "21.47064"


def send(
    client: FlaskClient, check_id: int, *, key: str | None = None, photo: bool = True, **told: Any
) -> TestResponse:
    token = csrf(client.get(f"/can-bo/nhiem-vu/xem/{check_id}").text)
    fields = {
        "finding": "found",
        "visited_at": "2026-01-02T08:00:00+07:00",
        "note": "Rác dài khoảng 20 mét",
        "lon": LON,
        "lat": LAT,
        "accuracy_m": "18",
    }
    data: dict[str, Any] = fields | told
    if photo:
        data["photos"] = (BytesIO(a_photo_file()), "anh.jpg")
    headers = {"X-CSRFToken": token, "Accept": "application/json"}
    headers["Idempotency-Key"] = key or str(uuid.uuid4())
    return client.post(f"/can-bo/nhiem-vu/xem/{check_id}/tra-loi", data=data, headers=headers)


def test_the_phone_is_told_place_category_and_question_only(
    member: FlaskClient,  # noqa: F811
    check: SiteCheck,  # noqa: F811
) -> None:
    answer = member.get(LIST)
    (task,) = answer.json["tasks"]  # type: ignore[index]
    assert set(task) == {
        *("id", "category", "place", "unit", "question", "due", "due_on", "lon", "lat", "exact")
    }
    assert (task["id"], task["question"], task["place"]) == (check.id, QUESTION, PLACE)
    assert (task["lon"], task["lat"]) != (103.151, 21.471), "not where the phone stood"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_an_answer_arrives_with_photo_and_point_and_once(
    member: FlaskClient,  # noqa: F811
    check: SiteCheck,  # noqa: F811
    case: Case,  # noqa: F811
) -> None:
    key = str(uuid.uuid4())
    for _twice in range(2):
        answer = send(member, check.id, key=key)
        assert (answer.status_code, answer.json) == (200, {"check": check.id, "state": "done"})
    session().expire_all()
    assert (check.lon, check.lat, check.accuracy_m) == (103.15213, 21.47064, 18)
    assert check.visited_at is not None and check.visited_at.isoformat()[:16] == "2026-01-02T01:00"
    steps = select(func.count()).where(TimelineLine.transition == "record_verification")
    assert session().scalar(steps) == 1
    site = select(func.count()).where(CasePhoto.case_id == case.id, CasePhoto.purpose == "site")
    assert session().scalar(site) == 1
    other = send(member, check.id)
    assert (other.status_code, other.json["type"]) == (409, "/loi/conflict")  # type: ignore[index]


@pytest.mark.parametrize(
    ("told", "photo", "field"),
    [
        ({"lon": "", "lat": ""}, True, "no_photo_reason"),
        ({}, False, "photos"),
        ({"finding": "perhaps"}, True, "finding"),
        ({"lon": LAT, "lat": LON}, True, "location"),
        ({"lon": "abc"}, True, "location"),
        ({"visited_at": "hôm qua"}, True, "visited_at"),
        ({"visited_at": "2026-01-02T08:00:00"}, True, "visited_at"),
        ({"no_photo_reason": "x" * 201}, True, "no_photo_reason"),
        ({"visited_at": "0001-01-01T00:00:00+14:00"}, True, "visited_at"),
    ],
)
def test_what_is_wrong_is_said_by_its_field(
    member: FlaskClient,  # noqa: F811
    check: SiteCheck,  # noqa: F811
    told: dict[str, str],
    photo: bool,
    field: str,
) -> None:
    answer = send(member, check.id, photo=photo, **told)
    assert answer.status_code == 422
    assert field in answer.json["fields"]  # type: ignore[index]
    session().expire_all()
    assert check.state == "open"


def test_a_reason_stands_for_photo_and_point_and_a_fast_clock_counts_as_now(
    member: FlaskClient,  # noqa: F811
    check: SiteCheck,  # noqa: F811
) -> None:
    told = {"lon": "", "lat": "", "no_photo_reason": "Trời mưa to"}
    answer = send(
        member, check.id, photo=False, visited_at="2099-01-01T00:00:00Z", accuracy_m="-1", **told
    )
    assert answer.status_code == 200
    session().expire_all()
    assert check.visited_at is not None and check.visited_at <= clock.now()
    assert (check.lon, check.accuracy_m) == (None, None)


def test_others_neither_read_nor_answer(app: Flask, client: FlaskClient, check: SiteCheck) -> None:  # noqa: F811
    assert client.get(LIST).status_code == 302
    with write_unit():
        there = a_unit(NA_TAU)
        group = an_organisation("group", unit=there)
        account, _actor = make_person("group_member", unit=there, organisation=group)
    sign_in(client, account.email)
    assert client.get(LIST).json["tasks"] == []  # type: ignore[index]
    token = csrf(client.get("/can-bo/nhiem-vu").text)
    headers = {"X-CSRFToken": token, "Idempotency-Key": str(uuid.uuid4())}
    told = {"finding": "found", "visited_at": "2026-01-02T08:00:00Z", "no_photo_reason": "Tối"}
    address = f"/can-bo/nhiem-vu/xem/{check.id}/tra-loi"
    assert client.post(address, data=told, headers=headers).status_code == 404
    assert client.post(address, data=told).status_code == 400


def test_the_frame_is_the_same_for_all_and_names_nobody(
    member: FlaskClient,  # noqa: F811
    check: SiteCheck,  # noqa: F811
    app: Flask,
) -> None:
    mine, guests = member.get(FRAME), app.test_client().get(FRAME)
    assert mine.data == guests.data
    assert QUESTION not in mine.text and "csrf_token" not in mine.text
    assert "public" in mine.headers["Cache-Control"]
    assert member.get(f"{FRAME}?v=other").status_code == 404


def test_tasks_stand_in_the_order_of_a_walk(officer: Actor, app: Flask) -> None:  # noqa: F811
    centre = a_unit()
    lon, lat = centre.lon or 103.15, centre.lat or 21.47
    steps = {"xa": 0.05, "gần": 0.01, "giữa": 0.03}
    with write_unit():
        for name, east in steps.items():
            made = opened_case(officer, make_report())
            made.place_note, made.place_source = name, "front"
            made.lon, made.lat = lon + east, lat
            request_verification(
                officer, made, organisation_id=a_group().id, question="?", due_on=due()
            )
        reader = make_person("group_member", unit=a_unit(), organisation=a_group())[1]
    assert [each.place.place_note for each in open_checks(reader)] == ["gần", "giữa", "xa"]
