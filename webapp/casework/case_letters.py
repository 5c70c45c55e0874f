"""Letters beside the recommendation, on a case or of a committee: what each needs, and its text.

Given are the fields of the officer's form as plain values; the rest follows from the case, or for
the report to the hearing from the half year. Nothing of a reporter reaches this module.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from webapp.cases.models import Case
from webapp.cases.workflow import CASE, OPEN
from webapp.casework.half_years import half_of
from webapp.casework.hearing import compose_report
from webapp.casework.letters import AGREED_BY, SIGNERS, case_facts, compose_urging
from webapp.casework.models import CaseLetter, Recommendation
from webapp.casework.queries import sent_recommendation
from webapp.casework.workflow import COMMITTEE_KINDS
from webapp.core import clock
from webapp.core.text import _
from webapp.directory.models import Organisation
from webapp.directory.queries import env_office_of, peoples_committee_of, province_of, setting
from webapp.documents.facts import AnswerTerm, Despatch, in_full
from webapp.documents.hearing import HEARERS
from webapp.documents.issuers import issuer_of, partner_of
from webapp.documents.letters import (
    CopyKind,
    Letter,
    Partner,
    Recipient,
    Registration,
    listed_recipients,
)
from webapp.documents.notices import Closing, Handling, Meeting, invitation, result_notice
from webapp.documents.plain_text import clean_paragraphs
from webapp.documents.queries import code_of
from webapp.documents.slips import transfer_slip

# What each kind is about, said beside its button.
HINTS = {
    "urging": _("Nhắc lại công văn kiến nghị đã gửi đến nơi."),
    "transfer": _("Chuyển nội dung đến nơi có thẩm quyền; vụ việc vẫn ở đây."),
    "notice": _("Báo kết quả cho bà con; không nêu tên ai."),
    "invitation": _("Mời họp, đối thoại, kiểm tra tại chỗ; có thể hai bên cùng ký."),
    "hearing_report": _("Số liệu lấy lúc lưu dự thảo; sửa và lưu lại thì lấy số liệu mới."),
}
_ANSWERED = frozenset({"concluded", "remedying", "awaiting_confirmation", "closed", "declined"})
_TWO_SIGN = frozenset({"notice", "invitation"})


def fits(kind: str, case: Case) -> bool:
    """Whether a letter of this kind makes sense on the case as it stands."""
    if kind == "urging":
        return CASE.allows("urge", case.state) and urgeable(sent_recommendation(case))
    if kind == "notice":
        return case.state in _ANSWERED and bool(case.summary)
    return kind != "hearing_report" and case.state in OPEN and bool(case.summary)


def urgeable(sent: Recommendation | None) -> bool:
    """Whether the recommendation in force has arrived, so that it can be recalled."""
    return sent is not None and sent.delivered_on is not None


@dataclass(frozen=True)
class Ground:
    """What a letter stands on: the committee that writes it and, mostly, a case."""

    author: Organisation
    case: Case | None = None


@dataclass(frozen=True)
class Copy:
    """One recipient's copy: an organisation of the directory, or a name that is not in it."""

    kind: CopyKind
    name: str
    recipient: Organisation | None = None


def partners_of(kind: str, ground: Ground, on: date) -> list[Organisation]:
    """The bodies of the level of the Front that may sign such a letter beside it."""
    if kind not in _TWO_SIGN:
        return []
    place = _place(ground)
    found = [peoples_committee_of(place, on), env_office_of(place, on)]
    return [each for each in found if each is not None]


def _place(ground: Ground) -> int:
    unit = ground.author.unit
    if unit.kind == "province":
        return province_of(unit).id
    return ground.case.handling_unit_id if ground.case else unit.id


def compose(
    kind: str, ground: Ground, given: Mapping[str, Any], *, partner: Organisation | None = None
) -> Letter:
    """The letter as a draft, unsigned and without a number. ``given`` has been checked.

    Raises ValueError for a kind that needs a case and has none.
    """
    if kind in COMMITTEE_KINDS:
        return _OF_A_COMMITTEE[kind](ground.author, given, partner)
    if ground.case is None:
        raise ValueError(f"a letter of the kind {kind} is about a case")
    return _OF_A_CASE[kind](ground.case, given, partner)


def copies_of(letter: CaseLetter) -> list[Copy]:
    """Who gets a copy: those addressed, who signs beside, and those listed under "Nơi nhận".

    Everybody once; the kind of copy is the one listed, where they are listed too.
    """
    first = {"transfer": "addressee", "invitation": "invited"}.get(letter.kind)
    addressed = clean_paragraphs(str(letter.given.get(first) or "")) if first else ()
    found = {in_full(each.name): each for each in _bodies(letter)}
    named = [Recipient(name, "paper") for name in addressed]
    if letter.kind == "hearing_report":
        named = [*map(Recipient, HEARERS)]
    for each in (*named, *_recipients(letter.given)):
        name = in_full(each.name)
        known = found.get(name)
        found[name] = replace(known, kind=each.copy) if known else Copy(each.copy, each.name)
    return list(found.values())


