"""One step of a letter beside the recommendation: locked, authorised, changed, noted, audited."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from webapp.audit.operations import Subject, find_step, record
from webapp.cases.operations import lock_case
from webapp.casework.models import CaseLetter, CaseLetterStep
from webapp.casework.queries import letter_file, letter_steps
from webapp.casework.workflow import LETTER
from webapp.core import clock
from webapp.core.actor import Actor, ActorKind
from webapp.core.errors import Forbidden, Invalid, LastStep, stale
from webapp.core.permissions import Permission
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.core.workflow import Transition
from webapp.triage.operations.evidence import MISSING


def claim_letter(actor: Actor, uid: str, *, seen: int) -> CaseLetter:
    """Lock a letter and its case, if it has one, in the version the actor has seen.

    Raises NotFound when it is not there or not visible, Conflict when it moved on.
    """
    found = letter_file(actor, uid)
    if found.case_id is not None:
        lock_case(found.case_id)
    locked = session().get_one(CaseLetter, found.id, with_for_update=True, populate_existing=True)
    if locked.version != seen:
        raise stale(_last_step(locked))
    return locked


def subject_of(letter: CaseLetter) -> Subject:
    """How the audit names such a letter."""
    return Subject("case_letter", letter.id)


@contextmanager
def move_letter(
    actor: Actor,
    letter: CaseLetter,
    step: str,
    *,
    given: Mapping[str, object] | None = None,
    words: str | None = None,
) -> Iterator[None]:
    """Take one step of the table; the body changes the letter.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    row = find_step(actor, LETTER, step, letter.state, subject_of(letter))
    used = _authorise(actor, letter, row)
    missing = {name: MISSING for name in row.required if (given or {}).get(name) in (None, "")}
    if missing:
        raise Invalid(_("Còn thiếu thông tin."), fields=missing)
    yield
    was, letter.state = letter.state, row.target or letter.state
    settle_letter(actor, letter, step, was, used=used, words=words)


def _authorise(actor: Actor, letter: CaseLetter, row: Transition) -> Permission | None:
    if actor.kind is ActorKind.SYSTEM:
        return None
    for permission in row.permissions:
        if actor.organisations_for(permission) & letter.holder_ids:
            return permission
    raise Forbidden(
        _("Bước “%(step)s” của văn bản này không thuộc việc của ông/bà.", step=row.label)
    )


def settle_letter(
    actor: Actor,
    letter: CaseLetter,
    step: str,
    was: str | None,
    *,
    used: Permission | None,
    words: str | None = None,
) -> None:
    """Note and audit a step that was taken."""
    letter.version += 1
    session().add(
        CaseLetterStep(
            letter_id=letter.id,
            at=clock.now(),
            transition=step,
            to_state=letter.state,
            person_id=actor.person_id,
            words=words,
        )
    )
    session().flush()
    record(
        actor, f"casework.letter_{step}", subject_of(letter), by=used, was=was, state=letter.state
    )


def _last_step(letter: CaseLetter) -> LastStep:
    last = letter_steps(letter.id)[-1]
    who = last.person.name if last.person else _("Hệ thống")
    return LastStep(who, LETTER.transition_label(last.transition), last.at)
