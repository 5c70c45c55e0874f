"""A report and its case: joined, parted, counted."""

from sqlalchemy import delete, select

from geo.points import Point
from webapp.accounts.absence import carry_asides
from webapp.cases.categories import UnknownCategory, category
from webapp.cases.clocks import subject_of as case_subject
from webapp.cases.models import Case, CasePhoto
from webapp.cases.operations import claim_case, lock_case, open_case, take_step
from webapp.cases.permissions import READ
from webapp.cases.workflow import EARLY, OPEN
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Invalid, NotFound, TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.deadlines.operations import stop_all
from webapp.directory.queries import front_of, province_of
from webapp.media.queries import with_copies
from webapp.notifications.operations import notify
from webapp.reporting.alerts import tell_sender
from webapp.reporting.models import Report
from webapp.reporting.operations import subject_of as report_subject
from webapp.reporting.operations import take_report_step
from webapp.triage import messages
from webapp.triage.operations.evidence import MISSING, invalid
from webapp.triage.operations.merging import free_from_aside, recount
from webapp.triage.operations.same_problem import carry_not_same

_SHOWN = frozenset({"wanted", "stored", "ready", "approved", "hidden"})


def lock_case_of(report_code: str) -> None:
    """Lock the case of a report before the report itself: the order merges lock in."""
    query = select(Report.case_id).where(Report.code == report_code)
    case_id = session().scalar(query)
    if case_id is not None:
        lock_case(case_id)


def attach_to_case(actor: Actor, report: Report, *, case_code: str) -> Case:
    """Attach a report to a case that is open in the officer's sight. Held 30 s.

    Raises Forbidden, TransitionRefused, Invalid on ``case``.
    """
    try:
        case = claim_case(actor, case_code, seen=None)
    except NotFound:
        raise invalid("case", _("Không thấy vụ việc có mã này trong địa bàn.")) from None
    if case.handling_unit_id not in actor.units_for(READ) or case.state not in OPEN:
        raise invalid("case", _("Vụ việc này đã kết thúc. Xin chọn vụ việc khác hoặc mở mới."))
    if report.to_province and not case.to_province:
        raise invalid(
            "case", _("Phản ánh gửi thẳng tỉnh không đưa vào vụ việc mà cấp xã đang xem.")
        )
    _attach(actor, report, case, opened=False)
    return case


def open_case_for(
    actor: Actor,
    report: Report,
    *,
    category_code: str,
    place_note: str | None,
    about_commune: bool = False,
) -> Case:
    """Open a case for a report, at the level its category or its sender asks for. Held 30 s.

    ``place_note`` is the officer's wording of the place: offices and groups will read it.
    Raises Forbidden, TransitionRefused, Invalid on ``category``.
    """
    try:
        node = category(category_code)
    except UnknownCategory:
        raise invalid("category", MISSING) from None
    province = report.to_province or about_commune or node.starts_at_province
    here = report.handling_unit
    owner = front_of(province_of(here).id if province else here.id, clock.today_local())
    if owner is None:
        raise Invalid(_("Địa bàn này chưa có Mặt trận nhận việc. Xin báo quản trị."))
    point = (
        Point(report.lon, report.lat) if report.lon is not None and report.lat is not None else None
    )
    hold = f"report:{report.id}"
    case = open_case(
        actor,
        category_code=node.code,
        unit=here,
        owner=owner,
        first_reported_at=report.received_at,
        point=point,
        place_source=report.place_source if point else None,
        place_note=place_note,
        level="province" if province else "commune",
        to_province=report.to_province,
        observed_unit_id=report.observed_unit_id,
        held_for=hold,
    )
    _attach(actor, report, case, opened=True)
    if province and not report.to_province:
        _copy_commune(case, hold)
    return case


def detach_report(actor: Actor, report: Report, *, reason: str) -> None:
    """Take a report out of its case; a case that keeps none is dismissed, while it is early.

    ``lock_case_of`` came first. Raises Forbidden, TransitionRefused, Invalid on ``reason``.
    """
    case = session().get(Case, report.case_id) if report.case_id else None
    if case is not None and case.report_count <= 1 and case.state not in EARLY:
        raise TransitionRefused(
            _("Vụ việc đã đi tiếp và chỉ còn phản ánh này, nên không tách ra được nữa.")
        )
    with take_report_step(actor, report, "detach", given={"reason": reason}) as line:
        line.note, line.words = reason, "Mặt trận xem lại phản ánh này."
        line.facts = {"case": report.case_id}
        report.case_id = report.decided_by_id = None
    if case is not None:
        leave(case, report)
        if case.report_count == 0:
            _dismiss_empty(actor, case)
    tell_sender(report)


def leave(case: Case, report: Report) -> None:
    """The case loses the report's photos and counts."""
    theirs = with_copies(link.photo_id for link in report.photos)
    session().flush()
    session().execute(
        delete(CasePhoto).where(CasePhoto.case_id == case.id, CasePhoto.photo_id.in_(theirs))
    )
    recount(case)


def take_back_opening(actor: Actor, case: Case) -> None:
    """Dismiss a case that an undone attach had opened, as "mở nhầm", telling no one.

    A case that got other reports meanwhile stays. Raises TransitionRefused when anything was done
    on it since: whoever did that must not find it gone.
    """
    if case.report_count:
        return
    if case.version != 1:
        raise TransitionRefused(
            _("Vụ việc vừa mở đã được làm tiếp, nên không hoàn tác được nữa. Xin xem vụ việc.")
        )
    _dismiss_empty(actor, case)


def _attach(actor: Actor, report: Report, case: Case, *, opened: bool) -> None:
    hold = f"report:{report.id}"
    due = {"due_at": report.due_at.isoformat()} if report.due_at else {}
    with take_report_step(actor, report, "attach", given={"case": case}, held_for=hold) as line:
        line.words = "Mặt trận đã tiếp nhận và đang xem xét."
        line.facts = due | {"case": case.id, "opened": opened}
        report.case_id, report.decided_by_id = case.id, actor.person_id
    _link_photos(case, report)
    recount(case)
    carry_asides(report_subject(report), case_subject(case))
    free_from_aside(case)
    if opened:
        carry_not_same(report, case)
    tell_sender(report, held_for=hold)


def _link_photos(case: Case, report: Report) -> None:
    """Photos are shown once they are rendered; links of those still on the way wait for that."""
    known = set(session().scalars(select(CasePhoto.photo_id).where(CasePhoto.case_id == case.id)))
    for link in report.photos:
        if link.photo_id not in known and link.photo.state in _SHOWN:
            session().add(
                CasePhoto(
                    case_id=case.id, photo_id=link.photo_id, purpose="before", voice="residents"
                )
            )


def _copy_commune(case: Case, hold: str) -> None:
    commune = front_of(case.handling_unit_id, clock.today_local())
    if commune is not None:
        subject = case_subject(case)
        notify(messages.CASE_COPIED, subject, organisation_id=commune.id, held_for=hold)


def _dismiss_empty(actor: Actor, case: Case) -> None:
    given = {"reason": "opened_by_mistake", "words": "opened_by_mistake"}
    with take_step(actor, case, "dismiss", voice="front", given=given) as line:
        stop_all(case_subject(case))
        line.facts = {"reason": "opened_by_mistake"}
        case.dismissal = "opened_by_mistake"
