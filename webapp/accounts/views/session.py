"""Flask-Security at work: hashing and sessions. All pages and words are our own.

None of its endpoints is registered, so none needs a guard.
"""

from dataclasses import dataclass

from flask import Flask, current_app, g, session
from flask_security import Security, SQLAlchemyUserDatastore, current_user, login_user

from webapp.accounts.models import Account, Role
from webapp.accounts.policy import may_sign_in
from webapp.accounts.queries import actor_of
from webapp.config import Settings
from webapp.core import clock
from webapp.core.actor import GUEST, Actor
from webapp.directory import queries as directory
from webapp.extensions import db
from webapp.web.current_actor import current_actor, set_loader

SESSION_HOURS = 12
SIGNED_IN_AT = "signed_in_at"
_SETTINGS = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],  # a changed session secret locks nobody out
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"globally_deliverable": False},  # the demo's "…@demo"
    "SECURITY_REGISTERABLE": False,
    "SECURITY_TRACKABLE": False,
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_CLI_USERS_NAME": "",
    "SECURITY_CLI_ROLES_NAME": "",
    # Carriers change a phone's address all day: a foreign one makes the session stale, not void.
    "SESSION_PROTECTION": "basic",
}


@dataclass(frozen=True)
class DeskPerson:
    """Who is at the desk, for the head of staff pages."""

    name: str
    unit_name: str


def init_accounts(app: Flask) -> None:
    """Bind Flask-Security and tell the shell how a session becomes an actor."""
    app.config.update(_SETTINGS)
    security = Security(app, SQLAlchemyUserDatastore(db, Account, Role), register_blueprint=False)
    _leave_public_pages_alone(app, security)
    set_loader(app, load_actor)
    app.jinja_env.globals.update(desk_person=desk_person, current_person=current_person)


def start_session(account: Account) -> None:
    """Sign the account in. Nothing set before survives, so a session cannot be fixed."""
    session.clear()
    login_user(account, remember=False)
    session[SIGNED_IN_AT] = clock.now().timestamp()
    g.account = account
    g.actor = load_actor()


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.extensions["matxanh_settings"]
    return found


def load_actor() -> Actor:
    """The actor of the session, judged by what is in force at this request."""
    account = current_account()
    return actor_of(account, clock.today_local()) if account else GUEST


def current_account() -> Account | None:
    """The account of the session while it may be used and the session is not too old."""
    if "account" not in g:
        g.account = _account_of_session()
    account: Account | None = g.account
    return account


def current_person() -> str:
    """The name of who is signed in, empty for guests."""
    account = current_account()
    return account.person.name if account else ""


def desk_person() -> DeskPerson:
    """Name of the person and of the unit of the first grant."""
    grants = current_actor().grants
    return DeskPerson(current_person(), directory.unit(grants[0].unit_id).name if grants else "")


def _account_of_session() -> Account | None:
    if not current_user.is_authenticated:
        return None
    age = clock.now().timestamp() - session.get(SIGNED_IN_AT, 0)
    account: Account = current_user._get_current_object()
    usable = may_sign_in(account, demo_allowed=settings().demo_allowed)
    return account if usable and 0 <= age < SESSION_HOURS * 3600 else None


def _leave_public_pages_alone(app: Flask, security: Security) -> None:
    """Drop two hooks that read the session on every request.

    They serve a remember-me cookie and role objects that we do not have, and would make every
    public answer depend on cookies.
    """
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    app.after_request_funcs[None].remove(security.login_manager._update_remember_cookie)
