"""Published outcomes as small frozen records, in the words of their present version."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, selectinload

from webapp.cases.models import Case
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import session
from webapp.directory.models import Unit
from webapp.open_data.queries.cases import OpenPhoto, photos_of
from webapp.open_data.queries.filters import (
    CaseFilter,
    Slice,
    between,
    case_conditions,
    local_day,
)
from webapp.outcomes.models import Outcome
from webapp.outcomes.queries import shown
from webapp.outcomes.workflow import PUBLIC


@dataclass(frozen=True)
class OpenOutcome:
    """A published outcome in the words of its present version."""

    id: int
    code: str
    category: str
    unit: Unit
    state: str
    conclusion: str | None
    first_published: date
    published: date
    version: int
    front_words: str
    office_words: str | None
    place: str | None
    lon: float | None
    lat: float | None
    photos: tuple[OpenPhoto, ...]


def outcomes(asked: CaseFilter, part: Slice) -> list[OpenOutcome]:
    """Published outcomes of listed cases; the filter's days are those of first publication."""
    query = (
        _outcomes_query(asked)
        .options(
            contains_eager(Outcome.case).joinedload(Case.handling_unit, innerjoin=True),
            selectinload(Outcome.versions),
        )
        .limit(part.limit)
        .offset(part.offset)
    )
    if part.newest_first:
        query = query.order_by(Outcome.first_published_at.desc(), Outcome.id.desc())
    else:
        query = query.where(Outcome.id > (part.after_id or 0)).order_by(Outcome.id)
    found = list(session().scalars(query))
    photos = photos_of([outcome.case_id for outcome in found])
    return [_open_outcome(each, photos.get(each.case_id, ())) for each in found]


def count_outcomes(asked: CaseFilter) -> int:
    """How many published outcomes the filter finds."""
    rows = _outcomes_query(asked).subquery()
    return session().scalar(select(func.count()).select_from(rows)) or 0


def one_outcome(code: str) -> OpenOutcome:
    """The published outcome of a case. Raises NotFound, also once it was retracted."""
    found = outcomes(CaseFilter(codes=frozenset({code})), Slice(1))
    if not found:
        raise NotFound
    return found[0]


def _outcomes_query(asked: CaseFilter) -> Select[Outcome]:
    undated = replace(asked, first_day=None, last_day=None)
    return (
        select(Outcome)
        .join(Outcome.case)
        .where(
            Outcome.state.in_(sorted(PUBLIC)),
            Outcome.current.is_not(None),
            *case_conditions(undated),
            *between(Outcome.first_published_at, asked.first_day, asked.last_day),
        )
    )


def _open_outcome(outcome: Outcome, photos: tuple[OpenPhoto, ...]) -> OpenOutcome:
    version, case = shown(outcome), outcome.case
    if version is None:
        raise NotFound
    return OpenOutcome(
        id=outcome.id,
        code=case.code,
        category=case.category,
        unit=case.handling_unit,
        state=case.state,
        conclusion=case.conclusion,
        first_published=local_day(outcome.first_published_at),
        published=local_day(version.published_at or outcome.first_published_at),
        version=version.number,
        front_words=version.front_words,
        office_words=version.office_words,
        place=case.public_place,
        lon=case.public_lon,
        lat=case.public_lat,
        photos=photos,
    )
