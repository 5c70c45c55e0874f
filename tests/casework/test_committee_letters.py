"""Letters of a committee about no case: the same way to signature, number, copies and register."""

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from tests.casework.test_case_letters import GIVEN, browser, issued, post
from tests.documents.readers import docx_lines
from tests.factories.accounts import actor_with
from tests.factories.cases import make_case
from tests.factories.casework import Desks, content_for, make_letter
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from webapp.casework.case_letter_pages import copy_name
from webapp.casework.half_years import Half
from webapp.casework.hearing import hearing_pack
from webapp.casework.models import CaseLetter
from webapp.casework.operations import case_letters as letters
from webapp.casework.operations.answering import (
    deliver_copy,
    deliver_recommendation,
    open_copies,
)
from webapp.casework.operations.drafting import (
    draft_recommendation,
    revise_draft,
    sign_recommendation,
    submit_for_signature,
)
from webapp.casework.operations.issuing import issue_recommendation
from webapp.casework.outgoing import outgoing
from webapp.casework.queries import case_letters_to_do, letter_file, visible_document
from webapp.core import clock
from webapp.core.errors import Forbidden, Invalid, NotFound, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.documents.docx_writer import render_docx
from webapp.documents.letters import listed_recipients
from webapp.documents.queries import code_of, letter_of

HEARING = {
    "hearing_report": {"period": "2025-2", "points": "Bố trí kinh phí thu gom rác vùng cao."},
    "invitation": GIVEN["invitation"]
    | {
        "invited": "Thường trực Hội đồng nhân dân xã\nPhòng Kinh tế xã",
        "purpose": "Hội nghị nghe kết quả giám sát, kiến nghị 6 tháng cuối năm 2025",
        "period": "2025-2",
        "electronic": "Phòng Kinh tế xã\nỦy ban MTTQ Việt Nam tỉnh",
    },
}


def drafted(desks: Desks, kind: str = "invitation", **changes: Any) -> CaseLetter:
    given = HEARING[kind] | changes
    return letters.draft_own_letter(desks.front, an_organisation(), kind, given)


def numbered(desks: Desks, kind: str = "invitation", number: str = "9") -> CaseLetter:
    letter = drafted(desks, kind)
    letters.submit_letter(desks.front, letter)
    letters.sign_letter(desks.signer, letter, position="chair", name="Cà Văn Noọng")
    letters.issue_letter(desks.front, letter, number=number, issued_on=clock.today_local())
    session().flush()
    session().refresh(letter.document)
    return letter


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("invitation", "09/GM-MTTQ-BTT", "dự hội nghị nghe kết quả giám sát"),
        ("hearing_report", "09/BC-MTTQ-BTT", "- Bố trí kinh phí thu gom rác vùng cao./."),
    ],
)
def test_it_is_signed_numbered_and_stands_in_the_register(
    desks: Desks, kind: str, code: str, words: str
) -> None:
    letter = numbered(desks, kind)
    assert (letter.case_id, letter.state, code_of(letter.document)) == (None, "issued", code)
    text = "\n".join(docx_lines(render_docx(letter_of(letter.document))))
    assert f"Số: {code}" in text and words in text and "Cà Văn Noọng" in text
    rows = [row.document for register in outgoing(desks.front, 2026) for row in register.rows]
    assert rows == [letter.document]
    with pytest.raises(Invalid, match="đã dùng trong sổ"):
        numbered(desks, kind)


def test_every_recipient_has_a_copy_of_its_own(desks: Desks) -> None:
    copies = [(each.name, each.copy) for each in numbered(desks).document.deliveries]
    assert copies == [
        ("Thường trực Hội đồng nhân dân xã", "paper"),
        ("Phòng Kinh tế xã", "electronic"),
        ("Ủy ban MTTQ Việt Nam tỉnh", "electronic"),
    ]
    report = numbered(desks, "hearing_report")
    assert [each.name for each in report.document.deliveries] == [
        "Ủy ban nhân dân cùng cấp",
        "Hội đồng nhân dân cùng cấp",
    ]
    told = {"channel": "post", "delivered_on": clock.today_local(), "proof": "RR1"}
    first = report.document.deliveries[0]
    letters.deliver_letter(desks.front, report, delivery_ids=[first.id], **told)
    assert (first.proof, len(letters.open_copies(report))) == ("RR1", 1)


