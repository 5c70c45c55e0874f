"""Renditions show the same picture and carry nothing else."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms, ImageFile, ImageStat

from geo.photos import (
    RENDITION_KINDS,
    BrokenPhoto,
    PhotoTooManyPixels,
    Rendition,
    UnsupportedPhoto,
    make_renditions,
)
from tests.geo.exiftool import metadata, needs_exiftool
from tests.geo.photo_factory import (
    ascii_entry,
    encoded,
    exif_block,
    gps_entries,
    photo,
    png_chunk,
    png_header,
    png_text,
    scene,
    short_entry,
)

WRITTEN = "Xuong Anh Muong Phang 0912"

# How an upright scene lies in the file for each orientation that EXIF knows.
STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def picture(rendition: Rendition) -> Image.Image:
    image = Image.open(io.BytesIO(rendition.jpeg), formats=["JPEG"])
    image.load()
    return image


def full(data: bytes) -> Image.Image:
    return picture(make_renditions(data).renditions[0])


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean absolute difference of a colour value, 0 to 255."""
    assert (one.size, one.mode) == (other.size, other.mode)
    means = ImageStat.Stat(ImageChops.difference(one, other)).mean
    return sum(means) / len(means)


def colour(image: Image.Image) -> tuple[int, ...]:
    """The colour in the middle of the upper left corner."""
    found = image.getpixel((image.width // 4, image.height // 4))
    assert isinstance(found, tuple)
    return found


def test_four_sizes_keep_the_shape_and_say_their_size() -> None:
    made = make_renditions(encoded(scene(2400, 1800)))
    sizes = [(rendition.kind, rendition.width, rendition.height) for rendition in made.renditions]
    assert sizes == [
        ("full", 2400, 1800),
        ("large", 1600, 1200),
        ("card", 640, 480),
        ("thumb", 160, 120),
    ]
    for rendition in made.renditions:
        image = picture(rendition)
        assert image.size == (rendition.width, rendition.height)
        assert image.mode == "RGB"
        assert difference(image, scene(2400, 1800).resize(image.size)) <= 3


def test_a_small_photo_is_never_blown_up() -> None:
    made = make_renditions(encoded(scene(100, 70)))
    assert {(one.width, one.height) for one in made.renditions} == {(100, 70)}
    assert tuple(one.kind for one in made.renditions) == RENDITION_KINDS


@pytest.mark.parametrize("size", [(240, 160), (160, 240)], ids=["lying", "standing"])
@pytest.mark.parametrize("file_format", ["JPEG", "WEBP", "PNG"])
@pytest.mark.parametrize("orientation", range(10))
def test_every_orientation_comes_out_upright(
    orientation: int, file_format: str, size: tuple[int, int]
) -> None:
    upright = scene(*size)
    turn = STORED.get(orientation)
    stored = upright if turn is None else upright.transpose(turn)
    exif = exif_block(orientation=short_entry(0x112, orientation))
    shown = full(encoded(stored, file_format, exif=exif))
    assert difference(shown, upright) <= 3
    assert 0x112 not in shown.getexif()


def with_everything(file_format: str) -> bytes:
    exif = exif_block(
        texts={0x10F: WRITTEN, 0x110: WRITTEN, 0x131: WRITTEN, 0x13B: WRITTEN, 0x8298: WRITTEN},
        details=[ascii_entry(0x9003, "2025:03:09 07:45:12"), ascii_entry(0xA431, WRITTEN)],
        gps=gps_entries(),
    )
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{WRITTEN}</x:xmpmeta>'.encode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, Any] = {"exif": exif, "icc_profile": profile}
    if file_format == "PNG":
        options["pnginfo"] = png_text(Comment=WRITTEN, Author=WRITTEN)
    elif file_format == "MPO":
        options |= {"save_all": True, "append_images": [scene()], "comment": WRITTEN}
    else:
        options |= {"xmp": xmp, "comment": WRITTEN}
    return encoded(scene(), file_format, **options)


@pytest.mark.parametrize("file_format", ["JPEG", "MPO", "WEBP", "PNG"])
def test_nothing_written_into_a_photo_comes_out(file_format: str) -> None:
    data = with_everything(file_format)
    assert WRITTEN.encode() in data
    for rendition in make_renditions(data).renditions:
        assert WRITTEN.encode() not in rendition.jpeg
        for marker in (b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE", b"MPF\0", b"\xff\xfe"):
            assert marker not in rendition.jpeg[:700]
        assert rendition.jpeg.count(b"\xff\xd8\xff") == 1


@needs_exiftool
@pytest.mark.parametrize("file_format", ["JPEG", "MPO", "WEBP", "PNG"])
def test_another_reader_finds_no_metadata(file_format: str, tmp_path: Path) -> None:
    data = with_everything(file_format)
    (tmp_path / "original").write_bytes(data)
    for rendition in make_renditions(data).renditions:
        (tmp_path / f"{rendition.kind}.jpg").write_bytes(rendition.jpeg)
    found = metadata(*tmp_path.iterdir())
    # The original shows that the reader would have found something.
    assert list(found) == ["original"]
    assert "GPS:GPSLatitude" in found["original"]


@pytest.mark.parametrize(
    "data",
    [
        photo() + b"<?php system($_GET['c']); ?>",
        photo() + b"PK\x03\x04" + b"lop.txt" * 30,
        photo(comment=b"<script>alert(document.cookie)</script>"),
        photo(exif_block(texts={0x10E: "<script>alert(1)</script>", 0x13B: "<?php "})),
        encoded(scene(), "PNG", pnginfo=png_text(Title="<script>alert(1)</script>")) + b"<?php ",
    ],
    ids=["php behind", "zip behind", "script as comment", "script in exif", "script in png"],
)
def test_a_second_file_hidden_in_a_photo_does_not_survive(data: bytes) -> None:
    made = make_renditions(data)
    for rendition in made.renditions:
        for trace in (b"<?php", b"PK\x03\x04", b"<script", b"lop.txt"):
            assert trace not in rendition.jpeg
    assert difference(picture(made.renditions[0]), scene()) <= 3


def swapped_profile() -> bytes:
    """sRGB with red and blue exchanged: who ignores the profile shows the wrong colours."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return (
        profile.replace(b"rXYZ", b"?XYZ", 1)
        .replace(b"bXYZ", b"rXYZ", 1)
        .replace(b"?XYZ", b"bXYZ", 1)
    )


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_colours_of_a_profile_become_srgb(file_format: str) -> None:
    red, green, blue = colour(full(encoded(scene(), file_format, icc_profile=swapped_profile())))
    assert (red, green, blue) == pytest.approx((50, 60, 200), abs=6)


@pytest.mark.parametrize("profile", [b"\0", b"kein Profil" * 40, swapped_profile()[:300]])
def test_a_broken_profile_leaves_the_colours_as_stored(profile: bytes) -> None:
    assert difference(full(photo(icc_profile=profile)), scene()) <= 3


def test_a_profile_of_another_kind_is_ignored() -> None:
    grey = encoded(scene().convert("L"), icc_profile=swapped_profile())
    assert difference(full(grey), scene().convert("L").convert("RGB")) <= 3


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_white(mode: str) -> None:
    layered = Image.new("RGBA", (40, 40), (200, 60, 50, 0)).convert(mode)
    assert colour(full(encoded(layered, "PNG"))) == (255, 255, 255)


def test_half_transparent_colours_mix_with_white() -> None:
    layered = Image.new("RGBA", (40, 40), (0, 0, 0, 128))
    assert colour(full(encoded(layered, "PNG"))) == pytest.approx((127, 127, 127), abs=2)


def test_a_colour_named_transparent_becomes_white() -> None:
    data = encoded(Image.new("RGB", (40, 40), (200, 60, 50)), "PNG", transparency=(200, 60, 50))
    assert colour(full(data)) == (255, 255, 255)


def test_sixteen_bits_of_grey_keep_their_shade() -> None:
    grey = Image.new("I;16", (40, 40), 0x8000)
    assert colour(full(encoded(grey, "PNG"))) == pytest.approx((128, 128, 128), abs=2)


@pytest.mark.parametrize("mode", ["L", "1", "CMYK"])
def test_other_ways_to_store_colour_are_shown(mode: str) -> None:
    file_format = "PNG" if mode == "1" else "JPEG"
    stored = Image.new("RGB", (40, 40), "black").convert(mode)
    shown = full(encoded(stored, file_format))
    assert shown.mode == "RGB"
    assert max(colour(shown)) <= 6


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_a_photo_that_was_cut_gives_no_rendition(file_format: str) -> None:
    data = encoded(scene(), file_format)
    with pytest.raises(BrokenPhoto):
        make_renditions(data[: len(data) // 2])


def test_a_library_that_accepts_cut_files_does_not_change_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    data = encoded(scene(), "JPEG")
    with pytest.raises(BrokenPhoto):
        make_renditions(data[: len(data) // 2])
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True


def test_what_is_refused_by_its_header_is_not_decoded_either() -> None:
    with pytest.raises(UnsupportedPhoto):
        make_renditions(encoded(scene(), "TIFF"))
    for width, height in ((8_000, 6_251), (30_000, 30_000), (20_001, 1)):
        with pytest.raises(PhotoTooManyPixels):
            make_renditions(png_header(width, height, png_chunk(b"IDAT")))


def bits_apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_the_likeness_survives_another_program_and_tells_scenes_apart() -> None:
    gradient = Image.linear_gradient("L").resize((240, 160)).convert("RGB")
    original = make_renditions(encoded(scene(960, 640))).likeness
    again = make_renditions(encoded(scene(960, 640).resize((300, 200)), quality=40)).likeness
    other = make_renditions(encoded(gradient.transpose(Image.Transpose.ROTATE_90))).likeness
    assert len(original) == 16
    assert bits_apart(original, again) <= 4
    assert bits_apart(original, other) >= 16
