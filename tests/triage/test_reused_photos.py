"""A photo sent twice is a hint for who may read both reports, and for nobody else."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import NA_TAU, a_unit
from tests.factories.reporting import listed, send
from tests.geo.photo_factory import encoded, scene
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.media.likeness import bands, look_alikes
from webapp.media.models import PhotoBand
from webapp.media.operations import erase_photo, examine, render_photo
from webapp.reporting.models import Report
from webapp.reporting.operations import lock_report, receive_photo
from webapp.reporting.submission import UnitKey
from webapp.triage.queries.reused import reused_photos

THERE = {"location": None, "unit": UnitKey("gso-2025", NA_TAU), "place_note": "Bản Nà Tấu"}


def a_scene(turned: bool = False) -> Image.Image:
    made = scene(640, 480)
    return made.transpose(Image.Transpose.ROTATE_180) if turned else made


def original() -> bytes:
    return bytes(encoded(a_scene()))


def smaller() -> bytes:
    """As a chat program sends it on."""
    out = io.BytesIO()
    a_scene().resize((400, 300)).save(out, "JPEG", quality=45)
    return out.getvalue()


def another() -> bytes:
    return bytes(encoded(a_scene(turned=True)))


def sent(content: bytes, **changes: object) -> Report:
    report = send(photos=(listed(content),), **changes).report
    received = examine(content)
    with write_unit():
        receive_photo(lock_report(report.id), received, sha256=received.sha256)
    render_photo(report.photos[0].photo_id)
    return report


def officer(code: str | None = None, role: str = "front_commune") -> Actor:
    with write_unit():
        return make_person(role, unit=a_unit(code) if code else a_unit())[1]


def hints(actor: Actor, report: Report) -> list[str]:
    session().rollback()
    again = lock_report(report.id)
    looks = look_alikes(link.photo for link in again.photos)
    return [hint.report.code for hint in reused_photos(actor, again, looks)]


def test_a_photo_sent_again_is_found_and_another_one_is_not(app: Flask) -> None:
    first, again, other = sent(original()), sent(smaller()), sent(another())
    actor = officer()
    assert hints(actor, again) == [first.code]
    assert hints(actor, first) == [again.code]
    assert hints(actor, other) == []


@pytest.mark.parametrize("hidden", [{"to_province": True}, THERE], ids=["province", "sibling"])
def test_what_the_officer_may_not_read_is_not_even_counted(
    app: Flask, hidden: dict[str, object]
) -> None:
    sent(original(), **hidden)
    here = sent(smaller())
    assert hints(officer(), here) == []
    assert len(hints(officer("11", "front_province"), here)) == 1


def test_a_withdrawn_or_erased_photo_is_forgotten(app: Flask) -> None:
    first, again = sent(original()), sent(smaller())
    with write_unit():
        erase_photo(lock_report(first.id).photos[0].photo)
    assert hints(officer(), again) == []
    photo_id = first.photos[0].photo_id
    known = session().scalars(select(PhotoBand).where(PhotoBand.photo_id == photo_id)).all()
    assert known == []


def test_the_officer_sees_both_on_the_page_and_the_public_neither(
    app: Flask, client: FlaskClient
) -> None:
    first, again = sent(original()), sent(smaller())
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
    sign_in(client, account.email)
    page = client.get(f"/can-bo/phan-anh/{again.code}").text
    assert "Ảnh 1 giống ảnh trong phản ánh " + first.code in page
    assert f"/can-bo/anh/{first.photos[0].photo.uid}/thumb" in page


def test_plain_pictures_say_nothing() -> None:
    assert list(bands("0" * 16)) == [] and list(bands("f" * 16)) == []
    assert list(bands("000000000000001f")) == []


def test_every_likeness_within_four_bits_shares_a_part() -> None:
    likeness = 0x3C5A96E187D20FB4
    for first in range(0, 64, 7):
        flipped = likeness
        for step in range(4):
            flipped ^= 1 << (first + 13 * step) % 64
        assert set(bands(f"{likeness:016x}")) & set(bands(f"{flipped:016x}"))
