"""The half-yearly hearing: its report, and report, invitation and figures as one zip.

In the pack stand the committee's own letters of that half year where there are any, else drafts
that nobody has written down yet.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from webapp.cases.categories import category, picture_of
from webapp.cases.models import Case
from webapp.cases.policy import released
from webapp.cases.workflow import ENDED
from webapp.casework import permissions as may
from webapp.casework.answers import answered_late, waiting_late
from webapp.casework.half_years import Half
from webapp.casework.letters import SIGNERS
from webapp.casework.models import CaseLetter, Recommendation, UrgingLetter
from webapp.casework.queries import committee_letters
from webapp.casework.workflow import JUDGED, RECOMMENDATION_STATES, SENT
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.conditions import one_of
from webapp.core.errors import Forbidden
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation
from webapp.directory.queries import organisation, peoples_committee_of, units_held
from webapp.documents.docx_writer import render_docx
from webapp.documents.hearing import HearingFigures, OutstandingLetter, hearing_report
from webapp.documents.issuers import issuer_of, partner_of
from webapp.documents.letters import Letter, Recipient, Registration
from webapp.documents.models import Document
from webapp.documents.notices import Closing, Meeting, invitation
from webapp.documents.queries import code_of, docx_of
from webapp.documents.workbook import Cell, SheetColumn, SheetTable, write_workbook
from webapp.reporting.models import Report

_CLARIFIED: Final = frozenset({"clarification_asked", "reconsidered", "kept", "changed"})
_AHEAD: Final = timedelta(days=7)
INVITED: Final = ("Thường trực Hội đồng nhân dân", "Cơ quan môi trường cùng cấp")
_SIGNATURE: Final = SIGNERS["chair"]


def hearing_pack(actor: Actor, organisation_id: int, half: Half) -> bytes:
    """The zip for a committee of the actor. Raises Forbidden."""
    if organisation_id not in {
        *actor.organisations_for(may.DRAFT),
        *actor.organisations_for(may.SIGN),
    }:
        raise Forbidden
    author = organisation(organisation_id)
    written = _written(author.id, half)
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as pack:
        report, invited = written.get("hearing_report"), written.get("invitation")
        pack.writestr(
            "bao-cao.docx",
            docx_of(report.document) if report else render_docx(compose_report(author, half)),
        )
        pack.writestr(
            "giay-moi.docx",
            docx_of(invited.document) if invited else render_docx(_invitation(author, half)),
        )
        letters = _letters(author.id, half.days)
        pack.writestr("so-lieu.xlsx", _figures_book(author, half.name, letters))
    return stream.getvalue()


def _written(author_id: int, half: Half) -> dict[str, CaseLetter]:
    """The committee's own letters of the half year by kind, the newest of each that is not void."""
    letters = [each for each in committee_letters(author_id) if each.state != "void"]
    return {each.kind: each for each in letters if each.given.get("period") == half.key}


