"""Web Push for the one who sent a report: asked for after the receipt, ended by the browser."""

from typing import Any

from flask import request

from webapp.core.unit_of_work import write_unit
from webapp.notifications.push import Keys
from webapp.notifications.subscriptions import end_browser, subscribe
from webapp.reporting.steps import subject_of
from webapp.reporting.tracking import claim_by_tracking_code
from webapp.reporting.views.limits import wrong_codes
from webapp.web.api import ApiBlueprint, Body, Nested, String
from webapp.web.guards import by_code, public
from webapp.web.locale import choose

bp = ApiBlueprint("notices_api", __name__, description="Nhận thông báo trên điện thoại")

_CODE: dict[str, Any] = {
    "in": "header",
    "name": "X-Tracking-Code",
    "required": True,
    "schema": {"type": "string"},
}
Answer = tuple[dict[str, Any], int]


class KeysBody(Body):
    """The browser's own keys, base64url."""

    p256dh = String(required=True)
    auth = String(required=True)


class SubscriptionBody(Body):
    """What ``PushSubscription.toJSON`` gives; the language in which the line is shown."""

    endpoint = String(required=True)
    keys = Nested(KeysBody, required=True)


class EndpointBody(Body):
    """The browser's address, which only it and its push service know."""

    endpoint = String(required=True)


class TellingAnswer(Body):
    """Whether this browser is told."""

    told = String(required=True)


@bp.post("/reports/<report_code>/push")
@by_code
@wrong_codes
@bp.doc(parameters=[_CODE])
@bp.arguments(SubscriptionBody)
@bp.response(201, TellingAnswer)
@bp.alt_response(200, schema=TellingAnswer, description="The browser was subscribed already")
def post_push(body: dict[str, Any], report_code: str) -> Answer:
    """Tell this browser when something changes, under X-Tracking-Code."""
    with write_unit():
        report = claim_by_tracking_code(
            request.headers.get("X-Tracking-Code"), report_code=report_code
        )
        new = subscribe(
            subject_of(report), Keys(body["endpoint"], **body["keys"]), language=choose()
        )
    return {"told": "push"}, 201 if new else 200


@bp.post("/push/stop")
@public
@bp.arguments(EndpointBody)
@bp.response(200, TellingAnswer)
def post_stop(body: dict[str, Any]) -> dict[str, Any]:
    """Tell this browser nothing any more, about any report; the same answer when it was unknown."""
    with write_unit():
        end_browser(body["endpoint"])
    return {"told": "nothing"}
