"""Place and time of a photo are believed only where they make sense."""

from datetime import datetime
from pathlib import Path

import pytest

from geo.photos import PhotoFacts, certify_photo, read_exif
from geo.points import Point
from tests.geo.exiftool import needs_exiftool, read_tags
from tests.geo.photo_factory import (
    LAT,
    LON,
    Entry,
    angle,
    ascii_entry,
    encoded,
    exif_block,
    gps_entries,
    photo,
    rationals,
    scene,
    short_entry,
)

TAKEN = "2025:03:09 07:45:12"


def place_of(gps: list[Entry]) -> Point | None:
    return read_exif(photo(exif_block(gps=gps))).place


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_place_time_and_orientation_are_read(file_format: str) -> None:
    exif = exif_block(
        orientation=short_entry(0x112, 6),
        details=[ascii_entry(0x9003, TAKEN), ascii_entry(0x9011, "+07:00")],
        gps=gps_entries(),
    )
    facts = read_exif(encoded(scene(), file_format, exif=exif))
    assert facts.place is not None
    assert facts.place.lon == pytest.approx(LON, abs=1e-6)
    assert facts.place.lat == pytest.approx(LAT, abs=1e-6)
    assert facts.taken_at == datetime(2025, 3, 9, 7, 45, 12)
    assert (facts.offset_minutes, facts.orientation) == (420, 6)


@pytest.mark.parametrize(
    ("lat_ref", "lon_ref", "lat_sign", "lon_sign"),
    [("N", "E", 1, 1), ("S", "W", -1, -1), ("n", "w", 1, -1), ("South", "East", -1, 1)],
)
def test_hemispheres_count(lat_ref: str, lon_ref: str, lat_sign: int, lon_sign: int) -> None:
    place = place_of(gps_entries(lat_ref=lat_ref, lon_ref=lon_ref))
    assert place is not None
    assert (place.lon * lon_sign > 100, place.lat * lat_sign > 20) == (True, True)


@pytest.mark.parametrize(
    "gps",
    [
        [],
        [ascii_entry(1, "N"), angle(2, LAT)],
        [angle(2, LAT), angle(4, LON)],
        gps_entries(lat_ref=""),
        gps_entries(lon_ref="?"),
        gps_entries(lat_ref="E", lon_ref="N"),
        gps_entries(lat=rationals(2, (21, 0), (26, 1), (53, 1))),
        gps_entries(lat=rationals(2, (21, 1), (26, 1), (0, 0))),
        gps_entries(lat=rationals(2, (0, 0), (0, 0), (0, 0))),
        gps_entries(lat=rationals(2, (4294967295, 1), (0, 1), (0, 1))),
        gps_entries(lat=rationals(2, (90, 1), (0, 1), (1, 100))),
        gps_entries(lon=rationals(4, (180, 1), (0, 1), (1, 100))),
        gps_entries(lat=rationals(2, (21, 1), (26, 1), (11636, 100))),
        gps_entries(lat=rationals(2, (21, 1), (1160001, 10000), (0, 1))),
        gps_entries(lat=rationals(2, (21, 1), (26, 1))),
        gps_entries(lat=rationals(2, (21, 1))),
        gps_entries(lat=ascii_entry(2, "21 26 53")),
        gps_entries(lat=short_entry(2, 21)),
        gps_entries(lat=angle(2, 0), lon=angle(4, 0)),
    ],
)
def test_a_place_that_makes_no_sense_is_none(gps: list[Entry]) -> None:
    assert place_of(gps) is None


def test_the_edges_of_the_globe_are_places() -> None:
    assert place_of(gps_entries(angle(2, 90), angle(4, 180), "S", "W")) == Point(-180, -90)
    on_the_equator = place_of(gps_entries(lat=angle(2, 0)))
    assert on_the_equator is not None
    assert (on_the_equator.lat, round(on_the_equator.lon, 6)) == (0, LON)


