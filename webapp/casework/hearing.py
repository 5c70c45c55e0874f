"""The half-yearly hearing pack: report, draft invitation and figures, as one zip."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from webapp.cases.categories import category, picture_of
from webapp.cases.models import Case
from webapp.cases.operations import end_of_day
from webapp.casework import permissions as may
from webapp.casework.letters import SIGNERS
from webapp.casework.models import Recommendation, UrgingLetter
from webapp.casework.workflow import JUDGED, RECOMMENDATION_STATES, SENT
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation
from webapp.directory.queries import organisation, peoples_committee_of, units_below
from webapp.documents.docx_writer import render_docx
from webapp.documents.hearing import HearingFigures, OutstandingLetter, hearing_report
from webapp.documents.issuers import issuer_of, partner_of
from webapp.documents.letters import Letter, Recipient, Registration
from webapp.documents.models import Document
from webapp.documents.notices import Closing, Meeting, invitation
from webapp.documents.queries import code_of
from webapp.documents.workbook import Cell, SheetColumn, SheetTable, write_workbook
from webapp.reporting.models import Report

_HALVES: Final = {
    1: ("6 tháng đầu năm", (1, 1), (6, 30)),
    2: ("6 tháng cuối năm", (7, 1), (12, 31)),
}


_CLARIFIED: Final = frozenset({"clarification_asked", "reconsidered", "kept", "changed"})


def hearing_pack(actor: Actor, organisation_id: int, year: int, half: int) -> bytes:
    """The zip for a committee of the actor; ``half`` is 1 or 2. Raises Forbidden."""
    if organisation_id not in {
        *actor.organisations_for(may.DRAFT),
        *actor.organisations_for(may.SIGN),
    }:
        raise Forbidden
    name, first, last = _HALVES[half]
    period, days = f"{name} {year}", (date(year, *first), date(year, *last))
    author = organisation(organisation_id)
    letters = _letters(organisation_id, days)
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as pack:
        pack.writestr("bao-cao.docx", render_docx(_report(author, period, days, letters)))
        pack.writestr("giay-moi.docx", render_docx(_invitation(author, period)))
        pack.writestr("so-lieu.xlsx", _figures_book(period, letters))
    return stream.getvalue()


def half_before(day: date) -> tuple[int, int]:
    """Year and half of the last half year that has ended."""
    return (day.year, 1) if day.month > 6 else (day.year - 1, 2)


def figures_of(
    author: Organisation, days: tuple[date, date], letters: list[Recommendation]
) -> HearingFigures:
    """The figures of a half year; letters are those issued in it, void ones left out."""
    within = _instants(days)
    units = sorted(units_below(author.unit_id))
    reports = select(func.count(Report.id)).where(
        Report.handling_unit_id.in_(units), Report.received_at.between(*within)
    )
    cases = _opened(author, days)
    answered = [each for each in letters if each.answered_on is not None]
    on_time = sum(_in_time(each) for each in answered)
    return HearingFigures(
        reports=session().scalar(reports) or 0,
        cases=len(cases),
        closed=sum(each.state == "closed" for each in cases),
        letters=len(letters),
        answered=len(answered),
        on_time=on_time,
        late=len(answered) - on_time,
        waiting_late=sum(_waits_late(each) for each in letters),
        agreed=sum(each.state == "agreed" for each in letters),
        clarified=sum(each.state in _CLARIFIED for each in letters),
        urged=_urged(author.id, days),
        raised=sum(each.raised for each in cases),
    )


def _letters(author_id: int, days: tuple[date, date]) -> list[Recommendation]:
    query = (
        select(Recommendation)
        .join(Document, Document.id == Recommendation.document_id)
        .where(
            Recommendation.author_id == author_id,
            Recommendation.state.in_(sorted(SENT)),
            Document.issued_on.between(*days),
        )
        .options(joinedload(Recommendation.document), joinedload(Recommendation.addressee))
        .order_by(Document.issued_on, Recommendation.id)
    )
    return list(session().scalars(query))


def _opened(author: Organisation, days: tuple[date, date]) -> list[Case]:
    query = select(Case).where(
        Case.owner_id == author.id,
        Case.opened_at.between(*_instants(days)),
        Case.state.not_in(("dismissed", "merged")),
    )
    return list(session().scalars(query))


def _instants(days: tuple[date, date]) -> tuple[datetime, datetime]:
    return end_of_day(days[0] - timedelta(days=1)), end_of_day(days[1])


def _urged(author_id: int, days: tuple[date, date]) -> int:
    query = (
        select(func.count(UrgingLetter.id))
        .join(Document, Document.id == UrgingLetter.document_id)
        .where(Document.organisation_id == author_id, Document.issued_on.between(*days))
    )
    return session().scalar(query) or 0


def _in_time(letter: Recommendation) -> bool:
    answered, due = letter.answered_on, letter.due_on
    return answered is not None and (due is None or answered <= due)


def _waits_late(letter: Recommendation) -> bool:
    due = letter.due_on
    return letter.answered_on is None and due is not None and due < clock.today_local()


def _report(
    author: Organisation, period: str, days: tuple[date, date], letters: list[Recommendation]
) -> Letter:
    today = clock.today_local()
    kinds = Counter(picture_of(each.category) for each in _opened(author, days))
    by_category = [(category(code).label.vi, number) for code, number in kinds.most_common()]
    return hearing_report(
        issuer_of(author, today),
        period,
        figures_of(author, days, letters),
        by_category,
        [_outstanding(each) for each in letters if each.state not in JUDGED],
        Registration(drafted_on=today),
        signature=SIGNERS["chair"],
    )


def _outstanding(letter: Recommendation) -> OutstandingLetter:
    late = "quá hạn" if _waits_late(letter) else RECOMMENDATION_STATES[letter.state].source
    due = f"{letter.due_on:%d/%m/%Y}, " if letter.due_on else ""
    return OutstandingLetter(
        code=code_of(letter.document) or "",
        issued_on=letter.document.issued_on or clock.today_local(),
        addressee=letter.addressee.name,
        subject=letter.document.subject,
        status=f"{due}{late}",
    )


def _invitation(author: Organisation, period: str) -> Letter:
    today = clock.today_local()
    committee = peoples_committee_of(author.unit_id, today)
    return invitation(
        issuer_of(author, today),
        Meeting(
            purpose=f"Hội nghị nghe kết quả giám sát, kiến nghị {period}",
            at=datetime.combine(today, time(8), tzinfo=clock.LOCAL),
            place="Hội trường Ủy ban nhân dân",
            points=(
                "Mặt trận báo cáo kết quả giám sát và các kiến nghị chưa giải quyết xong.\n"
                "Cơ quan chuyên môn trả lời.\n"
                "Ủy ban nhân dân kết luận, giao thời hạn."
            ),
        ),
        Closing(
            recipients=(Recipient("Như trên"),),
            signature=SIGNERS["chair"],
            partner=partner_of(committee) if committee else None,
            partner_body=committee.notation if committee else "",
        ),
        Registration(drafted_on=today),
        invited=("Thường trực Hội đồng nhân dân", "Cơ quan môi trường cùng cấp"),
    )


def _figures_book(period: str, letters: list[Recommendation]) -> bytes:
    rows: list[tuple[Cell, ...]] = [
        (
            number,
            code_of(each.document),
            each.document.issued_on,
            each.addressee.name,
            each.document.subject,
            each.delivered_on,
            each.due_on,
            each.answered_on,
            "quá hạn" if _waits_late(each) else RECOMMENDATION_STATES[each.state].source,
        )
        for number, each in enumerate(letters, start=1)
    ]
    heads = (
        ("STT", 6),
        ("Số, ký hiệu", 18),
        ("Ngày ban hành", 13),
        ("Gửi", 26),
        ("Trích yếu", 44),
        ("Đến nơi", 12),
        ("Hạn trả lời", 12),
        ("Trả lời", 12),
        ("Tình trạng", 22),
    )
    table = SheetTable(
        name="Kien nghi",
        title=f"KIẾN NGHỊ CỦA MẶT TRẬN VỀ MÔI TRƯỜNG, {period.upper()}",
        notes=(),
        columns=tuple(SheetColumn(head, width) for head, width in heads),
        rows=rows,
    )
    return write_workbook([table], footer="In từ Mắt Xanh")
