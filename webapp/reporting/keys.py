"""Idempotency keys: a key acts once; neither it nor the content is stored in clear."""

import re
import uuid
from typing import Any

from sqlalchemy import bindparam, select

from webapp.core import clock
from webapp.core.codes import digest
from webapp.core.errors import BadRequest, Invalid
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.reporting.models import Report, SenderRequest
from webapp.reporting.submission import canonical_of

_UUID = re.compile(r"[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
_REPORT: Any = Report.__table__  # a row of one number needs no objects
_SENT = select(_REPORT.c.id).where(_REPORT.c.key_digest == bindparam("key"))
_REQUEST = "sender_request.body"


def plain_key(raw_key: str | None) -> str:
    """The key in its usual spelling. Raises BadRequest when it is missing or no UUID."""
    if not raw_key or not _UUID.fullmatch(raw_key):
        raise BadRequest(
            _("Thiếu khóa chống gửi trùng (Idempotency-Key là một UUID). Xin mở lại trang."),
            kind="key-missing",
        )
    return str(uuid.UUID(raw_key))


def key_digest(key: str) -> str:
    """What is stored of a key."""
    return digest("idempotency", key)


def report_under(key: str) -> int | None:
    """The id of the report that came under the key of this digest."""
    return session().scalar(_SENT, {"key": key})


def key_reused() -> Invalid:
    """Other content came under a used key."""
    return Invalid(
        _("Khóa này đã dùng cho nội dung khác. Nội dung lần đầu được giữ nguyên."),
        kind="key-reused",
    )


def first_time(report: Report, raw_key: str | None, **content: object) -> bool:
    """Whether this act of the sender is new; False for the same one again.

    The report is locked, so that twins come one after the other. Raises BadRequest without a key,
    Invalid (kind ``key-reused``) for other content under it.
    """
    key = key_digest(plain_key(raw_key))
    body = digest(_REQUEST, canonical_of({"report": report.code, **content}))
    known = session().get(SenderRequest, key)
    if known is None:
        session().add(
            SenderRequest(key_digest=key, body_digest=body, report_id=report.id, at=clock.now())
        )
        session().flush()
        return True
    if known.body_digest != body:
        raise key_reused()
    return False
