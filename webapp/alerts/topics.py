"""What an alert is about: read from an address, found by keys, asked in SQL, put in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, or_

from geo.cells import cell_at_zoom, cell_of, tiles
from geo.points import Point, PointError, box_around, parse_point
from geo.privacy import HOME_M, public_point
from webapp.alerts.models import Alert
from webapp.cases.categories import UnknownCategory, category, codes_within, never_public
from webapp.cases.indexed import listed
from webapp.cases.models import Case
from webapp.cases.near import in_circle
from webapp.cases.public_queries import PublicCase, public_case, survivor_of
from webapp.cases.sentences import case_title
from webapp.cases.workflow import LISTED
from webapp.community.queries import survivor
from webapp.core import clock
from webapp.core.errors import Invalid, NotFound
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.directory.followed_organisations import organisation_now, organisations_followed
from webapp.directory.followed_units import units_followed, units_now
from webapp.directory.models import Organisation, Unit
from webapp.directory.names import name_in
from webapp.directory.queries import organisation, unit_asked
from webapp.outcomes.queries import kept_off_pages

RADII_KM: Final = (2, 5, 10, 20)
OFFICES: Final = ("front", "peoples_committee", "env_office")
"""Kinds of organisations whose public work can be followed."""
TILE_ZOOM: Final = 11
"""Tiles of about 18 km here: the widest circle touches few of them."""
NAMES: Final = ("case", "category", "unit", "office", "lat", "lon", "radius", "results")
"""The names of a topic's parts in an address."""


@dataclass(frozen=True)
class Topic:
    """What is asked for; nothing at all asks for everything. ``point`` is rounded to 1 km."""

    case_id: int | None = None
    category: str | None = None
    organisation_id: int | None = None
    unit_id: int | None = None
    point: Point | None = None
    radius_m: int | None = None
    results_only: bool = False


def topic_of(alert: Alert) -> Topic:
    """The topic of a row."""
    point = Point(alert.lon, alert.lat) if alert.lon is not None and alert.lat is not None else None
    return Topic(
        case_id=alert.case_id,
        category=alert.category,
        organisation_id=alert.organisation_id,
        unit_id=alert.unit_id,
        point=point,
        radius_m=alert.radius_m,
        results_only=alert.results_only,
    )


def columns(topic: Topic) -> dict[str, Any]:
    """The topic as columns of a row."""
    return {
        "case_id": topic.case_id,
        "category": topic.category,
        "organisation_id": topic.organisation_id,
        "unit_id": topic.unit_id,
        "lon": topic.point.lon if topic.point else None,
        "lat": topic.point.lat if topic.point else None,
        "radius_m": topic.radius_m,
        "results_only": topic.results_only,
    }


def followed_case(code: str) -> PublicCase:
    """The public case of this code, or the one it went into. Raises NotFound while not public."""
    try:
        return public_case(code)
    except NotFound:
        survivor = survivor_of(code)
        if survivor is None:
            raise
        return public_case(survivor)


def read_topic(asked: Mapping[str, str]) -> Topic:
    """The topic that an address or a form asks for, by NAMES; empty parts ask for nothing.

    Raises NotFound for a case that is not public, Invalid by field for what is not there.
    """
    given = {name: str(asked.get(name) or "").strip() for name in NAMES}
    if given["case"]:
        return Topic(case_id=_case_id(given["case"]), results_only=given["results"] == "1")
    wrong: dict[str, Text] = {}
    point, radius = _place(given, wrong)
    topic = Topic(
        category=_category(given["category"], wrong),
        organisation_id=_office(given["office"], wrong),
        unit_id=_unit(given["unit"], wrong),
        point=point,
        radius_m=radius,
        results_only=given["results"] == "1",
    )
    if wrong:
        raise Invalid(_("Điều ông/bà hỏi có chỗ chưa đúng."), fields=wrong)
    return topic


def offices_of(case: Case) -> set[int]:
    """The organisations that hold a case, handle it or were addressed for it."""
    return {each for each in (case.owner_id, case.office_id, case.addressee_id) if each is not None}


def keys_of_topic(topic: Topic) -> list[str]:
    """The keys an alert is found by: of its finest part only."""
    scope = "results" if topic.results_only else "all"
    return [f"{scope}:{key}" for key in _finest(topic)]


def _finest(topic: Topic) -> list[str]:
    if topic.case_id is not None:
        return [f"case:{topic.case_id}"]
    if topic.point is not None and topic.radius_m is not None:
        box = box_around(topic.point, topic.radius_m)
        return [f"tile:{number}" for number in tiles(box, TILE_ZOOM)]
    for name, value in (
        ("unit", topic.unit_id),
        ("office", topic.organisation_id),
        ("category", topic.category),
    ):
        if value is not None:
            return [f"{name}:{value}"]
    return ["everything"]


def keys_of_case(
    case: Case, merged: Iterable[int], units: Iterable[int], offices: Iterable[int]
) -> set[str]:
    """The keys by which news of a case is heard, without their scope.

    ``merged`` are the case and those that went into it, ``units`` and ``offices`` those whose
    followers hear of it.
    """
    found = (
        {"everything"} | {f"case:{each}" for each in merged} | {f"unit:{each}" for each in units}
    )
    found |= {f"office:{each}" for each in offices}
    code: str | None = case.category
    while code is not None:
        found.add(f"category:{code}")
        code = category(code).parent
    if case.public_lon is not None and case.public_lat is not None:
        cell = cell_of(Point(case.public_lon, case.public_lat))
        found.add(f"tile:{cell_at_zoom(cell, TILE_ZOOM)}")
    return found


