"""Signed papers of inspections: sealed, shown to those who open the file, public only as a copy."""

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.accounts import make_person
from tests.factories.casework import Desks, accepted_case
from tests.factories.directory import a_unit
from tests.factories.inspections import RESULT, an_establishment, an_inspection_file
from tests.factories.papers import a_pdf
from tests.inspections.test_pages import browser, post
from webapp.cases.operations import lock_case
from webapp.core import clock, files
from webapp.core.errors import Forbidden, Invalid, NotFound, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.inspections.models import InspectionFile, InspectionScan
from webapp.inspections.operations.concluding import approve_result, propose_result
from webapp.inspections.operations.following import record_sanction
from webapp.inspections.operations.scans import add_scan
from webapp.inspections.operations.sealing import contents, hand_over_file
from webapp.inspections.queries import scans_for_page, scans_of, signable
from webapp.jobs.operations import drain
from webapp.media.papers import ReceivedPaper, receive_paper
from webapp.outcomes.hiding import approve_hiding, bring_scan, hide_on_paper
from webapp.outcomes.redactions import choosable_papers

SIGNED = a_pdf("Bien ban da ky, dai dien Vi Du")


def upload(content: bytes = SIGNED, name: str = "bien-ban.pdf") -> dict[str, Any]:
    return {"files": (io.BytesIO(content), name), "kind": "minutes"}


def received(words: str = "Da ky") -> ReceivedPaper:
    return receive_paper(a_pdf(words))


def test_a_signed_paper_is_sealed_and_shown_to_the_office(app: Flask, committed: Desks) -> None:
    with write_unit():
        file = an_inspection_file(committed, "visited")
        uid, version = file.uid, file.version
    office = browser(app, committed, "office")
    page = f"/can-bo/kiem-tra/{uid}/ban-ky"
    assert page in office.get(f"/can-bo/kiem-tra/{uid}").text
    form = office.get(f"{page}?loai=minutes").text
    assert 'value="minutes"' in form and 'value="notice"' not in form
    acting = a_pdf("x").replace(b"/Info 3 0 R", b"/JavaScript 3 0 R /Info 3 0 R")
    assert post(office, page, version, **upload(b"khong phai", "a.pdf")).status_code == 422
    assert post(office, page, version, **upload(acting)).status_code == 422
    assert post(office, page, version, **upload()).status_code == 303
    scan = session().scalars(select(InspectionScan)).one()
    assert SIGNED not in files.store().get(scan.paper.original_key)
    shown = office.get(f"{page}/{scan.paper.uid}.pdf")
    assert shown.data == SIGNED
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert scan.paper.uid in office.get(f"/can-bo/kiem-tra/{uid}").text
    assert browser(app, committed, "front").get(shown.request.path).status_code == 403
    other = "0" * 32
    assert office.get(f"/can-bo/kiem-tra/{other}/ban-ky/{scan.paper.uid}.pdf").status_code == 404


def test_a_scan_is_replaced_with_a_reason_and_none_is_lost(desks: Desks) -> None:
    file = an_inspection_file(desks, "visited")
    add_scan(desks.office, file, received("mot"), kind="minutes")
    with pytest.raises(Invalid) as refusal:
        add_scan(desks.office, file, received("hai"), kind="minutes")
    assert list(refusal.value.fields) == ["reason"]
    add_scan(desks.office, file, received("hai"), kind="minutes", reason="Quét thiếu trang 2")
    assert [each.reason for each in scans_of(file)] == ["Quét thiếu trang 2", None]


@pytest.mark.parametrize("kind", ["notice", "slip", "sanction", "khác", ""])
def test_only_numbered_papers_have_a_scan(kind: str, desks: Desks) -> None:
    file = an_inspection_file(desks, "visited")
    with pytest.raises((TransitionRefused, Invalid)):
        add_scan(desks.office, file, received(), kind=kind)
    assert scans_of(file) == []


def test_decisions_have_theirs(desks: Desks) -> None:
    file = an_inspection_file(desks, "concluded")
    add_scan(desks.office, file, received(), kind="decision")
    record_sanction(
        desks.office,
        file,
        number="7/QĐ-XPHC",
        on=file.planned_on,
        body="Chủ tịch UBND xã",
        words="Phạt tiền",
        amount=None,
    )
    add_scan(desks.office, file, received(), kind="sanction")
    assert {each.kind for each in scans_of(file)} == {"decision", "sanction"}
    with pytest.raises(Forbidden):
        add_scan(desks.front, file, received(), kind="minutes")


def concluded_with_scan(desks: Desks) -> tuple[InspectionFile, InspectionScan]:
    party, case = an_establishment(desks), accepted_case(desks)
    file = an_inspection_file(desks, "visited", case=case, establishment=party)
    return file, add_scan(desks.office, file, received(), kind="minutes")


def test_the_page_is_offered_scans_of_what_is_concluded(desks: Desks) -> None:
    file, scan = concluded_with_scan(desks)
    assert file.case_id is not None
    assert scans_for_page(file.case_id) == []
    file.state = "concluded"
    session().flush()
    newer = add_scan(desks.office, file, received(), kind="minutes", reason="Rõ hơn")
    assert scans_for_page(file.case_id) == [newer]
    assert scan not in scans_for_page(file.case_id)


def test_what_was_handed_over_shows_no_scan(app: Flask, committed: Desks) -> None:
    with write_unit():
        file, scan = concluded_with_scan(committed)
        uid, paper = file.uid, scan.paper.uid
        sealed = contents(file)["scans"]
        lock_case(file.case_id or 0)
        hand_over_file(committed.office, file, body="police", reason="Có dấu hiệu tội phạm.")
    assert [each["uid"] for each in sealed] == [paper]
    office = browser(app, committed, "office")
    assert office.get(f"/can-bo/kiem-tra/{uid}/ban-ky/{paper}.pdf").status_code == 404
    assert office.get(f"/can-bo/kiem-tra/{uid}/ban-ky").status_code == 404
    with write_unit(), pytest.raises((NotFound, TransitionRefused)):
        add_scan(committed.office, file, received(), kind="minutes", reason="Thêm")


def test_a_scan_becomes_public_as_an_approved_copy_alone(app: Flask, committed: Desks) -> None:
    with write_unit():
        file, scan = concluded_with_scan(committed)
        propose_result(committed.office, file, RESULT)
    with write_unit():
        desk, second = (make_person("publisher", unit=a_unit())[1] for _each in range(2))
        case = lock_case(file.case_id or 0)
        case.public_since = clock.now()
        with pytest.raises((NotFound, Invalid)):
            bring_scan(desk, case, scan)  # nothing is concluded yet
        approve_result(committed.chair, file)
    with write_unit():
        brought = bring_scan(desk, lock_case(file.case_id or 0), scan)
        assert bring_scan(desk, lock_case(file.case_id or 0), scan) is brought
        cited = signable(file)["minutes"]
        assert (brought.title, brought.number) == ("Biên bản", cited.number)
    drain()
    with write_unit():
        made = hide_on_paper(desk, lock_case(file.case_id or 0), brought, [])
    drain()
    with write_unit(), pytest.raises(Forbidden):
        approve_hiding(desk, lock_case(file.case_id or 0), made)
    assert choosable_papers(case.id) == []
    with write_unit():
        approve_hiding(second, lock_case(file.case_id or 0), made)
    assert [each.redaction for each in choosable_papers(case.id)] == [made]
    with write_unit():
        file.state = "handed_over"  # as its sealing leaves it
    assert choosable_papers(case.id) == []
