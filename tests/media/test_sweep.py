"""Files without rows go after a day and never before; files with rows never (R15)."""

import io
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import make_case
from tests.factories.clock import FrozenClock
from tests.factories.directory import a_unit
from tests.factories.media import a_photo_file, a_ready_photo, a_stored_photo
from webapp.core import clock, files
from webapp.core.base import Base
from webapp.core.unit_of_work import session, write_unit
from webapp.media import operations
from webapp.media.models import Photo
from webapp.media.sweep import files_without_rows, sweep_at_night, sweep_files


@pytest.fixture(autouse=True)
def _empty_store(
    app: Flask, frozen: FrozenClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_store", files.FileStore(tmp_path / "files"))


def everything() -> list[Path]:
    return [path for path in files.store().root.rglob("*") if path.is_file()]


def put_at(instant: datetime) -> None:
    """Let every file in the store be from then."""
    for path in everything():
        os.utime(path, (instant.timestamp(),) * 2)


def test_a_file_without_a_row_goes_after_a_day_and_not_before(frozen: FrozenClock) -> None:
    left = operations.examine(a_photo_file())
    put_at(frozen.at)
    frozen.forward(hours=23, minutes=59)
    assert sweep_files() == []
    frozen.forward(minutes=2)
    assert files_without_rows() == [left.original_key]
    assert len(everything()) == 1, "listing removes nothing"
    assert sweep_files() == [left.original_key]
    assert everything() == []


def test_what_rows_point_to_stays(frozen: FrozenClock) -> None:
    a_stored_photo(a_photo_file())
    a_ready_photo()
    put_at(frozen.at - timedelta(days=400))
    before = len(everything())
    assert (sweep_files(), len(everything())) == ([], before)


def test_an_erased_photo_leaves_nothing_behind(frozen: FrozenClock) -> None:
    photo = a_ready_photo()
    with write_unit():
        operations.erase_photo(session().get_one(Photo, photo.id))
    put_at(frozen.at - timedelta(days=2))
    assert sweep_files() != []
    assert everything() == []


def test_the_draft_of_a_write_that_died_goes_too(frozen: FrozenClock) -> None:
    folder = files.store().root / "sealed" / "ab"
    folder.mkdir(parents=True)
    (folder / ".new-x1_y2z3").write_bytes(b"half")
    put_at(frozen.at - timedelta(days=2))
    sweep_files()
    assert everything() == []


def test_a_file_put_again_starts_its_day_anew(frozen: FrozenClock) -> None:
    files.store().put("renditions", b"the same picture")
    put_at(frozen.at - timedelta(days=2))
    files.store().put("renditions", b"the same picture")
    assert sweep_files() == []


def test_the_photos_of_a_refused_form_are_swept(client: FlaskClient, frozen: FrozenClock) -> None:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
        case = make_case("verifying")
    sign_in(client, account.email)
    address = f"/can-bo/vu-viec/{case.code}/buoc/record_verification"
    token = client.get(address).text.split('name="csrf_token" value="')[1].split('"')[0]
    form = {
        "csrf_token": token,
        "version": "1",
        "finding": "khong-co",
        "visited_at": f"{clock.local(frozen.at):%Y-%m-%dT%H:%M}",
        "photos": (io.BytesIO(a_photo_file()), "anh.jpg"),
    }
    assert client.post(address, data=form).status_code == 422
    assert len(everything()) == 1
    put_at(frozen.at)
    frozen.forward(hours=25)
    assert len(sweep_files()) == 1
    assert everything() == []


def test_every_column_of_file_keys_is_looked_at() -> None:
    """A feature that keeps files names their column so that the sweep sees it."""
    keys = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if getattr(column.type, "length", None) == 120 and "key" in column.name
    }
    assert keys >= {"photo.original_key", "rendition.file_key", "document.pdf_key"}
    assert all(each.endswith("_key") for each in keys)


def test_it_runs_at_night(frozen: FrozenClock) -> None:
    operations.examine(a_photo_file())
    put_at(frozen.at - timedelta(days=2))
    sweep_at_night()  # eight in the morning
    assert len(everything()) == 1
    frozen.forward(hours=18)
    sweep_at_night()
    assert everything() == []
