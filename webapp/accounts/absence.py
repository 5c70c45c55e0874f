"""Who acts for whom: delegation for an absence, with dates; and stepping aside from one record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from webapp.accounts import messages
from webapp.accounts.models import Account, Assignment, Delegation, SteppedAside
from webapp.audit.operations import Subject, record
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, Invalid, NotFound
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation, Person
from webapp.directory.validity import valid_on
from webapp.notifications.operations import notify

LONGEST = timedelta(days=90)


@dataclass(frozen=True)
class Absence:
    """From which day to which, both included."""

    first: date
    last: date


def delegate(actor: Actor, *, organisation_id: int, acting_id: int, absence: Absence) -> Delegation:
    """Let a colleague of the same organisation act for the actor while they are away.

    Only what the actor holds themselves, never what was delegated to them. Raises Forbidden, and
    Invalid by field: dates that are past, turned or too long, nobody of the organisation, somebody
    who is away too, overlap. The one who acts is told, and whoever the actor stands in for on these
    days: what was delegated is not passed on.
    """
    if actor.person_id is None or organisation_id not in _own_organisations(actor):
        raise Forbidden
    _check_dates(absence)
    if acting_id not in {each.id for each in colleagues(actor, organisation_id)}:
        raise _refused("acting", _("Xin chọn một người cùng cơ quan."))
    given = _given_by(actor.person_id, organisation_id, absence)
    if given is not None:
        words = _(
            "Những ngày này đã ủy quyền cho %(name)s (%(first)s – %(last)s). "
            "Xin kết thúc lần đó trước."
        )
        raise _refused("first", _filled(words, given.acting, given))
    away = _given_by(acting_id, organisation_id, absence)
    if away is not None:
        words = _("%(name)s cũng vắng (%(first)s – %(last)s). Xin chọn người khác.")
        raise _refused("acting", _filled(words, away.person, away))
    made = Delegation(
        person_id=actor.person_id,
        acting_id=acting_id,
        organisation_id=organisation_id,
        valid_from=absence.first,
        valid_to=absence.last,
        made_at=clock.now(),
    )
    session().add(made)
    session().flush()
    about = Subject(messages.DELEGATION, made.id)
    record(actor, "accounts.delegate", about, acting=acting_id)
    notify(messages.DELEGATED, about, person_id=acting_id)
    for left in _stood_in_for(actor.person_id, organisation_id, absence):
        notify(messages.STAND_IN_AWAY, about, person_id=left)
    return made


def end_delegation(actor: Actor, delegation_id: int) -> Delegation:
    """End a delegation before its time and tell who acted.

    Raises NotFound for another person's or an ended one.
    """
    found = session().get(Delegation, delegation_id, with_for_update=True, populate_existing=True)
    if found is None or found.person_id != actor.person_id or found.ended_at is not None:
        raise NotFound
    found.ended_at = clock.now()
    about = Subject(messages.DELEGATION, found.id)
    record(actor, "accounts.end_delegation", about)
    notify(messages.DELEGATION_ENDED, about, person_id=found.acting_id)
    return found


def delegations_of(actor: Actor) -> list[Delegation]:
    """What the actor gave or received that is not over, the earliest first."""
    query = (
        select(Delegation)
        .where(
            or_(Delegation.person_id == actor.person_id, Delegation.acting_id == actor.person_id),
            Delegation.ended_at.is_(None),
            Delegation.valid_to >= clock.today_local(),
        )
        .options(joinedload(Delegation.person), joinedload(Delegation.acting))
    )
    return list(session().scalars(query.order_by(Delegation.valid_from, Delegation.id)))


def away_today(person_ids: Iterable[int]) -> dict[int, Delegation]:
    """Of these persons those who are away today, with who acts for them, by person.

    Somebody with roles in several organisations may be away from one alone; the longest is told.
    """
    today = clock.today_local()
    query = (
        select(Delegation)
        .where(
            Delegation.person_id.in_(sorted(person_ids)),
            Delegation.ended_at.is_(None),
            valid_on(Delegation, today),
        )
        .options(joinedload(Delegation.acting))
        .order_by(Delegation.valid_to)
    )
    return {each.person_id: each for each in session().scalars(query)}


def own_organisations(actor: Actor) -> list[Organisation]:
    """The organisations the actor has roles in by themselves."""
    query = select(Organisation).where(Organisation.id.in_(sorted(_own_organisations(actor))))
    return list(session().scalars(query.order_by(Organisation.id)))


def colleagues(actor: Actor, organisation_id: int) -> Sequence[Person]:
    """Everybody else with a role in force there who can sign in, by name."""
    query = (
        select(Person)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(
            Assignment.organisation_id == organisation_id,
            Person.id != actor.person_id,
            valid_on(Assignment, clock.today_local()),
            can_sign_in(),
        )
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return session().scalars(query).all()


def can_sign_in() -> ColumnElement[bool]:
    """The condition on ``Person`` for those who could do something: an account in use."""
    return exists().where(Account.person_id == Person.id, Account.active)


def not_stepped_aside(subject: Subject) -> ColumnElement[bool]:
    """The condition on ``Person`` for those who have not stepped aside from a record."""
    return ~exists().where(
        SteppedAside.person_id == Person.id,
        SteppedAside.subject_kind == subject.kind,
        SteppedAside.subject_id == subject.id,
    )


def step_aside(actor: Actor, subject: Subject) -> None:
    """Note that the actor has stepped aside from a record; the caller moves it and audits."""
    if actor.person_id is None or subject.id is None:
        raise Forbidden
    if not has_stepped_aside(actor, subject):
        session().add(
            SteppedAside(
                person_id=actor.person_id,
                subject_kind=subject.kind,
                subject_id=subject.id,
                at=clock.now(),
            )
        )
        session().flush()


def has_stepped_aside(actor: Actor, subject: Subject) -> bool:
    """Whether the actor has nothing to do with this record any more."""
    query = select(SteppedAside.id).where(
        SteppedAside.person_id == actor.person_id,
        SteppedAside.subject_kind == subject.kind,
        SteppedAside.subject_id == subject.id,
    )
    return session().scalar(query.limit(1)) is not None


def carry_asides(of: Subject, to: Subject) -> None:
    """Whoever stepped aside from the one has stepped aside from the other too."""
    for person_id in sorted(set(asides_of([of])) - set(asides_of([to]))):
        session().add(
            SteppedAside(
                person_id=person_id, subject_kind=to.kind, subject_id=to.id, at=clock.now()
            )
        )


def asides_of(subjects: Sequence[Subject]) -> Sequence[int]:
    """The ids of whoever stepped aside from one of these records."""
    keys = [(each.kind, each.id) for each in subjects]
    if not keys:
        return []
    query = select(SteppedAside.person_id).where(
        tuple_(SteppedAside.subject_kind, SteppedAside.subject_id).in_(keys)
    )
    return session().scalars(query.distinct()).all()


def drop_asides(subject: Subject, person_ids: Sequence[int]) -> None:
    """Let these persons read a record again."""
    session().execute(
        delete(SteppedAside).where(
            SteppedAside.subject_kind == subject.kind,
            SteppedAside.subject_id == subject.id,
            SteppedAside.person_id.in_(person_ids),
        )
    )


def not_aside(actor: Actor, kind: str, column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """The condition on a record's id for those the actor has not stepped aside from."""
    if actor.person_id is None:
        return true()
    query = select(SteppedAside.subject_id).where(
        SteppedAside.person_id == actor.person_id, SteppedAside.subject_kind == kind
    )
    return column.not_in(query)


