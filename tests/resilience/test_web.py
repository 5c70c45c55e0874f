"""W1 and W5: what comes without our token or from elsewhere changes nothing; headers everywhere."""

import json

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.factories.accounts import token_header
from tests.resilience.access_matrix import doors, read_table
from tests.resilience.doors import IN, Door, address_of, ask, is_open
from tests.resilience.fingerprint import fingerprint
from tests.resilience.world import World
from webapp.extensions import db, limiter

pytestmark = [pytest.mark.resilience, pytest.mark.timeout(300)]

# These check the token in their own form, so that what was typed comes back (422).
OWN_TOKEN = (
    *("tracking.", "reporting.send_report", "following.", "meetings.record", "notices.choose"),
    *("receipts.slip", "answers.", "alerts."),
)
# These take JSON, a raw body or nothing, never a form.
JSON_DOORS = ("reports_api.", "affected_api.", "notices_api.", "alerts_api.", "visits_api.")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def writes(app: Flask, world: World) -> list[tuple[Door, str]]:
    """Every door that changes something, with somebody whom the table lets in."""
    table, found = read_table(), []
    for door in doors(app, world):
        inside = [role for role, answer in table[door.key].items() if answer == IN]
        if door.method != "GET" and inside:
            found.append((door, next((each for each in inside if each != "guest"), "guest")))
    return found


def send(world: World, door: Door, role: str, **rest: object) -> TestResponse:
    """The request with a body and headers of the attacker's choice."""
    client = world.client(role)
    given: dict[str, object] = {"buffered": True, **rest}
    return client.open(address_of(door), method=door.method, **given)  # type: ignore[arg-type]


def test_without_the_sessions_own_token_nothing_changes(app: Flask, world: World) -> None:
    limiter.reset()
    other = token_header(world.client("mattran.xa"))
    before, tried = fingerprint(), 0
    for door, role in writes(app, world):
        api = door.endpoint.startswith(JSON_DOORS)
        for headers in ({}, {"X-CSRFToken": "đồ giả"}, other):
            sent: dict[str, object] = {"headers": headers}
            if api:
                sent |= {"json": {}} if door.method == "POST" else {"data": b"x"}
            answer = send(world, door, role, **sent)
            expected = {422, 404} if door.endpoint.startswith(OWN_TOKEN) else {400}
            assert answer.status_code in expected, (door.key, role, headers, answer.status_code)
            if answer.status_code == 422:
                assert "Trang mở đã lâu" in answer.text or "để lâu quá" in answer.text, door.key
            if answer.status_code == 400:
                words = answer.json["title"] if answer.is_json else answer.text
                assert "Trang này đã cũ" in words, door.key
            tried += 1
    assert fingerprint() == before
    print(f"csrf: {tried} requests without the session's token refused, 0 side effects")


def test_json_from_another_page_or_as_text_changes_nothing(app: Flask, world: World) -> None:
    before = fingerprint()
    elsewhere = ("https://noi-khac.invalid", "null", "http://127.0.0.2", "http://localhost.invalid")
    for door, _ in writes(app, world):
        if not door.endpoint.startswith(JSON_DOORS):
            continue
        for origin in elsewhere:
            sent = {"json": {}} if door.method == "POST" else {"data": b"x"}
            answer = send(world, door, "guest", headers={"Origin": origin}, **sent)
            assert answer.status_code == 403, (door.key, origin)
            assert "trang khác" in answer.json["detail"]
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            answer = send(world, door, "guest", data=json.dumps({}), content_type=kind)
            assert answer.status_code == 415, (door.key, kind)
    assert fingerprint() == before


def test_reading_with_get_what_is_written_with_post_is_405(app: Flask, world: World) -> None:
    reads = {door.endpoint for door in doors(app, world) if door.method == "GET"}
    paths = {each.rule for each in app.url_map.iter_rules() if "GET" in (each.methods or ())}
    rules = {each.endpoint: each.rule for each in app.url_map.iter_rules()}
    for door, role in writes(app, world):
        if door.endpoint not in reads and rules[door.endpoint] not in paths:
            assert world.client(role).get(address_of(door)).status_code == 405, door.key


def has_headers(answer: TestResponse) -> None:
    """The header table on one answer."""
    where = (answer.request.path, answer.status_code)
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, (where, name)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'"), where
    assert "unsafe" not in policy and "http:" not in policy and "https:" not in policy, where
    if "sandbox" not in policy:
        for part in (
            "script-src 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ):
            assert part in policy.split("; "), (where, part)
    assert int(answer.headers["Strict-Transport-Security"].split("=")[1].split(";")[0]) >= 31536000
    assert "geolocation=(self), camera=(self)" in answer.headers["Permissions-Policy"], where
    assert "Server" not in answer.headers or "Werkzeug" not in answer.headers["Server"], where


@pytest.mark.parametrize("role", ["guest", "mattran.xa", "congkhai", "quantri"])
def test_every_answer_carries_the_header_table(app: Flask, world: World, role: str) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("headers do not depend on the database")
    limiter.reset()
    client, seen = world.client(role), set()
    for door in doors(app, world):
        answer = ask(client, door, world)
        has_headers(answer)
        seen.add(answer.status_code)
        if role != "guest" and not is_open(app, door):
            assert "no-store" in answer.headers["Cache-Control"], door.key
    assert seen >= {200, 404}


def test_errors_carry_it_too(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = world.client("guest")
    code = world.reports["followed"]
    json_headers = {"Content-Type": "application/json", "Idempotency-Key": "x"}

    def broken(**_: object) -> str:
        raise RuntimeError("SELECT lỗi thử ở /etc/passwd")

    answers = {
        404: guest.get("/khong-co-trang-nay"),
        405: guest.post("/so-lieu"),
        413: guest.post("/api/v1/reports", data=b"x" * 300_000, headers=json_headers),
        415: guest.post("/api/v1/reports", data="{}", content_type="text/plain"),
        422: guest.post("/api/v1/reports", json={}),
        400: guest.get("/so-lieu?a=%00"),
        403: guest.post("/can-bo/lich", headers=token_header(guest)),
        302: guest.get("/can-bo/hang-doi"),
        308: guest.get("/ket-qua/"),
    }
    view = app.view_functions["figures.overview"]
    broken.guard = view.guard  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "figures.overview", broken)
    answers[500] = guest.get("/so-lieu")
    for status, answer in answers.items():
        if status != 308:  # where there is no such redirect it is a 404
            assert answer.status_code == status, status
        has_headers(answer)
    for secret in ("RuntimeError", "SELECT", "/etc/passwd", "Traceback"):
        assert secret not in answers[500].text
    assert "Máy chủ gặp lỗi" in answers[500].text
    has_headers(guest.put(f"/api/v1/reports/{code}/photos/{'a' * 64}", data=b"x"))
    for method in ("HEAD", "OPTIONS", "TRACE", "DELETE", "PATCH"):
        has_headers(guest.open("/", method=method))
