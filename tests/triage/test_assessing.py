"""The Front's own look at a case: assessed, dismissed, assigned, amended, recategorised."""

import pytest
from sqlalchemy import select

from tests.factories.clock import FrozenClock
from tests.factories.directory import DIEN_BIEN, NA_TAU, a_unit
from tests.factories.reporting import make_report
from tests.factories.triage import (
    ASSESSMENT,
    a_visit,
    an_officer,
    opened_case,
)
from tests.triage.records import ask_group, lines, running
from webapp.audit.models import AuditEntry
from webapp.cases.models import Case
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, Invalid
from webapp.core.unit_of_work import session, write_unit
from webapp.reporting.following import view_for_sender
from webapp.reporting.models import Report
from webapp.triage.operations import assessment as assessing
from webapp.triage.operations import verification as checking


def test_assessing_makes_public_with_the_officers_words(officer: Actor, case: Case) -> None:
    with write_unit():
        assessing.assess_case(
            officer, case, assessment=ASSESSMENT, site_note="Tôi đi qua sáng nay, thấy rõ."
        )
    assert (case.state, case.summary, case.severity) == (
        "assessed",
        ASSESSMENT.summary,
        "moderate",
    )
    assert case.public_since is not None
    assert lines(case)[-1].public_line == "Mức độ: vừa."
    assert session().scalars(
        select(AuditEntry.action).where(AuditEntry.action == "case.assess")
    ).all() == ["case.assess"]


def test_assessing_needs_evidence_or_a_note(officer: Actor, case: Case) -> None:
    with pytest.raises(Invalid) as refused, write_unit():
        assessing.assess_case(officer, case, assessment=ASSESSMENT)
    assert set(refused.value.fields) == {"site_note"}
    ask_group(officer, case, organisation_id=None)
    with write_unit():
        checking.record_verification(officer, case, visit=a_visit())
        assessing.assess_case(officer, case, assessment=ASSESSMENT)
    assert case.state == "assessed"


def test_nobody_assesses_a_report_of_their_own(officer: Actor) -> None:
    with write_unit():
        other, province = (
            an_officer(name="Mùa A Dơ"),
            an_officer("front_province", unit=a_unit(DIEN_BIEN), name="Tòng Thị Panh"),
        )
        own = opened_case(officer, make_report(officer))
        foreign = opened_case(officer)
    for actor, case, allowed in (
        (officer, own, False),
        (other, own, True),
        (province, own, True),
        (province, foreign, False),
    ):
        assert assessing.may_assess(actor, case) is allowed
    with pytest.raises(Forbidden, match="chính ông/bà"), write_unit():
        assessing.assess_case(officer, own, assessment=ASSESSMENT, site_note="Có thấy")
    with pytest.raises(Forbidden), write_unit():
        assessing.assess_case(province, foreign, assessment=ASSESSMENT, site_note="Có thấy")
    with write_unit():
        assessing.assess_case(province, own, assessment=ASSESSMENT, site_note="Có thấy")
    assert own.state == "assessed"


def test_a_category_never_public_stays_off_the_public_pages(officer: Actor) -> None:
    with write_unit():
        case = opened_case(officer, category="dispute.neighbour")
        assessing.assess_case(officer, case, assessment=ASSESSMENT, site_note="Đã gặp hai hộ")
    assert (case.state, case.public_since) == ("assessed", None)


def test_dismissing_tells_every_reporter_in_words(officer: Actor, case: Case) -> None:
    report = session().scalars(select(Report)).one()
    with write_unit():
        assessing.dismiss_case(
            officer, case, reason="not_found", words="Mặt trận đã đi xem, không thấy rác."
        )
    assert (case.state, case.dismissal) == ("dismissed", "not_found")
    session().expire_all()
    assert any("không thấy rác" in (e.detail or "") for e in view_for_sender(report).lines)


def test_opened_by_mistake_is_no_reason_to_choose(officer: Actor, case: Case) -> None:
    with pytest.raises(Invalid), write_unit():
        assessing.dismiss_case(officer, case, reason="opened_by_mistake", words="Nhầm.")


def test_amending_keeps_the_old_value(officer: Actor, case: Case) -> None:
    with write_unit():
        amendment = assessing.Amendment(place_note="Dưới chân cầu")
        assessing.amend_case(officer, case, amendment=amendment, reason="Ghi lại cho đúng")
    assert case.place_note == "Dưới chân cầu"
    assert lines(case)[-1].facts == {"was": {"place_note": "Cạnh cầu treo bản Bua"}}
    with pytest.raises(Invalid), write_unit():
        assessing.amend_case(officer, case, amendment=amendment, reason="Lần nữa")


def test_assigning_stays_inside_the_committee(officer: Actor, case: Case) -> None:
    with write_unit():
        stranger = an_officer(unit=a_unit(NA_TAU), name="Sùng A Vừ")
    with pytest.raises(Invalid), write_unit():
        assessing.assign_case(officer, case, person_id=stranger.person_id or 0, reason="x")
    with write_unit():
        assessing.assign_case(officer, case, person_id=officer.person_id or 0, reason="Theo bản")
    assert case.assignee_id == officer.person_id


def test_recategorising_changes_route_clock_place_and_tells(
    officer: Actor, case: Case, still: FrozenClock
) -> None:
    ask_group(officer, case)
    report, before = session().scalars(select(Report)).one(), case.public_cell
    with write_unit():
        assessing.recategorise_case(
            officer, case, category_code="hazardous.chemical", reason="Có mùi hóa chất"
        )
    assert (case.category, case.urgent, case.secret) == ("hazardous.chemical", True, True)
    assert (case.level, case.owner.unit.kind) == ("province", "province")
    assert running(case) == {"verification_task_urgent"}
    assert case.precision_m == 1000
    assert case.public_cell != before
    session().expire_all()
    assert any("Loại việc" in (e.detail or "") for e in view_for_sender(report).lines)
