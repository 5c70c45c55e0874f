"""The registers: what is printed, what stays secret, what is logged."""

import re
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from tests.casework.test_case_letters import browser
from tests.factories.accounts import actor_with, make_person, sign_in
from tests.factories.cases import make_case
from tests.factories.casework import Desks, make_desks, make_letter
from tests.factories.directory import DIEN_BIEN, NA_TAU, a_unit, an_organisation
from tests.factories.reporting import make_report
from webapp.audit.models import AuditEntry
from webapp.cases.models import Case
from webapp.casework.models import Recommendation
from webapp.casework.operations.issuing import void_recommendation
from webapp.casework.outgoing import outgoing
from webapp.casework.register import Period, register, register_with_identities
from webapp.casework.register_copies import register_copies
from webapp.core.errors import Forbidden, Invalid
from webapp.core.unit_of_work import session, write_unit
from webapp.documents.workbook import SheetColumn, SheetTable, write_workbook
from webapp.reporting.identity import open_identity, seal_identity
from webapp.reporting.models import IdentityOpening, Report
from webapp.reporting.submission import Contact
from webapp.triage.models import LocalAction

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
NAME, PHONE = "Quàng Thị Chim Cú", "0987123654"


def text_of(xlsx: bytes) -> str:
    with ZipFile(BytesIO(xlsx)) as book:
        names = [name for name in book.namelist() if name.endswith(".xml")]
        return "\n".join(book.read(name).decode() for name in names)


def named_report(name: str = NAME) -> int:
    report = make_report()
    seal_identity(report, Contact(name, PHONE, None))
    session().flush()
    return report.id


def test_the_register_keeps_names_secret(desks: Desks) -> None:
    named_report()
    text = text_of(register(desks.front, YEAR))
    assert "giữ bí mật" in text
    assert NAME not in text
    assert PHONE not in text
    assert session().scalars(select(IdentityOpening)).all() == []


def test_a_copy_with_identities_is_logged_for_each_row(committed: Desks) -> None:
    with write_unit():
        first, second, unnamed, locked = (
            named_report(),
            named_report("Lò Văn Cắt"),
            make_report(),
            make_report(),
        )
        seal_identity(locked, Contact("Người bị đe dọa", PHONE, None))
        locked.reprisal_at = locked.received_at
    with write_unit():
        text = text_of(register_with_identities(committed.front, YEAR, reason="Làm việc ở bản."))
    assert NAME in text and "Lò Văn Cắt" in text
    assert "Người bị đe dọa" not in text
    opened = session().scalars(select(IdentityOpening)).all()
    assert {each.report_id for each in opened} == {first, second}
    assert {each.what for each in opened} == {"register"}
    query = select(AuditEntry).where(AuditEntry.action == "casework.register_copy")
    copy = session().scalars(query).one()
    assert (copy.facts["rows"], copy.facts["opened"]) == (4, 2)
    assert copy.facts["copy"] in text.split("<oddHeader>")[1]
    assert unnamed.id not in {each.report_id for each in opened}


def test_a_case_out_of_sight_leaves_no_trace_in_the_register(desks: Desks) -> None:
    elsewhere = a_unit(NA_TAU)
    theirs = make_letter(
        make_desks(elsewhere), "issued", case=make_case("assessed", unit=elsewhere), number="771"
    )
    ours = make_letter(desks, "issued", number="12")
    for letter in (theirs, ours):
        letter.answer = f"Trả lời số {letter.document.number}"
        report = make_report()
        report.state, report.case_id = "attached", letter.case_id
    session().flush()
    text = text_of(register(desks.front, YEAR))
    assert "12/KN-MTTQ-BTT" in text and "Trả lời số 12" in text
    assert not [each for each in ("771", theirs.case.code) if each in text]
    assert "771/KN-MTTQ-BTT" in text_of(register(desks.province, YEAR))


def test_the_tracking_register_marks_a_void_letter(desks: Desks) -> None:
    letter = make_letter(desks, "issued", number="12")
    report = make_report()
    report.state, report.case_id = "attached", letter.case_id
    for void in (False, True):
        if void:
            void_recommendation(desks.signer, letter, reason="Nhầm cơ quan.")
        session().flush()
        told = f"12/KN-MTTQ-BTT ngày {letter.issued_on:%d/%m/%Y}{' (hủy)' if void else ''}."
        assert told in text_of(register(desks.front, YEAR))


def test_what_was_settled_on_the_spot_has_its_result_in_the_register(desks: Desks) -> None:
    settled, answered = make_case("local_action"), make_letter(desks, "issued", number="12").case
    for case, result in ((settled, "Dọn lần đầu."), (settled, "Tổ dọn xong."), (answered, "Dọn.")):
        a_local_result(case, result)
    for case in (settled, answered):
        report = make_report()
        report.state, report.case_id = "attached", case.id
    session().scalars(select(Recommendation)).one().answer = "Đã kiểm tra."
    session().flush()
    text = text_of(register(desks.front, YEAR))
    assert "Tổ dọn xong." in text and "Dọn lần đầu." not in text
    assert "Đã kiểm tra." in text and "<t>Dọn.</t>" not in text


def a_local_result(case: Case, result: str) -> None:
    told = {"what": "Dọn rác", "due_on": date(2026, 3, 9), "given_at": case.opened_at}
    told |= {"organisation_id": case.owner_id, "result": result, "reported_at": case.opened_at}
    session().add(LocalAction(case_id=case.id, **told))
    session().flush()


