"""The queue leads from the number of a letter to its case, where nothing else is found."""

import re

import pytest
from flask import Flask

from tests.casework.test_case_letters import browser
from tests.factories.casework import Desks, make_letter
from webapp.casework.operations.issuing import void_recommendation
from webapp.casework.outgoing import cases_of_number
from webapp.core.unit_of_work import write_unit
from webapp.triage.operations.stepping_aside import others_of, step_aside_from_case

QUEUE = "/can-bo/hang-doi"
"""Where an officer types what they hold in their hand."""


@pytest.mark.parametrize(
    "words", ["51/KN-MTTQ-BTT", "051/kn-mttq", " số 51/KN-MTTQ-BTT ", "Công văn số 51", "51"]
)
def test_the_number_of_a_letter_leads_to_its_case(desks: Desks, words: str) -> None:
    letter = make_letter(desks, "issued", number="51")
    make_letter(desks, "issued", number="512")
    found = cases_of_number(desks.front, words)
    assert [(each.case.id, each.document.id) for each in found] == [
        (letter.case_id, letter.document_id)
    ]


@pytest.mark.parametrize(
    "words", ["51/GM-MTTQ-BTT", "52", "rác", "rác 51 hộ", "0", "51/51/51", "/"]
)
def test_other_words_lead_to_no_case(desks: Desks, words: str) -> None:
    make_letter(desks, "issued", number="51")
    assert cases_of_number(desks.front, words) == []


def test_who_does_not_read_the_case_or_keeps_another_register_finds_nothing(desks: Desks) -> None:
    letter = make_letter(desks, "issued", number="51")
    for actor in (desks.office, desks.chair, desks.province):
        assert cases_of_number(actor, "51") == []
    void_recommendation(desks.signer, letter, reason="Nhầm nơi nhận.")
    assert [each.case for each in cases_of_number(desks.front, "51")] == [letter.case]
    colleague = others_of(desks.front, letter.case)[0]
    step_aside_from_case(desks.front, letter.case, person_id=colleague.id, reason="Người nhà")
    assert cases_of_number(desks.front, "51") == []


def test_the_empty_queue_shows_the_case(app: Flask, committed: Desks) -> None:
    with write_unit():
        letter = make_letter(committed, "issued", number="51")
        code = letter.case.code
    front = browser(app, committed, "front")
    for tab in ("phan-anh", "vu-viec"):
        page = front.get(f"{QUEUE}?tab={tab}&words=51%2FKN-MTTQ-BTT").text
        shown = re.search(r"(?s)Vụ việc của văn bản số này.*?</section>", page)
        assert shown and f"/can-bo/vu-viec/{code}" in shown[0] and "Số 51/KN-MTTQ-BTT" in shown[0]
        assert "Không có việc nào như vậy" not in page
    page = front.get(f"{QUEUE}?tab=vu-viec&words=52").text
    assert "Không có việc nào như vậy" in page and "văn bản số này" not in page
