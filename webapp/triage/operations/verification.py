"""Site checks: asked for, recorded, called off. The task never shows the report."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from geo.points import Point
from webapp.cases.models import Case
from webapp.cases.operations import lock_case, take_step
from webapp.cases.permissions import RECORD_VERIFICATION
from webapp.cases.policy import holds
from webapp.core import clock
from webapp.core.actor import SYSTEM, Actor, Grant
from webapp.core.errors import Conflict, NotFound
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.core.working_days import end_of_day
from webapp.directory.models import Organisation, Person
from webapp.directory.queries import groups_of
from webapp.media.operations import ReceivedPhoto
from webapp.notifications.operations import notify
from webapp.reporting.keys import key_digest, plain_key
from webapp.triage import messages
from webapp.triage.models import SiteCheck
from webapp.triage.operations.evidence import (
    MISSING,
    demand_day_ahead,
    demand_past,
    demand_photo_or_reason,
    invalid,
    keep_photo,
)
from webapp.triage.policy import checks_for, is_left_out
from webapp.triage.queries.tasks import CALLED_OFF
from webapp.triage.workflow import FINDINGS


@dataclass(frozen=True)
class Visit:
    """What was found on the spot. ``source`` says who told it, when an officer writes it down.

    ``at`` is where the one who went stood, as exact as ``accuracy_m`` says.
    """

    finding: str
    visited_at: datetime
    note: str | None = None
    photos: Sequence[ReceivedPhoto] = field(default_factory=tuple)
    no_photo_reason: str | None = None
    source: str | None = None
    at: Point | None = None
    accuracy_m: float | None = None


def request_verification(
    actor: Actor,
    case: Case,
    *,
    organisation_id: int | None,
    question: str,
    due_on: date | None,
    left_out: Sequence[int] = (),
) -> SiteCheck:
    """Ask a group, an area committee or oneself (None) to look at the place.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    day = demand_day_ahead(due_on)
    group = None if organisation_id is None else doer_of(case, organisation_id)
    given = {"who": group or actor, "due_on": day}
    with take_step(
        actor, case, "request_verification", voice="front", given=given, due_at=end_of_day(day)
    ) as line:
        close_checks(case.id)
        line.note = question
        line.facts = {"organisation": group.id if group else None, "due_on": day.isoformat()}
        check = SiteCheck(
            case_id=case.id,
            organisation_id=group.id if group else None,
            question=question,
            due_on=day,
            asked_by_id=actor.person_id,
            asked_at=clock.now(),
            state="open",
            left_out=list(left_out),
        )
        session().add(check)
    if group is not None:
        notify(messages.CHECK_ASKED, messages.check_subject(check), organisation_id=group.id)
    return check


def record_verification(actor: Actor, case: Case, *, visit: Visit) -> SiteCheck:
    """Write down what was found, by the one who went or for them with the source.

    Photo or reason is needed. Raises Forbidden, TransitionRefused, Invalid by field.
    """
    check = open_check(case)
    for_doer = check is not None and check.organisation_id is not None and not _goes(actor, check)
    _demand_visit(visit, for_doer=for_doer)

    def covers(grant: Grant) -> bool:
        own = check is not None and grant.organisation_id == check.organisation_id
        return holds(grant, case, "record_verification") or (own and _goes(actor, check))

    with take_step(
        actor,
        case,
        "record_verification",
        voice="front",
        given={"finding": visit.finding},
        happened_at=visit.visited_at,
        covers=covers,
    ) as line:
        if check is None:
            raise NotFound
        _write_visit(actor, case, check, visit, for_doer=for_doer)
        line.note = _note(visit)
        line.facts = {"finding": visit.finding, "check": check.id, "for_doer": for_doer}
    if _goes(actor, check):
        notify(messages.CHECK_DONE, messages.check_subject(check), organisation_id=case.owner_id)
    return check


def answer_check(
    actor: Actor, check_id: int, *, visit: Visit, raw_key: str | None = None
) -> SiteCheck:
    """The group's own answer from the phone; the case itself stays closed to them.

    The same answer again, under the key it first came with, changes nothing. Raises NotFound for a
    task of others, Conflict (who, when) when it is answered already, BadRequest for a key that is
    none, Invalid by field.
    """
    key = key_digest(plain_key(raw_key)) if raw_key is not None else None
    found = select(SiteCheck.case_id).where(SiteCheck.id == check_id, checks_for(actor))
    case_id = session().scalar(found)
    if case_id is None:
        raise NotFound
    case = lock_case(case_id)
    check = session().get_one(SiteCheck, check_id, populate_existing=True)
    if is_left_out(actor, check):
        raise NotFound
    if key is not None and (check.answer_key, check.recorded_by_id) == (key, actor.person_id):
        return check
    if check.state != "open":
        raise _answered(check)
    _demand_seen(visit)
    check.answer_key = key
    return record_verification(actor, case, visit=visit)


