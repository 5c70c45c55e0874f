"""Refusing what a sender asks after a refusal or an end. Granting it is the step itself."""

from sqlalchemy import select

from webapp.cases import permissions as cases_may
from webapp.cases.policy import holds
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, NotFound
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.reporting.asks import refuse_ask
from webapp.reporting.models import Report, SenderAsk
from webapp.reporting.permissions import DECIDE
from webapp.reporting.policy import grant_for
from webapp.reporting.steps import claim_report
from webapp.triage.operations.reports import others_decide


def refuse(actor: Actor, ask_id: int, *, words: str) -> None:
    """Say why it stays as it is, in words that the sender reads.

    Raises NotFound when the ask is not visible, Forbidden for another committee's and for the one
    who decided where somebody else could, Invalid, TransitionRefused when it is answered already.
    """
    code = session().scalar(select(Report.code).join(SenderAsk).where(SenderAsk.id == ask_id))
    if code is None:
        raise NotFound
    report = claim_report(actor, code, seen=None)
    ask = session().get_one(SenderAsk, ask_id, populate_existing=True)
    if not may_answer(actor, report, ask):
        raise Forbidden(_("Đề nghị này không thuộc việc của ông/bà trả lời."))
    if ask.kind == "reconsider" and _decided(actor, report):
        raise Forbidden(_("Người đã quyết định không tự trả lời. Xin để cán bộ khác trả lời."))
    refuse_ask(actor, report, ask, words=words)


def may_answer(actor: Actor, report: Report, ask: SenderAsk) -> bool:
    """Whether the ask is the actor's to grant or to refuse."""
    if ask.kind == "reconsider":
        return grant_for(actor, report, DECIDE) is not None
    case = report.case
    return case is not None and any(
        holds(grant, case, "reopen") for grant in actor.grants_for(cases_may.REOPEN)
    )


def _decided(actor: Actor, report: Report) -> bool:
    return report.decided_by_id == actor.person_id and others_decide(actor, report)
