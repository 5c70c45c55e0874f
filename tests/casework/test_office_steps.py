"""What an office does with a case, who approves it, and what the Front may write down for it."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.factories.cases import make_case
from tests.factories.casework import ANSWER, Desks, accepted_case, make_letter
from tests.factories.directory import an_organisation
from tests.factories.media import a_photo_file
from webapp.audit.models import AuditEntry
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case, CasePhoto, Proposal, TimelineLine
from webapp.cases.workflow import CASE_STATES
from webapp.casework.operations import concluding, extending, front, office, raising
from webapp.casework.operations.concluding import Conclusion
from webapp.casework.operations.proof import Paper
from webapp.casework.queries import latest_inspection, pending_proposal
from webapp.core.errors import Conflict, Forbidden, Invalid, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.queries import clocks_of
from webapp.media.operations import examine
from webapp.notifications.models import Notice

TODAY = date(2026, 3, 2)
SLIP = Conclusion(conclusion="violation", answer=ANSWER, form="examination", on_date=TODAY)
PAPER = Paper("15/BC-KT", TODAY, "post")


def lines(case: Case) -> list[tuple[str, str | None]]:
    query = select(TimelineLine).where(TimelineLine.case_id == case.id).order_by(TimelineLine.id)
    return [(each.transition, each.public_line) for each in session().scalars(query)]


def due_days(case: Case) -> dict[str, date]:
    return {
        each.rule.key: each.due_at.date()
        for each in clocks_of(subject_of(case))
        if each.stopped_at is None
    }


def fields(caught: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return set(caught.value.fields)


def office_away() -> None:
    """The commune's offices do not sign in."""
    for kind in ("env_office", "peoples_committee"):
        an_organisation(kind).signs_in = False


def test_the_whole_way_of_the_office(desks: Desks) -> None:
    case = accepted_case(desks)
    office.start_inspection(
        desks.office, case, form="examination", team="Ông Sín, bà Hoa", on_date=TODAY
    )
    concluding.propose_conclusion(desks.office, case, SLIP)
    concluding.conclude_case(desks.chair, case)
    concluding.order_remedy(
        desks.office, case, measures="Thu gom hết rác.", due_on=date(2026, 3, 12)
    )
    assert due_days(case)["remedy"] == date(2026, 3, 12)
    concluding.report_remedied(
        desks.office, case, result="Đã thu gom.", no_photo_reason="Trời mưa, máy hỏng."
    )
    assert (case.state, case.last_result) == ("awaiting_confirmation", "report_remedied")
    assert lines(case)[-5:] == [
        (
            "start_inspection",
            "Phòng Kinh tế xã Mường Phăng bắt đầu kiểm tra ngày 02/03/2026.",
        ),
        ("propose_conclude", None),
        ("conclude", "Phòng Kinh tế xã Mường Phăng kết luận: có vi phạm."),
        ("order_remedy", "Yêu cầu khắc phục xong trước ngày 12/03/2026."),
        ("report_remedied", "Cơ quan báo đã khắc phục, chờ bà con xác nhận."),
    ]
    slip = latest_inspection(case.id)
    assert slip is not None
    assert (slip.written_by_id, slip.concluded_by_id) == (
        desks.office.person_id,
        desks.chair.person_id,
    )


def test_nobody_approves_what_they_wrote(desks: Desks) -> None:
    case = accepted_case(desks)
    concluding.propose_conclusion(desks.office, case, SLIP)
    proposal = session().scalars(select(Proposal)).one()
    proposal.proposed_by_id = desks.chair.person_id
    with pytest.raises(Forbidden, match="không tự duyệt"):
        concluding.conclude_case(desks.chair, case)


def test_the_office_does_not_conclude_without_its_signer(desks: Desks) -> None:
    case = accepted_case(desks)
    concluding.propose_conclusion(desks.office, case, SLIP)
    for actor in (desks.office, desks.front, desks.province):
        with pytest.raises(Forbidden):
            concluding.conclude_case(actor, case)
    assert case.state == "accepted"


