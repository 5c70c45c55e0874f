"""An office without a sign-in answers one letter, once, until its day."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from tests.casework.test_case_letters import browser
from tests.factories.casework import ANSWER, Desks, make_letter
from tests.factories.clock import FrozenClock
from webapp.audit.models import AuditEntry
from webapp.casework.models import AnswerLink, Recommendation
from webapp.casework.operations.answer_links import answer_by_code, letter_by_code, make_link
from webapp.core.codes import normalise
from webapp.core.errors import Forbidden, Invalid, NotFound, TransitionRefused
from webapp.core.unit_of_work import session, write_unit

TOLD = {
    "answer": ANSWER,
    "document": "112/UBND-KT ngày 05/03/2026",
    "name": "Vàng A Chứ, Chánh văn phòng",
}


def sent(desks: Desks, *, signs_in: bool = False) -> Recommendation:
    letter = make_letter(desks, "delivered")
    letter.addressee.signs_in = signs_in
    letter.handler.signs_in = signs_in
    return letter


def test_one_code_answers_one_letter_once(desks: Desks) -> None:
    letter = sent(desks)
    code = make_link(desks.front, letter)
    assert re.fullmatch(r"([0-9A-Z]{4} ){3}[0-9A-Z]{4}", code)
    assert letter_by_code(code.lower()).id == letter.id
    answered = answer_by_code(code, **TOLD)
    assert (answered.state, answered.answer) == ("answered", ANSWER)
    assert answered.recorded_by_front is False
    with pytest.raises(NotFound):
        answer_by_code(code, **TOLD)
    link = session().scalars(select(AnswerLink)).one()
    assert link.answered_by == TOLD["name"]


def test_the_code_is_kept_nowhere(committed: Desks) -> None:
    with write_unit():
        code = normalise(make_link(committed.front, sent(committed)))
    link = session().scalars(select(AnswerLink)).one()
    entries = session().scalars(select(AuditEntry)).all()
    assert code not in link.code_digest
    assert all(code not in str(each.facts) for each in entries)
    assert {"casework.make_answer_link"} <= {each.action for each in entries}


def test_the_code_dies_at_the_due_date_and_by_a_new_one(desks: Desks, frozen: FrozenClock) -> None:
    letter = sent(desks)
    first = make_link(desks.front, letter)
    second = make_link(desks.front, letter)
    with pytest.raises(NotFound):
        letter_by_code(first)
    assert letter_by_code(second).id == letter.id
    frozen.forward(days=40)
    with pytest.raises(NotFound):
        letter_by_code(second)
    with pytest.raises(TransitionRefused):
        make_link(desks.front, letter)


@pytest.mark.parametrize("code", ["", "0000 0000 0000 0000", "' OR 1=1", "X" * 500])
def test_wrong_codes_open_nothing(desks: Desks, code: str) -> None:
    make_link(desks.front, sent(desks))
    with pytest.raises(NotFound):
        letter_by_code(code)


@pytest.mark.parametrize("field", ["answer", "document", "name"])
def test_every_field_is_needed(desks: Desks, field: str) -> None:
    code = make_link(desks.front, sent(desks))
    with pytest.raises(Invalid) as caught:
        answer_by_code(code, **TOLD | {field: " "})
    assert set(caught.value.fields) == {field}


def test_only_the_front_makes_one_and_only_for_who_does_not_sign_in(desks: Desks) -> None:
    letter = sent(desks, signs_in=True)
    with pytest.raises(TransitionRefused):
        make_link(desks.front, letter)
    letter.addressee.signs_in = False
    for actor in (desks.office, desks.chair, desks.signer):
        with pytest.raises(Forbidden):
            make_link(actor, letter)


def token(page: str) -> str:
    return re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)[1]  # type: ignore[index]


def test_over_the_pages(app: Flask, committed: Desks) -> None:
    with write_unit():
        uid = sent(committed).document.uid
    front, office = browser(app, committed, "front"), app.test_client()
    path = f"/can-bo/kien-nghi/{uid}/ma-tra-loi"
    assert "Tạo mã trả lời cho cơ quan" in front.get(f"/can-bo/kien-nghi/{uid}").text
    made = front.post(path, data={"csrf_token": token(front.get(path).text)}).text
    code = re.search(r'mx-code">([0-9A-Z ]+)<', made)[1]  # type: ignore[index]
    hidden = {"csrf_token": token(office.get("/tra-loi-kien-nghi").text)}
    assert office.post("/tra-loi-kien-nghi", data=hidden | {"code": "0" * 16}).status_code == 404
    shown = office.post("/tra-loi-kien-nghi", data=hidden | {"code": code})
    assert "Trả lời của cơ quan" in shown.text
    assert "kiến nghị" in shown.text
    short = office.post("/tra-loi-kien-nghi/gui", data=hidden | {"code": code, "answer": "Đã xem"})
    assert short.status_code == 422
    assert "Đã xem" in short.text
    done = office.post("/tra-loi-kien-nghi/gui", data=hidden | {"code": code} | TOLD)
    assert "Đã gửi trả lời" in done.text
    again = office.post("/tra-loi-kien-nghi/gui", data=hidden | {"code": code} | TOLD)
    assert again.status_code == 404
    assert TOLD["name"] in front.get(f"/can-bo/kien-nghi/{uid}").text
