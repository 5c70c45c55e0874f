"""``/feeds/*.atom``: steps and results by case, category, office, locality, place.

``vu-viec.atom`` and ``ket-qua.atom`` take the filters of "Nhận tin" in their address, together.
"""

from datetime import date
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, request

from webapp.alerts.topics import NAMES, OFFICES, Topic, in_words, read_topic
from webapp.cases.categories import UnknownCategory, category
from webapp.cases.presentation import category_label, organisation_name, unit_name
from webapp.core import clock
from webapp.core.errors import NotFound
from webapp.core.text import Text, _
from webapp.directory.followed_organisations import organisations_followed
from webapp.directory.followed_units import units_followed
from webapp.directory.queries import organisation, unit, unit_by_key
from webapp.open_data.addresses import absolute
from webapp.open_data.atom import FOUNDED, Entry, Feed, atom_bytes, outcome_entry, step_entry
from webapp.open_data.queries.cases import one_case, steps
from webapp.open_data.queries.filters import CaseFilter, Slice, categories_within
from webapp.open_data.queries.outcomes import outcomes
from webapp.open_data.tables import titled
from webapp.web.addresses import site_root
from webapp.web.guards import public
from webapp.web.locale import choose, translated
from webapp.web.shared_answers import shared

bp = shared(Blueprint("feeds", __name__, url_prefix="/feeds"))
ENTRIES = 50
_FILTERS = tuple(name for name in NAMES if name not in {"case", "results"})
_BEGINNING = date(int(FOUNDED), 1, 1)  # a feed without entries has not changed since


@bp.get("/vu-viec.atom")
@public
def everything() -> Response:
    """The newest steps of the cases that the address asks for, of all without a filter."""
    topic = _topic()
    about = absolute("public_cases.cases", **_shown_filters())
    return _feed(_titled(_("Vụ việc công khai"), topic), about, _steps(_filter(topic)))


@bp.get("/vu-viec/<code>.atom")
@public
def case(code: str) -> Response:
    """The steps of one case."""
    found = one_case(code)
    about = absolute("public_cases.case", code=code)
    title = titled(found.category, found.unit)["title"]
    return _feed(title, about, _steps(CaseFilter(codes=frozenset({code}))))


@bp.get("/loai/<code>.atom")
@public
def by_category(code: str) -> Response:
    """Steps of cases of a category and all below it."""
    try:
        known = category(code).code
    except UnknownCategory as error:
        raise NotFound from error
    about = absolute("public_cases.cases", category=known)
    asked = CaseFilter(categories=categories_within([known]))
    return _feed(category_label(known), about, _steps(asked))


@bp.get("/co-quan/<int(max=9223372036854775807):organisation_id>.atom")
@public
def by_office(organisation_id: int) -> Response:
    """Steps of cases that a committee or office holds, handles or was addressed for.

    Once it has ended also those of what took its place.
    """
    found = organisation(organisation_id)
    if found.kind not in OFFICES:
        raise NotFound
    asked = CaseFilter(organisation_ids=organisations_followed(found.id, clock.today_local()))
    return _feed(organisation_name(found), absolute("public_cases.cases"), _steps(asked))


@bp.get("/dia-ban/<code_system>/<code>.atom")
@public
def by_unit(code_system: str, code: str) -> Response:
    """Steps of cases in a locality, with all it holds and took the place of.

    An old unit finds what took its place.
    """
    found = unit_by_key(code_system, code)
    if found is None:
        raise NotFound
    about = absolute("public_cases.locality", code_system=code_system, code=code)
    asked = CaseFilter(unit_ids=units_followed(found, clock.today_local()))
    return _feed(unit_name(found), about, _steps(asked))


@bp.get("/ket-qua.atom")
@public
def published() -> Response:
    """The newest published outcomes that the address asks for."""
    topic = _topic()
    found = outcomes(_filter(topic), Slice(ENTRIES, newest_first=True))
    about = absolute("public_outcomes.outcomes", **_shown_filters())
    title = _titled(_("Kết quả công khai"), topic)
    return _feed(title, about, list(map(outcome_entry, found)))


def _given() -> dict[str, str]:
    """The filters of the address, always in the same order: the feed's own name holds them."""
    return {name: request.args[name] for name in _FILTERS if request.args.get(name)}


def _shown_filters() -> dict[str, str]:
    """Those of the filters that the list of pages knows."""
    return {name: value for name, value in _given().items() if name in ("category", "unit")}


def _topic() -> Topic:
    return read_topic(_given())


def _filter(topic: Topic) -> CaseFilter:
    units = frozenset[int]()
    if topic.unit_id is not None:
        units = units_followed(unit(topic.unit_id), clock.today_local())
    offices = frozenset[int]()
    if topic.organisation_id is not None:
        offices = organisations_followed(topic.organisation_id, clock.today_local())
    return CaseFilter(
        categories=categories_within([topic.category]) if topic.category else frozenset(),
        unit_ids=units,
        organisation_ids=offices,
        circle=(topic.point, topic.radius_m) if topic.point and topic.radius_m else None,
    )


def _titled(title: Text, topic: Topic) -> str:
    if topic == Topic():
        return translated(title)
    return ", ".join([translated(title), *map(translated, in_words(topic, choose()))])


def _steps(asked: CaseFilter) -> list[Entry]:
    return list(map(step_entry, steps(asked, ENTRIES)))


def _feed(title: Text | str, about: str, entries: list[Entry]) -> Response:
    query = urlencode(_given())
    feed = Feed(
        title=f"{translated(title)} – Mắt Xanh",
        url=f"{site_root()}{request.script_root}{request.path}{query and '?'}{query}",
        about=about,
        host=urlsplit(site_root()).hostname or "localhost",
        entries=entries,
        empty_since=_BEGINNING,
    )
    answer = Response(atom_bytes(feed, choose()))
    answer.content_type = "application/atom+xml; charset=utf-8"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
