"""A file moves by the table: claimed in the version seen, authorised, changed, noted, told."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from webapp.accounts.absence import has_stepped_aside
from webapp.audit.operations import Subject, find_step, record
from webapp.cases.operations import lock_case
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, Invalid, LastStep, stale
from webapp.core.permissions import Permission
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.core.workflow import Transition
from webapp.directory.models import Person
from webapp.inspections.models import InspectionFile, InspectionStep
from webapp.inspections.policy import holds
from webapp.inspections.queries import inspection_file, steps_of
from webapp.inspections.workflow import FILE

MISSING = _("Xin điền mục này.")


def refused(field: str, message: Text) -> Invalid:
    """One field is wrong, in words next to it."""
    return Invalid(_("Có chỗ cần sửa."), fields={field: message})


def claim_file(actor: Actor, uid: str, *, seen: int) -> InspectionFile:
    """Lock a file, its case first, in the version the actor has seen.

    Raises NotFound when it is not there or not visible, Conflict when it moved on.
    """
    locked = lock_file(inspection_file(actor, uid))
    demand_seen(locked, seen)
    return locked


def demand_seen(file: InspectionFile, seen: int) -> None:
    """Refuse who acts on an older version. Raises Conflict (who, which step, when)."""
    if file.version != seen:
        raise stale(_last_step(file))


def lock_file(found: InspectionFile) -> InspectionFile:
    """Lock a file, its case first, and read it anew."""
    if found.case_id is not None:
        lock_case(found.case_id)
    return session().get_one(InspectionFile, found.id, with_for_update=True, populate_existing=True)


@contextmanager
def move(
    actor: Actor,
    file: InspectionFile,
    step: str,
    *,
    given: Mapping[str, object],
    words: str | None = None,
) -> Iterator[dict[str, Any]]:
    """Take one step of the table; the body changes the file and may add facts of the step.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    row = find_step(actor, FILE, step, file.state, subject_of(file))
    used = authorise(actor, file, row)
    demand(row, given)
    facts: dict[str, Any] = {}
    yield facts
    settle(actor, file, step, used=used, words=words, facts=facts)


def authorise(actor: Actor, file: InspectionFile, row: Transition) -> Permission:
    """The permission by which the actor takes this step of this file. Raises Forbidden."""
    if file.case_id is not None and has_stepped_aside(actor, Subject("case", file.case_id)):
        raise Forbidden(_("Ông/bà đã né vụ việc này; người khác làm bước này."))
    for permission in row.permissions:
        if any(holds(grant, file) for grant in actor.grants_for(permission)):
            return permission
    raise Forbidden(_("Bước “%(step)s” của hồ sơ này không thuộc việc của ông/bà.", step=row.label))


def demand(row: Transition, given: Mapping[str, object]) -> None:
    """Refuse a step without what its row requires. Raises Invalid by field."""
    missing = {name: MISSING for name in row.required if given.get(name) in (None, "", [], ())}
    if missing:
        raise Invalid(_("Còn thiếu thông tin."), fields=missing)


def settle(
    actor: Actor,
    file: InspectionFile,
    step: str,
    *,
    used: Permission | None,
    words: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Give the file the state that follows from the step; note the step and audit it."""
    row = FILE.transition(step, file.state if file.version else None)
    was, file.state = file.state, row.target or file.state
    file.version += 1
    session().flush()
    session().add(
        InspectionStep(
            file_id=file.id,
            at=clock.now(),
            transition=step,
            to_state=file.state,
            person_id=actor.person_id,
            words=words,
            facts=dict(facts or {}),
        )
    )
    session().flush()
    record(actor, f"inspections.{step}", subject_of(file), by=used, was=was, state=file.state)


def subject_of(file: InspectionFile) -> Subject:
    """How the audit names a file."""
    return Subject("inspection_file", file.id)


def _last_step(file: InspectionFile) -> LastStep | None:
    steps = steps_of(file)
    if not steps:
        return None
    last = steps[-1]
    person = session().get(Person, last.person_id) if last.person_id else None
    return LastStep(
        person.name if person else _("Hệ thống"), FILE.transition_label(last.transition), last.at
    )
