"""The news of the public record: written down with the step, numbered when it can be told, read.

What a piece of news says is read when it is told, from what is public then.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, delete, literal, or_, select, text, update
from sqlalchemy import case as by_value
from sqlalchemy.orm import joinedload

from webapp.alerts.models import Alert, AlertKey, NewsCount, PublicNews
from webapp.alerts.topics import Topic, conditions, keys_of_case, offices_of
from webapp.alerts.workflow import FREQUENCIES, next_telling
from webapp.cases.models import Case, TimelineLine
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.followed_organisations import organisations_hearing
from webapp.directory.followed_units import units_hearing
from webapp.outcomes.models import Outcome, OutcomeVersion
from webapp.outcomes.workflow import PUBLIC

BATCH: Final = 100
MOST_TOLD: Final = 200
"""Pieces of news read for one telling; what is beyond is found on the page itself."""
KEPT: Final = timedelta(days=30)


@dataclass(frozen=True)
class Told:
    """One piece of news as it may be read now: a step in its public words, or a result."""

    case: Case
    kind: str
    words: str
    corrected: bool


def note_step(line: TimelineLine) -> None:
    """Write down that a public line came, in the step's own transaction; once."""
    known = select(PublicNews.id).where(PublicNews.line_id == line.id)
    if session().scalar(known) is None:
        _note("step", line.case_id, line.visible_from, line_id=line.id)


def note_result(case_id: int, version: OutcomeVersion) -> None:
    """Write down that a version of an outcome was published, once."""
    known = select(PublicNews.id).where(PublicNews.version_id == version.id)
    if session().scalar(known) is None:
        _note("result", case_id, clock.now(), version_id=version.id)


def _note(kind: str, case_id: int, visible_from: datetime, **source: int) -> None:
    session().add(PublicNews(kind=kind, case_id=case_id, visible_from=visible_from, **source))
    session().flush()


def spread_news() -> int:
    """Number what can no longer be undone, wake whoever asked for it; how many, BATCH at most.

    Whoever is woken is found by the keys of the whole batch in one statement.
    """
    with write_unit():
        count = lock_count()
        waiting = _unnumbered()
        for number, each in enumerate(waiting, start=count.up_to + 1):
            each.number = number
        count.up_to += len(waiting)
        session().flush()
        _wake(_keys(waiting))
    return len(waiting)


def lock_count() -> NewsCount:
    """The one row of the count, locked until the end of the write unit."""
    session().execute(
        text("INSERT INTO news_count (id, up_to) VALUES (1, 0) ON CONFLICT (id) DO NOTHING")
    )
    return session().get_one(NewsCount, 1, with_for_update=True, populate_existing=True)


def numbered_up_to() -> int:
    """The number of the newest news that was spread."""
    return session().scalar(select(NewsCount.up_to)) or 0


def _unnumbered() -> Sequence[PublicNews]:
    query = (
        select(PublicNews)
        .where(PublicNews.number.is_(None), PublicNews.visible_from <= clock.now())
        .order_by(PublicNews.visible_from, PublicNews.id)
        .limit(BATCH)
    )
    return session().scalars(query).all()


def _keys(batch: Iterable[PublicNews]) -> list[str]:
    kinds = {each.case_id: set[str]() for each in batch}
    for each in batch:
        kinds[each.case_id].add(each.kind)
    query = select(Case).where(Case.id.in_(list(kinds)), Case.public_since.is_not(None))
    cases = session().scalars(query).all()
    units = units_hearing({case.handling_unit_id for case in cases})
    offices = organisations_hearing(
        {each for case in cases for each in offices_of(case)}, clock.today_local()
    )
    merged = _merged_into(each.id for each in cases)
    found: set[str] = set()
    for case in cases:
        hearing = {each for office in offices_of(case) for each in offices[office]}
        keys = keys_of_case(case, merged[case.id], units[case.handling_unit_id], hearing)
        scopes = {"all", "results"} if "result" in kinds[case.id] else {"all"}
        found |= {f"{scope}:{key}" for scope in scopes for key in keys}
    return sorted(found)