@pytest.mark.parametrize(
    "orientation",
    [
        short_entry(0x112, 0),
        short_entry(0x112, 9),
        short_entry(0x112, 65535),
        ascii_entry(0x112, "<?php phpinfo(); ?>"),
        rationals(0x112, (6, 1)),
    ],
)
def test_an_invalid_orientation_means_upright(orientation: Entry) -> None:
    assert read_exif(photo(exif_block(orientation=orientation))).orientation == 1


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024:02:29 23:59:59", datetime(2024, 2, 29, 23, 59, 59)),
        ("2025-03-09T07:45:12", datetime(2025, 3, 9, 7, 45, 12)),
        ("2025:02:29 10:00:00", None),
        ("0000:00:00 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("2025:13:01 10:00:00", None),
        ("hôm qua", None),
        ("", None),
    ],
)
def test_the_time_is_what_the_clock_of_the_phone_could_show(
    written: str, expected: datetime | None
) -> None:
    facts = read_exif(photo(exif_block(details=[ascii_entry(0x9003, written)])))
    assert facts.taken_at == expected


def test_the_time_of_digitising_stands_in_for_a_missing_one() -> None:
    wrong, right = ascii_entry(0x9003, "0000:00:00 00:00:00"), ascii_entry(0x9004, TAKEN)
    facts = read_exif(photo(exif_block(details=[wrong, right])))
    assert facts.taken_at == datetime(2025, 3, 9, 7, 45, 12)


@pytest.mark.parametrize(
    ("written", "expected"),
    [("-05:30", -330), ("+14:00", 840), ("+15:00", None), ("Z", None), ("+7", None)],
)
def test_a_difference_to_utc_is_read_where_it_is_one(written: str, expected: int | None) -> None:
    facts = read_exif(photo(exif_block(details=[ascii_entry(0x9011, written)])))
    assert facts.offset_minutes == expected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        b"\xff\xd8\xff",
        photo(b"Exif\0\0"),
        photo(b"Exif\0\0II*\0\xff\xff\xff\xff"),
        photo(b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(30)),
        photo(b"Exif\0\0II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x08\0\0\0"),
    ],
)
def test_broken_exif_says_nothing_and_raises_nothing(data: bytes) -> None:
    assert read_exif(data) == PhotoFacts()


def test_every_cut_and_every_flipped_byte_of_exif_is_survived() -> None:
    exif = exif_block(orientation=short_entry(0x112, 6), gps=gps_entries())
    for at in range(6, len(exif)):
        flipped = exif[:at] + bytes([exif[at] ^ 0xFF]) + exif[at + 1 :]
        for hurt in (flipped, exif[:at]):
            place = read_exif(photo(hurt)).place
            assert place is None or (abs(place.lon) <= 180 and abs(place.lat) <= 90)
            assert place != Point(0, 0)


@needs_exiftool
def test_places_agree_with_another_reader(tmp_path: Path) -> None:
    points = [(LON, LAT), (-70.5, -33.25), (111.6, 16.5), (0.0001, 51.4778)]
    for number, (lon, lat) in enumerate(points):
        refs = ("N" if lat >= 0 else "S", "E" if lon >= 0 else "W")
        gps = gps_entries(angle(2, abs(lat)), angle(4, abs(lon)), *refs)
        (tmp_path / f"{number}.jpg").write_bytes(photo(exif_block(gps=gps)))
    told = read_tags(*tmp_path.iterdir())
    assert len(told) == len(points)
    for tags in told:
        place = read_exif(Path(tags["SourceFile"]).read_bytes()).place
        assert place is not None
        assert place.lon == pytest.approx(tags["Composite:GPSLongitude"], abs=1e-5)
        assert place.lat == pytest.approx(tags["Composite:GPSLatitude"], abs=1e-5)


def test_a_certificate_names_the_original_without_showing_it() -> None:
    data = photo(exif_block(details=[ascii_entry(0x9003, TAKEN)], gps=gps_entries()))
    certificate = certify_photo(data, read_exif(data))
    assert certificate.size_bytes == len(data)
    assert certificate.sha256 == certify_photo(data, PhotoFacts()).sha256
    assert certificate.sha256 != certify_photo(data + b"\0", PhotoFacts()).sha256
    assert certificate.taken_at == datetime(2025, 3, 9, 7, 45, 12)
    assert certificate.place == Point(LON, LAT)
