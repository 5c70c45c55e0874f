"""What a recommendation is refused for, what its pages start from, and when its notices end."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.casework.test_pages import as_officer, only_letter, send
from tests.factories.cases import make_case
from tests.factories.casework import ANSWER, Desks, accepted_case, make_letter
from tests.factories.directory import an_organisation
from webapp.casework import messages
from webapp.casework.operations import answering, office
from webapp.casework.operations.answering import open_copies
from webapp.casework.operations.proof import Paper, demand_ahead, demand_past
from webapp.core import clock
from webapp.core.errors import Invalid
from webapp.core.unit_of_work import write_unit
from webapp.notifications.messages import Reader, message_of

PROOF = "Văn thư ký nhận, số đến 112"


def paper(**changes: Any) -> Paper:
    values: dict[str, Any] = {"number": "45/UBND", "on": clock.today_local(), "channel": "post"}
    return Paper(**values | changes)


def test_delivery_by_no_known_channel_is_refused(desks: Desks) -> None:
    letter = make_letter(desks, "issued")
    with pytest.raises(Invalid) as refused:
        answering.deliver_recommendation(
            desks.front,
            letter,
            channel="chim bồ câu",
            delivered_on=clock.today_local(),
            proof=PROOF,
        )
    assert str(refused.value.fields["channel"]) == "Xin chọn cách gửi."
    assert (letter.state, letter.delivered_on) == ("issued", None)


@pytest.mark.parametrize("given", [None, "   "])
def test_an_answer_from_paper_needs_its_number(desks: Desks, given: str | None) -> None:
    letter = make_letter(desks, "delivered")
    letter.addressee.signs_in = letter.handler.signs_in = False
    with pytest.raises(Invalid) as refused:
        answering.answer_recommendation(
            desks.front,
            letter,
            answer=ANSWER,
            document=None,
            answered_on=clock.today_local(),
            paper=None if given is None else paper(number=given),
        )
    assert set(refused.value.fields) == {"paper_number"}
    assert (letter.state, letter.answer) == ("delivered", None)


def test_residents_denial_touches_no_letter_that_has_no_answer(desks: Desks) -> None:
    letter = make_letter(desks, "delivered")
    answering.ask_clarification_of(desks.front, letter.case, reason="Rác vẫn còn.")
    assert (letter.state, letter.view) == ("delivered", None)
    without = make_case("assessed")
    answering.ask_clarification_of(desks.front, without, reason="Rác vẫn còn.")
    assert without.state == "assessed"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": " "}, "paper_number"),
        ({"on": date(2030, 1, 5)}, "paper_on"),
        ({"channel": "chim bồ câu"}, "paper_channel"),
    ],
)
def test_a_step_from_paper_needs_number_past_day_and_channel(
    desks: Desks, changes: dict[str, Any], field: str
) -> None:
    case = make_case("assessed")
    make_letter(desks, "issued", case=case)
    for kind in ("env_office", "peoples_committee"):
        an_organisation(kind).signs_in = False
    with pytest.raises(Invalid) as refused:
        office.accept_case(
            desks.front,
            case,
            handler="Quàng Văn Sín",
            planned_on=clock.today_local() + timedelta(days=5),
            paper=paper(**changes),
        )
    assert set(refused.value.fields) == {field}
    assert case.state == "escalated"


def test_a_day_is_given_and_on_the_right_side_of_today(desks: Desks) -> None:
    today = clock.today_local()
    assert demand_ahead(today, "ngay") == demand_past(today, "ngay") == today
    for demand, wrong in ((demand_ahead, -1), (demand_past, 1)):
        for day in (None, today + timedelta(days=wrong)):
            with pytest.raises(Invalid) as refused:
                demand(day, "ngay")
            assert set(refused.value.fields) == {"ngay"}


@pytest.mark.parametrize("message", [each.key for each in messages.MESSAGES])
def test_what_is_gone_says_nothing(app: Flask, message: str) -> None:
    assert message_of(message).render(987_654, Reader()) is None


def test_a_late_case_leads_each_side_to_its_own_page(desks: Desks) -> None:
    case = accepted_case(desks)
    render = message_of(messages.CASE_OVERDUE).render
    paths = {}
    for reader in (case.owner_id, case.office_id, case.addressee_id):
        shown = render(case.id, Reader(organisation_id=reader))
        assert shown is not None
        assert str(shown.body) == "Vứt, đổ rác bừa bãi, Xã Mường Phăng."
        paths[reader] = shown.path
        in_english = render(case.id, Reader("en", organisation_id=reader))
        assert in_english is not None
        assert in_english.body.values["unit"] == case.handling_unit.name_en
    assert paths == {
        case.owner_id: "/can-bo/hang-doi",
        case.office_id: "/can-bo/co-quan",
        case.addressee_id: "/can-bo/co-quan",
    }


def test_nobody_is_told_of_a_proposal_that_does_not_wait(desks: Desks) -> None:
    case = accepted_case(desks)
    for message in (messages.CONCLUSION_PROPOSED, messages.EXTENSION_PROPOSED):
        assert message_of(message).render(case.id, Reader(organisation_id=case.owner_id)) is None


def page_of(state: str, committed: Desks) -> str:
    with write_unit():
        return f"/can-bo/kien-nghi/{make_letter(committed, state).document.uid}/buoc"


def test_the_sign_page_starts_from_the_signers_own_name(app: Flask, committed: Desks) -> None:
    pages = page_of("submitted_for_signature", committed)
    signer = as_officer(app, committed, "signer")
    assert 'value="Cà Văn Noọng"' in signer.get(f"{pages}/sign").text
    refused = send(signer, f"{pages}/sign", position="chair", name="")
    assert refused.status_code == 422
    assert 'value="Cà Văn Noọng"' not in refused.text
    assert only_letter().state == "submitted_for_signature"


def test_a_draft_goes_back_with_the_reason(app: Flask, committed: Desks) -> None:
    pages = page_of("submitted_for_signature", committed)
    signer = as_officer(app, committed, "signer")
    assert send(signer, f"{pages}/return_draft", reason="Sửa tên bản.").status_code == 303
    assert only_letter().state == "drafted"


def test_an_issued_letter_is_voided_over_its_page(app: Flask, committed: Desks) -> None:
    pages = page_of("issued", committed)
    signer = as_officer(app, committed, "signer")
    assert send(signer, f"{pages}/void", reason="Sai nơi nhận.").status_code == 303
    assert only_letter().state == "void"


def test_delivery_over_the_pages_notes_each_copy_by_itself(app: Flask, committed: Desks) -> None:
    pages = page_of("issued", committed)
    front = as_officer(app, committed, "front")
    fields = {
        "channel": "by_hand",
        "delivered_on": clock.today_local().isoformat(),
        "addressee_copy": "paper",
        "handler_copy": "electronic",
    }
    refused = send(front, f"{pages}/deliver", proof="", **fields)
    assert refused.status_code == 422
    assert only_letter().state == "issued"
    assert send(front, f"{pages}/deliver", proof=PROOF, **fields).status_code == 303
    assert only_letter().state == "delivered"
    page = front.get(pages.removesuffix("/buoc")).text
    assert "chưa ghi đã gửi đến" in page
    (waiting,) = open_copies(only_letter())
    told = {"channel": "post", "delivered_on": fields["delivered_on"], "copy": str(waiting.id)}
    assert send(front, f"{pages}/deliver_copy", proof="", **told).status_code == 422
    assert send(front, f"{pages}/deliver_copy", proof=PROOF, **told).status_code == 303
    page = front.get(pages.removesuffix("/buoc")).text
    assert "chưa ghi đã gửi đến" not in page and "deliver_copy" not in page


def test_the_office_that_is_its_own_authority_gets_one_copy(app: Flask, committed: Desks) -> None:
    pages = page_of("issued", committed)
    with write_unit():
        letter = only_letter()
        letter.handler_id = letter.addressee_id
    front = as_officer(app, committed, "front")
    assert 'name="handler_copy"' not in front.get(f"{pages}/deliver").text
    sent = send(
        front,
        f"{pages}/deliver",
        channel="by_hand",
        delivered_on=clock.today_local().isoformat(),
        addressee_copy="paper",
        proof=PROOF,
    )
    assert sent.status_code == 303
    assert only_letter().state == "delivered"


@pytest.mark.parametrize(
    ("step", "state"),
    [("keep", "kept"), ("change", "changed"), ("withdraw_recommendation", "withdrawn")],
)
def test_the_office_answers_and_the_front_asks_talks_and_decides(
    app: Flask, committed: Desks, step: str, state: str
) -> None:
    pages = page_of("delivered", committed)
    today = clock.today_local().isoformat()
    front, theirs, signer = (
        as_officer(app, committed, name) for name in ("front", "office", "signer")
    )
    form = theirs.get(f"{pages}/answer").text
    assert 'name="document"' in form and 'name="paper_number"' not in form
    assert send(theirs, f"{pages}/answer", answer="", answered_on=today).status_code == 422
    sent = send(theirs, f"{pages}/answer", answer=ANSWER, answered_on=today, document="45/UBND")
    assert sent.status_code == 303
    assert (only_letter().answer, only_letter().answer_document) == (ANSWER, "45/UBND")
    asked = send(front, f"{pages}/ask_clarification", reason="Nói rõ ai dọn.")
    assert asked.status_code == 303
    talked = send(front, f"{pages}/hold_dialogue", minutes="Hai bên thống nhất dọn trước Tết.")
    assert talked.status_code == 303
    assert only_letter().view == "Hai bên thống nhất dọn trước Tết."
    assert send(signer, f"{pages}/{step}", reason="Mặt trận đã bàn.").status_code == 303
    assert (only_letter().state, only_letter().view) == (state, "Mặt trận đã bàn.")


def test_the_front_answers_from_paper_where_the_office_does_not_sign_in(
    app: Flask, committed: Desks
) -> None:
    pages = page_of("delivered", committed)
    with write_unit():
        letter = only_letter()
        letter.addressee.signs_in = letter.handler.signs_in = False
    front = as_officer(app, committed, "front")
    form = front.get(f"{pages}/answer").text
    assert 'name="paper_number"' in form and 'name="document"' not in form
    sent = send(
        front,
        f"{pages}/answer",
        answer=ANSWER,
        answered_on=clock.today_local().isoformat(),
        paper_number="45/UBND",
        paper_channel="post",
    )
    assert sent.status_code == 303
    letter = only_letter()
    assert letter.recorded_by_front
    assert letter.answer_document == f"45/UBND, {clock.today_local():%d/%m/%Y}"


def test_a_letter_has_no_other_steps(app: Flask, committed: Desks) -> None:
    pages = page_of("drafted", committed)
    assert as_officer(app, committed, "front").get(f"{pages}/khong-co").status_code == 404
