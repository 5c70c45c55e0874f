"""A notice about a matter somebody stepped aside from (né việc) is not for them.

It may name the report or the case, or what hangs on a case: features say of which kind it is.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from webapp.accounts.models import Account, SteppedAside
from webapp.core.unit_of_work import session
from webapp.notifications.models import Notice
from webapp.notifications.policy import set_left_by
from webapp.notifications.recipients import set_addresses_left

CaseOf = Callable[[ColumnElement[int]], Select[int]]
_case_of: dict[str, CaseOf] = {}


def register_case_of(subject_kind: str, case_of: CaseOf) -> None:
    """Say how the case is found of the subject of a notice, from its id. Raises ValueError."""
    if subject_kind in _case_of:
        raise ValueError(f"two ways from {subject_kind} to its case")
    _case_of[subject_kind] = case_of


def left_by(person_id: Any) -> ColumnElement[bool]:
    """Whether this person (an id or a column) stepped aside from what a ``Notice`` is about."""
    itself = and_(
        SteppedAside.subject_kind == Notice.subject_kind,
        SteppedAside.subject_id == Notice.subject_id,
    )
    through = (
        and_(
            Notice.subject_kind == kind,
            SteppedAside.subject_kind == "case",
            SteppedAside.subject_id == _one(case_of),
        )
        for kind, case_of in _case_of.items()
    )
    return exists().where(SteppedAside.person_id == person_id, or_(itself, *through))


def _one(case_of: CaseOf) -> ColumnElement[int]:
    found = case_of(Notice.__table__.c.subject_id)
    return found.correlate(Notice.__table__).scalar_subquery()


def addresses_left(notice_id: int) -> set[str]:
    """The mail addresses, in small letters, of those who stepped aside from a notice's matter."""
    aside = select(SteppedAside.person_id)
    query = (
        select(Account.email)
        .join(Notice, Notice.id == notice_id)
        .where(Account.person_id.in_(aside), left_by(Account.person_id))
    )
    return {email.lower() for email in session().scalars(query)}


set_left_by(left_by)
set_addresses_left(addresses_left)
