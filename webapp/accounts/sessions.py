"""Open sessions and known devices. A session ends on the server; a copied cookie dies with it.

Nothing here lets a device be followed: a row holds a digest of the account and the token, so that
two accounts used on one phone have nothing in common.
"""

from datetime import timedelta

from sqlalchemy import delete, exists, select

from webapp.accounts import messages
from webapp.accounts.models import Account, Device, SignIn
from webapp.accounts.policy import is_demo
from webapp.accounts.queries import Signed, signed_by
from webapp.audit.operations import Subject, record
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.codes import digest
from webapp.core.unit_of_work import session
from webapp.notifications.operations import notify

LONGEST = timedelta(hours=12)
DEVICE_KEPT = timedelta(days=365)
_SKEW = timedelta(minutes=1)  # between the clocks of two servers


def begin_session(account: Account, token: str) -> None:
    """Open a session for whoever holds the token; those that are over leave."""
    old = SignIn.started_at < clock.now() - LONGEST
    session().execute(delete(SignIn).where(SignIn.account_id == account.id, old))
    opened = SignIn(account_id=account.id, digest=_of_token(token), started_at=clock.now())
    session().add(opened)


def open_session(token: str) -> Signed | None:
    """Whose session a token opens, while it was not ended and is not older than LONGEST."""
    found = signed_by(_of_token(token), clock.today_local())
    if found is None or not -_SKEW <= clock.now() - found.started_at < LONGEST:
        return None
    return found


def end_session(actor: Actor, token: str) -> None:
    """End one session for good."""
    found = session().scalar(select(SignIn).where(SignIn.digest == _of_token(token)))
    if found is None:
        return
    session().execute(delete(SignIn).where(SignIn.id == found.id))
    record(actor, "accounts.sign_out", Subject("account", found.account_id))


def end_sessions(account: Account) -> None:
    """End every session of an account."""
    session().execute(delete(SignIn).where(SignIn.account_id == account.id))


def note_sign_in(actor: Actor, account: Account, device: str) -> None:
    """Audit a completed sign-in; its owner hears of one from a device not seen before.

    The first device of an account is not news: somebody has just been given it. Nor is
    any device of a demo sign-in, which whoever is at the machine may use.
    """
    record(actor, "accounts.sign_in", Subject("account", account.id))
    gone = Device.last_seen_at < clock.now() - DEVICE_KEPT
    session().execute(delete(Device).where(Device.account_id == account.id, gone))
    known = known_device(account, device)
    if known is not None:
        known.last_seen_at = clock.now()
        return
    has_others = session().scalar(select(exists().where(Device.account_id == account.id)))
    now = clock.now()
    seen = Device(
        account_id=account.id,
        digest=_of_device(account, device),
        first_seen_at=now,
        last_seen_at=now,
    )
    session().add(seen)
    session().flush()
    if has_others and not is_demo(account):
        notify(messages.NEW_DEVICE, Subject("device", seen.id), person_id=account.person_id)


def known_device(account: Account, device: str) -> Device | None:
    """The device of this token, if it has signed in to this account before."""
    query = select(Device).where(Device.digest == _of_device(account, device))
    return session().scalar(query)


def _of_token(token: str) -> str:
    return digest("accounts.session", token)


def _of_device(account: Account, device: str) -> str:
    return digest("accounts.device", f"{account.id}:{device}")
