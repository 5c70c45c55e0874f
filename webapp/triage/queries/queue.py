"""The queue in the order of its stored rank: pages by keyset, counts by state, news since a page.

One page costs what fifty rows cost, wherever it begins: a commune's few units are read branch by
branch, each in the order of its index; a province reads the index of all open rows.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Subquery,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    union_all,
)

from webapp.cases.indexed import without_unit_index
from webapp.cases.models import Case, TimelineLine
from webapp.cases.policy import offered
from webapp.cases.priority import Facts
from webapp.cases.workflow import OPEN
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.conditions import ids_unseen, in_words
from webapp.core.errors import Invalid
from webapp.core.prepared import Prepared
from webapp.core.text import _
from webapp.directory.models import Unit
from webapp.reporting.models import Report, ReportLine
from webapp.reporting.steps import REPRISAL_STEP
from webapp.reporting.workflow import WAITING
from webapp.triage.filters import CASES, QueueFilters
from webapp.triage.queries.source import (
    Source,
    moments,
    source_of,
    without_category_index,
)
from webapp.web.paging import LAST_ID, Page, decode_cursor, encode_cursor

PAGE_SIZE = 50
MANY = 100
"""Counts stop here: "99+" says enough, and looking further would cost the page its speed."""


class QueueRow(NamedTuple):
    """One line of the queue, a report or a case. Nothing a reporter said is in it.

    ``queue_rank`` and ``id`` are its place in the order.
    """

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
    households: int
    severity: str | None
    priority_chosen: str | None
    near_place: str | None
    lon: float | None
    lat: float | None
    version: int
    queue_rank: int
    id: int

    @property
    def overdue(self) -> bool:
        """Whether the nearest deadline has passed."""
        return self.due_at is not None and self.due_at < clock.now()

    @property
    def facts(self) -> Facts:
        """What its place in the queue comes from."""
        return Facts(
            category=self.category,
            urgent=self.urgent,
            since=self.since,
            severity=self.severity,
            households=self.households,
            reports=self.report_count,
            unchecked=self.unchecked,
            chosen=self.priority_chosen,
            near_place=self.near_place,
        )


@dataclass(frozen=True)
class Tally:
    """How many rows each state holds, at most ``MANY``, and the version they are of."""

    counts: dict[str, int]
    version: str


@dataclass(frozen=True)
class News:
    """What came since a page was made: the version now, how many are new, whether others moved."""

    version: str
    new: int
    moved: bool


def queue(
    actor: Actor, filters: QueueFilters, *, cursor: str | None = None, limit: int | None = None
) -> Page[QueueRow]:
    """One page in one statement. Raises Invalid for a made-up cursor."""
    size, after = limit or PAGE_SIZE, _key(cursor)
    values: dict[str, Any] = dict(moments())
    if after is not None:
        values |= {"after_rank": after[0], "after_id": after[1]}
    query = _rows(actor, filters, size + 1, first=after is None)
    found = query.rows(values)
    rows = [QueueRow._make(each) for each in found[:size]]
    last = rows[-1] if len(found) > size else None
    return Page(rows, encode_cursor([last.queue_rank, last.id]) if last else None)


def tally(actor: Actor, filters: QueueFilters) -> Tally:
    """Counts by state under the other filters, and the version; one statement."""
    rows = _tally(actor, filters.in_any_state(), MANY).rows(moments())
    return Tally({row[0]: row[1] for row in rows if row[1]}, _version(*rows[0][2:]))


@lru_cache(maxsize=64)
def _tally(actor: Actor, asked: QueueFilters, many: int) -> Prepared:
    source = source_of(actor, asked)
    names = sorted(OPEN if asked.tab == CASES else WAITING)
    states = union_all(*(select(literal(name).label("name")) for name in names)).subquery("states")
    some = (
        select(literal(1).label("one"))
        .where(source.model.state == states.c.name, ids_unseen(source.condition))
        .correlate(states)
        .limit(in_words(many))
        .subquery("some")
    )
    counted = select(func.count(some.c.one)).correlate(states).scalar_subquery()
    return Prepared(select(states.c.name, counted, *_newest(asked.tab)))


def how_many(actor: Actor, asked: tuple[QueueFilters, ...]) -> list[int]:
    """How many rows each of some questions finds, at most ``MANY``; one statement."""
    [counts] = _how_many(actor, asked, MANY).rows(moments())
    return list(counts)


@lru_cache(maxsize=64)
def _how_many(actor: Actor, asked: tuple[QueueFilters, ...], many: int) -> Prepared:
    """The limit is a value: of a number in words PostgreSQL thinks that there are fewer rows, and
    gathers all that wait before it stops."""
    sources = (source_of(actor, filters) for filters in asked)
    some = (select(each.model.id).where(each.condition).limit(many).subquery() for each in sources)
    return Prepared(
        select(*(select(func.count()).select_from(each).scalar_subquery() for each in some))
    )


class OfferedCase(NamedTuple):
    """A case that another unit proposes, with that unit's names."""

    code: str
    category: str
    unit_name: str
    unit_name_en: str


def offered_cases(actor: Actor) -> list[OfferedCase]:
    """Cases that another unit proposes to the actor's unit, oldest first."""
    return list(map(OfferedCase._make, _offered(actor).rows()))


