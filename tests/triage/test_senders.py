"""The Front's side of what senders want: asks granted or refused, ratings, voice notes."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import DIEN_BIEN, NA_TAU, a_unit
from tests.factories.reporting import new_key, send
from tests.reporting.test_after import in_case, view
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, NotFound, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.reporting import operations as acts
from webapp.reporting.models import Report, ReportRating, SenderAsk
from webapp.reporting.operations import claim_report, lock_report
from webapp.triage.operations.asks import refuse
from webapp.triage.operations.reports import reconsider_report, redirect_report
from webapp.triage.queries.asks import case_news, sender_news


def front(unit: str = "03325", role: str = "front_commune") -> Actor:
    with write_unit():
        return make_person(role, unit=a_unit(unit))[1]


def asked_to_reopen() -> tuple[int, int]:
    """The ids of a report in a closed case and of its ask."""
    report_id, _case = in_case("closed")
    with write_unit():
        acts.ask_reopening(lock_report(report_id), words="Rác trở lại.", raw_key=new_key())
    return report_id, session().scalars(select(SenderAsk.id)).one()


def test_a_refusal_is_read_by_its_sender_and_may_be_asked_again(client: FlaskClient) -> None:
    report_id, ask_id = asked_to_reopen()
    with write_unit():
        refuse(front_now(), ask_id, words="Đoàn đã xem, nay sạch.")
    shown = view(report_id)
    assert shown.lines[-1].detail == "Đoàn đã xem, nay sạch."
    assert not shown.waiting and "ask_reopen" in shown.may
    with pytest.raises(TransitionRefused), write_unit():
        refuse(front_now(), ask_id, words="Hai lần.")


def front_now() -> Actor:
    """An officer of the commune, inside the caller's write unit."""
    return make_person("front_commune", unit=a_unit())[1]


def test_other_committees_and_offices_do_not_answer(client: FlaskClient) -> None:
    _report, ask_id = asked_to_reopen()
    neighbour = front(NA_TAU)
    with pytest.raises(NotFound), write_unit():
        refuse(neighbour, ask_id, words="Không.")
    signer = front(role="front_signer")
    with pytest.raises(Forbidden), write_unit():
        refuse(signer, ask_id, words="Không.")
    with pytest.raises(NotFound), write_unit():
        refuse(neighbour, 999_999, words="Không.")


def test_who_decided_leaves_the_answer_to_a_colleague(client: FlaskClient) -> None:
    report, decider, colleague = send().report, front(), front()
    with write_unit():
        redirect_report(
            decider,
            claim_report(decider, report.code, seen=None),
            door="complaint",
            words="Gửi UBND xã.",
        )
    with write_unit():
        acts.ask_reconsideration(lock_report(report.id), words="Xin xem.", raw_key=new_key())
    ask_id = session().scalars(select(SenderAsk.id)).one()
    with pytest.raises(Forbidden), write_unit():
        refuse(decider, ask_id, words="Vẫn vậy.")
    with write_unit():
        claimed = claim_report(colleague, report.code, seen=None)
        reconsider_report(colleague, claimed, reason="Đúng là việc môi trường.")
    assert session().scalars(select(SenderAsk.granted)).one() is True


def test_the_desk_lists_what_waits_and_answers_on_one_page(client: FlaskClient) -> None:
    report_id, ask_id = asked_to_reopen()
    with write_unit():
        acts.rate(lock_report(report_id), mark="unsatisfied", words="Chưa xong.", raw_key=new_key())
        account = make_person("front_commune", unit=a_unit())[0]
    sign_in(client, account.email)
    listing = client.get("/can-bo/de-nghi").text
    assert "Rác trở lại." in listing and "Chưa xong." in listing
    report = session().get_one(Report, report_id)
    assert "đề nghị mở lại" in client.get(f"/can-bo/phan-anh/{report.code}").text
    assert report.case is not None
    case_page = client.get(f"/can-bo/vu-viec/{report.case.code}").text
    assert "Không hài lòng: 1" in case_page and "Chưa xong." in case_page
    page = client.get(f"/can-bo/de-nghi/{ask_id}").text
    assert f"/can-bo/vu-viec/{report.case.code}/buoc/reopen" in page
    token = re.search(r'name="csrf_token" value="([^"]*)"', page)
    assert token
    empty = client.post(f"/can-bo/de-nghi/{ask_id}", data={"csrf_token": token[1], "words": " "})
    assert empty.status_code == 422
    fields = {"csrf_token": token[1], "words": "Đoàn đã xem, nay sạch."}
    assert client.post(f"/can-bo/de-nghi/{ask_id}", data=fields).status_code == 303
    assert client.post(f"/can-bo/de-nghi/{ask_id}", data=fields).status_code == 409


def test_each_committee_sees_its_own(client: FlaskClient) -> None:
    asked_to_reopen()
    assert len(sender_news(front()).asks) == 1
    assert len(sender_news(front(DIEN_BIEN, "front_province")).asks) == 1
    assert sender_news(front(NA_TAU)).asks == []


def test_ratings_of_senders_out_of_sight_are_neither_shown_nor_counted(
    client: FlaskClient,
) -> None:
    report_id, _case = in_case("closed")
    with write_unit():
        report = lock_report(report_id)
        case_id = report.case_id or 0
        session().add(
            ReportRating(
                report_id=report_id,
                case_id=case_id,
                at=clock.now(),
                mark="unsatisfied",
                words="Vẫn bẩn.",
            )
        )
    officer = front()
    assert [each.words for each in case_news(officer, case_id).ratings] == ["Vẫn bẩn."]
    with write_unit():
        lock_report(report_id).to_province = True
    news = case_news(officer, case_id)
    assert news.ratings == [] and news.counts == {}
