"""The journal of the map's counts: what one step takes away and adds, in its own transaction."""

from dataclasses import dataclass

from webapp.cases.models import Case, CellJournal
from webapp.cases.workflow import ENDED, LISTED
from webapp.core.unit_of_work import session

PUBLIC_SCOPE = 0
STATE_GROUPS = {
    "accepted": "inspecting",
    "inspecting": "inspecting",
    "concluded": "concluded",
    "remedying": "concluded",
    "awaiting_confirmation": "concluded",
    "closed": "closed",
}


def state_group(state: str) -> str:
    """The shape on the map that a state is drawn with: open, inspecting, concluded, closed."""
    return STATE_GROUPS.get(state, "open")


@dataclass(frozen=True)
class Counted:
    """Where and how a case is counted in one scope."""

    scope: int
    cell: int
    group: str
    overdue: bool


def counted(case: Case) -> frozenset[Counted]:
    """The scopes a case is counted in: the public one, and its handling unit while open."""
    group = state_group(case.state)
    rows = set()
    if case.public_since and case.state in LISTED and case.public_cell is not None:
        rows.add(Counted(PUBLIC_SCOPE, case.public_cell, group, case.overdue))
    if case.state not in ENDED and case.cell is not None:
        rows.add(Counted(case.handling_unit_id, case.cell, group, case.overdue))
    return frozenset(rows)


def write_change(before: frozenset[Counted], after: frozenset[Counted]) -> None:
    """Journal what no longer counts and what counts now; nothing when nothing changed."""
    for row in before - after:
        _write(row, -1)
    for row in after - before:
        _write(row, +1)


def touch_public() -> None:
    """Let the public data version grow though no count changed (words, a photo)."""
    session().add(CellJournal(scope=PUBLIC_SCOPE, cell=0, state_group="open", n=0, n_overdue=0))


def _write(row: Counted, sign: int) -> None:
    session().add(
        CellJournal(
            scope=row.scope,
            cell=row.cell,
            state_group=row.group,
            n=sign,
            n_overdue=sign * int(row.overdue),
        )
    )
