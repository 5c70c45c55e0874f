"""One step of a recommendation: lock, authorise, check, change, clocks, audit, announce.

The case is locked before its recommendation, everywhere, so that two officers never wait for each
other in a ring.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from webapp.audit.operations import Subject, find_step, record
from webapp.cases.models import Case
from webapp.cases.operations import lock_case
from webapp.casework.events import RecommendationMoved
from webapp.casework.models import Recommendation, RecommendationStep
from webapp.casework.policy import holds
from webapp.casework.queries import recommendation_file, steps_of
from webapp.casework.workflow import RECOMMENDATION
from webapp.core import clock
from webapp.core.actor import Actor, ActorKind
from webapp.core.errors import Forbidden, Invalid, LastStep, stale
from webapp.core.events import announce
from webapp.core.permissions import Permission
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.core.workflow import Transition
from webapp.deadlines.operations import apply_event


def subject_of(recommendation: Recommendation) -> Subject:
    """How audit, clocks and notices name a recommendation."""
    return Subject("recommendation", recommendation.id)


def claim_recommendation(actor: Actor, uid: str, *, seen: int) -> Recommendation:
    """Lock a recommendation and its case, in the version the actor has seen.

    Raises NotFound when it is not there or not visible, Conflict (who, what, when) when it moved.
    """
    found = recommendation_file(actor, uid).recommendation
    lock_case(found.case_id)
    locked = lock_recommendation(found)
    if locked.version != seen:
        raise stale(_last_step(locked))
    return locked


def lock_recommendation(recommendation: Recommendation) -> Recommendation:
    """Lock a recommendation whose case is locked already, and read it anew."""
    return session().get_one(
        Recommendation, recommendation.id, with_for_update=True, populate_existing=True
    )


@contextmanager
def move(
    actor: Actor,
    recommendation: Recommendation,
    step: str,
    *,
    given: Mapping[str, object] | None = None,
    words: str | None = None,
    follows: bool = False,
) -> Iterator[RecommendationStep]:
    """Take one step of the table; the body changes the recommendation.

    ``follows`` is for steps that a step of the case brings along: it has authorised. Raises
    Forbidden, TransitionRefused, Invalid.
    """
    subject = subject_of(recommendation)
    row = find_step(actor, RECOMMENDATION, step, recommendation.state, subject)
    used = None if follows else _authorise(actor, recommendation, row)
    _demand_fields(row, given or {})
    was = recommendation.state
    line = note(actor, recommendation, step, row.target or was, words=words)
    yield line
    recommendation.state = line.to_state
    _settle(actor, recommendation, line, was=was, used=used)


def begin(actor: Actor, recommendation: Recommendation, *, given: Mapping[str, object]) -> None:
    """Store a new recommendation as drafted. Raises Forbidden, Invalid."""
    row = RECOMMENDATION.transition("draft", None)
    demand_author(actor, recommendation.case, row.permissions[0])
    _demand_fields(row, given)
    session().add(recommendation)
    session().flush()
    line = note(actor, recommendation, "draft", recommendation.state)
    _settle(actor, recommendation, line, was=None, used=row.permissions[0])


def rewrite(actor: Actor, recommendation: Recommendation) -> None:
    """Store that a draft was written anew; its state stays."""
    line = note(actor, recommendation, "draft", recommendation.state)
    _settle(
        actor,
        recommendation,
        line,
        was=recommendation.state,
        used=RECOMMENDATION.transition("draft", None).permissions[0],
    )


def _settle(
    actor: Actor,
    recommendation: Recommendation,
    line: RecommendationStep,
    *,
    was: str | None,
    used: Permission | None,
) -> None:
    step = line.transition
    recommendation.version += 1
    session().add(line)
    session().flush()
    if step != "deliver":  # its clock follows the term the letter gives
        tick(recommendation, step)
    subject = subject_of(recommendation)
    record(actor, f"casework.{step}", subject, by=used, was=was, state=recommendation.state)
    announce(
        RecommendationMoved(recommendation.id, recommendation.case_id, step, recommendation.state)
    )


def note(
    actor: Actor,
    recommendation: Recommendation,
    step: str,
    to_state: str,
    *,
    words: str | None = None,
) -> RecommendationStep:
    """A line of the recommendation's own history, not yet stored."""
    return RecommendationStep(
        recommendation_id=recommendation.id,
        at=clock.now(),
        transition=step,
        to_state=to_state,
        person_id=actor.person_id,
        words=words,
        facts={},
    )


def tick(recommendation: Recommendation, step: str) -> None:
    """Stop and start the clocks that the rule table ties to this step."""
    case = recommendation.case
    asked = step == "ask_clarification"  # what it starts, the office owes
    apply_event(
        f"recommendation.{step}",
        subject_of(recommendation),
        category=case.category,
        severity=case.severity or "",
        level=case.level,
        urgent=case.urgent,
        owner_id=recommendation.handler_id if asked else case.owner_id,
    )


def demand_author(actor: Actor, case: Case, permission: Permission) -> None:
    """Raise Forbidden unless the actor holds the permission for the Front that owns the case."""
    if actor.kind is ActorKind.SYSTEM or case.owner_id in actor.organisations_for(permission):
        return
    raise Forbidden(_("Vụ việc này do Mặt trận khác giữ; ông/bà không soạn kiến nghị được."))


def _authorise(actor: Actor, recommendation: Recommendation, row: Transition) -> Permission | None:
    if actor.kind is ActorKind.SYSTEM:
        return None
    for permission in row.permissions:
        for grant in actor.grants_for(permission):
            if holds(grant, recommendation, row.name):
                return permission
    raise Forbidden(
        _("Bước “%(step)s” của kiến nghị này không thuộc việc của ông/bà.", step=row.label)
    )


def _demand_fields(row: Transition, given: Mapping[str, object]) -> None:
    missing = {
        name: _("Xin điền mục này.") for name in row.required if given.get(name) in (None, "")
    }
    if missing:
        raise Invalid(_("Còn thiếu thông tin."), fields=missing)


def _last_step(recommendation: Recommendation) -> LastStep | None:
    history = steps_of(recommendation.id)
    if not history:
        return None
    last = history[-1]
    who = last.person.name if last.person else _("Hệ thống")
    return LastStep(who, RECOMMENDATION.transition_label(last.transition), last.at)
