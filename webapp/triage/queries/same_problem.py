"""Which cases and reports are probably the same problem, by what that shows, best first.

Looked at are open cases and waiting reports of the unit that the actor may read: those near enough
and of late (the category says how near and how late), found by the spatial index, and those with
a photo that looks like one of this record. Of people only a number is told, never who.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import exists, or_, select

from geo.points import Point, distance_m
from webapp.cases.categories import category
from webapp.cases.models import Case
from webapp.cases.policy import Sight, readable, sight
from webapp.cases.workflow import OPEN
from webapp.core.actor import Actor
from webapp.core.conditions import ids_checked, ids_unseen, in_words, one_of_given
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session
from webapp.core.word_likeness import likeness, trigrams
from webapp.media.likeness import Looks
from webapp.reporting.models import IdentityOpening, Report, ReportIdentity, ReportPhoto
from webapp.reporting.policy import readable_reports
from webapp.reporting.workflow import WAITING
from webapp.triage.queries.near import Matter, cases_by_id, near_records, reports_by_id
from webapp.triage.queries.not_same import said_not_same

Record = Report | Case
Key = tuple[str, int]

KINDS: Final = ("report", "case")
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


def alike(actor: Actor, record: Record, looks: Looks) -> list[Alike]:
    """The records that are probably the same problem, five at most, the most probable first.

    ``looks`` are the look-alikes of its photos. What somebody said is not the same is left out.
    """
    seen = _seen_alike(actor, looks)
    others = _others(actor, record, seen)
    if not others:
        return []
    compared = _Compared(actor, _of_record(record), others, seen)
    judged = ((_points(record, parts), each, parts) for each, parts in compared.all())
    ranked = sorted(
        (row for row in judged if row[0] > 0), key=lambda row: (-row[0], row[1].since, row[1].key)
    )
    found: list[Alike] = []
    for first in range(0, len(ranked), MOST):  # mostly once: nearly all that is found is meant
        few = ranked[first : first + MOST]
        records = _records([each for _points, each, _parts in few])
        found += [
            Alike(records[each.key], parts, points)
            for points, each, parts in few
            if each.key in records and _meant(actor, records[each.key])
        ]
        if len(found) >= MOST:
            break
    return found[:MOST]


def parts_of(actor: Actor, one: Record, looks: Looks, other: Record) -> Parts:
    """What two records that the actor may read have in common; ``looks`` of the first's photos."""
    compared = _Compared(actor, _of_record(one), [_of_record(other)], _seen_alike(actor, looks))
    return next(parts for _other, parts in compared.all())


class _Compare(NamedTuple):
    """What is compared of a case or a report; ``words`` are those an officer wrote of a case."""

    key: Key
    point: Point | None
    since: datetime
    unit_id: int
    words: str


def _of_record(record: Record) -> _Compare:
    words = _words(record.summary, record.place_note) if isinstance(record, Case) else ""
    unit_id = record.handling_unit_id
    return _Compare(key_of(record), point_of(record), since_of(record), unit_id, words)


def _others(actor: Actor, record: Record, seen: Sequence[Report]) -> list[_Compare]:
    """Cases and waiting reports of the same unit, each once."""
    found = _near(actor, record)
    if seen:
        others: list[Record] = [*seen, *_cases_behind(actor, seen)]
        said = said_not_same(key_of(record), [key_of(each) for each in others])
        found |= {key_of(each): _of_record(each) for each in others if key_of(each) not in said}
    own = {key_of(record), ("case", _case_id(record))}
    unit_id = record.handling_unit_id
    return [each for key, each in found.items() if key not in own and each.unit_id == unit_id]


def _records(wanted: Iterable[_Compare]) -> dict[Key, Record]:
    by_kind = {kind: [each.key[1] for each in wanted if each.key[0] == kind] for kind in KINDS}
    found: list[Record] = [*cases_by_id(by_kind["case"]).values()]
    found += reports_by_id(by_kind["report"]).values()
    return {key_of(record): record for record in found}


def _meant(actor: Actor, other: Record) -> bool:
    """A report that waits, or a case that the actor holds as the Front."""
    if isinstance(other, Case):
        return sight(actor, other) is Sight.FRONT
    return other.case_id is None and other.state in WAITING


def _near(actor: Actor, record: Record) -> dict[Key, _Compare]:
    point = point_of(record)
    if point is None:
        return {}
    matter = Matter(
        record.category, point, since_of(record), *key_of(record), _case_id(record) or 0
    )
    near = near_records(actor, matter)
    return {
        (kind, each.id): _Compare((kind, each.id), each.point, each.since, each.unit_id, each.words)
        for kind, found in zip(KINDS, (near.reports, near.cases), strict=True)
        for each in found
    }


