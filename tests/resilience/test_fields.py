"""A2: what JSON answers hold, key by key, and what a request may set: nothing unlisted."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect

from tests.factories.accounts import token_header
from tests.factories.cases import make_case
from tests.factories.reporting import LAT, LON, a_body, a_jpeg, listed_json, new_key
from tests.resilience.world import World
from webapp.cases.models import Case
from webapp.casework.models import Recommendation
from webapp.core.unit_of_work import session, write_unit
from webapp.outcomes.models import Outcome, OutcomeVersion
from webapp.reporting.models import Report, ReportIdentity

pytestmark = pytest.mark.resilience

UNIT = {"unit.code_system", "unit.code", "unit.name"}
RECEIPT = {
    "report_code", "tracking_code", "state", "unit", "photos", "voice", "received_at", "next_step",
} | UNIT  # fmt: skip
POINT = {"type", "geometry", "geometry.type", "geometry.coordinates", "properties"}
CASE_POINT = {"cluster", "case_code", "category", "state", "overdue", "title"}
CLUSTER = {"cluster", "count", "overdue", "bbox"}
QUEUE_ROW = {
    "kind", "code", "title", "category", "state", "urgent", "unchecked", "overdue", "due_at",
    "since", "report_count", "lon", "lat", "priority",
}  # fmt: skip
FOLLOW_KEYS = {
    "report_code", "case_code", "category", "state", "state_label", "sentence", "received_at",
    "question", "possible", "unit", "photos", "voice", "timeline", "rating", "waiting",
}  # fmt: skip
TIMELINE = {"at", "text", "detail", "voice"}


def keys(value: Any, path: str = "") -> set[str]:
    """Every key of nested objects, dotted; lists add nothing to the path."""
    if isinstance(value, dict):
        here = {f"{path}{name}" for name in value}
        return here.union(*(keys(inner, f"{path}{name}.") for name, inner in value.items()))
    if isinstance(value, list):
        return set().union(*(keys(each, path) for each in value))
    return set()


def post(client: FlaskClient, body: dict[str, Any]) -> Any:
    """Send a report as a guest."""
    answer = client.post("/api/v1/reports", json=body, headers={"Idempotency-Key": new_key()})
    assert answer.status_code == 201, answer.text
    return answer.json


def test_the_keys_a_guest_reads(app: Flask, world: World) -> None:
    guest = world.client("guest")
    photo = {"photos.sha256", "photos.state", "photos.url"}
    sent = post(guest, a_body(photos=[listed_json(a_jpeg())]))
    assert keys(sent) <= RECEIPT | photo | {"unit.name_en"}
    here = guest.post("/api/v1/place", json={"lon": LON, "lat": LAT}).json
    former = {
        "former",
        "former_doubtful",
        *(f"former.{name}" for name in ("code", "code_system", "name")),
    }
    assert keys(here) <= UNIT | former | {"unit", "doubtful", "unit.name_en"}
    headers = {"X-Tracking-Code": sent["tracking_code"]}
    followed = guest.get(f"/api/v1/reports/{sent['report_code']}", headers=headers).json
    top = {name for name in keys(followed) if "." not in name}
    assert top == FOLLOW_KEYS
    assert followed["timeline"] and all(set(line) == TIMELINE for line in followed["timeline"])
    refused = guest.post("/api/v1/reports", json={}).json
    assert {name for name in keys(refused) if "." not in name} <= {
        "type", "title", "status", "detail", "fields",
    }  # fmt: skip


def test_the_keys_of_what_is_near_and_followed(app: Flask, world: World) -> None:
    guest, code = world.client("guest"), world.cases["public"]
    near = guest.get(f"/api/v1/cases/near?lon={LON}&lat={LAT}&category=unsure").json
    assert set(near) == {"cases"}
    url, key = f"/api/v1/cases/{code}/affected", {"Idempotency-Key": new_key()}
    followed = guest.post(url, json={}, headers=key).json
    assert set(followed) == {"follow_code", "case_code"}
    shown = guest.get(url, headers={"X-Follow-Code": followed["follow_code"]}).json
    assert set(shown) == {"case_code", "title", "state", "state_label", "sentence", "may_confirm"}


@pytest.mark.parametrize("role", ["guest", "mattran.xa", "moitruong.xa", "quantri"])
def test_the_keys_of_the_public_map(app: Flask, world: World, role: str) -> None:
    client = world.client(role)
    for zoom in (6, 16):
        answer = client.get(f"/api/v1/map?bbox=102,20,107,23&zoom={zoom}").json
        assert set(answer) <= {"type", "features"}
        assert answer["features"]
        for each in answer["features"]:
            assert {name for name in keys(each) if not name.startswith("properties.")} <= POINT
            wanted = CLUSTER if each["properties"]["cluster"] else CASE_POINT
            assert set(each["properties"]) == wanted


@pytest.mark.parametrize("role", ["mattran.xa", "mattran.tinh", "chutich.mattran"])
def test_the_keys_of_the_desk(app: Flask, world: World, role: str) -> None:
    client = world.client(role)
    for tab in ("phan-anh", "vu-viec"):
        page = client.get(f"/api/v1/staff/queue?tab={tab}").json
        assert set(page) == {"rows", "next_cursor"} and page["rows"]
        for row in page["rows"]:
            assert set(row) == QUEUE_ROW
    found = client.get("/api/v1/staff/map?bbox=102,20,107,23&zoom=16").json
    for each in found["features"]:
        assert set(each["properties"]) in (CASE_POINT, CLUSTER)
    assert set(client.get("/api/v1/staff/queue/version").json) == {"version"}


@pytest.mark.parametrize("model", [Report, ReportIdentity, Case])
def test_no_column_can_be_sent_as_json(app: Flask, world: World, model: type) -> None:
    listed = {"category", "nature", "description", "observed_at", "place_note", "keep_secret",
              "to_province", "channel", "consent_version", "households_affected",
              "preferred_language", "interpreter_needed"}  # fmt: skip
    guest = world.client("guest")
    for column in names_of(model):
        if column in listed:
            continue
        refused = guest.post(
            "/api/v1/reports", json=a_body(**{column: 1}), headers={"Idempotency-Key": new_key()}
        )
        assert refused.status_code == 422, column
        assert refused.json["fields"] == {column: "Trường này không có."}


def names_of(model: type) -> list[str]:
    """The columns of a model."""
    return [each.key for each in inspect(model).column_attrs]


def columns(row: object) -> dict[str, Any]:
    """The row's values by column."""
    return {name: getattr(row, name) for name in names_of(type(row))}


