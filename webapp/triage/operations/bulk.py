"""One step for many records: each in a transaction of its own, each with its own result."""

import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from webapp.accounts.models import Account
from webapp.accounts.queries import actor_of
from webapp.audit.operations import Subject, record
from webapp.cases.operations import claim_case
from webapp.cases.permissions import OPEN
from webapp.core import clock
from webapp.core.actor import Actor, ActorKind
from webapp.core.errors import DomainError, Forbidden, Invalid, NotFound, Stale
from webapp.core.permissions import Permission
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.operations import enqueue
from webapp.reporting.operations import claim_report
from webapp.reporting.permissions import DECIDE
from webapp.triage.models import BulkItem, BulkJob
from webapp.triage.operations.assessment import assign_case
from webapp.triage.operations.joining import attach_to_case
from webapp.triage.operations.reports import forward_report

MOST = 100
KIND = "triage.bulk"
_AT_ONCE = 20
"""Rows of one run: far fewer than fit into the lease of an outbox row."""
_BROKEN = _("Máy chủ gặp lỗi với việc này. Xin làm riêng việc này, hoặc báo quản trị.")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chosen:
    """A record by its code, in the version that the officer saw."""

    code: str
    seen: int


Given = Mapping[str, Any]


def _assign(actor: Actor, item: BulkItem, given: Given) -> None:
    case = claim_case(actor, item.code, seen=item.seen)
    assign_case(actor, case, person_id=given["person"], reason=given["reason"])


def _attach(actor: Actor, item: BulkItem, given: Given) -> None:
    report = claim_report(actor, item.code, seen=item.seen)
    attach_to_case(actor, report, case_code=given["case"])


def _forward(actor: Actor, item: BulkItem, given: Given) -> None:
    report = claim_report(actor, item.code, seen=item.seen)
    forward_report(actor, report, unit_id=given["unit"], reason=given["reason"])


_ACTS: dict[str, tuple[Permission, Callable[[Actor, BulkItem, Given], None]]] = {
    "assign": (OPEN, _assign),
    "attach": (DECIDE, _attach),
    "forward": (DECIDE, _forward),
}


def start_bulk(actor: Actor, *, act: str, chosen: Sequence[Chosen], given: Given) -> BulkJob:
    """Put a step for many records to work; nothing is done yet.

    Raises Forbidden, and Invalid for none or too many.
    """
    permission, _run = _ACTS[act]
    actor.demand(permission)
    if actor.person_id is None:
        raise Forbidden
    if not chosen:
        raise Invalid(_("Xin chọn ít nhất một việc trong hàng đợi."))
    if len(chosen) > MOST:
        raise Invalid(_("Nhiều nhất %(most)s việc một lượt.", most=MOST))
    job = BulkJob(
        uid=uuid.uuid4().hex,
        person_id=actor.person_id,
        act=act,
        given=dict(given),
        made_at=clock.now(),
        items=[BulkItem(code=each.code, seen=each.seen, state="waiting") for each in chosen],
    )
    session().add(job)
    session().flush()
    record(actor, f"triage.bulk_{act}", Subject("bulk_job", job.id), by=permission, n=len(chosen))
    enqueue(KIND, job_id=job.id)
    return job


def bulk_job(actor: Actor, uid: str) -> BulkJob:
    """A job of the actor's own. Raises NotFound."""
    query = select(BulkJob).where(BulkJob.uid == uid, BulkJob.person_id == actor.person_id)
    found = session().scalar(query)
    if found is None:
        raise NotFound
    return found


def run_bulk(job_id: int) -> None:
    """Do what waits of a job, some rows at a time; may run twice (task)."""
    waiting = session().scalars(
        select(BulkItem.id)
        .where(BulkItem.job_id == job_id, BulkItem.state == "waiting")
        .order_by(BulkItem.id)
        .limit(_AT_ONCE)
    )
    for item_id in list(waiting):
        _run_one(item_id)
    with write_unit():
        job = session().get_one(BulkJob, job_id, with_for_update=True, populate_existing=True)
        if any(item.state == "waiting" for item in job.items):
            enqueue(KIND, delay=timedelta(0), job_id=job_id)
        else:
            job.done_at = job.done_at or clock.now()


def _run_one(item_id: int) -> None:
    """One record: the step and its result are one transaction, a refusal is written alone.

    A row that breaks something holds up no other; a database that is away is asked again later.
    """
    try:
        with write_unit():
            item = _locked(item_id)
            if item is None:
                return
            job = session().get_one(BulkJob, item.job_id)
            _permission, run = _ACTS[job.act]
            run(_actor(job.person_id), item, job.given)
            item.state, item.at = "done", clock.now()
    except Stale as error:  # nothing was typed for the row that could be looked at again
        _refuse(item_id, error.happened)
    except DomainError as error:
        _refuse(item_id, *(error.fields.values() or [error.detail]))
    except OperationalError:
        raise
    except Exception:  # a fault of ours: said with the row, where somebody reads it
        log.exception("bulk row %s failed", item_id)
        _refuse(item_id, _BROKEN)


def _refuse(item_id: int, *reasons: Text) -> None:
    with write_unit():
        item = _locked(item_id)
        if item is not None:
            item.state, item.at = "refused", clock.now()
            item.refused_for = [each.stored() for each in reasons]


def _locked(item_id: int) -> BulkItem | None:
    """The row, while nobody else has done it."""
    item = session().get_one(BulkItem, item_id, with_for_update=True, populate_existing=True)
    return item if item.state == "waiting" else None


def _actor(person_id: int) -> Actor:
    """Who asked, with the rights of now: what was taken away meanwhile is not used."""
    account = session().scalar(select(Account).where(Account.person_id == person_id))
    if account is None:
        return Actor(ActorKind.PERSON, person_id)
    return actor_of(account, clock.today_local())
