"""Who sent a report: sealed, found by keyed digest only, opened with a reason that is kept."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import select

from webapp.audit.operations import Subject, record, seal_reason
from webapp.core import clock, crypto
from webapp.core.actor import Actor
from webapp.core.codes import digest
from webapp.core.errors import Forbidden, NotFound
from webapp.core.resealing import sealed_in
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.jobs.operations import drop_naming
from webapp.notifications.subscriptions import forget_subject
from webapp.reporting.models import IdentityOpening, Report, ReportIdentity
from webapp.reporting.permissions import OPEN_IDENTITY
from webapp.reporting.policy import demand, grant_for
from webapp.reporting.submission import Contact
from webapp.reporting.wording import required

REASON_LIMIT: Final = 500
LOST_CODE: Final = "reporting.reissue"
"""The outbox kind that looks for the reports of a phone or an address."""


@dataclass(frozen=True)
class Identity:
    """What the sender told about themselves; None where they said nothing."""

    name: str | None
    phone: str | None
    email: str | None


def seal_identity(report: Report, contact: Contact) -> None:
    """Store who sent the report, every value bound to its row and column; nothing if unnamed."""
    if not contact:
        return
    uid = uuid.uuid4().hex
    session().add(
        ReportIdentity(
            report_id=report.id,
            uid=uid,
            key_id=crypto.ring().current,
            name_sealed=_sealed(contact.name, "name", uid),
            phone_sealed=_sealed(contact.phone, "phone", uid),
            email_sealed=_sealed(contact.email, "email", uid),
            phone_digest=phone_digest(contact.phone) if contact.phone else None,
            email_digest=email_digest(contact.email) if contact.email else None,
        )
    )


def open_identity(actor: Actor, report: Report, *, reason: str) -> Identity:
    """Open who sent it, once, for a reason that the auditor reads (rings of sight).

    Raises Forbidden outside the officer's unit, Invalid without a reason, NotFound when the sender
    gave no name and no contact, and after a message about reprisal.
    """
    words = required(reason, "reason", REASON_LIMIT)
    demand(actor, report, OPEN_IDENTITY)
    identity = _unsealed(report.id)
    if identity is None or report.reprisal_at is not None:
        # One answer: a commune officer must not learn that a reprisal was told.
        raise NotFound(_("Không có tên hay cách liên lạc nào mở được cho phản ánh này."))
    log_opening(actor, report, "identity", words)
    return identity


def open_identities(actor: Actor, reports: Iterable[Report], *, reason: str) -> dict[int, Identity]:
    """Open who sent each of many reports, for one reason, logged for each row that is opened.

    Rows outside the actor's units, locked after a message about reprisal, or without a name and
    contact are left out.
    """
    opened = {}
    for report in reports:
        if report.reprisal_at is not None or grant_for(actor, report, OPEN_IDENTITY) is None:
            continue
        identity = _unsealed(report.id)
        if identity is not None:
            log_opening(actor, report, "register", reason)
            opened[report.id] = identity
    return opened


def log_opening(actor: Actor, report: Report, what: str, words: str) -> None:
    """Keep for the auditor that somebody opened an identity or an original, and why."""
    if actor.person_id is None:
        raise Forbidden
    reason = seal_reason(words)
    session().flush()
    session().add(
        IdentityOpening(
            report_id=report.id,
            person_id=actor.person_id,
            what=what,
            at=clock.now(),
            reason_id=reason.id,
        )
    )
    subject = Subject("report", report.id)
    record(actor, f"report.open_{what}", subject, by=OPEN_IDENTITY, reason=reason)


def contact_of(report_id: int) -> Identity | None:
    """The contact for notices to the sender; opened by the system, shown to nobody."""
    return _unsealed(report_id)


def forget_identity(report: Report) -> None:
    """Remove who sent it for good, with the phones that asked to be told."""
    forget_subject("report", [report.id])
    row = session().get(ReportIdentity, report.id)
    if row is not None:
        for key, found in (("phone", row.phone_digest), ("email", row.email_digest)):
            drop_naming([LOST_CODE], key, [found] if found else [])
        session().delete(row)
    report.person_id = None


def phone_digest(phone: str) -> str:
    """The blind index of a phone number, however it was written."""
    digits = "".join(filter(str.isdigit, phone))
    national = "0" + digits.removeprefix("84") if digits.startswith("84") else digits
    return digest("report_identity.phone", national)


def email_digest(email: str) -> str:
    """The blind index of an address, in any case of letters."""
    return digest("report_identity.email", email.strip().lower())


def _unsealed(report_id: int) -> Identity | None:
    row = session().scalar(select(ReportIdentity).where(ReportIdentity.report_id == report_id))
    if row is None:
        return None
    return Identity(
        name=_opened(row.name_sealed, "name", row.uid),
        phone=_opened(row.phone_sealed, "phone", row.uid),
        email=_opened(row.email_sealed, "email", row.uid),
    )


def _sealed(value: str | None, column: str, uid: str) -> bytes | None:
    return crypto.seal(value.encode(), binding=_binding(column, uid)) if value else None


def _opened(value: bytes | None, column: str, uid: str) -> str | None:
    return crypto.unseal(value, binding=_binding(column, uid)).decode() if value else None


def _binding(column: str, uid: str) -> str:
    return f"report_identity.{column}:{uid}"


for _column in ("name", "phone", "email"):
    sealed_in(
        getattr(ReportIdentity, f"{_column}_sealed"),
        bound=ReportIdentity.uid,
        binding=partial(_binding, _column),
    )