def _cases_behind(actor: Actor, seen: Iterable[Report]) -> Iterable[Case]:
    """The open cases of reports that the actor may read."""
    behind = sorted({each.case_id for each in seen if each.case_id is not None})
    query = select(Case).where(Case.id.in_(behind), Case.state.in_(sorted(OPEN)), readable(actor))
    return session().scalars(query) if behind else ()


def _case_id(record: Record) -> int | None:
    return record.id if isinstance(record, Case) else record.case_id


def _seen_alike(actor: Actor, looks: Looks) -> list[Report]:
    """Reports that the actor may read with a photo that looks like one of these."""
    wanted = {other for others in looks.values() for other in others}
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


class _Sent(NamedTuple):
    """What one report says, and what tells who sent it: never who that is.

    Of whoever told of a reprisal nothing is compared: not even that they sent twice. Nor of what
    an officer wrote down for somebody: a number typed there would tell whether a neighbour's is it.
    The form of the residents takes any number too, so that contacts are compared only among reports
    whose sender the reader has opened, for a reason that the auditor reads.
    """

    id: int
    words: str
    marks: frozenset[str]


class _Compared:
    """A record beside others: their reports read once for all of them."""

    def __init__(
        self, actor: Actor, record: _Compare, others: Sequence[_Compare], seen: Iterable[Report]
    ) -> None:
        self._record, self._others = record, others
        self._sent = _sent_behind(actor, [record.key, *(each.key for each in others)])
        self._seen = {each.id for each in seen}
        self._own_words = self._texts(record)
        own = self._sent[record.key]
        self._own_marks = frozenset(mark for each in own for mark in each.marks)

    def all(self) -> list[tuple[_Compare, Parts]]:
        """Every other record with what it has in common."""
        return [(each, self._parts(each)) for each in self._others]

    def _parts(self, other: _Compare) -> Parts:
        here, there = self._record.point, other.point
        span = abs(self._record.since - other.since)
        sent, texts = self._sent[other.key], self._texts(other)
        return Parts(
            metres=distance_m(here, there) if here and there else None,
            days=round(span.total_seconds() / 86_400),
            words=max((likeness(a, b) for a in self._own_words for b in texts), default=None),
            photo=any(each.id in self._seen for each in sent),
            senders=sum(not self._own_marks.isdisjoint(each.marks) for each in sent),
        )

    def _texts(self, record: _Compare) -> set[frozenset[str]]:
        """The words that tell what a record is about: the officer's, and each sender's."""
        texts = {record.words, *(each.words for each in self._sent[record.key])}
        return {found for text in texts if (found := trigrams(text))}


def _sent_behind(actor: Actor, keys: Sequence[Key]) -> Mapping[Key, list[_Sent]]:
    """The reports of each record that the actor may read, the newest that are looked at."""
    asked = {kind: frozenset(each for of, each in keys if of == kind) for kind in KINDS}
    behind: dict[Key, dict[int, _Sent]] = defaultdict(dict)
    for each, case_id, *sent in _sent_query(actor).rows(asked):
        key = ("case", case_id) if case_id in asked["case"] else ("report", each)
        before = behind[key].get(each)
        found = _sent(each, *sent)
        behind[key][each] = (
            found if before is None else found._replace(marks=found.marks | before.marks)
        )
    return {key: list(behind[key].values()) for key in keys}


@lru_cache(maxsize=64)
def _sent_query(actor: Actor) -> Prepared:
    columns: tuple[Any, ...] = (Report.id, Report.case_id, Report.description, Report.place_note)
    marks: tuple[Any, ...] = (ReportIdentity.phone_digest, ReportIdentity.email_digest)
    unsaid = or_(Report.reprisal_at.is_not(None), Report.on_behalf)
    opened = exists().where(
        IdentityOpening.report_id == Report.id,
        IdentityOpening.person_id == actor.person_id,
        IdentityOpening.what.in_(("identity", "register")),
    )
    behind = or_(one_of_given(Report.case_id, "case"), one_of_given(Report.id, "report"))
    query = (
        select(*columns, unsaid, opened, Report.person_id, *marks)
        .outerjoin(ReportIdentity, ReportIdentity.report_id == Report.id)
        .where(ids_unseen(behind), ids_checked(ids_unseen(readable_reports(actor))))
    )
    return Prepared(query.order_by(Report.id.desc()).limit(in_words(_LOOKED_AT)))


def _sent(
    report_id: int,
    description: str | None,
    place_note: str | None,
    unsaid: bool,
    opened: bool,
    person_id: int | None,
    *digests: str | None,
) -> _Sent:
    person = f"person {person_id}" if person_id is not None else None
    contacts = digests if opened else ()
    marks = frozenset(each for each in (person, *contacts) if each and not unsaid)
    return _Sent(report_id, _words(description, place_note), marks)


def _words(*texts: str | None) -> str:
    return " ".join(each or "" for each in texts)


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
