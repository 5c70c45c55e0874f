"""The Front's own look at a case: its summary, its severity, its category, or its end."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, exists, or_, select

from geo.points import Point
from webapp.accounts.absence import can_sign_in, not_stepped_aside
from webapp.accounts.models import Assignment, RolePermission
from webapp.cases.categories import UnknownCategory, category
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case, CasePhoto
from webapp.cases.operations import (
    Covers,
    confirm_place,
    make_public,
    place_case,
    searched_words,
    take_step,
)
from webapp.cases.permissions import READ
from webapp.cases.policy import holds
from webapp.cases.workflow import CASE, DISMISSALS, SEVERITIES, WASTE_SOURCES
from webapp.core import clock
from webapp.core.actor import Actor, Grant, Level
from webapp.core.errors import Forbidden
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.deadlines.operations import stop_all
from webapp.directory.models import Person
from webapp.directory.queries import front_of, province_of, unit_at
from webapp.directory.validity import valid_on
from webapp.notifications.operations import notify
from webapp.reporting.models import Report
from webapp.triage import messages
from webapp.triage.models import SiteCheck
from webapp.triage.operations.clocks import recount_clocks
from webapp.triage.operations.evidence import MISSING, invalid
from webapp.triage.operations.reporters import tell_reporters

OFFERED_DISMISSALS = tuple(code for code in DISMISSALS if code != "opened_by_mistake")


@dataclass(frozen=True)
class Assessment:
    """What makes a case public: the officer's own words, never the reporter's."""

    summary: str
    severity: str
    waste_source: str


def assess_case(
    actor: Actor, case: Case, *, assessment: Assessment, site_note: str | None = None
) -> None:
    """The Front's view of a case; from here on the case is public.

    Needs evidence or a site note. Raises Forbidden for a report of the officer's own,
    TransitionRefused, Invalid by field.
    """
    given = {
        "summary": assessment.summary,
        "severity": assessment.severity,
        "waste_source": assessment.waste_source,
    }
    check_terms(assessment)
    if not (site_note or _has_evidence(case)):
        raise invalid(
            "site_note",
            _("Chưa có ảnh hoặc kết quả xác minh. Xin ghi điều ông/bà biết về tại chỗ."),
        )
    with take_step(
        actor, case, "assess", voice="front", given=given, covers=assessors(actor, case)
    ) as line:
        refuse_own_report(actor, case)
        make_public(
            case,
            summary=assessment.summary,
            severity=assessment.severity,
            waste_source=assessment.waste_source,
        )
        line.public_line = f"Mức độ: {SEVERITIES[assessment.severity].source.lower()}."
        line.note = site_note
        line.facts = {"severity": assessment.severity, "waste_source": assessment.waste_source}


def check_terms(assessment: Assessment) -> None:
    """Severity and waste source are of the lists. Raises Invalid by field."""
    if assessment.severity not in SEVERITIES:
        raise invalid("severity", MISSING)
    if assessment.waste_source not in WASTE_SOURCES:
        raise invalid("waste_source", MISSING)


def assessors(actor: Actor, case: Case) -> Covers:
    """Who may assess: the owner; the province where the owner's own people sent a report."""

    def covers(grant: Grant) -> bool:
        above = grant.level is Level.PROVINCE and case.handling_unit_id in grant.unit_ids
        return holds(grant, case, "assess") or (above and _sent_by_owner(case))

    return covers


def may_assess(actor: Actor, case: Case) -> bool:
    """Whether to offer assessing: not on a report of the officer's own."""
    covers = assessors(actor, case)
    permissions = CASE.transition("assess", "received").permissions
    grants = (grant for each in permissions for grant in actor.grants_for(each))
    return any(covers(grant) for grant in grants) and not sent_by(actor, case)


def refuse_own_report(actor: Actor, case: Case) -> None:
    """Nobody judges a report of their own. Raises Forbidden."""
    if sent_by(actor, case):
        raise Forbidden(
            _(
                "Vụ việc có phản ánh do chính ông/bà gửi. Cán bộ khác hoặc Mặt trận tỉnh xem xét "
                "bước này."
            )
        )


def sent_by(actor: Actor, case: Case) -> bool:
    """Whether a report of the case is the actor's own."""
    if actor.person_id is None:
        return False
    own = exists().where(Report.case_id == case.id, Report.person_id == actor.person_id)
    return bool(session().scalar(select(own)))


def _sent_by_owner(case: Case) -> bool:
    staff = select(Assignment.person_id).where(Assignment.organisation_id == case.owner_id)
    own = exists().where(Report.case_id == case.id, Report.person_id.in_(staff))
    return bool(session().scalar(select(own)))


def _has_evidence(case: Case) -> bool:
    photo = exists().where(CasePhoto.case_id == case.id)
    seen = exists().where(SiteCheck.case_id == case.id, SiteCheck.state == "done")
    return bool(session().scalar(select(or_(photo, seen))))


