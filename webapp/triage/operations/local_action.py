"""Giving a matter to somebody on the spot, and what they report back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from webapp.cases.categories import category
from webapp.cases.models import Case, CasePhoto
from webapp.cases.operations import lock_case, make_public, take_step
from webapp.cases.permissions import REPORT_LOCAL_RESULT
from webapp.cases.policy import holds
from webapp.core import clock
from webapp.core.actor import Actor, Grant
from webapp.core.errors import Conflict, NotFound
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.core.working_days import end_of_day
from webapp.directory.models import Organisation, Person
from webapp.media.operations import ReceivedPhoto
from webapp.notifications.operations import notify
from webapp.triage import messages
from webapp.triage.models import LocalAction
from webapp.triage.operations.assessment import (
    Assessment,
    assessors,
    check_terms,
    refuse_own_report,
)
from webapp.triage.operations.evidence import (
    demand_day_ahead,
    demand_photo_or_reason,
    invalid,
    keep_photo,
)
from webapp.triage.operations.verification import doer_of
from webapp.triage.policy import actions_for


@dataclass(frozen=True)
class Task:
    """Who does what by when."""

    organisation_id: int | None
    what: str
    due_on: date | None


@dataclass(frozen=True)
class LocalResult:
    """What the one who acted reports. ``source`` says who told it, when an officer writes."""

    words: str
    photos: Sequence[ReceivedPhoto] = ()
    no_photo_reason: str | None = None
    source: str | None = None


def fast_lane(actor: Actor, case: Case, *, task: Task, assessment: Assessment) -> LocalAction:
    """One screen for small matters: the summary, who does what, by when.

    Only non-urgent categories marked for it. Raises Forbidden, TransitionRefused, Invalid.
    """
    if case.urgent or not category(case.category).fast_lane:
        raise invalid("category", _("Loại việc này phải qua bước xem xét trước."))
    check_terms(assessment)
    doer, day = doer_of(case, task.organisation_id), demand_day_ahead(task.due_on)
    given = {"who": doer, "what": task.what, "due_on": day, "summary": assessment.summary}
    with take_step(
        actor,
        case,
        "fast_lane",
        voice="front",
        given=given,
        due_at=end_of_day(day),
        covers=assessors(actor, case),
    ) as line:
        refuse_own_report(actor, case)
        case.fast = True
        make_public(
            case,
            summary=assessment.summary,
            severity=assessment.severity,
            waste_source=assessment.waste_source,
        )
        line.public_line, line.note = assessment.summary, f"{doer.name}: {task.what}"
        line.facts = {"organisation": doer.id, "due_on": day.isoformat()}
        action = _give(case, doer, task.what, day)
    _notify(action)
    return action


def act_locally(
    actor: Actor, case: Case, *, task: Task, shown_photo_ids: Sequence[int] = ()
) -> LocalAction:
    """Give an assessed case to a group, an area committee or an operator.

    They see category, place, task, the Front's summary and the chosen photos. Raises Forbidden,
    TransitionRefused, Invalid by field.
    """
    doer, day = doer_of(case, task.organisation_id), demand_day_ahead(task.due_on)
    given = {"who": doer, "what": task.what, "due_on": day}
    with take_step(
        actor, case, "act_locally", voice="front", given=given, due_at=end_of_day(day)
    ) as line:
        line.public_line = f"{doer.name}, hạn {day:%d/%m/%Y}."
        line.note = task.what
        line.facts = {"organisation": doer.id, "due_on": day.isoformat()}
        action = _give(case, doer, task.what, day)
        chosen = CasePhoto.photo_id.in_(list(shown_photo_ids))
        session().execute(
            update(CasePhoto).where(CasePhoto.case_id == case.id).values(shown_to_doer=chosen)
        )
    _notify(action)
    return action


def report_local_result(actor: Actor, case: Case, *, result: LocalResult) -> LocalAction:
    """What was done, by the one who acted or written down for them with the source.

    Photo or reason is needed. Raises Forbidden, TransitionRefused, Invalid by field.
    """
    action = open_action(case)
    own = action is not None and action.organisation_id in actor.organisations_for(
        REPORT_LOCAL_RESULT
    )
    _demand_result(result, own=own)

    def covers(grant: Grant) -> bool:
        doer = action is not None and grant.organisation_id == action.organisation_id
        return doer or holds(grant, case, "report_local_result")

    with take_step(
        actor,
        case,
        "report_local_result",
        voice="front",
        given={"result": result.words},
        covers=covers,
    ) as line:
        if action is None:
            raise NotFound
        _write_result(actor, case, action, result, own=own)
        case.last_result = "report_local_result"
        line.public_line = "Nơi được giao đã báo kết quả, chờ bà con xác nhận."
        words = (result.words, result.no_photo_reason, result.source)
        line.note = "\n".join(each for each in words if each)
        line.facts = {"action": action.id, "for_doer": not own}
    if own:
        subject = messages.action_subject(action)
        notify(messages.ACTION_DONE, subject, organisation_id=case.owner_id)
    return action


def answer_action(actor: Actor, action_id: int, *, result: LocalResult) -> LocalAction:
    """The doer's own answer from the phone page; the case itself stays closed to them.

    Raises NotFound for a task of others, Conflict (who, when) when it is answered already.
    """
    found = select(LocalAction.case_id).where(LocalAction.id == action_id, actions_for(actor))
    case_id = session().scalar(found)
    if case_id is None:
        raise NotFound
    case = lock_case(case_id)
    action = session().get_one(LocalAction, action_id, populate_existing=True)
    if action.reported_at is not None or open_action(case) is not action:
        raise _answered(action)
    return report_local_result(actor, case, result=result)


def open_action(case: Case) -> LocalAction | None:
    """The latest task of the case that is not reported back, while the case waits for it."""
    if case.state != "local_action":
        return None
    query = select(LocalAction).where(
        LocalAction.case_id == case.id, LocalAction.reported_at.is_(None)
    )
    return session().scalar(query.order_by(LocalAction.id.desc()).limit(1))


def _give(case: Case, doer: Organisation, what: str, day: date) -> LocalAction:
    action = LocalAction(
        case_id=case.id, organisation_id=doer.id, what=what, due_on=day, given_at=clock.now()
    )
    session().add(action)
    return action


def _notify(action: LocalAction) -> None:
    subject = messages.action_subject(action)
    notify(messages.ACTION_GIVEN, subject, organisation_id=action.organisation_id)


def _demand_result(result: LocalResult, *, own: bool) -> None:
    demand_photo_or_reason(result.photos, result.no_photo_reason)
    if not own and not (result.source or "").strip():
        raise invalid("source", _("Xin ghi ai báo lại, bằng cách nào, ngày nào."))


def _write_result(
    actor: Actor, case: Case, action: LocalAction, result: LocalResult, *, own: bool
) -> None:
    photos = [keep_photo(case, received, purpose="after") for received in result.photos]
    action.photo_id = photos[0].id if photos else None
    action.result, action.reported_at = result.words, clock.now()
    action.no_photo_reason = result.no_photo_reason
    action.recorded_by_id = actor.person_id
    action.source_note = None if own else result.source


def _answered(action: LocalAction) -> Conflict:
    person = session().get(Person, action.recorded_by_id) if action.recorded_by_id else None
    if person is None or action.reported_at is None:
        return Conflict(_("Việc này Mặt trận đã thôi giao, không cần làm nữa."))
    return Conflict(
        _(
            "%(who)s đã báo kết quả lúc %(when)s. Điều ông/bà nhập vẫn còn ở dưới.",
            who=person.name,
            when=f"{clock.local(action.reported_at):%H:%M %d/%m/%Y}",
        )
    )
