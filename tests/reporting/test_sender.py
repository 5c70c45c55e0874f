"""What the sender does later and reads: answers, votes, asks again; each act once per key."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.accounts import make_person
from tests.factories.cases import make_case, make_line, move_case
from tests.factories.directory import a_unit
from tests.factories.reporting import a_jpeg, listed, new_key, send
from webapp.cases.models import Case, CaseVote
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Invalid, TransitionRefused
from webapp.core.text import Text
from webapp.core.unit_of_work import session, write_unit
from webapp.notifications.models import Notice
from webapp.reporting import operations as acts
from webapp.reporting.following import SenderView, view_for_sender
from webapp.reporting.models import Report, ReportLine
from webapp.reporting.operations import claim_report, lock_report, take_report_step
from webapp.reporting.sender import MAX_ADDITIONS
from webapp.reporting.submission import Contact

PHOTO = (listed(a_jpeg()),)


def officer() -> Actor:
    with write_unit():
        return make_person("front_commune", unit=a_unit())[1]


def decide(actor: Actor, report: Report, step: str, **changes: object) -> None:
    held_for = changes.pop("held_for", None)
    with write_unit():
        claimed = claim_report(actor, report.code, seen=None)
        given = {"question": "x", "reason": "x", "words": "x", "case": 1, "door": "x"}
        with take_report_step(actor, claimed, step, given=given, held_for=held_for) as line:  # type: ignore[arg-type]  # a text or none
            line.words = "Ở đoạn nào của suối?"
            for name, value in changes.items():
                setattr(claimed, name, value)


def view(report: Report) -> SenderView:
    return view_for_sender(lock(report))


def lock(report: Report) -> Report:
    found = session().get(Report, report.id, populate_existing=True)
    assert found is not None
    return found


def text(view: SenderView) -> str:
    return str(view.sentence)


def test_the_sender_reads_the_question_and_answers_it_once(app: Flask) -> None:
    report, key = send().report, new_key()
    decide(officer(), report, "request_info")
    shown = view(report)
    assert (shown.state, shown.question) == ("needs_info", "Ở đoạn nào của suối?")
    photo = listed(a_jpeg())
    for _twice in range(2):
        with write_unit():
            acts.add_information(
                lock_report(report.id), words="Sau cầu treo.", photos=(photo,), raw_key=key
            )
    shown = view(report)
    assert (shown.state, shown.question, len(shown.photos)) == ("submitted", None, 1)
    lines = session().scalars(select(ReportLine.words).where(ReportLine.by_sender)).all()
    assert lines == [None, "Sau cầu treo."]


def test_other_words_under_a_used_key_are_refused(app: Flask) -> None:
    report, key = send().report, new_key()
    decide(officer(), report, "request_info")
    with write_unit():
        acts.add_information(lock_report(report.id), words="Một.", raw_key=key)
    with pytest.raises(Invalid) as refused, write_unit():
        acts.add_information(lock_report(report.id), words="Hai.", raw_key=key)
    assert refused.value.kind == "key-reused"


def test_evidence_is_added_without_a_question_and_the_front_is_told(app: Flask) -> None:
    report = send().report
    with write_unit():
        acts.add_information(
            lock_report(report.id), words="Sáng nay lại đổ.", photos=PHOTO, raw_key=new_key()
        )
    shown = view(report)
    assert (shown.state, shown.lines[-1].detail) == ("submitted", "Sáng nay lại đổ.")
    assert len(shown.photos) == 1
    assert session().scalars(select(Notice.message)).all().count("report.news") == 1


def test_a_question_that_may_be_undone_is_not_answered_by_evidence(app: Flask) -> None:
    report = send().report
    decide(officer(), report, "request_info", held_for=f"report:{report.id}")
    with write_unit():
        acts.add_information(lock_report(report.id), words="Thêm.", raw_key=new_key())
    assert lock(report).state == "needs_info"


def test_what_was_refused_takes_no_more_evidence(app: Flask) -> None:
    report = send().report
    decide(officer(), report, "reject", rejection="no_place")
    with pytest.raises(TransitionRefused), write_unit():
        acts.add_information(lock_report(report.id), words="Thêm.", raw_key=new_key())


def test_additions_have_a_limit(app: Flask) -> None:
    report = send().report
    with write_unit():
        for number in range(MAX_ADDITIONS):
            acts.add_information(lock_report(report.id), words=f"{number}.", raw_key=new_key())
    with pytest.raises(Invalid), write_unit():
        acts.add_information(lock_report(report.id), words="Nữa.", raw_key=new_key())


def test_a_step_that_may_be_undone_is_not_yet_shown(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = send().report
    decide(officer(), report, "reject", rejection="no_place", held_for="report:1")
    assert view(report).state == "submitted"
    later = clock.now() + timedelta(seconds=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    shown = view(report)
    assert shown.state == "rejected" and "ask_reconsider" in shown.may


def test_reconsideration_is_asked_inside_the_window_only(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = send().report
    with pytest.raises(TransitionRefused), write_unit():
        acts.ask_reconsideration(lock_report(report.id), words="Xin xem.", raw_key=new_key())
    decide(officer(), report, "reject", rejection="no_place")
    with write_unit():
        acts.ask_reconsideration(lock_report(report.id), words="Xin xem.", raw_key=new_key())
    assert lock(report).state == "rejected"
    assert session().scalars(select(Notice.message)).all().count("report.asked") == 1
    later = clock.now() + timedelta(days=40)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(TransitionRefused), write_unit():
        acts.ask_reconsideration(lock_report(report.id), words="Nữa.", raw_key=new_key())


def attached(**changes: object) -> tuple[Report, Case]:
    report = send(**changes).report
    with write_unit():
        case = make_case()
        session().flush()
    decide(officer(), report, "attach", case_id=case.id)
    return report, case


def test_the_sender_confirms_or_denies_the_fix_once_per_result(app: Flask) -> None:
    report, case = attached()
    with pytest.raises(TransitionRefused), write_unit():
        acts.confirm_fix(lock_report(report.id), fixed=True, raw_key=new_key())
    with write_unit():
        kept = session().get_one(Case, case.id)
        move_case(kept, "awaiting_confirmation")
        make_line(
            kept,
            "Đã dọn xong.",
            transition="report_local_result",
            from_state="local_action",
            to_state="awaiting_confirmation",
        )
    assert "vote_fixed" in view(report).may
    with pytest.raises(Invalid), write_unit():
        acts.confirm_fix(lock_report(report.id), fixed=False, raw_key=new_key())
    key = new_key()
    for _twice in range(2):
        with write_unit():
            acts.confirm_fix(lock_report(report.id), fixed=False, words="Còn rác.", raw_key=key)
    vote = session().scalars(select(CaseVote)).one()
    assert (vote.role, vote.fixed, vote.words) == ("reporter", False, "Còn rác.")
    assert "vote_fixed" not in view(report).may


def test_the_sender_reads_public_lines_of_the_case(app: Flask) -> None:
    report, case = attached()
    with write_unit():
        make_line(session().get_one(Case, case.id), "Đã gửi kiến nghị.", transition="escalate")
    words = [line.text for line in view(report).lines]
    assert "Đã gửi kiến nghị." in words
    assert all(isinstance(each, str | Text) for each in words)


def test_words_about_the_case_stand_on_the_senders_page(app: Flask) -> None:
    report, _case = attached()
    with write_unit():
        session().add(
            ReportLine(
                report_id=report.id,
                at=clock.now(),
                transition="dismiss",
                to_state="attached",
                by_sender=False,
                words="Không thấy như phản ánh.",
                facts={},
                visible_from=clock.now(),
            )
        )
    assert view(report).lines[-1].detail == "Không thấy như phản ánh."


def test_who_left_an_address_is_told_once_without_content(app: Flask) -> None:
    report = send(contact=Contact(email="lo.thi.ang@matxanh.invalid")).report
    decide(officer(), report, "request_info")
    told = session().scalars(select(Notice).where(Notice.message == "report.update")).all()
    assert [(each.subject_id, each.organisation_id) for each in told] == [(report.id, None)]


def test_an_officer_sends_for_a_resident_and_is_not_its_reporter(app: Flask) -> None:
    actor = officer()
    report = send(actor, on_behalf=True, channel="phone", contact=Contact("Cà Văn Noọng")).report
    assert (report.entered_by_id, report.person_id) == (actor.person_id, None)
    assert (report.on_behalf, report.channel) == (True, "phone")
    own = send(actor).report
    assert (own.entered_by_id, own.person_id) == (None, actor.person_id)
