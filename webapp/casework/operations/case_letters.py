"""Letters beside the recommendation: written, signed, numbered, delivered, voided."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from webapp.cases.models import Case
from webapp.cases.operations import take_step
from webapp.casework import permissions as may
from webapp.casework.case_letters import Ground, compose, copies_of, fits, partners_of
from webapp.casework.half_years import recent_halves
from webapp.casework.letters import SIGNERS
from webapp.casework.models import CaseLetter, UrgingLetter
from webapp.casework.operations.answering import DELIVERY_CHANNELS
from webapp.casework.operations.issuing import demand_since
from webapp.casework.operations.letter_moves import move_letter, settle_letter
from webapp.casework.queries import sent_recommendation
from webapp.casework.workflow import COMMITTEE_KINDS, LETTER
from webapp.core import clock
from webapp.core.actor import Actor, ActorKind
from webapp.core.errors import Forbidden, Invalid, TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation
from webapp.documents.models import Delivery
from webapp.documents.operations import (
    create_document,
    issue_document,
    note_delivered,
    rewrite_document,
    sign_document,
    void_document,
)
from webapp.documents.queries import code_of
from webapp.triage.operations.evidence import MISSING, invalid

_REQUIRED: Final = {
    "urging": ("new_due_on",),
    "transfer": ("addressee", "reason"),
    "notice": ("result",),
    "invitation": ("invited", "purpose", "at", "place"),
    "hearing_report": ("period",),
}
_AHEAD: Final = ("new_due_on", "due_on", "at")


def draft_letter(
    actor: Actor,
    case: Case,
    kind: str,
    given: Mapping[str, Any],
    *,
    partner: Organisation | None = None,
) -> CaseLetter:
    """Write a letter of a kind on a case that the caller has locked; the same again is the first.

    Raises Forbidden, TransitionRefused when the case has no place for such a letter, Invalid by
    field.
    """
    demand_place(actor, case, kind)
    return _draft(actor, Ground(case.owner, case), kind, given, partner)


def demand_place(actor: Actor, case: Case, kind: str) -> None:
    """Raise Forbidden, or TransitionRefused when the case has no place for such a letter."""
    _demand_writer(actor, case.owner_id)
    if not fits(kind, case):
        raise TransitionRefused(_("Vụ việc chưa đến bước có văn bản này."))


def draft_own_letter(
    actor: Actor,
    author: Organisation,
    kind: str,
    given: Mapping[str, Any],
    *,
    partner: Organisation | None = None,
) -> CaseLetter:
    """Write a letter of a committee that is about no single case; the same again is the first.

    Raises Forbidden, TransitionRefused for a kind that is about a case, Invalid by field.
    """
    _demand_writer(actor, author.id)
    if kind not in COMMITTEE_KINDS:
        raise TransitionRefused(_("Văn bản này chỉ lập được trên một vụ việc."))
    # Held until the draft is stored: a second press of the button waits, and then finds it.
    own = select(Organisation.id).where(Organisation.id == author.id)
    session().execute(own.with_for_update(key_share=True))
    return _draft(actor, Ground(author), kind, given, partner)


def _draft(
    actor: Actor,
    ground: Ground,
    kind: str,
    given: Mapping[str, Any],
    partner: Organisation | None,
) -> CaseLetter:
    _check(kind, ground, given, partner)
    if (same := _drafted_already(ground, kind, given, partner)) is not None:
        return same
    written = compose(kind, ground, given, partner=partner)
    letter = CaseLetter(
        case=ground.case,
        document=create_document(actor, ground.author, written),
        author=ground.author,
        partner=partner,
        kind=kind,
        state="drafted",
        version=0,
        given=dict(given),
    )
    session().add(letter)
    session().flush()
    settle_letter(actor, letter, "draft", None, used=may.DRAFT)
    return letter


def _drafted_already(
    ground: Ground, kind: str, given: Mapping[str, Any], partner: Organisation | None
) -> CaseLetter | None:
    """A draft that says exactly this: nobody needs it twice, and a form may be sent twice."""
    query = select(CaseLetter).where(
        CaseLetter.author_id == ground.author.id,
        CaseLetter.case_id == (ground.case.id if ground.case else None),
        CaseLetter.partner_id == (partner.id if partner else None),
        CaseLetter.kind == kind,
        CaseLetter.state == "drafted",
    )
    drafts = session().scalars(query.order_by(CaseLetter.id))
    return next((each for each in drafts if each.given == dict(given)), None)


def revise_letter(
    actor: Actor,
    letter: CaseLetter,
    given: Mapping[str, Any],
    *,
    partner: Organisation | None = None,
) -> None:
    """Write a draft anew. Raises Forbidden, TransitionRefused, Invalid by field."""
    demand_revisable_letter(actor, letter)
    ground = ground_of(letter)
    _check(letter.kind, ground, given, partner)
    written = compose(letter.kind, ground, given, partner=partner)
    rewrite_document(actor, letter.document, written)
    letter.given, letter.partner = dict(given), partner
    settle_letter(actor, letter, "draft", None, used=may.DRAFT)


def demand_revisable_letter(actor: Actor, letter: CaseLetter) -> None:
    """Raise Forbidden, or TransitionRefused when it is not a draft any more."""
    _demand_writer(actor, ground_of(letter).author.id)
    LETTER.transition("submit_for_signature", letter.state)


def ground_of(letter: CaseLetter) -> Ground:
    """What a letter stands on now: a case may have gone to another committee since."""
    case = letter.case
    return Ground(case.owner, case) if case else Ground(letter.author)


def _demand_writer(actor: Actor, author_id: int) -> None:
    if actor.kind is ActorKind.SYSTEM or author_id in actor.organisations_for(may.DRAFT):
        return
    raise Forbidden(_("Văn bản này do Mặt trận khác soạn."))


def submit_letter(actor: Actor, letter: CaseLetter) -> None:
    """Bring the draft to the chair or vice chair."""
    with move_letter(actor, letter, "submit_for_signature"):
        pass


def return_letter(actor: Actor, letter: CaseLetter, *, reason: str) -> None:
    """Give the draft back to its writer, with what to change."""
    with move_letter(actor, letter, "return_draft", given={"reason": reason}, words=reason):
        pass


def sign_letter(
    actor: Actor, letter: CaseLetter, *, position: str, name: str, partner_name: str = ""
) -> None:
    """Sign as chair or vice chair; ``partner_name`` signs for the other party where two sign.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    if position not in SIGNERS:
        raise invalid("position", MISSING)
    if not name.strip():
        raise invalid("name", _("Xin ghi họ tên người ký."))
    if letter.partner_id is not None and not partner_name.strip():
        raise invalid("partner_name", _("Văn bản hai bên cùng ký. Xin ghi người ký của bên kia."))
    with move_letter(actor, letter, "sign"):
        sign_document(
            actor,
            letter.document,
            replace(SIGNERS[position], name=name),
            partner_name=partner_name.strip() or None,
        )


