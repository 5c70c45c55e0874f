"""What senders want of the Front after sending: asks, low ratings, voice notes to write down."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager, joinedload

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import session
from webapp.reporting.indexed import still_to_write
from webapp.reporting.models import Report, ReportRating, SenderAsk, VoiceNote
from webapp.reporting.policy import readable_reports

MOST = 50
RECENT = timedelta(days=30)


@dataclass(frozen=True)
class SenderNews:
    """What waits: asks oldest first, low ratings newest first, voice notes oldest first."""

    asks: list[tuple[SenderAsk, Report]]
    ratings: list[tuple[ReportRating, Report]]
    voices: list[Report]


@dataclass(frozen=True)
class CaseNews:
    """Of one case: asks that wait, its ratings newest first and how many of each mark."""

    asks: list[tuple[SenderAsk, Report]]
    ratings: list[ReportRating]
    counts: dict[str, int]


def sender_news(actor: Actor) -> SenderNews:
    """Everything of reports that the actor may read."""
    ratings = (
        select(ReportRating, Report)
        .join(Report, Report.id == ReportRating.report_id)
        .where(
            readable_reports(actor),
            ReportRating.mark == "unsatisfied",
            ReportRating.at > clock.now() - RECENT,
        )
        .options(joinedload(Report.handling_unit), joinedload(Report.case))
        .order_by(ReportRating.id.desc())
        .limit(MOST)
    )
    voices = (
        select(Report)
        .join(VoiceNote, VoiceNote.report_id == Report.id)
        .where(readable_reports(actor), Report.reprisal_at.is_(None), still_to_write())
        .options(joinedload(Report.handling_unit), contains_eager(Report.voice))
        .order_by(VoiceNote.report_id)
        .limit(MOST)
    )
    return SenderNews(
        asks=_asks(actor),
        ratings=[(rating, report) for rating, report in session().execute(ratings)],
        voices=list(session().scalars(voices)),
    )


def ask_for_staff(actor: Actor, ask_id: int) -> tuple[SenderAsk, Report]:
    """One ask of a report that the actor may read. Raises NotFound."""
    query = (
        select(SenderAsk, Report)
        .join(Report, Report.id == SenderAsk.report_id)
        .where(SenderAsk.id == ask_id, readable_reports(actor))
    )
    found = session().execute(query).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def case_news(actor: Actor, case_id: int) -> CaseNews:
    """What senders of a case asked and how they rated it, of reports that the actor may read."""
    of_case = ReportRating.case_id == case_id
    query = (
        select(ReportRating)
        .join(Report, Report.id == ReportRating.report_id)
        .where(of_case, readable_reports(actor))
        .order_by(ReportRating.id.desc())
    )
    ratings = list(session().scalars(query))
    counts = dict(Counter(rating.mark for rating in ratings))
    return CaseNews(_asks(actor, Report.case_id == case_id), ratings, counts)


def _asks(actor: Actor, *of: ColumnElement[bool]) -> list[tuple[SenderAsk, Report]]:
    query = (
        select(SenderAsk, Report)
        .join(Report, Report.id == SenderAsk.report_id)
        .where(readable_reports(actor), SenderAsk.granted.is_(None), *of)
        .options(joinedload(Report.handling_unit), joinedload(Report.case))
        .order_by(SenderAsk.id)
        .limit(MOST)
    )
    return [(ask, report) for ask, report in session().execute(query)]
