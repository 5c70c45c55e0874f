"""The contract's JSON: sending once, photos after, following by code, refusing the rest."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.factories.reporting import LAT, LON, a_body, a_jpeg, listed_json, new_key
from webapp.core.unit_of_work import session
from webapp.media.models import Photo
from webapp.reporting.models import Report


def post(client: FlaskClient, body: Any, key: str | None = None, **headers: str) -> TestResponse:
    return client.post(
        "/api/v1/reports", json=body, headers={"Idempotency-Key": key or new_key(), **headers}
    )


def count() -> int:
    return session().scalar(select(func.count(Report.id))) or 0


def test_created_then_replayed_with_the_same_receipt(client: FlaskClient) -> None:
    key, body = new_key(), a_body(photos=[listed_json(a_jpeg())])
    first, again = post(client, body, key), post(client, body, key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert first.json["unit"]["name"] == "Xã Mường Phăng"
    assert first.json["photos"][0]["state"] == "wanted"
    assert first.headers["Cache-Control"] == "private, no-store"
    assert count() == 1


def test_other_body_under_the_key_is_422(client: FlaskClient) -> None:
    key = new_key()
    post(client, a_body(), key)
    refused = post(client, a_body(category="burning"), key)
    assert (refused.status_code, refused.json["type"]) == (422, "/loi/key-reused")


def test_no_key_is_400_with_problem_details(client: FlaskClient) -> None:
    refused = client.post("/api/v1/reports", json=a_body())
    assert refused.status_code == 400
    assert refused.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"category": "không có"}, "category"),
        ({"category": 7}, "category"),
        ({"consent": False}, "consent"),
        ({"consent": "true"}, "consent"),
        ({"description": ""}, "description"),
        ({"description": "x" * 4001}, "description"),
        ({"location": {"lon": LAT, "lat": LON}}, "location"),
        ({"location": {"lon": "NaN", "lat": LAT}}, "location"),
        ({"location": {"lon": float("nan"), "lat": LAT}}, "location"),
        ({"location": {"lon": [1], "lat": LAT}}, "location"),
        ({"location": {"lon": LON}}, "location.lat"),
        ({"location": {"lon": LON, "lat": LAT, "source": "sao"}}, "location.source"),
        ({"location": {"lon": LON, "lat": LAT, "accuracy_m": -1}}, "location.accuracy_m"),
        ({"location": None}, "location"),
        ({"location": None, "unit": {"code_system": "gso-2025", "code": "03325"}}, "place_note"),
        ({"unit": {"code_system": "gso-2025", "code": "\u0001"}}, "unit"),
        ({"households_affected": 1.5}, "households_affected"),
        ({"households_affected": 10**30}, "households_affected"),
        ({"contact": {"phone": "gọi cho tôi"}}, "contact.phone"),
        ({"contact": {"email": "không có"}}, "contact.email"),
        ({"nature": "lạ"}, "nature"),
        ({"channel": "lạ"}, "channel"),
        ({"preferred_language": "x"}, "preferred_language"),
        ({"consent_version": "1999"}, "consent_version"),
        ({"observed_at": "hôm qua"}, "observed_at"),
        ({"observed_at": "0001-01-01T00:00:00+14:00"}, "observed_at"),
        ({"photos": [{"sha256": "x", "size": 1, "type": "image/jpeg"}]}, "photos"),
        ({"photos": [{"sha256": "a" * 64, "size": 0, "type": "image/jpeg"}]}, "photos"),
        ({"photos": [{"sha256": "a" * 64, "size": 9, "type": "image/gif"}]}, "photos"),
        (
            {"photos": [{"sha256": c * 64, "size": 9, "type": "image/png"} for c in "abcdef"]},
            "photos",
        ),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_stored(
    client: FlaskClient, changes: dict[str, Any], field: str
) -> None:
    refused = post(client, a_body(**changes))
    assert refused.status_code == 422, refused.json
    assert field in refused.json["fields"], refused.json
    assert count() == 0 and session().scalar(select(func.count(Photo.id))) == 0


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[" * 100_000, b"\xff", b'{"a": "\\ud800"}', b"[]", b"7"]
)
def test_a_body_that_is_no_report_is_refused(client: FlaskClient, raw: bytes) -> None:
    headers = {"Idempotency-Key": new_key(), "Content-Type": "application/json"}
    assert client.post("/api/v1/reports", data=raw, headers=headers).status_code in {400, 422}


@pytest.mark.parametrize(
    "name", ["state", "handling_unit_id", "entered_by_id", "released", "id", "code", "urgent"]
)
def test_columns_of_the_table_are_no_fields(client: FlaskClient, name: str) -> None:
    refused = post(client, a_body(**{name: 1}))
    assert refused.status_code == 422
    assert refused.json["fields"] == {name: "Trường này không có."}


def test_a_guest_sends_for_nobody(client: FlaskClient) -> None:
    assert post(client, a_body(on_behalf_of="Lò Thị Ẳng")).status_code == 403
    assert count() == 0


def test_json_only_and_from_our_own_pages_only(client: FlaskClient) -> None:
    headers = {"Idempotency-Key": new_key(), "Content-Type": "text/plain"}
    assert client.post("/api/v1/reports", data="{}", headers=headers).status_code == 415
    foreign = post(client, a_body(), Origin="https://noi-khac.invalid")
    assert foreign.status_code == 403
    assert post(client, a_body(), Origin="null").status_code == 403
    assert post(client, a_body(), Origin="http://localhost").status_code == 201
    assert count() == 1


def test_a_cookie_asks_for_its_csrf_token(client: FlaskClient) -> None:
    client.set_cookie("matxanh", "gì cũng được".encode().hex())
    assert post(client, a_body()).status_code == 400
    assert count() == 0


def test_too_long_a_body_is_413(client: FlaskClient) -> None:
    assert post(client, a_body(description="x" * 300_000)).status_code == 413


def put(client: FlaskClient, sent: Any, content: bytes, code: str | None = None) -> TestResponse:
    photo = sent["photos"][0]
    headers = {"X-Tracking-Code": code or sent["tracking_code"], "Content-Type": "image/jpeg"}
    return client.put(photo["url"], data=content, headers=headers)


def test_photo_bytes_follow_and_are_taken_once(client: FlaskClient) -> None:
    content = a_jpeg()
    sent = post(client, a_body(photos=[listed_json(content)])).json
    first, again = put(client, sent, content), put(client, sent, content)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["state"] == "stored"
    assert len(session().scalars(select(Photo.id)).all()) == 1


def test_photo_refusals(client: FlaskClient) -> None:
    content = a_jpeg()
    sent = post(client, a_body(photos=[listed_json(content)])).json
    assert put(client, sent, a_jpeg((1, 2, 3))).json["type"] == "/loi/hash-mismatch"
    assert put(client, sent, content, code="0000 0000 0000 0000").status_code == 404
    assert put(client, sent, b"x" * (15 * 1024 * 1024 + 1)).status_code == 413
    elsewhere = sent["photos"][0]["url"].replace(sent["photos"][0]["sha256"], "f" * 64)
    headers = {"X-Tracking-Code": sent["tracking_code"]}
    assert client.put(elsewhere, data=content, headers=headers).status_code == 404
    text = listed_json(b"khong phai anh")
    other = post(client, a_body(photos=[text])).json
    assert put(client, other, b"khong phai anh").status_code == 415


def test_after_withdrawal_photos_are_gone(client: FlaskClient) -> None:
    content = a_jpeg()
    sent = post(client, a_body(photos=[listed_json(content)])).json
    headers = {"X-Tracking-Code": sent["tracking_code"], "Idempotency-Key": new_key()}
    path = f"/api/v1/reports/{sent['report_code']}/withdrawal"
    assert client.post(path, json={}, headers=headers).json["state"] == "withdrawn"
    assert client.post(path, json={}, headers=headers).status_code == 200
    assert put(client, sent, content).status_code == 410


def test_following_needs_the_right_code(client: FlaskClient) -> None:
    sent = post(client, a_body()).json
    path = f"/api/v1/reports/{sent['report_code']}"
    right = client.get(path, headers={"X-Tracking-Code": sent["tracking_code"].lower()})
    assert right.json["state"] == "submitted"
    assert "Mường Phăng" in right.json["sentence"]
    assert right.json["possible"] == [
        "add_evidence",
        "report_reprisal",
        "withdraw",
        "withdraw_identity",
    ]
    for wrong in ("", "A" * 16, sent["report_code"], "'; --"):
        refused = client.get(path, headers={"X-Tracking-Code": wrong})
        assert refused.status_code == 404
    other = post(client, a_body(description="Khác")).json
    crossed = client.get(path, headers={"X-Tracking-Code": other["tracking_code"]})
    assert crossed.status_code == 404


def test_the_unit_of_a_place_is_told_before_sending(client: FlaskClient) -> None:
    here = client.post("/api/v1/place", json={"lon": LON, "lat": LAT})
    assert here.json["unit"]["name"] == "Xã Mường Phăng"
    italy = client.post("/api/v1/place", json={"lon": 11.88, "lat": 43.46})
    assert (italy.status_code, italy.json["unit"]) == (200, None)
    assert client.post("/api/v1/place", json={"lon": LAT, "lat": LON}).status_code == 422


def test_the_document_names_every_endpoint(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    assert "/api/v1/reports/{report_code}/photos/{sha256}" in document["paths"]
    named = {re.sub(r"\{[^}]*}", "{}", path) for path in document["paths"]}
    rules = map(str, client.application.url_map.iter_rules())
    ours = {re.sub(r"<[^>]*>", "{}", rule) for rule in rules if rule.startswith("/api/")}
    assert ours - named == {"/api/v1/openapi.json"}
