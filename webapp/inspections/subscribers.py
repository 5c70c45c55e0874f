"""Files follow the conclusion of their case; offices learn of measures that are due."""

from sqlalchemy import select

from webapp.audit.operations import Subject
from webapp.cases.events import CaseMoved
from webapp.core.actor import SYSTEM, Actor, ActorKind
from webapp.core.events import subscribe
from webapp.core.unit_of_work import session
from webapp.deadlines.events import DeadlineNear, DeadlinePassed
from webapp.inspections import messages
from webapp.inspections.models import InspectionFile, RemedialMeasure
from webapp.inspections.operations.concluding import follow_case
from webapp.inspections.operations.following import MEASURE
from webapp.notifications.operations import notify

_STEPS = {"conclude": "approve_result", "return_conclude": "return_result"}


@subscribe(CaseMoved)
def follow_conclusion(event: CaseMoved) -> None:
    """The file whose result was the case's proposal is approved or returned with it."""
    step = _STEPS.get(event.step)
    if step is None:
        return
    waiting = select(InspectionFile).where(
        InspectionFile.case_id == event.case_id, InspectionFile.state == "proposed"
    )
    who = Actor(ActorKind.PERSON, event.person_id) if event.person_id else SYSTEM
    for file in session().scalars(waiting.with_for_update(of=InspectionFile)):
        follow_case(who, file, step)


@subscribe(DeadlineNear)
def tell_measure_due(event: DeadlineNear) -> None:
    """The office learns that a measure is due soon."""
    _tell(event, messages.MEASURE_DUE_SOON)


@subscribe(DeadlinePassed)
def tell_measure_overdue(event: DeadlinePassed) -> None:
    """The office learns that a measure's day has passed."""
    _tell(event, messages.MEASURE_OVERDUE)


def _tell(event: DeadlineNear | DeadlinePassed, message: str) -> None:
    if event.subject_kind != MEASURE:
        return
    measure = session().get_one(RemedialMeasure, event.subject_id)
    file = session().get_one(InspectionFile, measure.file_id)
    notify(message, Subject(MEASURE, measure.id), organisation_id=file.office_id)
