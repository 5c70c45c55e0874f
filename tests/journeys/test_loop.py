"""One report from a phone to a published, closed case, through every role and browser."""

from pathlib import Path

import pytest

from geo.photos.scenes import draw_scene
from geo.points import Point
from tests.geo.exiftool import metadata, needs_exiftool
from tests.journeys.album import Album
from tests.journeys.conftest import Visit
from tests.journeys.loop import ELSEWHERE, IN_AREA, Loop

IN_COMMUNE = Point(103.1012, 21.4707)
pytestmark = [pytest.mark.browser, needs_exiftool]


@pytest.mark.shared_data
def test_real_photos_of_elsewhere_come_to_a_closed_and_published_case(
    visit: Visit, shared_data: Path, tmp_path: Path
) -> None:
    photos = [shared_data / "photos/gps/DSCN0010.jpg", shared_data / "photos/heic/IMG_5195.HEIC"]
    assert any("GPS:GPSLatitude" in tags for tags in metadata(*photos).values())
    loop = Loop(visit, photos, *_site_and_after(tmp_path), 41, Album(keep=False))
    loop.run(ELSEWHERE)
    _carry_nothing_but_pixels(loop.public_photos(tmp_path))


def test_drawn_photos_come_to_a_closed_and_published_case(visit: Visit, tmp_path: Path) -> None:
    photos = [_drawn(tmp_path / "toan-canh.jpg", 7), _drawn(tmp_path / "gan.jpg", 8)]
    loop = Loop(visit, photos, *_site_and_after(tmp_path), 42, Album())
    loop.run(IN_AREA)
    _carry_nothing_but_pixels(loop.public_photos(tmp_path))


def _site_and_after(folder: Path) -> tuple[Path, Path]:
    site, after = folder / "tai-cho.jpg", folder / "da-don.jpg"
    return _drawn(site, 9), _drawn(after, 7, cleaned=True)


def _carry_nothing_but_pixels(published: list[Path]) -> None:
    # Both of the resident's, the group's and the office's, each in two sizes.
    assert len(published) == 8
    assert metadata(*published) == {}


def _drawn(file: Path, seed: int, *, cleaned: bool = False) -> Path:
    file.write_bytes(draw_scene("p_waste", seed, cleaned=cleaned, place=IN_COMMUNE))
    return file
