""" "Không phải": two records are not the same problem, kept so that it is not asked again."""

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from webapp.audit.operations import Subject
from webapp.audit.operations import record as note
from webapp.cases import permissions as cases_may
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, Invalid
from webapp.core.permissions import Permission
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.reporting.permissions import DECIDE
from webapp.reporting.policy import grant_for
from webapp.triage.models import NotSame
from webapp.triage.queries.not_same import Key, kept_pair, pair
from webapp.triage.queries.same_problem import Record, key_of


def say_not_same(actor: Actor, one: Record, other: Record) -> None:
    """Keep that two records are not the same problem; saying it twice keeps it once.

    Raises Forbidden, and Invalid for a record and itself.
    """
    by = _demand_both(actor, one, other)
    if key_of(one) == key_of(other):
        raise Invalid(_("Xin chọn hai việc khác nhau."))
    if actor.person_id is None:
        raise Forbidden
    if _keep(_row(key_of(one), key_of(other), actor.person_id)):
        _note(actor, "triage.not_same", one, other, by)


def take_back_not_same(actor: Actor, one: Record, other: Record) -> None:
    """Let two records be suggested to each other again. Raises Forbidden."""
    by = _demand_both(actor, one, other)
    kept = kept_pair(key_of(one), key_of(other))
    if kept is not None:
        session().delete(kept)
        session().flush()
        _note(actor, "triage.not_same_taken_back", one, other, by)


def may_say(actor: Actor, record: Record) -> bool:
    """Whether the actor decides on this record: then also what it is not the same as."""
    return _permission(actor, record) is not None


def carry_not_same(of: Record, to: Record) -> None:
    """What was said of a report holds for the case that was opened for it."""
    kind, record_id = key_of(of)
    query = select(NotSame).where(
        or_(
            (NotSame.one_kind == kind) & (NotSame.one_id == record_id),
            (NotSame.other_kind == kind) & (NotSame.other_id == record_id),
        )
    )
    for each in session().scalars(query).all():
        ends = {(each.one_kind, each.one_id), (each.other_kind, each.other_id)} - {key_of(of)}
        for other in ends - {key_of(to)}:
            _keep(_row(key_of(to), other, each.person_id))


def _keep(row: NotSame) -> bool:
    """Store the pair once, whoever says it at this moment; whether it was new."""
    if kept_pair((row.one_kind, row.one_id), (row.other_kind, row.other_id)) is not None:
        return False
    try:
        with session().begin_nested():
            session().add(row)
    except IntegrityError:
        return False
    return True


def _row(one: Key, other: Key, person_id: int) -> NotSame:
    first, second = pair(one, other)
    return NotSame(
        one_kind=first[0],
        one_id=first[1],
        other_kind=second[0],
        other_id=second[1],
        person_id=person_id,
        at=clock.now(),
    )


def _demand_both(actor: Actor, one: Record, other: Record) -> Permission:
    by = [_permission(actor, each) for each in (one, other)]
    if by[0] is None or by[1] is None:
        raise Forbidden
    return by[0]


def _permission(actor: Actor, record: Record) -> Permission | None:
    if isinstance(record, Case):
        here = record.handling_unit_id in actor.units_for(cases_may.OPEN)
        return cases_may.OPEN if here else None
    return DECIDE if grant_for(actor, record, DECIDE) else None


def _note(actor: Actor, action: str, one: Record, other: Record, by: Permission) -> None:
    kind, record_id = key_of(one)
    other_kind, other_id = key_of(other)
    note(actor, action, Subject(kind, record_id), by=by, other_kind=other_kind, other_id=other_id)
