"""The Front's letters about a case, composed from what may leave the Front.

Nothing of a reporter goes in: neither words nor names reach this module.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from webapp.cases.categories import category
from webapp.cases.models import Case
from webapp.casework.models import Recommendation
from webapp.casework.originals import place_in_words, sealed_originals
from webapp.core import clock
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.deadlines.queries import usual_due
from webapp.deadlines.rule_table import Subject as Matter
from webapp.directory.models import Organisation
from webapp.directory.queries import env_office_of, peoples_committee_of, province_of, setting
from webapp.documents.certificate import certificate_of_originals
from webapp.documents.facts import AnswerTerm, CaseFacts, Despatch, in_full, in_sentence
from webapp.documents.front_letters import (
    SAME_AS_ABOVE,
    SentLetter,
    recommendation_letter,
    urging_letter,
)
from webapp.documents.issuers import issuer_of
from webapp.documents.letters import Letter, Recipient, Registration, Signature, bare_name
from webapp.documents.queries import code_of
from webapp.triage.models import SiteCheck
from webapp.triage.operations.assessment import Assessment

# Which signing right and position are printed (NĐ 30/2020, Phụ lục I; S1).
SIGNERS = {
    "chair": Signature(("TM. BAN THƯỜNG TRỰC",), "Chủ tịch"),
    "vice_chair": Signature(("TM. BAN THƯỜNG TRỰC", "KT. CHỦ TỊCH"), "Phó Chủ tịch"),
}
SIGNER_LABELS = {"chair": _("Chủ tịch"), "vice_chair": _("Phó Chủ tịch (ký thay)")}
TERMS = {
    "front_reco_reply": _("Việc thường, đến hết ngày %(day)s"),
    "front_reco_reply_complex": _("Việc phức tạp, đến hết ngày %(day)s"),
}
REQUEST_TEMPLATE = (
    "Kiểm tra tại chỗ, làm rõ nguyên nhân và trách nhiệm.\n"
    "Cho biết biện pháp và thời hạn khắc phục để bà con theo dõi."
)
AGREED_BY = "coordination_rule"


@dataclass(frozen=True, kw_only=True)
class RecommendationContent:
    """What an officer decides of a recommendation; the rest of the letter follows from the case.

    ``request`` holds the officer's own points, one a line; ``term`` is a key of TERMS;
    ``recipients`` get a copy besides those it is addressed to.
    """

    addressee: Organisation
    handler: Organisation
    request: str
    term: str
    assessment: Assessment | None = None
    recipients: tuple[Recipient, ...] = ()


def addressees_of(case: Case, on: date) -> list[Organisation]:
    """The competent authorities of the level of the Front that holds the case."""
    unit = case.owner.unit
    if unit.kind == "province":
        found = [env_office_of(unit.id, on), peoples_committee_of(unit.id, on)]
    else:
        found = [peoples_committee_of(case.handling_unit_id, on)]
    return [each for each in found if each is not None]


def handlers_of(case: Case, on: date) -> list[Organisation]:
    """The offices that can be asked to do the work, at the level of the Front that holds it."""
    unit = case.owner.unit
    place = province_of(unit).id if unit.kind == "province" else case.handling_unit_id
    found = [env_office_of(place, on)]
    return [each for each in found if each is not None] or addressees_of(case, on)


def answer_day(case: Case, term: str) -> date:
    """The day an answer is hoped for when the letter goes out today. Raises LookupError."""
    matter = Matter(case.category, case.severity or "", case.level)
    return clock.local(usual_due(term, matter, clock.now())).date()


def further_recipients(recommendation: Recommendation) -> list[Recipient]:
    """Who gets a copy besides addressee and handling office, as its "Nơi nhận" lists them."""
    bodies = (recommendation.addressee.name, recommendation.handler.name)
    named = {*bodies, *map(in_full, bodies), SAME_AS_ABOVE}
    listed = (Recipient(**each) for each in recommendation.document.content["recipients"])
    return list({each.name: each for each in listed if bare_name(each.name) not in named}.values())


def needs_assessment(case: Case) -> bool:
    """Whether nobody said yet what the matter is, how grave, and where the waste is from."""
    return not (case.summary and case.severity and case.waste_source)


def compose_recommendation(case: Case, content: RecommendationContent, *, due_on: date) -> Letter:
    """The letter as a draft, unsigned and without a number."""
    today = clock.today_local()
    summary = content.assessment.summary if content.assessment else case.summary or ""
    direct = content.addressee.id == content.handler.id
    return recommendation_letter(
        issuer_of(case.owner, today),
        case_facts(case, summary),
        Despatch(
            addressee=in_full(content.addressee.name),
            signature=SIGNERS["chair"],
            recipients=content.recipients,
            handling_unit=None if direct else in_full(content.handler.name),
            urgency="KHẨN" if case.urgent else None,
        ),
        Registration(drafted_on=today),
        term=AnswerTerm(due_on=due_on, agreed_by=setting(AGREED_BY, today)),
        requests=_points(content.request),
        verified_on=_verified_on(case),
        originals=sealed_originals(case),
    )


def compose_urging(
    case: Case,
    recommendation: Recommendation,
    *,
    signature: Signature,
    new_due_on: date,
    situation: str,
    recipients: tuple[Recipient, ...] = (),
) -> Letter:
    """The urging letter that recalls a recommendation that was delivered."""
    today = clock.today_local()
    sent = recommendation
    if sent.issued_on is None or sent.delivered_on is None or sent.due_on is None:
        raise ValueError("a letter that was not delivered cannot be recalled")
    direct = sent.addressee_id == sent.handler_id
    return urging_letter(
        issuer_of(sent.author, today),
        case_facts(case, case.summary or ""),
        Despatch(
            addressee=in_full(sent.addressee.name),
            signature=signature,
            recipients=recipients,
            handling_unit=None if direct else in_full(sent.handler.name),
            urgency="KHẨN" if case.urgent else None,
        ),
        Registration(drafted_on=today),
        sent=SentLetter(
            code=code_of(sent.document) or "",
            issued_on=sent.issued_on,
            delivered_on=sent.delivered_on,
        ),
        term=AnswerTerm(due_on=sent.due_on, agreed_by=setting(AGREED_BY, today)),
        new_due_on=new_due_on,
        situation=situation,
    )


def case_facts(case: Case, summary: str) -> CaseFacts:
    """The case in words that may leave the Front; of a secret one only the month is told."""
    first = clock.local(case.first_reported_at)
    return CaseFacts(
        code=case.code,
        category=category(case.category).label.vi,
        unit=in_sentence(case.handling_unit.name),
        place=place_in_words(case),
        summary=summary,
        report_count=case.report_count,
        first_reported=f"tháng {first:%m/%Y}" if case.secret else f"ngày {first:%d/%m/%Y}",
    )


def certificate(case: Case) -> Letter | None:
    """The bản xác nhận of a case's originals as the handling office gets it; None without any."""
    originals = sealed_originals(case)
    if not originals:
        return None
    today = clock.today_local()
    return certificate_of_originals(
        issuer_of(case.owner, today),
        case.code,
        originals,
        Registration(drafted_on=today, issued_on=today),
        signature=SIGNERS["chair"],
    )


def _points(request: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in request.splitlines() if line.strip())


def _verified_on(case: Case) -> date | None:
    """The last day somebody looked on site for the Front."""
    query = select(SiteCheck.visited_at).where(
        SiteCheck.case_id == case.id, SiteCheck.visited_at.is_not(None)
    )
    visited = session().scalar(query.order_by(SiteCheck.visited_at.desc()).limit(1))
    return clock.local(visited).date() if visited else None
