"""The office's inbox: cases that lie with the actor's organisation, nearest deadline first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    and_,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.orm import joinedload

from webapp.accounts.absence import not_aside
from webapp.cases.indexed import still_open, still_pending
from webapp.cases.models import Case, Proposal
from webapp.cases.permissions import APPROVE_CONCLUSION, READ_AS_OFFICE
from webapp.cases.policy import readable
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.conditions import one_of, states_in_words
from webapp.core.errors import Invalid
from webapp.core.prepared import Prepared
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
_ASKING: Final = ("new", "running", "approval")
_STATES: Final = {
    "new": ("escalated",),
    "running": ("accepted", "inspecting", "concluded", "remedying"),
    "approval": ("accepted", "inspecting"),
    "done": ("declined", "awaiting_confirmation", "closed"),
}
_EARLY: Final = ("received", "verifying", "assessed")
PAGE_SIZE: Final = 30
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class InboxRow:
    """One case of the inbox with how its nearest clock stands, None when none runs."""

    case: Case
    result: ClockResult | None


def inbox(actor: Actor, tray: str, cursor: str | None) -> Page[InboxRow]:
    """One page of a tray. Raises Invalid for a made-up cursor."""
    here = _in_tray(actor, tray).subquery("here")
    due = func.coalesce(Case.due_at, _NEVER)
    few = select(Case.id).join(here, here.c.id == Case.id)
    after = _after(cursor)
    if after is not None:
        at, last_id = after
        few = few.where(or_(due > at, and_(due == at, Case.id > last_id)))
    page = few.order_by(due, Case.id).limit(PAGE_SIZE + 1).subquery("page")
    query = select(Case).join(page, page.c.id == Case.id).order_by(due, Case.id)
    query = query.options(joinedload(Case.handling_unit), joinedload(Case.owner))
    found = list(session().scalars(query))
    rows = found[:PAGE_SIZE]
    results = nearest_results(each.id for each in rows)
    more = len(found) > PAGE_SIZE
    return Page(
        [InboxRow(each, results.get(each.id)) for each in rows],
        encode_cursor([(rows[-1].due_at or _NEVER).isoformat(), rows[-1].id]) if more else None,
    )


def tray_counts(actor: Actor) -> dict[str, int]:
    """How many cases lie in each tray that still asks for something; one statement."""
    [found] = _counts(actor).rows()
    return dict(zip(_ASKING, found, strict=True))


@lru_cache(maxsize=64)
def _counts(actor: Actor) -> Prepared:
    trays = (_in_tray(actor, tray).subquery(tray) for tray in _ASKING)
    counted = (select(func.count()).select_from(each).scalar_subquery() for each in trays)
    return Prepared(select(*counted))


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


def _in_tray(actor: Actor, tray: str) -> CompoundSelect[int]:
    """The ids of the cases of a tray: addressed to the actor's organisations, or urgent in their
    unit and taken by nobody. What is addressed to them they may read (``readable``).

    One branch for each way that a case comes there, so that each begins with an index of its own:
    of one condition for all ways both databases read every case that the office has.
    """
    mine = sorted(actor.organisations_for(READ_AS_OFFICE))
    in_states = and_(
        Case.state.in_(states_in_words(_STATES[tray])),
        _waits_for_approval(actor) if tray == "approval" else true(),
        not_aside(actor, "case", Case.id),
    )
    ways = [and_(each.in_(mine), in_states) for each in (Case.office_id, Case.addressee_id)]
    if tray == "new":
        here = one_of(Case.handling_unit_id, actor.units_for(READ_AS_OFFICE))
        nobody = Case.office_id.op("+")(literal_column("0")).is_(None)  # no index: it is of most
        early = Case.state.in_(states_in_words(_EARLY))
        untaken = (still_open(), early, Case.urgent, nobody, readable(actor))
        ways += [and_(each, *untaken) for each in (Case.addressee_id.in_(mine), here)]
    return union(*(select(Case.id).where(each) for each in ways))


def _waits_for_approval(actor: Actor) -> ColumnElement[bool]:
    if not actor.grants_for(APPROVE_CONCLUSION):
        return false()
    return exists().where(
        Proposal.case_id == Case.id,
        Proposal.kind == "conclude",
        still_pending(),
    )


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
