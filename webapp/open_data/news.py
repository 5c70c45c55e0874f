"""Sending news to webhooks: what is said is read when it is sent, and only what is public then."""

import hashlib
import hmac
from http.client import HTTPException
from typing import Any

import orjson

from webapp.cases.categories import never_public
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.errors import NotFound
from webapp.core.outward import Refused
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.operations import MAX_ATTEMPTS
from webapp.open_data.addresses import outside_request
from webapp.open_data.models import WebhookDelivery
from webapp.open_data.operations import webhooks
from webapp.open_data.queries.cases import one_case
from webapp.open_data.queries.outcomes import one_outcome
from webapp.open_data.tables import case_row, outcome_row


class NotDelivered(Exception):
    """Nobody took the news; the outbox tries again."""


def tell_webhooks(event: str, case_id: int, news: str) -> None:
    """Spread news of a case that is public now; of any other nothing leaves. May run twice."""
    with write_unit():
        case = session().get(Case, case_id)
        if case is not None and case.public_since and not never_public(case.category):
            webhooks.spread(event, {"case_code": case.code}, news)


def deliver(delivery_id: int) -> None:
    """Send one delivery and note how it went. Raises NotDelivered, so that it is tried again."""
    delivery = session().get(WebhookDelivery, delivery_id, populate_existing=True)
    if delivery is None or delivery.state != "waiting" or delivery.webhook.ended_at is not None:
        return
    body = _body(delivery)
    url, headers = delivery.webhook.url, _headers(delivery, body)
    session().rollback()  # nothing is held open while another machine is asked
    answer, problem = _post(url, body, headers)
    taken = answer is not None and 200 <= answer < 300
    with write_unit():
        _note(delivery_id, answer, problem, taken)
    if not taken:
        raise NotDelivered


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """How a receiver knows us: HMAC-SHA256 of ``timestamp.body``."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int | None, str | None]:
    try:
        return webhooks.DOORS.post(url, body, headers), None
    except (Refused, OSError, HTTPException) as error:
        return None, type(error).__name__[:40]


def _headers(delivery: WebhookDelivery, body: bytes) -> dict[str, str]:
    timestamp = str(int(clock.now().timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "MatXanh-Webhook/1",
        "X-MatXanh-Event": delivery.event,
        "X-MatXanh-Delivery": delivery.uid,
        "X-MatXanh-Timestamp": timestamp,
        "X-MatXanh-Signature": f"sha256={_signed(delivery, timestamp, body)}",
    }


def _signed(delivery: WebhookDelivery, timestamp: str, body: bytes) -> str:
    return signature(webhooks.secret_of(delivery.webhook), timestamp, body)


def _body(delivery: WebhookDelivery) -> bytes:
    with outside_request():
        content = _content(delivery.event, delivery.subject.get("case_code", ""))
    told = {"id": delivery.uid, "event": delivery.event, **delivery.subject, **content}
    return orjson.dumps(told)


def _content(event: str, code: str) -> dict[str, Any]:
    """The public record as it stands; nothing beyond the code of what is there no longer."""
    try:
        if event == "case.moved":
            return {"case": case_row(one_case(code))}
        if event == "outcome.published":
            return {"outcome": outcome_row(one_outcome(code))}
    except NotFound:
        return {"gone": True}
    return {}


def _note(delivery_id: int, answer: int | None, problem: str | None, taken: bool) -> None:
    row = session().get_one(WebhookDelivery, delivery_id, with_for_update=True)
    row.attempts += 1
    row.answer, row.problem, row.tried_at = answer, problem, clock.now()
    if taken:
        row.state = "done"
    elif row.attempts >= MAX_ATTEMPTS:
        row.state = "failed"
