"""The way of an inspection file, beside its case and alone; what is refused on it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.accounts import make_person
from tests.factories.cases import make_case
from tests.factories.casework import Desks, accepted_case
from tests.factories.directory import a_unit, an_organisation
from tests.factories.inspections import (
    BOD,
    DAY,
    MEASURED,
    RESULT,
    STARTED,
    VISIT,
    a_plan,
    an_establishment,
    an_inspection_file,
)
from tests.factories.media import a_photo_file
from webapp.cases.models import CasePhoto, TimelineLine
from webapp.casework.operations.concluding import conclude_case, return_conclusion
from webapp.casework.queries import latest_inspection
from webapp.core.errors import Conflict, Forbidden, Invalid, NotFound, TransitionRefused
from webapp.core.unit_of_work import session
from webapp.inspections.models import InspectionFile, InspectionStep
from webapp.inspections.operations import visiting
from webapp.inspections.operations.concluding import approve_result, propose_result, return_result
from webapp.inspections.operations.files import claim_file
from webapp.inspections.operations.papers import issue_paper
from webapp.inspections.operations.planning import (
    amend_plan,
    cancel_inspection,
    decide_inspection,
    inspect_again,
    plan_inspection,
)
from webapp.inspections.operations.visiting import Measured, Taken, add_photos, write_minutes
from webapp.inspections.queries import files_of_case, inspection_file
from webapp.jobs.models import OutboxRow
from webapp.media.operations import examine
from webapp.notifications.models import Notice


def steps(file: InspectionFile) -> list[str]:
    query = select(InspectionStep.transition).where(InspectionStep.file_id == file.id)
    return list(session().scalars(query.order_by(InspectionStep.id)))


def fields(caught: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return set(caught.value.fields)


def test_the_whole_way_brings_the_case_along(desks: Desks) -> None:
    case = accepted_case(desks)
    file = an_inspection_file(desks, "visited", case=case)
    assert case.state == "inspecting"
    propose_result(desks.office, file, RESULT)
    assert (file.state, case.state) == ("proposed", "inspecting")
    approve_result(desks.chair, file)
    assert (file.state, case.state, case.conclusion) == ("concluded", "concluded", "violation")
    slip = latest_inspection(case.id)
    assert slip is not None
    assert (slip.answer, slip.form) == (RESULT.answer, "examination")
    assert slip.team == "Quàng Văn Sín, Lò Thị Hoa, cán bộ"
    assert steps(file) == [
        "plan", "decide", "write_minutes", "sign_minutes", "propose_result", "approve_result",
    ]  # fmt: skip
    assert file.result is not None
    assert file.result.concluded_by_id == desks.chair.person_id


def test_the_case_page_approves_or_returns_the_same_result(desks: Desks) -> None:
    case = accepted_case(desks)
    file = an_inspection_file(desks, "proposed", case=case)
    return_conclusion(desks.chair, case, reason="Nêu rõ điểm xả.")
    assert (file.state, case.state) == ("visited", "inspecting")
    propose_result(desks.office, file, RESULT)
    conclude_case(desks.chair, case)
    assert (file.state, case.state) == ("concluded", "concluded")


def test_without_a_case_the_file_decides_alone(desks: Desks) -> None:
    file = an_inspection_file(desks, "proposed")
    told = session().scalars(select(Notice.message)).all()
    assert "inspections.result_proposed" in told
    return_result(desks.chair, file, reason="Nêu rõ điểm xả.")
    assert file.state == "visited"
    propose_result(desks.office, file, RESULT)
    approve_result(desks.chair, file)
    assert file.state == "concluded"


def test_who_wrote_it_never_approves_it(desks: Desks) -> None:
    file = an_inspection_file(desks, "proposed")
    assert file.result is not None
    file.result.proposed_by_id = desks.chair.person_id
    with pytest.raises(Forbidden):
        approve_result(desks.chair, file)
    with pytest.raises(Forbidden):
        approve_result(desks.office, file)
    assert file.state == "proposed"


def test_a_form_by_decision_waits_for_it(desks: Desks) -> None:
    file = an_inspection_file(desks)
    with pytest.raises(TransitionRefused):
        write_minutes(desks.office, file, VISIT)
    with pytest.raises(Forbidden):
        decide_inspection(desks.office, file, number="21/QĐ-UBND", decided_on=DAY)
    with pytest.raises(Invalid) as caught:
        decide_inspection(
            desks.chair, file, number="21/QĐ-UBND", decided_on=DAY + timedelta(days=1)
        )
    assert fields(caught) == {"decided_on"}


def test_fact_finding_needs_none(desks: Desks) -> None:
    file = an_inspection_file(desks, "visited", form="fact_finding")
    assert (file.state, file.decision_number) == ("visited", None)
    plain = an_inspection_file(desks, form="fact_finding")
    with pytest.raises(TransitionRefused):
        decide_inspection(desks.chair, plain, number="1", decided_on=DAY)


def test_a_commune_has_no_state_inspection(desks: Desks) -> None:
    with pytest.raises(Invalid) as caught:
        an_inspection_file(desks, form="state_inspection")
    assert fields(caught) == {"form"}


def test_what_a_plan_asks_for(desks: Desks) -> None:
    with pytest.raises(Invalid) as caught:
        plan_inspection(desks.office, a_plan(lead="", planned_on=None))
    assert fields(caught) == {"lead", "planned_on"}
    with pytest.raises(Invalid) as caught:
        plan_inspection(desks.office, a_plan())
    assert fields(caught) == {"establishment"}
    with pytest.raises(Forbidden):
        plan_inspection(desks.front, a_plan(), establishment=an_establishment(desks))


def test_a_plan_changes_until_it_is_decided(desks: Desks) -> None:
    file = an_inspection_file(desks, "decided")
    amend_plan(desks.office, file, a_plan(lead="Người khác"), establishment=None)
    assert (file.lead, file.establishment_id) == ("Người khác", None)
    with pytest.raises(Invalid) as caught:
        amend_plan(desks.office, file, a_plan(form="fact_finding"), establishment=None)
    assert fields(caught) == {"form"}
    cancel_inspection(desks.office, file, reason="Trùng lịch.")
    assert file.state == "cancelled"


def test_only_its_own_office_plans_for_a_case(desks: Desks) -> None:
    sibling = a_unit("03256")
    office = an_organisation("env_office", unit=sibling)
    _account, other = make_person("env_commune", unit=sibling, organisation=office)
    case = accepted_case(desks)
    with pytest.raises(Forbidden):
        plan_inspection(other, a_plan(), case=case)
    with pytest.raises(TransitionRefused):
        plan_inspection(desks.office, a_plan(), case=make_case("closed"))
    file = an_inspection_file(desks, case=case)
    with pytest.raises(NotFound):
        inspection_file(other, file.uid)
    with pytest.raises(Forbidden):
        cancel_inspection(other, file, reason="Không phải việc của tôi.")


def test_the_front_sees_what_was_concluded_and_no_plan(desks: Desks) -> None:
    case = accepted_case(desks)
    file = an_inspection_file(desks, "visited", case=case, form="unannounced_examination")
    assert files_of_case(desks.front, case.id) == []
    with pytest.raises(NotFound):
        inspection_file(desks.front, file.uid)
    public = session().scalars(
        select(TimelineLine.public_line).where(TimelineLine.case_id == case.id)
    )
    assert not any("Cơ sở" in (line or "") for line in public)
    propose_result(desks.office, file, RESULT)
    approve_result(desks.chair, file)
    assert files_of_case(desks.front, case.id) == [file]


def test_measurements_take_the_limit_of_their_regulation(desks: Desks) -> None:
    file = an_inspection_file(desks, "decided")
    own = Measured(parameter=BOD, value="108", highest="108")
    free = Measured(parameter="Độ đục", value="< 0,5", unit="NTU")
    write_minutes(desks.office, file, VISIT, (*MEASURED, own, free))
    bod, ph, factored, turbid = file.measurements
    assert (bod.parameter, bod.value, bod.unit, bod.highest) == (
        "BOD5 (20 °C)", "240", "mg/l", "100",
    )  # fmt: skip
    assert bod.standard == "QCVN 62-MT:2016/BTNMT, cột B"
    assert [each.over for each in file.measurements] == [True, False, False, False]
    assert (ph.lowest, ph.highest, factored.highest) == ("5.5", "9", "108")
    assert (turbid.value, turbid.highest) == ("<0.5", None)
    write_minutes(desks.office, file, VISIT, MEASURED[:1])
    assert len(file.measurements) == 1


def test_a_wrong_measurement_is_told_by_its_row(desks: Desks) -> None:
    file = an_inspection_file(desks, "decided")
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"value": "nhiều"}, "value"),
        ({"value": "1.500"}, "value"),
        ({"parameter": ""}, "parameter"),
        ({"parameter": "x" * 81}, "parameter"),
        ({"highest": "<9"}, "highest"),
        ({"lowest": "9", "highest": "6"}, "highest"),
    )
    for changes, field in wrong:
        row = replace(Measured(parameter="COD", value="80"), **changes)
        with pytest.raises(Invalid) as caught:
            write_minutes(desks.office, file, VISIT, (MEASURED[0], row))
        assert fields(caught) == {f"measured-1-{field}"}


def test_the_minutes_are_of_the_past_and_in_order(desks: Desks) -> None:
    file = an_inspection_file(desks, "decided")
    for changes, field in (
        ({"started_at": datetime(2026, 4, 1, tzinfo=UTC)}, "started_at"),
        ({"ended_at": STARTED - timedelta(minutes=1)}, "ended_at"),
        ({"observed": ""}, "observed"),
    ):
        with pytest.raises(Invalid) as caught:
            write_minutes(desks.office, file, replace(VISIT, **changes))
        assert fields(caught) == {field}
    with pytest.raises(TransitionRefused):
        visiting.sign_minutes(desks.office, file, number="1", signed_on=DAY)
    write_minutes(desks.office, file, VISIT)
    with pytest.raises(Invalid) as caught:
        visiting.sign_minutes(desks.office, file, number="1", signed_on=DAY - timedelta(days=9))
    assert fields(caught) == {"signed_on"}


def test_signed_minutes_are_numbered_and_fixed(desks: Desks) -> None:
    file = an_inspection_file(desks, "visited")
    (paper,) = file.papers
    assert (paper.kind, paper.document.type_code) == ("minutes", "BB")
    assert paper.document.notation == "BB-PKT"
    rows = session().scalars(select(OutboxRow).where(OutboxRow.kind == "documents.render"))
    assert [row.payload["document_id"] for row in rows] == [paper.document_id]
    with pytest.raises(TransitionRefused):
        write_minutes(desks.office, file, VISIT)


def test_photos_reach_the_case_with_the_conclusion(desks: Desks) -> None:
    case = accepted_case(desks)
    file = an_inspection_file(desks, "visited", case=case)
    taken = Taken(
        moment="before", taken_at=STARTED, place="Cống ra suối",
        photos=[examine(a_photo_file())],
    )  # fmt: skip
    add_photos(desks.office, file, taken)
    linked = select(CasePhoto.purpose, CasePhoto.voice).where(CasePhoto.case_id == case.id)
    assert session().execute(linked).all() == []
    propose_result(desks.office, file, RESULT)
    approve_result(desks.chair, file)
    assert session().execute(linked).all() == [("before", "office")]
    for changes, field in (
        ({"moment": "later"}, "moment"),
        ({"taken_at": None}, "taken_at"),
        ({"place": " "}, "place"),
        ({"photos": []}, "photos"),
    ):
        with pytest.raises(Invalid) as caught:
            add_photos(desks.office, file, replace(taken, **changes))
        assert fields(caught) == {field}


def test_a_stale_page_saves_nothing(desks: Desks) -> None:
    file = an_inspection_file(desks, "decided")
    seen = file.version
    write_minutes(desks.office, file, VISIT)
    with pytest.raises(Conflict) as caught:
        claim_file(desks.office, file.uid, seen=seen)
    assert "Ghi biên bản" in str(caught.value.detail)


def test_naming_needs_a_violation_and_an_establishment(desks: Desks) -> None:
    file = an_inspection_file(desks, "visited")
    wrong = (
        (replace(RESULT, conclusion="none", names_party=True), "names_party"),
        (replace(RESULT, conclusion="có lẽ"), "conclusion"),
        (replace(RESULT, document_number="12"), "document_number"),
    )
    for result, field in wrong:
        with pytest.raises(Invalid) as caught:
            propose_result(desks.office, file, result)
        assert fields(caught) == {field}


def test_a_notice_and_a_slip_once_each(desks: Desks) -> None:
    file = an_inspection_file(desks, "concluded", case=accepted_case(desks))
    given: dict[str, Any] = {"issued_on": DAY, "position": "Trưởng phòng", "name": "Người ký (thử)"}
    slip = issue_paper(desks.office, file, kind="slip", number="7", **given)
    notice = issue_paper(desks.office, file, kind="notice", number="7", **given)
    assert (slip.type_code, notice.type_code) == ("PTL", "TB")
    assert slip.signer_name == "Người ký (thử)"
    with pytest.raises(TransitionRefused):
        issue_paper(desks.office, file, kind="slip", number="8", **given)
    with pytest.raises(Invalid) as caught:
        issue_paper(desks.office, file, kind="minutes", number="8", **given)
    assert fields(caught) == {"kind"}


def test_a_second_inspection_points_to_the_first(desks: Desks) -> None:
    file = an_inspection_file(desks, "concluded", case=accepted_case(desks))
    again = inspect_again(desks.office, file, a_plan(purpose="Xem đã xây bể lắng chưa"))
    assert (again.parent_id, again.state, again.case_id) == (file.id, "planned", file.case_id)
    assert file.state == "concluded"
    with pytest.raises(TransitionRefused):
        inspect_again(desks.office, again, a_plan())
