"""The demonstration played in order of time: about 400 reports, two years, every state."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select, update

from geo.photos.scenes import draw_scene
from webapp.cases.tasks import fold_counts
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import tell_deadlines
from webapp.demo import office, script
from webapp.demo.cast import Cast
from webapp.demo.life import Life, Numbers, Step
from webapp.demo.planning import plans, wait_before
from webapp.jobs.models import OutboxRow
from webapp.media.models import Photo
from webapp.media.originals import ReceivedPhoto, examine
from webapp.media.rendering import render_photo
from webapp.notifications.models import Notice

# Left to the worker: a page that offers a letter or sheet would else wait for it for ever.
_PRINTED = frozenset({"documents.render", "outcomes.print_sheets"})
_WITH_PHOTOS = 0.33
_SWEEP = timedelta(days=3)
_UNREAD = timedelta(days=2)


@dataclass(order=True)
class Turn:
    """The next step of one life, at its time."""

    at: datetime
    number: int
    life: Life = field(compare=False)
    steps: tuple[Step, ...] = field(compare=False)


def play(tell: Callable[[str], None], *, scale: float = 1.0) -> int:
    """Play every life up to now; returns how many reports were sent.

    ``scale`` shrinks the number of lives, for tests. Units of work are the play's own.
    """
    ends, sent = clock.now(), 0
    turns = _opening(ends, scale)
    swept = turns[0].at
    while turns:
        turn = heapq.heappop(turns)
        if turn.at > ends:
            continue
        if turn.at - swept > _SWEEP:
            swept = turn.at
            _sweep(swept)
        sent += _take(turn)
        if turn.steps[0] is script.submit and sent % 50 == 0:
            tell(f"{sent} phản ánh…")
        if following := _following(turn):
            heapq.heappush(turns, following)
    _sweep(ends)
    _wait_from(ends)
    _read_before(ends - _UNREAD)
    fold_counts()
    return sent


def _opening(ends: datetime, scale: float) -> list["Turn"]:
    cast, numbers = Cast(), Numbers()
    turns = []
    for number, plan in enumerate(plans(ends, scale=scale)):
        life = Life(story=plan.story, point=plan.point, rng=plan.rng, cast=cast, numbers=numbers)
        turns.append(Turn(plan.begins, number, life, plan.route.steps))
    session().rollback()
    heapq.heapify(turns)
    return turns


def _take(turn: Turn) -> int:
    step, life = turn.steps[0], turn.life
    with clock.standing_at(turn.at):
        if step is script.submit and life.rng.random() < _WITH_PHOTOS:
            life.photos = _pictures(life, turn, cleaned=False)
        if step in (office.remedied, script.local_done) and life.photos:
            life.after = _pictures(life, turn, cleaned=True)
        with write_unit():
            step(life)
            _settle_outbox()
        _render()
    return int(step is script.submit)


def _following(turn: Turn) -> Turn | None:
    steps = turn.steps[1:]
    if not steps:
        return None
    rng = turn.life.rng
    at = _working_hour(turn.at + wait_before(steps[0], rng), rng)
    return Turn(at, turn.number, turn.life, steps)


def _working_hour(at: datetime, rng: Random) -> datetime:
    """Offices work by day; the same moment moved into 7:30 to 17:00 when it falls in the night."""
    here = clock.local(at)
    if 7 <= here.hour < 17:
        return at
    days = 1 if here.hour >= 17 else 0
    morning = here.replace(hour=7, minute=30, second=0) + timedelta(days=days)
    return morning + timedelta(minutes=rng.randint(0, 300))


def _sweep(at: datetime) -> None:
    with clock.standing_at(at):
        tell_deadlines()


def _settle_outbox() -> None:
    """The past sends no mail: what a step put into the outbox is done with, photos apart."""
    waiting = OutboxRow.state == "waiting"
    sent = select(OutboxRow).where(waiting, OutboxRow.kind.not_in(_PRINTED))
    for row in session().scalars(sent):
        row.state, row.done_at = "done", clock.now()


def _wait_from(at: datetime) -> None:
    """What the worker prints is due now, not in the past of the play."""
    with write_unit():
        left = OutboxRow.state == "waiting"
        session().execute(update(OutboxRow).where(left).values(created_at=at, due_at=at))


def _read_before(at: datetime) -> None:
    """Whoever signs in for the first time finds the news of these days, not those of two years."""
    with write_unit():
        old = Notice.created_at < at, Notice.read_at.is_(None)
        session().execute(update(Notice).where(*old).values(read_at=at))


def _render() -> None:
    waiting = list(session().scalars(select(Photo.id).where(Photo.state == "stored")))
    session().rollback()
    for photo_id in waiting:
        render_photo(photo_id)


def _pictures(life: Life, turn: Turn, *, cleaned: bool) -> list[ReceivedPhoto]:
    content = draw_scene(
        life.story.picture,
        turn.number,
        cleaned=cleaned,
        place=life.point,
        taken_at=clock.local(turn.at - timedelta(minutes=40)).replace(tzinfo=None),
    )
    return [examine(content)]
