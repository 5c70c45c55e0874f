"""Public cases as small frozen records: nothing exact, no report, no time finer than a day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from webapp.cases.models import Case, CasePhoto, TimelineLine
from webapp.core import clock
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation, Unit
from webapp.media.models import Photo
from webapp.open_data.queries.filters import CaseFilter, Slice, case_conditions, local_day
from webapp.outcomes.facts import first_reported, household_floor
from webapp.outcomes.models import Outcome, OutcomeVersion
from webapp.outcomes.workflow import PUBLIC

FEW = 5


@dataclass(frozen=True)
class OpenPhoto:
    """An approved photo of a published outcome."""

    uid: str
    purpose: str


@dataclass(frozen=True)
class OpenCase:
    """A public case, public fields only; ``lon``/``lat`` is the public point.

    ``first_reported`` is a day, or a month where the category is secret. ``reports`` is None below
    5 (small villages), ``households`` the lower end of a range. ``updated`` and ``last_step`` are
    of the newest public line; ``photos`` those of its published outcome.
    """

    id: int
    code: str
    category: str
    state: str
    overdue: bool
    unit: Unit
    owner: Organisation
    office: Organisation | None
    summary: str | None
    waste_source: str | None
    since: date
    first_reported: str
    due: date | None
    closed: date | None
    updated: date
    last_step: str | None
    reports: int | None
    households: int | None
    place: str | None
    lon: float | None
    lat: float | None
    precision_m: int
    photos: tuple[OpenPhoto, ...]


@dataclass(frozen=True)
class Step:
    """A public line of a timeline with the case it belongs to."""

    id: int
    case: Case
    voice: str
    on: date
    text: str


@dataclass
class _Parts:
    """What belongs to the cases of one answer, read in one statement each."""

    lines: dict[int, TimelineLine] = field(default_factory=dict)
    photos: dict[int, tuple[OpenPhoto, ...]] = field(default_factory=dict)


def cases(asked: CaseFilter, part: Slice) -> list[OpenCase]:
    """Public cases of a slice: in the order of their rows, or the newest public one first."""
    query = _cases_query(asked, part).options(
        joinedload(Case.handling_unit, innerjoin=True),
        joinedload(Case.owner, innerjoin=True),
        joinedload(Case.office),
        joinedload(Case.addressee),
    )
    found = list(session().scalars(query))
    ids = [case.id for case in found]
    parts = _Parts(_last_lines(ids), photos_of(ids))
    return [_open_case(case, parts) for case in found]


def _cases_query(asked: CaseFilter, part: Slice) -> Select[Case]:
    query = select(Case).where(*case_conditions(asked)).limit(part.limit).offset(part.offset)
    if part.newest_first:
        return query.order_by(Case.public_since.desc(), Case.id.desc())
    if part.after_id is not None:
        query = query.where(Case.id > part.after_id)
    return query.order_by(Case.id)


def count_cases(asked: CaseFilter) -> int:
    """How many public cases the filter finds; counts of cases are exact."""
    return session().scalar(select(func.count(Case.id)).where(*case_conditions(asked))) or 0


def one_case(code: str) -> OpenCase:
    """The listed case with this code. Raises NotFound."""
    found = cases(CaseFilter(codes=frozenset({code})), Slice(1))
    if not found:
        raise NotFound
    return found[0]


def case_id_of(code: str) -> int:
    """The row of a listed case, for going on after it. Raises NotFound."""
    return one_case(code).id


def _open_case(case: Case, parts: _Parts) -> OpenCase:
    since = local_day(case.public_since)
    line = parts.lines.get(case.id)
    return OpenCase(
        id=case.id,
        code=case.code,
        category=case.category,
        state=case.state,
        overdue=case.overdue,
        unit=case.handling_unit,
        owner=case.owner,
        office=case.office or case.addressee,
        summary=case.summary,
        waste_source=case.waste_source,
        since=since,
        first_reported=first_reported(case),
        due=local_day(case.due_at) if case.due_at else None,
        closed=local_day(case.closed_at) if case.closed_at else None,
        updated=max(since, local_day(line.at)) if line else since,
        last_step=line.public_line if line else None,
        reports=case.report_count if case.report_count >= FEW else None,
        households=household_floor(case.household_count),
        place=case.public_place,
        lon=case.public_lon,
        lat=case.public_lat,
        precision_m=case.precision_m,
        photos=parts.photos.get(case.id, ()),
    )


def _visible_lines() -> list[ColumnElement[bool]]:
    return [TimelineLine.public_line.is_not(None), TimelineLine.visible_from <= clock.now()]


def _last_lines(case_ids: Sequence[int]) -> dict[int, TimelineLine]:
    newest = (
        select(func.max(TimelineLine.id))
        .where(TimelineLine.case_id.in_(case_ids), *_visible_lines())
        .group_by(TimelineLine.case_id)
    )
    found = session().scalars(select(TimelineLine).where(TimelineLine.id.in_(newest)))
    return {line.case_id: line for line in found}


def photos_of(case_ids: Sequence[int]) -> dict[int, tuple[OpenPhoto, ...]]:
    """The approved photos that the present version of each published page shows, by case."""
    pages = (
        select(Outcome.case_id, OutcomeVersion.photo_ids)
        .join(OutcomeVersion, OutcomeVersion.outcome_id == Outcome.id)
        .where(
            Outcome.case_id.in_(case_ids),
            Outcome.state.in_(sorted(PUBLIC)),
            OutcomeVersion.number == Outcome.current,
        )
    )
    chosen = {case_id: set(ids) for case_id, ids in session().execute(pages) if ids}
    links = (
        select(CasePhoto.case_id, CasePhoto.purpose, Photo.id, Photo.uid)
        .join(Photo, Photo.id == CasePhoto.photo_id)
        .where(CasePhoto.case_id.in_(list(chosen)), Photo.state == "approved")
        .order_by(CasePhoto.id)
    )
    photos: dict[int, list[OpenPhoto]] = defaultdict(list)
    for case_id, purpose, photo_id, uid in session().execute(links):
        if photo_id in chosen[case_id]:
            photos[case_id].append(OpenPhoto(uid, purpose))
    return {case_id: tuple(each) for case_id, each in photos.items()}


def steps(asked: CaseFilter, limit: int) -> list[Step]:
    """The newest public lines of the cases that the filter finds."""
    query = (
        select(TimelineLine, Case)
        .join(Case, Case.id == TimelineLine.case_id)
        .where(*case_conditions(asked), *_visible_lines())
        .options(joinedload(Case.handling_unit, innerjoin=True))
        .order_by(TimelineLine.id.desc())
        .limit(limit)
    )
    return [
        Step(line.id, case, line.voice, local_day(line.at), line.public_line or "")
        for line, case in session().execute(query)
    ]