def stuffed(model: type, **form: Any) -> dict[str, Any]:
    """A sound form with every column of the model beside its own fields."""
    return {name: "1" for name in names_of(model)} | form


def test_a_form_sets_its_own_fields_and_no_column_beside(app: Flask, world: World) -> None:
    with write_unit():
        case = make_case("received", lon=None, point=None, public=False)
        code, before = case.code, columns(case)
    client = world.client("mattran.xa")
    form = {"summary": "Rác ven suối Nậm Phăng.", "severity": "minor", "waste_source": "market",
            "site_note": "Đã xem.", "version": "1"}  # fmt: skip
    answer = client.post(
        f"/can-bo/vu-viec/{code}/buoc/assess",
        data=stuffed(Case, **form),
        headers=token_header(client),
    )
    assert answer.status_code == 303, answer.text
    session().expire_all()
    after = columns(session().get_one(Case, before["id"]))
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"state", "version", "summary", "severity", "waste_source", "public_since",
                       "search_text", "due_at"}, changed  # fmt: skip
    assert (after["state"], after["version"]) == ("assessed", 2)


def test_a_report_form_sets_no_column_beside(app: Flask, world: World) -> None:
    client = world.client("mattran.xa")
    find = session().query(Report).filter(Report.code == world.reports["own"])
    before = columns(find.one())
    form = {"reason": "no_place", "words": "Chưa rõ ở đâu.", "version": str(before["version"])}
    answer = client.post(
        f"/can-bo/phan-anh/{world.reports['own']}/buoc/reject",
        data=stuffed(Report, **form),
        headers=token_header(client),
    )
    assert answer.status_code == 303, answer.text
    session().expire_all()
    after = columns(find.one())
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"state", "version", "rejection", "decided_by_id", "due_at"}, changed
    assert after["rejection"] == "no_place"


def test_a_letter_and_an_outcome_take_no_column_beside(app: Flask, world: World) -> None:
    signer, client = world.client("chutich.mattran"), world.client("mattran.xa")
    uid = world.letters["draft"]
    letters = session().query(Recommendation).filter(Recommendation.document.has(uid=uid))
    before = columns(letters.one())
    answer = client.post(
        f"/can-bo/kien-nghi/{uid}/buoc/submit_for_signature",
        data=stuffed(Recommendation, version=str(before["version"])),
        headers=token_header(client),
    )
    assert answer.status_code == 303, answer.text
    session().expire_all()
    after = columns(letters.one())
    assert {name for name in after if after[name] != before[name]} == {"state", "version"}
    assert signer.get(f"/can-bo/kien-nghi/{uid}").status_code == 200

    code = world.cases["drafting"]
    pages = session().query(Outcome).join(Case).filter(Case.code == code)
    outcome = columns(pages.one())
    form = stuffed(Outcome, version=str(outcome["version"]), front_words="Đã dọn xong bãi rác.")
    form = {**stuffed(OutcomeVersion), **form, "office_words": "Đã kiểm tra.", "photos": ""}
    for name in ("recognisable", "photo_ids", "photos", "explanation", "reason"):
        form.pop(name, None)
    answer = client.post(f"/can-bo/ket-qua/{code}/soan", data=form, headers=token_header(client))
    assert answer.status_code in {303, 422}, answer.text
    session().expire_all()
    after = columns(pages.one())
    assert {name for name in after if after[name] != outcome[name]} <= {"version"}
