"""What the Front decides on a report: who may, what its sender reads, what can be undone."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.clock import FrozenClock, freeze
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.factories.reporting import make_report
from tests.factories.triage import ASSESSMENT, an_officer, opened_case
from webapp.cases.models import Case, TimelineLine
from webapp.core.errors import Forbidden, Invalid, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.queries import clocks_of, load_by_owner
from webapp.jobs.models import OutboxRow
from webapp.reporting.following import view_for_sender
from webapp.reporting.models import Report, ReportLine
from webapp.reporting.operations import subject_of
from webapp.triage.operations import joining
from webapp.triage.operations import reports as deciding
from webapp.triage.operations.assessment import assess_case


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    return freeze(monkeypatch)


def running(report: Report) -> set[str]:
    return {each.rule.key for each in clocks_of(subject_of(report)) if each.stopped_at is None}


def outbox_states() -> set[str]:
    """What became of what people would be told."""
    told = OutboxRow.kind.startswith("notifications.")
    return set(session().scalars(select(OutboxRow.state).where(told)))


def test_a_question_pauses_the_first_look_and_waits_for_an_answer(
    app: Flask, still: FrozenClock
) -> None:
    with write_unit():
        officer, report = an_officer(), make_report()
        deciding.request_info(officer, report, question="Chỗ đó gần cầu nào?")
    assert (report.state, report.due_at) == ("needs_info", None)
    assert running(report) == {"needs_info_answer", "triage_first_look"}
    assert view_for_sender(report).state == "submitted", "still held"
    still.forward(seconds=31)
    view = view_for_sender(report)
    assert (view.state, view.question) == ("needs_info", "Chỗ đó gần cầu nào?")


def test_undo_inside_the_hold_leaves_no_trace_for_the_sender(
    app: Flask, still: FrozenClock
) -> None:
    with write_unit():
        officer, report = an_officer(), make_report()
    due_at = report.due_at
    with write_unit():
        deciding.reject_report(officer, report, reason="no_place", words="Xin cho biết ở bản nào.")
    assert outbox_states() == {"waiting"}
    still.forward(seconds=29)
    with write_unit():
        deciding.undo_decision(officer, report)
    assert (report.state, report.rejection, report.due_at) == ("submitted", None, due_at)
    assert running(report) == {"triage_first_look"}
    assert outbox_states() == {"cancelled"}
    still.forward(minutes=10)
    view = view_for_sender(report)
    assert [line.detail for line in view.lines] == [None]
    assert view.state == "submitted"


@pytest.mark.parametrize("decision", ["ask", "reject", "open"])
def test_an_undone_decision_leaves_the_first_look_with_who_had_it(
    app: Flask, still: FrozenClock, decision: str
) -> None:
    with write_unit():
        officer, report = an_officer(), make_report()
    before = (report.due_at, load_by_owner([an_organisation().id]))
    still.forward(seconds=5)
    with write_unit():
        if decision == "ask":
            deciding.request_info(officer, report, question="Chỗ đó gần cầu nào?")
        elif decision == "reject":
            deciding.reject_report(officer, report, reason="no_place", words="Không rõ chỗ nào.")
        else:
            opened_case(officer, report)
    with write_unit():
        deciding.undo_decision(officer, report)
    assert (report.due_at, load_by_owner([an_organisation().id])) == before
    (look,) = (each for each in clocks_of(subject_of(report)) if each.stopped_at is None)
    assert (look.rule.key, look.due_at) == ("triage_first_look", report.due_at)


def test_a_forwarded_report_is_the_receivers_to_look_at(app: Flask, still: FrozenClock) -> None:
    with write_unit():
        officer, report = an_officer(), make_report()
        there = an_organisation(unit=a_unit(NA_TAU))
        deciding.forward_report(officer, report, unit_id=a_unit(NA_TAU).id, reason="Bên kia suối")
    (look,) = clocks_of(subject_of(report))
    assert look.owner_id == there.id
    assert [each.owner_id for each in load_by_owner([an_organisation().id, there.id])] == [there.id]


def test_undo_ends_with_the_hold_and_is_the_deciders_own(app: Flask, still: FrozenClock) -> None:
    with write_unit():
        officer, other, report = an_officer(), an_officer(name="Mùa A Dơ"), make_report()
        deciding.reject_report(officer, report, reason="no_place", words="Xin cho biết ở đâu.")
    with pytest.raises(Forbidden), write_unit():
        deciding.undo_decision(other, report)
    still.forward(seconds=30)
    with pytest.raises(TransitionRefused, match="30 giây"), write_unit():
        deciding.undo_decision(officer, report)
    assert session().get_one(Report, report.id).state == "rejected"


def test_undoing_an_opening_dismisses_the_case_and_tells_no_one(
    app: Flask, still: FrozenClock
) -> None:
    with write_unit():
        officer, report = an_officer(), make_report()
        case = opened_case(officer, report)
    with write_unit():
        deciding.undo_decision(officer, report)
    assert (case.state, case.dismissal, case.report_count) == ("dismissed", "opened_by_mistake", 0)
    assert (report.state, report.case_id) == ("submitted", None)
    assert outbox_states() == {"cancelled"}
    lines = session().scalars(select(TimelineLine).where(TimelineLine.case_id == case.id))
    assert [line.public_line for line in lines] == [None, None]


def test_undoing_an_attach_keeps_the_case_of_others(app: Flask, still: FrozenClock) -> None:
    with write_unit():
        officer = an_officer()
        case = opened_case(officer)
        second = make_report(households_affected=4)
    still.forward(minutes=1)
    with write_unit():
        joining.attach_to_case(officer, second, case_code=case.code)
    assert (case.report_count, case.household_count) == (2, 4)
    with write_unit():
        deciding.undo_decision(officer, second)
    assert (case.state, case.report_count, case.household_count) == ("received", 1, 0)


def test_the_earliest_report_dates_the_case(app: Flask, still: FrozenClock) -> None:
    with write_unit():
        officer, early = an_officer(), make_report()
    first = still.at
    still.forward(hours=3)
    with write_unit():
        case = opened_case(officer)
        assert case.first_reported_at == still.at
        joining.attach_to_case(officer, early, case_code=case.code)
    assert case.first_reported_at == first


def test_a_category_of_the_province_opens_at_the_province_with_the_commune_copied(
    app: Flask,
) -> None:
    with write_unit():
        officer = an_officer()
        case = opened_case(officer, category="stream.river_quality")
    assert (case.level, case.owner.unit.kind, case.to_province) == ("province", "province", False)
    assert case.handling_unit.name == "Xã Mường Phăng"


def test_a_report_sent_to_the_province_is_not_there_for_the_commune(app: Flask) -> None:
    with write_unit():
        commune, report = an_officer(), make_report(to_province=True)
    with pytest.raises(Forbidden), write_unit():
        deciding.reject_report(commune, report, reason="no_place", words="Không rõ.")
    with write_unit():
        province = an_officer("front_province", unit=a_unit("11"), name="Tòng Thị Panh")
        hidden = opened_case(province, report)
        open_one = opened_case(commune)
    assert (hidden.to_province, hidden.level) == (True, "province")
    with write_unit():
        another = make_report(to_province=True)
    with pytest.raises(Invalid, match="sửa"), write_unit():
        joining.attach_to_case(province, another, case_code=open_one.code)


def test_a_picture_of_the_first_screen_opens_no_case(app: Flask) -> None:
    with write_unit():
        officer, report = an_officer(), make_report(category="p_waste")
    with pytest.raises(Invalid) as refused, write_unit():
        joining.open_case_for(officer, report, category_code="p_waste", place_note=None)
    assert set(refused.value.fields) == {"category"}
    assert session().scalar(select(Case.id)) is None


def test_detaching_the_last_report_dismisses_an_early_case(app: Flask) -> None:
    with write_unit():
        officer, report = an_officer(), make_report()
        case = opened_case(officer, report)
    with write_unit():
        joining.detach_report(officer, report, reason="Đưa nhầm vụ việc")
    assert (report.state, case.state, case.report_count) == ("submitted", "dismissed", 0)


def test_forwarding_moves_the_report_and_tells_where_and_why(
    app: Flask, still: FrozenClock
) -> None:
    with write_unit():
        officer, report = an_officer(), make_report()
        due_at = report.due_at
        target = a_unit(NA_TAU)
        deciding.forward_report(officer, report, unit_id=target.id, reason="Chỗ này bên kia suối.")
    assert (report.handling_unit_id, report.state, report.due_at) == (
        target.id,
        "submitted",
        due_at,
    )
    assert "Chỗ này bên kia suối." in (view_for_sender(report).lines[-1].detail or "")
    with pytest.raises(Forbidden), write_unit():
        deciding.request_info(officer, report, question="Ở đâu?")


def test_who_refused_does_not_reconsider_when_there_is_another(
    app: Flask, still: FrozenClock
) -> None:
    with write_unit():
        officer, report = an_officer(), make_report()
        deciding.redirect_report(officer, report, door="denunciation", words="Xin gửi tố cáo.")
    with write_unit():
        other = an_officer(name="Giàng Thị Mai")
    with pytest.raises(Forbidden), write_unit():
        deciding.reconsider_report(officer, report, reason="Xem lại")
    with write_unit():
        deciding.reconsider_report(other, report, reason="Có thêm ảnh")
    assert (report.state, report.door, report.decided_by_id) == ("submitted", None, None)
    assert running(report) == {"triage_first_look"}


def test_the_only_officer_reconsiders(app: Flask, still: FrozenClock) -> None:
    with write_unit():
        officer, report = an_officer(), make_report()
        deciding.reject_report(officer, report, reason="no_place", words="Không rõ ở đâu.")
    with write_unit():
        deciding.reconsider_report(officer, report, reason="Đã gọi hỏi")
    assert report.state == "submitted"


def test_an_unknown_reason_is_refused_by_its_field(app: Flask) -> None:
    with write_unit():
        officer, report = an_officer(), make_report()
    with pytest.raises(Invalid) as refused, write_unit():
        deciding.reject_report(officer, report, reason="không có", words="Không nhận.")
    assert set(refused.value.fields) == {"reason"}
    assert session().scalar(select(ReportLine.id).where(ReportLine.transition == "reject")) is None


def test_undo_does_not_take_away_what_a_colleague_did_on_the_new_case(
    app: Flask, still: FrozenClock
) -> None:
    with write_unit():
        officer, other, report = an_officer(), an_officer(name="Mùa A Dơ"), make_report()
        case = opened_case(officer, report)
    with write_unit():
        assess_case(other, case, assessment=ASSESSMENT, site_note="Đã thấy tại chỗ")
    with pytest.raises(TransitionRefused, match="đã được làm tiếp"), write_unit():
        deciding.undo_decision(officer, report)
    session().expire_all()
    assert (case.state, report.state, report.case_id) == ("assessed", "attached", case.id)
    assert "waiting" in outbox_states()
