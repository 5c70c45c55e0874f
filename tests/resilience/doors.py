"""A door of the site, asking at it, and what the answer is called.

The answers: ``in`` (the view was entered: shown, done, or refused for what was sent), ``sign-in``
(led to the sign-in page), ``403``, ``404`` (existence is secret).
"""

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.accounts import token_header
from tests.resilience.world import World
from webapp.web.guards import guard_of

IN, SIGN_IN = "in", "sign-in"


@dataclass(frozen=True)
class Door:
    """One address with one method: endpoint, method, name of the object, values of its parts."""

    endpoint: str
    method: str
    subject: str
    values: tuple[tuple[str, Any], ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What a row of the table is found by."""
        return (self.endpoint, self.method, self.subject)


def is_open(app: Flask, door: Door) -> bool:
    """Whether the door does not ask who comes: then some of the roles stand for all."""
    guard = guard_of(app, door.endpoint)
    return guard is not None and guard.kind in {"public", "code", "machine"}


_WORDS = {"words": "Lời thử."}
_API_BODIES: dict[str, dict[str, Any]] = {
    "reports_api.post_confirmation": {"fixed": True},
    "reports_api.post_information": _WORDS,
    "reports_api.post_reconsideration": _WORDS,
    "reports_api.post_reopening": _WORDS,
    "reports_api.post_reprisal": _WORDS,
    "reports_api.post_rating": {"mark": "satisfied"},
    "affected_api.post_case_confirmation": {"fixed": True},
    "notices_api.post_push": {"endpoint": "x", "keys": {"p256dh": "x", "auth": "x"}},
}
_BY_CODE = ("reports_api.", "notices_api.post_push")


def ask(client: FlaskClient, door: Door, world: World) -> TestResponse:
    """Send the request as a browser would that holds everything but the right."""
    url = address_of(door)
    headers, rest = token_header(client) if door.method != "GET" else {}, dict[str, Any]()
    if door.endpoint.startswith(_BY_CODE):
        wrong = door.subject == "wrong code"
        headers["X-Tracking-Code"] = "0" * 16 if wrong else world.tracking["followed"]
        if wrong:  # a right body, so that only the code is wrong
            headers["Idempotency-Key"] = str(uuid.uuid5(uuid.NAMESPACE_URL, door.endpoint))
        if door.method == "POST":
            rest["json"] = _API_BODIES.get(door.endpoint, {}) if wrong else {}
        elif door.method == "PUT":
            rest["data"] = b"x"
    if door.endpoint.startswith("affected_api."):
        headers["X-Follow-Code"] = "0" * 16
        if door.subject == "unpublished":  # a right key, so that only the case is wrong
            headers["Idempotency-Key"] = str(uuid.uuid5(uuid.NAMESPACE_URL, door.endpoint))
    if door.method == "POST" and door.endpoint.startswith(("affected_api.", "visits_api.")):
        rest["json"] = _API_BODIES.get(door.endpoint, {})
    return client.open(url, method=door.method, headers=headers, buffered=True, **rest)


def address_of(door: Door) -> str:
    """The path of a door."""
    return current_app.url_map.bind("").build(door.endpoint, dict(door.values))


def answer(response: TestResponse) -> str:
    """How the table names a response; a server error and a limit are named as they are."""
    status = response.status_code
    if response.location and response.location.startswith("/dang-nhap"):
        return SIGN_IN
    if status in {403, 404, 429} or status >= 500:
        return str(status)
    return IN