def test_a_returned_conclusion_is_written_again(desks: Desks) -> None:
    case = accepted_case(desks)
    concluding.propose_conclusion(desks.office, case, SLIP)
    with pytest.raises(Conflict, match="đang chờ duyệt"):
        concluding.propose_conclusion(desks.office, case, SLIP)
    concluding.return_conclusion(desks.chair, case, reason="Ghi rõ khối lượng rác.")
    with pytest.raises(TransitionRefused):
        concluding.conclude_case(desks.chair, case)
    concluding.propose_conclusion(desks.office, case, SLIP)
    concluding.conclude_case(desks.chair, case)
    assert case.conclusion == "violation"


def test_who_approves_learns_of_it(desks: Desks) -> None:
    case = accepted_case(desks)
    concluding.propose_conclusion(desks.office, case, SLIP)
    query = select(Notice.organisation_id).where(Notice.message == "casework.conclusion_proposed")
    assert list(session().scalars(query)) == [an_organisation("peoples_committee").id]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"conclusion": "tù mù"}, "conclusion"),
        ({"form": ""}, "form"),
        ({"on_date": None}, "on_date"),
        ({"on_date": date(2026, 3, 3)}, "on_date"),
        ({"form": "state_inspection"}, "form"),
        ({"document_number": "12/KL"}, "document_number"),
    ],
)
def test_a_slip_that_breaks_a_rule_says_where(
    desks: Desks, changes: dict[str, object], field: str
) -> None:
    case = accepted_case(desks)
    values = {**SLIP.__dict__, **changes}
    with pytest.raises(Invalid) as caught:
        concluding.propose_conclusion(desks.office, case, Conclusion(**values))
    assert fields(caught) == {field}


def test_a_refusal_needs_a_lawful_reason_and_a_right_body(desks: Desks) -> None:
    case = make_letter(desks, "issued").case
    for reason, body, field in (("lười", "Sở", "reason"), ("not_clear", "", "right_body")):
        with pytest.raises(Invalid) as caught:
            office.decline_case(desks.office, case, reason=reason, right_body=body, words="")
        assert fields(caught) == {field}
    assert case.state == "escalated"


def test_reassess_accepts_the_refusal_as_the_fronts_view(desks: Desks) -> None:
    letter = make_letter(desks, "delivered")
    office.decline_case(
        desks.office, letter.case, reason="not_competent", right_body="Sở", words=""
    )
    front.reassess_case(desks.front, letter.case, reason="Đúng là đất của tỉnh.")
    assert (letter.case.state, letter.state) == ("assessed", "agreed")


def test_only_urgent_cases_are_taken_before_the_letter(desks: Desks) -> None:
    case = make_case("received")
    with pytest.raises(Forbidden, match="việc khẩn"):
        office.accept_urgent_case(desks.office, case, handler="Sín", planned_on=TODAY)


def test_the_front_writes_down_only_for_an_office_that_does_not_sign_in(desks: Desks) -> None:
    case = make_letter(desks, "delivered").case
    with pytest.raises(Forbidden, match="không ghi thay"):
        office.accept_case(
            desks.front, case, handler="Sín", planned_on=date(2026, 3, 9), paper=PAPER
        )
    office_away()
    with pytest.raises(Invalid) as caught:
        office.accept_case(desks.front, case, handler="Sín", planned_on=date(2026, 3, 9))
    assert fields(caught) == {"paper_number"}
    office.accept_case(desks.front, case, handler="Sín", planned_on=date(2026, 3, 9), paper=PAPER)
    step, words = lines(case)[-1]
    assert step == "accept"
    assert words is not None
    assert words.endswith("Mặt trận ghi theo văn bản số 15/BC-KT ngày 02/03/2026.")
    last = session().scalars(select(TimelineLine).order_by(TimelineLine.id.desc())).first()
    assert last is not None
    assert last.voice == "office"
    assert last.facts["paper"] == {"number": "15/BC-KT", "on": "2026-03-02", "channel": "post"}


