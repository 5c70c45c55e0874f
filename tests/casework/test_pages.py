"""The pages of letters, steps and the inbox, as officers of each side use them."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import sign_in
from tests.factories.cases import make_case
from tests.factories.casework import (
    ANSWER,
    Desks,
    accepted_case,
    make_letter,
    relock,
)
from tests.factories.directory import an_organisation
from webapp.cases.models import Case
from webapp.casework.models import Recommendation
from webapp.casework.operations.concluding import Conclusion, propose_conclusion
from webapp.casework.operations.drafting import submit_for_signature
from webapp.core import files
from webapp.core.unit_of_work import session, write_unit
from webapp.documents.models import Document
from webapp.documents.operations import render_document
from webapp.documents.own_templates import bring_template, use_template
from webapp.documents.starter import starter_docx
from webapp.jobs.operations import drain
from webapp.web.paging import encode_cursor

TODAY = date(2026, 3, 2)
SLIP = Conclusion(conclusion="violation", answer=ANSWER, form="examination", on_date=TODAY)


def as_officer(app: Flask, desks: Desks, name: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, desks.emails[name])
    return client


def hidden(client: FlaskClient, path: str) -> dict[str, str]:
    page = client.get(path)
    assert page.status_code == 200, (path, page.status_code)
    return {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)[1]  # type: ignore[index]
        for name in ("csrf_token", "version")
    }


def send(client: FlaskClient, path: str, **fields: str):  # type: ignore[no-untyped-def]
    return client.post(path, data={**hidden(client, path), **fields})


def only_letter() -> Recommendation:
    session().expire_all()
    return session().scalars(select(Recommendation)).one()


def test_a_letter_goes_its_way_over_the_pages(app: Flask, committed: Desks) -> None:
    with write_unit():
        code = make_case("assessed").code
    front, signer, office, chair = (
        as_officer(app, committed, name) for name in ("front", "signer", "office", "chair")
    )
    case_page = front.get(f"/can-bo/vu-viec/{code}").text
    assert f"/can-bo/vu-viec/{code}/kien-nghi/moi" in case_page
    path = f"/can-bo/vu-viec/{code}/kien-nghi/moi"
    answer = send(
        front,
        path,
        addressee=str(an_organisation("peoples_committee").id),
        handler=str(an_organisation("env_office").id),
        content="Kiểm tra điểm đổ rác.",
        term="front_reco_reply",
    )
    assert answer.status_code == 303, answer.text
    page = answer.location
    assert "Kiểm tra điểm đổ rác." in front.get(page.replace("kien-nghi", "van-ban")).text
    assert send(front, f"{page}/buoc/submit_for_signature").status_code == 303
    assert "Chờ ký" in signer.get("/can-bo/trinh-ky").text
    signed = send(signer, f"{page}/buoc/sign", position="chair", name="Cà Văn Noọng", wet="y")
    assert signed.status_code == 303
    issued = send(front, f"{page}/buoc/issue", number="5", issued_on="2026-03-02")
    assert issued.status_code == 303
    drain()
    assert code in office.get("/can-bo/co-quan").text
    accepted = send(
        office,
        f"/can-bo/vu-viec/{code}/buoc/accept",
        handler="Quàng Văn Sín",
        planned_on="2026-03-20",
    )
    assert accepted.status_code == 303
    proposed = send(
        office,
        f"/can-bo/vu-viec/{code}/buoc/propose_conclude",
        form="examination",
        on_date="2026-03-02",
        conclusion="violation",
        answer=ANSWER,
        findings="Đo 12 m3 rác.",
    )
    assert proposed.status_code == 303
    assert code in chair.get("/can-bo/co-quan").text
    assert ANSWER in chair.get(f"/can-bo/vu-viec/{code}").text
    assert ANSWER not in front.get(f"/can-bo/vu-viec/{code}").text
    assert send(chair, f"/can-bo/vu-viec/{code}/buoc/conclude").status_code == 303
    assert "chờ ý kiến Mặt trận" in front.get("/can-bo/trinh-ky").text
    assert send(front, f"{page}/buoc/agree", reason="Đồng tình.").status_code == 303
    assert only_letter().state == "agreed"
    assert "Đồng tình." in office.get(page).text


def test_a_draft_nobody_needs_is_put_aside(app: Flask, committed: Desks) -> None:
    with write_unit():
        letter = make_letter(committed)
        page, code = f"/can-bo/kien-nghi/{letter.document.uid}", letter.case.code
    front = as_officer(app, committed, "front")
    discard = f"{page}/buoc/discard"
    assert "Bỏ dự thảo" in front.get(page).text
    assert as_officer(app, committed, "signer").get(discard).status_code == 403
    refused = send(front, discard, reason=" ")
    assert refused.status_code == 422 and "Xin điền mục này" in refused.text
    assert send(front, discard, reason="Soạn nhầm vụ việc.").status_code == 303
    shown = front.get(page).text
    assert "Đã hủy" in shown and "Soạn nhầm vụ việc." in shown
    assert "/buoc/" not in shown and "Hạn trả lời" not in shown
    assert code not in front.get("/can-bo/trinh-ky").text
    assert f"/can-bo/vu-viec/{code}/kien-nghi/moi" in front.get(f"/can-bo/vu-viec/{code}").text


def test_the_files_of_an_issued_letter(app: Flask, committed: Desks) -> None:
    with write_unit():
        letter = make_letter(committed, "issued")
        document_id, uid = letter.document_id, letter.document.uid
    office = as_officer(app, committed, "office")
    assert office.get(f"/can-bo/van-ban/{uid}.pdf").status_code == 404
    render_document(document_id)
    pdf = office.get(f"/can-bo/van-ban/{uid}.pdf")
    assert pdf.data.startswith(b"%PDF")
    assert "van-ban-05-KN-MTTQ-BTT.pdf" in pdf.headers["Content-Disposition"]
    assert pdf.headers["Cache-Control"] == "private, no-store"
    docx = office.get(f"/can-bo/van-ban/{uid}.docx")
    assert docx.data.startswith(b"PK")
    first = session().get_one(Document, document_id).docx_key
    render_document(document_id)
    session().expire_all()
    assert session().get_one(Document, document_id).docx_key == first


def test_a_stale_page_keeps_what_was_typed(app: Flask, committed: Desks) -> None:
    with write_unit():
        letter = make_letter(committed)
        page = f"/can-bo/kien-nghi/{letter.document.uid}"
    front = as_officer(app, committed, "front")
    seen = hidden(front, f"{page}/sua")
    with write_unit():
        submit_for_signature(committed.front, relock(only_letter()))
    typed = {
        "addressee": str(an_organisation("peoples_committee").id),
        "handler": str(an_organisation("env_office").id),
        "content": "Chữ đã gõ không được mất.",
        "term": "front_reco_reply",
    }
    answer = front.post(f"{page}/sua", data={**seen, **typed})
    assert answer.status_code == 409
    assert "Chữ đã gõ không được mất." in answer.text
    assert "Lò Thị Ẳng vừa làm bước “Trình ký” lúc 08:00 02/03/2026." in answer.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"number": "năm", "issued_on": "2026-03-02"}, "Số văn bản chỉ gồm chữ số"),
        ({"number": "", "issued_on": "2026-03-02"}, "Xin điền mục này."),
        ({"number": "5", "issued_on": "hôm nay"}, "ngày/tháng/năm"),
        ({"number": "5" * 12, "issued_on": "2026-03-02"}, "ngắn lại"),
    ],
)
def test_a_refused_field_says_so_beside_it(
    app: Flask, committed: Desks, fields: dict[str, str], words: str
) -> None:
    with write_unit():
        letter = make_letter(committed, "signed")
        page = f"/can-bo/kien-nghi/{letter.document.uid}/buoc/issue"
    front = as_officer(app, committed, "front")
    answer = send(front, page, **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert only_letter().state == "signed"


def test_the_inbox_pages_by_deadline(
    app: Flask, committed: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.casework.inbox.PAGE_SIZE", 2)
    with write_unit():
        codes = [accepted_case(committed).code for _ in range(3)]
        for day, code in zip((9, 7, 8), codes, strict=True):
            case = session().scalars(select(Case).where(Case.code == code)).one()
            case.due_at = case.opened_at.replace(month=4, day=day)
    office = as_officer(app, committed, "office")
    first = office.get("/can-bo/co-quan?muc=dang-xu-ly").text
    assert [code for code in codes if code in first] == [codes[1], codes[2]] or (
        first.index(codes[1]) < first.index(codes[2]) and codes[0] not in first
    )
    following = re.search(r'href="([^"]*sau=[^"]*)" rel="next"', first)
    assert following is not None
    second = office.get(following[1].replace("&amp;", "&")).text
    assert codes[0] in second
    assert codes[1] not in second
    at = "2026-03-02T01:00:00+00:00"
    made_up = ([at, "x"], [at, 2**63], [at, None], ["0001-01-01T00:00:00+14:00", 1], [1, 1])
    for cursor in ("bịa", *map(encode_cursor, made_up)):
        answer = office.get("/can-bo/co-quan", query_string={"muc": "dang-xu-ly", "sau": cursor})
        assert answer.status_code == 422, cursor


def test_the_inbox_asks_few_questions(app: Flask, committed: Desks) -> None:
    from sqlalchemy import event

    from webapp.extensions import db

    with write_unit():
        for _ in range(5):
            accepted_case(committed)
    office = as_officer(app, committed, "office")
    statements: list[str] = []
    listener = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    office.get("/can-bo/co-quan?muc=dang-xu-ly")
    event.remove(db.engine, "before_cursor_execute", listener)
    assert len(statements) <= 16, statements


def test_the_inbox_counts_what_waits_for_approval(app: Flask, committed: Desks) -> None:
    with write_unit():
        case = accepted_case(committed)
        propose_conclusion(committed.office, case, SLIP)
    chair = as_officer(app, committed, "chair")
    assert "Chờ duyệt kết luận (1)" in chair.get("/can-bo/co-quan").text
    office = as_officer(app, committed, "office")
    assert "Chờ duyệt kết luận" not in office.get("/can-bo/co-quan").text


def test_empty_pages_say_what_they_are_for(app: Flask, committed: Desks) -> None:
    assert (
        "Chưa có kiến nghị mới" in as_officer(app, committed, "office").get("/can-bo/co-quan").text
    )
    assert (
        "Không có kiến nghị nào đang chờ"
        in as_officer(app, committed, "signer").get("/can-bo/trinh-ky").text
    )


def test_paper_fields_only_for_an_office_that_does_not_sign_in(
    app: Flask, committed: Desks
) -> None:
    with write_unit():
        letter = make_letter(committed, "delivered")
        path = f"/can-bo/vu-viec/{letter.case.code}"
    front = as_officer(app, committed, "front")
    assert "/buoc/accept" not in front.get(path).text
    with write_unit():
        an_organisation("env_office").signs_in = False
    assert "/buoc/accept" in front.get(path).text
    answer = send(
        front,
        f"{path}/buoc/accept",
        handler="Quàng Văn Sín",
        planned_on="2026-03-20",
        paper_number="15/BC-KT",
        paper_on="01/03/2026",
        paper_channel="post",
    )
    assert answer.status_code == 303, answer.text
    assert "Mặt trận ghi theo văn bản số 15/BC-KT" in front.get(path).text


def test_writing_without_an_office_in_the_directory_is_no_fault(
    app: Flask, committed: Desks
) -> None:
    with write_unit():
        code = make_case("assessed").code
        for kind in ("env_office", "peoples_committee"):
            an_organisation(kind).valid_to = date(2026, 1, 1)
    front = as_officer(app, committed, "front")
    page = front.get(f"/can-bo/vu-viec/{code}/kien-nghi/moi")
    assert page.status_code == 200
    answer = send(front, f"/can-bo/vu-viec/{code}/kien-nghi/moi", content="Thử", term="x")
    assert answer.status_code == 422


@pytest.mark.parametrize("state", ["submitted_for_signature", "signed", "issued", "delivered"])
def test_what_is_no_draft_any_more_opens_no_form(app: Flask, committed: Desks, state: str) -> None:
    with write_unit():
        uid = make_letter(committed, state).document.uid
    front = as_officer(app, committed, "front")
    answer = front.get(f"/can-bo/kien-nghi/{uid}/sua")
    assert answer.status_code == 409
    assert "<form" not in answer.text.split("<main", 1)[1]


def test_what_cannot_be_written_now_opens_no_form(app: Flask, committed: Desks) -> None:
    with write_unit():
        written, ended = make_letter(committed).case.code, make_case("closed").code
    front = as_officer(app, committed, "front")
    for address, words in (
        (f"{written}/kien-nghi/moi", "đã có một kiến nghị đang soạn"),
        (f"{ended}/kien-nghi/moi", "khi hồ sơ đang ở trạng thái"),
        (f"{written}/van-ban/thong-bao", "chưa đến bước có văn bản này"),
    ):
        answer = front.get(f"/can-bo/vu-viec/{address}")
        assert answer.status_code == 409 and words in answer.text, address
        assert "<form" not in answer.text.split("<main", 1)[1]


def test_who_asks_for_and_who_signs_more_time_sees_the_day_that_runs(
    app: Flask, committed: Desks
) -> None:
    with write_unit():
        code = accepted_case(committed).code
    step = f"/can-bo/vu-viec/{code}/buoc"
    office, signer = as_officer(app, committed, "office"), as_officer(app, committed, "signer")
    told = "Hạn đang chạy: 23/03/2026"
    assert told in office.get(f"{step}/propose_extend").text
    send(office, f"{step}/propose_extend", due_on="2026-04-10", reason="Mưa lũ.")
    assert told in signer.get(f"{step}/extend").text


def test_a_letter_says_by_which_layout_it_is_made(app: Flask, committed: Desks) -> None:
    with write_unit():
        built_in = make_letter(committed, "signed").document.uid
        content = starter_docx("KN")
        key = files.store().put("documents", content)
        brought = bring_template(committed.front, an_organisation().id, "KN", content, key=key)
        use_template(committed.front, brought.id)
        own = make_letter(committed, "signed", case=make_case("assessed")).document.uid
    front = as_officer(app, committed, "front")
    told = "Lập theo mẫu riêng của cơ quan, đưa lên 02/03/2026"
    assert told in front.get(f"/can-bo/kien-nghi/{own}").text
    assert told not in front.get(f"/can-bo/kien-nghi/{built_in}").text
