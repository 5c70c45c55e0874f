"""The right of reply: what an establishment sent, recorded word for word with its day (C.8)."""

from datetime import date

from sqlalchemy import select

from webapp.audit.operations import record
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, Invalid
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.notifications.operations import notify
from webapp.outcomes import permissions as may
from webapp.outcomes.facts import demand_publishable
from webapp.outcomes.messages import REPLY_RECEIVED
from webapp.outcomes.models import EstablishmentReply
from webapp.outcomes.policy import may_here

MAX_WORDS = 4000
_DOCUMENT_LENGTH = 120


def newest_reply(case_id: int) -> EstablishmentReply | None:
    """What the establishment sent last."""
    query = select(EstablishmentReply).where(EstablishmentReply.case_id == case_id)
    return session().scalars(query.order_by(EstablishmentReply.id.desc()).limit(1)).first()


def record_reply(
    actor: Actor, case: Case, *, words: str, received_on: date | None, document: str = ""
) -> EstablishmentReply:
    """Record what the establishment of a locked case wrote; the next version must show it.

    ``document`` says where the paper lies, for the file. Raises Forbidden, Invalid.
    """
    if not may_here(actor, case, may.DRAFT) or actor.person_id is None:
        raise Forbidden
    demand_publishable(case)
    fields = _wrong(words, received_on, document)
    if fields or received_on is None:
        raise Invalid(_("Có chỗ cần sửa."), fields=fields)
    reply = EstablishmentReply(
        case_id=case.id,
        words=words.strip(),
        received_on=received_on,
        document=document.strip() or None,
        recorded_by_id=actor.person_id,
        recorded_at=clock.now(),
    )
    session().add(reply)
    session().flush()
    record(actor, "outcome.record_reply", subject_of(case), by=may.DRAFT, reply=reply.id)
    notify(REPLY_RECEIVED, subject_of(case), organisation_id=case.owner_id)
    return reply


def _wrong(words: str, received_on: date | None, document: str) -> dict[str, Text]:
    fields: dict[str, Text] = {}
    if not words.strip() or len(words) > MAX_WORDS:
        fields["words"] = _("Xin chép nguyên văn, không quá %(limit)s chữ cái.", limit=MAX_WORDS)
    if received_on is None or received_on > clock.today_local():
        fields["received_on"] = _("Xin ghi ngày nhận, không sau hôm nay.")
    if len(document) > _DOCUMENT_LENGTH:
        fields["document"] = _("Xin ghi ngắn hơn %(limit)s chữ cái.", limit=_DOCUMENT_LENGTH)
    return fields
