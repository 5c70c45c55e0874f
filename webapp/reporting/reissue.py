"""A lost tracking code: a new one goes to the address that was left, and nobody learns whether.

Asking is one row in the outbox, the same for known and unknown addresses; the worker looks. The
old code works until the new one is used, and asking again sends the same new one, so that asking in
another's name takes nothing away.
"""

import uuid
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, or_, select

from webapp.audit.operations import record
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.codes import keys, tracking_code
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.operations import enqueue
from webapp.notifications.operations import notify
from webapp.reporting import messages
from webapp.reporting.identity import LOST_CODE, email_digest, phone_digest
from webapp.reporting.models import ReissuedCode, Report, ReportIdentity
from webapp.reporting.steps import subject_of
from webapp.reporting.tracking import NEW_CODES_FOR, tracking_digest

MOST_CODES: Final = 5
PAUSE: Final = timedelta(hours=1)


def ask_new_code(*, phone: str | None, email: str | None) -> None:
    """Have the worker look for reports of this phone or address; nothing of it is kept in clear."""
    phone_found = phone_digest(phone) if phone else None
    email_found = email_digest(email) if email else None
    enqueue(LOST_CODE, phone=phone_found, email=email_found)


def reissue_codes(phone: str | None, email: str | None) -> None:
    """Task: have new codes for the newest reports of an address sent there, good for 7 days more.

    At most once an hour for one report; may run twice.
    """
    with write_unit():
        for report in _reports_of(phone, email):
            _prepare(report)
            # Each to the address of that very report: a shared phone is no shared mailbox.
            notify(messages.NEW_CODE, subject_of(report))


def adopt_new_code(code: str | None) -> None:
    """Make a re-issued code, now used, the only code of its report; any other code is no change."""
    wanted = tracking_digest(code or "")
    row = session().scalar(select(ReissuedCode).where(ReissuedCode.digest == wanted))
    if row is None or row.issued_at < clock.now() - NEW_CODES_FOR:
        return
    report = session().get_one(Report, row.report_id, with_for_update=True)
    report.tracking_digest, report.tracking_version = row.digest, None
    session().delete(row)
    record(SYSTEM, "report.replace_code", subject_of(report))
    session().flush()


def _prepare(report: Report) -> None:
    known = session().get(ReissuedCode, report.id)
    if known is not None and known.issued_at > clock.now() - NEW_CODES_FOR:
        known.issued_at = clock.now()
    else:
        _make(report)
    record(SYSTEM, "report.reissue_code", subject_of(report))
    session().flush()


def _make(report: Report) -> None:
    session().execute(delete(ReissuedCode).where(ReissuedCode.report_id == report.id))
    uid, version = uuid.uuid4().hex, keys().current
    session().add(
        ReissuedCode(
            report_id=report.id,
            uid=uid,
            version=version,
            digest=tracking_digest(tracking_code(uid, version)),
            issued_at=clock.now(),
        )
    )


def _reports_of(phone: str | None, email: str | None) -> list[Report]:
    """The newest reports that left this phone or address and got no new code of late."""
    wanted = [
        *([ReportIdentity.phone_digest == phone] if phone else []),
        *([ReportIdentity.email_digest == email] if email else []),
    ]
    if not wanted:
        return []
    recent = select(ReissuedCode.report_id).where(ReissuedCode.issued_at > clock.now() - PAUSE)
    query = (
        select(Report)
        .join(ReportIdentity, ReportIdentity.report_id == Report.id)
        .where(or_(*wanted), Report.state != "withdrawn", Report.id.not_in(recent))
        .order_by(Report.id.desc())
        .limit(MOST_CODES)
    )
    return list(session().scalars(query))
