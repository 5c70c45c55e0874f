"""P1 through HTTP: each file is taken, or refused for what it is, within five seconds."""

import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.reporting import a_body, a_jpeg, listed_json, new_key
from webapp.core.unit_of_work import session
from webapp.jobs.models import OutboxRow
from webapp.media.models import Photo
from webapp.media.operations import render_photo

pytestmark = [pytest.mark.resilience, pytest.mark.timeout(300)]

TAKEN, KIND, UNSOUND = 201, 415, 422
# What the bytes are decides, never the name or the type that was declared.
BAD: dict[str, int] = {
    "decompression_bomb.gif": KIND,
    "decompression_bomb.ico": KIND,
    "hopper.bmp": KIND,
    "hopper.gif": KIND,
    "hopper.tif": KIND,
    "hopper_bad.p7": KIND,
    "hopper_bad_checksum.msp": KIND,
    "hopper.jpg": TAKEN,
    "hopper.png": TAKEN,
    "hopper.webp": TAKEN,
    "hopper_bad_exif.jpg": TAKEN,
    "hopper_orientation_6.webp": TAKEN,
    "truncated_exif_dpi.jpg": TAKEN,
    "truncated_jpeg.jpg": TAKEN,
    "truncated_image.png": TAKEN,
}
MADE: dict[str, tuple[bytes, int]] = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", KIND),
    "html": (b"<html><script>alert(1)</script></html>", KIND),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (r) file\n", KIND),
    "zip": (b"PK\x03\x04" + b"\0" * 60, KIND),
    "pdf": (b"%PDF-1.7\n", KIND),
    "one byte": (b"x", KIND),
    "gif with script": (b"GIF89a/*\x00\x00" + b"*/=alert(1)//", KIND),
    "header alone": (a_jpeg()[:20], UNSOUND),
}
MOST_SECONDS = 5


def put(client: FlaskClient, content: bytes, mime: str = "image/jpeg") -> tuple[int, str, float]:
    """Send a report that lists the file, then the file; status, type of refusal, seconds."""
    body = a_body(photos=[listed_json(content, mime)])
    sent = client.post("/api/v1/reports", json=body, headers={"Idempotency-Key": new_key()})
    assert sent.status_code == 201, sent.text
    headers = {"X-Tracking-Code": sent.json["tracking_code"], "Content-Type": mime}
    began = time.perf_counter()
    answer = client.put(sent.json["photos"][0]["url"], data=content, headers=headers)
    return answer.status_code, str((answer.json or {}).get("type", "")), time.perf_counter() - began


@pytest.mark.shared_data
def test_the_matrix_of_broken_images(app: Flask, client: FlaskClient, shared_data: Path) -> None:
    for name, expected in BAD.items():
        status, kind, seconds = put(client, (shared_data / "badimages" / name).read_bytes())
        assert status == expected, (name, status, kind)
        assert seconds < MOST_SECONDS, (name, seconds)


@pytest.mark.parametrize("name", list(MADE))
def test_what_is_no_photo(client: FlaskClient, name: str) -> None:
    content, expected = MADE[name]
    status, kind, seconds = put(client, content)
    assert status == expected, (name, status, kind)
    assert seconds < MOST_SECONDS


def test_a_lying_type_and_a_hash_that_differs(client: FlaskClient) -> None:
    assert put(client, a_jpeg(), "image/png")[0] in {TAKEN, KIND}
    body = a_body(photos=[listed_json(a_jpeg())])
    sent = client.post("/api/v1/reports", json=body, headers={"Idempotency-Key": new_key()}).json
    headers = {"X-Tracking-Code": sent["tracking_code"], "Content-Type": "image/jpeg"}
    url = sent["photos"][0]["url"]
    assert client.put(url, data=a_jpeg((9, 9, 9)), headers=headers).status_code == 422
    assert client.put(url, data=b"\xff" * (15 * 2**20 + 1), headers=headers).status_code == 413
    assert client.put(url, data=a_jpeg(), headers=headers).status_code == 201
    assert client.put(url, data=a_jpeg(), headers=headers).status_code == 200


@pytest.mark.shared_data
def test_what_breaks_in_the_decoder_is_unreadable_and_never_served(
    client: FlaskClient, shared_data: Path
) -> None:
    for name in ("truncated_jpeg.jpg", "truncated_image.png"):
        assert put(client, (shared_data / "badimages" / name).read_bytes())[0] == TAKEN
    assert session().scalars(select(OutboxRow).where(OutboxRow.kind == "media.render")).all()
    for photo in session().scalars(select(Photo)).all():
        render_photo(photo.id)
        session().expire_all()
        assert photo.state in {"unreadable", "ready"}
        if photo.state == "unreadable":
            assert photo.renditions == []
        for kind in ("large", "card"):
            assert client.get(f"/anh/{photo.uid}/{kind}.jpg").status_code == 404