def _own_organisations(actor: Actor) -> set[int]:
    query = select(Assignment.organisation_id).where(
        Assignment.person_id == actor.person_id, valid_on(Assignment, clock.today_local())
    )
    return set(session().scalars(query))


def _check_dates(absence: Absence) -> None:
    if absence.last < absence.first:
        raise _refused("last", _("Ngày về phải sau ngày đi."))
    if absence.last < clock.today_local():
        raise _refused("last", _("Những ngày này đã qua."))
    if absence.last - absence.first >= LONGEST:  # both days are included
        raise _refused("last", _("Nhiều nhất 90 ngày mỗi lần."))


def _stood_in_for(acting_id: int, organisation_id: int, absence: Absence) -> list[int]:
    """The persons for whom somebody acts on some of these days."""
    query = select(Delegation.person_id).where(
        Delegation.acting_id == acting_id, _overlaps(organisation_id, absence)
    )
    return sorted(set(session().scalars(query)))


def _given_by(person_id: int, organisation_id: int, absence: Absence) -> Delegation | None:
    """What a person delegated for some of these days: then they are away."""
    query = select(Delegation).where(
        Delegation.person_id == person_id, _overlaps(organisation_id, absence)
    )
    return session().scalar(query.order_by(Delegation.valid_from).limit(1))


def _overlaps(organisation_id: int, absence: Absence) -> ColumnElement[bool]:
    """Delegations in an organisation that hold on some of these days."""
    return and_(
        Delegation.organisation_id == organisation_id,
        Delegation.ended_at.is_(None),
        Delegation.valid_from <= absence.last,
        Delegation.valid_to >= absence.first,
    )


def _filled(words: Text, who: Person, given: Delegation) -> Text:
    first, last = f"{given.valid_from:%d/%m/%Y}", f"{given.valid_to:%d/%m/%Y}"
    return Text(words.source, {"name": who.name, "first": first, "last": last})


def _refused(field: str, message: Text) -> Invalid:
    return Invalid(message, fields={field: message})
