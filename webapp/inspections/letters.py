"""Minutes, notice of result and answer slip, drawn from a file (NĐ 30/2020 layout).

Nothing here can hold a reporter: a file knows the case by its code, category and place alone.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from webapp.cases.categories import category
from webapp.cases.workflow import CONCLUSIONS
from webapp.casework.workflow import INSPECTION_FORMS
from webapp.core import clock
from webapp.core.text import Text, _
from webapp.directory.models import Organisation
from webapp.documents.facts import in_sentence
from webapp.documents.issuers import header_of
from webapp.documents.letters import (
    Block,
    Column,
    Letter,
    OrganisationHeader,
    Paragraph,
    Partner,
    Recipient,
    Registration,
    Signature,
    Table,
)
from webapp.documents.numbering import compose_notation
from webapp.documents.plain_text import clean_paragraphs
from webapp.inspections.limits import (
    EndedEdition,
    Limit,
    ended_editions,
    judge,
    limit_labelled,
    shown_number,
)
from webapp.inspections.models import InspectionFile, Measurement

TYPES: Final = {"minutes": "BB", "notice": "TB", "slip": "PTL"}
_FILING: Final = "VT, hồ sơ kiểm tra"
_SMALL_WORDS: Final = frozenset({"VÀ", "CỦA"})
_COLUMNS: Final = (
    Column("STT", 7, centred=True),
    Column("Thông số, vị trí lấy mẫu", 31),
    Column("Kết quả", 14, centred=True),
    Column("Giới hạn", 15, centred=True),
    Column("Quy chuẩn áp dụng", 19),
    Column("So sánh", 14, centred=True),
)


def compose(file: InspectionFile, kind: str, registration: Registration) -> Letter:
    """The paper of this kind as the file stands; ``kind`` is a key of TYPES.

    Raises ValueError for minutes that nobody wrote, or papers of a file without a result.
    """
    code = TYPES[kind]
    minutes = kind == "minutes"
    return Letter(
        type_code=code,
        notation=compose_notation(code, body_of(file.office)),
        registration=registration,
        header=header_of(file.office),
        subject=_subject(file, kind),
        addressees=(f"{file.case.owner.name}",) if kind == "slip" and file.case else (),
        bases=(),
        blocks=tuple(_minutes(file) if minutes else _outcome(file, kind)),
        recipients=() if minutes else tuple(_recipients(file)),
        filing=_FILING,
        signature=_lead(file) if minutes else Signature((), "Thủ trưởng cơ quan"),
        partner=_inspected(file) if minutes else None,
    )


def body_of(office: Organisation) -> str:
    """The office's part of a notation: its own setting, else the first letters of its name."""
    if office.notation:
        return office.notation
    name = (office.letter_name or office.name).upper().replace(",", " ")
    return "".join(word[0] for word in name.split() if word not in _SMALL_WORDS)


def _subject(file: InspectionFile, kind: str) -> str:
    form = in_sentence(INSPECTION_FORMS[file.form].source)
    if kind == "minutes":
        label = INSPECTION_FORMS[file.form].source
        return f"{label} việc chấp hành pháp luật về bảo vệ môi trường"
    if file.case is None:
        return f"Kết quả {form} về bảo vệ môi trường"
    what = in_sentence(category(file.case.category).label.vi)
    return f"Kết quả {form} phản ánh về {what} tại {in_sentence(file.unit.name)}"


def _lead(file: InspectionFile) -> Signature:
    position = "Người chủ trì" if file.form == "fact_finding" else "Trưởng đoàn"
    return Signature((), position, file.lead)


def _inspected(file: InspectionFile) -> Partner:
    """The other side signs by hand: nobody's name is set for them."""
    return Partner(OrganisationHeader((), (), ""), Signature((), "Đại diện bên được kiểm tra"))


def _recipients(file: InspectionFile) -> Iterator[Recipient]:
    if file.approver_id != file.office_id:
        yield Recipient(file.approver.name)
    if file.case is not None:
        yield Recipient(file.case.owner.name)
    if file.establishment is not None:
        yield Recipient("Cơ sở được kiểm tra")


def _minutes(file: InspectionFile) -> Iterator[Block]:
    minutes = file.minutes
    if minutes is None:
        raise ValueError("nobody wrote the minutes")
    yield Paragraph(f"Hồi {_moment(minutes.started_at)}, tại {minutes.place}, chúng tôi gồm:")
    yield Paragraph(f"1. Bên kiểm tra: {file.office.name}")
    yield Paragraph(f"- {file.lead}, {_lead(file).position.lower()};")
    yield from (Paragraph(f"- {line};") for line in clean_paragraphs(file.team or ""))
    yield Paragraph("2. Bên được kiểm tra và người chứng kiến:")
    if file.establishment is not None:
        told = file.establishment
        yield Paragraph(f"- {told.name}, địa chỉ: {told.address};")
    for line in clean_paragraphs(minutes.present or "Không có người đại diện có mặt"):
        yield Paragraph(f"- {line};")
    yield from _decision(file)
    yield Paragraph("3. Nội dung và kết quả:")
    yield from map(Paragraph, clean_paragraphs(minutes.observed))
    yield from _measured(file)
    yield Paragraph("4. Ý kiến của bên được kiểm tra:")
    yield from map(Paragraph, clean_paragraphs(minutes.statement or "Không có ý kiến khác."))
    ended = f" kết thúc hồi {_moment(minutes.ended_at)}," if minutes.ended_at else ""
    yield Paragraph(
        f"Biên bản{ended} lập thành 02 bản có giá trị như nhau, mỗi bên giữ 01 bản; đã đọc lại cho "
        "mọi người cùng nghe, công nhận đúng và cùng ký tên"
    )


