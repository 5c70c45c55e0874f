"""What a photo may be is decided by its first bytes, quickly."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PIL import Image

from geo.photos import (
    BrokenPhoto,
    PhotoHeader,
    PhotoRefused,
    PhotoTooLarge,
    PhotoTooManyPixels,
    UnsupportedPhoto,
    inspect_header,
)
from tests.geo.photo_factory import (
    encoded,
    jpeg_header,
    photo,
    png_chunk,
    png_header,
    scene,
    webp_header,
)


@contextmanager
def within_a_second() -> Iterator[None]:
    began = time.perf_counter()
    yield
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (photo(), PhotoHeader("jpeg", "image/jpeg", 240, 160)),
        (photo(progressive=True), PhotoHeader("jpeg", "image/jpeg", 240, 160)),
        (encoded(scene(), "PNG"), PhotoHeader("png", "image/png", 240, 160)),
        (encoded(scene(), "WEBP"), PhotoHeader("webp", "image/webp", 240, 160)),
        (encoded(scene(), "WEBP", lossless=True), PhotoHeader("webp", "image/webp", 240, 160)),
        (
            encoded(scene().convert("RGBA"), "WEBP", exif=b"Exif\0\0II*\0"),
            PhotoHeader("webp", "image/webp", 240, 160),
        ),
        (
            encoded(scene(), "MPO", save_all=True, append_images=[scene()]),
            PhotoHeader("jpeg", "image/jpeg", 240, 160),
        ),
    ],
    ids=["jpeg", "progressive", "png", "webp", "lossless webp", "webp with exif", "two in one"],
)
def test_formats_of_phones_are_recognised_with_their_size(
    data: bytes, expected: PhotoHeader
) -> None:
    assert inspect_header(data) == expected
    assert inspect_header(io.BytesIO(data)) == expected


@pytest.mark.parametrize("file_format", ["TIFF", "GIF", "BMP", "AVIF", "EPS", "ICO", "PPM"])
def test_other_picture_formats_are_refused(file_format: str) -> None:
    with pytest.raises(UnsupportedPhoto):
        inspect_header(encoded(scene(), file_format))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!doctype html><title>anh.jpg</title>",
        b"<?php phpinfo(); ?>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"GIF89a/*\xff\xd8\xff*/=1;alert(1)",
        b"8BPS\0\1" + bytes(40),
        b"push graphic-context\nviewbox 0 0 640 480\n",
        b"PK\x03\x04" + photo(),
        b"RIFF\x10\0\0\0WAVEfmt ",
        b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf",
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
    ],
    ids=["empty", "html", "php", "svg", "gif", "psd", "mvg", "zip", "wav", "avif as heif", "mp4"],
)
def test_what_only_calls_itself_a_photo_is_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedPhoto) as refusal:
        inspect_header(data)
    assert (refusal.value.code, refusal.value.suggested_status) == ("unsupported_type", 415)


@pytest.mark.parametrize(
    "data",
    [
        png_header(30_000, 30_000),
        png_header(8_000, 6_251),
        png_header(20_001, 1),
        jpeg_header(65_535, 65_535),
        jpeg_header(1, 20_001),
        webp_header(16_384, 16_384),
        webp_header(1 << 24, 1 << 24),
    ],
)
def test_bombs_are_refused_by_what_they_announce(data: bytes) -> None:
    with within_a_second(), pytest.raises(PhotoTooManyPixels) as refusal:
        inspect_header(data)
    assert (refusal.value.code, refusal.value.suggested_status) == ("too_many_pixels", 422)


@pytest.mark.parametrize(
    "data", [png_header(8_000, 6_250), png_header(20_000, 2_500), jpeg_header(20_000, 1)]
)
def test_the_largest_size_is_still_taken(data: bytes) -> None:
    assert inspect_header(data).width in (8_000, 20_000)


def test_bytes_are_counted_before_anything_is_read() -> None:
    largest = photo() + bytes(15 * 1024 * 1024 - len(photo()))
    assert inspect_header(largest).width == 240
    for source in (largest + b"\0", io.BytesIO(largest + b"\0")):
        with pytest.raises(PhotoTooLarge) as refusal:
            inspect_header(source)
        assert (refusal.value.code, refusal.value.suggested_status) == ("too_many_bytes", 413)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8" + b"\xff\xe5\x00\x02" * 3_700_000,
        b"\xff\xd8" + b"\xff" * 15_000_000,
        b"\xff\xd8\xff" + bytes(15_000_000),
        b"\xff\xd8\xff\xe0\x00\x00" * 2_000_000,
        png_header(0, 160, png_chunk(b"tEXt", b"a\0b") * 900_000),
    ],
    ids=["empty segments", "padding", "zeros", "segments of length zero", "empty texts"],
)
def test_files_that_keep_a_reader_busy_are_refused_at_once(data: bytes) -> None:
    with within_a_second(), pytest.raises(BrokenPhoto):
        inspect_header(data)


@pytest.mark.parametrize(
    "whole",
    [
        photo(),
        encoded(scene(), "PNG"),
        encoded(scene(), "WEBP"),
        encoded(scene(9, 9), "WEBP", lossless=True),
    ],
)
def test_a_cut_header_is_broken_and_never_an_accident(whole: bytes) -> None:
    for length in range(12, 40):
        try:
            header = inspect_header(whole[:length])
        except PhotoRefused as refusal:
            assert refusal.suggested_status in (415, 422)
        else:
            assert header.width in (9, 240)


def test_a_heic_that_ends_after_its_brand_is_broken() -> None:
    with pytest.raises(BrokenPhoto) as refusal:
        inspect_header(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    assert refusal.value.suggested_status == 422


def test_decoders_of_other_formats_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def unexpected(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Image, "open", unexpected)
    assert inspect_header(photo()).format == "jpeg"
    with pytest.raises(UnsupportedPhoto):
        inspect_header(encoded(scene(), "EPS"))
