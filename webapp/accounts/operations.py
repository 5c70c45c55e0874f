"""Accounts, their roles and their second factor. Every change is audited and rotates what it must.

Passwords arrive hashed: hashing takes time on purpose and has no place inside a write unit.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from webapp.accounts import second_factor
from webapp.accounts.models import Account, Assignment, Role
from webapp.accounts.permissions import MANAGE
from webapp.accounts.queries import account_by_email
from webapp.accounts.role_table import UnknownRole, role
from webapp.accounts.sessions import end_sessions
from webapp.audit.operations import Subject, record
from webapp.core.actor import Actor
from webapp.core.clock import now
from webapp.core.errors import Invalid
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation, Person, Unit

PASSWORD_LENGTH = 10


@dataclass(frozen=True)
class Post:
    """What a person is there for: a role at an organisation for a unit, between two days."""

    role: str
    organisation: Organisation
    unit: Unit
    valid_from: date
    valid_to: date | None = None


def require_strong(password: str) -> None:
    """Raise Invalid for a password that is too short."""
    if len(password) < PASSWORD_LENGTH:
        message = _("Mật khẩu cần ít nhất %(length)s ký tự.", length=PASSWORD_LENGTH)
        raise Invalid(message, fields={"password": message})


def create_account(
    actor: Actor, *, name: str, email: str, password_hash: str, post: Post | None
) -> Account:
    """Make a person with a sign-in, and with a first role unless it is a resident.

    Raises Forbidden, and Invalid for an address that is malformed or taken or a role that is not
    held at the level of the unit.
    """
    actor.demand(MANAGE)
    address = _free_address(email)
    person = Person(name=name)
    session().add(person)
    session().flush()
    account = Account(
        person_id=person.id,
        email=address,
        password=password_hash,
        active=True,
        fs_uniquifier=uuid.uuid4().hex,
        confirmed_at=now(),
    )
    session().add(account)
    session().flush()
    record(actor, "accounts.create", Subject("account", account.id), by=MANAGE)
    if post is not None:
        assign_role(actor, person, post)
    return account


def assign_role(actor: Actor, person: Person, post: Post) -> Assignment:
    """Give a person a role. Raises Forbidden, and Invalid when role, unit or dates do not fit."""
    actor.demand(MANAGE)
    _check_post(post)
    made = Assignment(
        person_id=person.id,
        role_id=session().scalars(select(Role.id).where(Role.name == post.role)).one(),
        organisation_id=post.organisation.id,
        unit_id=post.unit.id,
        valid_from=post.valid_from,
        valid_to=post.valid_to,
    )
    session().add(made)
    session().flush()
    record(
        actor,
        "accounts.assign",
        Subject("assignment", made.id),
        by=MANAGE,
        role=post.role,
        organisation=post.organisation.id,
        unit=post.unit.id,
    )
    return made


def disable_account(actor: Actor, account: Account) -> None:
    """Close a sign-in at once, open sessions included. Raises Forbidden."""
    actor.demand(MANAGE)
    account.active = False
    end_sessions(account)
    record(actor, "accounts.disable", Subject("account", account.id), by=MANAGE)


def change_password(actor: Actor, account: Account, password_hash: str) -> None:
    """Set the own password, checked by the caller; every session of the account ends."""
    account.password = password_hash
    end_sessions(account)
    record(actor, "accounts.change_password", Subject("account", account.id))


def turn_on_second_factor(actor: Actor, account: Account, secret: str) -> list[str]:
    """Ask for a one-time code from now on; the recovery codes, shown this once."""
    account.tf_primary_method = "authenticator"
    account.tf_totp_secret = second_factor.sealed_secret(secret, account.id)
    fresh = second_factor.new_recovery_codes()
    account.mf_recovery_codes = [second_factor.recovery_digest(account.id, code) for code in fresh]
    record(actor, "accounts.second_factor_on", Subject("account", account.id))
    return fresh


def turn_off_second_factor(actor: Actor, account: Account) -> None:
    """For somebody who lost the phone and the recovery codes. Raises Forbidden."""
    actor.demand(MANAGE)
    account.tf_primary_method = None
    account.tf_totp_secret = None
    account.mf_recovery_codes = None
    record(actor, "accounts.second_factor_off", Subject("account", account.id), by=MANAGE)


def spend_recovery_code(actor: Actor, account_id: int, code: str) -> bool:
    """Whether the code was one of the account's; it is used up."""
    account = session().get_one(Account, account_id, with_for_update=True, populate_existing=True)
    digest = second_factor.recovery_digest(account.id, code)
    left = list(account.mf_recovery_codes or [])
    if digest not in left:
        return False
    left.remove(digest)
    account.mf_recovery_codes = left
    record(actor, "accounts.recovery_code", Subject("account", account.id), left=len(left))
    return True


def _free_address(email: str) -> str:
    try:
        # The demo's and an office's inner addresses need no public domain.
        checked = validate_email(email, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise _refused("email", _("Địa chỉ thư điện tử chưa đúng.")) from None
    address = checked.normalized.lower()
    if account_by_email(address) is not None:
        raise _refused("email", _("Địa chỉ thư điện tử này đã có tài khoản."))
    return address


def _check_post(post: Post) -> None:
    try:
        row = role(post.role)
    except UnknownRole:
        raise _refused("role", _("Không có vai trò “%(role)s”.", role=post.role)) from None
    if post.unit.kind not in row.levels:
        raise _refused("unit", _("Vai trò này không giao ở cấp của đơn vị đã chọn."))
    if post.valid_to is not None and post.valid_to < post.valid_from:
        raise _refused("valid_to", _("Ngày hết hạn phải sau ngày bắt đầu."))


def _refused(field: str, message: Text) -> Invalid:
    return Invalid(message, fields={field: message})