def _merged_into(case_ids: Iterable[int]) -> dict[int, set[int]]:
    """For each case itself and every case that went into it, however many mergers ago."""
    start = select(Case.id.label("top"), Case.id.label("id")).where(Case.id.in_(list(case_ids)))
    into = start.cte("merged", recursive=True)
    more = select(into.c.top, Case.id).join(into, Case.merged_into_id == into.c.id)
    into = into.union(more)
    found: dict[int, set[int]] = defaultdict(set)
    for top, each in session().execute(select(into.c.top, into.c.id)):
        found[top].add(each)
    return found


def _wake(keys: list[str]) -> None:
    """Give everybody who asked for one of these keys the moment of their next telling."""
    if not keys:
        return
    at = clock.now()
    # Said with the column's own type: a bare instant would be stored as its clock reads.
    moments = {code: literal(next_telling(code, at), Alert.due_at.type) for code in FREQUENCIES}
    session().execute(
        update(Alert)
        .where(
            Alert.id.in_(select(AlertKey.alert_id).where(AlertKey.key.in_(keys))),
            Alert.confirmed_at.is_not(None),
            Alert.due_at.is_(None),
        )
        .values(due_at=by_value(moments, value=Alert.frequency))
        .execution_options(synchronize_session=False)
    )


def news_of(topic: Topic, *, since: datetime, after: int, up_to: int) -> list[Told]:
    """What of these numbers is about the topic and may be read now, oldest first.

    Nothing that could be read before ``since``, however late it was numbered.
    """
    query = _readable(topic).where(
        PublicNews.number > after,
        PublicNews.number <= up_to,
        PublicNews.visible_from >= since,
    )
    rows = session().execute(query.order_by(PublicNews.number).limit(MOST_TOLD))
    return [_told(*row) for row in rows]


def newest_of(topic: Topic, *, limit: int) -> list[Told]:
    """The newest news of the topic within the last month, newest first."""
    query = _readable(topic).where(PublicNews.number.is_not(None))
    rows = session().execute(query.order_by(PublicNews.number.desc()).limit(limit))
    return [_told(*row) for row in rows]


def forget_old_news() -> None:
    """Remove news of more than a month ago (task). What it was about stays."""
    session().execute(
        delete(PublicNews)
        .where(PublicNews.visible_from < clock.now() - KEPT)
        .execution_options(synchronize_session=False)
    )


def _readable(
    topic: Topic,
) -> Select[PublicNews, Case, TimelineLine, OutcomeVersion]:
    query = (
        select(PublicNews, Case, TimelineLine, OutcomeVersion)
        .join(Case, Case.id == PublicNews.case_id)
        .outerjoin(TimelineLine, TimelineLine.id == PublicNews.line_id)
        .outerjoin(OutcomeVersion, OutcomeVersion.id == PublicNews.version_id)
        .outerjoin(Outcome, Outcome.id == OutcomeVersion.outcome_id)
        .where(*conditions(topic), or_(_step_shown(), _result_shown()))
        .options(joinedload(Case.handling_unit, innerjoin=True))
    )
    return query.where(PublicNews.kind == "result") if topic.results_only else query


def _step_shown() -> ColumnElement[bool]:
    return and_(TimelineLine.public_line.is_not(None), TimelineLine.visible_from <= clock.now())


def _result_shown() -> ColumnElement[bool]:
    """Only the version that readers see: a correction takes the place of what it corrects."""
    return and_(Outcome.state.in_(sorted(PUBLIC)), OutcomeVersion.number == Outcome.current)


def _told(
    news: PublicNews, case: Case, line: TimelineLine | None, version: OutcomeVersion | None
) -> Told:
    words = line.public_line if line else None
    return Told(case, news.kind, words or "", bool(version and version.number > 1))
