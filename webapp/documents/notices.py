"""Notice of result and invitation: what the Front tells the residents and whom it asks to come.

Neither names who reported: the notice goes to everybody who sent something about the case.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from webapp.documents.facts import CaseFacts, Issuer, in_sentence, reports_counted
from webapp.documents.letters import (
    Letter,
    Paragraph,
    Partner,
    Recipient,
    Registration,
    Signature,
)
from webapp.documents.numbering import compose_notation
from webapp.documents.plain_text import clean_paragraphs

NOTICE_TYPE: Final = "TB"
INVITATION_TYPE: Final = "GM"
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, kw_only=True)
class Closing:
    """Who gets a letter, who signs it, and the other party with its full name where two sign."""

    recipients: tuple[Recipient, ...]
    signature: Signature
    partner: Partner | None = None
    partner_body: str = ""
    partner_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What people are asked to: about what, when (aware), where, with which points."""

    purpose: str
    at: datetime
    place: str
    points: str
    host: str = ""


@dataclass(frozen=True, kw_only=True)
class Handling:
    """How a matter was handled: the letter sent, its answer; what is unknown stays None."""

    letter_code: str | None = None
    sent_on: date | None = None
    office: str | None = None
    answered_on: date | None = None
    answer_document: str | None = None


def result_notice(
    issuer: Issuer,
    case: CaseFacts,
    handling: Handling,
    closing: Closing,
    registration: Registration,
    *,
    result: str,
) -> Letter:
    """The thông báo kết quả of a case; result is the Front's own account, one or more lines."""
    return Letter(
        type_code=NOTICE_TYPE,
        notation=compose_notation(NOTICE_TYPE, _body(issuer, closing)),
        registration=registration,
        header=issuer.header,
        subject=(f"Kết quả giải quyết phản ánh về {in_sentence(case.category)} tại {case.unit}"),
        addressees=(),
        bases=(),
        blocks=tuple(map(Paragraph, _notice(issuer, case, handling, closing, result))),
        recipients=closing.recipients,
        filing=issuer.filing,
        signature=closing.signature,
        partner=closing.partner,
    )


def invitation(
    issuer: Issuer,
    meeting: Meeting,
    closing: Closing,
    registration: Registration,
    *,
    invited: Sequence[str],
) -> Letter:
    """The giấy mời to those invited, offices and people by their function."""
    return Letter(
        type_code=INVITATION_TYPE,
        notation=compose_notation(INVITATION_TYPE, _body(issuer, closing)),
        registration=registration,
        header=issuer.header,
        subject=meeting.purpose,
        addressees=tuple(invited),
        bases=(),
        blocks=tuple(map(Paragraph, _meeting(issuer, meeting, closing))),
        recipients=closing.recipients,
        filing=issuer.filing,
        signature=closing.signature,
        partner=closing.partner,
    )


def _body(issuer: Issuer, closing: Closing) -> str:
    return f"{issuer.body}-{closing.partner_body}" if closing.partner_body else issuer.body


def _who(issuer: Issuer, closing: Closing) -> str:
    """Whoever signs speaks in the text too."""
    beside = f" phối hợp với {closing.partner_name}" if closing.partner_name else ""
    return f"{issuer.name}{beside}"


def _notice(
    issuer: Issuer, case: CaseFacts, handling: Handling, closing: Closing, result: str
) -> Iterator[str]:
    yield (
        f"Từ {case.first_reported}, {issuer.name} đã nhận được "
        f"{reports_counted(case.report_count)} của Nhân dân về {in_sentence(case.category)} tại "
        f"{case.place}, {case.unit} (mã vụ việc {case.code})."
    )
    if handling.letter_code and handling.sent_on:
        yield (
            f"Mặt trận đã gửi Công văn số {handling.letter_code} ngày "
            f"{handling.sent_on:%d/%m/%Y} đến {handling.office}, kiến nghị xem xét, giải quyết."
        )
    if handling.answered_on:
        paper = f" tại văn bản {handling.answer_document}" if handling.answer_document else ""
        yield f"Ngày {handling.answered_on:%d/%m/%Y}, cơ quan đã trả lời{paper}."
    yield f"{_who(issuer, closing)} thông báo kết quả giải quyết như sau:"
    yield from clean_paragraphs(result)
    yield (
        "Nếu việc chưa được khắc phục như thông báo, bà con cho Mặt trận biết tại trụ sở hoặc bằng "
        "mã tra cứu của phản ánh đã gửi"
    )


def _meeting(issuer: Issuer, meeting: Meeting, closing: Closing) -> Iterator[str]:
    at = meeting.at.astimezone(_VIETNAM)
    yield (f"{_who(issuer, closing)} trân trọng kính mời quý vị dự {in_sentence(meeting.purpose)}.")
    yield f"Thời gian: {at:%H} giờ {at:%M} phút, ngày {at:%d/%m/%Y}."
    yield f"Địa điểm: {meeting.place}."
    if meeting.host:
        yield f"Chủ trì: {meeting.host}."
    points = clean_paragraphs(meeting.points)
    if points:
        yield "Nội dung:"
        yield from (f"- {point.lstrip('- ')}" for point in points)
    yield "Đề nghị quý vị đến dự đúng thời gian và địa điểm để buổi làm việc đạt kết quả"