def figures_of(
    author: Organisation, days: tuple[date, date], letters: list[Recommendation]
) -> HearingFigures:
    """The figures of a half year; letters are those issued in it, void ones left out."""
    begins, ends = _instants(days)
    reports = select(func.count(Report.id)).where(
        one_of(Report.handling_unit_id, _places(author)),
        Report.received_at >= begins,
        Report.received_at < ends,
    )
    if author.unit.kind != "province":  # it must not count what was sent past it
        reports = reports.where(or_(Report.to_province.is_(False), Report.released))
    cases = _opened(author, days)
    answered = [each for each in letters if each.answered_on is not None]
    late = len(answered_late(each.id for each in answered))
    return HearingFigures(
        reports=session().scalar(reports) or 0,
        cases=len(cases),
        closed=sum(each.state == "closed" for each in cases),
        ended_otherwise=sum(each.state in ENDED - {"closed"} for each in cases),
        letters=len(letters),
        answered=len(answered),
        on_time=len(answered) - late,
        late=late,
        waiting_late=len(waiting_late(each.id for each in letters)),
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
    """Cases of the committee's places opened in these days, as its board counts them.

    Those that were raised stay in: they have another owner since.
    """
    begins, ends = _instants(days)
    query = select(Case).where(
        one_of(Case.handling_unit_id, _places(author)),
        Case.opened_at >= begins,
        Case.opened_at < ends,
    )
    if author.unit.kind != "province":
        query = query.where(released())
    return list(session().scalars(query))


def _places(author: Organisation) -> frozenset[int]:
    """The committee's units, with those they took the place of: as on its board."""
    return units_held([author.unit_id])[author.unit_id]


def _instants(days: tuple[date, date]) -> tuple[datetime, datetime]:
    return clock.day_begins(days[0]), clock.day_begins(days[1] + timedelta(days=1))


def _urged(author_id: int, days: tuple[date, date]) -> int:
    query = (
        select(func.count(UrgingLetter.id))
        .join(Document, Document.id == UrgingLetter.document_id)
        .where(Document.organisation_id == author_id, Document.issued_on.between(*days))
    )
    return session().scalar(query) or 0


def compose_report(
    author: Organisation,
    half: Half,
    *,
    points: Sequence[str] = (),
    recipients: Sequence[Recipient] = (),
) -> Letter:
    """The report of a half year with the figures of now, as a draft; ``points`` are asked for."""
    today, letters = clock.today_local(), _letters(author.id, half.days)
    kinds = Counter(picture_of(each.category) for each in _opened(author, half.days))
    by_category = [(category(code).label.vi, number) for code, number in kinds.most_common()]
    late = waiting_late(each.id for each in letters)
    return hearing_report(
        issuer_of(author, today),
        half.name,
        figures_of(author, half.days, letters),
        by_category,
        [_outstanding(each, _standing(each, late)) for each in letters if each.state not in JUDGED],
        Registration(drafted_on=today),
        signature=_SIGNATURE,
        points=points,
        recipients=recipients,
    )


def _standing(letter: Recommendation, late: set[int]) -> str:
    return "quá hạn" if letter.id in late else RECOMMENDATION_STATES[letter.state].source


def _outstanding(letter: Recommendation, standing: str) -> OutstandingLetter:
    due = f"{letter.due_on:%d/%m/%Y}, " if letter.due_on else ""
    return OutstandingLetter(
        code=code_of(letter.document) or "",
        issued_on=letter.document.issued_on or clock.today_local(),
        addressee=letter.addressee.name,
        subject=letter.document.subject,
        status=f"{due}{standing}",
    )


def hearing_meeting(half: Half) -> Meeting:
    """What the invitation to a hearing says until an officer changes it."""
    return Meeting(
        purpose=f"Hội nghị nghe kết quả giám sát, kiến nghị {half.name}",
        at=datetime.combine(clock.today_local() + _AHEAD, time(8), tzinfo=clock.LOCAL),
        place="Hội trường Ủy ban nhân dân",
        points=(
            "Mặt trận báo cáo kết quả giám sát và các kiến nghị chưa giải quyết xong.\n"
            "Cơ quan chuyên môn trả lời.\n"
            "Ủy ban nhân dân kết luận, giao thời hạn."
        ),
    )


def _invitation(author: Organisation, half: Half) -> Letter:
    today = clock.today_local()
    committee = peoples_committee_of(author.unit_id, today)
    return invitation(
        issuer_of(author, today),
        hearing_meeting(half),
        Closing(
            recipients=(Recipient("Như trên"),),
            signature=_SIGNATURE,
            partner=partner_of(committee) if committee else None,
            partner_body=committee.notation if committee else "",
        ),
        Registration(drafted_on=today),
        invited=INVITED,
    )


def _figures_book(author: Organisation, period: str, letters: list[Recommendation]) -> bytes:
    late = waiting_late(each.id for each in letters)
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
            _standing(each, late),
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
        name="Kiến nghị",
        title=f"KIẾN NGHỊ CỦA MẶT TRẬN VỀ MÔI TRƯỜNG, {period.upper()}",
        notes=(author.name, f"Tính đến ngày {clock.today_local():%d/%m/%Y}"),
        columns=tuple(SheetColumn(head, width) for head, width in heads),
        rows=rows,
    )
    return write_workbook([table], footer="In từ Mắt Xanh")
