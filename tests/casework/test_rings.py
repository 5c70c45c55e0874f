"""Attempts to see or do what a ring forbids: reporters, drafts, other bodies' cases."""

import io
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import make_case
from tests.factories.casework import Desks, accepted_case, make_desks, make_letter
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.factories.media import a_photo_file, a_ready_photo
from tests.factories.reporting import make_report
from webapp.accounts.models import SteppedAside
from webapp.cases.models import CasePhoto
from webapp.casework.inbox import TRAYS, inbox, tray_counts
from webapp.casework.operations.issuing import void_recommendation
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.documents.operations import render_document

WORDS = "Tôi ở nhà số 7 thấy xe tải biển số đổ trộm lúc nửa đêm"
STATE_BEFORE = {
    "sign": "submitted_for_signature",
    "issue": "signed",
    "void": "issued",
    "deliver": "issued",
    "agree": "answered",
    "keep": "reconsidered",
}
PAGES = ("kien-nghi/{uid}", "van-ban/{uid}", "van-ban/{uid}.docx", "van-ban/{uid}.pdf")


def visit(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, email)
    return client


def test_a_draft_is_the_fronts_own(app: Flask, committed: Desks) -> None:
    with write_unit():
        case = make_case(
            "assessed",
            office_id=an_organisation("env_office").id,
            addressee_id=an_organisation("peoples_committee").id,
        )
        letter = make_letter(committed, "signed", case=case)
        uid, code = letter.document.uid, case.code
    for name in ("office", "chair"):
        client = visit(app, committed.emails[name])
        assert client.get(f"/can-bo/vu-viec/{code}").status_code == 200
        assert uid not in client.get(f"/can-bo/vu-viec/{code}").text
        for page in PAGES:
            assert client.get(f"/can-bo/{page.format(uid=uid)}").status_code == 404
    assert visit(app, committed.emails["front"]).get(f"/can-bo/kien-nghi/{uid}").status_code == 200


def test_a_void_letter_leaves_the_office(app: Flask, committed: Desks) -> None:
    with write_unit():
        letter = make_letter(committed, "issued")
        uid, document_id = letter.document.uid, letter.document_id
    office = visit(app, committed.emails["office"])
    assert office.get(f"/can-bo/kien-nghi/{uid}").status_code == 200
    render_document(document_id)
    with write_unit():
        void_recommendation(committed.signer, session().merge(letter), reason="Nhầm xã.")
    for page in PAGES:
        assert office.get(f"/can-bo/{page.format(uid=uid)}").status_code == 404


def test_other_bodies_and_guests_see_no_letter(app: Flask, committed: Desks) -> None:
    with write_unit():
        uid = make_letter(committed, "delivered").document.uid
        elsewhere = make_desks(a_unit(NA_TAU)).emails
        publisher, _ = make_person("publisher", unit=a_unit())
        group, _ = make_person("group_member", unit=a_unit(), organisation=an_organisation("group"))
        strangers = [elsewhere[name] for name in ("front", "office", "chair", "signer")]
        strangers += [publisher.email, group.email]
    for email in strangers:
        client = visit(app, email)
        for page in PAGES:
            status = client.get(f"/can-bo/{page.format(uid=uid)}").status_code
            assert status in {403, 404}, (email, page)
    guest = app.test_client()
    assert guest.get(f"/can-bo/kien-nghi/{uid}").status_code == 302


