"""The office's inbox: cases that lie with the actor's organisation, nearest deadline first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal_column, or_, select
from sqlalchemy.orm import joinedload

from webapp.cases.indexed import still_open, still_pending
from webapp.cases.models import Case, Proposal
from webapp.cases.permissions import APPROVE_CONCLUSION, READ_AS_OFFICE
from webapp.cases.policy import readable
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Invalid
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.deadlines.models import Deadline
from webapp.deadlines.queries import ClockResult, results_of
from webapp.web.paging import LAST_ID, Page, decode_cursor, encode_cursor

TRAYS: Final = {
    "new": _("Mới đến"),
    "running": _("Đang xử lý"),
    "approval": _("Chờ duyệt kết luận"),
    "done": _("Đã trả lời"),
}
_STATES: Final = {
    "new": ("escalated",),
    "running": ("accepted", "inspecting", "concluded", "remedying"),
    "done": ("declined", "awaiting_confirmation", "closed"),
}
_EARLY: Final = ("received", "verifying", "assessed")
_CONCLUDABLE: Final = ("accepted", "inspecting")
PAGE_SIZE: Final = 30
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class InboxRow:
    """One case of the inbox with how its nearest clock stands, None when none runs."""

    case: Case
    result: ClockResult | None


def inbox(actor: Actor, tray: str, cursor: str | None) -> Page[InboxRow]:
    """One page of a tray. Raises Invalid for a made-up cursor."""
    query = select(Case).where(readable(actor), _with_us(actor), _in_tray(actor, tray))
    due = func.coalesce(Case.due_at, _NEVER)
    after = _after(cursor)
    if after is not None:
        at, last_id = after
        query = query.where(or_(due > at, and_(due == at, Case.id > last_id)))
    query = query.options(joinedload(Case.handling_unit), joinedload(Case.owner))
    found = list(session().scalars(query.order_by(due, Case.id).limit(PAGE_SIZE + 1)))
    rows = found[:PAGE_SIZE]
    results = nearest_results(each.id for each in rows)
    more = len(found) > PAGE_SIZE
    return Page(
        [InboxRow(each, results.get(each.id)) for each in rows],
        encode_cursor([(rows[-1].due_at or _NEVER).isoformat(), rows[-1].id]) if more else None,
    )


def tray_counts(actor: Actor) -> dict[str, int]:
    """How many cases lie in each tray that still asks for something."""
    asking = ("new", "running", "approval")
    return {tray: session().scalar(_counting(actor, tray)) or 0 for tray in asking}


def nearest_results(case_ids: Iterable[int]) -> dict[int, ClockResult]:
    """How the nearest running clock of each case stands, in two statements."""
    query = (
        select(Deadline)
        .where(
            Deadline.subject_kind == "case",
            Deadline.subject_id.in_(list(case_ids)),
            Deadline.stopped_at.is_(None),
        )
        .order_by(Deadline.due_at.desc())
    )
    deadlines = list(session().scalars(query))
    results = results_of(deadlines, clock.now())
    return {each.subject_id: results[each.id] for each in deadlines}


def _counting(actor: Actor, tray: str) -> Select[Any]:
    rows = select(Case.id).where(readable(actor), _with_us(actor), _in_tray(actor, tray))
    return select(func.count()).select_from(rows.subquery())


def _with_us(actor: Actor) -> ColumnElement[bool]:
    """Addressed to the actor's organisations, or urgent in their unit and taken by nobody."""
    mine = sorted(actor.organisations_for(READ_AS_OFFICE))
    if not mine:
        return false()
    here = sorted(actor.units_for(READ_AS_OFFICE))
    untaken = and_(
        still_open(),
        Case.urgent,
        # As an expression, or SQLite reads all that no office has, wherever it is.
        Case.office_id.op("+")(literal_column("0")).is_(None),
        Case.handling_unit_id.in_(here),
        Case.state.in_(_EARLY),
    )
    return or_(Case.office_id.in_(mine), Case.addressee_id.in_(mine), untaken)


def _in_tray(actor: Actor, tray: str) -> ColumnElement[bool]:
    if tray == "new":
        # All states first: else what an office ever had is read, to be asked for its state.
        return and_(
            Case.state.in_((*_STATES["new"], *_EARLY)),
            or_(Case.state.in_(_STATES["new"]), and_(Case.urgent, Case.office_id.is_(None))),
        )
    if tray == "approval":
        waits = exists().where(
            Proposal.case_id == Case.id,
            Proposal.kind == "conclude",
            still_pending(),
        )
        approves = bool(actor.grants_for(APPROVE_CONCLUSION))
        return and_(Case.state.in_(_CONCLUDABLE), waits) if approves else false()
    return Case.state.in_(_STATES[tray])


def _after(cursor: str | None) -> tuple[datetime, int] | None:
    values = decode_cursor(cursor, 2)
    if values is None:
        return None
    try:
        told = datetime.fromisoformat(str(values[0]))
        at = told.astimezone(UTC) if told.tzinfo else None
    except (ValueError, OverflowError):
        at = None
    if at is None or not isinstance(values[1], int) or abs(values[1]) > LAST_ID:
        raise Invalid(_("Địa chỉ trang sau không còn dùng được. Xin mở lại danh sách từ đầu."))
    return at, values[1]
