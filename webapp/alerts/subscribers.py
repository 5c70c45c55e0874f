"""What happens in public becomes news, in the same transaction."""

from sqlalchemy import select

from webapp.alerts.news import note_result, note_step
from webapp.alerts.sending import start_moved
from webapp.cases.events import CaseMoved
from webapp.cases.models import Case, TimelineLine
from webapp.core.events import subscribe
from webapp.core.unit_of_work import session
from webapp.directory.events import UnitsMerged
from webapp.outcomes.events import OutcomeMoved
from webapp.outcomes.models import Outcome
from webapp.outcomes.queries import shown

_SHOWN = frozenset({"publish", "correct", "republish"})


@subscribe(CaseMoved)
def note_moved_case(event: CaseMoved) -> None:
    """A step with a public line, of a case that is public. Whether it still is, telling asks."""
    query = (
        select(TimelineLine)
        .join(Case, Case.id == TimelineLine.case_id)
        .where(TimelineLine.case_id == event.case_id, Case.public_since.is_not(None))
        .order_by(TimelineLine.id.desc())
        .limit(1)
    )
    line = session().scalar(query)
    if line is not None and line.public_line and line.transition == event.step:
        note_step(line)


@subscribe(OutcomeMoved)
def note_published_result(event: OutcomeMoved) -> None:
    """A version that readers see from now on."""
    if event.step not in _SHOWN:
        return
    version = shown(session().get_one(Outcome, event.outcome_id))
    if version is not None:
        note_result(event.case_id, version)


@subscribe(UnitsMerged)
def tell_whom_it_moves(event: UnitsMerged) -> None:
    """Who follows what has ended is told once that their news goes on with what followed."""
    start_moved(event.unit_ids, event.organisation_ids, event.effective)