def dismiss_case(actor: Actor, case: Case, *, reason: str, words: str) -> None:
    """End a case without handling it; every reporter reads ``words``.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    if reason not in OFFERED_DISMISSALS:
        raise invalid("reason", MISSING)
    with take_step(
        actor, case, "dismiss", voice="front", given={"reason": reason, "words": words}
    ) as line:
        stop_all(subject_of(case))
        tell_reporters(actor, case, "dismiss", words)
        line.public_line = DISMISSALS[reason].source
        line.note = words
        line.facts = {"reason": reason}
        case.dismissal = reason


def assign_case(actor: Actor, case: Case, *, person_id: int, reason: str) -> None:
    """Give a case to an officer of the committee that holds it, who reads so among the notices.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    person = next((each for each in officers_of(case) if each.id == person_id), None)
    if person is None:
        raise invalid("person", _("Xin chọn một cán bộ của cơ quan đang giữ vụ việc."))
    with take_step(actor, case, "assign", voice="front", given={"reason": reason}) as line:
        line.note = f"{person.name}. {reason}"
        line.facts = {"was": case.assignee_id, "is": person.id}
        case.assignee_id = person.id
    if person.id != actor.person_id:
        notify(messages.CASE_ASSIGNED, subject_of(case), person_id=person.id)


def officers_of(case: Case) -> list[Person]:
    """Who could take the case on in the committee that holds it, and did not step aside from it."""
    query = _who_read_cases([case.owner_id]).where(not_stepped_aside(subject_of(case)))
    return list(session().scalars(query))


def officers_in(organisation_ids: Collection[int]) -> list[Person]:
    """Who could take cases on in these bodies; a single case may leave some of them out."""
    return list(session().scalars(_who_read_cases(organisation_ids)))


def _who_read_cases(organisation_ids: Collection[int]) -> Select[Person]:
    """By name: with a role in force that reads cases, and an account in use."""
    return (
        select(Person)
        .join(Assignment, Assignment.person_id == Person.id)
        .join(RolePermission, RolePermission.role_id == Assignment.role_id)
        .where(
            RolePermission.permission == READ,
            Assignment.organisation_id.in_(sorted(organisation_ids)),
            valid_on(Assignment, clock.today_local()),
            can_sign_in(),
        )
        .distinct()
        .order_by(Person.name, Person.id)
    )


@dataclass(frozen=True)
class Amendment:
    """New values; None leaves the old one. ``point`` is where the problem is, says the officer."""

    severity: str | None = None
    summary: str | None = None
    place_note: str | None = None
    point: Point | None = None


def amend_case(actor: Actor, case: Case, *, amendment: Amendment, reason: str) -> None:
    """Correct severity, summary or place; the old values stay in the line.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    if amendment.summary is not None and case.summary is None:
        raise invalid("summary", _("Tóm tắt được viết ở bước “Ghi ý kiến xem xét”."))
    point = amendment.point
    if point is not None:
        _demand_within(case, point)
    changed = {
        name: value
        for name, value in vars(amendment).items()
        if name != "point" and value is not None and value != getattr(case, name)
    }
    if not changed and point is None:
        raise invalid("reason", _("Chưa có gì thay đổi."))
    with take_step(actor, case, "amend", voice="front", given={"reason": reason}) as line:
        line.note = reason
        line.facts = {"was": {name: getattr(case, name) for name in changed}}
        for name, value in changed.items():
            setattr(case, name, value)
        if point is not None:
            line.facts["was"] |= {"place_source": case.place_source, "at": [case.lon, case.lat]}
            confirm_place(case, point)
        case.search_text = searched_words(case)
        if "severity" in changed:
            recount_clocks(case)


def _demand_within(case: Case, point: Point) -> None:
    """Raise Invalid for a place that is surely another unit's: that is a transfer."""
    found = unit_at(point, clock.today_local())
    if found is None or (found.unit.id != case.handling_unit_id and not found.doubtful):
        raise invalid(
            "point",
            _(
                "Chỗ này ngoài %(unit)s. Xin xem lại, hoặc chuyển địa bàn.",
                unit=case.handling_unit.name,
            ),
        )


def recategorise_case(actor: Actor, case: Case, *, category_code: str, reason: str) -> None:
    """Give a case another category: route, clocks and public point follow; reporters are told.

    Raises Forbidden, TransitionRefused, Invalid by field.
    """
    try:
        node = category(category_code)
    except UnknownCategory:
        raise invalid("category", _("Xin chọn loại việc.")) from None
    if node.parent is None or node.code == case.category:
        raise invalid("category", _("Xin chọn một loại khác, cụ thể hơn hình ở màn hình đầu."))
    with take_step(actor, case, "recategorise", voice="front", given={"category": node.code}) as (
        line
    ):
        line.note = reason
        line.facts = {"was": case.category, "is": node.code}
        case.category, case.urgent, case.secret = node.code, node.urgency == "urgent", node.secret
        case.precision_m = node.precision_m
        point = Point(case.lon, case.lat) if case.lon is not None and case.lat is not None else None
        place_case(case, point)
        _route(case, to_province=node.starts_at_province)
        _reconsider_publicity(case, never=node.public_never)
        case.search_text = searched_words(case)
        recount_clocks(case)
        words = f"Loại việc được ghi lại là: {node.label.vi}."
        line.public_line = words
        tell_reporters(actor, case, "recategorise", words)


def _route(case: Case, *, to_province: bool) -> None:
    """A category of the province moves an early case up; nothing moves down by itself."""
    if not to_province or case.level == "province":
        return
    front = front_of(province_of(case.handling_unit).id, clock.today_local())
    if front is not None:
        case.level, case.owner, case.assignee_id = "province", front, None


def _reconsider_publicity(case: Case, *, never: bool) -> None:
    if never:
        case.public_since = None
    elif case.public_since is None and case.summary and case.waste_source:
        case.public_since = clock.now()
