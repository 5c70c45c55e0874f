"""Files of real cameras, and files that were made to break programs."""

from pathlib import Path

import pytest

from geo.photos import (
    BrokenPhoto,
    PhotoRefused,
    inspect_header,
    make_renditions,
    read_exif,
)
from tests.geo.exiftool import metadata, needs_exiftool, read_tags

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not beside the checkout"),
]

REFUSED = {
    "photos/gps/README": 415,
    "photos/orientation/README": 415,
    "badimages/decompression_bomb.gif": 415,
    "badimages/decompression_bomb.ico": 415,
    "badimages/decompression_bomb_extents.gif": 415,
    "badimages/hopper-missing-pixi.avif": 415,
    "badimages/hopper.avif": 415,
    "badimages/hopper.bmp": 415,
    "badimages/hopper.gif": 415,
    "badimages/hopper.tif": 415,
    "badimages/hopper_bad.p7": 415,
    "badimages/hopper_bad_checksum.msp": 415,
    "badimages/hopper_rle8_row_overflow.bmp": 415,
    "badimages/hopper_unexpected.ico": 415,
    "badimages/xmp_tags_orientation.avif": 415,
}
UNREADABLE = ["badimages/truncated_image.png", "badimages/truncated_jpeg.jpg"]
ACCEPTED = [
    *(f"photos/gps/DSCN00{number}.jpg" for number in (10, 12, 21, 25, 27, 29, 38, 40, 42)),
    "photos/heic/IMG_5195.HEIC",
    *(f"photos/orientation/Landscape_{number}.jpg" for number in range(9)),
    *(f"photos/orientation/landscape_{number}.jpg" for number in range(1, 9)),
    *(f"photos/orientation/portrait_{number}.jpg" for number in range(1, 9)),
    *(f"badimages/hopper_orientation_{number}.jpg" for number in range(2, 9)),
    *(f"badimages/hopper_orientation_{number}.webp" for number in range(2, 9)),
    "badimages/exif_imagemagick_orientation.png",
    "badimages/hopper.heif",
    "badimages/hopper.jpg",
    "badimages/hopper.png",
    "badimages/hopper.webp",
    "badimages/hopper_avif_write.png",
    "badimages/hopper_bad_exif.jpg",
    "badimages/hopper_idat_after_image_end.png",
    "badimages/orientation_rectangle.jpg",
    "badimages/truncated_app14.jpg",
    "badimages/truncated_end_chunk.png",
    "badimages/truncated_exif_dpi.jpg",
    "badimages/xmp_tags_orientation.png",
    "badimages/xmp_tags_orientation_exiftool.png",
]


def test_every_sample_has_its_outcome_named() -> None:
    folders = (DATA / "photos", DATA / "badimages")
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    found = {str(file.relative_to(DATA)) for file in files}
    assert found == {*REFUSED, *UNREADABLE, *ACCEPTED}


@pytest.mark.parametrize(("name", "status"), REFUSED.items())
def test_sample_is_refused(name: str, status: int) -> None:
    with pytest.raises(PhotoRefused) as refusal:
        inspect_header((DATA / name).read_bytes())
    assert refusal.value.suggested_status == status


@pytest.mark.parametrize("name", UNREADABLE)
def test_sample_passes_its_header_and_proves_unreadable(name: str) -> None:
    data = (DATA / name).read_bytes()
    assert inspect_header(data).width > 0
    with pytest.raises(BrokenPhoto):
        make_renditions(data)


@needs_exiftool
def test_accepted_samples_lose_every_tag(tmp_path: Path) -> None:
    planted = DATA / "photos/gps/DSCN0010.jpg"
    for number, name in enumerate(ACCEPTED):
        data = (DATA / name).read_bytes()
        assert inspect_header(data).mime.startswith("image/")
        for rendition in make_renditions(data).renditions:
            (tmp_path / f"{number}-{rendition.kind}.jpg").write_bytes(rendition.jpeg)
    written = list(tmp_path.iterdir())
    assert len(written) == 4 * len(ACCEPTED)
    assert list(metadata(planted, *written)) == [planted.name]


@needs_exiftool
def test_places_and_times_agree_with_another_reader() -> None:
    told = read_tags(*(DATA / name for name in ACCEPTED))
    assert sum("Composite:GPSLatitude" in tags for tags in told) == 10
    for tags in told:
        facts = read_exif(Path(tags["SourceFile"]).read_bytes())
        if "Composite:GPSLatitude" in tags:
            assert facts.place is not None
            assert facts.place.lat == pytest.approx(tags["Composite:GPSLatitude"], abs=1e-5)
            assert facts.place.lon == pytest.approx(tags["Composite:GPSLongitude"], abs=1e-5)
        else:
            assert facts.place is None
        taken = tags.get("ExifIFD:DateTimeOriginal")
        assert (facts.taken_at and f"{facts.taken_at:%Y:%m:%d %H:%M:%S}") == taken


def test_the_heic_of_a_telephone_is_read_whole() -> None:
    data = (DATA / "photos/heic/IMG_5195.HEIC").read_bytes()
    header, facts = inspect_header(data), read_exif(data)
    assert (header.format, header.mime) == ("heic", "image/heic")
    assert (header.width, header.height) == (2566, 3313)
    assert (facts.offset_minutes, facts.orientation) == (-300, 1)


@pytest.mark.parametrize("missing", [1, 400_000])
def test_a_heic_that_was_cut_is_not_shown_half_black(missing: int) -> None:
    data = (DATA / "photos/heic/IMG_5195.HEIC").read_bytes()
    assert inspect_header(data[:-missing]).height == 3313
    with pytest.raises(BrokenPhoto):
        make_renditions(data[:-missing])
    assert make_renditions(data + b"a maker's own box").renditions[0].height == 3313
