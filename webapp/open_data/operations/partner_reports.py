"""Reports that partners' programs send: the same gate as everybody's, answered with a token."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from webapp.audit.operations import Subject, record
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.codes import digest
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import session
from webapp.media.operations import ReceivedPhoto, discard
from webapp.open_data.models import ApiKey, OpenRequest
from webapp.open_data.queries.filters import CaseFilter, case_conditions
from webapp.reporting.models import Report
from webapp.reporting.operations import receive_photo, submit_report
from webapp.reporting.submission import Submission

CHANNEL = "other"
SAME_FOR = timedelta(hours=24)
_BODY = "open_request.body"
_SEED = "open_request.seed"
_TOKEN_BYTES = 15


@dataclass(frozen=True)
class Taken:
    """What the partner is told."""

    token: str
    created: bool


def take_report(
    key: ApiKey, submission: Submission, photos: tuple[ReceivedPhoto, ...], *, locale: str
) -> Taken:
    """Store a partner's report, or find the same one of the last 24 hours. The system is the actor:
    the key was checked, and no person is signed in.

    Raises Invalid by field. Received files are removed when the report does not take them.
    """
    body = digest(_BODY, submission.canonical())
    before = _newest(key, body)
    if before is not None and before.at > clock.now() - SAME_FOR:
        _discard(photos)
        return Taken(before.token, created=False)
    receipt = submit_report(SYSTEM, submission, raw_key=_raw_key(key, body, before), locale=locale)
    if not receipt.created:  # a twin was first, and the constraint has waited for it
        _discard(photos)
        return Taken(_token_of(receipt.report.id), created=False)
    for photo in photos:
        receive_photo(receipt.report, photo, sha256=photo.sha256)
    return Taken(_note(key, receipt.report, body), created=True)


def case_code_of(token: str) -> str | None:
    """The case that the report of this token belongs to, None while it is not public.

    Raises NotFound for an unknown token.
    """
    known = select(OpenRequest.report_id).where(OpenRequest.token == token)
    report_id = session().scalar(known)
    if report_id is None:
        raise NotFound
    listed = select(Case.code).join(Report, Report.case_id == Case.id)
    return session().scalar(listed.where(Report.id == report_id, *case_conditions(CaseFilter())))


def _newest(key: ApiKey, body: str) -> OpenRequest | None:
    same = select(OpenRequest).where(
        OpenRequest.api_key_id == key.id, OpenRequest.body_digest == body
    )
    return session().scalars(same.order_by(OpenRequest.id.desc()).limit(1)).first()


def _raw_key(key: ApiKey, body: str, before: OpenRequest | None) -> str:
    """The same for twins, so that they meet in the report's own constraint; never handed out."""
    seed = f"{key.id}:{body}:{before.id if before else 0}"
    return str(uuid.UUID(digest(_SEED, seed)[:32]))


def _token_of(report_id: int) -> str:
    token = session().scalar(select(OpenRequest.token).where(OpenRequest.report_id == report_id))
    if token is None:
        raise NotFound
    return token


def _note(key: ApiKey, report: Report, body: str) -> str:
    token = secrets.token_hex(_TOKEN_BYTES)
    session().add(
        OpenRequest(
            api_key_id=key.id, report_id=report.id, token=token, body_digest=body, at=clock.now()
        )
    )
    known = session().get_one(ApiKey, key.id)
    if known.last_used_on != clock.today_local():
        known.last_used_on = clock.today_local()
    record(SYSTEM, "open_data.take_report", Subject("report", report.id), api_key=key.id)
    session().flush()
    return token


def _discard(photos: tuple[ReceivedPhoto, ...]) -> None:
    for photo in photos:
        discard(photo)