def test_a_conclusion_from_paper_needs_no_second_person(desks: Desks) -> None:
    office_away()
    letter = make_letter(desks, "delivered")
    case = letter.case
    office.accept_case(desks.front, case, handler="Sín", planned_on=date(2026, 3, 9), paper=PAPER)
    concluding.conclude_case(desks.front, case, from_paper=SLIP, paper=PAPER)
    slip = latest_inspection(case.id)
    assert slip is not None
    assert (slip.document_number, slip.recorded_by_front) == ("15/BC-KT", True)
    assert (case.state, letter.state) == ("concluded", "answered")


def test_more_time_is_asked_for_and_signed(desks: Desks) -> None:
    case = accepted_case(desks)
    before = due_days(case)["conclude"]
    with pytest.raises(Invalid) as refused:
        extending.propose_extension(desks.office, case, reason="Mưa lũ.", due_on=before)
    assert f"{before:%d/%m/%Y}" in str(refused.value.fields["due_on"])
    extending.propose_extension(desks.office, case, reason="Mưa lũ.", due_on=date(2026, 4, 10))
    assert due_days(case)["conclude"] == before
    with pytest.raises(Forbidden):
        extending.extend_case(desks.front, case)
    extending.extend_case(desks.signer, case)
    assert due_days(case)["conclude"] == date(2026, 4, 10)
    assert lines(case)[-1] == ("extend", "Gia hạn từ ngày 23/03/2026 đến ngày 10/04/2026.")


def test_a_proposal_lapses_when_the_case_moves_past_it(desks: Desks) -> None:
    case = accepted_case(desks)
    extending.propose_extension(desks.office, case, reason="Mưa lũ.", due_on=date(2026, 4, 10))
    concluding.propose_conclusion(desks.office, case, SLIP)
    concluding.conclude_case(desks.chair, case)
    assert pending_proposal(case.id, "extend") is None
    states = {each.kind: each.state for each in session().scalars(select(Proposal))}
    assert states == {"extend": "lapsed", "conclude": "taken"}


def test_the_province_takes_a_case_and_the_commune_keeps_sight(desks: Desks) -> None:
    case = accepted_case(desks)
    raising.propose_raise(desks.front, case, ground="overdue", reason="Quá hạn đã lâu.")
    with pytest.raises(Forbidden):
        raising.raise_case(desks.front, case)
    raising.raise_case(desks.province, case)
    assert (case.state, case.level, case.raised) == ("accepted", "province", True)
    assert case.owner_id == an_organisation(unit=case.handling_unit.parent).id
    with pytest.raises(Forbidden):
        front.hand_over_case(desks.front, case, body="police", reason="Thử.")


def test_an_assessed_case_goes_up_only_when_grave(desks: Desks) -> None:
    case = make_case("assessed")
    with pytest.raises(TransitionRefused, match="rất nặng"):
        raising.propose_raise(desks.front, case, ground="grave", reason="Nặng.")
    case.severity = "grave"
    raising.propose_raise(desks.front, case, ground="grave", reason="Nặng.")
    raising.return_raise(desks.province, case, reason="Xã làm được.")
    assert not case.raised


def test_a_case_sent_straight_to_the_province_is_released_once(desks: Desks) -> None:
    case = make_case("received", public=False, to_province=True)
    with pytest.raises(Forbidden):
        raising.release_to_commune(desks.front, case, summary="Khói từ lò gạch.")
    raising.release_to_commune(desks.province, case, summary="Khói từ lò gạch.")
    assert (case.released, case.summary, case.public_since) == (True, "Khói từ lò gạch.", None)
    with pytest.raises(TransitionRefused):
        raising.release_to_commune(desks.province, case, summary="Lần nữa.")
    public = make_case("assessed", to_province=True)
    was = public.summary
    with pytest.raises(TransitionRefused):
        raising.release_to_commune(desks.province, public, summary="Nhà ông Lò, lò gạch đầu bản.")
    assert public.summary == was


