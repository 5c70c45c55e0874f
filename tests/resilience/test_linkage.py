"""P7: what is public leads back to no exact place, no reporter, no device and no time of day.

Everything that a guest can fetch is walked: pages, map, near, feeds, Open311, OGC API, downloads,
sitemap. Beside the canaries of ``test_sight`` stand a case at a home and one at a market.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select

from geo.points import METRES_PER_DEGREE, Point
from geo.privacy import HOME_M, PUBLIC_PLACE_M, public_point
from tests.factories.cases import AT_NA_TAU, make_case, make_line
from tests.resilience.crawling import crawl
from tests.resilience.test_sight import MORE
from tests.resilience.world import World
from webapp.cases import counts
from webapp.cases.models import Case
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import limiter
from webapp.open_data.dump import write_dump
from webapp.reporting.models import Report
from webapp.web.guards import public

pytestmark = [pytest.mark.resilience, pytest.mark.timeout(180)]

AROUND_M = 150
SAME = 0.000_06
"""In degrees: an exact coordinate written with four decimals."""
# No corner of a boundary, which is public, has a coordinate of these.
AT_HOME, AT_MARKET = Point(103.141_557, 21.468_293), Point(103.109_871, 21.451_336)
MAPS = [
    f"/api/v1/map?bbox={box}&zoom={zoom}"
    for box in ("103.0,21.35,103.25,21.55", "103.1,21.44,103.15,21.48")
    for zoom in (3, 8, 11, 13, 14, 16, 19)
]
NEAR = [
    f"/api/v1/cases/near?lon={place.lon:.2f}&lat={place.lat:.2f}&category=p_waste"
    for place in (AT_HOME, AT_MARKET, AT_NA_TAU)
]
# Of records; what a program may send and how the site itself is are told elsewhere.
STREAMS = re.compile(
    r"(/en)?/(api/v1/(map|cases)|open311/v2/requests|ogc/collections/\w+/items|feeds|du-lieu-mo/|"
    r"vu-viec|ket-qua|don-vi|sitemap)"
)
# Seen in a row, whatever stands between: arrays, columns, elements.
_NUMBER = re.compile(rb"(?<![\w.])\d{2,3}\.\d{4,}")
# A moment that is no local midnight. Headers say when the answer was made, not what is in it.
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\d[T ](?!00:00(?::00)?(?:\+07:00)|17:00:00Z)\d\d:\d\d[\d:.]*")
_NAMED = re.compile(rb'"(\w*(?:reporter|person|device|phone|user|author|agent)\w*)"\s*:')


@dataclass(frozen=True)
class Places:
    """The exact places that nobody may find, and what stands for them in public."""

    exact: tuple[Point, ...]
    shown: frozenset[float]

    def tells(self, one: float, other: float) -> bool:
        """Whether a number is a coordinate of an exact place, or two in a row lie within 150 m."""
        if one in self.shown:
            return False
        if any(min(abs(one - place.lon), abs(one - place.lat)) < SAME for place in self.exact):
            return True
        lon, lat = max(one, other), min(one, other)
        return other not in self.shown and any(
            _metres(place, lon, lat) < AROUND_M for place in self.exact
        )


def _metres(place: Point, lon: float, lat: float) -> float:
    east = (lon - place.lon) * math.cos(math.radians(place.lat))
    return math.hypot(east, lat - place.lat) * METRES_PER_DEGREE


def plant(world: World) -> tuple[Case, Case]:
    """A public case at a home and one at a market, counted and dumped."""
    with write_unit():
        home = make_case(category_code="livestock", point=AT_HOME)
        market = make_case(category_code="dumping", point=AT_MARKET)
        for case in (home, market):
            make_line(case, "Mặt trận đã xem.")
        counts.fold()
    write_dump()
    assert (home.precision_m, market.precision_m) == (HOME_M, PUBLIC_PLACE_M)
    return home, market


def places() -> Places:
    """Of every case and every report of the database."""
    cases = session().execute(
        select(Case.lon, Case.lat, Case.public_lon, Case.public_lat).where(Case.lon.is_not(None))
    )
    rows = cases.all()
    sent = session().execute(select(Report.lon, Report.lat).where(Report.lon.is_not(None))).all()
    exact = [Point(row[0], row[1]) for row in (*rows, *sent)]
    return Places(tuple(exact), frozenset(value for row in rows for value in row[2:]))


def sights(app: Flask, world: World, known: Places) -> tuple[int, set[tuple[str, str]]]:
    """How many public answers were read, and which address told what."""
    limiter.reset()
    found: set[tuple[str, str]] = set()
    read = 0
    more = (*MORE, *MAPS, *NEAR)
    for address, content in crawl(world.client("guest"), app, world, outside=True, more=more):
        read += 1
        found |= {(address, told) for told in told_by(address, content, known)}
    return read, found


def told_by(address: str, content: bytes, known: Places) -> Iterator[str]:
    """What an answer tells that it must not; what was asked for comes back and is no sight."""
    numbers = [each.decode() for each in _NUMBER.findall(content)]
    for one, other in set(pairwise([*numbers, "0"])):
        if one not in address and known.tells(float(one), float(other)):
            yield f"place {one}"
    if STREAMS.match(address):
        yield from (f"time {each.decode()}" for each in set(_MOMENT.findall(content)))
        yield from (f"key {each.decode()}" for each in set(_NAMED.findall(content)))


def test_nothing_public_leads_to_a_place_a_person_or_an_hour(app: Flask, world: World) -> None:
    _home, market = plant(world)
    known, client = places(), world.client("guest")
    assert {client.get(each).status_code for each in (*MAPS, *NEAR)} == {200}
    assert market.code in client.get(MAPS[-1]).text and market.code in client.get(NEAR[1]).text
    read, found = sights(app, world, known)
    assert found == set()
    assert read > 100 and len(known.exact) > 10
    print(f"linkage: {read} public answers, {len(known.exact)} exact places, 0 sights")


def test_a_hundred_answers_from_every_side_give_one_point(app: Flask, world: World) -> None:
    client, cases = world.client("guest"), plant(world)
    for case, place in zip(cases, (AT_HOME, AT_MARKET), strict=True):
        seen = set()
        for number in range(100):
            west, south = place.lon - 0.001 * (1 + number), place.lat - 0.0007 * (1 + number)
            box = f"{west},{south},{place.lon + 0.02},{place.lat + 0.02}"
            answer = client.get(f"/api/v1/map?bbox={box}&zoom={15 + number % 5}")
            seen |= {
                tuple(each["geometry"]["coordinates"])
                for each in answer.get_json(force=True)["features"]
                if case.code in str(each)
            }
        shown = public_point(place, case.precision_m)
        assert seen == {(shown.lon, shown.lat)}


def test_planted_sights_are_found(app: Flask, world: World) -> None:
    plant(world)
    known, endpoint = places(), "public_api.cases_in_view"
    beside = f"{AT_HOME.lon + 0.001:.4f}, {AT_HOME.lat + 0.0003:.4f}"  # 100 m off, four decimals
    alone = f"{AT_MARKET.lat:.4f}"

    def leak() -> str:
        at = '"at": "2026-02-03T08:41:27Z", "reporter_id": 7'
        return f'{{{at}, "place": [{beside}], "lat": {alone}}}'

    real = app.view_functions[endpoint]
    app.view_functions[endpoint] = public(leak)
    try:
        _, found = sights(app, world, known)
    finally:
        app.view_functions[endpoint] = real
    assert {told for _address, told in found} == {
        f"place {beside.partition(',')[0]}",
        f"place {alone}",
        "time 2026-02-03T08:41:27",
        "key reporter_id",
    }
    assert {address for address, _told in found} >= set(MAPS)