def test_the_auditor_finds_a_copy_by_its_number(app: Flask, committed: Desks) -> None:
    with write_unit():
        report_id = named_report()
        auditor = make_person("auditor", unit=a_unit(DIEN_BIEN), organisation=an_organisation())[0]
    with write_unit():
        told = text_of(register_with_identities(committed.front, YEAR, reason="Đi hỏi ở bản."))
    client = app.test_client()
    sign_in(client, auditor.email)
    page = client.get("/can-bo/so/ban-co-danh-tinh").text
    number = re.search(r">([0-9A-F]{8})</th>", page)[1]  # type: ignore[index]
    assert told.count(f"Bản {number}, Lò Thị Ẳng") == 2  # under each page, and in the sheet
    assert all(words in page for words in ("Lò Thị Ẳng", "Đi hỏi ở bản.", "01/01/2026"))
    log = client.get("/can-bo/nhat-ky-danh-tinh").text
    assert ">Sổ theo dõi có danh tính</td>" in log
    assert session().get_one(Report, report_id).code in log
    assert browser(app, committed, "front").get("/can-bo/so/ban-co-danh-tinh").status_code == 403


def test_no_opening_is_lost_behind_a_long_copy(
    app: Flask, committed: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_unit():
        first, *others = (named_report() for _each in range(4))
        auditor = make_person("auditor", unit=a_unit(DIEN_BIEN), organisation=an_organisation())[0]
    with write_unit():
        opened = session().get_one(Report, first)
        open_identity(committed.front, opened, reason="Hỏi đường vào.")
        code = opened.code
    with write_unit():
        register_with_identities(committed.front, YEAR, reason="Đi hỏi ở bản.")
    monkeypatch.setattr("webapp.reporting.queries._OPENINGS", len(others))
    client = app.test_client()
    sign_in(client, auditor.email)
    address, pages = "/can-bo/nhat-ky-danh-tinh", []
    while address:
        pages.append(client.get(address).text)
        following = re.search(r'href="([^"]*cursor=[^"]*)"[^>]*rel="next"', pages[-1])
        address = following[1] if following else ""
    assert len(pages) == 2 and "Hỏi đường vào." in pages[1] and code in pages[1]
    assert "Về đầu danh sách" in pages[1] and "Về đầu danh sách" not in pages[0]
    assert client.get("/can-bo/nhat-ky-danh-tinh?cursor=bua").status_code == 422


def test_copies_made_elsewhere_are_not_the_auditor_s(committed: Desks) -> None:
    with write_unit():
        register_with_identities(committed.front, YEAR, reason="Đi hỏi ở bản.")
    assert len(register_copies(actor_with("auditor", a_unit(DIEN_BIEN)))) == 1
    assert register_copies(actor_with("auditor", a_unit(NA_TAU))) == []


def test_no_identities_for_the_office_or_without_a_reason(desks: Desks) -> None:
    named_report()
    for actor in (desks.office, desks.chair, desks.signer):
        with pytest.raises(Forbidden):
            register_with_identities(actor, YEAR, reason="Muốn biết.")
    with pytest.raises(Invalid) as caught:
        register_with_identities(desks.front, YEAR, reason="  ")
    assert set(caught.value.fields) == {"reason"}
    assert NAME not in text_of(register(desks.office, YEAR))


def test_typed_signs_never_become_formulas_or_links() -> None:
    rows = [("=1+1", "http://a.invalid", "@SUM(A1)", 5, date(2026, 3, 2), None)]
    columns = tuple(SheetColumn(str(n), 10) for n in range(6))
    table = SheetTable(name="S", title="=T", notes=("+n",), columns=columns, rows=rows)
    book = write_workbook([table], footer="&P = một & hai", watermark="A & B")
    text = text_of(book)
    assert "<f>" not in text
    assert "hyperlink" not in text
    assert "=1+1" in text


def test_void_letters_stay_in_the_outgoing_register(desks: Desks) -> None:
    letter = make_letter(desks, "issued", number="12")
    void_recommendation(desks.signer, letter, reason="Nhầm cơ quan.")
    (found,) = outgoing(desks.front, 2026)
    assert [(row.document.number, row.document.void) for row in found.rows] == [("12", True)]
    assert [(str(kind), number) for kind, number in found.next_numbers] == [
        ("Công văn kiến nghị", "13")
    ]
    assert outgoing(desks.office, 2026) == []


def test_the_register_pages(app: Flask, committed: Desks) -> None:
    with write_unit():
        named_report()
        make_letter(committed, "issued", number="12")
    front = browser(app, committed, "front")
    page = front.get("/can-bo/so").text
    assert "12/KN-MTTQ-BTT" in page
    span = [("first", "2026-01-01"), ("last", "2026-12-31")]
    answer = front.get("/can-bo/so/theo-doi.xlsx?first=2026-01-01&last=2026-12-31")
    assert answer.data.startswith(b"PK")
    assert front.get("/can-bo/so/theo-doi.xlsx?first=2026-02-01&last=2026-01-01").status_code == 422
    token = re.search(r'name="csrf_token" value="([^"]*)"', page)[1]  # type: ignore[index]
    secret = "/can-bo/so/theo-doi-danh-tinh"
    assert front.post(secret, data=dict(span) | {"csrf_token": token}).status_code == 422
    told = dict(span) | {"csrf_token": token, "reason": "Mời dự họp bản."}
    assert NAME in text_of(front.post(secret, data=told).data)
    numbering = re.search(r"/can-bo/so/cach-cap-so/\d+", page)[0]  # type: ignore[index]
    assert front.post(numbering, data={"csrf_token": token, "by": "platform"}).status_code == 303
    assert "Mắt Xanh cấp số" in front.get("/can-bo/so").text
    stranger = front.post("/can-bo/so/cach-cap-so/1", data={"csrf_token": token, "by": "typed"})
    assert stranger.status_code == 403
