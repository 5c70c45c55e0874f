"""A page that became stale: who and when, what each field was changed to, nothing typed lost."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import sign_in, token_header
from tests.factories.cases import make_case
from tests.factories.casework import Desks, accepted_case, make_desks, make_letter
from tests.factories.clock import FrozenClock
from tests.factories.inspections import a_plan, an_establishment, an_inspection_file
from tests.factories.outcomes import a_case, an_outcome
from tests.sent_forms import sent_form
from webapp.cases.policy import Sight
from webapp.cases.queries import CaseFile
from webapp.cases.views import staff
from webapp.casework.models import CaseLetter
from webapp.casework.operations.case_letters import draft_letter
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.inspections.models import InspectionFile
from webapp.inspections.operations.sealing import hand_over_file
from webapp.inspections.views import files

OTHERS = "Lời của người thứ hai,\nviết ở bản Nà Nhạn."
MINE = "Lời tôi đã gõ, không được mất."
SITUATION = {"situation": "Rác vẫn còn nguyên.", "new_due_on": "2026-04-20"}


@pytest.fixture
def desks(app: Flask, frozen: FrozenClock) -> Desks:
    """One officer of every role, stored."""
    with write_unit():
        return make_desks()


def browser(app: Flask, desks: Desks, who: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, desks.emails[who])
    return client


def a_case_page(_desks: Desks) -> str:
    case = make_case("assessed", summary="Rác ven suối.", place_note="Sau nhà văn hóa")
    return f"/can-bo/vu-viec/{case.code}/buoc/amend"


def a_recommendation_page(desks: Desks) -> str:
    return f"/can-bo/kien-nghi/{make_letter(desks).document.uid}/sua"


def a_letter_page(desks: Desks) -> str:
    letter = draft_letter(desks.front, accepted_case(desks), "urging", SITUATION)
    return f"/can-bo/van-ban/{letter.document.uid}/sua"


def an_inspection_page(desks: Desks) -> str:
    return f"/can-bo/kiem-tra/{an_inspection_file(desks).uid}/buoc/amend"


def an_establishment_page(desks: Desks) -> str:
    return f"/can-bo/co-so/{an_establishment(desks).uid}/sua"


# page, who opens it, a field that the other one changes, a field that nobody changes
PAGES: list[tuple[Callable[[Desks], str], str, str, str]] = [
    (a_case_page, "front", "place_note", "summary"),
    (a_recommendation_page, "front", "content", "electronic"),
    (a_letter_page, "front", "situation", "paper"),
    (an_inspection_page, "office", "purpose", "team"),
    (an_establishment_page, "office", "note", "address"),
]
_IDS = [row[0].__name__ for row in PAGES]


def told(page: str, field: str) -> str:
    """The words under a field about its change, or none."""
    found = re.search(rf'id="{field}-newer">.*?</svg>(.*?)</div>', page, re.S)
    return unescape(found[1]).strip() if found else ""


@pytest.mark.parametrize(("make", "who", "changed", "left"), PAGES, ids=_IDS)
def test_what_two_wrote_is_joined_and_where_both_wrote_the_other_is_read(
    app: Flask, desks: Desks, make: Callable[[Desks], str], who: str, changed: str, left: str
) -> None:
    with write_unit():
        page = make(desks)
    mine, second, other = (browser(app, desks, who) for _each in range(3))
    opened, theirs = sent_form(mine.get(page).text), sent_form(other.get(page).text)
    both = sent_form(second.get(page).text)
    for form in (opened, theirs, both):
        form["reason"] = "Ghi lại cho đúng"
    theirs[changed] = OTHERS
    assert other.post(page, data=theirs).status_code == 303, "the other one was first"

    both[changed] = MINE
    stale = second.post(page, data=both)
    assert stale.status_code == 409
    assert told(stale.text, changed) == f"Mục này vừa được sửa thành: “{OTHERS}”."
    described = re.search(rf'aria-describedby="[^"]*{changed}-newer"[^>]*>', stale.text)
    assert described is not None
    assert sent_form(stale.text)[changed] == MINE, "what was typed stays"

    opened[left] = MINE
    stale = mine.post(page, data={**opened, changed: opened[changed].replace("\n", "\r\n")})
    assert stale.status_code == 409
    assert told(stale.text, changed) == "Mục này vừa được sửa, đã ghi theo bản mới."
    assert told(stale.text, left) == "", "nobody but me changed it"
    assert mine.post(page, data=sent_form(stale.text)).status_code == 303
    now = sent_form(mine.get(page).text)
    assert (now[left], now[changed].replace("\r\n", "\n")) == (MINE, OTHERS)


def amended(app: Flask, desks: Desks, typed: dict[str, str], theirs: dict[str, str]) -> str:
    """The page that an officer gets who sent ``typed`` after another one sent ``theirs``."""
    with write_unit():
        page = a_case_page(desks)
    mine, other = browser(app, desks, "front"), browser(app, desks, "front")
    opened: Any = sent_form(mine.get(page).text)
    reason = {"reason": "Ghi lại cho đúng"}
    sent = {**opened, "csrf_token": sent_form(other.get(page).text)["csrf_token"]}
    assert other.post(page, data={**sent, **reason, **theirs}).status_code == 303
    answer = mine.post(page, data={**opened, **reason, **typed})
    assert answer.status_code == 409
    return answer.text


def test_who_changed_it_to_the_same_is_not_told(app: Flask, desks: Desks) -> None:
    page = amended(app, desks, {"place_note": OTHERS}, {"place_note": OTHERS})
    assert "-newer" not in page and "vừa làm bước" in page


def test_a_choice_is_told_by_its_words(app: Flask, desks: Desks) -> None:
    typed = {"summary": MINE, "severity": "minor"}
    page = amended(app, desks, typed, {"severity": "grave"})
    assert told(page, "severity") == "Mục này vừa được sửa thành: “Rất nặng”."
    assert told(page, "summary") == ""
    assert "Mức độ: vừa được sửa</a>" in page, "the list on top leads to it"


def test_an_emptied_field_is_told_as_empty(app: Flask, desks: Desks) -> None:
    with write_unit():
        page = an_establishment_page(desks)
    mine, other = browser(app, desks, "office"), browser(app, desks, "office")
    opened, theirs = sent_form(mine.get(page).text), sent_form(other.get(page).text)
    opened["representative"], theirs["representative"] = "Người Khác Ví Dụ", ""
    assert other.post(page, data=theirs).status_code == 303
    stale = mine.post(page, data=opened).text
    assert told(stale, "representative") == "Mục này vừa được xóa trắng."
    assert sent_form(stale)["representative"] == "Người Khác Ví Dụ"


def test_a_page_of_an_outcome_says_what_was_written_and_ticked(app: Flask, desks: Desks) -> None:
    with write_unit():
        case = a_case()
        an_outcome(case)
        page = f"/can-bo/ket-qua/{case.code}/soan"
    mine, other = browser(app, desks, "front"), browser(app, desks, "front")
    opened, theirs = sent_form(mine.get(page).text), sent_form(other.get(page).text)
    opened["front_words"], opened["office_words"] = MINE, ""
    theirs["front_words"], theirs["office_words"], theirs["recognisable"] = OTHERS, "", "y"
    assert other.post(page, data=theirs).status_code == 303
    stale = mine.post(page, data=opened)
    assert stale.status_code == 409 and sent_form(stale.text)["front_words"] == MINE
    assert told(stale.text, "recognisable") == "Mục này vừa được sửa, đã ghi theo bản mới."
    assert sent_form(stale.text)["recognisable"] == "y"
    assert OTHERS in told(stale.text, "front_words")
    assert told(stale.text, "office_words") == "", "both took it away"


def test_marks_that_somebody_made_up_do_no_harm(app: Flask, desks: Desks) -> None:
    for marks in ("", "x", "place_note:", ":::", "khong_co:1 place_note:0", "ả:ẳ " * 500):
        page = amended(app, desks, {"filled": marks, "summary": MINE}, {"place_note": OTHERS})
        assert MINE in page


def test_nothing_of_the_marks_is_stored_with_a_letter(app: Flask, desks: Desks) -> None:
    with write_unit():
        page = a_letter_page(desks)
    front = browser(app, desks, "front")
    assert front.post(page, data=sent_form(front.get(page).text)).status_code == 303
    stored = session().scalars(select(CaseLetter)).one().given
    assert stored["situation"] == SITUATION["situation"] and "filled" not in stored


def test_what_was_sealed_meanwhile_fills_no_form(
    app: Flask, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_unit():
        file = an_inspection_file(desks, "visited")
        uid = file.uid
    real, asked = files.inspection_file, []

    def sealed_between(actor: Actor, of: str) -> InspectionFile:
        asked.append(of)
        if len(asked) == 2:
            with write_unit():
                hand_over_file(desks.office, real(actor, of), body="police", reason="Tội phạm.")
        return real(actor, of)

    monkeypatch.setattr(files, "inspection_file", sealed_between)
    office = browser(app, desks, "office")
    typed = {"purpose": MINE, "lead": "Ông Sín", "planned_on": "2026-03-02", "form": "examination"}
    sent = {"version": "0", "filled": "purpose:1 sites:1 team:1", **typed}
    page = f"/can-bo/kiem-tra/{uid}/buoc/amend"
    answer = office.post(page, data=sent, headers=token_header(office))
    assert (answer.status_code, len(asked)) == (409, 2)
    assert MINE in answer.text and "-newer" not in answer.text
    assert a_plan().purpose not in answer.text


def test_whoever_may_only_publish_now_reads_no_words_of_officers(
    app: Flask, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_unit():
        page = a_case_page(desks)
    front, other = browser(app, desks, "front"), browser(app, desks, "front")
    opened, theirs = sent_form(front.get(page).text), sent_form(other.get(page).text)
    opened["reason"] = theirs["reason"] = "Ghi lại cho đúng"
    opened["summary"], theirs["place_note"] = MINE, OTHERS
    assert other.post(page, data=theirs).status_code == 303
    real, asked = staff.case_file, []

    def taken_away(actor: Actor, code: str) -> CaseFile:
        asked.append(code)
        file = real(actor, code)
        return file if len(asked) == 1 else replace(file, sight=Sight.PUBLISHER)

    monkeypatch.setattr(staff, "case_file", taken_away)
    answer = front.post(page, data=opened)
    assert answer.status_code == 403 and len(asked) == 2
    assert MINE in answer.text and "bản Nà Nhạn" not in answer.text