def issue_letter(actor: Actor, letter: CaseLetter, *, number: str | None, issued_on: date) -> None:
    """Number the letter; an urging letter recalls the recommendation from then on.

    The caller has claimed it. Raises Forbidden, TransitionRefused, Invalid by field.
    """
    if letter.case is not None:
        demand_since(letter.case, issued_on)
    with move_letter(actor, letter, "issue", given={"issued_on": issued_on}):
        issue_document(actor, letter.document, number=number, issued_on=issued_on)
        for copy in copies_of(letter):
            recipient_id = copy.recipient.id if copy.recipient else None
            session().add(
                Delivery(
                    document_id=letter.document_id,
                    recipient_id=recipient_id,
                    name=None if copy.recipient else copy.name[:200],
                    copy=copy.kind,
                )
            )
    if letter.kind == "urging" and letter.case is not None:
        _urge(actor, letter, letter.case, issued_on)


def deliver_letter(
    actor: Actor,
    letter: CaseLetter,
    *,
    delivery_ids: list[int],
    channel: str,
    delivered_on: date,
    proof: str,
) -> None:
    """Note which copies arrived, how, and what shows it.

    Raises Forbidden, TransitionRefused, Invalid on ``copies``, ``channel``, ``delivered_on``.
    """
    if channel not in DELIVERY_CHANNELS:
        raise invalid("channel", _("Xin chọn cách gửi."))
    chosen = [each for each in open_copies(letter) if each.id in delivery_ids]
    if not chosen:
        raise invalid("copies", _("Xin chọn nơi đã nhận."))
    with move_letter(actor, letter, "deliver", given={"channel": channel, "proof": proof.strip()}):
        for each in chosen:
            note_delivered(
                actor,
                letter.document,
                each,
                channel=channel,
                delivered_on=delivered_on,
                proof=proof.strip(),
            )


