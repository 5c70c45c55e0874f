"""Letters on a case beside the recommendation: written, signed, numbered, delivered, voided."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from webapp.audit.operations import Subject, record
from webapp.cases.models import Case
from webapp.cases.operations import lock_case, take_step
from webapp.casework import permissions as may
from webapp.casework.case_letters import compose, copies_of, fits, partners_of
from webapp.casework.letters import SIGNERS
from webapp.casework.models import CaseLetter, CaseLetterStep, UrgingLetter
from webapp.casework.operations.answering import DELIVERY_CHANNELS
from webapp.casework.operations.moves import demand_author
from webapp.casework.queries import letter_file, letter_steps, sent_recommendation
from webapp.casework.workflow import LETTER
from webapp.core import clock
from webapp.core.actor import Actor, ActorKind
from webapp.core.errors import Conflict, Forbidden, Invalid, TransitionRefused
from webapp.core.permissions import Permission
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.core.workflow import Transition
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
    """Write a letter of a kind on a case that the caller has locked.

    Raises Forbidden, TransitionRefused when the case has no place for such a letter, Invalid by
    field.
    """
    demand_author(actor, case, may.DRAFT)
    if not fits(kind, case):
        raise TransitionRefused(_("Vụ việc chưa đến bước có văn bản này."))
    _check(kind, case, given, partner)
    letter = CaseLetter(
        case=case,
        document=create_document(actor, case.owner, compose(kind, case, given, partner=partner)),
        author_id=case.owner_id,
        partner=partner,
        kind=kind,
        state="drafted",
        version=0,
        given=dict(given),
    )
    session().add(letter)
    session().flush()
    _settle(actor, letter, "draft", None, used=may.DRAFT)
    return letter


def revise_letter(
    actor: Actor,
    letter: CaseLetter,
    given: Mapping[str, Any],
    *,
    partner: Organisation | None = None,
) -> None:
    """Write a draft anew. Raises Forbidden, TransitionRefused, Invalid by field."""
    demand_revisable_letter(actor, letter)
    _check(letter.kind, letter.case, given, partner)
    written = compose(letter.kind, letter.case, given, partner=partner)
    rewrite_document(actor, letter.document, written)
    letter.given, letter.partner = dict(given), partner
    _settle(actor, letter, "draft", None, used=may.DRAFT)


def demand_revisable_letter(actor: Actor, letter: CaseLetter) -> None:
    """Raise Forbidden, or TransitionRefused when it is not a draft any more."""
    demand_author(actor, letter.case, may.DRAFT)
    LETTER.transition("submit_for_signature", letter.state)


def submit_letter(actor: Actor, letter: CaseLetter) -> None:
    """Bring the draft to the chair or vice chair."""
    with _move(actor, letter, "submit_for_signature"):
        pass


def return_letter(actor: Actor, letter: CaseLetter, *, reason: str) -> None:
    """Give the draft back to its writer, with what to change."""
    with _move(actor, letter, "return_draft", given={"reason": reason}, words=reason):
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
    with _move(actor, letter, "sign"):
        sign_document(
            actor,
            letter.document,
            replace(SIGNERS[position], name=name),
            partner_name=partner_name.strip() or None,
        )


def issue_letter(actor: Actor, letter: CaseLetter, *, number: str | None, issued_on: date) -> None:
    """Number the letter; an urging letter recalls the recommendation from then on.

    The caller has locked the case. Raises Forbidden, TransitionRefused, Invalid by field.
    """
    with _move(actor, letter, "issue", given={"issued_on": issued_on}):
        issue_document(actor, letter.document, number=number, issued_on=issued_on)
        for name, copy in copies_of(letter.kind, letter.given):
            session().add(Delivery(document_id=letter.document_id, name=name[:200], copy=copy))
    if letter.kind == "urging":
        _urge(actor, letter, issued_on)


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
    with _move(actor, letter, "deliver", given={"channel": channel, "proof": proof.strip()}):
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
    with _move(actor, letter, "void", given={"reason": reason}, words=reason):
        void_document(actor, letter.document)


def claim_letter(actor: Actor, uid: str, *, seen: int) -> CaseLetter:
    """Lock a letter and its case, in the version the actor has seen.

    Raises NotFound when it is not there or not visible, Conflict when it moved on.
    """
    found = letter_file(actor, uid)
    lock_case(found.case_id)
    locked = session().get_one(CaseLetter, found.id, with_for_update=True, populate_existing=True)
    if locked.version != seen:
        raise _stale(locked)
    return locked


def open_copies(letter: CaseLetter) -> list[Delivery]:
    """The copies of which nobody noted the arrival yet."""
    return [each for each in letter.document.deliveries if each.delivered_on is None]


def subject_of(letter: CaseLetter) -> Subject:
    """How the audit names such a letter."""
    return Subject("case_letter", letter.id)


def _urge(actor: Actor, letter: CaseLetter, issued_on: date) -> None:
    case, sent = letter.case, sent_recommendation(letter.case)
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


def _check(kind: str, case: Case, given: Mapping[str, Any], partner: Organisation | None) -> None:
    missing = {name: MISSING for name in _REQUIRED[kind] if not str(given.get(name) or "").strip()}
    if missing:
        raise Invalid(_("Còn thiếu thông tin."), fields=missing)
    for name in _AHEAD:
        value = given.get(name)
        if value and datetime.fromisoformat(str(value)).date() < clock.today_local():
            raise invalid(name, _("Ngày này phải từ hôm nay trở đi."))
    allowed = {each.id for each in partners_of(kind, case, clock.today_local())}
    if partner is not None and partner.id not in allowed:
        raise invalid("partner", _("Cơ quan này không cùng cấp hoặc không phụ trách địa bàn."))


@contextmanager
def _move(
    actor: Actor,
    letter: CaseLetter,
    step: str,
    *,
    given: Mapping[str, object] | None = None,
    words: str | None = None,
) -> Iterator[None]:
    row = LETTER.transition(step, letter.state)
    used = _authorise(actor, letter, row)
    missing = {name: MISSING for name in row.required if (given or {}).get(name) in (None, "")}
    if missing:
        raise Invalid(_("Còn thiếu thông tin."), fields=missing)
    yield
    was, letter.state = letter.state, row.target or letter.state
    _settle(actor, letter, step, was, used=used, words=words)


def _authorise(actor: Actor, letter: CaseLetter, row: Transition) -> Permission | None:
    if actor.kind is ActorKind.SYSTEM:
        return None
    ours = {letter.author_id, letter.case.owner_id}
    for permission in row.permissions:
        if actor.organisations_for(permission) & ours:
            return permission
    raise Forbidden(
        _("Bước “%(step)s” của văn bản này không thuộc việc của ông/bà.", step=row.label)
    )


def _settle(
    actor: Actor,
    letter: CaseLetter,
    step: str,
    was: str | None,
    *,
    used: Permission | None,
    words: str | None = None,
) -> None:
    letter.version += 1
    session().add(
        CaseLetterStep(
            letter_id=letter.id,
            at=clock.now(),
            transition=step,
            to_state=letter.state,
            person_id=actor.person_id,
            words=words,
        )
    )
    session().flush()
    record(
        actor, f"casework.letter_{step}", subject_of(letter), by=used, was=was, state=letter.state
    )


def _stale(letter: CaseLetter) -> Conflict:
    last = letter_steps(letter.id)[-1]
    return Conflict(
        _(
            "%(who)s vừa làm bước “%(step)s” lúc %(when)s. Điều ông/bà đã nhập vẫn còn; "
            "xin xem lại trước khi gửi.",
            who=last.person.name if last.person else _("Hệ thống"),
            step=LETTER.transition_label(last.transition),
            when=f"{clock.local(last.at):%H:%M %d/%m/%Y}",
        )
    )
