"""Tasks: of a case for the Front, and of an organisation for its members."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from geo.points import Point
from geo.routes import nearest_first
from webapp.accounts.models import Assignment
from webapp.cases.models import Case, CasePhoto
from webapp.cases.policy import ShownPlace, shown_place
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation, Person
from webapp.directory.validity import valid_on
from webapp.media.models import Photo
from webapp.triage.models import LocalAction, SiteCheck
from webapp.triage.policy import actions_for, checks_for, is_left_out

CALLED_OFF = _("Việc này Mặt trận đã thôi, không cần đi xem nữa.")
_SHOWABLE = ("ready", "approved", "hidden")


def checks_of(case_id: int) -> list[SiteCheck]:
    """Every site check of a case, newest first."""
    query = select(SiteCheck).where(SiteCheck.case_id == case_id)
    query = query.options(joinedload(SiteCheck.organisation)).order_by(SiteCheck.id.desc())
    return list(session().scalars(query))


def actions_of(case_id: int) -> list[LocalAction]:
    """Every local task of a case, newest first."""
    query = select(LocalAction).where(LocalAction.case_id == case_id)
    query = query.options(joinedload(LocalAction.organisation)).order_by(LocalAction.id.desc())
    return list(session().scalars(query))


@dataclass(frozen=True)
class TaskPlace:
    """What a task shows of its case: category, place, unit. Never a report, never a time of one."""

    category: str
    unit_name: str
    unit_name_en: str
    place_note: str | None
    at: ShownPlace | None


@dataclass(frozen=True)
class CheckTask:
    """A site check as its group sees it; ``ended`` says why nobody needs to go any more."""

    id: int
    question: str
    due_on: date
    place: TaskPlace
    ended: Text | None

    @property
    def overdue(self) -> bool:
        """Whether the day it was due is over."""
        return self.due_on < clock.today_local()


@dataclass(frozen=True)
class ActionTask:
    """A local task as the one who acts sees it."""

    id: int
    what: str
    due_on: date
    summary: str | None
    photo_uids: list[str]
    place: TaskPlace

    @property
    def overdue(self) -> bool:
        """Whether the day it was due is over."""
        return self.due_on < clock.today_local()


def open_checks(actor: Actor) -> list[CheckTask]:
    """The actor's open site checks in the order of a walk from the commune's centre.

    Those without a place stand at the end, the nearest day first.
    """
    query = select(SiteCheck).where(checks_for(actor), SiteCheck.state == "open")
    found = session().scalars(
        query.options(joinedload(SiteCheck.case).joinedload(Case.handling_unit)).order_by(
            SiteCheck.due_on, SiteCheck.id
        )
    )
    mine = [each for each in found if not is_left_out(actor, each)]
    return [_check_task(each) for each in _walked(mine)]


def _walked(checks: list[SiteCheck]) -> list[SiteCheck]:
    placed = [(each, at.point) for each in checks if (at := shown_place(each.case, None))]
    if not placed:
        return checks
    unit, points = placed[0][0].case.handling_unit, [point for _check, point in placed]
    centre = points[0] if unit.lon is None or unit.lat is None else Point(unit.lon, unit.lat)
    walk = [placed[index][0] for index in nearest_first(centre, points)]
    return [*walk, *(each for each in checks if each not in walk)]


def check_task(actor: Actor, check_id: int) -> CheckTask:
    """One site check of the actor's. Raises NotFound."""
    check = session().scalar(select(SiteCheck).where(SiteCheck.id == check_id, checks_for(actor)))
    if check is None or is_left_out(actor, check):
        raise NotFound
    return _check_task(check)


def open_actions(actor: Actor) -> list[ActionTask]:
    """What the actor's organisations were given and did not report back, nearest day first."""
    query = (
        select(LocalAction)
        .join(Case, Case.id == LocalAction.case_id)
        .where(actions_for(actor), LocalAction.reported_at.is_(None), Case.state == "local_action")
        .options(joinedload(LocalAction.case).joinedload(Case.handling_unit))
    )
    found = session().scalars(query.order_by(LocalAction.due_on, LocalAction.id))
    return [_action_task(each, []) for each in found]


def action_task(actor: Actor, action_id: int) -> ActionTask:
    """One task of the actor's, with the photos the officer chose. Raises NotFound."""
    action = session().scalar(
        select(LocalAction).where(LocalAction.id == action_id, actions_for(actor))
    )
    if action is None:
        raise NotFound
    shown = (
        select(Photo.uid)
        .join(CasePhoto, CasePhoto.photo_id == Photo.id)
        .where(
            CasePhoto.case_id == action.case_id,
            CasePhoto.shown_to_doer,
            Photo.state.in_(_SHOWABLE),
        )
        .order_by(CasePhoto.id)
    )
    return _action_task(action, list(session().scalars(shown)))


def _check_task(check: SiteCheck) -> CheckTask:
    return CheckTask(check.id, check.question, check.due_on, _place(check.case), _ended(check))


def _ended(check: SiteCheck) -> Text | None:
    if check.state == "open":
        return None
    person = session().get(Person, check.recorded_by_id) if check.recorded_by_id else None
    if person is None or check.recorded_at is None:
        return CALLED_OFF
    when = f"{clock.local(check.recorded_at):%H:%M %d/%m/%Y}"
    return _("%(who)s đã ghi kết quả lúc %(when)s.", who=person.name, when=when)


def _action_task(action: LocalAction, photo_uids: list[str]) -> ActionTask:
    return ActionTask(
        id=action.id,
        what=action.what,
        due_on=action.due_on,
        summary=action.case.summary,
        photo_uids=photo_uids,
        place=_place(action.case),
    )


def _place(case: Case) -> TaskPlace:
    unit = case.handling_unit
    at = shown_place(case, None)
    return TaskPlace(case.category, unit.name, unit.name_en, case.place_note, at)


def members_of(groups: list[Organisation]) -> list[Person]:
    """Everybody with a role in force in these groups, by name."""
    query = (
        select(Person)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(
            Assignment.organisation_id.in_([each.id for each in groups]),
            valid_on(Assignment, clock.today_local()),
        )
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return list(session().scalars(query))
