"""Following a case that is already known: once per key, left again at any time."""

import re
import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from webapp.audit.operations import Subject, record
from webapp.cases.indexed import listed
from webapp.cases.models import Case, CaseVote
from webapp.cases.operations import lock_case
from webapp.cases.votes import vote_fixed
from webapp.cases.workflow import OPEN
from webapp.community.models import CaseFollower
from webapp.community.queries import follow_digest, survivor
from webapp.core import clock, crypto
from webapp.core.actor import GUEST, Actor
from webapp.core.codes import keys, tracking_code
from webapp.core.errors import Invalid, NotFound, TransitionRefused
from webapp.core.resealing import sealed_in
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.notifications.subscriptions import forget_subject
from webapp.reporting.keys import key_digest, key_reused, plain_key

EMAIL_LIMIT: Final = 160
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")
_APART = "follow:"
"""Keeps a follow code apart from the tracking code of a report sent under the same key."""


@dataclass(frozen=True)
class Following:
    """What the follower keeps."""

    follower: CaseFollower
    follow_code: str
    created: bool


def follow_case(
    actor: Actor, case_code: str, *, raw_key: str | None, email: str | None = None, locale: str
) -> Following:
    """Follow an open public case as one who is affected too, once per idempotency key.

    A person who already follows it gets a new code for the same row. Raises BadRequest without a
    key, NotFound while the case is not public, TransitionRefused for a finished or a secret one,
    Invalid for a bad e-mail or a key used for another case.
    """
    plain = plain_key(raw_key)
    case = _open_case(case_code)
    known = _by_key(plain)
    if known is not None:
        return _replayed(known, case, plain)
    address = _email(email)
    mine = _mine(actor, case)
    if mine is not None:
        _bind(mine, plain)
        return Following(mine, _code(plain, mine.code_version), created=False)
    return _added(actor, case, plain, address, locale)


def leave_case(follower: CaseFollower) -> None:
    """Stop following: the row goes, with the sealed address."""
    record(GUEST, "community.leave", Subject("case", follower.case_id))
    forget_subject("case_follower", [follower.id])
    session().delete(follower)
    session().flush()


def vote_as_follower(follower: CaseFollower, *, fixed: bool | None, words: str | None) -> CaseVote:
    """Say whether the matter is fixed. Raises TransitionRefused unless the case asks for it."""
    if fixed is None:
        asked = _("Xin chọn đã xong hoặc chưa xong.")
        raise Invalid(asked, fields={"fixed": asked})
    case = lock_case(survivor(follower.case).id)
    return vote_fixed(GUEST, case, role="follower", voter=follower.uid, fixed=fixed, words=words)


def follower_email(follower: CaseFollower) -> str | None:
    """The address for notices; opened by the system, shown to nobody."""
    if follower.email_sealed is None:
        return None
    return crypto.unseal(follower.email_sealed, binding=_binding(follower.uid)).decode()


def _open_case(case_code: str) -> Case:
    case = session().scalar(select(Case).where(Case.code == case_code))
    case = survivor(case) if case is not None else None
    if case is None or case.public_since is None:
        raise NotFound
    if case.secret or case.state not in OPEN:
        raise TransitionRefused(_("Việc này đã xong hoặc không mở để theo dõi."))
    shown = select(Case.id).where(Case.id == case.id, listed())
    if session().scalar(shown) is None:
        raise NotFound
    return case


def _by_key(plain: str) -> CaseFollower | None:
    query = select(CaseFollower).where(CaseFollower.key_digest == key_digest(plain))
    return session().scalar(query)


def _mine(actor: Actor, case: Case) -> CaseFollower | None:
    if actor.person_id is None:
        return None
    query = select(CaseFollower).where(
        CaseFollower.case_id == case.id, CaseFollower.person_id == actor.person_id
    )
    return session().scalar(query.with_for_update())


def _added(actor: Actor, case: Case, plain: str, email: str | None, locale: str) -> Following:
    uid = uuid.uuid4().hex
    follower = CaseFollower(
        uid=uid,
        case_id=case.id,
        person_id=actor.person_id,
        at=clock.now(),
        locale=locale,
        key_id=crypto.ring().current if email else None,
        email_sealed=crypto.seal(email.encode(), binding=_binding(uid)) if email else None,
    )
    _bind(follower, plain)
    try:
        with session().begin_nested():
            session().add(follower)
    except IntegrityError:
        twin = _by_key(plain) or _mine(actor, case)
        if twin is None:
            raise
        return Following(twin, _code(plain, twin.code_version), created=False)
    record(GUEST, "community.follow", Subject("case", case.id), guest=actor.person_id is None)
    return Following(follower, _code(plain, follower.code_version), created=True)


def _replayed(known: CaseFollower, case: Case, plain: str) -> Following:
    if survivor(known.case).id != case.id:
        raise key_reused()
    return Following(known, _code(plain, known.code_version), created=False)


def _bind(follower: CaseFollower, plain: str) -> None:
    follower.key_digest = key_digest(plain)
    follower.code_version = keys().current
    follower.code_digest = follow_digest(_code(plain, follower.code_version))


def _code(plain: str, version: int) -> str:
    return tracking_code(_APART + plain, version)


def _email(email: str | None) -> str | None:
    written = (email or "").strip()
    if not written:
        return None
    if len(written) > EMAIL_LIMIT or not _EMAIL.fullmatch(written):
        wrong = _("Địa chỉ thư điện tử có dạng ten@noi-cap.vn.")
        raise Invalid(wrong, fields={"email": wrong})
    return written


def _binding(uid: str) -> str:
    return f"case_follower.email:{uid}"


sealed_in(CaseFollower.email_sealed, bound=CaseFollower.uid, binding=_binding)
