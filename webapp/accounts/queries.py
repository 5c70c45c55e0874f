"""From an account to an actor, judged by the assignments in force on the day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Date, Select, bindparam, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from webapp.accounts.models import Account, Assignment, Delegation, Role, RolePermission
from webapp.core.actor import Actor, ActorKind, Grant, Level
from webapp.core.clock import today_local
from webapp.core.permissions import Permission
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation, Unit
from webapp.directory.queries import units_held
from webapp.directory.validity import valid_on


def account_by_email(email: str) -> Account | None:
    """The account that signs in with this address, in any case of letters."""
    return session().scalar(select(Account).where(Account.email == email.strip().lower()))


def account_by_id(account_id: int) -> Account | None:
    """The account with this id."""
    return session().get(Account, account_id)


def persons_with(permission: Permission, unit_ids: Iterable[int]) -> list[int]:
    """The ids of everybody with this permission by an assignment in force for one of the units."""
    query = (
        select(Assignment.person_id)
        .join(RolePermission, RolePermission.role_id == Assignment.role_id)
        .where(
            RolePermission.permission == permission,
            Assignment.unit_id.in_(list(unit_ids)),
            valid_on(Assignment, today_local()),
        )
        .distinct()
        .order_by(Assignment.person_id)
    )
    return list(session().scalars(query))


def actor_of(account: Account, on: date) -> Actor:
    """The person of the account with the grants in force that day; two statements.

    A grant holds for its unit, every unit below and the units these took the place of: after a
    merger the successors answer for what was left. It ends with the assignment, the organisation
    or the unit, whichever ends first. A disabled account holds nothing.
    """
    held = _assignments(account.person_id, on) if account.active else []
    places = units_held({assignment.unit.id for assignment in held}) if held else {}
    grants = tuple(_grant(assignment, places) for assignment in held)
    return Actor(ActorKind.PERSON, account.person_id, grants)


def _grant(assignment: Assignment, places: Mapping[int, frozenset[int]]) -> Grant:
    return Grant(
        assignment_id=assignment.id,
        role=assignment.role.name,
        organisation_id=assignment.organisation_id,
        unit_id=assignment.unit_id,
        level=Level.PROVINCE if assignment.unit.kind == "province" else Level.COMMUNE,
        unit_ids=places[assignment.unit_id],
        permissions=frozenset(held.permission for held in assignment.role.permissions_held),
    )


def _assignments(person_id: int, on: date) -> Sequence[Assignment]:
    values = {"person": person_id, "on": on}
    return session().scalars(_assignments_query(), values).unique().all()


@cache
def _assignments_query() -> Select[Assignment]:
    """Built once: it is asked at every request, and building takes longer than running.

    Whoever acts for somebody absent holds that person's assignments too, in the organisation named.
    """
    on: Any = bindparam("on", type_=Date())
    person: Any = bindparam("person", type_=BigInteger())
    own = select(Assignment.id).where(Assignment.person_id == person)
    of_absent = (
        select(Assignment.id)
        .join(Delegation, Delegation.person_id == Assignment.person_id)
        .where(
            Delegation.acting_id == person,
            Delegation.organisation_id == Assignment.organisation_id,
            Delegation.ended_at.is_(None),
            valid_on(Delegation, on),
        )
    )
    return (
        select(Assignment)
        .join(Assignment.organisation)
        .join(Assignment.unit)
        .where(
            Assignment.id.in_(union_all(own, of_absent)),
            valid_on(Assignment, on),
            valid_on(Organisation, on),
            valid_on(Unit, on),
        )
        .options(
            contains_eager(Assignment.unit),
            contains_eager(Assignment.organisation),
            joinedload(Assignment.role).joinedload(Role.permissions_held),
        )
        .order_by(Assignment.id)
    )
