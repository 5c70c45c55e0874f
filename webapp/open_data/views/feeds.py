"""``/feeds/*.atom``: what happened, by case, category, office, locality; and published outcomes."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from webapp.cases.categories import UnknownCategory, category
from webapp.cases.presentation import category_label, organisation_name, unit_name
from webapp.core import clock
from webapp.core.errors import NotFound
from webapp.core.text import Text, _
from webapp.directory.queries import organisation, unit_by_key, units_held
from webapp.open_data.addresses import absolute
from webapp.open_data.atom import Entry, Feed, atom_bytes, outcome_entry, step_entry
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
_FOLLOWED = ("front", "peoples_committee", "env_office")


@bp.get("/vu-viec.atom")
@public
def everything() -> Response:
    """The newest steps of all public cases."""
    title, about = _("Vụ việc công khai"), absolute("public_cases.cases")
    return _feed(title, about, _steps(CaseFilter()))


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
    """Steps of cases that a committee or office holds, handles or was addressed for."""
    found = organisation(organisation_id)
    if found.kind not in _FOLLOWED:
        raise NotFound
    asked = CaseFilter(organisation_id=found.id)
    return _feed(organisation_name(found), absolute("public_cases.cases"), _steps(asked))


@bp.get("/dia-ban/<code_system>/<code>.atom")
@public
def by_unit(code_system: str, code: str) -> Response:
    """Steps of cases in a locality, with all it holds and took the place of."""
    found = unit_by_key(code_system, code)
    if found is None:
        raise NotFound
    about = absolute("public_cases.locality", code_system=code_system, code=code)
    asked = CaseFilter(unit_ids=units_held([found.id])[found.id])
    return _feed(unit_name(found), about, _steps(asked))


@bp.get("/ket-qua.atom")
@public
def published() -> Response:
    """The newest published outcomes."""
    found = outcomes(CaseFilter(), Slice(ENTRIES, newest_first=True))
    about = absolute("public_outcomes.outcomes")
    return _feed(_("Kết quả công khai"), about, list(map(outcome_entry, found)))


def _steps(asked: CaseFilter) -> list[Entry]:
    return list(map(step_entry, steps(asked, ENTRIES)))


def _feed(title: Text | str, about: str, entries: list[Entry]) -> Response:
    feed = Feed(
        title=f"{translated(title)} – Mắt Xanh",
        url=site_root() + request.script_root + request.path,
        about=about,
        host=urlsplit(site_root()).hostname or "localhost",
        entries=entries,
        empty_since=clock.today_local(),
    )
    answer = Response(atom_bytes(feed, choose()))
    answer.content_type = "application/atom+xml; charset=utf-8"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
