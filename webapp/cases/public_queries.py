"""What anyone may read of a case and of a unit's figures. Nothing exact leaves here.

Rows become small frozen records with public fields only, so that a page cannot show by mistake
what its query should not have given: no exact place, no report, no time finer than a day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from webapp.cases.categories import never_public
from webapp.cases.holdings import held, holding_columns
from webapp.cases.indexed import listed
from webapp.cases.lines import public_lines
from webapp.cases.models import Case
from webapp.cases.workflow import OPEN
from webapp.core import clock
from webapp.core.errors import NotFound
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation, Unit
from webapp.directory.names import NamedBody, NamedUnit

FEW = 5
"""Counts of people below this are not told (workflow: small villages)."""

_NO_STORY = frozenset({"dismissed", "handed_over"})
_MERGES = 20  # a chain this long is a mistake, not a history


@dataclass(frozen=True)
class PublicLine:
    """One public line of a timeline, by day."""

    voice: str
    at: date
    text: str
    organisation: NamedBody | None


@dataclass(frozen=True)
class PublicCase:
    """All that the public page of a case may show.

    ``first_day`` of a secret category is the first of its month and ``only_month`` is set.
    ``reports`` and ``households`` are for ``webapp.cases.presentation.people``, which hides small
    numbers. ``lon``/``lat`` is the public point. ``holds`` names what hangs on it (``holdings``).
    """

    id: int
    code: str
    category: str
    state: str
    unit: NamedUnit
    owner: NamedBody
    office: NamedBody | None
    summary: str | None
    waste_source: str | None
    dismissal: str | None
    first_day: date
    only_month: bool
    since: date
    due_day: date | None
    overdue: bool
    reports: int
    households: int
    place: str | None
    lon: float | None
    lat: float | None
    precision_m: int
    lines: tuple[PublicLine, ...]
    holds: frozenset[str]


@dataclass(frozen=True)
class UnitFigures:
    """Public cases of a unit: counts of cases are exact."""

    open: int
    overdue: int
    closed: int


def public_case(code: str) -> PublicCase:
    """The public page of a case. Raises NotFound while it is not public."""
    found = _public(code)
    if found.own.state == "merged":
        raise NotFound
    return _public_case(found)


def survivor_of(code: str) -> str | None:
    """The code of the public case that a merged one went into; None when it was not merged.

    Raises NotFound when either is not public.
    """
    own = _public(code).own
    if own.state != "merged":
        return None
    case = session().get(Case, own.merged_into_id)
    for _step in range(_MERGES):
        if case is None or case.state != "merged":
            break
        case = case.merged_into
    if case is None or case.public_since is None or case.state == "merged":
        raise NotFound
    return case.code


class _Own(NamedTuple):
    """The columns of a case that its public page is made of."""

    id: int
    code: str
    category: str
    state: str
    secret: bool
    summary: str | None
    waste_source: str | None
    dismissal: str | None
    first_reported_at: datetime
    public_since: datetime
    due_at: datetime | None
    overdue: bool
    report_count: int
    household_count: int
    public_place: str | None
    public_lon: float | None
    public_lat: float | None
    precision_m: int
    merged_into_id: int | None


class _Found(NamedTuple):
    """A public case as its row tells it."""

    own: _Own
    unit: NamedUnit
    owner: NamedBody
    office: NamedBody | None
    holds: frozenset[str]


def _public(code: str) -> _Found:
    rows = _public_query().rows({"code": code})
    if not rows:
        raise NotFound
    values = iter(rows[0])
    own = _Own._make(islice(values, len(_Own._fields)))
    if never_public(own.category):
        raise NotFound
    unit = NamedUnit._make(islice(values, len(NamedUnit._fields)))
    owner, office, addressee = (NamedBody._make(islice(values, 3)) for _body in _BODIES)
    asked = next((each for each in (office, addressee) if each.id is not None), None)
    return _Found(own, unit, owner, asked, held(tuple(values), public=True))


_CASE: Any = Case.__table__
_UNIT: Any = Unit.__table__
_BODIES: Any = tuple(
    Organisation.__table__.alias(name) for name in ("owner", "office", "addressee")
)


@cache
def _public_query() -> Prepared:
    owner, office, addressee = _BODIES
    whole = (
        _CASE.join(_UNIT, _UNIT.c.id == _CASE.c.handling_unit_id)
        .join(owner, owner.c.id == _CASE.c.owner_id)
        .outerjoin(office, office.c.id == _CASE.c.office_id)
        .outerjoin(addressee, addressee.c.id == _CASE.c.addressee_id)
    )
    columns = [
        *(_CASE.c[name] for name in _Own._fields),
        *(_UNIT.c[name] for name in NamedUnit._fields),
        *(body.c[name] for body in _BODIES for name in NamedBody._fields),
    ]
    return Prepared(
        select(*columns, *holding_columns(public=True))
        .select_from(whole)
        .where(_CASE.c.code == bindparam("code"), _CASE.c.public_since.is_not(None))
    )


def _public_case(found: _Found) -> PublicCase:
    own = found.own
    handed_over = own.state == "handed_over"
    first = clock.local(own.first_reported_at).date()
    return PublicCase(
        id=own.id,
        code=own.code,
        category=own.category,
        state=own.state,
        unit=found.unit,
        owner=found.owner,
        office=found.office,
        summary=None if own.state in _NO_STORY else own.summary,
        waste_source=None if handed_over else own.waste_source,
        dismissal=own.dismissal,
        first_day=first.replace(day=1) if own.secret else first,
        only_month=own.secret,
        since=clock.local(own.public_since).date(),
        due_day=clock.local(own.due_at).date() if own.due_at else None,
        overdue=own.overdue,
        reports=own.report_count,
        households=own.household_count,
        place=None if handed_over else own.public_place,
        lon=None if handed_over else own.public_lon,
        lat=None if handed_over else own.public_lat,
        precision_m=own.precision_m,
        lines=() if own.state in _NO_STORY else tuple(_lines(own.id)),
        holds=found.holds,
    )


def _lines(case_id: int) -> Iterable[PublicLine]:
    for line in public_lines(case_id):
        yield PublicLine(
            voice=line.voice,
            at=clock.local(line.at).date(),
            text=line.public_line,
            organisation=line.organisation,
        )


def figures_of(unit_ids: Iterable[int]) -> UnitFigures:
    """How many listed cases these units have."""
    is_open = Case.state.in_(sorted(OPEN))
    query = select(
        func.count().filter(is_open),
        func.count().filter(Case.overdue.is_(True), is_open),
        func.count().filter(Case.state == "closed"),
    ).where(listed(), Case.handling_unit_id.in_(sorted(unit_ids)))
    return UnitFigures(*session().execute(query).one())
