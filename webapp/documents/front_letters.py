"""The two letters of the Front to an authority: recommendation and urging letter.

The Front recommends and asks ("kiến nghị", "đề nghị"); it does not direct a body of its own level
(Luật Mặt trận Tổ quốc Việt Nam). No law gives days for the answer, so a due date is printed with
the agreement it comes from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from webapp.documents.evidence import SealedOriginal, evidence_table
from webapp.documents.facts import (
    AnswerTerm,
    CaseFacts,
    Despatch,
    Issuer,
    counted,
    in_sentence,
    reports_counted,
)
from webapp.documents.legal_bases import cited_on
from webapp.documents.letters import (
    Annex,
    Letter,
    Paragraph,
    Recipient,
    Registration,
    bare_name,
)
from webapp.documents.numbering import compose_notation
from webapp.documents.plain_text import clean_paragraphs

RECOMMENDATION_TYPE: Final = "KN"
URGING_TYPE: Final = "CV"
SAME_AS_ABOVE: Final = "Như trên"
_LAWS: Final = ("front_law", "environment_law")


@dataclass(frozen=True, kw_only=True)
class SentLetter:
    """The recommendation that an urging letter recalls: its code, date and day of delivery."""

    code: str
    issued_on: date
    delivered_on: date


def recommendation_letter(
    issuer: Issuer,
    case: CaseFacts,
    despatch: Despatch,
    registration: Registration,
    *,
    term: AnswerTerm,
    requests: Sequence[str] = (),
    verified_on: date | None = None,
    originals: Sequence[SealedOriginal] = (),
) -> Letter:
    """The công văn kiến nghị that opens the road to the competent authority.

    requests are the officer's own points, printed between the two standing ones; verified_on is
    the day the Front looked on site. Originals are listed in an annex.
    """
    topic = f"{in_sentence(case.category)} tại {case.unit}"
    return Letter(
        type_code=RECOMMENDATION_TYPE,
        notation=compose_notation(RECOMMENDATION_TYPE, issuer.body),
        registration=registration,
        header=issuer.header,
        subject=f"kiến nghị xem xét, giải quyết phản ánh của Nhân dân về {topic}",
        addressees=(despatch.addressee,),
        bases=_bases(issuer, registration),
        blocks=(
            *map(Paragraph, _findings(issuer, case, verified_on, len(originals))),
            *map(Paragraph, _requests(issuer, despatch, term, requests)),
            Paragraph(
                f"{issuer.name} rất mong nhận được sự quan tâm, phối hợp của "
                f"{despatch.addressee} và trân trọng cảm ơn."
            ),
        ),
        recipients=_recipients(despatch),
        filing=issuer.filing,
        signature=despatch.signature,
        urgency=despatch.urgency,
        annex=_annex(case, originals) if originals else None,
    )


def urging_letter(
    issuer: Issuer,
    case: CaseFacts,
    despatch: Despatch,
    registration: Registration,
    *,
    sent: SentLetter,
    term: AnswerTerm,
    new_due_on: date,
    awaited: str = "văn bản trả lời kiến nghị",
    situation: str = "",
) -> Letter:
    """The công văn đôn đốc, after a recommendation whose answer or remedy is awaited.

    term is the one first printed, new_due_on the day now hoped for; situation says what is seen
    today, in the Front's words.
    """
    topic = f"{in_sentence(case.category)} tại {case.unit}"
    return Letter(
        type_code=URGING_TYPE,
        notation=compose_notation(URGING_TYPE, issuer.body),
        registration=registration,
        header=issuer.header,
        subject=f"đôn đốc việc giải quyết kiến nghị về {topic}",
        addressees=(despatch.addressee,),
        bases=(),
        blocks=(
            *map(Paragraph, _reminder(issuer, case, despatch.addressee, sent, term)),
            Paragraph(_still_waiting(issuer, registration, term, awaited)),
            *map(Paragraph, clean_paragraphs(situation)),
            *map(Paragraph, _urging(issuer, despatch, awaited, new_due_on)),
        ),
        recipients=_recipients(despatch),
        filing=issuer.filing,
        signature=despatch.signature,
        urgency=despatch.urgency,
    )


def _bases(issuer: Issuer, registration: Registration) -> tuple[str, ...]:
    laws = cited_on(registration.reference_date, *_LAWS)
    agreed = (issuer.programme,) if issuer.programme else ()
    return tuple(f"Căn cứ {basis}" for basis in (*laws, *agreed))


def _recipients(despatch: Despatch) -> tuple[Recipient, ...]:
    listed = {bare_name(each.name) for each in despatch.recipients}
    unit = despatch.handling_unit
    handler = (Recipient(unit),) if unit and unit not in listed else ()
    return (Recipient(SAME_AS_ABOVE), *handler, *despatch.recipients)


def _findings(
    issuer: Issuer, case: CaseFacts, verified_on: date | None, originals: int
) -> Iterator[str]:
    yield (
        f"Từ {case.first_reported}, {issuer.name} đã nhận được "
        f"{reports_counted(case.report_count)} của Nhân dân về "
        f"{in_sentence(case.category)} tại {case.place}, {case.unit} (mã vụ việc {case.code})."
    )
    if verified_on is not None:
        yield f"Ngày {verified_on:%d/%m/%Y}, Mặt trận đã xác minh tại chỗ và ghi nhận như sau:"
    else:
        yield "Qua xem xét thông tin được cung cấp, Mặt trận ghi nhận như sau:"
    yield from clean_paragraphs(case.summary)
    if originals:
        yield (
            f"Kèm theo công văn này là danh mục {counted(originals)} ảnh hiện trường với mã kiểm "
            "chứng của từng ảnh gốc. Ảnh gốc được niêm phong và lưu giữ nguyên trạng để đối chiếu "
            "khi cần."
        )


def _requests(
    issuer: Issuer, despatch: Despatch, term: AnswerTerm, requests: Sequence[str]
) -> Iterator[str]:
    yield (
        "Để bảo đảm quyền, lợi ích hợp pháp, chính đáng và môi trường sống của Nhân dân, "
        f"{issuer.name} trân trọng kiến nghị {despatch.addressee}:"
    )
    points = (_first_request(despatch), *requests, _last_request(term))
    yield from (f"{place}. {point}" for place, point in enumerate(points, start=1))
    yield (
        f"Trường hợp nội dung kiến nghị không thuộc thẩm quyền, đề nghị {despatch.addressee} cho "
        "biết lý do và cơ quan có thẩm quyền giải quyết để Mặt trận tiếp tục kiến nghị."
    )


def _first_request(despatch: Despatch) -> str:
    unit = despatch.handling_unit
    direct = f"Xem xét, giao {unit} kiểm tra" if unit else "Xem xét, tổ chức kiểm tra"
    return (
        f"{direct} nội dung phản ánh nêu trên và giải quyết theo thẩm quyền, "
        "theo quy định của pháp luật."
    )


def _last_request(term: AnswerTerm) -> str:
    return (
        "Thông báo kết quả bằng văn bản đến Mặt trận, chậm nhất vào "
        f"{term}, để Mặt trận thông tin tới Nhân dân."
    )


def _reminder(
    issuer: Issuer, case: CaseFacts, addressee: str, sent: SentLetter, term: AnswerTerm
) -> Iterator[str]:
    yield (
        f"Ngày {sent.issued_on:%d/%m/%Y}, {issuer.name} đã có Công văn số {sent.code} gửi "
        f"{addressee}, kiến nghị xem xét, giải quyết phản ánh của Nhân dân về "
        f"{in_sentence(case.category)} tại {case.place}, {case.unit} (mã vụ việc {case.code})."
    )
    yield (
        f"Công văn đã được giao nhận ngày {sent.delivered_on:%d/%m/%Y}; thời hạn đề nghị trả lời "
        f"là {term}."
    )


def _still_waiting(
    issuer: Issuer, registration: Registration, term: AnswerTerm, awaited: str
) -> str:
    overdue = registration.reference_date > term.due_on
    until_now = "Đến nay đã quá thời hạn nêu trên" if overdue else "Đến nay"
    return f"{until_now}, {issuer.name} chưa nhận được {awaited}."


def _urging(issuer: Issuer, despatch: Despatch, awaited: str, new_due_on: date) -> Iterator[str]:
    unit = f", giao {despatch.handling_unit} sớm xem xét" if despatch.handling_unit else ""
    yield (
        f"Thực hiện trách nhiệm theo dõi, đôn đốc việc giải quyết kiến nghị của Nhân dân, "
        f"{issuer.name} trân trọng đề nghị {despatch.addressee} quan tâm{unit}, giải quyết và "
        f"gửi {awaited} đến Mặt trận chậm nhất vào ngày {new_due_on:%d/%m/%Y}."
    )
    yield (
        "Trường hợp cần thêm thời gian, đề nghị cho biết lý do và thời điểm dự kiến hoàn thành để "
        "Mặt trận thông tin tới Nhân dân."
    )
    yield (
        f"{issuer.name} rất mong nhận được sự quan tâm, phối hợp của {despatch.addressee} và trân "
        "trọng cảm ơn."
    )


def _annex(case: CaseFacts, originals: Sequence[SealedOriginal]) -> Annex:
    return Annex(
        f"Danh mục ảnh hiện trường, vụ việc {case.code}",
        (evidence_table(originals),),
    )