def test_handing_over_seals_the_words_and_stops_every_clock(desks: Desks) -> None:
    letter = make_letter(desks, "delivered")
    case = letter.case
    front.hand_over_case(desks.front, case, body="police", reason="Có dấu hiệu chôn thuốc sâu.")
    session().flush()
    assert case.state == "handed_over"
    assert due_days(case) == {}
    assert lines(case)[-1] == ("hand_over", "Vụ việc đã chuyển cơ quan có thẩm quyền.")
    told = [each.note for each in session().scalars(select(TimelineLine))]
    assert not any(words and "thuốc sâu" in words for words in told)


def test_the_sealed_words_stand_behind_the_audit(committed: Desks) -> None:
    with write_unit():
        case = make_case("assessed")
        front.hand_over_case(committed.front, case, body="police", reason="Chôn thuốc sâu.")
    query = select(AuditEntry).where(AuditEntry.action == "casework.seal_hand_over")
    entry = session().scalars(query).one()
    assert entry.reason_id is not None
    assert entry.facts == {"body": "police"}


def test_photos_of_the_office_are_its_own_voice(committed: Desks) -> None:
    received = examine(a_photo_file())
    with write_unit():
        case = accepted_case(committed)
        concluding.propose_conclusion(committed.office, case, SLIP, photos=[received])
    links = session().execute(select(CasePhoto.voice, CasePhoto.purpose)).all()
    assert [tuple(each) for each in links] == [("office", "site")]


def test_a_fix_needs_a_photo_or_a_reason(desks: Desks) -> None:
    case = accepted_case(desks)
    concluding.propose_conclusion(desks.office, case, SLIP)
    concluding.conclude_case(desks.chair, case)
    concluding.order_remedy(desks.office, case, measures="Thu gom.", due_on=date(2026, 3, 9))
    with pytest.raises(Invalid) as caught:
        concluding.report_remedied(desks.office, case, result="Xong.")
    assert fields(caught) == {"photos"}


def test_another_communes_office_can_do_nothing(desks: Desks) -> None:
    case = make_letter(desks, "issued").case
    case.office_id = case.addressee_id = an_organisation("waste_operator").id
    with pytest.raises(Forbidden):
        office.accept_case(desks.office, case, handler="Sín", planned_on=date(2026, 3, 9))


@pytest.mark.parametrize("state", sorted(CASE_STATES))
def test_steps_of_the_office_only_from_the_states_of_the_table(desks: Desks, state: str) -> None:
    steps = {
        "accept": lambda case: office.accept_case(
            desks.office, case, handler="Sín", planned_on=date(2026, 3, 9)
        ),
        "start_inspection": lambda case: office.start_inspection(
            desks.office, case, form="examination", team="Ông Sín", on_date=TODAY
        ),
        "no_remedy": lambda case: concluding.no_remedy(desks.office, case, reason="Đã hết."),
    }
    allowed = {"accept": "escalated", "start_inspection": "accepted", "no_remedy": "concluded"}
    offices = {
        "office_id": an_organisation("env_office").id,
        "addressee_id": an_organisation("peoples_committee").id,
    }
    merged = {"merged_into_id": make_case("assessed").id} if state == "merged" else {}
    for name, take in steps.items():
        case = make_case(state, **offices, **merged)
        if state == allowed[name]:
            take(case)
            assert case.state != state
        else:
            with pytest.raises(TransitionRefused):
                take(case)
            assert case.state == state


def test_a_department_inspects_only_under_the_inspectorate(desks: Desks) -> None:
    case = accepted_case(desks)
    case.office_id = an_organisation("env_office", unit=case.handling_unit.parent).id
    session().flush()
    session().refresh(case)
    with pytest.raises(Invalid) as caught:
        office.check_form(case, form="state_inspection", on_date=TODAY, led=False)
    assert fields(caught) == {"led"}
    office.check_form(case, form="state_inspection", on_date=TODAY, led=True)
    office.check_form(case, form="state_inspection", on_date=date(2025, 6, 30), led=False)
