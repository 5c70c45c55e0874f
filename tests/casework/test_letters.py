"""A recommendation from draft to the Front's view, and what each step does to the case."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.factories.cases import make_case
from tests.factories.casework import (
    ANSWER,
    ASSESSMENT,
    Desks,
    content_for,
    deliver,
    make_letter,
)
from tests.factories.clock import FrozenClock
from tests.factories.directory import a_unit, an_organisation
from webapp.cases.models import Case, TimelineLine
from webapp.casework.models import Recommendation, RecommendationStep
from webapp.casework.operations.answering import (
    answer_recommendation,
    ask_clarification_of,
    deliver_copy,
    give_view,
    open_copies,
)
from webapp.casework.operations.concluding import Conclusion, conclude_case, propose_conclusion
from webapp.casework.operations.drafting import (
    discard_draft,
    draft_recommendation,
    return_draft,
    revise_draft,
    sign_recommendation,
    submit_for_signature,
)
from webapp.casework.operations.issuing import issue_recommendation, void_recommendation
from webapp.casework.operations.moves import subject_of
from webapp.casework.operations.office import accept_case, accept_urgent_case, decline_case
from webapp.casework.queries import (
    letters_to_do,
    recommendations_of,
    sent_recommendation,
    unjudged_answers,
    visible_to,
)
from webapp.core import clock
from webapp.core.errors import Conflict, Forbidden, Invalid, TransitionRefused
from webapp.core.unit_of_work import session
from webapp.deadlines.queries import clocks_of
from webapp.documents.queries import code_of, letter_of
from webapp.jobs.models import OutboxRow

TODAY = date(2026, 3, 2)


def last_line(case: Case) -> TimelineLine:
    query = select(TimelineLine).where(TimelineLine.case_id == case.id)
    return session().scalars(query.order_by(TimelineLine.id.desc())).first()  # type: ignore[return-value]


def running(letter: Recommendation) -> dict[str, date]:
    return {
        each.rule.key: each.due_at.date()
        for each in clocks_of(subject_of(letter))
        if each.stopped_at is None
    }


def outbox(kind: str) -> list[OutboxRow]:
    return list(session().scalars(select(OutboxRow).where(OutboxRow.kind == kind)))


def test_a_draft_says_who_is_asked_what_and_nothing_of_a_reporter(desks: Desks) -> None:
    letter = make_letter(desks)
    printed = letter_of(letter.document)
    words = " ".join(block.text for block in printed.blocks)
    assert printed.addressees == ("Ủy ban nhân dân xã Mường Phăng",)
    assert printed.header.issuing_lines == ("ỦY BAN MTTQ VIỆT NAM", "XÃ MƯỜNG PHĂNG")
    assert "Phòng Kinh tế xã Mường Phăng" in words
    assert "1. Xem xét, giao" in words
    assert "Bố trí thêm điểm tập kết rác." in words
    assert "Rác đổ thành đống cạnh đường vào bản." in words
    assert "ngày 23/03/2026" in words
    assert printed.registration.number is None
    assert letter.due_on == date(2026, 3, 23)
    assert letter.version == 1


def test_one_letter_at_a_time(desks: Desks) -> None:
    letter = make_letter(desks)
    with pytest.raises(Conflict, match="đang soạn"):
        draft_recommendation(desks.front, letter.case, content_for(letter.case))


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("content", {"request": "  "}),
        ("term", {"term": "bao giờ xong thì xong"}),
        ("addressee", {"addressee": None}),
        ("handler", {"handler": None}),
    ],
)
def test_a_draft_that_breaks_a_rule_says_where(
    desks: Desks, field: str, changes: dict[str, object]
) -> None:
    case = make_case("assessed")
    other = an_organisation("peoples_committee", unit=a_unit("03316"))
    wrong = {name: value or other for name, value in changes.items()}
    with pytest.raises(Invalid) as caught:
        draft_recommendation(desks.front, case, content_for(case, **wrong))
    assert set(caught.value.fields) == {field}


def test_only_the_front_that_holds_the_case_writes(desks: Desks) -> None:
    case = make_case("assessed")
    for actor in (desks.office, desks.chair, desks.province):
        with pytest.raises(Forbidden):
            draft_recommendation(actor, case, content_for(case))


def test_a_returned_draft_is_written_anew_and_keeps_its_history(desks: Desks) -> None:
    letter = make_letter(desks, "submitted_for_signature")
    with pytest.raises(TransitionRefused):
        revise_draft(desks.front, letter, content_for(letter.case))
    return_draft(desks.signer, letter, reason="Nêu rõ tên đường.")
    revise_draft(desks.front, letter, content_for(letter.case, request="Kiểm tra đường 279B."))
    submit_for_signature(desks.front, letter)
    assert "279B" in " ".join(block.text for block in letter_of(letter.document).blocks)
    query = select(RecommendationStep.transition, RecommendationStep.words)
    steps = session().execute(query.order_by(RecommendationStep.id)).all()
    assert [tuple(each) for each in steps] == [
        ("draft", None),
        ("submit_for_signature", None),
        ("return_draft", "Nêu rõ tên đường."),
        ("draft", None),
        ("submit_for_signature", None),
    ]


def test_a_draft_put_aside_leaves_room_for_another(desks: Desks) -> None:
    letter = make_letter(desks)
    with pytest.raises(Forbidden):
        discard_draft(desks.signer, letter, reason="Không cần nữa.")
    with pytest.raises(Invalid) as caught:
        discard_draft(desks.front, letter, reason="")
    assert set(caught.value.fields) == {"reason"}
    discard_draft(desks.front, letter, reason="Việc đã xong khi đang soạn.")
    assert (letter.state, letter.case.state) == ("void", "assessed")
    assert letter.document.number is None and letters_to_do(desks.front) == {}
    with pytest.raises(TransitionRefused):
        submit_for_signature(desks.front, letter)
    assert visible_to(desks.office, recommendations_of(letter.case_id)) == []
    again = draft_recommendation(desks.front, letter.case, content_for(letter.case))
    every = recommendations_of(letter.case_id)
    assert again.state == "drafted" and visible_to(desks.front, every) == [again, letter]


@pytest.mark.parametrize("state", ["submitted_for_signature", "signed", "issued"])
def test_what_was_submitted_is_no_draft_to_put_aside(desks: Desks, state: str) -> None:
    letter = make_letter(desks, state)
    with pytest.raises(TransitionRefused):
        discard_draft(desks.front, letter, reason="Nhầm")


def test_the_writer_does_not_sign(desks: Desks) -> None:
    letter = make_letter(desks, "submitted_for_signature")
    with pytest.raises(Forbidden):
        sign_recommendation(desks.front, letter, position="chair", name="Lò Thị Ẳng")


def test_a_vice_chair_signs_for_the_chair(desks: Desks) -> None:
    letter = make_letter(desks, "submitted_for_signature")
    sign_recommendation(desks.signer, letter, position="vice_chair", name="Cà Văn Noọng")
    printed = letter_of(letter.document).signature
    assert printed.prefix == ("TM. BAN THƯỜNG TRỰC", "KT. CHỦ TỊCH")
    assert (printed.position, printed.name) == ("Phó Chủ tịch", "Cà Văn Noọng")


def test_issue_escalates_and_tells_the_office(desks: Desks) -> None:
    letter = make_letter(desks, "issued")
    case = letter.case
    assert code_of(letter.document) == "05/KN-MTTQ-BTT"
    assert (case.state, letter.state) == ("escalated", "issued")
    assert case.addressee_id == an_organisation("peoples_committee").id
    assert case.office_id == an_organisation("env_office").id
    line = last_line(case)
    assert line.transition == "escalate"
    assert line.public_line == (
        "Công văn số 05/KN-MTTQ-BTT ngày 02/03/2026 gửi UBND xã Mường Phăng."
    )
    assert len(outbox("documents.render")) == 1


def test_a_number_is_taken_once_even_when_void(desks: Desks) -> None:
    first = make_letter(desks, "issued")
    void_recommendation(desks.signer, first, reason="Ghi nhầm tên xã.")
    second = make_letter(desks, "signed", case=make_case("assessed"))
    with pytest.raises(Invalid) as caught:
        issue_recommendation(desks.front, second, number="005", issued_on=TODAY)
    assert set(caught.value.fields) == {"number"}
    assert second.state == "signed"


def test_an_issue_of_tomorrow_is_refused(desks: Desks) -> None:
    letter = make_letter(desks, "signed")
    with pytest.raises(Invalid) as caught:
        issue_recommendation(desks.front, letter, number="6", issued_on=TODAY + timedelta(days=1))
    assert set(caught.value.fields) == {"issued_on"}


def test_void_takes_the_case_back_and_hides_the_letter_from_the_office(desks: Desks) -> None:
    letter = make_letter(desks, "issued")
    void_recommendation(desks.signer, letter, reason="Ghi nhầm tên xã.")
    case = letter.case
    assert (letter.state, letter.document.void, letter.document.number) == ("void", True, "05")
    assert (case.state, case.office_id, case.addressee_id) == ("assessed", None, None)
    assert last_line(case).transition == "recommendation_voided"
    assert sent_recommendation(case) is None


def test_a_delivered_letter_is_not_voided(desks: Desks) -> None:
    letter = make_letter(desks, "delivered")
    with pytest.raises(TransitionRefused):
        void_recommendation(desks.signer, letter, reason="Muộn rồi.")


def test_time_to_answer_runs_from_delivery(desks: Desks, frozen: FrozenClock) -> None:
    letter = make_letter(desks, "issued")
    assert running(letter) == {}
    frozen.forward(days=4)
    deliver(desks, letter)
    assert letter.due_on == date(2026, 3, 27)
    assert running(letter) == {"front_reco_reply": date(2026, 3, 27)}
    assert {each.recipient_id for each in letter.document.deliveries} == {
        an_organisation("peoples_committee").id,
        an_organisation("env_office").id,
    }


def test_each_copy_is_recorded_by_itself(desks: Desks, frozen: FrozenClock) -> None:
    letter = make_letter(desks, "delivered")
    (waiting,) = open_copies(letter)
    assert waiting.recipient_id == letter.handler_id
    due_on = letter.due_on
    frozen.forward(days=2)
    told = {"channel": "post", "delivered_on": clock.today_local(), "proof": "RB123456789VN"}
    with pytest.raises(Invalid) as caught:
        deliver_copy(desks.front, letter, delivery_id=waiting.id + 99, **told)
    assert set(caught.value.fields) == {"copy"}
    with pytest.raises(Forbidden):
        deliver_copy(desks.office, letter, delivery_id=waiting.id, **told)
    deliver_copy(desks.front, letter, delivery_id=waiting.id, **told)
    assert open_copies(letter) == []
    assert {(each.channel, each.delivered_on) for each in letter.document.deliveries} == {
        ("by_hand", TODAY),
        ("post", TODAY + timedelta(days=2)),
    }
    assert (letter.state, letter.due_on) == ("delivered", due_on)


def test_delivery_needs_proof_and_a_sound_day(desks: Desks) -> None:
    letter = make_letter(desks, "issued")
    with pytest.raises(Invalid) as caught:
        deliver(desks, letter, on=TODAY - timedelta(days=1))
    assert set(caught.value.fields) == {"delivered_on"}


def test_acceptance_delivers_the_letter(desks: Desks) -> None:
    letter = make_letter(desks, "issued")
    accept_case(desks.office, letter.case, handler="Quàng Văn Sín", planned_on=date(2026, 3, 20))
    assert letter.state == "delivered"
    assert letter.case.state == "accepted"
    assert last_line(letter.case).public_line == (
        "Phòng Kinh tế xã Mường Phăng đã nhận kiến nghị, dự kiến xong trước 20/03/2026."
    )


def test_refusal_answers_and_stops_the_clock(desks: Desks) -> None:
    letter = make_letter(desks, "delivered")
    decline_case(
        desks.office,
        letter.case,
        reason="not_competent",
        right_body="Sở Nông nghiệp và Môi trường tỉnh Điện Biên",
        words="Khu đất do tỉnh quản lý.",
    )
    assert letter.case.state == "declined"
    assert letter.state == "answered"
    assert running(letter) == {"front_view": date(2026, 3, 9)}
    assert unjudged_answers(letter.case) == [letter]
    words = last_line(letter.case).public_line or ""
    assert "Khu đất" not in words
    assert "không thuộc thẩm quyền" in words


def test_the_view_goes_through_clarification_and_dialogue(desks: Desks) -> None:
    letter = make_letter(desks, "delivered")
    _answer(desks, letter)
    give_view(desks.front, letter, "ask_clarification", words="Chưa rõ ai thu gom.")
    assert set(running(letter)) == {"front_reco_clarify"}
    give_view(desks.front, letter, "hold_dialogue", words="Hai bên thống nhất lịch thu gom.")
    assert running(letter) == {}
    with pytest.raises(Forbidden):
        give_view(desks.front, letter, "keep", words="Giữ.")
    give_view(desks.signer, letter, "keep", words="Giữ kiến nghị về điểm tập kết.")
    assert (letter.state, letter.view) == ("kept", "Giữ kiến nghị về điểm tập kết.")
    assert unjudged_answers(letter.case) == []


def test_residents_who_deny_send_the_answer_back(desks: Desks) -> None:
    letter = make_letter(desks, "delivered")
    ask_clarification_of(desks.front, letter.case, reason="Rác vẫn còn.")
    assert letter.state == "delivered"
    _answer(desks, letter)
    ask_clarification_of(desks.front, letter.case, reason="Rác vẫn còn.")
    assert (letter.state, letter.view) == ("clarification_asked", "Rác vẫn còn.")


def test_the_front_answers_for_no_office_that_signs_in(desks: Desks) -> None:
    letter = make_letter(desks, "delivered")
    with pytest.raises(Forbidden, match="không ghi thay"):
        answer_recommendation(desks.front, letter, answer=ANSWER, document=None, answered_on=TODAY)


def test_an_urgent_case_is_regularised_delivered_and_answered_at_issue(desks: Desks) -> None:
    case = make_case("received", category_code="water.fish_kill", public=False, urgent=True)
    accept_urgent_case(desks.office, case, handler="Quàng Văn Sín", planned_on=TODAY)
    assert sent_recommendation(case) is None
    slip = Conclusion(
        conclusion="violation", answer=ANSWER, form="unannounced_examination", on_date=TODAY
    )
    propose_conclusion(desks.office, case, slip)
    conclude_case(desks.chair, case)
    with pytest.raises(Invalid) as caught:
        draft_recommendation(desks.front, case, content_for(case))
    assert set(caught.value.fields) == {"summary"}
    letter = draft_recommendation(desks.front, case, content_for(case, assessment=ASSESSMENT))
    submit_for_signature(desks.front, letter)
    sign_recommendation(desks.signer, letter, position="chair", name="Cà Văn Noọng")
    issue_recommendation(desks.front, letter, number="7", issued_on=TODAY)
    assert case.state == "concluded"
    assert case.public_since is not None
    assert (case.summary, case.severity) == ("Suối bốc mùi, cá chết.", "serious")
    assert (letter.state, letter.regularises, letter.answer) == ("answered", True, ANSWER)
    assert sent_recommendation(case) == letter


def _answer(desks: Desks, letter: Recommendation) -> None:
    answer_recommendation(desks.office, letter, answer=ANSWER, document="12/KT", answered_on=TODAY)
