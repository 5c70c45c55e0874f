"""Who lives how long in the demonstration: routes through the tables, places, seasons, times."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import select

from geo.points import Point
from webapp.core.unit_of_work import session
from webapp.demo import inspecting, office, papers, publishing, script
from webapp.demo.life import Step
from webapp.demo.stories import Story, stories
from webapp.directory.models import Unit, UnitSuccession
from webapp.directory.served_units import CUT_OVER, NEW_SYSTEM, OLD_SYSTEM

SEED = 20261121
HOME = "03325"  # where the demo sign-ins work: most of what is still open happens here
LIVELY = ("03316", "03127", "03256", "03301", "03334", "01906", "01840", "02155", "02020", "01864")
_TO_CASE: tuple[Step, ...] = (script.submit, script.open_)
_LETTER: tuple[Step, ...] = (script.draft, script.sign, script.issue, script.deliver)
_SEEN = (*_TO_CASE, script.ask_check, script.check, script.assess)
_OFFICE = (*_SEEN, *_LETTER, office.accept)
_ANSWERED = (*_OFFICE, office.inspect, office.conclude, script.agree)
_INSPECTED = (
    *_OFFICE,
    inspecting.plan,
    inspecting.decide,
    inspecting.visit,
    inspecting.conclude,
    script.agree,
)
_REMEDIED = (*_ANSWERED, office.remedy, office.remedied)
_ENDED: tuple[Step, ...] = (publishing.publish, publishing.close)
_LOCAL = (*_TO_CASE, script.assess, script.act, script.local_done)


@dataclass(frozen=True)
class Route:
    """How far a life goes, how many live so, and whether it ends in the past or now.

    ``at_home`` is where the demo sign-ins work, so that each of them has something to do.
    """

    steps: tuple[Step, ...]
    lives: int
    over: bool
    quick_only: bool = False
    before_cut_over: bool = False
    at_home: bool = False


ROUTES = (
    Route((script.submit,), 22, over=False),
    Route((script.submit, script.ask), 8, over=False),
    Route((script.submit, script.reject), 20, over=True),
    Route((script.submit, script.redirect), 8, over=True),
    Route((script.submit, script.take_back), 6, over=True),
    Route(_TO_CASE, 10, over=False),
    Route((*_TO_CASE, script.also, script.also), 6, over=False),
    Route((*_TO_CASE, script.twin), 6, over=False),
    Route((*_SEEN, script.hand_over), 4, over=True),
    Route((*_SEEN, *_LETTER, office.decline, script.ask_raise), 3, over=False),
    Route((*_SEEN, *_LETTER, office.decline, script.ask_raise, script.raise_), 3, over=False),
    Route((*_TO_CASE, script.ask_check), 8, over=False),
    Route(_SEEN, 10, over=False),
    Route((*_TO_CASE, script.quick), 10, over=False, quick_only=True),
    Route((*_TO_CASE, script.assess, script.act), 10, over=False),
    Route((*_SEEN, *_LETTER), 18, over=False),
    Route((*_SEEN, *_LETTER, office.decline), 5, over=False),
    Route(_OFFICE, 10, over=False),
    Route((*_OFFICE, office.inspect), 12, over=False),
    Route((*_OFFICE, office.inspect, office.conclude), 8, over=False),
    Route((*_ANSWERED, office.remedy), 16, over=False),
    Route((*_OFFICE, inspecting.plan), 2, over=False),
    Route((*_OFFICE, inspecting.plan, inspecting.decide, inspecting.visit), 2, over=False),
    Route((*_INSPECTED, inspecting.order), 4, over=False),
    Route((*_INSPECTED, inspecting.order, inspecting.finish, office.remedied), 2, over=False),
    Route(_REMEDIED, 10, over=False),
    Route((*_REMEDIED, script.deny), 4, over=False),
    Route((*_REMEDIED, script.also, script.confirm, *_ENDED), 30, over=True),
    Route(
        (
            *_ANSWERED,
            office.nothing_to_remedy,
            script.confirm,
            publishing.publish,
            publishing.close,
        ),
        18,
        over=True,
    ),
    Route((*_LOCAL, script.confirm, *_ENDED), 40, over=True),
    Route(
        (*_TO_CASE, script.quick, script.local_done, script.confirm, publishing.close),
        34,
        over=True,
        quick_only=True,
    ),
    Route((*_TO_CASE, script.ask_check, script.check, script.dismiss), 12, over=True),
    Route(
        (*_TO_CASE, script.quick, script.local_done, script.confirm, publishing.close),
        30,
        over=True,
        quick_only=True,
        before_cut_over=True,
    ),
    Route((*_SEEN, script.draft), 2, over=False, at_home=True),
    Route((*_SEEN, script.draft, script.sign), 1, over=False, at_home=True),
    Route((*_SEEN, script.draft, script.sign, script.issue), 1, over=False, at_home=True),
    Route(
        (*_SEEN, script.draft, script.sign, script.issue, papers.void),
        1,
        over=False,
        at_home=True,
    ),
    Route((*_SEEN, *_LETTER, papers.urge), 2, over=False, at_home=True),
    Route((*_SEEN, papers.transfer), 1, over=False, at_home=True),
    Route((*_ANSWERED, papers.notify, papers.invite), 1, over=False, at_home=True),
    Route((*_OFFICE, inspecting.plan, inspecting.decide), 2, over=False, at_home=True),
)
# Only a violation is remedied by order; where there was none, nothing is ordered.
_ORDERS = frozenset({office.remedy, inspecting.order})
_ORDERS_NOTHING = frozenset({office.nothing_to_remedy})
# Days a step waits after the one before it, at least and at most.
_WAITS: dict[Step, tuple[float, float]] = {
    script.open_: (0.1, 1.2),
    script.ask: (0.1, 1),
    script.reject: (0.2, 1.5),
    script.redirect: (0.2, 1.5),
    script.take_back: (0.05, 0.5),
    script.check: (0.5, 3.5),
    script.sign: (0.2, 2),
    script.issue: (0.1, 1),
    office.accept: (0.5, 4),
    office.decline: (1, 4),
    office.inspect: (1, 5),
    office.conclude: (2, 9),
    inspecting.plan: (0.5, 3),
    inspecting.decide: (0.5, 2),
    inspecting.visit: (1, 5),
    inspecting.conclude: (2, 9),
    inspecting.finish: (5, 20),
    office.remedied: (5, 30),
    papers.urge: (24, 30),
    script.local_done: (1, 9),
    script.confirm: (1, 6),
    script.deny: (1, 4),
}
_SHORT = (0.05, 0.8)


# The lives before the cut-over end well before it: no open work crosses it.
_OLD_TIMES = (datetime(2024, 11, 25, tzinfo=UTC), datetime(2025, 5, 20, tzinfo=UTC))
_NEW_TIMES = datetime(2025, 7, 4, tzinfo=UTC)
_LATE = 0.22
_JITTER = 0.006  # degrees, about 650 m round the middle of a settlement


@dataclass(frozen=True)
class Settlement:
    """A place where people live, with the code of the unit of its time that it lies in."""

    code: str
    point: Point


@dataclass(frozen=True)
class Settings:
    """The settlements of both times."""

    today: tuple[Settlement, ...]
    before: tuple[Settlement, ...]


@dataclass(frozen=True)
class Plan:
    """One life to come."""

    route: Route
    story: Story
    point: Point
    begins: datetime
    rng: Random


def plans(ends: datetime, *, scale: float) -> list[Plan]:
    """Every life, the same each time for one present day. ``scale`` shrinks their number."""
    rng, settings = Random(SEED), _settings()  # noqa: S311 - a play, not a secret
    made = []
    for route in ROUTES:
        for _ in range(max(1, round(route.lives * scale))):
            made.append(_plan(route, Random(rng.getrandbits(64)), settings, ends))  # noqa: S311
    return made


def wait_before(step: Step, rng: Random) -> timedelta:
    """How long a step lets wait for it."""
    low, high = _WAITS.get(step, _SHORT)
    return timedelta(days=rng.uniform(low, high))


def _plan(route: Route, rng: Random, settings: Settings, ends: datetime) -> Plan:
    told = [story for story in stories() if _fits(route, story)]
    begins = _begin(route, rng, ends)
    story = rng.choice([each for each in told if begins.month in each.months] or told)
    where = _settlement(route, story, rng, settings)
    point = Point(
        round(where.point.lon + rng.uniform(-_JITTER, _JITTER), 6),
        round(where.point.lat + rng.uniform(-_JITTER, _JITTER), 6),
    )
    return Plan(route, story, point, begins, rng)


def _fits(route: Route, story: Story) -> bool:
    """Whether such a life can tell this story."""
    if route.quick_only and not story.category.fast_lane:
        return False
    in_commune = route.before_cut_over or route.quick_only or script.assess in route.steps
    if in_commune and story.category.starts_at_province:
        return False
    if route.at_home and story.communes and HOME not in story.communes:
        return False
    violated = story.conclusion == "violation"
    if _ORDERS.intersection(route.steps):
        return violated
    return not (violated and _ORDERS_NOTHING.intersection(route.steps))


def _begin(route: Route, rng: Random, ends: datetime) -> datetime:
    if route.before_cut_over:
        return _between(*_OLD_TIMES, rng)
    takes = sum(
        (timedelta(days=max(_WAITS.get(step, _SHORT))) for step in route.steps), timedelta(days=1)
    )
    if route.over:
        return _between(_NEW_TIMES, ends - takes - timedelta(days=4), rng)
    # What waits too long for an answer is taken back by the clock, so that none of those is late.
    is_late = rng.random() < _LATE and route.steps[-1] not in (script.ask, script.ask_check)
    late = timedelta(days=rng.uniform(12, 45)) if is_late else timedelta(0)
    nights = timedelta(days=0.6) * (len(route.steps) - 1)
    return ends - takes - nights - late - timedelta(hours=rng.uniform(1, 60))


def _between(first: datetime, last: datetime, rng: Random) -> datetime:
    return first + (last - first) * rng.random()


def _settlement(route: Route, story: Story, rng: Random, settings: Settings) -> Settlement:
    everywhere = settings.before if route.before_cut_over else settings.today
    if route.at_home:
        return rng.choice([each for each in everywhere if each.code == HOME])
    if story.communes and not route.before_cut_over:
        return rng.choice([each for each in everywhere if each.code in story.communes])
    draw = rng.random()
    if not route.before_cut_over and draw < (0.15 if route.over else 0.35):
        return rng.choice([each for each in everywhere if each.code == HOME])
    if not route.before_cut_over and draw < 0.6:
        return rng.choice([each for each in everywhere if each.code in LIVELY])
    return rng.choice(everywhere)


def _settings() -> Settings:
    old = session().scalars(
        select(Unit)
        .where(Unit.code_system == OLD_SYSTEM, Unit.kind == "commune")
        .order_by(Unit.code)
    )
    by_id = {unit.id: unit for unit in old}
    pairs = session().execute(
        select(UnitSuccession.old_id, Unit.code)
        .join(Unit, Unit.id == UnitSuccession.new_id)
        .where(Unit.code_system == NEW_SYSTEM, UnitSuccession.effective == CUT_OVER)
        .order_by(UnitSuccession.id)
    )
    today = [
        Settlement(code, Point(by_id[old_id].lon or 0.0, by_id[old_id].lat or 0.0))
        for old_id, code in pairs
        if old_id in by_id
    ]
    before = [Settlement(unit.code, Point(unit.lon or 0, unit.lat or 0)) for unit in by_id.values()]
    return Settings(tuple(today), tuple(before))
