"""People with accounts and roles, and actors without a session."""

import itertools
from datetime import date
from functools import cache

from flask import current_app
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from tests.factories.directory import an_organisation
from webapp.accounts.models import Account, Assignment, Role
from webapp.accounts.queries import account_by_email, actor_of
from webapp.accounts.role_table import role
from webapp.accounts.sessions import begin_session
from webapp.accounts.views.session import SEEN_AT, TOKEN
from webapp.core import clock
from webapp.core.actor import Actor, ActorKind, Grant, Level
from webapp.core.clock import today_local
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Organisation, Person, Unit
from webapp.directory.queries import units_held

PASSWORD = "rừng-xanh-suối-trong"  # opens test accounts only
_TOKEN = "of-this-session"
_NUMBERS = itertools.count(1)


def make_person(
    role_code: str,
    *,
    unit: Unit,
    organisation: Organisation | None = None,
    name: str = "Lò Thị Ẳng",
    email: str | None = None,
    valid_from: date = date(2025, 7, 1),
    valid_to: date | None = None,
) -> tuple[Account, Actor]:
    """A person with an account and one assignment, inside the caller's write unit.

    Without an organisation it is the unit's Front. The password is ``PASSWORD``.
    """
    number = next(_NUMBERS)
    person = Person(name=name)
    session().add(person)
    session().flush()
    account = Account(
        person_id=person.id,
        email=email or f"{role_code}.{number}@matxanh.invalid".replace("_", "-"),
        password=_hashed(),
        active=True,
        fs_uniquifier=f"thu-{number}",
    )
    session().add(account)
    assign(person, role_code, unit, organisation, valid_from=valid_from, valid_to=valid_to)
    return account, actor_of(account, today_local())


def assign(
    person: Person,
    role_code: str,
    unit: Unit,
    organisation: Organisation | None = None,
    *,
    valid_from: date = date(2025, 7, 1),
    valid_to: date | None = None,
) -> Assignment:
    """One more role of the person."""
    made = Assignment(
        person_id=person.id,
        role_id=session().scalars(select(Role.id).where(Role.name == role_code)).one(),
        organisation_id=(organisation or an_organisation(unit=unit)).id,
        unit_id=unit.id,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    session().add(made)
    session().flush()
    return made


def actor_with(role_code: str, unit: Unit, organisation: Organisation | None = None) -> Actor:
    """A person with this role, without account, session or rows of their own."""
    number = next(_NUMBERS)
    grant = Grant(
        assignment_id=number,
        role=role_code,
        organisation_id=(organisation or an_organisation(unit=unit)).id,
        unit_id=unit.id,
        level=Level.PROVINCE if unit.kind == "province" else Level.COMMUNE,
        unit_ids=units_held([unit.id])[unit.id],
        permissions=role(role_code).permissions,
    )
    return Actor(ActorKind.PERSON, person_id=None, grants=(grant,))


def sign_in(client: FlaskClient, email: str) -> None:
    """Give the client the session of a signed-in account; the page itself has its own tests."""
    account = account_by_email(email)
    assert account is not None, email
    token = f"phien-thu-{next(_NUMBERS)}"
    with write_unit():
        begin_session(account, token)
    with client.session_transaction() as stored:
        stored.update({TOKEN: token, SEEN_AT: clock.now().timestamp()})


def token_header(client: FlaskClient) -> dict[str, str]:
    """The CSRF token of the client's session, as a header."""
    with client.session_transaction() as stored:
        stored["csrf_token"] = _TOKEN
    signer = URLSafeTimedSerializer(current_app.secret_key or "", salt="wtf-csrf-token")
    return {"X-CSRFToken": str(signer.dumps(_TOKEN))}


@cache
def _hashed() -> str:
    """A real hash at the lowest cost: checking it takes no time either."""
    context = current_app.extensions["security"].pwd_context
    cheap = context.copy(argon2__rounds=1, argon2__memory_cost=64, argon2__parallelism=1)
    return str(cheap.hash(PASSWORD))