def _bodies(letter: CaseLetter) -> list[Copy]:
    sent = sent_recommendation(letter.case) if letter.kind == "urging" and letter.case else None
    bodies: list[tuple[Organisation, CopyKind]] = []
    if letter.partner is not None:
        bodies.append((letter.partner, "paper"))
    if sent is not None:
        bodies += [(sent.addressee, "electronic"), (sent.handler, "electronic")]
    return [Copy(kind, each.name, each) for each, kind in bodies]


def _recipients(given: Mapping[str, Any]) -> tuple[Recipient, ...]:
    return listed_recipients(str(given.get("electronic") or ""), str(given.get("paper") or ""))


def _urging(case: Case, given: Mapping[str, Any], _partner: Organisation | None) -> Letter:
    sent = sent_recommendation(case)
    if sent is None:
        raise ValueError("nothing was sent that could be recalled")
    return compose_urging(
        case,
        sent,
        signature=SIGNERS["chair"],
        new_due_on=_day(given["new_due_on"]),
        situation=str(given.get("situation") or ""),
        recipients=_recipients(given),
    )


def _transfer(case: Case, given: Mapping[str, Any], _partner: Organisation | None) -> Letter:
    today, until = clock.today_local(), given.get("due_on")
    term = AnswerTerm(due_on=_day(until), agreed_by=setting(AGREED_BY, today)) if until else None
    return transfer_slip(
        issuer_of(case.owner, today),
        case_facts(case, case.summary or ""),
        Despatch(
            addressee=str(given["addressee"]),
            signature=SIGNERS["chair"],
            recipients=_recipients(given),
            urgency="KHẨN" if case.urgent else None,
        ),
        Registration(drafted_on=today),
        reason=str(given["reason"]),
        term=term,
    )


def _notice(case: Case, given: Mapping[str, Any], partner: Organisation | None) -> Letter:
    today = clock.today_local()
    return result_notice(
        issuer_of(case.owner, today),
        case_facts(case, case.summary or ""),
        _handling(case),
        _closing(
            given, partner, default=(Recipient("Niêm yết tại nhà văn hóa thôn, bản", "paper"),)
        ),
        Registration(drafted_on=today),
        result=str(given["result"]),
    )


def _invitation(
    author: Organisation, given: Mapping[str, Any], partner: Organisation | None
) -> Letter:
    today = clock.today_local()
    meeting = Meeting(
        purpose=str(given["purpose"]),
        at=datetime.fromisoformat(str(given["at"])),
        place=str(given["place"]),
        points=str(given.get("points") or ""),
        host=str(given.get("host") or ""),
    )
    return invitation(
        issuer_of(author, today),
        meeting,
        _closing(given, partner, default=(Recipient("Như trên", "paper"),)),
        Registration(drafted_on=today),
        invited=clean_paragraphs(str(given["invited"])),
    )


def _hearing_report(
    author: Organisation, given: Mapping[str, Any], _partner: Organisation | None
) -> Letter:
    points = clean_paragraphs(str(given.get("points") or ""))
    half = half_of(str(given["period"]))
    return compose_report(author, half, points=points, recipients=_recipients(given))


def _closing(
    given: Mapping[str, Any], partner: Organisation | None, *, default: Iterable[Recipient]
) -> Closing:
    second: Partner | None = partner_of(partner) if partner else None
    return Closing(
        recipients=(*default, *_recipients(given)),
        signature=SIGNERS["chair"],
        partner=second,
        partner_body=partner.notation if partner else "",
        partner_name=in_full(partner.name) if partner else "",
    )


def _handling(case: Case) -> Handling:
    sent = sent_recommendation(case)
    if sent is None:
        return Handling()
    return Handling(
        letter_code=code_of(sent.document),
        sent_on=sent.issued_on,
        office=in_full(sent.addressee.name),
        answered_on=sent.answered_on,
        answer_document=sent.answer_document,
    )


def _day(value: Any) -> date:
    return date.fromisoformat(str(value))


_Composer = Callable[[Case, Mapping[str, Any], Organisation | None], Letter]
_OF_A_CASE: dict[str, _Composer] = {
    "urging": _urging,
    "transfer": _transfer,
    "notice": _notice,
}
_CommitteeComposer = Callable[[Organisation, Mapping[str, Any], Organisation | None], Letter]
_OF_A_COMMITTEE: dict[str, _CommitteeComposer] = {
    "invitation": _invitation,
    "hearing_report": _hearing_report,
}