def _decision(file: InspectionFile) -> Iterator[Block]:
    if file.decision_number and file.decision_on:
        yield Paragraph(
            f"Thực hiện Quyết định số {file.decision_number} ngày "
            f"{file.decision_on:%d/%m/%Y} của {file.approver.name}."
        )


def _measured(file: InspectionFile) -> Iterator[Block]:
    rows = tuple(_row(at, each) for at, each in enumerate(file.measurements, start=1))
    if not rows:
        return
    yield Paragraph("Kết quả đo, phân tích:")
    yield Table(_COLUMNS, rows)
    for each in ended_editions_of(file):
        yield Paragraph(
            f"Giới hạn nêu trên lấy theo {each.standard}, có hiệu lực đến trước ngày "
            f"{each.replaced_on:%d/%m/%Y}; giới hạn đang áp dụng cho cơ sở phải được xác định "
            "trước khi kết luận."
        )


def _row(position: int, each: Measurement) -> tuple[str, ...]:
    where = f" ({each.sampled_at})" if each.sampled_at else ""
    unit = "" if each.unit in ("", "-") else f" {each.unit}"
    return (
        str(position),
        f"{each.parameter}{where}",
        f"{shown_number(each.value)}{unit}",
        limit_words(each.lowest, each.highest),
        each.standard or "",
        str(comparison_words(each) or ""),
    )


def shipped_limit(each: Measurement) -> Limit | None:
    """The limit of the table a value was held to; None where an officer wrote the limit."""
    limit = limit_labelled(f"{each.parameter} · {each.standard}")
    as_shipped = limit is not None and (limit.lowest, limit.highest) == (each.lowest, each.highest)
    return limit if as_shipped else None


def ended_editions_of(file: InspectionFile) -> list[EndedEdition]:
    """The editions among a file's limits that had been replaced on the day of the visit."""
    if file.minutes is None:
        return []
    used = [limit for limit in map(shipped_limit, file.measurements) if limit is not None]
    return ended_editions(used, clock.local(file.minutes.started_at).date())


def limit_words(lowest: str | None, highest: str | None) -> str:
    """A limit as it is written: "6 - 9", "≤ 50", "≥ 4"; empty where there is none."""
    if lowest and highest:
        return f"{shown_number(lowest)} - {shown_number(highest)}"
    if highest:
        return f"≤ {shown_number(highest)}"
    return f"≥ {shown_number(lowest)}" if lowest else ""


def comparison_words(each: Measurement) -> Text | None:
    """How a value stands to its limit, in words; None without a limit."""
    if not (each.lowest or each.highest):
        return None
    judged = judge(each.value, each.lowest, each.highest)
    if not judged.over:
        return _("Đạt")
    if judged.times is None or judged.times <= 1:
        return _("Ngoài giới hạn")
    return _("Gấp %(times)s lần", times=shown_number(str(judged.times)))


def _outcome(file: InspectionFile, kind: str) -> Iterator[Block]:
    result = file.result
    if result is None or result.concluded_at is None:
        raise ValueError("the file has no approved result")
    form = in_sentence(INSPECTION_FORMS[file.form].source)
    day = f", ngày {clock.local(file.minutes.started_at):%d/%m/%Y}" if file.minutes else ""
    about = f" theo vụ việc mã {file.case.code}" if file.case else ""
    yield Paragraph(f"{file.office.name} đã {form}{about} tại {in_sentence(file.unit.name)}{day}.")
    if kind == "notice" and file.establishment is not None:
        yield Paragraph(f"Cơ sở được kiểm tra: {file.establishment.name}.")
    yield Paragraph(f"Kết luận: {in_sentence(CONCLUSIONS[result.conclusion].source)}.")
    yield from map(Paragraph, clean_paragraphs(result.answer))
    if kind == "notice":
        yield from _measured(file)
    for each in file.measures:
        yield Paragraph(f"- Khắc phục trước ngày {each.due_on:%d/%m/%Y}: {each.text.rstrip('.;')};")
    if result.sanction_number and result.sanction_on:
        yield Paragraph(
            f"Quyết định xử phạt số {result.sanction_number} ngày {result.sanction_on:%d/%m/%Y} "
            f"của {result.sanction_body}."
        )
    closing = {
        "slip": f"{file.office.name} trả lời để Mặt trận biết và thông tin đến bà con",
        "notice": f"{file.office.name} thông báo để các bên liên quan biết, thực hiện",
    }
    yield Paragraph(closing[kind])


def _moment(at: datetime) -> str:
    here = clock.local(at)
    return f"{here:%H} giờ {here:%M} phút, ngày {here:%d/%m/%Y}"