def return_check(case: Case) -> None:
    """Nobody went in time: the officer decides anew. The task stays open for a late answer."""
    check = open_check(case)
    with take_step(SYSTEM, case, "return_verification", voice="front"):
        if check is not None:
            check.returned_at = clock.now()
    if check is None:
        return
    for told in sorted({case.owner_id, check.organisation_id or case.owner_id}):
        notify(messages.CHECK_RETURNED, messages.check_subject(check), organisation_id=told)


def cancel_verification(actor: Actor, case: Case, *, reason: str) -> None:
    """Call a site check off. Raises Forbidden, TransitionRefused, Invalid on ``reason``."""
    with take_step(
        actor, case, "cancel_verification", voice="front", given={"reason": reason}
    ) as line:
        line.note = reason
        close_checks(case.id)


def close_checks(case_id: int) -> int:
    """Call off what is still open of a case that went on otherwise; returns how many."""
    open_ones = select(SiteCheck).where(SiteCheck.case_id == case_id, SiteCheck.state == "open")
    checks = list(session().scalars(open_ones))
    for check in checks:
        check.state = "cancelled"
    return len(checks)


def open_check(case: Case) -> SiteCheck | None:
    """The site check under way."""
    query = select(SiteCheck).where(SiteCheck.case_id == case.id, SiteCheck.state == "open")
    return session().scalar(query.order_by(SiteCheck.id.desc()).limit(1))


def doer_of(case: Case, organisation_id: int | None) -> Organisation:
    """A group, area committee or operator of the case's unit. Raises Invalid on ``who``."""
    for group in groups_of(case.handling_unit_id, clock.today_local()):
        if group.id == organisation_id:
            return group
    raise invalid("who", _("Xin chọn một tổ, ban hoặc đơn vị của địa bàn này."))


def _goes(actor: Actor, check: SiteCheck | None) -> bool:
    if check is None or is_left_out(actor, check):
        return False
    return check.organisation_id in actor.organisations_for(RECORD_VERIFICATION)


def _demand_seen(visit: Visit) -> None:
    """A photo of one's own and where one stood, or why there is none."""
    if (visit.photos and visit.at) or (visit.no_photo_reason or "").strip():
        return
    demand_photo_or_reason(visit.photos, None)
    raise invalid(
        "no_photo_reason", _("Máy chưa lấy được chỗ ông/bà đứng. Xin ghi vì sao, hoặc lấy lại.")
    )


def _demand_visit(visit: Visit, *, for_doer: bool) -> None:
    if visit.finding not in FINDINGS:
        raise invalid("finding", MISSING)
    demand_past(visit.visited_at, "visited_at")
    demand_photo_or_reason(visit.photos, visit.no_photo_reason)
    if for_doer and not (visit.source or "").strip():
        raise invalid("source", _("Xin ghi ai báo lại, bằng cách nào, lúc nào."))


def _write_visit(
    actor: Actor, case: Case, check: SiteCheck, visit: Visit, *, for_doer: bool
) -> None:
    photos = [keep_photo(case, received, purpose="site") for received in visit.photos]
    check.finding, check.note = visit.finding, visit.note
    check.no_photo_reason = visit.no_photo_reason
    check.photo_id = photos[0].id if photos else None
    if visit.at is not None:
        check.lon, check.lat, check.accuracy_m = visit.at.lon, visit.at.lat, visit.accuracy_m
    check.visited_at, check.recorded_at = visit.visited_at, clock.now()
    check.recorded_by_id, check.recorded_for_doer = actor.person_id, for_doer
    check.state = "done"


def _note(visit: Visit) -> str | None:
    words = (visit.note, visit.no_photo_reason, visit.source)
    return "\n".join(each for each in words if each) or None


def _answered(check: SiteCheck) -> Conflict:
    person = session().get(Person, check.recorded_by_id) if check.recorded_by_id else None
    if person is None or check.recorded_at is None:
        return Conflict(CALLED_OFF)
    return Conflict(
        _(
            "%(who)s đã ghi kết quả lúc %(when)s. Điều ông/bà nhập vẫn còn ở dưới.",
            who=person.name,
            when=f"{clock.local(check.recorded_at):%H:%M %d/%m/%Y}",
        )
    )
