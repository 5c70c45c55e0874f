"""Papers for the half-yearly hearing: the Front's report and the draft of the invitation.

Every six months the authority hears the results of the Front's supervision (Luật Mặt trận Tổ quốc
Việt Nam, Đ.30.1). Both papers are drafts: number and date stay blank until they are issued.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from webapp.documents.facts import FEW, Issuer, counted
from webapp.documents.legal_bases import cited_on
from webapp.documents.letters import (
    Annex,
    Block,
    Column,
    Letter,
    Paragraph,
    Recipient,
    Registration,
    Signature,
    Table,
)
from webapp.documents.numbering import compose_notation

REPORT_TYPE: Final = "BC"
_BY_CATEGORY: Final = (Column("Loại việc", 70), Column("Số vụ việc", 30, centred=True))
HEARERS: Final = ("Ủy ban nhân dân cùng cấp", "Hội đồng nhân dân cùng cấp")
_OUTSTANDING: Final = (
    Column("STT", 8, centred=True),
    Column("Số, ngày công văn", 22),
    Column("Gửi", 24),
    Column("Nội dung", 30),
    Column("Hạn, tình trạng", 16),
)


@dataclass(frozen=True, kw_only=True)
class HearingFigures:
    """What came in the half year, and what happened to the letters the Front issued in it.

    Of the cases opened in it ``closed`` are done by now, ``ended_otherwise`` dismissed, merged or
    handed over.
    """

    reports: int
    cases: int
    closed: int
    ended_otherwise: int
    letters: int
    answered: int
    on_time: int
    late: int
    waiting_late: int
    agreed: int
    clarified: int
    urged: int
    raised: int


@dataclass(frozen=True, kw_only=True)
class OutstandingLetter:
    """A letter that still waits for an answer or for the Front's agreement."""

    code: str
    issued_on: date
    addressee: str
    subject: str
    status: str


def hearing_report(
    issuer: Issuer,
    period: str,
    figures: HearingFigures,
    by_category: Sequence[tuple[str, int]],
    outstanding: Sequence[OutstandingLetter],
    registration: Registration,
    *,
    signature: Signature,
    points: Sequence[str] = (),
    recipients: Sequence[Recipient] = (),
) -> Letter:
    """The báo cáo of a half year; period reads "6 tháng đầu năm 2026".

    points are what the Front asks for besides, one a line; recipients get it beside both councils.
    """
    laws = cited_on(registration.reference_date, "front_law", "environment_law")
    return Letter(
        type_code=REPORT_TYPE,
        notation=compose_notation(REPORT_TYPE, issuer.body),
        registration=registration,
        header=issuer.header,
        subject=f"Kết quả giám sát, kiến nghị về bảo vệ môi trường {period}",
        addressees=(),
        bases=tuple(f"Căn cứ {law}" for law in laws),
        blocks=(*_blocks(issuer, period, figures, by_category), *map(Paragraph, _asked(points))),
        recipients=(*map(Recipient, HEARERS), *recipients),
        filing=issuer.filing,
        signature=signature,
        annex=_annex(period, outstanding) if outstanding else None,
    )


def _blocks(
    issuer: Issuer,
    period: str,
    figures: HearingFigures,
    by_category: Sequence[tuple[str, int]],
) -> tuple[Block, ...]:
    told = (
        f"{issuer.name} báo cáo kết quả tiếp nhận phản ánh và kiến nghị về môi trường {period} "
        "như sau:",
        f"1. Tiếp nhận: {_people(figures.reports)} lượt phản ánh của Nhân dân, mở "
        f"{counted(figures.cases)} vụ việc; đến nay {counted(figures.closed)} vụ việc đã xong"
        f"{_otherwise(figures)}.",
    )
    table = Table(_BY_CATEGORY, tuple((name, str(number)) for name, number in by_category))
    after = (
        f"2. Kiến nghị: ban hành {counted(figures.letters)} công văn; cơ quan đã trả lời "
        f"{counted(figures.answered)}, trong đó đúng hạn {counted(figures.on_time)}, quá hạn "
        f"{counted(figures.late)}; còn {counted(figures.waiting_late)} công văn quá hạn chưa có "
        "trả lời.",
        f"3. Theo dõi: Mặt trận đồng tình với {counted(figures.agreed)} trả lời, đề nghị làm rõ "
        f"thêm {counted(figures.clarified)}, gửi {counted(figures.urged)} công văn đôn đốc, chuyển "
        f"lên cấp tỉnh {counted(figures.raised)} vụ việc.",
        "4. Đề nghị: các cơ quan trả lời những công văn còn lại nêu tại phụ lục và thông báo kết "
        "quả để Mặt trận thông tin tới Nhân dân",
    )
    tables: tuple[Block, ...] = (table,) if by_category else ()
    return (*map(Paragraph, told), *tables, *map(Paragraph, after))


def _asked(points: Sequence[str]) -> list[str]:
    return [f"- {point.lstrip('- ')}" for point in points]


def _otherwise(figures: HearingFigures) -> str:
    if not figures.ended_otherwise:
        return ""
    ended = counted(figures.ended_otherwise)
    return f", {ended} vụ việc không xử lý tiếp, gộp vào vụ việc khác hoặc chuyển nơi khác"


def _people(amount: int) -> str:
    """Reports are sent by people: few are not told apart."""
    return f"dưới {counted(FEW)}" if 0 < amount < FEW else counted(amount)


def _annex(period: str, outstanding: Sequence[OutstandingLetter]) -> Annex:
    rows = tuple(
        (
            str(place),
            f"{each.code}, {each.issued_on:%d/%m/%Y}",
            each.addressee,
            each.subject,
            each.status,
        )
        for place, each in enumerate(outstanding, start=1)
    )
    return Annex(f"Kiến nghị chưa giải quyết xong, {period}", (Table(_OUTSTANDING, rows),))
