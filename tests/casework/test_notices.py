"""Who learns what: offices of letters, signers of drafts, the Front of answers and late days."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.accounts import sign_in
from tests.factories.casework import ANSWER, Desks, accepted_case, make_letter, relock
from tests.factories.clock import FrozenClock
from tests.factories.directory import an_organisation
from webapp.casework import messages
from webapp.casework.operations.answering import answer_recommendation
from webapp.casework.operations.drafting import return_draft
from webapp.casework.operations.raising import propose_raise, raise_case
from webapp.casework.queries import letters_to_do, recommendations_of
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import tell_deadlines
from webapp.notifications.messages import Reader, message_of
from webapp.notifications.models import Notice


def told(message: str) -> set[int | None]:
    query = select(Notice.organisation_id).where(Notice.message == message)
    return set(session().scalars(query))


def test_a_letter_is_told_to_signer_offices_and_back_to_the_front(desks: Desks) -> None:
    front, office = an_organisation().id, an_organisation("env_office").id
    authority = an_organisation("peoples_committee").id
    letter = make_letter(desks, "delivered")
    assert told(messages.LETTER_TO_SIGN) == {front}
    assert told(messages.LETTER_ISSUED) == {office, authority}
    answer_recommendation(
        desks.office, letter, answer=ANSWER, document=None, answered_on=clock.today_local()
    )
    assert told(messages.LETTER_ANSWERED) == {front}


def test_a_notice_is_empty_once_its_matter_is_settled(desks: Desks) -> None:
    letter = make_letter(desks, "submitted_for_signature")
    render = message_of(messages.LETTER_TO_SIGN).render
    shown = render(letter.id, Reader(organisation_id=letter.author_id))
    assert shown is not None
    assert str(shown.body) == "Vứt, đổ rác bừa bãi, Xã Mường Phăng."
    assert letter.case.code not in f"{shown.subject} {shown.body} {shown.path}"
    return_draft(desks.signer, letter, reason="Sửa tên đường.")
    assert render(letter.id, Reader(organisation_id=letter.author_id)) is None


def test_a_notice_of_a_letter_opens_that_letter_for_the_front(
    app: Flask, committed: Desks, frozen: FrozenClock
) -> None:
    with write_unit():
        letter = make_letter(committed, "delivered")
        page = f"/can-bo/kien-nghi/{letter.document.uid}"
    client = app.test_client()
    sign_in(client, committed.emails["front"])
    for message in (messages.LETTER_DUE_SOON, messages.LETTER_OVERDUE):
        told_front = Reader(organisation_id=letter.author_id)
        shown = message_of(message).render(letter.id, told_front)
        assert shown is not None and shown.path == page
        told_office = message_of(message).render(
            letter.id, Reader(organisation_id=letter.handler_id)
        )
        assert told_office is not None and told_office.path == "/can-bo/co-quan"
    frozen.forward(days=40)
    tell_deadlines()
    client = app.test_client()
    sign_in(client, committed.emails["front"])
    assert f'href="{page}">Quá hạn trả lời' in client.get("/can-bo/thong-bao").text
    assert client.get(page).status_code == 200


def test_who_took_the_case_learns_of_the_answer_and_finds_it(
    committed: Desks, frozen: FrozenClock
) -> None:
    with write_unit():
        case = accepted_case(committed)
        (letter,) = recommendations_of(case.id)
        propose_raise(committed.front, case, ground="contested", reason="Bà con không đồng tình.")
        raise_case(committed.province, case)
    both = {an_organisation().id, case.owner_id}
    assert case.owner_id != letter.author_id
    frozen.forward(days=40)
    tell_deadlines()
    assert told(messages.LETTER_OVERDUE) == both | {letter.handler_id}
    with write_unit():
        answer_recommendation(
            committed.office,
            relock(letter),
            answer=ANSWER,
            document=None,
            answered_on=clock.today_local(),
        )
    assert told(messages.LETTER_ANSWERED) == both
    for actor in (committed.front, committed.province):
        assert [each.id for each in letters_to_do(actor)["answered"]] == [letter.id]
    assert letters_to_do(committed.office) == {}


def test_the_province_learns_of_a_case_to_take(desks: Desks) -> None:
    case = accepted_case(desks)
    propose_raise(desks.front, case, ground="overdue", reason="Quá hạn.")
    assert told(messages.RAISE_PROPOSED) == {an_organisation(unit=case.handling_unit.parent).id}


@pytest.mark.parametrize(
    ("days", "case_message", "letter_message"),
    [
        (18, messages.CASE_DUE_SOON, messages.LETTER_DUE_SOON),
        (40, messages.CASE_OVERDUE, messages.LETTER_OVERDUE),
    ],
)
def test_days_that_come_near_or_pass_are_told_to_both_sides(
    committed: Desks, frozen: FrozenClock, days: int, case_message: str, letter_message: str
) -> None:
    both = {an_organisation().id, an_organisation("env_office").id}
    with write_unit():
        accepted_case(committed)
    frozen.forward(days=days)
    tell_deadlines()
    assert told(case_message) == both
    assert told(letter_message) == both
