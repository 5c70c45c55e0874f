"""Who acts in the demonstration: one officer per role and organisation, named by the role only."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from webapp.accounts.models import Account, Assignment
from webapp.accounts.role_table import role
from webapp.core.actor import Actor, ActorKind, Grant, Level
from webapp.core.unit_of_work import session
from webapp.directory import queries as directory
from webapp.directory.models import Organisation, Person, Unit


@dataclass
class Cast:
    """Actors by role and organisation, made once each; the demo accounts' persons come first."""

    _actors: dict[tuple[str, int], Actor] = field(default_factory=dict)

    def front(self, organisation: Organisation) -> Actor:
        """The officer of a Front committee, at its own level."""
        province = organisation.unit.kind == "province"
        return self.actor("front_province" if province else "front_commune", organisation)

    def office(self, organisation: Organisation) -> Actor:
        """The officer of an environment office."""
        province = organisation.unit.kind == "province"
        return self.actor("env_province" if province else "env_commune", organisation)

    def approver(self, addressee: Organisation) -> Actor:
        """Who approves the conclusions: the chair of the commune, or a leader of the department."""
        if addressee.unit.kind == "province":
            return self.actor("env_signer", addressee)
        return self.actor("commune_chair", addressee)

    def actor(self, code: str, organisation: Organisation) -> Actor:
        """The actor of a role at an organisation."""
        key = (code, organisation.id)
        if key not in self._actors:
            self._actors[key] = _actor(code, organisation)
        return self._actors[key]


def _actor(code: str, organisation: Organisation) -> Actor:
    row = role(code)
    person = _holder(code, organisation.id) or _new_person(
        f"{row.label.vi}, {organisation.unit.name} (thử)"
    )
    unit: Unit = organisation.unit
    grant = Grant(
        assignment_id=0,
        role=code,
        organisation_id=organisation.id,
        unit_id=unit.id,
        level=Level.PROVINCE if unit.kind == "province" else Level.COMMUNE,
        unit_ids=directory.units_below(unit.id),
        permissions=frozenset(row.permissions),
    )
    return Actor(ActorKind.PERSON, person.id, (grant,))


def _holder(code: str, organisation_id: int) -> Person | None:
    """The person of a demo sign-in with this role there, so that its work is theirs."""
    query = (
        select(Person)
        .join(Account, Account.person_id == Person.id)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(Assignment.organisation_id == organisation_id, Assignment.role.has(name=code))
    )
    return session().scalar(query.limit(1))


def _new_person(name: str) -> Person:
    person = Person(name=name[:120])
    session().add(person)
    session().flush()
    return person


def group_of(unit: Unit, on: date) -> Organisation:
    """The self-managed group that goes and looks. Raises LookupError when the unit has none."""
    found = [each for each in directory.groups_of(unit.id, on) if each.kind == "group"]
    if not found:
        raise LookupError(f"{unit.name} has no self-managed group")
    return found[0]
