"""The two slips: transfer slip to another body, receipt to the person who came.

The receipt names nobody: who holds the code is who sent (architecture: codes are the only key).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from webapp.documents.facts import AnswerTerm, CaseFacts, Despatch, Issuer, counted, in_sentence
from webapp.documents.letters import Letter, Paragraph, Recipient, Registration, Signature
from webapp.documents.numbering import compose_notation
from webapp.documents.plain_text import clean_paragraphs

TRANSFER_TYPE: Final = "PC"
RECEIPT_TYPE: Final = "PTN"
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, kw_only=True)
class ReceivedReport:
    """What a receipt says of a report; received_at is aware, files the number of photos sent.

    tracking_code is printed in groups as shown to its holder, never in an address.
    """

    code: str
    category: str
    place: str
    channel: str
    received_at: datetime
    files: int
    tracking_code: str
    follow_address: str


def transfer_slip(
    issuer: Issuer,
    case: CaseFacts,
    despatch: Despatch,
    registration: Registration,
    *,
    reason: str,
    term: AnswerTerm | None = None,
) -> Letter:
    """The phiếu chuyển of a matter to the body it belongs to; reason says why it goes there."""
    return Letter(
        type_code=TRANSFER_TYPE,
        notation=compose_notation(TRANSFER_TYPE, issuer.body),
        registration=registration,
        header=issuer.header,
        subject=f"Phản ánh của người dân về {in_sentence(case.category)}",
        addressees=(despatch.addressee,),
        bases=(),
        blocks=tuple(map(Paragraph, _transfer(issuer, case, despatch.addressee, reason, term))),
        recipients=(Recipient("Như trên", "paper"), *despatch.recipients),
        filing=issuer.filing,
        signature=despatch.signature,
        urgency=despatch.urgency,
    )


def receipt(
    issuer: Issuer, report: ReceivedReport, registration: Registration, *, received_by: str | None
) -> Letter:
    """The phiếu tiếp nhận handed to the person; received_by is the officer who took it in."""
    return Letter(
        type_code=RECEIPT_TYPE,
        notation=None,
        registration=registration,
        header=issuer.header,
        subject="Phản ánh về môi trường",
        addressees=(),
        bases=(),
        blocks=tuple(map(Paragraph, _receipt(issuer, report))),
        recipients=(),
        filing="",
        signature=Signature((), "Người tiếp nhận", received_by),
    )


def _transfer(
    issuer: Issuer,
    case: CaseFacts,
    addressee: str,
    reason: str,
    term: AnswerTerm | None,
) -> Iterator[str]:
    yield (
        f"Từ {case.first_reported}, {issuer.name} nhận được phản ánh của người dân về "
        f"{in_sentence(case.category)} tại {case.place}, {case.unit} (mã {case.code}). "
        "Nội dung tóm tắt như sau:"
    )
    yield from clean_paragraphs(case.summary)
    yield from clean_paragraphs(reason)
    until = f", chậm nhất vào {term}," if term else ""
    yield (
        f"{issuer.name} chuyển nội dung trên đến {addressee} để xem xét, giải quyết theo thẩm "
        f"quyền; đề nghị thông báo kết quả đến Mặt trận{until} để trả lời người dân."
    )


def _receipt(issuer: Issuer, report: ReceivedReport) -> Iterator[str]:
    received = report.received_at.astimezone(_VIETNAM)
    yield f"{issuer.name} đã tiếp nhận phản ánh của ông/bà với các nội dung sau:"
    yield f"- Mã phản ánh: {report.code}"
    yield f"- Nội dung: {report.category}"
    yield f"- Địa điểm: {report.place}"
    yield f"- Thời điểm tiếp nhận: {received:%H} giờ {received:%M} phút, ngày {received:%d/%m/%Y}"
    yield f"- Hình thức tiếp nhận: {report.channel}"
    yield f"- Ảnh gửi kèm: {counted(report.files)} ảnh"
    yield f"- Mã tra cứu: {report.tracking_code}"
    yield (
        f"Ông/bà dùng mã tra cứu để theo dõi việc giải quyết tại {report.follow_address} hoặc hỏi "
        "tại trụ sở Mặt trận."
    )
    yield (
        "Ai có mã tra cứu đều xem được phản ánh này, vì vậy đề nghị ông/bà giữ kín mã. "
        "Mặt trận giữ bí mật danh tính của ông/bà theo quy định của pháp luật."
    )
