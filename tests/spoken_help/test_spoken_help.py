"""Recordings: attached by the administrator, heard by everybody, gone when removed."""

import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.factories.accounts import make_person, sign_in, token_header
from tests.factories.directory import a_unit
from webapp.audit.models import AuditEntry
from webapp.core import files
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.operations import drain
from webapp.spoken_help import operations, views
from webapp.spoken_help.audio import recognise
from webapp.spoken_help.models import Recording
from webapp.spoken_help.screens import languages, screens

MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x21" + "Bà con chạm vào hình máy ảnh".encode() * 20
LIMIT = 4000  # a real one would make the test's browser spool to a file
OGG = b"OggS\0\x02" + bytes(400)


@pytest.fixture(autouse=True)
def _own_store(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_store", files.FileStore(tmp_path / "files"))


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    with write_unit():
        account, _actor = make_person("admin", unit=a_unit("11"))
    client = app.test_client()
    sign_in(client, account.email)
    return client


def attach(client: FlaskClient, content: bytes = MP3, **fields: str) -> TestResponse:
    given = {"screen": "photo", "category": "", "language": "mong"} | fields
    data = {**given, "sound": (io.BytesIO(content), "ghi-am.mp3")}
    return client.post(
        "/can-bo/loi-huong-dan", data=data, headers=token_header(client), buffered=True
    )


def rows() -> list[Recording]:
    session().rollback()
    return list(session().scalars(select(Recording).order_by(Recording.id)))


def stored() -> list[Path]:
    return [path for path in (files.store().root / "audio").rglob("*") if path.is_file()]


def test_what_is_attached_is_heard_on_its_screen(admin: FlaskClient, client: FlaskClient) -> None:
    assert "data-spoken" not in client.get("/gui-phan-anh").text
    assert attach(admin).status_code == 303
    page = client.get("/gui-phan-anh").text
    (row,) = rows()
    name = f"{row.file_key.rpartition('/')[2]}.mp3"
    assert f'href="/am-thanh/{name}"' in page and "Tiếng Mông" in page
    assert "spoken_help" in page
    assert "data-spoken" not in client.get("/").text
    heard = client.get(f"/am-thanh/{name}")
    assert (heard.status_code, heard.data, heard.mimetype) == (200, MP3, "audio/mpeg")
    assert heard.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in heard.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in heard.headers
    assert [e.action for e in session().scalars(select(AuditEntry))][-1] == "spoken_help.attach"


def test_a_phone_may_ask_for_a_part(admin: FlaskClient, client: FlaskClient) -> None:
    attach(admin)
    name = rows()[0].file_key.rpartition("/")[2]
    part = client.get(f"/am-thanh/{name}.mp3", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, MP3[:10])
    assert part.headers["Content-Range"] == f"bytes 0-9/{len(MP3)}"
    beyond = client.get(f"/am-thanh/{name}.mp3", headers={"Range": f"bytes={10**9}-"})
    assert beyond.status_code == 416


def test_a_new_one_takes_the_place_of_the_old(admin: FlaskClient) -> None:
    attach(admin)
    attach(admin, OGG)
    drain()
    (row,) = rows()
    assert row.mime == "audio/ogg" and len(stored()) == 1


def test_a_removed_one_is_gone_unless_another_screen_has_it(
    admin: FlaskClient, client: FlaskClient
) -> None:
    attach(admin)
    attach(admin, screen="place")
    (name,) = {row.file_key.rpartition("/")[2] for row in rows()}
    first, second = (row.id for row in rows())
    for row_id, status in ((first, 200), (second, 404)):
        gone = admin.post(f"/can-bo/loi-huong-dan/{row_id}/go", headers=token_header(admin))
        assert gone.status_code == 303
        drain()
        assert client.get(f"/am-thanh/{name}.mp3").status_code == status
    assert stored() == []
    again = admin.post(f"/can-bo/loi-huong-dan/{first}/go", headers=token_header(admin))
    assert again.status_code == 404


def test_each_picture_has_its_own(admin: FlaskClient, client: FlaskClient) -> None:
    assert attach(admin, screen="picture").status_code == 422
    assert attach(admin, screen="picture", category="p_smoke", language="tay").status_code == 303
    assert attach(admin, screen="photo", category="p_smoke").status_code == 303
    assert {(row.screen, row.category) for row in rows()} == {("picture", "p_smoke"), ("photo", "")}
    page = client.get("/gui-phan-anh").text
    assert "Nghe tên từng hình" in page


@pytest.mark.parametrize(
    ("content", "fields", "words"),
    [
        (b"", {}, "Xin chọn một tệp"),
        (MP3[:10], {}, "MP3, M4A, OGG hoặc WebM"),
        (b"<!doctype html><script>alert(1)</script>", {}, "MP3, M4A, OGG hoặc WebM"),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), {}, "MP3, M4A, OGG hoặc WebM"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(90), {}, "MP3, M4A, OGG hoặc WebM"),
        (MP3 + bytes(LIMIT), {}, "lớn nhất 1 MB"),
        (MP3, {"screen": "khong-co"}, "Lựa chọn này không có"),
        (MP3, {"language": "klingon"}, "Lựa chọn này không có"),
        (MP3, {"screen": "picture", "category": "waste"}, "cần chọn một hình"),
    ],
)
def test_what_does_not_fit_is_refused_by_the_field(
    admin: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    fields: dict[str, str],
    words: str,
) -> None:
    for module in (operations, views):
        monkeypatch.setattr(module, "MAX_BYTES", LIMIT)
    answer = attach(admin, content, **fields)
    assert answer.status_code == 422 and words in answer.text
    assert rows() == []


@pytest.mark.parametrize("role", ["front_commune", "env_commune"])
def test_only_an_administrator_attaches(app: Flask, role: str) -> None:
    with write_unit():
        account, _actor = make_person(role, unit=a_unit())
    other = app.test_client()
    sign_in(other, account.email)
    assert other.get("/can-bo/loi-huong-dan").status_code == 403
    assert attach(other).status_code == 403
    assert rows() == [] and stored() == []


@pytest.mark.parametrize(
    "name", ["..%2f..%2fpasswd", "x.mp3", "a" * 64 + ".mp3", "", "a" * 64 + ".exe", "%00.mp3"]
)
def test_no_other_file_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/am-thanh/{name}").status_code in {400, 404}


def test_the_suffix_is_that_of_the_content(admin: FlaskClient, client: FlaskClient) -> None:
    attach(admin)
    name = rows()[0].file_key.rpartition("/")[2]
    assert client.get(f"/am-thanh/{name}.ogg").status_code == 404


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", None),
        (b"\xff\xd8\xff\xe0", None),
        (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
        (b"\x00\x00\x00\x20ftypheic", None),
        (b"\x1a\x45\xdf\xa3", "audio/webm"),
        (b"%PDF-1.7", None),
    ],
)
def test_kinds_are_told_from_the_first_bytes(head: bytes, mime: str | None) -> None:
    assert recognise(head + bytes(40)) == mime


def test_the_table_of_screens_is_sound() -> None:
    assert {"home", "photo", "category", "receipt"} <= set(screens())
    assert {"tay", "nung", "thai", "mong", "dao"} <= set(languages())
    assert [code for code, each in screens().items() if each.by_category] == ["picture", "safety"]
