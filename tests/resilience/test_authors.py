"""P7: the public fields of cases tell no better who sent them than the public place alone does.

Twenty people send ten matters each from around their homes, each at an hour of their own; what kind
of matter, on which day and for how many households belongs to the matter. Who reads the open data
tries to put together what one person sent: the author of a case is guessed to be that of the
nearest one, by place and by every other field. (One who always wrote the same number of households
would be guessed better, by its range.)
"""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import pytest
from flask.testing import FlaskClient

from geo.points import Point, distance_m
from tests.factories.cases import REPORTED, make_case
from webapp.core.unit_of_work import write_unit

pytestmark = [pytest.mark.resilience, pytest.mark.timeout(180)]

AUTHORS, EACH = 20, 10
MOST_GAIN: Final = 0.05
CATEGORIES = ("dumping", "dumping.roadside", "air.odour", "livestock", "p_water")
WEST, SOUTH, APART = 103.02, 21.40, 0.0035
# How much a field that differs, and a day between two reports, counts beside 100 m.
WEIGHTS = list(itertools.product((0.0, 0.3, 1.0, 3.0, 30.0), (0.0, 0.02, 0.1)))
Feature = dict[str, Any]


def spread(number: int, most: int) -> int:
    """A number below ``most`` that follows no order, the same in every run."""
    return int(sha256(f"{number}:{most}".encode()).hexdigest(), 16) % most


def sent(author: int, number: int) -> dict[str, Any]:
    """What one person sends: near home, at the same hour of any day."""
    at = author * EACH + number
    home = Point(WEST + author % 5 * APART, SOUTH + author // 5 * APART)
    east, north = (spread(at, 41) - 20) / 1e4, (spread(at + 500, 41) - 20) / 1e4
    moment = REPORTED - timedelta(days=spread(at, 120)) + timedelta(hours=author % 12)
    return {
        "category_code": CATEGORIES[spread(at, len(CATEGORIES))],
        "point": Point(home.lon + east, home.lat + north),
        "first_reported_at": moment,
        "opened_at": moment,
        "public_since": moment + timedelta(days=3),
        "household_count": 1 + spread(at + 1000, 30),
    }


@pytest.fixture
def public(client: FlaskClient) -> list[tuple[int, int, Feature]]:
    """Author, hour and public feature of every case."""
    owners: dict[str, tuple[int, int]] = {}
    with write_unit():
        for author, number in itertools.product(range(AUTHORS), range(EACH)):
            given = sent(author, number)
            case = make_case(**given)
            owners[case.code] = author, given["first_reported_at"].hour
    answer = client.get("/ogc/collections/cases/items?f=json&limit=500").get_json(force=True)
    return [(*owners[each["id"]], each) for each in answer["features"]]


@dataclass(frozen=True)
class Beside:
    """Two cases beside each other: whether one person sent both, and how far they are apart.

    By the public place in hundreds of metres, by how many other fields differ, by days.
    """

    same: bool
    place: float
    fields: int
    days: float


def pairs(public: list[tuple[int, int, Feature]]) -> list[list[Beside]]:
    """Every case beside every other."""
    return [
        [
            _beside(feature, other, same=owner == author)
            for place, (owner, _other_hour, other) in enumerate(public)
            if place != index
        ]
        for index, (author, _hour, feature) in enumerate(public)
    ]


def _beside(one: Feature, other: Feature, *, same: bool) -> Beside:
    left, right = one["properties"], other["properties"]
    names = left.keys() - {"case_code", "url", "first_reported"}
    points = (Point(*each["geometry"]["coordinates"]) for each in (one, other))
    return Beside(
        same,
        distance_m(*points) / 100,
        sum(left[name] != right[name] for name in names),
        abs(_moment(left) - _moment(right)) / timedelta(days=1),
    )


def guessed(found: list[list[Beside]], field: float = 0, day: float = 0) -> float:
    """The share of cases whose nearest other case has the same author; of a tie its part.

    ``field`` is what every field that differs counts beside the place, ``day`` a day between.
    """
    right = 0.0
    for others in found:
        apart = [
            (round(each.place + field * each.fields + day * each.days, 6), each.same)
            for each in others
        ]
        least = min(metres for metres, _same in apart)
        nearest = [same for metres, same in apart if metres == least]
        right += sum(nearest) / len(nearest)
    return right / len(found)


def _moment(properties: Feature) -> datetime:
    return datetime.fromisoformat(properties["first_reported"].replace("Z", "+00:00"))


def test_public_fields_tell_authors_no_better_than_the_place(
    public: list[tuple[int, int, Feature]],
) -> None:
    assert len(public) == AUTHORS * EACH
    found = pairs(public)
    alone = guessed(found)
    best = max(guessed(found, *weights) for weights in WEIGHTS)
    print(f"\nauthors: {alone:.3f} by the public place, {best:.3f} by every public field")
    assert 1 / AUTHORS < alone < 0.9
    assert best <= alone + MOST_GAIN


def test_an_hour_that_is_told_would_be_found(public: list[tuple[int, int, Feature]]) -> None:
    for _author, hour, feature in public:
        feature["properties"]["hour"] = hour
    found = pairs(public)
    assert max(guessed(found, weight) for weight in (1.0, 3.0)) > guessed(found) + MOST_GAIN
