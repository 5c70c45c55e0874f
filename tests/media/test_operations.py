"""A photo on its way: safe before its row says so, shown only as renditions, gone when erased."""

import errno
import hashlib
import os
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from geo.photos import MAX_BYTES
from geo.points import Point
from tests.factories.clock import FrozenClock
from tests.factories.media import a_photo_file, a_ready_photo, a_stored_photo, a_wanted_photo
from tests.geo.photo_factory import LAT, LON, png_header
from webapp.audit.models import AuditEntry
from webapp.core import crypto, files
from webapp.core.actor import Actor, ActorKind
from webapp.core.errors import (
    DomainError,
    Gone,
    Invalid,
    NotFound,
    StorageFull,
    TooLarge,
    TransitionRefused,
    UnsupportedMedia,
)
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.models import OutboxRow
from webapp.jobs.operations import drain
from webapp.media import operations, originals, queries, rendering
from webapp.media.decoding import Undecodable
from webapp.media.models import RENDITIONS, Photo, Rendition

OFFICER = Actor(ActorKind.PERSON)


def sealed_files() -> list[Path]:
    return [path for path in (files.store().root / "sealed").rglob("*") if path.is_file()]


@pytest.fixture(autouse=True)
def _empty_store(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_store", files.FileStore(tmp_path / "files"))


def test_received_bytes_are_sealed_and_only_their_own_row_opens_them() -> None:
    content = a_photo_file()
    photo = a_stored_photo(content)
    (path,) = sealed_files()
    assert content[:200] not in path.read_bytes()
    assert operations.open_original(photo) == content
    photo.uid = "0" * 32
    with pytest.raises(crypto.SealBroken):
        operations.open_original(photo)
    session().rollback()


def test_a_stored_photo_asks_for_its_rendering_in_the_same_transaction(
    frozen: FrozenClock,
) -> None:
    content = a_photo_file()
    photo = a_wanted_photo(content)
    received = operations.examine(content)
    with pytest.raises(RuntimeError, match="mất điện"), write_unit():
        operations.store_photo(photo, received)
        raise RuntimeError("mất điện")
    session().refresh(photo)
    assert (photo.state, session().scalar(select(func.count(OutboxRow.id)))) == ("wanted", 0)
    with write_unit():
        operations.store_photo(photo, received)
    assert (photo.state, photo.received_at) == ("stored", frozen.at)
    row = session().scalars(select(OutboxRow)).one()
    assert (row.kind, row.payload) == ("media.render", {"photo_id": photo.id})


def test_other_bytes_than_listed_are_refused_and_not_kept() -> None:
    photo = a_wanted_photo(a_photo_file())
    received = operations.examine(a_photo_file(taken="2026:02:28 10:00:00"))
    with pytest.raises(Invalid) as refusal, write_unit():
        operations.store_photo(photo, received)
    assert refusal.value.kind == "hash-mismatch"
    assert sealed_files() == []


def test_the_same_photo_again_changes_nothing() -> None:
    content = a_photo_file()
    photo = a_stored_photo(content)
    uid = photo.uid
    again = operations.examine(content)
    with write_unit():
        operations.store_photo(photo, again)
    assert photo.uid == uid
    assert len(sealed_files()) == 1
    assert session().scalar(select(func.count(OutboxRow.id))) == 1


@pytest.mark.parametrize(
    ("content", "error", "kind"),
    [
        (b"\xff\xd8\xff" + b"\0" * MAX_BYTES, TooLarge, "too-large"),
        (png_header(30_000, 30_000), TooLarge, "too-large"),
        ("<svg>rác thải</svg>".encode(), UnsupportedMedia, "unsupported-media"),
        (b"GIF89a" + b"\0" * 40, UnsupportedMedia, "unsupported-media"),
        (b"\xff\xd8\xff\xe0\x00\x04ab", Invalid, "photo-broken"),
    ],
)
def test_what_is_no_photo_is_refused_before_anything_is_written(
    content: bytes, error: type[DomainError], kind: str
) -> None:
    with pytest.raises(error) as refusal:
        operations.examine(content)
    assert refusal.value.kind == kind
    assert sealed_files() == []


def test_a_promise_of_too_many_bytes_is_refused(app: Flask) -> None:
    with pytest.raises(TooLarge), write_unit():
        operations.want_photo(sha256="a" * 64, size=MAX_BYTES + 1, mime="image/jpeg")


def test_a_full_disk_is_said_and_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("webapp.core.files.os.fsync", full)
    with pytest.raises(StorageFull):
        operations.examine(a_photo_file())
    assert sealed_files() == []


def test_rendering_makes_four_pictures_and_seals_the_facts() -> None:
    photo = a_ready_photo()
    session().refresh(photo)
    assert photo.state == "ready"
    assert {made.kind for made in photo.renditions} == set(RENDITIONS)
    assert (photo.width, photo.height) == (320, 240)
    facts = queries.read_facts(photo)
    assert facts is not None and facts.place == Point(LON, LAT)
    assert photo.facts_sealed is not None and b"place" not in photo.facts_sealed
    for kind in RENDITIONS:
        content = queries.rendition_bytes(photo, kind)
        assert content.startswith(b"\xff\xd8\xff") and b"Exif" not in content


def test_no_transaction_is_open_while_a_photo_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    real = rendering.decode_photo
    seen: list[bool] = []

    def watched(content: bytes, folder: Path) -> object:
        seen.append(session().in_transaction())
        return real(content, folder)

    monkeypatch.setattr(rendering, "decode_photo", watched)
    a_ready_photo()
    assert seen == [False]


def test_rendering_twice_gives_the_same_rows() -> None:
    photo = a_ready_photo()
    operations.render_photo(photo.id)
    assert session().scalar(select(func.count(Rendition.id))) == len(RENDITIONS)


@pytest.mark.parametrize(("reason", "tries"), [("broken", 1), ("timeout", 2), ("failed", 2)])
def test_what_the_decoder_refuses_is_unreadable_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, reason: str, tries: int
) -> None:
    calls: list[int] = []

    def refuse(content: bytes, folder: Path) -> None:
        calls.append(1)
        raise Undecodable(reason)

    monkeypatch.setattr(rendering, "decode_photo", refuse)
    photo = a_ready_photo()
    session().refresh(photo)
    assert (photo.state, photo.renditions, len(calls)) == ("unreadable", [], tries)
    assert len(sealed_files()) == 1
    with pytest.raises(NotFound):
        queries.rendition_bytes(photo, "full")


