"""Many at once, saved filters, templates, today's work, stepping aside, the officer's priority."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import make_case
from tests.factories.directory import NA_TAU, a_unit
from tests.factories.reporting import WORDS, make_report
from tests.factories.triage import an_officer, opened_case
from webapp.accounts.models import Account
from webapp.audit.models import AuditEntry
from webapp.cases.models import Case
from webapp.cases.queries import case_file
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, Invalid, NotFound, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.models import OutboxRow
from webapp.reporting.following import view_for_sender
from webapp.reporting.models import Report
from webapp.reporting.queries import report_for_staff
from webapp.triage.filters import CASES, QueueFilters
from webapp.triage.models import BulkJob, ReplyTemplate, SavedFilter
from webapp.triage.operations.bulk import Chosen, bulk_job, run_bulk, start_bulk
from webapp.triage.operations.desk import save_filter
from webapp.triage.operations.joining import open_case_for
from webapp.triage.operations.priority import prioritise_case, prioritise_report
from webapp.triage.operations.stepping_aside import step_aside_from_case, step_aside_from_report
from webapp.triage.presentation import refusal_of
from webapp.triage.queries.desk import saved_filters
from webapp.triage.queries.queue import queue

QUEUE = "/can-bo/hang-doi"


@pytest.fixture
def officer(client: FlaskClient) -> Iterator[Actor]:
    """A commune officer, signed in; forms of this file are sent without tokens."""
    client.application.config["WTF_CSRF_ENABLED"] = False
    with write_unit():
        account, actor = make_person("front_commune", unit=a_unit(), name="Cà Văn Noọng")
    sign_in(client, account.email)
    yield actor
    client.application.config["WTF_CSRF_ENABLED"] = True


def codes(page: str) -> list[str]:
    return re.findall(r'data-case="([A-Z0-9]+)"', page)


def test_a_shared_filter_does_not_outlive_who_left_against_the_others_will(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        account, gone = make_person("front_commune", unit=a_unit(), name="Mùa A Dơ")
        kept = save_filter(gone, name="Quá hạn", filters=QueueFilters(due="late"), shared=True)
        own = save_filter(gone, name="Của tôi", filters=QueueFilters(due="near"), shared=False)
        other, _actor = make_person("front_commune", unit=a_unit(NA_TAU), name="Sùng A Vừ")
        filter_id, own_id, stranger = kept.id, own.id, other.email
    page, button = f"{QUEUE}?tab=vu-viec", f"/can-bo/bo-loc/{filter_id}/bo"
    # While its owner works here it is theirs to remove.
    assert button not in client.get(page).text
    assert client.post(button).status_code == 404
    with write_unit():
        session().get_one(Account, account.id).active = False
    shown = client.get(page).text
    assert button in shown and "người lưu đã chuyển đi" in shown
    # Neither what was not shared, nor another committee's; a new name stays with the owner.
    assert client.post(f"/can-bo/bo-loc/{own_id}/bo").status_code == 404
    assert client.post(f"/can-bo/bo-loc/{filter_id}/ten", data={"name": "X"}).status_code == 404
    elsewhere = client.application.test_client()
    sign_in(elsewhere, stranger)
    assert elsewhere.post(button).status_code == 404
    assert client.post(button).status_code == 303
    assert "Đã bỏ bộ lọc “Quá hạn”." in client.get(page).text
    assert session().scalars(select(SavedFilter.name)).all() == ["Của tôi"]
    actions = session().scalars(select(AuditEntry.action)).all()
    assert actions.count("triage.remove_filter") == 1


def test_each_row_of_a_bulk_job_has_its_own_result(officer: Actor) -> None:
    with write_unit():
        case = opened_case(officer)
        fresh, moved = make_report(), make_report()
        chosen = [Chosen(fresh.code, 1), Chosen(moved.code, 0), Chosen("PAKHONGCO", 1)]
        job = start_bulk(officer, act="attach", chosen=chosen, given={"case": case.code})
        job_id, uid, case_id = job.id, job.uid, case.id
        ids = (fresh.id, moved.id)
    assert [row.kind for row in session().scalars(select(OutboxRow)) if "bulk" in row.kind]
    run_bulk(job_id)
    run_bulk(job_id)
    session().expire_all()
    states = {item.code: item.state for item in bulk_job(officer, uid).items}
    assert list(states.values()) == ["done", "refused", "refused"]
    assert bulk_job(officer, uid).done_at is not None
    assert [session().get_one(Report, each).case_id for each in ids] == [case_id, None]
    # Stored as sentences with values, said in the language of who reads.
    refused = {item.code: refusal_of(item) for item in bulk_job(officer, uid).items}
    assert "vừa làm bước" in refused[chosen[1].code]
    assert "đã nhập" not in refused[chosen[1].code], "nothing was typed for a row"
    with write_unit():
        stranger = an_officer(name="Mùa A Dơ")
    with pytest.raises(NotFound):
        bulk_job(stranger, uid)


def test_a_refusal_is_said_in_the_language_of_who_reads_it(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        case, moved, old = opened_case(officer), make_report(), make_report()
        chosen = [Chosen(moved.code, 0), Chosen(old.code, 0)]
        job = start_bulk(officer, act="attach", chosen=chosen, given={"case": case.code})
        job_id, uid = job.id, job.uid
    run_bulk(job_id)
    with write_unit():
        before = bulk_job(officer, uid).items[1]
        before.refused_for, before.words = None, "Người khác vừa làm việc này & xong."
    page = client.get(f"/en/can-bo/nhieu-viec/{uid}").text
    assert "took the step" in page and "vừa làm bước" not in page
    # What a version before wrote in Vietnamese is read as it was written.
    assert '<span lang="vi">Người khác vừa làm việc này &amp; xong.</span>' in page
    page = client.get(f"/can-bo/nhieu-viec/{uid}").text
    assert "vừa làm bước" in page and "Người khác vừa làm việc này &amp; xong." in page


def test_only_who_can_take_a_case_is_offered_for_many(officer: Actor, client: FlaskClient) -> None:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit(), name="Giàng A Khư")
        an_officer(name="Mùa A Dơ")
        make_person("publisher", unit=a_unit(), name="Hạng Thị Xó")
        case = opened_case(officer)
    sign_in(client, account.email)
    picked = f"{case.code}.{case.version}"
    page = client.get("/can-bo/nhieu-viec/", query_string={"viec": "assign", "chon": picked}).text
    names = re.findall(r"<(?:option|label)[^>]*>\s*([^<]*? A (?:Dơ|Khư)|Hạng[^<]*?)\s*<", page)
    assert names == ["Giàng A Khư", "Mùa A Dơ"]


def test_bulk_assigns_and_forwards_with_the_rights_of_now(officer: Actor) -> None:
    with write_unit():
        mine, foreign = opened_case(officer), make_case("received", unit=a_unit(NA_TAU))
        report = make_report()
        chosen = [Chosen(mine.code, mine.version), Chosen(foreign.code, 1)]
        given = {"person": officer.person_id, "reason": "Theo địa bàn"}
        assign = start_bulk(officer, act="assign", chosen=chosen, given=given).id
        unit = {"unit": a_unit(NA_TAU).id, "reason": "Bên kia suối"}
        moved = [Chosen(report.code, 1)]
        forward = start_bulk(officer, act="forward", chosen=moved, given=unit).id
    run_bulk(assign)
    run_bulk(forward)
    session().expire_all()
    assert (mine.assignee_id, foreign.assignee_id) == (officer.person_id, None)
    assert report.handling_unit_id == a_unit(NA_TAU).id


@pytest.mark.parametrize("count", [0, 101])
def test_none_and_too_many_are_refused(officer: Actor, count: int) -> None:
    chosen = [Chosen(f"PA{number:07d}", 1) for number in range(count)]
    with pytest.raises(Invalid), write_unit():
        start_bulk(officer, act="attach", chosen=chosen, given={"case": "VV1"})
    assert session().scalars(select(BulkJob)).all() == []


def test_the_pages_of_a_bulk_job(client: FlaskClient, officer: Actor) -> None:
    with write_unit():
        case = opened_case(officer)
        report = make_report()
        picked = f"{report.code}.{report.version}"
    page = client.get("/can-bo/nhieu-viec/", query_string={"viec": "attach", "chon": picked})
    assert report.code in page.text
    # A code alone says nothing; the way back leads to the same tab.
    assert "Đổ rác xuống sông, suối, Xã Mường Phăng" in page.text
    assert 'href="/can-bo/hang-doi?tab=phan-anh">Về hàng đợi</a>' in page.text
    data: dict[str, Any] = {"viec": "attach", "chon": [picked, "<x>.1", "A.b"], "case": ""}
    assert client.post("/can-bo/nhieu-viec/", data=data).status_code == 422
    answer = client.post("/can-bo/nhieu-viec/", data=data | {"case": case.code.lower()})
    assert answer.status_code == 303
    before = client.get(answer.location).text
    assert 'data-done="false"' in before and "Xem lại</a>" in before
    run_bulk(session().scalars(select(BulkJob.id)).one())
    after = client.get(answer.location).text
    assert "Xong 1 trên 1 việc." in after and "chưa làm được" not in after
    # What was refused is through, and not done.
    stale = data | {"case": case.code}
    again = client.post("/can-bo/nhieu-viec/", data=stale).location
    run_bulk(session().scalars(select(func.max(BulkJob.id))).one() or 0)
    assert "Xong 0 trên 1 việc. 1 việc chưa làm được" in client.get(again).text
    assert 'data-done="true"' in after and "Xem lại</a>" not in after
    assert "Đổ rác xuống sông, suối, Xã Mường Phăng" in after
    assert client.get("/can-bo/nhieu-viec/", query_string={"viec": "x"}).status_code == 404
    assert client.get("/can-bo/nhieu-viec/khong-co").status_code == 404


def test_what_went_to_another_unit_is_no_way_to_a_page_that_is_not_there(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        gone, stays = make_report(), make_report()
        picked = [f"{gone.code}.{gone.version}", f"{stays.code}.9"]
    data = {"viec": "forward", "chon": picked, "unit": str(a_unit(NA_TAU).id), "reason": "Bên kia"}
    page = client.post("/can-bo/nhieu-viec/", data=data).location
    run_bulk(session().scalars(select(BulkJob.id)).one())
    told = client.get(page).text
    assert f'href="/can-bo/phan-anh/{stays.code}"' in told
    assert f'href="/can-bo/phan-anh/{gone.code}"' not in told
    assert gone.code in told and "nay ở nơi khác" in told


def test_filters_are_saved_shared_and_forgotten(client: FlaskClient, officer: Actor) -> None:
    query = {"tab": "vu-viec", "due": "overdue"}
    for name, shared in (("Quá hạn", "y"), ("Riêng tôi", "")):
        data = {"name": name} | ({"shared": shared} if shared else {})
        assert client.post("/can-bo/bo-loc", query_string=query, data=data).status_code == 303
    page = client.get(QUEUE).text
    assert "Quá hạn" in page
    assert "Riêng tôi" in page
    with write_unit():
        colleague = an_officer(name="Mùa A Dơ")
        stranger = an_officer(unit=a_unit(NA_TAU), name="Sùng A Vừ")
    assert [each.name for each in saved_filters(colleague)] == ["Quá hạn"]
    assert saved_filters(stranger) == []
    mine = {each.name: each.id for each in session().scalars(select(SavedFilter))}
    gone = client.post(f"/can-bo/bo-loc/{mine['Quá hạn']}/bo")
    # The question stays on the page, so that one who slipped keeps it again under a name.
    assert (gone.status_code, gone.location) == (303, "/can-bo/hang-doi?tab=vu-viec&due=overdue")
    assert "Đã bỏ bộ lọc “Quá hạn”" in client.get(gone.location).text
    assert client.post(f"/can-bo/bo-loc/{mine['Quá hạn']}/bo").status_code == 404
    assert saved_filters(colleague) == []


def test_a_filter_gets_another_name_in_place(client: FlaskClient, officer: Actor) -> None:
    with write_unit():
        for name in ("Hạn", "Khẩn"):
            save_filter(officer, name=name, filters=QueueFilters(due="soon"), shared=False)
        other = save_filter(
            an_officer(name="Mùa A Dơ"), name="Khác", filters=QueueFilters(due="soon"), shared=True
        ).id
    kept = {each.name: each.id for each in saved_filters(officer)}
    address = f"/can-bo/bo-loc/{kept['Hạn']}/ten"
    answer = client.post(address, data={"name": "Sắp đến hạn", "shared": "y"})
    assert (answer.status_code, answer.location) == (303, f"{QUEUE}?tab=phan-anh&due=soon")
    assert "Đã sửa bộ lọc “Sắp đến hạn”" in client.get(answer.location).text
    # A refused name stays in its field, with the reason beside it.
    taken = client.post(address, data={"name": "Khẩn", "shared": "y"})
    assert taken.status_code == 422
    assert re.search(r'id="name-error">.*Đã có bộ lọc tên “Khẩn”', taken.text)
    assert re.search(r'<input[^>]*name="name"[^>]*value="Khẩn"', taken.text)
    assert re.search(r'<input[^>]* checked[^>]*name="shared"', taken.text)
    assert "Sửa bộ lọc “Sắp đến hạn”" in taken.text
    assert client.post(address, data={"name": " "}).status_code == 422
    # The page has its address: reloaded or in the other language it begins with what is kept.
    assert 'value="Sắp đến hạn"' in client.get(f"/en{address}").text
    assert {(each.id, each.name, each.shared) for each in saved_filters(officer)} >= {
        (kept["Hạn"], "Sắp đến hạn", True),
        (kept["Khẩn"], "Khẩn", False),
    }
    # A shared one is read by all of the organisation and renamed by its owner alone.
    assert client.post(f"/can-bo/bo-loc/{other}/ten", data={"name": "Của tôi"}).status_code == 404


def test_a_filter_that_is_not_kept_leaves_its_name_and_question(
    client: FlaskClient, officer: Actor
) -> None:
    query = {"tab": "vu-viec", "due": "overdue"}
    long = "Rác ở suối Nậm Rốm " * 4
    answer = client.post("/can-bo/bo-loc", query_string=query, data={"name": long, "shared": "y"})
    assert answer.status_code == 422
    assert re.search(r'id="name-error">.*Dài quá 60 ký tự', answer.text)
    assert long.strip() in answer.text
    assert 'href="/can-bo/hang-doi?tab=vu-viec&amp;due=overdue"' in answer.text
    fixed = client.post("/can-bo/bo-loc", query_string=query, data={"name": "Suối Nậm Rốm"})
    assert (fixed.status_code, fixed.location) == (303, f"{QUEUE}?tab=vu-viec&due=overdue")
    empty = client.post("/can-bo/bo-loc", data={"name": "Mọi việc"})
    assert empty.status_code == 422
    assert "Chưa có điều kiện lọc nào để lưu." in empty.text
    assert 'value="Mọi việc"' in empty.text
    assert [each.name for each in saved_filters(officer)] == ["Suối Nậm Rốm"]


def test_a_name_taken_again_holds_the_new_question_and_nothing_is_no_filter(
    officer: Actor,
) -> None:
    for due in ("soon", "overdue"):
        with write_unit():
            save_filter(officer, name="Hạn", filters=QueueFilters(due=due), shared=False)
    [kept] = saved_filters(officer)
    assert kept.query["due"] == "overdue"
    with pytest.raises(Invalid) as refused, write_unit():
        save_filter(officer, name="Trống", filters=QueueFilters(), shared=False)
    assert set(refused.value.fields) == {"name"}


def test_templates_are_offered_by_step_and_category_and_filled_in(
    client: FlaskClient, officer: Actor
) -> None:
    page = "/can-bo/mau-tra-loi"
    for name, category in (("Chung", ""), ("Rác", "dumping"), ("Khói", "burning")):
        data = {"step": "reject", "category": category, "name": name, "words": f"Lời {name}"}
        assert client.post(page, data=data).status_code == 303
    assert client.post(page, data={"step": "x", "name": "n", "words": "w"}).status_code == 422
    with write_unit():
        code = make_report().code
    form = f"/can-bo/phan-anh/{code}/buoc/reject"
    shown = re.findall(r'href="\?mau=(\d+)">([^<]+)<', client.get(form).text)
    assert [name for _id, name in shown] == ["Rác", "Chung"]
    assert "Lời Rác" in client.get(f"{form}?mau={shown[0][0]}").text
    assert "mau=" not in client.get(f"/can-bo/phan-anh/{code}/buoc/attach").text
    smoke = session().scalars(select(ReplyTemplate).where(ReplyTemplate.name == "Khói")).one()
    assert "Lời Khói" not in client.get(f"{form}?mau={smoke.id}").text


def test_another_offices_template_is_not_there(client: FlaskClient, officer: Actor) -> None:
    with write_unit():
        account, _other = make_person("front_commune", unit=a_unit(NA_TAU), name="Sùng A Vừ")
    data = {"step": "dismiss", "category": "", "name": "Của tôi", "words": "Lời của tôi"}
    client.post("/can-bo/mau-tra-loi", data=data)
    made = session().scalars(select(ReplyTemplate.id)).one()
    stranger = client.application.test_client()
    sign_in(stranger, account.email)
    assert "Của tôi" not in stranger.get("/can-bo/mau-tra-loi").text
    assert stranger.get(f"/can-bo/mau-tra-loi?sua={made}").status_code == 404
    assert stranger.post(f"/can-bo/mau-tra-loi?sua={made}", data=data).status_code == 404
    assert stranger.post(f"/can-bo/mau-tra-loi/{made}/bo").status_code == 404
    with write_unit():
        case = opened_case(officer)
    form = f"/can-bo/vu-viec/{case.code}/buoc/dismiss"
    assert "Lời của tôi" in client.get(f"{form}?mau={made}").text
    assert client.post(f"/can-bo/mau-tra-loi/{made}/bo").status_code == 200
    assert session().scalars(select(ReplyTemplate.id)).all() == []


def test_editing_a_template_leads_to_its_form_and_says_what_became_of_it(
    client: FlaskClient, officer: Actor
) -> None:
    page = "/can-bo/mau-tra-loi"
    data = {"step": "reject", "category": "", "name": "Chưa rõ chỗ", "words": "Xin cho biết rõ."}
    # A browser keeps the form's place in the address unless it is given another: the word is above.
    assert client.post(page, data=data).headers["Location"] == f"{page}#main"
    saved = client.get(page).text
    assert "Đã lưu mẫu “Chưa rõ chỗ”." in saved
    made = session().scalars(select(ReplyTemplate.id)).one()
    assert f'href="{page}?sua={made}#mau"' in saved
    assert 'id="mau"' in client.get(f"{page}?sua={made}").text
    dropped = client.post(f"{page}/{made}/bo").text
    assert "Đã bỏ mẫu “Chưa rõ chỗ”." in dropped
    # After a slip its words are kept again, by the form below.
    assert "Xin cho biết rõ.</textarea>" in dropped and f'action="{page}"' in dropped
    assert 'href="#mau"' in dropped and 'href="#mau"' not in client.get(page).text
    assert client.post(page, data=data).headers["Location"] == f"{page}#main"
    assert "Xin cho biết rõ." in client.get(page).text


def test_templates_stand_in_the_order_of_steps(client: FlaskClient, officer: Actor) -> None:
    page = "/can-bo/mau-tra-loi"
    for step in ("dismiss", "reject", "request_info"):
        data = {"step": step, "category": "", "name": f"Mẫu {step}", "words": "Cảm ơn bà con."}
        client.post(page, data=data)
    names = re.findall(r">Mẫu ([a-z_]+)<", client.get(page).text)
    assert names == ["request_info", "reject", "dismiss"]


def test_an_officers_priority_moves_a_row_and_is_audited(officer: Actor) -> None:
    with write_unit():
        first, last = make_report(households_affected=40), make_report()
        prioritise_report(officer, last, chosen="top", reason="Sát trường học")
    rows = [row.code for row in queue(officer, QueueFilters()).rows]
    assert rows == [last.code, first.code]
    audited = select(AuditEntry.id).where(AuditEntry.action == "report.prioritise")
    assert session().scalars(audited).first() is not None
    with write_unit():
        case = opened_case(officer)
        prioritise_case(officer, case, chosen="low", reason="Đã hẹn tuần sau")
        assert case.priority_chosen == "low"
        prioritise_case(officer, case, chosen="", reason="Theo bảng")
        assert case.priority_chosen is None
    for chosen in ("", "x"):
        with pytest.raises(Invalid) as refused, write_unit():
            prioritise_case(officer, session().get_one(Case, case.id), chosen=chosen, reason="?")
        assert set(refused.value.fields) == {"chosen"}


def test_officers_read_why_a_priority_was_set_and_its_sender_nothing(
    client: FlaskClient, officer: Actor
) -> None:
    with write_unit():
        report, case = make_report(), opened_case(officer)
        prioritise_report(officer, report, chosen="top", reason="Sát trường học")
        prioritise_case(officer, case, chosen="top", reason="Đã hẹn tuần sau")
    assert "Sát trường học" in client.get(f"/can-bo/phan-anh/{report.code}").text
    assert "Đã hẹn tuần sau" in client.get(f"/can-bo/vu-viec/{case.code}").text
    told = [line.text.source for line in view_for_sender(report).lines]
    assert told == ["Gửi phản ánh"]


def test_whoever_steps_aside_from_a_report_sees_it_no_more(officer: Actor) -> None:
    with write_unit():
        colleague = an_officer(name="Mùa A Dơ")
        report = make_report()
        code = report.code
        step_aside_from_report(officer, report, reason="Nhà em trai tôi")
    with pytest.raises(NotFound):
        report_for_staff(officer, code)
    assert queue(officer, QueueFilters()).rows == []
    assert [row.code for row in queue(colleague, QueueFilters()).rows] == [code]
    with write_unit():
        case = open_case_for(colleague, report, category_code="dumping", place_note="Cạnh cầu")
    with pytest.raises(NotFound):
        case_file(officer, case.code)
    with pytest.raises(Forbidden), write_unit():
        prioritise_case(officer, session().get_one(Case, case.id), chosen="top", reason="?")


def test_alone_in_the_committee_it_goes_to_the_province(app: Flask) -> None:
    with write_unit():
        alone = an_officer()
        province = an_officer("front_province", unit=a_unit("11"), name="Quàng Thị Ín")
        report = make_report()
        step_aside_from_report(alone, report, reason="Tôi là người liên quan")
    assert queue(alone, QueueFilters()).rows == []
    assert [row.code for row in queue(province, QueueFilters()).rows] == [report.code]
    with pytest.raises(TransitionRefused), write_unit():
        step_aside_from_report(
            province, session().get_one(Report, report.id), reason="Tôi cũng liên quan"
        )


def test_a_case_goes_to_the_colleague_or_the_province(officer: Actor) -> None:
    with write_unit():
        colleague = an_officer(name="Mùa A Dơ")
        case = opened_case(officer)
        with pytest.raises(Invalid):
            step_aside_from_case(officer, case, person_id=0, reason="Người nhà")
        step_aside_from_case(officer, case, person_id=colleague.person_id, reason="Người nhà")
    assert case.assignee_id == colleague.person_id
    assert queue(officer, QueueFilters(tab=CASES)).rows == []
    with write_unit():
        elsewhere = an_officer(unit=a_unit(NA_TAU), name="Sùng A Vừ")
        other = make_case("received", unit=a_unit(NA_TAU))
        step_aside_from_case(elsewhere, other, person_id=None, reason="Người nhà")
    assert (other.level, other.raised) == ("province", True)


def test_todays_work_is_one_card_with_one_step(client: FlaskClient, officer: Actor) -> None:
    page = client.get("/can-bo/hom-nay")
    assert "Không còn phản ánh mới" in page.text
    with write_unit():
        first, second = make_report(households_affected=40), make_report()
        make_case("concluded")
    page = client.get("/can-bo/hom-nay").text
    assert WORDS in page
    assert f"/can-bo/phan-anh/{first.code}/buoc/attach" in page
    assert second.code not in page
    later = re.search(r'href="([^"]*cursor=[^"]*)"', page)
    assert later is not None
    assert f"/can-bo/phan-anh/{second.code}" in client.get(later[1].replace("&amp;", "&")).text
    assert "Đã có kết luận" in client.get("/can-bo/hom-nay?viec=tra-loi").text
    assert "Không có vụ việc nào đến hạn" in client.get("/can-bo/hom-nay?viec=den-han").text


def test_a_phone_starts_with_todays_work(client: FlaskClient, officer: Actor) -> None:
    phone = {"User-Agent": "Mozilla/5.0 (Linux; Android 10; Mobile)"}
    assert client.get(QUEUE, headers=phone).location == "/can-bo/hom-nay"
    assert client.get(f"{QUEUE}?tab=phan-anh", headers=phone).status_code == 200
    assert client.get(QUEUE).status_code == 200
