"""Which cases and reports are probably the same problem, by what that shows, best first.

Looked at are open cases and waiting reports of the unit that the actor may read: those near enough
and of late (the category says how near and how late), found by the spatial index, and those with
a photo that looks like one of this record. Of people only a number is told, never who.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, or_, select

from geo.points import Point, distance_m
from webapp.cases.categories import category
from webapp.cases.models import Case
from webapp.cases.policy import Sight, readable, sight
from webapp.cases.workflow import OPEN
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.core.word_likeness import likeness, trigrams
from webapp.media.likeness import look_alikes
from webapp.media.models import Photo
from webapp.reporting.models import Report, ReportIdentity, ReportPhoto
from webapp.reporting.policy import readable_reports
from webapp.reporting.queries import near_reports
from webapp.reporting.workflow import WAITING
from webapp.triage.queries.near import near_cases
from webapp.triage.queries.not_same import said_not_same

Record = Report | Case
Key = tuple[str, int]

MOST = 5
TOLD_WORDS = 0.3
"""Words less alike than this say nothing: what pg_trgm calls similar begins here."""

_LOOKED_AT = 500  # reports of the candidates whose words, photos and senders are compared
# What each part weighs; a photo that looks the same says most, a neighbour on the same day least.
_NEAR, _LATE, _WORDS, _PHOTO, _SENDER = 30, 15, 30, 40, 10


@dataclass(frozen=True)
class Parts:
    """What two records have in common; ``None`` is what cannot be told.

    ``metres`` between them, ``days`` between their first reports, ``words`` from 0 to 1, ``photo``
    whether a photo of the one looks like one of the other, ``senders`` how many reports of the
    other came from somebody who sent this one too.
    """

    metres: float | None
    days: int
    words: float | None
    photo: bool
    senders: int


@dataclass(frozen=True)
class Alike:
    """A record that is probably the same problem, why, and in points how probably."""

    record: Record
    parts: Parts
    points: int


def kind_of(record: Record) -> str:
    """``report`` or ``case``, as the audit and the table of what is not the same name it."""
    return "case" if isinstance(record, Case) else "report"


def key_of(record: Record) -> Key:
    """What a record is known by among others of both kinds."""
    return kind_of(record), record.id


def point_of(record: Record) -> Point | None:
    """Where the record is, exactly."""
    if record.lon is None or record.lat is None:
        return None
    return Point(record.lon, record.lat)


def since_of(record: Record) -> datetime:
    """When it was first reported."""
    return record.first_reported_at if isinstance(record, Case) else record.received_at


def alike(actor: Actor, record: Record, photos: Iterable[Photo]) -> list[Alike]:
    """The records that are probably the same problem, five at most, the most probable first.

    ``photos`` are those of the record. What somebody said is not the same is left out.
    """
    seen = _look_alike_photos(actor, photos)
    others = _others(actor, record, seen)
    if not others:
        return []
    dismissed = said_not_same(key_of(record), [key_of(each) for each in others])
    others = [each for each in others if key_of(each) not in dismissed]
    compared = _Compared(actor, record, others, seen)
    found = [Alike(each, parts, _points(record, parts)) for each, parts in compared.all()]
    found.sort(key=lambda each: (-each.points, since_of(each.record), key_of(each.record)))
    return [each for each in found if each.points > 0][:MOST]


def parts_of(actor: Actor, one: Record, photos: Iterable[Photo], other: Record) -> Parts:
    """What two records that the actor may read have in common; ``photos`` are of the first."""
    compared = _Compared(actor, one, [other], _look_alike_photos(actor, photos))
    return next(parts for _record, parts in compared.all())


def _others(actor: Actor, record: Record, seen: Sequence[Report]) -> list[Record]:
    """Cases and waiting reports that could be meant, each once."""
    found: dict[Key, Record] = {key_of(case): case for case in _cases(actor, record)}
    reports = [each for each in [*_reports(actor, record), *seen] if each.case_id is None]
    found |= {key_of(each): each for each in reports if each.state in WAITING}
    behind = {each.case_id for each in seen} - {case_id for _kind, case_id in found} - {None}
    query = select(Case).where(
        Case.id.in_(sorted(behind)), Case.state.in_(sorted(OPEN)), readable(actor)
    )
    if behind:
        found |= {key_of(case): case for case in session().scalars(query)}
    own = {key_of(record), ("case", _case_id(record))}
    return [
        each
        for key, each in found.items()
        if key not in own
        and each.handling_unit_id == record.handling_unit_id
        and (isinstance(each, Report) or sight(actor, each) is Sight.FRONT)
    ]


def _cases(actor: Actor, record: Record) -> list[Case]:
    near = near_cases(
        actor,
        category_code=record.category,
        point=point_of(record),
        around=since_of(record),
        but=_case_id(record),
    )
    return [each.case for each in near]


def _reports(actor: Actor, record: Record) -> list[Report]:
    near = near_reports(
        actor,
        category_code=record.category,
        point=point_of(record),
        around=since_of(record),
        but=record.id if isinstance(record, Report) else None,
    )
    return [each for each, _metres in near]


def _case_id(record: Record) -> int | None:
    return record.id if isinstance(record, Case) else record.case_id


def _look_alike_photos(actor: Actor, photos: Iterable[Photo]) -> list[Report]:
    """Reports that the actor may read with a photo that looks like one of these."""
    wanted = {other for others in look_alikes(photos).values() for other in others}
    if not wanted:
        return []
    query = (
        select(Report)
        .join(ReportPhoto, ReportPhoto.report_id == Report.id)
        .where(
            ReportPhoto.photo_id.in_(sorted(wanted)),
            Report.state != "withdrawn",
            readable_reports(actor),
        )
        .order_by(Report.id)
    )
    return list(session().scalars(query).unique())


class _Compared:
    """A record beside others: their reports read once for all of them."""

    def __init__(
        self, actor: Actor, record: Record, others: Sequence[Record], seen: Iterable[Report]
    ) -> None:
        self._record, self._others = record, others
        self._reports = _reports_behind(actor, [record, *others])
        self._senders = _senders(each for behind in self._reports.values() for each in behind)
        self._seen = {each.id for each in seen}
        self._words = {
            key_of(each): _texts(each, self._reports[key_of(each)]) for each in [record, *others]
        }

    def all(self) -> list[tuple[Record, Parts]]:
        """Every other record with what it has in common."""
        return [(each, self._parts(each)) for each in self._others]

    def _parts(self, other: Record) -> Parts:
        here, there = point_of(self._record), point_of(other)
        own, theirs = self._words[key_of(self._record)], self._words[key_of(other)]
        span = abs(since_of(self._record) - since_of(other))
        return Parts(
            metres=distance_m(here, there) if here and there else None,
            days=round(span.total_seconds() / 86_400),
            words=max((likeness(a, b) for a in own for b in theirs), default=None),
            photo=any(each.id in self._seen for each in self._reports[key_of(other)]),
            senders=self._same_senders(other),
        )

    def _same_senders(self, other: Record) -> int:
        own = {
            mark
            for each in self._reports[key_of(self._record)]
            for mark in self._senders.get(each.id, ())
        }
        theirs = self._reports[key_of(other)]
        return sum(bool(own & self._senders.get(each.id, frozenset())) for each in theirs)


def _reports_behind(actor: Actor, records: Sequence[Record]) -> Mapping[Key, list[Report]]:
    """The reports of each record that the actor may read, the newest that are looked at."""
    cases = [each.id for each in records if isinstance(each, Case)]
    behind: dict[Key, list[Report]] = defaultdict(list)
    for report in session().scalars(_behind_query(actor), {"cases": cases}) if cases else ():
        behind["case", report.case_id or 0].append(report)
    behind |= {key_of(each): [each] for each in records if isinstance(each, Report)}
    return behind


@lru_cache(maxsize=64)
def _behind_query(actor: Actor) -> Select[Report]:
    asked = bindparam("cases", type_=BigInteger(), expanding=True)
    query = select(Report).where(Report.case_id.in_(asked), readable_reports(actor))
    return query.order_by(Report.id.desc()).limit(_LOOKED_AT)


def _senders(reports: Iterable[Report]) -> dict[int, frozenset[str]]:
    """What makes two senders the same, for each report that has it.

    Of whoever told of a reprisal nothing is compared: not even that they sent twice.
    """
    open_ones = {each.id: each for each in reports if each.reprisal_at is None}
    marks: dict[int, set[str]] = defaultdict(set)
    asked = {"reports": sorted(open_ones)}
    for report_id, *digests in session().execute(_marks_query(), asked) if open_ones else ():
        marks[report_id] |= {each for each in digests if each}
    for report in open_ones.values():
        if report.person_id is not None:
            marks[report.id].add(f"person {report.person_id}")
    return {report_id: frozenset(each) for report_id, each in marks.items()}


@cache
def _marks_query() -> Select[Any]:
    phone, email = ReportIdentity.phone_digest, ReportIdentity.email_digest
    columns: tuple[Any, ...] = (ReportIdentity.report_id, phone, email)
    asked = bindparam("reports", type_=BigInteger(), expanding=True)
    return select(*columns).where(
        ReportIdentity.report_id.in_(asked), or_(phone.is_not(None), email.is_not(None))
    )


def _texts(record: Record, reports: Iterable[Report]) -> list[frozenset[str]]:
    """The words that tell what a record is about: the officer's, and each sender's."""
    own = [f"{record.summary or ''} {record.place_note or ''}"] if isinstance(record, Case) else []
    sent = [f"{each.description or ''} {each.place_note or ''}" for each in reports]
    return [found for text in [*own, *sent] if (found := trigrams(text))]


def _points(record: Record, parts: Parts) -> int:
    node = category(record.category)
    near = 0.0 if parts.metres is None else _left(parts.metres, node.near_m) * _NEAR
    return round(
        near
        + _left(parts.days, node.near_days) * _LATE
        + told_words(parts) * _WORDS
        + parts.photo * _PHOTO
        + bool(parts.senders) * _SENDER
    )


def told_words(parts: Parts) -> float:
    """How alike the words are, 0 where that says nothing."""
    return parts.words if parts.words and parts.words >= TOLD_WORDS else 0.0


def _left(distance: float, reach: int) -> float:
    """1 at the very place or day, 0 at the end of the reach and beyond."""
    return max(0.0, 1 - distance / reach) if reach else 0.0
