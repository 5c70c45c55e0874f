"""What hangs on a case, told with the case itself: a page asks only for what is there.

Most cases have no letter, no inspection and no task. Each kind of thing is one EXISTS over an index
in the statement that reads the case; a kind that is absent costs no statement of its own.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, exists
from sqlalchemy.orm import aliased

from webapp.cases.indexed import still_pending
from webapp.cases.models import Case, CasePhoto, Proposal

_MERGED = aliased(Case)
_MERGED_INTO = exists().where(_MERGED.merged_into_id == Case.id)
_STAFF: Final[dict[str, ColumnElement[bool]]] = {
    "photo": exists().where(CasePhoto.case_id == Case.id),
    "proposal": exists().where(Proposal.case_id == Case.id, still_pending()),
    "merged": _MERGED_INTO,
}
_PUBLIC: Final[dict[str, ColumnElement[bool]]] = {"merged": _MERGED_INTO}


def register_holding(name: str, condition: ColumnElement[bool], *, public: bool = False) -> None:
    """Let pages of a case know whether it has something of this kind.

    ``condition`` is an EXISTS over ``Case.id``, blind to who asks. ``public`` is for the public
    page, which asks for nothing else. Raises ValueError when the kind is taken.
    """
    known = _PUBLIC if public else _STAFF
    if name in known and known[name] is not condition:
        raise ValueError(f"two kinds of things called {name}")
    known[name] = condition


def holding_columns(*, public: bool = False) -> list[ColumnElement[bool]]:
    """The columns to read with a case; ``held`` reads their values."""
    return list((_PUBLIC if public else _STAFF).values())


def held(row: Row[*tuple[Any, ...]] | Sequence[Any], *, public: bool = False) -> frozenset[str]:
    """The kinds of things a case has, from the values of ``holding_columns`` in their order."""
    names = _PUBLIC if public else _STAFF
    return frozenset(name for name, has in zip(names, row, strict=True) if has)