@pytest.mark.parametrize("step", ["_stored_content", "_make"])
def test_a_worker_that_dies_between_steps_leaves_a_try(
    monkeypatch: pytest.MonkeyPatch, frozen: FrozenClock, step: str
) -> None:
    photo = a_stored_photo()
    real = getattr(rendering, step)

    def dies(*arguments: object) -> None:
        real(*arguments)
        raise SystemExit("kill -9")

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(rendering, step, dies)
        drain()
    session().refresh(photo)
    assert (photo.state, drain()) == ("stored", 0)
    frozen.forward(seconds=46)
    assert drain() == 1
    session().refresh(photo)
    assert (photo.state, len(photo.renditions)) == ("ready", len(RENDITIONS))


def test_a_photo_erased_while_it_is_rendered_stays_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = a_stored_photo()
    real = rendering._make

    def erased_meanwhile(content: bytes) -> object:
        with write_unit():
            operations.erase_photo(photo)
        return real(content)

    monkeypatch.setattr(rendering, "_make", erased_meanwhile)
    operations.render_photo(photo.id)
    session().refresh(photo)
    assert (photo.state, photo.renditions, photo.facts_sealed) == ("erased", [], None)


def test_the_certificate_names_the_received_bytes() -> None:
    content = a_photo_file()
    certificate = queries.certificate_of(a_ready_photo(content))
    assert certificate.sha256 == hashlib.sha256(content).hexdigest()
    assert certificate.size_bytes == len(content)
    assert certificate.place == Point(LON, LAT)
    assert certificate.taken_at is not None and certificate.taken_at.hour == 16
    assert certificate.offset_minutes == 420


def test_approving_and_hiding_follow_the_table_and_are_audited() -> None:
    photo = a_stored_photo()
    with pytest.raises(TransitionRefused), write_unit():
        operations.approve_photo(OFFICER, photo)
    operations.render_photo(photo.id)
    with write_unit():
        operations.approve_photo(OFFICER, photo)
    assert photo.state == "approved"
    with write_unit():
        operations.hide_photo(OFFICER, photo)
    assert photo.state == "hidden"
    actions = session().scalars(select(AuditEntry.action).order_by(AuditEntry.id))
    assert list(actions) == ["media.approve", "media.hide"]


def test_an_erased_photo_leaves_no_file_no_facts_and_takes_no_bytes(frozen: FrozenClock) -> None:
    content = a_photo_file()
    photo = a_ready_photo(content)
    with write_unit():
        operations.erase_photo(photo)
        operations.erase_photo(photo)
    drain()
    session().refresh(photo)
    assert (photo.state, photo.facts_sealed, photo.likeness) == ("erased", None, None)
    assert [path for path in files.store().root.rglob("*") if path.is_file()] == []
    with pytest.raises(Gone), write_unit():
        operations.store_photo(photo, operations.examine(content))
    assert sealed_files() == []


def test_an_equal_photo_of_somebody_else_keeps_its_renditions(frozen: FrozenClock) -> None:
    content = a_photo_file()
    mine, theirs = a_ready_photo(content), a_ready_photo(content)
    with write_unit():
        operations.erase_photo(mine)
    drain()
    session().refresh(theirs)
    assert queries.rendition_bytes(theirs, "card")
    assert session().scalar(select(func.count(Photo.id))) == 2


def test_two_receipts_of_one_photo_have_two_seals() -> None:
    content = a_photo_file()
    first, second = operations.examine(content), operations.examine(content)
    assert first.original_key != second.original_key
    originals.discard(first)
    assert len(sealed_files()) == 1


def test_what_a_killed_worker_left_in_the_temporary_folder_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "gettempdir", lambda: str(tmp_path))
    for name, age in (("matxanh-photo-old", 400), ("matxanh-photo-new", 10), ("other", 400)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "full.jpg").write_bytes(b"")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    operations.remove_leftovers()
    left = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert left >= {"matxanh-photo-new", "other"} and "matxanh-photo-old" not in left
