"""Reports, sent the way everybody sends them."""

import hashlib
import io
import uuid
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from webapp.core.actor import GUEST, Actor
from webapp.core.unit_of_work import write_unit
from webapp.reporting.models import Report
from webapp.reporting.operations import Receipt, submit_report
from webapp.reporting.submission import ListedPhoto, SentPlace, Submission

# In Xã Mường Phăng; swapped it would lie in the Arctic Ocean.
LON, LAT = 103.151, 21.471
WORDS = "Rác đổ ven suối Nậm Phăng, mùi hôi từ sáng."


def widen_limits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one machine send as many reports as a test needs."""
    settings = replace(
        app.extensions["matxanh_settings"],
        reports_per_address=100_000,
        reports_per_phone=100_000,
        new_phones_per_address=100_000,
    )
    monkeypatch.setitem(app.extensions, "matxanh_settings", settings)


def new_key() -> str:
    """An idempotency key."""
    return str(uuid.uuid4())


def a_submission(**changes: Any) -> Submission:
    """A sound submission: waste by the stream, a point by GPS."""
    sent = Submission(
        category="dumping.river_dump",
        consent=True,
        description=WORDS,
        location=SentPlace(LON, LAT, 20, "gps"),
    )
    return replace(sent, **changes)


def send(actor: Actor = GUEST, *, key: str | None = None, **changes: Any) -> Receipt:
    """Send a report in a write unit of its own."""
    with write_unit():
        return submit_report(actor, a_submission(**changes), raw_key=key or new_key())


def make_report(actor: Actor = GUEST, **changes: Any) -> Report:
    """A report inside the caller's write unit."""
    return submit_report(actor, a_submission(**changes), raw_key=new_key()).report


def a_body(**changes: Any) -> dict[str, Any]:
    """The JSON of a sound report."""
    body = {
        "category": "dumping.river_dump",
        "description": WORDS,
        "location": {"lon": LON, "lat": LAT, "accuracy_m": 20, "source": "gps"},
        "keep_secret": True,
        "consent": True,
        "photos": [],
    }
    return body | changes


def a_jpeg(colour: tuple[int, int, int] = (90, 120, 60), size: tuple[int, int] = (64, 48)) -> bytes:
    """A small photo without metadata."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def listed(content: bytes, mime: str = "image/jpeg") -> ListedPhoto:
    """How a photo stands in the list of a submission."""
    return ListedPhoto(hashlib.sha256(content).hexdigest(), len(content), mime)


def listed_json(content: bytes, mime: str = "image/jpeg") -> dict[str, Any]:
    """The same in JSON."""
    photo = listed(content, mime)
    return {"sha256": photo.sha256, "size": photo.size, "type": photo.type}
