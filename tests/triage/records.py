"""What a step left behind: notices, lines, running clocks."""

from sqlalchemy import select

from tests.factories.triage import (
    a_group,
    due,
)
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case, TimelineLine
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.queries import clocks_of
from webapp.notifications.models import Notice
from webapp.triage.models import SiteCheck
from webapp.triage.operations import verification as checking


def messages() -> list[tuple[str, int | None]]:
    rows = select(Notice.message, Notice.organisation_id).order_by(Notice.id)
    return [(message, organisation) for message, organisation in session().execute(rows)]


def lines(case: Case) -> list[TimelineLine]:
    query = select(TimelineLine).where(TimelineLine.case_id == case.id)
    return list(session().scalars(query.order_by(TimelineLine.id)))


def running(case: Case) -> set[str]:
    return {e.rule.key for e in clocks_of(subject_of(case)) if e.stopped_at is None}


def ask_group(officer: Actor, case: Case, **changes: object) -> SiteCheck:
    values: dict[str, object] = {
        "organisation_id": a_group().id,
        "question": "Có đống rác ven suối không, dài bao nhiêu?",
        "due_on": due(),
    }
    with write_unit():
        return checking.request_verification(officer, case, **values | changes)  # type: ignore[arg-type]
