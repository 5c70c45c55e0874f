"""What follows from news of cases, in the same transaction; only rows are written."""

from sqlalchemy import or_, select

from webapp.audit.operations import Subject
from webapp.cases.events import CaseMoved, OutcomePublished
from webapp.community.messages import FOLLOWED
from webapp.community.models import CaseFollower
from webapp.community.queries import merged_into
from webapp.core.events import subscribe
from webapp.core.unit_of_work import session
from webapp.notifications.operations import notify

_TOLD = "followers_told"


@subscribe(CaseMoved)
def tell_followers(event: CaseMoved) -> None:
    """Everybody who follows the case is told when it reaches another state, once in a write unit.

    Who left no address and has no account looks it up with the code.
    """
    if event.from_state != event.to_state:
        _tell_all(event.case_id, event.held_for)


@subscribe(OutcomePublished)
def tell_of_outcome(event: OutcomePublished) -> None:
    """And when what became of it can be read."""
    _tell_all(event.case_id, None)


def _tell_all(case_id: int, held_for: str | None) -> None:
    query = select(CaseFollower).where(
        CaseFollower.case_id.in_(merged_into(case_id)),
        or_(CaseFollower.person_id.is_not(None), CaseFollower.email_sealed.is_not(None)),
    )
    told: set[int] = session().info.setdefault(_TOLD, set())
    for follower in session().scalars(query.order_by(CaseFollower.id)).all():
        if follower.id not in told:
            told.add(follower.id)
            _tell(follower, held_for)


def _tell(follower: CaseFollower, held_for: str | None) -> None:
    subject = Subject("case_follower", follower.id)
    notify(FOLLOWED, subject, person_id=follower.person_id, held_for=held_for)