def void_letter(actor: Actor, letter: CaseLetter, *, reason: str) -> None:
    """Take an issued letter back before any copy arrived; its number stays, marked void.

    Raises Forbidden, TransitionRefused, Invalid on ``reason``.
    """
    if letter.kind == "urging" or any(each.delivered_on for each in letter.document.deliveries):
        raise TransitionRefused(_("Văn bản đã gửi đi, không hủy được."))
    with move_letter(actor, letter, "void", given={"reason": reason}, words=reason):
        void_document(actor, letter.document)


def discard_letter(actor: Actor, letter: CaseLetter, *, reason: str) -> None:
    """Put a draft aside that nobody needs; it stays to be read, and waits for nobody.

    Raises Forbidden, TransitionRefused, Invalid on ``reason``.
    """
    with move_letter(actor, letter, "discard", given={"reason": reason}, words=reason):
        pass


def open_copies(letter: CaseLetter) -> list[Delivery]:
    """The copies of which nobody noted the arrival yet."""
    return [each for each in letter.document.deliveries if each.delivered_on is None]


def _urge(actor: Actor, letter: CaseLetter, case: Case, issued_on: date) -> None:
    sent = sent_recommendation(case)
    if sent is None:
        raise TransitionRefused(_("Không còn công văn kiến nghị nào để đôn đốc."))
    given = {"document": letter.document.number}
    with take_step(actor, case, "urge", voice="front", given=given) as line:
        line.public_line = str(
            _(
                "Công văn đôn đốc số %(code)s ngày %(day)s gửi %(addressee)s.",
                code=code_of(letter.document),
                day=f"{issued_on:%d/%m/%Y}",
                addressee=sent.addressee.name,
            )
        )
        line.facts = {"document": letter.document.uid}
    session().add(
        UrgingLetter(
            case_id=case.id,
            recommendation_id=sent.id,
            document=letter.document,
            new_due_on=date.fromisoformat(str(letter.given["new_due_on"])),
        )
    )
    session().flush()


def _check(
    kind: str, ground: Ground, given: Mapping[str, Any], partner: Organisation | None
) -> None:
    missing = {name: MISSING for name in _REQUIRED[kind] if not str(given.get(name) or "").strip()}
    if missing:
        raise Invalid(_("Còn thiếu thông tin."), fields=missing)
    for name in _AHEAD:
        value = given.get(name)
        if value and datetime.fromisoformat(str(value)).date() < clock.today_local():
            raise invalid(name, _("Ngày này phải từ hôm nay trở đi."))
    _check_period(str(given.get("period") or ""))
    allowed = {each.id for each in partners_of(kind, ground, clock.today_local())}
    if partner is not None and partner.id not in allowed:
        raise invalid("partner", _("Cơ quan này không cùng cấp hoặc không phụ trách địa bàn."))


def _check_period(key: str) -> None:
    if key and key not in {each.key for each in recent_halves(clock.today_local())}:
        raise invalid("period", _("Xin chọn một kỳ trong danh sách."))
