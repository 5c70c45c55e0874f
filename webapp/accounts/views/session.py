"""How a session becomes an actor, and Flask-Security at work: it hashes passwords.

All pages and words are our own, and so are sessions: the signed cookie holds a token, and the
session lives as long as the token's row. No endpoint of Flask-Security is registered, so none
needs a guard.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, current_app, g, request, session
from flask_security import Security, SQLAlchemyUserDatastore

from webapp.accounts.models import Account, Role
from webapp.accounts.policy import may_sign_in
from webapp.accounts.queries import Signed, account_by_id
from webapp.accounts.sessions import begin_session, end_session, open_session
from webapp.config import Settings
from webapp.core import clock
from webapp.core.actor import GUEST, Actor
from webapp.core.codes import digest
from webapp.core.unit_of_work import write_unit
from webapp.extensions import db
from webapp.web.current_actor import current_actor, set_loader
from webapp.web.locale import choose

IDLE = timedelta(minutes=30)
TOKEN, SEEN_AT = "sign_in", "seen_at"
_NOTED_EVERY = timedelta(minutes=1)
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
}


@dataclass(frozen=True)
class DeskPerson:
    """Who is at the desk, for the head of staff pages; ``absent`` names for whom they act today."""

    name: str
    unit_name: str
    absent: str = ""


def init_accounts(app: Flask) -> None:
    """Bind Flask-Security and tell the shell how a session becomes an actor."""
    app.config.update(_SETTINGS)
    security = Security(app, SQLAlchemyUserDatastore(db, Account, Role), register_blueprint=False)
    _leave_public_pages_alone(app, security)
    set_loader(app, load_actor)
    app.jinja_env.globals.update(
        desk_person=desk_person, current_person=current_person, account_mark=account_mark
    )


def start_session(account: Account) -> None:
    """Sign the account in. Nothing set before survives, so a session cannot be fixed."""
    session.clear()
    token = secrets.token_urlsafe(24)
    with write_unit():
        begin_session(account, token)
    session.update({TOKEN: token, SEEN_AT: clock.now().timestamp()})
    g.actor = load_actor()


def close_session() -> None:
    """Sign out: the session ends on the server, whoever else has a copy of the cookie."""
    token = session.get(TOKEN)
    if token is not None:
        with write_unit():
            end_session(current_actor(), token)
    session.clear()


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.extensions["matxanh_settings"]
    return found


def load_actor() -> Actor:
    """The actor of the session, judged by what is in force at this request.

    Whoever holds a role is signed out after IDLE; a resident's form may wait longer.
    """
    signed = _signed_of_session()
    if signed is not None and signed.actor.grants and _idle() >= IDLE:
        signed = None
    g.signed = signed
    if signed is None:
        return GUEST
    if _idle() >= _NOTED_EVERY and not _by_itself():
        session[SEEN_AT] = clock.now().timestamp()
    return signed.actor


def current_account() -> Account | None:
    """The account of the session while it may be used and the session is open."""
    signed = _signed()
    return account_by_id(signed.account_id) if signed else None


def current_person() -> str:
    """The name of who is signed in, empty for guests."""
    signed = _signed()
    return signed.name if signed else ""


def account_mark() -> str:
    """The account's name on phones, which says nothing about it; empty for guests."""
    signed = _signed()
    return digest("outbox.account", str(signed.account_id))[:22] if signed else ""


def desk_person() -> DeskPerson:
    """Name of the person, of the absent and, in the page's language, of the first grant's unit."""
    signed = _signed()
    if signed is None:
        return DeskPerson("", "")
    unit_name = signed.unit_name_en if choose() == "en" else signed.unit_name
    return DeskPerson(signed.name, unit_name, ", ".join(signed.absent))


def _signed() -> Signed | None:
    """What was read with the actor of this request."""
    current_actor()
    signed: Signed | None = g.signed
    return signed


def _signed_of_session() -> Signed | None:
    token = session.get(TOKEN)
    signed = open_session(token) if token else None
    if signed is None or not may_sign_in(signed, demo_allowed=settings().demo_allowed):
        return None
    return signed


def _idle() -> timedelta:
    return timedelta(seconds=clock.now().timestamp() - session.get(SEEN_AT, 0))


def _by_itself() -> bool:
    """Whether a page asks on its own, as the desk does all day; that is nobody at work."""
    return request.method == "GET" and request.headers.get("Sec-Fetch-Dest") == "empty"


def _leave_public_pages_alone(app: Flask, security: Security) -> None:
    """Drop hooks that read the session on every request, and for every page that is drawn.

    They serve a remember-me cookie, role objects and a ``current_user`` of templates that we do not
    have, and would make every public answer depend on cookies.
    """
    drawn = app.template_context_processors[None]
    drawn[:] = [each for each in drawn if each.__module__ != "flask_login.utils"]
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    app.after_request_funcs[None].remove(security.login_manager._update_remember_cookie)
