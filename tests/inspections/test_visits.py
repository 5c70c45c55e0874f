"""Minutes from a phone: taken once however often they come, held to the rules of the page."""

import json
import uuid
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.factories.accounts import sign_in, token_header
from tests.factories.casework import Desks
from tests.factories.inspections import BOD, an_inspection_file
from webapp.core.unit_of_work import session, write_unit
from webapp.inspections.models import InspectionFile, InspectionStep, Measurement, Minutes

URL = "/api/v1/staff/visits"
KEY = str(uuid.UUID(int=7))
BODY = {
    "started_at": "2026-03-01T08:30",
    "place": "Khu chuồng nuôi, bản Che Căn",
    "observed": "Nước thải chảy thẳng ra suối.",
    "measured": [{"parameter": BOD, "value": "240"}],
}


def browser(app: Flask, desks: Desks, who: str = "office") -> FlaskClient:
    client = app.test_client()
    sign_in(client, desks.emails[who])
    return client


def a_file(desks: Desks, state: str = "decided", **plan: Any) -> tuple[str, int]:
    with write_unit():
        file = an_inspection_file(desks, state, **plan)
        return file.uid, file.version


def send(client: FlaskClient, uid: str, version: int, key: str = KEY, **changes: Any) -> Any:
    body = {**BODY, "file": uid, "version": version} | changes
    headers = token_header(client) | {"Idempotency-Key": key}
    return client.post(URL, json=body, headers=headers)


def steps() -> int:
    session().expire_all()
    written = select(func.count()).where(InspectionStep.transition == "write_minutes")
    return session().scalar(written) or 0


def test_minutes_that_come_twice_are_kept_once(app: Flask, committed: Desks) -> None:
    uid, version = a_file(committed)
    office = browser(app, committed)
    first = send(office, uid, version)
    assert (first.status_code, first.json) == (201, {"file": uid, "version": version + 1})
    again = send(office, uid, version)
    assert (again.status_code, again.json) == (200, first.json)
    assert steps() == 1
    assert session().scalars(select(Minutes.observed)).one() == BODY["observed"]
    assert session().scalars(select(Measurement.over)).one() is True
    other = send(office, uid, version, place="Nơi khác")
    assert other.status_code == 422 and other.json["type"] == "/loi/key-reused"
    assert steps() == 1


def test_who_wrote_on_an_older_version_is_told_who_was_there(app: Flask, committed: Desks) -> None:
    uid, version = a_file(committed)
    office = browser(app, committed)
    assert send(office, uid, version).status_code == 201
    stale = send(office, uid, version, str(uuid.UUID(int=8)), observed="Khác.")
    assert stale.status_code == 409
    assert stale.json["type"] == "/loi/conflict" and "Ghi biên bản" in stale.json["detail"]
    assert session().scalars(select(Minutes.observed)).one() == BODY["observed"]


def test_refusals_stand_by_their_field_and_store_nothing(app: Flask, committed: Desks) -> None:
    uid, version = a_file(committed)
    office = browser(app, committed)
    rows = [{"parameter": "Độ màu", "value": "1"}, {"parameter": "Độ màu", "value": "1.500"}]
    told = {
        "place": send(office, uid, version, place="").json["fields"],
        "observed": send(office, uid, version, observed="x" * 4001).json["fields"],
        "measured-1-value": send(office, uid, version, measured=rows).json["fields"],
        "measured": send(office, uid, version, measured=rows * 11).json["fields"],
        "started_at": send(office, uid, version, started_at="2027-01-01T08:00").json["fields"],
    }
    assert all(list(fields) == [name] for name, fields in told.items()), told
    assert send(office, uid, version, key="không phải khóa").status_code == 400
    assert steps() == 0


def test_only_the_office_of_the_file_writes_its_minutes(app: Flask, committed: Desks) -> None:
    uid, version = a_file(committed)
    assert send(browser(app, committed, "front"), uid, version).status_code == 403
    assert send(browser(app, committed), "0" * 32, version).status_code == 404
    undecided, seen = a_file(committed, "planned")
    assert send(browser(app, committed), undecided, seen).status_code == 409
    guest = app.test_client()
    assert guest.post(URL, json={**BODY, "file": uid, "version": 1}).status_code == 403
    assert steps() == 0


def test_a_phone_keeps_what_may_be_written_now(app: Flask, committed: Desks) -> None:
    uid, _version = a_file(committed, form="fact_finding")
    a_file(committed, "planned")  # waits for its decision
    a_file(committed, "visited")
    office = browser(app, committed)
    answer = office.get("/can-bo/kiem-tra/tren-may.json")
    assert answer.headers["Cache-Control"] == "private, no-store"
    (told,) = answer.json["files"]
    assert (told["uid"], told["fields"]["place"]) == (uid, "Khu chuồng nuôi, bản Che Căn")
    assert "started_at" not in told["fields"]
    assert send(office, uid, told["version"]).status_code == 201
    (told,) = office.get("/can-bo/kiem-tra/tren-may.json").json["files"]
    assert told["fields"]["measured-0-value"] == "240"
    assert told["fields"]["started_at"] == "2026-03-01T08:30"


def test_the_page_without_network_is_the_same_for_everyone(app: Flask, committed: Desks) -> None:
    uid, _version = a_file(committed)
    frame = "/bien-ban-tai-cho/khung"
    mine, anybodys = browser(app, committed).get(frame), app.test_client().get(frame)
    assert mine.data == anybodys.data
    assert "public" in mine.headers["Cache-Control"] and "csrf_token" not in mine.text
    assert BOD in mine.text and uid not in mine.text
    assert app.test_client().get(f"{frame}?v=cũ").status_code == 404
    worker = app.test_client().get("/sw.js").text.partition(";\n")[0]
    kept = json.loads(worker.removeprefix("self.MAT_XANH="))["work"]["visits"]
    assert all(address in mine.text for address in kept)


def test_the_answer_names_the_version_of_then(app: Flask, committed: Desks) -> None:
    uid, version = a_file(committed)
    office = browser(app, committed)
    send(office, uid, version)
    later = send(office, uid, version + 1, str(uuid.UUID(int=9)), observed="Đã đo lại.")
    assert later.json == {"file": uid, "version": version + 2}
    assert send(office, uid, version).json == {"file": uid, "version": version + 1}
    session().expire_all()
    assert session().scalars(select(InspectionFile.version)).one() == version + 2