def test_the_letter_and_the_case_page_tell_an_office_nothing_of_a_reporter(
    app: Flask, committed: Desks
) -> None:
    photo = a_ready_photo(a_photo_file())
    with write_unit():
        case = make_case("assessed")
        report = make_report(description=WORDS)
        report.case_id, report.state = case.id, "attached"
        session().add(
            CasePhoto(case_id=case.id, photo_id=photo.id, purpose="before", voice="residents")
        )
        session().flush()
        letter = make_letter(committed, "delivered", case=case)
        uid, code, report_code = letter.document.uid, case.code, report.code
    office = visit(app, committed.emails["office"])
    pages = [
        office.get(f"/can-bo/vu-viec/{code}").text,
        office.get(f"/can-bo/kien-nghi/{uid}").text,
        office.get(f"/can-bo/van-ban/{uid}").text,
        words_of(office.get(f"/can-bo/van-ban/{uid}.docx").data),
        words_of(office.get(f"/can-bo/vu-viec/{code}/chung-nhan.docx").data),
    ]
    for page in pages:
        assert "nhà số 7" not in page
        assert report_code not in page
    assert photo.sha256[:16] in pages[2]
    assert photo.sha256[:16] in pages[4]
    assert office.get(f"/can-bo/anh/{photo.uid}/card").status_code == 200
    assert office.get(f"/can-bo/anh/{photo.uid}/original").status_code == 404


def test_an_office_sees_no_case_that_was_not_sent_to_it(app: Flask, committed: Desks) -> None:
    photo = a_ready_photo(a_photo_file())
    with write_unit():
        case = make_case("assessed")
        session().add(
            CasePhoto(case_id=case.id, photo_id=photo.id, purpose="before", voice="residents")
        )
        code = case.code
    office = visit(app, committed.emails["office"])
    for path in ("", "/chung-nhan.docx", "/buoc/accept"):
        assert office.get(f"/can-bo/vu-viec/{code}{path}").status_code == 404
    assert office.get(f"/can-bo/anh/{photo.uid}/card").status_code == 404
    assert code not in office.get("/can-bo/co-quan").text


def test_an_urgent_case_sent_to_the_province_is_hidden_from_the_commune_office(
    app: Flask, committed: Desks
) -> None:
    with write_unit():
        hidden = make_case("received", public=False, urgent=True, to_province=True).code
        shown = make_case("received", public=False, urgent=True).code
    page = visit(app, committed.emails["office"]).get("/can-bo/co-quan").text
    assert shown in page
    assert hidden not in page


def test_the_inbox_counts_what_it_lists(app: Flask, committed: Desks) -> None:
    """Once each, however many ways a case comes there, and none that the officer left to others."""
    office = committed.office
    with write_unit():
        accepted = [accepted_case(committed) for _number in range(3)]
        for case in accepted:
            case.addressee_id = case.office_id
        make_case("received", public=False, urgent=True)
        make_case("received", public=False)
        left = accepted[0]
        session().add(
            SteppedAside(
                person_id=office.person_id,
                subject_kind="case",
                subject_id=left.id,
                at=clock.now(),
            )
        )
    listed = {tray: {row.case.id for row in inbox(office, tray, None).rows} for tray in TRAYS}
    counts = tray_counts(office)
    assert counts == {tray: len(listed[tray]) for tray in counts}
    assert counts["running"] == 2
    assert counts["new"] == 1
    assert left.id not in set().union(*listed.values())


@pytest.mark.parametrize("step", sorted(STATE_BEFORE))
def test_an_office_cannot_take_the_fronts_steps(app: Flask, committed: Desks, step: str) -> None:
    with write_unit():
        letter = make_letter(committed, "delivered")
        letter.state = STATE_BEFORE[step]
        uid, version, state = letter.document.uid, letter.version, letter.state
    office = visit(app, committed.emails["office"])
    page = office.get(f"/can-bo/vu-viec/{letter.case.code}").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    fields = {
        "csrf_token": token,
        "version": str(version),
        "reason": "Thử.",
        "position": "chair",
        "name": "Ai đó",
        "number": "8",
        "issued_on": "2026-03-02",
        "channel": "post",
        "delivered_on": "2026-03-02",
        "proof": "Thử",
        "addressee_copy": "paper",
        "handler_copy": "paper",
    }
    answer = office.post(f"/can-bo/kien-nghi/{uid}/buoc/{step}", data=fields)
    assert answer.status_code in {403, 404}
    session().expire_all()
    assert letter.state == state


def words_of(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as packed:
        return packed.read("word/document.xml").decode()
