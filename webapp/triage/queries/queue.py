"""The queue: urgent first, unchecked last, then by the nearest deadline; keyset paging."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select
from sqlalchemy.orm import joinedload

from webapp.cases.categories import codes_within, search
from webapp.cases.models import Case
from webapp.cases.policy import offered, readable
from webapp.cases.workflow import OPEN
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.codes import normalise
from webapp.core.errors import Invalid
from webapp.core.search_text import fold
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.directory.models import Unit
from webapp.reporting.models import Report
from webapp.reporting.policy import readable_reports
from webapp.reporting.workflow import WAITING
from webapp.triage.filters import CASES, QueueFilters
from webapp.web.paging import Page, decode_cursor, encode_cursor

PAGE_SIZE = 50


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue, a report or a case. Nothing a reporter said is in it."""

    kind: str
    code: str
    category: str
    state: str
    urgent: bool
    unchecked: bool
    unit_name: str
    unit_name_en: str
    since: datetime
    due_at: datetime | None
    report_count: int
    lon: float | None
    lat: float | None
    version: int

    @property
    def overdue(self) -> bool:
        """Whether the nearest deadline has passed."""
        return self.due_at is not None and self.due_at < clock.now()


@dataclass(frozen=True)
class _Source:
    """How one tab reads its table."""

    kind: str
    model: type[Report] | type[Case]
    condition: ColumnElement[bool]
    since: Any
    report_count: Any
    unchecked: Any

    @property
    def band(self) -> ColumnElement[int]:
        """Urgent, usual, unchecked."""
        return case((self.unchecked, 2), (self.model.urgent, 0), else_=1)


def queue(
    actor: Actor, filters: QueueFilters, *, cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[QueueRow]:
    """One page in one statement. Raises Invalid for a made-up cursor."""
    source = source_of(actor, filters)
    model = source.model
    query = (
        _rows(source)
        .order_by(source.band, model.due_at.is_(None), model.due_at, model.id)
        .limit(limit + 1)
    )
    key = decode_cursor(cursor, 3)
    if key is not None:
        query = query.where(_after(source, key))
    found = list(session().execute(query))
    rows = [_row(source, each) for each in found[:limit]]
    return Page(rows, _cursor(found[limit - 1]) if len(found) > limit else None)


def offered_cases(actor: Actor) -> list[Case]:
    """Cases that another unit proposes to the actor's unit, oldest first."""
    query = select(Case).where(offered(actor)).options(joinedload(Case.handling_unit))
    return list(session().scalars(query.order_by(Case.id)))


def queue_version(actor: Actor, filters: QueueFilters) -> str:
    """Changes whenever a row of this queue comes, goes or moves on."""
    source = source_of(actor, filters)
    model = source.model
    n, versions, newest = (
        session()
        .execute(
            select(
                func.count(), func.coalesce(func.sum(model.version), 0), func.max(model.id)
            ).where(source.condition)
        )
        .one()
    )
    return f"{n}.{versions}.{newest or 0}"


def source_of(actor: Actor, filters: QueueFilters) -> _Source:
    """The table, its condition and its columns for one tab."""
    if filters.tab == CASES:
        return _Source(
            "case", Case, _cases(actor, filters), Case.opened_at, Case.report_count, literal(False)
        )
    return _Source(
        "report", Report, _reports(actor, filters), Report.received_at, literal(1), Report.unchecked
    )


def _reports(actor: Actor, filters: QueueFilters) -> ColumnElement[bool]:
    conditions = [Report.state.in_(sorted(WAITING)), readable_reports(actor)]
    if filters.words:
        conditions.append(_report_words(filters.words))
    return and_(*conditions, *_shared(Report, filters))


def _cases(actor: Actor, filters: QueueFilters) -> ColumnElement[bool]:
    conditions = [Case.state.in_(sorted(OPEN)), readable(actor)]
    if filters.mine:
        own = actor.person_id
        conditions.append(Case.assignee_id == own if own is not None else false())
    if filters.words:
        folded = [
            Case.search_text.contains(w, autoescape=True) for w in fold(filters.words).split()
        ]
        conditions.append(or_(Case.code == normalise(filters.words), and_(*folded)))
    return and_(*conditions, *_shared(Case, filters))


def _shared(model: type[Report] | type[Case], filters: QueueFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.category:
        conditions.append(model.category.in_(sorted(codes_within(filters.category))))
    if filters.state:
        conditions.append(model.state == filters.state)
    if filters.overdue:
        conditions.append(model.due_at < clock.now())
    if filters.urgent:
        conditions.append(model.urgent.is_(True))
    if filters.unit_id:
        conditions.append(model.handling_unit_id == filters.unit_id)
    return conditions


def _report_words(words: str) -> ColumnElement[bool]:
    named = [each.code for each in search(words)]
    within = frozenset().union(*(codes_within(code) for code in named))
    return or_(
        Report.code == normalise(words),
        Report.place_note.icontains(words, autoescape=True),
        Report.description.icontains(words, autoescape=True),
        Report.category.in_(sorted(within)),
    )


def _rows(source: _Source) -> Select[Any]:
    model = source.model
    return (
        select(
            model.id,
            model.code,
            model.category,
            model.state,
            model.urgent,
            source.unchecked.label("unchecked"),
            Unit.name.label("unit_name"),
            Unit.name_en.label("unit_name_en"),
            source.since.label("since"),
            model.due_at,
            source.report_count.label("report_count"),
            model.lon,
            model.lat,
            model.version,
            source.band.label("band"),
        )
        .join(Unit, Unit.id == model.handling_unit_id)
        .where(source.condition)
    )


def _row(source: _Source, found: Any) -> QueueRow:
    values = {
        name: getattr(found, name) for name in QueueRow.__dataclass_fields__ if name != "kind"
    }
    return QueueRow(kind=source.kind, **values)


def _cursor(last: Any) -> str:
    return encode_cursor([last.band, last.due_at.isoformat() if last.due_at else None, last.id])


def _after(source: _Source, key: list[str | int | None]) -> ColumnElement[bool]:
    band, due, last_id = key
    model = source.model
    later = and_(model.due_at.is_(None), model.id > last_id)
    if due is not None:
        at = _moment(due)
        same = and_(model.due_at == at, model.id > last_id)
        later = or_(model.due_at > at, same, model.due_at.is_(None))
    return or_(source.band > band, and_(source.band == band, later))


def _moment(text: str | int | None) -> datetime:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Invalid(_("Địa chỉ trang sau không còn dùng được. Xin mở lại danh sách từ đầu."))
    return at