@lru_cache(maxsize=64)
def _offered(actor: Actor) -> Prepared:
    return Prepared(
        select(Case.code, Case.category, Unit.name, Unit.name_en)
        .join(Unit, Unit.id == Case.handling_unit_id)
        .where(offered(actor))
        .order_by(Case.id)
    )


def queue_version(filters: QueueFilters) -> str:
    """Where the tables of a tab stand now, for asking later what came since; one statement."""
    [found] = _now(filters.tab).rows()
    return _version(*found)


@cache
def _now(tab: str) -> Prepared:
    return Prepared(select(*_newest(tab)))


def queue_news(actor: Actor, filters: QueueFilters, since: str) -> News:
    """What came or moved in this queue since a version; new ones are counted up to ``MANY``.

    The version stays while nothing in this queue changed, whatever happens elsewhere. Raises
    Invalid for a made-up version.
    """
    last_record, last_line = _parsed(since)
    values = {"last_record": last_record, "last_line": last_line}
    [found] = _news(actor, filters, MANY).rows(values | moments())
    new, moved = found[0], bool(found[1])
    return News(_version(*found[2:]) if new or moved else since, new, moved)


@lru_cache(maxsize=64)
def _news(actor: Actor, filters: QueueFilters, many: int) -> Prepared:
    """How many are new, whether others moved, and where the tables stand; one statement."""
    source = source_of(actor, filters)
    record, line, link = _watched(filters.tab)
    last_record: Any = bindparam("last_record", type_=BigInteger())
    last_line: Any = bindparam("last_line", type_=BigInteger())
    fresh = select(record.id).where(record.id > last_record, ids_unseen(source.condition))
    new = select(func.count()).select_from(fresh.limit(in_words(many)).subquery()).scalar_subquery()
    touched = exists().where(
        line.id > last_line,
        link == record.id,
        record.id <= last_record,
        line.transition != REPRISAL_STEP,  # who reads the desk must not learn of it
        ids_unseen(source.readable),
    )
    return Prepared(select(new, touched, *_newest(filters.tab)))


def _watched(tab: str) -> tuple[Any, Any, Any]:
    if tab == CASES:
        return Case, TimelineLine, TimelineLine.case_id
    return Report, ReportLine, ReportLine.report_id


def _newest(tab: str) -> list[Any]:
    record, line, _link = _watched(tab)
    return [select(func.max(each.id)).scalar_subquery() for each in (record, line)]


def _version(last_record: int | None, last_line: int | None) -> str:
    return f"{last_record or 0}.{last_line or 0}"


def _parsed(version: str) -> tuple[int, int]:
    parts = version.split(".")
    if len(parts) != 2 or not all(p.isascii() and p.isdigit() and len(p) < 19 for p in parts):
        words = _("Phiên bản hàng đợi không đúng. Xin tải lại trang.")
        raise Invalid(words, fields={"since": words})
    return int(parts[0]), int(parts[1])


@lru_cache(maxsize=64)
def _rows(actor: Actor, filters: QueueFilters, size: int, *, first: bool) -> Prepared:
    """Built once for the same question: building takes longer than running.

    The columns are the fields of ``QueueRow`` in their order.
    """
    source = source_of(actor, filters)
    model, few = source.model, _few(source, size, first=first)
    return Prepared(
        select(
            literal_column(f"'{source.kind}'").label("kind"),
            model.code,
            model.category,
            model.state,
            model.urgent,
            source.unchecked.label("unchecked"),
            Unit.name.label("unit_name"),
            Unit.name_en.label("unit_name_en"),
            source.since.label("since"),
            model.due_at,
            source.reports.label("report_count"),
            func.coalesce(source.households, 0).label("households"),
            source.severity.label("severity"),
            model.priority_chosen,
            model.near_place,
            source.known(model.lon).label("lon"),
            source.known(model.lat).label("lat"),
            model.version,
            model.queue_rank,
            model.id,
        )
        .join(few, few.c.id == model.id)
        .join(Unit, Unit.id == model.handling_unit_id)
        .order_by(model.queue_rank, model.id)
    )


def _few(source: Source, size: int, *, first: bool) -> Subquery:
    """The ids of one page. Each unit's branch stops after a page of its own."""
    model = source.model
    many = source.many_units
    condition = without_unit_index(source.condition) if many else source.condition
    rows = select(model.id, model.queue_rank).where(without_category_index(condition))
    if not first:
        rank: Any = bindparam("after_rank", type_=BigInteger())
        last: Any = bindparam("after_id", type_=BigInteger())
        rows = rows.where(tuple_(model.queue_rank, model.id) > tuple_(rank, last))
    page = rows.order_by(model.queue_rank, model.id).limit(in_words(size))
    if many or not source.units:
        return page.subquery("few")
    branches = [page.where(model.handling_unit_id == each).subquery() for each in source.units]
    every = union_all(*(select(branch) for branch in branches)).subquery("every")
    wanted = select(every).order_by(every.c.queue_rank, every.c.id).limit(in_words(size))
    return wanted.subquery("few")


def _key(cursor: str | None) -> tuple[int, int] | None:
    values = decode_cursor(cursor, 2)
    if values is None:
        return None
    rank, last_id = (each if isinstance(each, int) else LAST_ID + 1 for each in values)
    if max(abs(rank), abs(last_id)) <= LAST_ID:
        return rank, last_id
    raise Invalid(_("Địa chỉ trang sau không còn dùng được. Xin mở lại danh sách từ đầu."))