def test_who_signs_beside_and_who_is_urged_get_theirs(desks: Desks) -> None:
    committee = an_organisation("peoples_committee")
    beside = letters.draft_own_letter(
        desks.front, an_organisation(), "invitation", HEARING["invitation"], partner=committee
    )
    letters.submit_letter(desks.front, beside)
    names = {"name": "Cà Văn Noọng", "partner_name": "Vàng A Chứ"}
    letters.sign_letter(desks.signer, beside, position="chair", **names)
    letters.issue_letter(desks.front, beside, number="4", issued_on=clock.today_local())
    session().refresh(beside.document)
    assert beside.document.deliveries[0].recipient is committee
    sent = make_letter(desks, "delivered")
    letter = issued(desks, "urging", number="5", case=sent.case, paper="Ban Pháp chế")
    assert [(each.recipient_id, each.name) for each in letter.document.deliveries] == [
        (sent.addressee_id, None),
        (sent.handler_id, None),
        (None, "Ban Pháp chế"),
    ]


def test_a_recommendation_goes_to_everybody_it_lists(desks: Desks) -> None:
    case = make_case("assessed")
    listed = listed_recipients(
        "Đảng ủy xã (để báo cáo)\nPhòng Kinh tế xã", "Ban Pháp chế\nĐảng ủy xã (để báo cáo)"
    )
    content = content_for(case, recipients=listed)
    letter = draft_recommendation(desks.front, case, content)
    assert "- Đảng ủy xã (để báo cáo);" in docx_lines(render_docx(letter_of(letter.document)))
    revise_draft(desks.front, letter, content)
    submit_for_signature(desks.front, letter)
    sign_recommendation(desks.signer, letter, position="chair", name="Cà Văn Noọng")
    issue_recommendation(desks.front, letter, number="5", issued_on=clock.today_local())
    told = {"channel": "post", "delivered_on": clock.today_local(), "proof": "RR1"}
    deliver_recommendation(desks.front, letter, **told)
    copies = [(copy_name(each), each.copy, each.proof) for each in letter.document.deliveries]
    assert copies == [
        (letter.addressee.name, "electronic", "RR1"),
        (letter.handler.name, "electronic", None),
        ("Đảng ủy xã (để báo cáo)", "electronic", None),
        ("Phòng Kinh tế xã", "electronic", None),
        ("Ban Pháp chế", "paper", None),
    ]
    waiting = open_copies(letter)
    deliver_copy(desks.front, letter, delivery_id=waiting[-1].id, **told)
    assert letter.document.deliveries[-1].proof == "RR1" and len(open_copies(letter)) == 3


def test_another_committee_neither_writes_nor_reads(desks: Desks) -> None:
    neighbour = an_organisation(unit=a_unit(NA_TAU))
    stranger = actor_with("front_commune", a_unit(NA_TAU))
    with pytest.raises(Forbidden):
        letters.draft_own_letter(desks.front, neighbour, "invitation", HEARING["invitation"])
    letter = drafted(desks)
    for actor in (stranger, desks.office, desks.chair, desks.province):
        for reads in (letter_file, visible_document):
            with pytest.raises(NotFound):
                reads(actor, letter.document.uid)
        with pytest.raises(Forbidden):
            letters.submit_letter(actor, letter)
    assert case_letters_to_do(desks.front) == [letter]
    assert case_letters_to_do(stranger) == []
    assert letter_file(desks.signer, letter.document.uid) is letter


def test_what_needs_a_case_is_not_written_without(desks: Desks) -> None:
    with pytest.raises(TransitionRefused):
        letters.draft_own_letter(desks.front, an_organisation(), "notice", GIVEN["notice"])
    letter = drafted(desks)
    with pytest.raises(IntegrityError), session().begin_nested():
        letter.kind = "notice"
        session().flush()


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("hearing_report", "period", ""),
        ("hearing_report", "period", "2019-1"),
        ("invitation", "period", "2025-3"),
        ("invitation", "place", " "),
        ("invitation", "at", "2026-02-01T02:00:00+00:00"),
    ],
)
def test_what_is_wrong_is_said_by_field(desks: Desks, kind: str, field: str, value: str) -> None:
    with pytest.raises(Invalid) as caught:
        drafted(desks, kind, **{field: value})
    assert set(caught.value.fields) == {field}


