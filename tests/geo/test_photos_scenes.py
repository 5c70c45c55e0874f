"""Drawn scenes are the same every time and carry what a phone would write."""

from datetime import datetime

import pytest

from geo.photos import inspect_header, read_exif
from geo.photos.scenes import draw_scene, kinds
from geo.points import Point


@pytest.mark.parametrize("kind", kinds())
def test_a_scene_is_a_photo_with_place_and_time(kind: str) -> None:
    place, taken = Point(103.10125, 21.47075), datetime(2026, 10, 3, 6, 45)
    photo = draw_scene(kind, 7, place=place, taken_at=taken)
    assert inspect_header(photo).mime == "image/jpeg"
    facts = read_exif(photo)
    assert facts.taken_at == taken
    assert facts.place is not None
    assert facts.place.lon == pytest.approx(place.lon, abs=1e-5)
    assert facts.place.lat == pytest.approx(place.lat, abs=1e-5)


def test_a_scene_depends_on_its_seed_alone() -> None:
    assert draw_scene("p_waste", 1) == draw_scene("p_waste", 1)
    assert draw_scene("p_waste", 1) != draw_scene("p_waste", 2)
    assert draw_scene("p_waste", 1) != draw_scene("p_waste", 1, cleaned=True)
