"""Writing the audit: noted during the act, chained as the last statements before commit."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from webapp.audit.chain import GENESIS, link
from webapp.audit.models import AuditEntry, AuditReason
from webapp.core import clock, crypto
from webapp.core.actor import Actor, ActorKind
from webapp.core.errors import TransitionRefused
from webapp.core.permissions import Permission
from webapp.core.resealing import sealed_in
from webapp.core.rows import add_row
from webapp.core.unit_of_work import after_failure, before_commit, session, write_unit
from webapp.core.workflow import Transition, Workflow

_PENDING = "audit_pending"
_REFUSED = "audit_refused"
_CHAIN_LOCK = 4_403_001  # any fixed number: names the advisory lock of the chain
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")
_ENTRY: Any = AuditEntry.__table__  # of which one text is read, no object
_LAST = select(_ENTRY.c.chain).order_by(_ENTRY.c.id.desc()).limit(1)


@dataclass(frozen=True)
class Subject:
    """What was acted on: a kind such as ``case`` and its row id."""

    kind: str
    id: int | None


def record(
    actor: Actor,
    action: str,
    subject: Subject,
    *,
    by: Permission | None = None,
    reason: AuditReason | None = None,
    **facts: str | int | bool | None,
) -> None:
    """Note an act for the audit of this write unit.

    ``facts`` are enum values, ids and flags, never words of a person. ``by`` is the permission
    used; it picks the assignment that is stored.
    """
    grant = next(iter(actor.grants_for(by)), None) if by else None
    entry = AuditEntry(
        at=clock.now(),
        action=action,
        actor_kind=actor.kind.value,
        actor_id=actor.person_id,
        assignment_id=grant.assignment_id if grant else None,
        subject_kind=subject.kind,
        subject_id=subject.id,
        facts={name: value for name, value in facts.items() if value is not None},
    )
    session().info.setdefault(_PENDING, []).append((entry, reason))


def find_step(
    actor: Actor, workflow: Workflow, step: str, state: str | None, subject: Subject
) -> Transition:
    """The row of the table for a step. Raises TransitionRefused when there is none.

    That a person tried is audited as ``refused.<workflow>``, though nothing else of the write unit
    stays. What jobs and senders find already done is no attempt.
    """
    try:
        return workflow.transition(step, state)
    except TransitionRefused:
        if actor.kind is ActorKind.PERSON:
            session().info[_REFUSED] = (actor, f"refused.{workflow.name}", subject, step, state)
        raise


@after_failure
def _keep_refused(current: Session) -> None:
    refused = current.info.pop(_REFUSED, None)
    if refused is not None:
        actor, action, subject, step, state = refused
        with write_unit():
            record(actor, action, subject, step=step, state=state)


def seal_reason(words: str) -> AuditReason:
    """Store the words given for a sensitive act, sealed and bound to their row."""
    uid = uuid.uuid4().hex
    reason = AuditReason(uid=uid, sealed=crypto.seal(words.encode(), binding=_binding(uid)))
    session().add(reason)
    return reason


def open_reason(reason: AuditReason) -> str:
    """The words of a sealed reason; the caller has checked the permission."""
    return crypto.unseal(reason.sealed, binding=_binding(reason.uid)).decode()


def _binding(uid: str) -> str:
    return f"audit_reason.sealed:{uid}"


sealed_in(AuditReason.sealed, bound=AuditReason.uid, binding=_binding)


@before_commit
def _append(current: Session) -> None:
    pending = current.info.pop(_PENDING, [])
    if not pending:
        return
    if current.get_bind().dialect.name == "postgresql":
        current.execute(_LOCK, {"key": _CHAIN_LOCK})
    previous = current.scalar(_LAST) or GENESIS
    for entry, reason in pending:
        entry.reason_id = reason.id if reason else None
        entry.chain = previous = link(previous, entry)
        add_row(entry)
