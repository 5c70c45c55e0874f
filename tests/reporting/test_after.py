"""After the end: rating, asking to reopen, the photo with a word on the fix, the one sentence."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.accounts import make_person
from tests.factories.cases import make_case, make_line
from tests.factories.clock import FrozenClock
from tests.factories.directory import a_unit
from tests.factories.reporting import a_jpeg, listed, new_key, send
from webapp.audit.operations import Subject
from webapp.cases.models import Case, CaseVote
from webapp.cases.operations import lock_case
from webapp.cases.workflow import CASE_STATES
from webapp.core import clock
from webapp.core.actor import GUEST
from webapp.core.errors import Gone, Invalid, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import start_clock
from webapp.notifications.models import Notice
from webapp.outcomes.closing import reopen_case
from webapp.reporting import operations as acts
from webapp.reporting.asks import waiting_asks
from webapp.reporting.following import SenderView, view_for_sender
from webapp.reporting.models import Report, ReportRating, SenderAsk
from webapp.reporting.operations import lock_report
from webapp.reporting.photos import listed_photo
from webapp.reporting.steps import new_line


def in_case(state: str) -> tuple[int, int]:
    """A report in a case of that state, its reopening window running after an end."""
    report = send().report
    with write_unit():
        case = make_case(state)
        kept = lock_report(report.id)
        kept.case_id, kept.state = case.id, "attached"
        session().add(new_line(GUEST, kept, "attach", by_sender=False))
        if state in {"closed", "dismissed"}:
            start_clock("reopen_window", Subject("case", case.id), started_at=clock.now())
            make_line(case, None, transition="close", to_state=state, at=clock.now())
        return report.id, case.id


def view(report_id: int) -> SenderView:
    session().expire_all()
    return view_for_sender(session().get_one(Report, report_id))


def rate(report_id: int, mark: str | None, words: str | None = None) -> None:
    with write_unit():
        acts.rate(lock_report(report_id), mark=mark, words=words, raw_key=new_key())


def told() -> list[str]:
    return list(session().scalars(select(Notice.message)))


def test_an_end_is_rated_once_and_the_last_mark_offers_reopening(app: Flask) -> None:
    report_id, case_id = in_case("closed")
    assert {"rate", "ask_reopen"} <= view(report_id).may
    rate(report_id, "unsatisfied", "Bãi rác vẫn còn.")
    shown = view(report_id)
    assert shown.rating is not None and shown.rating.mark == "unsatisfied"
    assert "rate" not in shown.may and "ask_reopen" in shown.may
    assert (str(shown.lines[-1].text), shown.lines[-1].detail) == (
        "Đánh giá kết quả: Không hài lòng",
        "Bãi rác vẫn còn.",
    )
    assert told().count("report.news") == 1
    with pytest.raises(TransitionRefused):
        rate(report_id, "satisfied")
    assert session().scalars(select(ReportRating.case_id)).all() == [case_id]


def test_a_content_rating_tells_no_one(app: Flask) -> None:
    report_id, _case = in_case("dismissed")
    rate(report_id, "accepted")
    assert "report.news" not in told()


@pytest.mark.parametrize("mark", [None, "", "tuyệt vời"])
def test_a_rating_is_one_of_three(app: Flask, mark: str | None) -> None:
    report_id, _case = in_case("closed")
    with pytest.raises(Invalid) as refused:
        rate(report_id, mark)
    assert list(refused.value.fields) == ["mark"]


def test_an_open_case_is_not_rated(app: Flask) -> None:
    report_id, _case = in_case("inspecting")
    assert not view(report_id).may & {"rate", "ask_reopen"}
    with pytest.raises(TransitionRefused):
        rate(report_id, "satisfied")


def test_asking_to_reopen_waits_for_one_answer(app: Flask) -> None:
    report_id, case_id = in_case("closed")
    with write_unit():
        acts.ask_reopening(lock_report(report_id), words="Lại đổ rác.", raw_key=new_key())
    shown = view(report_id)
    assert shown.waiting == {"reopen"} and "ask_reopen" not in shown.may
    with pytest.raises(TransitionRefused, match="đang chờ"), write_unit():
        acts.ask_reopening(lock_report(report_id), words="Nữa.", raw_key=new_key())
    with write_unit():
        officer = make_person("front_commune", unit=a_unit())[1]
        reopen_case(officer, lock_case(case_id), reason="Rác trở lại.")
    ask = session().scalars(select(SenderAsk)).one()
    assert (ask.granted, ask.answered_by_id) == (True, officer.person_id)
    assert waiting_asks(session().get_one(Report, report_id)) == []
    assert view(report_id).rating is None


def test_after_the_window_reopening_is_not_offered(app: Flask, frozen: FrozenClock) -> None:
    report_id, _case = in_case("closed")
    assert "chậm nhất" in str(view(report_id).sentence)
    frozen.forward(days=40)
    shown = view(report_id)
    assert "ask_reopen" not in shown.may and "đã hết" in str(shown.sentence)


def test_a_word_on_the_fix_carries_its_photo_and_the_answer_is_read(app: Flask) -> None:
    report_id, case_id = in_case("awaiting_confirmation")
    with write_unit():
        case = session().get_one(Case, case_id)
        make_line(case, "Đã dọn.", transition="report_local_result", at=clock.now())
    photo = listed(a_jpeg())
    with write_unit():
        acts.confirm_fix(
            lock_report(report_id),
            fixed=False,
            words="Còn một đống.",
            photos=(photo,),
            raw_key=new_key(),
        )
    vote = session().scalars(select(CaseVote)).one()
    assert vote.photo is not None and vote.photo.sha256 == photo.sha256
    with write_unit():
        session().get_one(CaseVote, vote.id).answer = "Chiều nay dọn tiếp."
    said = next(line for line in view(report_id).lines if line.detail == "Còn một đống.")
    assert str(said.text).endswith("Mặt trận trả lời: Chiều nay dọn tiếp.")


def test_photos_of_later_have_thirty_days_of_their_own(app: Flask, frozen: FrozenClock) -> None:
    report_id, _case = in_case("closed")
    frozen.forward(days=90)
    photo = listed(a_jpeg())
    with write_unit():
        acts.add_information(lock_report(report_id), words=None, photos=(photo,), raw_key=new_key())
    assert listed_photo(lock_report(report_id), photo.sha256).state == "wanted"
    frozen.forward(days=31)
    with pytest.raises(Gone):
        listed_photo(lock_report(report_id), photo.sha256)


@pytest.mark.parametrize("state", sorted(set(CASE_STATES) - {"merged"}))
def test_each_state_says_in_one_sentence_who_and_what_and_when(app: Flask, state: str) -> None:
    report_id, case_id = in_case(state)
    with write_unit():
        if state not in {"closed", "dismissed", "handed_over"}:
            case = session().get_one(Case, case_id)
            case.due_at = clock.now() + timedelta(days=3)
    sentence = str(view(report_id).sentence)
    assert sentence.endswith(".") and sentence.count(".") == 1 and "%" not in sentence
    assert "Ủy ban MTTQ Việt Nam xã Mường Phăng" in sentence or sentence.startswith("Cơ quan")
    assert "chậm nhất" in sentence or state == "handed_over"


def test_the_end_of_a_day_is_said_as_that_day(app: Flask, frozen: FrozenClock) -> None:
    report_id, case_id = in_case("assessed")
    with write_unit():
        # Midnight in Việt Nam between 4 and 5 March.
        session().get_one(Case, case_id).due_at = clock.now().replace(day=4, hour=17)
    assert "chậm nhất hết ngày 04/03/2026" in str(view(report_id).sentence)
    frozen.forward(days=9)
    assert "đã quá hạn từ ngày" in str(view(report_id).sentence)
