"""Built files in their compressed forms, personal pages of a length that tells nothing."""

import gzip

import pytest
from flask import Flask

from webapp.web import compression


@pytest.fixture
def built(bare_app: Flask, tmp_path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "trang.css").write_text("/* nguyên bản */")
    (folder / "trang.css.gz").write_bytes(gzip.compress("/* nguyên bản */".encode()))
    (folder / "trang.css.br").write_bytes(b"brotli")
    monkeypatch.setattr(bare_app, "static_folder", str(folder))
    return bare_app


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("br, gzip", "br", b"brotli"),
        ("gzip", "gzip", gzip.compress("/* nguyên bản */".encode())),
        ("", None, "/* nguyên bản */".encode()),
    ],
    ids=["brotli", "gzip", "plain"],
)
def test_a_built_file_comes_in_the_smallest_form_the_browser_takes(
    built: Flask, accepted: str, encoding: str | None, body: bytes
) -> None:
    answer = built.test_client().get("/static/trang.css", headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.mimetype == "text/css"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert unpacked(answer.data) == unpacked(body)
    answer.close()


def unpacked(body: bytes) -> bytes:
    """The time in a gzip header is no part of what was sent."""
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def test_a_path_out_of_the_folder_is_not_found(built: Flask) -> None:
    answer = built.test_client().get("/static/../trang.css", headers={"Accept-Encoding": "br"})
    assert answer.status_code == 404


def test_a_personal_page_is_compressed_to_changing_lengths(bare_app: Flask) -> None:
    with bare_app.test_request_context(headers={"Accept-Encoding": "gzip"}):
        lengths = set()
        for _ in range(40):
            page = bare_app.make_response("Phản ánh của ông/bà " * 100)
            compression._compress_personal(page)
            assert gzip.decompress(page.data).decode() == "Phản ánh của ông/bà " * 100
            assert page.headers["Content-Encoding"] == "gzip"
            lengths.add(len(page.data))
    assert len(lengths) > 10


def test_a_photo_and_a_small_answer_stay_as_they_are(bare_app: Flask) -> None:
    with bare_app.test_request_context(headers={"Accept-Encoding": "gzip"}):
        photo = bare_app.make_response((b"\xff\xd8" * 1000, {"Content-Type": "image/jpeg"}))
        small = bare_app.make_response("Đã nhận")
        for answer in (photo, small):
            compression._compress_personal(answer)
            assert "Content-Encoding" not in answer.headers