def conditions(topic: Topic) -> list[ColumnElement[bool]]:
    """The topic as conditions on Case, with that a case is listed at all."""
    found: list[ColumnElement[bool]] = [listed(), Case.category.not_in(kept_off_pages())]
    if topic.case_id is not None:
        found.append(Case.id == _survivor_id(topic.case_id))
    if topic.category is not None:
        found.append(Case.category.in_(sorted(codes_within(topic.category))))
    if topic.organisation_id is not None:
        followed = sorted(organisations_followed(topic.organisation_id, clock.today_local()))
        held_by = (Case.owner_id, Case.office_id, Case.addressee_id)
        found.append(or_(*(column.in_(followed) for column in held_by)))
    if topic.unit_id is not None:
        place = session().get_one(Unit, topic.unit_id)
        units = units_followed(place, clock.today_local())
        found.append(Case.handling_unit_id.in_(sorted(units)))
    if topic.point is not None and topic.radius_m is not None:
        found += in_circle(topic.point, topic.radius_m)
    return found


def has_ended(topic: Topic) -> bool:
    """Whether the unit or the office that is asked for is no longer in force."""
    on = clock.today_local()
    place = session().get(Unit, topic.unit_id) if topic.unit_id else None
    body = session().get(Organisation, topic.organisation_id) if topic.organisation_id else None
    unit_ended = place is not None and place not in units_now(place, on)
    return unit_ended or (body is not None and organisation_now(body, on) is not body)


def in_words(topic: Topic, language: str) -> list[Text | str]:
    """The topic part by part, as its reader knows it."""
    if topic.case_id is not None:
        return [_case_words(topic.case_id, language), *_results(topic)]
    parts: list[Text | str] = []
    if topic.category is not None:
        label = category(topic.category).label.in_language(language)
        parts.append(_("Loại việc: %(label)s", label=label))
    if topic.unit_id is not None:
        parts.append(_unit_words(session().get_one(Unit, topic.unit_id), language))
    if topic.organisation_id is not None:
        body = session().get_one(Organisation, topic.organisation_id)
        parts.append(_office_words(body, language))
    if topic.radius_m is not None:
        parts.append(_("Trong vòng %(km)s km quanh chỗ đã chọn", km=topic.radius_m // 1000))
    return (parts or [_("Mọi vụ việc công khai")]) + _results(topic)


def _case_words(case_id: int, language: str) -> Text:
    case = session().get_one(Case, _survivor_id(case_id))
    if case.public_since is None or never_public(case.category):
        return _("Một vụ việc nay không còn công khai")
    title = case_title(case.category, _named(case.handling_unit, language), language)
    return _("Vụ việc: %(title)s", title=title)


def _unit_words(place: Unit, language: str) -> Text:
    """A unit that has ended is told with what took its place."""
    now = units_now(place, clock.today_local())
    name = _named(place, language)
    if place in now:
        return _("Địa bàn: %(unit)s", unit=name)
    if not now:
        return _("Địa bàn: %(unit)s (đã kết thúc, không có đơn vị kế tiếp)", unit=name)
    names = ", ".join(_named(each, language) for each in now)
    return _("Địa bàn: %(unit)s, nay thuộc %(now)s", unit=name, now=names)


def _office_words(body: Organisation, language: str) -> Text:
    now = organisation_now(body, clock.today_local())
    name = _named(body, language)
    if now is body:
        return _("Cơ quan: %(name)s", name=name)
    if now is None:
        return _("Cơ quan: %(name)s (đã kết thúc, không có cơ quan kế tiếp)", name=name)
    return _("Cơ quan: %(name)s, nay là %(now)s", name=name, now=_named(now, language))


def _results(topic: Topic) -> list[Text | str]:
    return [_("Chỉ báo khi có kết quả được công khai")] if topic.results_only else []


def _named(named: Unit | Organisation, language: str) -> str:
    return name_in(language, named)


def _survivor_id(case_id: int) -> int:
    return survivor(session().get_one(Case, case_id)).id


def _case_id(code: str) -> int:
    case = followed_case(code)
    if case.state not in LISTED:
        raise Invalid(_("Vụ việc này không còn bước công khai nào để báo."))
    return case.id


def _category(code: str, wrong: dict[str, Text]) -> str | None:
    if not code:
        return None
    try:
        node = category(code)
    except UnknownCategory:
        node = None
    if node is None or node.public_never:
        wrong["category"] = _("Không có loại việc này.")
        return None
    return node.code


def _unit(key: str, wrong: dict[str, Text]) -> int | None:
    if not key:
        return None
    found = unit_asked(key)
    if found is None:
        wrong["unit"] = _("Không có xã, phường này.")
        return None
    return found.id


def _office(number: str, wrong: dict[str, Text]) -> int | None:
    if not number:
        return None
    plain = number.isascii() and number.isdigit() and len(number) < 19
    try:
        found = organisation(int(number)) if plain else None
    except NotFound:
        found = None
    if found is None or found.kind not in OFFICES:
        wrong["office"] = _("Không có cơ quan này.")
        return None
    return found.id


def _place(given: Mapping[str, str], wrong: dict[str, Text]) -> tuple[Point | None, int | None]:
    if not given["lat"] and not given["lon"]:
        return None, None
    try:
        exact = parse_point(given["lon"], given["lat"])
    except PointError:
        wrong["lat"] = _("Chỗ này không dùng được. Xin lấy lại vị trí, hoặc chọn xã, phường.")
        return None, None
    if given["radius"] not in map(str, RADII_KM):
        wrong["radius"] = _("Xin chọn một khoảng cách trong danh sách.")
        return None, None
    return public_point(exact, HOME_M), int(given["radius"]) * 1000
