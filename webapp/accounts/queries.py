"""From an account to an actor, judged by the assignments in force on the day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    Date,
    Select,
    and_,
    bindparam,
    case,
    func,
    null,
    select,
    true,
    union_all,
)

from webapp.accounts.models import Account, Assignment, Delegation, Role, RolePermission, SignIn
from webapp.core.actor import Actor, ActorKind, Grant, Level
from webapp.core.clock import today_local
from webapp.core.permissions import Permission
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session
from webapp.directory.held_units import held_under, tree_mark
from webapp.directory.models import Organisation, Person, Unit
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


@dataclass(frozen=True)
class Signed:
    """Whose session it is: what every request asks, read in one statement.

    ``unit_name`` and ``unit_name_en`` are of the first grant, empty for whoever holds none;
    ``absent`` are the names of those for whom the person acts today, each once.
    """

    started_at: datetime
    account_id: int
    email: str
    active: bool
    name: str
    unit_name: str
    unit_name_en: str
    absent: tuple[str, ...]
    actor: Actor


def actor_of(account: Account, on: date) -> Actor:
    """The person of the account with the grants in force that day.

    A grant holds for its unit, every unit below and the units these took the place of: after a
    merger the successors answer for what was left. It ends with the assignment, the organisation
    or the unit, whichever ends first. A disabled account holds nothing.
    """
    session().flush()  # statements over tables do not by themselves
    return _actor(_held({"account": account.id, "on": on}, by_session=False))


def signed_by(session_digest: str, on: date) -> Signed | None:
    """The account of the session with this digest, with its actor; one statement."""
    rows = _held({"digest": session_digest, "on": on}, by_session=True)
    if not rows:
        return None
    first = rows[0]
    return Signed(
        started_at=first.started_at,
        account_id=first.account_id,
        email=first.email,
        active=first.active,
        name=first.name,
        unit_name=first.unit_name or "",
        unit_name_en=first.unit_name_en or "",
        absent=tuple(dict.fromkeys(row.absent for row in rows if row.absent)),
        actor=_actor(rows),
    )


class _Held(NamedTuple):
    """A row of ``_actor_query``: who, one grant or None, the mark of the tree of units."""

    account_id: int
    person_id: int
    email: str
    active: bool
    name: str
    started_at: Any
    assignment_id: int | None
    role: str
    organisation_id: int
    unit_id: int
    kind: str
    unit_name: str | None
    unit_name_en: str | None
    permissions: str | None
    absent: str | None
    tree: int


def _held(values: Mapping[str, Any], *, by_session: bool) -> list[_Held]:
    return list(map(_Held._make, _actor_query(by_session=by_session).rows(values)))


def _actor(rows: Sequence[_Held]) -> Actor:
    held = held_under(rows[0].tree, {row.unit_id for row in rows if row.assignment_id is not None})
    grants = tuple(
        _grant(row, row.assignment_id, held[row.unit_id])
        for row in rows
        if row.assignment_id is not None
    )
    return Actor(ActorKind.PERSON, rows[0].person_id, grants)


def _grant(row: _Held, assignment_id: int, unit_ids: frozenset[int]) -> Grant:
    return Grant(
        assignment_id=assignment_id,
        role=row.role,
        organisation_id=row.organisation_id,
        unit_id=row.unit_id,
        level=Level.PROVINCE if row.kind == "province" else Level.COMMUNE,
        unit_ids=unit_ids,
        permissions=_names(row.permissions or ""),
    )


@lru_cache(maxsize=256)
def _names(text: str) -> frozenset[str]:
    return frozenset(text.split(",")) - {""}


@cache
def _actor_query(*, by_session: bool) -> Prepared:
    """Who and what they hold, a row a grant, one without a grant for who holds none.

    Built once, over tables: it is asked at every request, and building it, or making objects of
    what it finds, takes longer than running it. The units below are kept: see ``held_under``.
    """
    on: Any = bindparam("on", type_=Date())
    who = _who(by_session=by_session).cte("who")
    grants = _grants(who, on).cte("grants")
    return Prepared(
        select(who, grants, tree_mark())
        .select_from(who.outerjoin(grants, true()))
        .order_by(grants.c.assignment_id)
    )


def _who(*, by_session: bool) -> Select[Any]:
    account, person = Account.__table__.c, Person.__table__.c
    query = select(
        account.id.label("account_id"),
        account.person_id,
        account.email,
        account.active,
        person.name,
    ).join_from(Account.__table__, Person.__table__, person.id == account.person_id)
    if not by_session:
        never: Any = null()
        started = never.label("started_at")
        return query.add_columns(started).where(account.id == bindparam("account"))
    sign_in = SignIn.__table__.c
    return (
        query.add_columns(sign_in.started_at)
        .join(SignIn.__table__, sign_in.account_id == account.id)
        .where(sign_in.digest == bindparam("digest"))
    )


def _grants(who: CTE, on: Any) -> Select[Any]:
    """Whoever acts for somebody absent holds that person's assignments too, where it was said."""
    held, role, unit = Assignment.__table__.c, Role.__table__.c, Unit.__table__.c
    own = select(held.id).join(who, who.c.person_id == held.person_id)
    away = Delegation.__table__.c
    of_absent = (
        select(held.id)
        .join(
            Delegation.__table__,
            and_(away.person_id == held.person_id, away.organisation_id == held.organisation_id),
        )
        .join(who, who.c.person_id == away.acting_id)
        .where(away.ended_at.is_(None), valid_on(away, on))
    )
    permission = RolePermission.__table__.c
    permissions = (
        select(func.aggregate_strings(permission.permission, ","))
        .where(permission.role_id == role.id)
        .scalar_subquery()
    )
    # Looked up for the assignments of others alone, which are few.
    person = Person.__table__.alias().c
    name = select(person.name).where(person.id == held.person_id).scalar_subquery()
    absent = case((held.person_id != who.c.person_id, name))
    return (
        select(
            held.id.label("assignment_id"),
            role.name.label("role"),
            held.organisation_id,
            held.unit_id,
            unit.kind,
            unit.name.label("unit_name"),
            unit.name_en.label("unit_name_en"),
            permissions.label("permissions"),
            absent.label("absent"),
        )
        .join_from(Assignment.__table__, Role.__table__, role.id == held.role_id)
        .join(Organisation.__table__, Organisation.__table__.c.id == held.organisation_id)
        .join(Unit.__table__, unit.id == held.unit_id)
        .join(who, who.c.active)
        .where(
            held.id.in_(union_all(own, of_absent)),
            valid_on(held, on),
            valid_on(Organisation.__table__.c, on),
            valid_on(unit, on),
        )
    )
