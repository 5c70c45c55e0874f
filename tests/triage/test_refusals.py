"""Steps of the desk that are refused, each by the field that is wrong; and their quiet edges."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import move_case
from tests.factories.directory import DIEN_BIEN, NA_TAU, a_unit
from tests.factories.reporting import make_report
from tests.factories.triage import ASSESSMENT, an_officer, opened_case
from tests.triage.test_desk_pages import send
from webapp.cases.models import Case
from webapp.core.actor import Actor
from webapp.core.errors import Invalid, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.triage.operations import assessment as assessing
from webapp.triage.operations import joining


@pytest.fixture
def officer(app: Flask) -> Actor:
    with write_unit():
        return an_officer()


@pytest.fixture
def case(officer: Actor) -> Case:
    with write_unit():
        return opened_case(officer)


def assessed(officer: Actor, case: Case) -> None:
    with write_unit():
        assessing.assess_case(officer, case, assessment=ASSESSMENT, site_note="Đã đi xem.")


@pytest.mark.parametrize("field", ["severity", "waste_source"])
def test_terms_off_the_list_are_refused(officer: Actor, case: Case, field: str) -> None:
    values = vars(ASSESSMENT) | {field: "không có"}
    with pytest.raises(Invalid) as refused, write_unit():
        assessing.assess_case(
            officer, case, assessment=assessing.Assessment(**values), site_note="Đã đi xem."
        )
    assert set(refused.value.fields) == {field}
    assert (case.state, case.public_since) == ("received", None)


@pytest.mark.parametrize("reason", ["không có", "opened_by_mistake"])
def test_a_dismissal_nobody_is_offered_is_refused(officer: Actor, case: Case, reason: str) -> None:
    with pytest.raises(Invalid) as refused, write_unit():
        assessing.dismiss_case(officer, case, reason=reason, words="Mở nhầm.")
    assert set(refused.value.fields) == {"reason"}
    assert (case.state, case.dismissal) == ("received", None)


def test_a_case_is_given_to_nobody_outside_its_committee(officer: Actor, case: Case) -> None:
    with write_unit():
        stranger = an_officer("front_province", unit=a_unit(DIEN_BIEN), name="Tòng Thị Panh")
    with pytest.raises(Invalid) as refused, write_unit():
        assessing.assign_case(officer, case, person_id=stranger.person_id or 0, reason="Nhờ xem")
    assert "cơ quan đang giữ vụ việc" in str(refused.value.fields["person"])
    assert case.assignee_id is None


def test_a_summary_is_not_slipped_in_before_the_assessment(officer: Actor, case: Case) -> None:
    amendment = assessing.Amendment(summary="Rác đổ ven suối.")
    with pytest.raises(Invalid) as refused, write_unit():
        assessing.amend_case(officer, case, amendment=amendment, reason="Viết sớm")
    assert "Ghi ý kiến xem xét" in str(refused.value.fields["summary"])
    assert case.summary is None


def test_another_severity_starts_the_clocks_anew(
    officer: Actor, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    restarted: list[str] = []
    monkeypatch.setattr(assessing, "recount_clocks", lambda each: restarted.append(each.severity))
    assessed(officer, case)
    with write_unit():
        amendment = assessing.Amendment(summary="Rác đổ thành đống ven suối.")
        assessing.amend_case(officer, case, amendment=amendment, reason="Gọn lại")
    assert restarted == []
    with write_unit():
        amendment = assessing.Amendment(severity="serious")
        assessing.amend_case(officer, case, amendment=amendment, reason="Nước đen, cá chết")
    assert restarted == ["serious"]


@pytest.mark.parametrize("code", ["không có", "p_waste", "dumping.river_dump"])
def test_a_case_takes_only_another_fuller_category(officer: Actor, case: Case, code: str) -> None:
    with pytest.raises(Invalid) as refused, write_unit():
        assessing.recategorise_case(officer, case, category_code=code, reason="Ghi lại")
    assert set(refused.value.fields) == {"category"}
    assert case.category == "dumping.river_dump"


def test_a_category_of_the_province_takes_the_case_up(officer: Actor, case: Case) -> None:
    with write_unit():
        assessing.recategorise_case(
            officer, case, category_code="stream.river_quality", reason="Nước suối đổi màu"
        )
    assert (case.level, case.owner.unit.kind, case.assignee_id) == ("province", "province", None)


def test_a_case_without_a_point_is_recategorised_all_the_same(officer: Actor) -> None:
    with write_unit():
        case = opened_case(officer)
        case.lon = case.lat = None
        assessing.recategorise_case(
            officer, case, category_code="burning.straw", reason="Là đốt rơm"
        )
    assert (case.category, case.public_lon, case.public_lat) == ("burning.straw", None, None)


def test_a_report_joins_no_case_that_is_unknown_or_ended(officer: Actor, case: Case) -> None:
    with write_unit():
        report = make_report()
        assessing.dismiss_case(officer, case, reason="not_found", words="Đã xem, không thấy.")
    for code, words in (("VVKHONGCO", "Không thấy vụ việc"), (case.code, "đã kết thúc")):
        with pytest.raises(Invalid) as refused, write_unit():
            joining.attach_to_case(officer, report, case_code=code)
        assert words in str(refused.value.fields["case"])
    assert (report.state, report.case_id) == ("submitted", None)


def test_an_unknown_category_opens_no_case(officer: Actor) -> None:
    with write_unit():
        report = make_report()
    with pytest.raises(Invalid) as refused, write_unit():
        joining.open_case_for(officer, report, category_code="không có", place_note=None)
    assert set(refused.value.fields) == {"category"}


def test_no_case_without_a_front_that_takes_it(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_unit():
        report = make_report()
    monkeypatch.setattr(joining, "front_of", lambda unit_id, day: None)
    with pytest.raises(Invalid, match="chưa có Mặt trận nhận việc"), write_unit():
        opened_case(officer, report)
    assert session().scalar(select(Case.id)) is None


def test_the_last_report_of_a_case_that_went_on_stays(officer: Actor) -> None:
    with write_unit():
        report = make_report()
        case = opened_case(officer, report)
    with write_unit():
        move_case(case, "escalated")
    with pytest.raises(TransitionRefused, match="chỉ còn phản ánh này"), write_unit():
        joining.detach_report(officer, report, reason="Đưa nhầm")
    assert (report.case_id, case.report_count) == (case.id, 1)


def test_detaching_one_of_two_leaves_the_case_to_the_other(officer: Actor, case: Case) -> None:
    with write_unit():
        second = make_report()
        joining.attach_to_case(officer, second, case_code=case.code)
    with write_unit():
        joining.lock_case_of(second.code)
        joining.detach_report(officer, second, reason="Việc khác")
    assert (case.state, case.report_count, second.case_id) == ("received", 1, None)


@pytest.fixture
def signed_in(client: FlaskClient) -> FlaskClient:
    with write_unit():
        account, _ = make_person("front_commune", unit=a_unit(), name="Cà Văn Noọng")
    sign_in(client, account.email)
    return client


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"case": "new", "category": ""}, "Xin chọn loại việc để mở vụ việc mới."),
        ({"case": "other", "other": ""}, "Xin ghi mã vụ việc."),
        ({"case": "other", "other": "vvkhongco"}, "Không thấy vụ việc có mã này"),
    ],
)
def test_the_attach_page_says_what_is_missing(
    signed_in: FlaskClient, fields: dict[str, Any], words: str
) -> None:
    with write_unit():
        code = make_report().code
    refused = send(signed_in, f"/can-bo/phan-anh/{code}/buoc/attach", **fields)
    assert refused.status_code == 422
    assert words in refused.text
    assert session().scalar(select(Case.id)) is None


def test_a_case_is_named_by_its_code_in_small_letters(signed_in: FlaskClient) -> None:
    with write_unit():
        case_code = opened_case(an_officer()).code
        code = make_report().code
    address = f"/can-bo/phan-anh/{code}/buoc/attach"
    assert send(signed_in, address, case="other", other=case_code.lower()).status_code == 303
    session().expire_all()
    assert session().scalars(select(Case)).one().report_count == 2


def test_the_report_has_no_other_steps(signed_in: FlaskClient) -> None:
    with write_unit():
        code = make_report().code
    assert signed_in.get(f"/can-bo/phan-anh/{code}/buoc/khong-co").status_code == 404


def test_forwarding_starts_from_the_unit_the_sender_named(signed_in: FlaskClient) -> None:
    with write_unit():
        report, named = make_report(), a_unit(NA_TAU)
        report.named_unit_id = named.id
        code, named_id = report.code, named.id
    page = signed_in.get(f"/can-bo/phan-anh/{code}/buoc/forward").text
    assert f'selected value="{named_id}"' in page or f'value="{named_id}" selected' in page


def test_a_step_that_cannot_be_taken_now_says_so_before_anything_is_typed(
    signed_in: FlaskClient,
) -> None:
    with write_unit():
        officer = an_officer()
        case, report = opened_case(officer), make_report()
        code, open_report = case.code, report.code
    for record, step, words in (
        (f"/can-bo/vu-viec/{code}", "close", "Không làm được bước “Kết thúc vụ việc”"),
        (f"/can-bo/phan-anh/{open_report}", "detach", "Không làm được bước “Tách khỏi vụ việc”"),
    ):
        answer = signed_in.get(f"{record}/buoc/{step}")
        assert (answer.status_code, answer.headers["Location"]) == (303, record)
        page = signed_in.get(record).text
        assert words in page and "khi hồ sơ đang ở trạng thái" in page
        assert words not in signed_in.get(record).text  # said once
