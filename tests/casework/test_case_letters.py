"""Urging letters, slips, notices, invitations: written, signed, numbered, delivered, voided."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from tests.documents.readers import docx_lines
from tests.factories.accounts import sign_in
from tests.factories.cases import make_case
from tests.factories.casework import Desks, accepted_case, make_letter
from tests.factories.clock import FrozenClock
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.factories.media import a_photo_file
from webapp.cases.models import Case
from webapp.casework.case_letter_pages import offered_case_letter_pages
from webapp.casework.models import CaseLetter
from webapp.casework.operations import case_letters as letters
from webapp.casework.operations.sealing import seal_signed_scan
from webapp.casework.queries import case_letters_to_do, letter_file, urging_letters_of
from webapp.core import clock
from webapp.core.errors import Forbidden, Invalid, NotFound, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.documents.docx_writer import render_docx
from webapp.documents.numbers import set_numbering
from webapp.documents.queries import code_of, letter_of, pdf_of, scans_of
from webapp.documents.scans import read_scan
from webapp.documents.sealing import keep_scan
from webapp.documents.sheet import lay_out

GIVEN: dict[str, dict[str, Any]] = {
    "urging": {"situation": "Rác vẫn còn nguyên.", "new_due_on": "2026-04-20"},
    "transfer": {
        "addressee": "Công ty Điện lực Điện Biên",
        "reason": "Cột điện thuộc quyền quản lý của công ty.",
        "electronic": "Ủy ban nhân dân xã",
    },
    "notice": {"result": "Đã thu gom rác, cắm biển cấm đổ.", "paper": "Trưởng bản Nà Nhạn"},
    "invitation": {
        "invited": "Phòng Kinh tế xã\nTrưởng bản Nà Nhạn",
        "purpose": "Buổi đối thoại về điểm rác bản Nà Nhạn",
        "at": "2026-03-10T02:00:00+00:00",
        "place": "Nhà văn hóa bản Nà Nhạn",
        "points": "Nghe ý kiến bà con.\nThống nhất biện pháp.",
    },
}
TYPES = {"urging": "CV", "transfer": "PC", "notice": "TB", "invitation": "GM"}
NOTATIONS = {
    "urging": "09/MTTQ-BTT",
    "transfer": "09/PC-MTTQ-BTT",
    "notice": "09/TB-MTTQ-BTT",
    "invitation": "09/GM-MTTQ-BTT",
}


def fitting_case(desks: Desks, kind: str) -> Case:
    if kind == "notice":
        return make_case("awaiting_confirmation", summary="Rác ven suối.")
    return accepted_case(desks)


def signed(desks: Desks, kind: str, case: Case | None = None, **changes: Any) -> CaseLetter:
    case = case or fitting_case(desks, kind)
    letter = letters.draft_letter(desks.front, case, kind, GIVEN[kind] | changes)
    letters.submit_letter(desks.front, letter)
    letters.sign_letter(desks.signer, letter, position="chair", name="Cà Văn Noọng")
    return letter


def issued(desks: Desks, kind: str, number: str = "9", **changes: Any) -> CaseLetter:
    letter = signed(desks, kind, **changes)
    letters.issue_letter(desks.front, letter, number=number, issued_on=clock.today_local())
    session().flush()
    session().refresh(letter.document)
    return letter


@pytest.mark.parametrize("kind", GIVEN)
def test_each_kind_goes_from_draft_to_number(desks: Desks, kind: str) -> None:
    letter = issued(desks, kind)
    assert letter.state == "issued"
    assert letter.document.type_code == TYPES[kind]
    assert code_of(letter.document) == NOTATIONS[kind]
    text = "\n".join(docx_lines(render_docx(letter_of(letter.document))))
    assert f"Số: {NOTATIONS[kind]}" in text
    assert "Cà Văn Noọng" in text
    for words in GIVEN[kind].values():
        if not re.match(r"\d{4}-", words):
            assert all(line.rstrip(".") in text for line in words.splitlines()), words


def test_an_invitation_tells_the_local_hour(desks: Desks) -> None:
    text = "\n".join(docx_lines(render_docx(letter_of(issued(desks, "invitation").document))))
    assert "Thời gian: 09 giờ 00 phút, ngày 10/03/2026." in text


def test_an_urging_letter_recalls_a_delivered_one(desks: Desks, frozen: FrozenClock) -> None:
    sent = make_letter(desks, "issued")
    with pytest.raises(TransitionRefused):  # not there yet
        letters.draft_letter(desks.front, sent.case, "urging", GIVEN["urging"])
    letter = issued(desks, "urging")
    assert letter.case.state == "accepted"
    assert [each.document.uid for each in urging_letters_of(letter.case_id)] == [
        letter.document.uid
    ]
    with pytest.raises(TransitionRefused):
        letters.void_letter(desks.signer, letter, reason="Nhầm.")


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("urging", {"new_due_on": ""}, "new_due_on"),
        ("urging", {"new_due_on": "2026-03-01"}, "new_due_on"),
        ("transfer", {"addressee": "  "}, "addressee"),
        ("transfer", {"due_on": "2026-01-01"}, "due_on"),
        ("notice", {"result": ""}, "result"),
        ("invitation", {"at": "2026-02-01T02:00:00+00:00"}, "at"),
        ("invitation", {"place": ""}, "place"),
    ],
)
def test_what_is_missing_or_past_is_said_by_field(
    desks: Desks, kind: str, changes: dict[str, str], field: str
) -> None:
    case = fitting_case(desks, kind)
    with pytest.raises(Invalid) as caught:
        letters.draft_letter(desks.front, case, kind, GIVEN[kind] | changes)
    assert set(caught.value.fields) == {field}


def test_two_parties_have_two_headers_and_two_signatures(desks: Desks) -> None:
    partner = an_organisation("peoples_committee")
    letter = letters.draft_letter(
        desks.front, accepted_case(desks), "invitation", GIVEN["invitation"], partner=partner
    )
    letters.submit_letter(desks.front, letter)
    with pytest.raises(Invalid) as caught:
        letters.sign_letter(desks.signer, letter, position="chair", name="Noọng")
    assert set(caught.value.fields) == {"partner_name"}
    letters.sign_letter(
        desks.signer, letter, position="chair", name="Cà Văn Noọng", partner_name="Vàng A Chứ"
    )
    lines = docx_lines(render_docx(letter_of(letter.document)))
    head = [line for line in lines if line.startswith("ỦY BAN")]
    assert head == ["ỦY BAN MTTQ VIỆT NAM", "ỦY BAN NHÂN DÂN"]
    assert lines.count("XÃ MƯỜNG PHĂNG") == 2
    left, right = lines.index("TM. ỦY BAN NHÂN DÂN"), lines.index("TM. BAN THƯỜNG TRỰC")
    assert left < lines.index("Vàng A Chứ") < right < lines.index("Cà Văn Noọng")
    assert lines.index("Cà Văn Noọng") < lines.index("Nơi nhận:")


def test_both_who_sign_invite_and_their_names_stand_level(desks: Desks) -> None:
    partner = an_organisation("peoples_committee")
    letter = letters.draft_letter(
        desks.front, accepted_case(desks), "invitation", GIVEN["invitation"], partner=partner
    )
    letters.submit_letter(desks.front, letter)
    letters.sign_letter(
        desks.signer, letter, position="vice_chair", name="Cà Văn Noọng", partner_name="Vàng A Chứ"
    )
    told = letter_of(letter.document)
    assert any(
        "phối hợp với Ủy ban nhân dân xã Mường Phăng trân trọng kính mời" in each
        for each in docx_lines(render_docx(told))
    )
    sheet = lay_out(told)
    places = [
        [line.style for line in block].index("signer_name")
        for block in (sheet.signature, sheet.partner_signature)
    ]
    assert places == [3, 3]


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("transfer", "- Như trên;"),
        ("invitation", "- Như trên;"),
        ("notice", "- Niêm yết tại nhà văn hóa thôn, bản;"),
    ],
)
def test_what_goes_on_paper_is_not_listed_as_electronic(desks: Desks, kind: str, line: str) -> None:
    listed = {"electronic": "Đảng ủy xã (để báo cáo)", "paper": "Trưởng bản Nà Nhạn"}
    letter = signed(desks, kind, **listed)
    lines = docx_lines(render_docx(letter_of(letter.document)))
    paper = lines.index("Gửi bản giấy:")
    assert lines.index("Gửi bản điện tử:") < paper < lines.index(line)


def test_a_stranger_does_not_sign_beside(desks: Desks) -> None:
    stranger = an_organisation("peoples_committee", unit=a_unit(NA_TAU))
    with pytest.raises(Invalid) as caught:
        letters.draft_letter(
            desks.front,
            accepted_case(desks),
            "invitation",
            GIVEN["invitation"],
            partner=stranger,
        )
    assert set(caught.value.fields) == {"partner"}


def test_copies_are_noted_one_by_one_with_proof(desks: Desks) -> None:
    letter = issued(desks, "transfer")
    first, second = letter.document.deliveries
    assert [(each.name, each.copy) for each in (first, second)] == [
        ("Công ty Điện lực Điện Biên", "paper"),
        ("Ủy ban nhân dân xã", "electronic"),
    ]
    told = {"channel": "post", "delivered_on": clock.today_local()}
    with pytest.raises(Invalid):
        letters.deliver_letter(desks.front, letter, delivery_ids=[first.id], proof=" ", **told)
    letters.deliver_letter(desks.front, letter, delivery_ids=[first.id], proof="RR1", **told)
    assert (first.proof, second.proof) == ("RR1", None)
    assert letters.open_copies(letter) == [second]
    assert case_letters_to_do(desks.front) == [letter]
    assert [page.step for page in offered_case_letter_pages(desks.front, letter)] == ["deliver"]
    letters.deliver_letter(desks.front, letter, delivery_ids=[second.id], proof="RR2", **told)
    assert case_letters_to_do(desks.front) == []
    with pytest.raises(TransitionRefused):  # one copy is there already
        letters.void_letter(desks.signer, letter, reason="Nhầm nơi nhận.")


def test_a_void_letter_keeps_its_number(desks: Desks) -> None:
    letter = issued(desks, "transfer")
    letters.void_letter(desks.signer, letter, reason="Nhầm nơi nhận.")
    assert (letter.state, letter.document.void) == ("void", True)
    other = signed(desks, "transfer", case=letter.case)
    with pytest.raises(Invalid, match="cho văn bản đã hủy"):
        letters.issue_letter(desks.front, other, number="9", issued_on=clock.today_local())


def test_a_draft_nobody_needs_is_put_aside(app: Flask, committed: Desks) -> None:
    with write_unit():
        case = accepted_case(committed)
        letter = letters.draft_letter(committed.front, case, "transfer", GIVEN["transfer"])
        uid = letter.document.uid
    front = browser(app, committed, "front")
    page = f"/can-bo/van-ban/{uid}/ho-so"
    discard = follow(front, page, "discard")
    refused = post(front, discard, [])
    assert refused.status_code == 422 and "Xin điền mục này" in refused.text
    assert browser(app, committed, "signer").get(discard).status_code == 403
    assert post(front, discard, [("reason", "Soạn nhầm vụ việc.")]).status_code == 303
    shown = front.get(page).text
    assert "Đã hủy" in shown and "Soạn nhầm vụ việc." in shown and "/buoc/" not in shown
    assert case_letters_to_do(committed.front) == []
    assert post(front, discard, [("reason", "Lần nữa")]).status_code == 409
    with write_unit():
        again = letters.draft_letter(committed.front, case, "transfer", GIVEN["transfer"])
        assert (again.state, again.document.uid != uid) == ("drafted", True)


def test_what_was_submitted_or_signed_is_not_put_aside(desks: Desks) -> None:
    letter = signed(desks, "transfer")
    with pytest.raises(TransitionRefused):
        letters.discard_letter(desks.front, letter, reason="Nhầm")


def test_who_writes_does_not_sign_and_offices_see_nothing(desks: Desks) -> None:
    letter = letters.draft_letter(desks.front, accepted_case(desks), "transfer", GIVEN["transfer"])
    for actor in (desks.office, desks.chair, desks.signer):
        with pytest.raises(Forbidden):
            letters.submit_letter(actor, letter)
    letters.submit_letter(desks.front, letter)
    with pytest.raises(Forbidden):
        letters.sign_letter(desks.front, letter, position="chair", name="Tự ký")
    for actor in (desks.office, desks.chair):
        with pytest.raises(NotFound):
            letter_file(actor, letter.document.uid)
    assert case_letters_to_do(desks.signer) == [letter]
    assert case_letters_to_do(desks.front) == []


def test_the_scan_is_the_issued_document_and_older_ones_stay(desks: Desks) -> None:
    letter = issued(desks, "transfer")
    first, second = read_scan([a_photo_file(400, 600)]), read_scan([a_photo_file(401, 600)])
    uid = letter.document.uid
    seal_signed_scan(desks.front, uid, first, key=keep_scan(first))
    assert pdf_of(letter.document) == first.content
    with pytest.raises(Invalid) as caught:
        seal_signed_scan(desks.front, uid, second, key=keep_scan(second))
    assert set(caught.value.fields) == {"reason"}
    seal_signed_scan(desks.front, uid, second, key=keep_scan(second), reason="Bản đầu mờ.")
    assert pdf_of(letter.document) == second.content
    assert len(scans_of(letter.document)) == 2


def test_only_the_author_brings_a_scan_and_only_of_a_numbered_letter(desks: Desks) -> None:
    letter = signed(desks, "transfer")
    scan = read_scan([a_photo_file(400, 600)])
    with pytest.raises(TransitionRefused):
        seal_signed_scan(desks.front, letter.document.uid, scan, key=keep_scan(scan))
    letters.issue_letter(desks.front, letter, number="3", issued_on=clock.today_local())
    with pytest.raises(Forbidden):
        seal_signed_scan(desks.province, letter.document.uid, scan, key=keep_scan(scan))
    with pytest.raises(NotFound):
        seal_signed_scan(desks.office, letter.document.uid, scan, key=keep_scan(scan))


def browser(app: Flask, desks: Desks, name: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, desks.emails[name])
    return client


def post(client: FlaskClient, path: str, fields: list[tuple[str, Any]]) -> Any:
    page = client.get(path).text
    hidden = [
        (name, found[1])
        for name in ("csrf_token", "version")
        if (found := re.search(rf'name="{name}"[^>]*value="([^"]*)"', page))
    ]
    data = MultiDict([*hidden, *fields])
    return client.post(path, data=data, content_type="multipart/form-data")


def follow(client: FlaskClient, page: str, step: str) -> str:
    """Where the page of a letter leads for this step."""
    found = re.search(rf'href="([^"]+/buoc/{step})"', client.get(page).text)
    assert found is not None, f"{page} offers no {step}"
    return found[1]


def test_an_invitation_over_the_pages(app: Flask, committed: Desks) -> None:
    with write_unit():
        code = accepted_case(committed).code
        set_numbering(committed.front, an_organisation(), by_platform=True)
    front, signer = browser(app, committed, "front"), browser(app, committed, "signer")
    assert "Giấy mời" in front.get(f"/can-bo/vu-viec/{code}").text
    new = f"/can-bo/vu-viec/{code}/van-ban/giay-moi"
    fields = {**GIVEN["invitation"], "at": "2026-03-10T09:00", "partner": ""}
    refused = post(front, new, [*(fields | {"place": ""}).items()])
    assert refused.status_code == 422
    assert "Buổi đối thoại về điểm rác" in refused.text
    made = post(front, new, [*fields.items()])
    assert made.status_code == 303
    page = made.location
    base = page.removesuffix("/ho-so")
    assert "Buổi đối thoại về điểm rác" in front.get(f"{base}/sua").text
    assert post(front, f"{base}/sua", [*fields.items()]).status_code == 303
    submit = follow(front, page, "submit_for_signature")
    assert post(front, submit, []).status_code == 303
    assert "Giấy mời" in signer.get("/can-bo/trinh-ky").text
    sign = [("position", "chair"), ("name", "Cà Văn Noọng")]
    assert post(signer, follow(signer, page, "sign"), sign).status_code == 303
    issued_on = [("issued_on", "2026-03-02")]
    assert post(front, follow(front, page, "issue"), issued_on).status_code == 303
    shown = front.get(page).text
    assert "Giấy mời số 01/GM-MTTQ-BTT" in shown
    assert "chưa ghi đã gửi đến" in shown
    assert front.get(follow(front, page, "deliver")).status_code == 200
    photo = (BytesIO(a_photo_file(400, 600)), "ban-ky.jpg")
    assert post(front, f"{base}/ban-ky", [("files", photo)]).status_code == 303
    answer = front.get(f"{base}.pdf")
    assert answer.data.startswith(b"%PDF-1.4")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    bad = (BytesIO(b"GIF89a"), "ban-ky.pdf")
    assert post(front, f"{base}/ban-ky", [("files", bad), ("reason", "Mờ")]).status_code == 422
