"""One report's life in the demonstration, and who acts in it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from geo.points import Point
from webapp.cases.models import Case
from webapp.cases.operations import lock_case
from webapp.casework.models import Recommendation
from webapp.casework.operations.moves import lock_recommendation
from webapp.casework.queries import recommendations_of
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.demo.cast import Cast, group_of
from webapp.demo.stories import Story
from webapp.directory.models import Organisation, Unit
from webapp.directory.queries import front_of, organisation, province_of
from webapp.media.originals import ReceivedPhoto
from webapp.reporting.models import Report
from webapp.reporting.operations import lock_report
from webapp.triage.operations.assessment import Assessment
from webapp.triage.operations.local_action import Task

NO_PHOTO = "Chỗ này không chụp được vì trời tối"


@dataclass
class Life:
    """One report's life: what it tells, where it is, and what has come of it so far."""

    story: Story
    point: Point
    rng: Random
    cast: Cast
    numbers: "Numbers"
    photos: list[ReceivedPhoto] = field(default_factory=list)
    after: list[ReceivedPhoto] = field(default_factory=list)
    report_id: int = 0
    case_id: int = 0

    @property
    def report(self) -> Report:
        return lock_report(self.report_id)

    @property
    def case(self) -> Case:
        return lock_case(self.case_id)


class Numbers:
    """The next number of each organisation, year and type, as typed from its own register."""

    def __init__(self) -> None:
        self._given: dict[tuple[int, int, str], int] = {}

    def next(self, organisation_id: int, year: int, type_code: str) -> str:
        """The number after the last one given."""
        key = (organisation_id, year, type_code)
        self._given[key] = self._given.get(key, 0) + 1
        return f"{self._given[key]:02d}"


def soon(days: int) -> date:
    """A day so many days ahead of the present one."""
    return clock.today_local() + timedelta(days=days)


def fresh_key(life: Life) -> str:
    """An idempotency key, the same each time the play is played."""
    return str(uuid.UUID(int=life.rng.getrandbits(128)))


def letter_of(life: Life) -> Recommendation:
    """The newest recommendation of the case, locked."""
    case = life.case
    return lock_recommendation(recommendations_of(case.id)[-1])


def front_of_case(life: Life) -> Actor:
    """The officer of the committee that holds the case."""
    return life.cast.front(organisation(life.case.owner_id))


def officer_here(life: Life) -> Actor:
    """The officer of the committee where the report lies."""
    return officer_of(life, life.report.handling_unit_id, province=False)


def officer_of(life: Life, unit_id: int, *, province: bool) -> Actor:
    """The officer of the Front committee of a unit, or of its province."""
    unit = session().get_one(Unit, unit_id)
    place = province_of(unit) if province else unit
    return life.cast.front(present(front_of(place.id, clock.today_local())))


def present(found: Organisation | None) -> Organisation:
    """The organisation. Raises LookupError when the directory has none."""
    if found is None:
        raise LookupError("the directory has no such organisation")
    return found


Step = Callable[[Life], None]


def assessment_of(life: Life) -> Assessment:
    """What the Front says of the matter."""
    story = life.story
    return Assessment(story.summary, story.severity, story.waste_source)


def task_of(life: Life) -> Task:
    """What the self-managed group is asked to do."""
    group = group_of(life.case.handling_unit, clock.today_local())
    return Task(organisation_id=group.id, what=life.story.measures, due_on=soon(6))