def test_the_pack_holds_the_letters_of_its_half_year(desks: Desks) -> None:
    numbered(desks, number="3")
    numbered(desks, "hearing_report")
    with ZipFile(BytesIO(hearing_pack(desks.front, an_organisation().id, Half(2025, 2)))) as pack:
        assert "Số: 03/GM-MTTQ-BTT" in docx_lines(pack.read("giay-moi.docx"))
        assert "Số: 09/BC-MTTQ-BTT" in docx_lines(pack.read("bao-cao.docx"))
    with ZipFile(BytesIO(hearing_pack(desks.front, an_organisation().id, Half(2025, 1)))) as pack:
        assert "03/GM" not in "\n".join(docx_lines(pack.read("giay-moi.docx")))


def test_over_the_pages(app: Flask, committed: Desks) -> None:
    with write_unit():
        own, neighbour = an_organisation().id, an_organisation(unit=a_unit(NA_TAU)).id
    front, signer = browser(app, committed, "front"), browser(app, committed, "signer")
    assert "Soạn giấy mời hội nghị 6 tháng" in front.get("/can-bo/so").text
    new = f"/can-bo/so/{own}/giay-moi"
    shown = front.get(f"{new}?ky=2025-2").text
    assert "nghe kết quả giám sát, kiến nghị 6 tháng cuối năm 2025" in shown
    assert re.search(r'<option selected value="2025-2">6 tháng cuối năm 2025', shown)
    for wrong, status in (
        (f"/can-bo/so/{neighbour}/giay-moi", 403), (f"/can-bo/so/{own}/phieu-chuyen", 404),
    ):  # fmt: skip
        assert front.get(wrong).status_code == status
    fields = HEARING["invitation"] | {"at": "2026-03-10T09:00", "partner": ""}
    refused = post(front, new, [*(fields | {"place": ""}).items()])
    assert refused.status_code == 422 and "Phòng Kinh tế xã" in refused.text
    made = post(front, new, [*fields.items()])
    base = made.location.removesuffix("/ho-so")
    assert "Về sổ văn bản" in front.get(made.location).text
    changed = fields | {"place": "Nhà văn hóa xã"}
    assert post(front, f"{base}/sua", [*changed.items()]).status_code == 303
    assert post(front, f"{base}/buoc/submit_for_signature", []).status_code == 303
    assert "Hội nghị nghe kết quả giám sát" in signer.get("/can-bo/trinh-ky").text
    sign = [("position", "chair"), ("name", "Cà Văn Noọng")]
    assert post(signer, f"{base}/buoc/sign", sign).status_code == 303
    number = [("number", "12"), ("issued_on", "2026-03-02")]
    assert post(front, f"{base}/buoc/issue", number).status_code == 303
    assert "12/GM-MTTQ-BTT" in front.get("/can-bo/so").text
    assert "Nhà văn hóa xã" in front.get(base).text
    made = post(front, f"/can-bo/so/{own}/bao-cao", [("period", "2025-2")])
    assert made.status_code == 303


@pytest.mark.parametrize("kind", sorted(HEARING))
def test_the_same_sent_twice_is_drafted_once(desks: Desks, kind: str) -> None:
    first = drafted(desks, kind)
    assert drafted(desks, kind).id == first.id
    assert session().query(CaseLetter).count() == 1
    changed = {"period": "2025-1"} if kind == "hearing_report" else {"purpose": "Họp giao ban"}
    assert drafted(desks, kind, **changed).id != first.id
    letters.submit_letter(desks.front, first)
    assert drafted(desks, kind).id != first.id  # that one is on its way


def test_another_committee_or_case_has_its_own_draft(desks: Desks) -> None:
    own = drafted(desks)
    cases = [make_case("escalated"), make_case("escalated")]
    given = HEARING["invitation"]
    of_cases = [letters.draft_letter(desks.front, case, "invitation", given) for case in cases]
    again = letters.draft_letter(desks.front, cases[0], "invitation", given)
    assert again.id == of_cases[0].id
    assert len({own.id, *(each.id for each in of_cases)}) == 3
