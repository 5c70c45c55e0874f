"""The pages: a phone fills the minutes, refusals stand by their field, nobody else gets in."""

import io
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import sign_in, token_header
from tests.factories.casework import Desks, accepted_case
from tests.factories.inspections import BOD, NAME, a_plan, an_establishment, an_inspection_file
from tests.factories.media import a_photo_file
from webapp.cases.operations import lock_case
from webapp.core.unit_of_work import session, write_unit
from webapp.inspections.models import Establishment, InspectionFile, InspectionPhoto
from webapp.inspections.operations.sealing import hand_over_file

MINUTES = {
    "started_at": "2026-03-01T08:30",
    "place": "Khu chuồng nuôi, bản Che Căn",
    "observed": "Nước thải chảy thẳng ra suối.",
    "measured-0-parameter": BOD,
    "measured-0-value": "240",
}


def browser(app: Flask, desks: Desks, who: str) -> FlaskClient:
    """A browser in which an officer is signed in."""
    client = app.test_client()
    sign_in(client, desks.emails[who])
    return client


def post(client: FlaskClient, url: str, version: int, **data: Any) -> Any:
    """Send a form as its page would."""
    return client.post(url, data={"version": str(version), **data}, headers=token_header(client))


def the_file() -> InspectionFile:
    """The only file there is."""
    session().expire_all()
    return session().scalars(select(InspectionFile)).one()


def test_from_the_case_to_the_minutes_on_a_phone(app: Flask, committed: Desks) -> None:
    with write_unit():
        case = accepted_case(committed)
        party = an_establishment(committed)
        code, version, uid = case.code, case.version, party.uid
    office = browser(app, committed, "office")
    assert f"/can-bo/kiem-tra/moi?vu-viec={code}" in office.get(f"/can-bo/vu-viec/{code}").text
    plan = {"form": "fact_finding", "establishment": uid, "purpose": "Nước thải", "lead": "Ông Sín"}
    url = f"/can-bo/kiem-tra/moi?vu-viec={code}"
    refused = post(office, url, version, **plan | {"lead": ""}, planned_on="2026-03-02")
    assert refused.status_code == 422
    assert "Xin điền mục này." in refused.text
    assert "Nước thải" in refused.text
    made = post(office, url, version, **plan, planned_on="2026-03-02")
    assert made.status_code == 303
    file, seen = the_file(), 1
    minutes = f"/can-bo/kiem-tra/{file.uid}/buoc/write_minutes"
    page = office.get(minutes).text
    assert f'value="{BOD}"' in page and "Thông tư 04/2016/TT-BTNMT" in page
    wrong = post(office, minutes, seen, **MINUTES | {"measured-0-value": "1.500"})
    assert wrong.status_code == 422
    assert 'id="measured-0-value-error"' in wrong.text
    assert "Nước thải chảy thẳng ra suối." in wrong.text
    done = post(office, minutes, seen, **MINUTES)
    assert done.status_code == 303
    shown = office.get(done.location).text
    assert "Gấp 2,4 lần" in shown and NAME in shown
    stale = post(office, minutes, seen, **MINUTES)
    assert stale.status_code == 409
    assert "Nước thải chảy thẳng ra suối." in stale.text


def test_a_file_shows_what_was_measured_where_it_stopped(app: Flask, committed: Desks) -> None:
    with write_unit():
        uid = an_inspection_file(committed, "visited").uid
    office = browser(app, committed, "office")
    page = office.get(f"/can-bo/kiem-tra/{uid}").text
    assert "Tải bản Word" in page and "Trình kết luận" in page
    document = office.get(f"/can-bo/kiem-tra/{uid}/van-ban/minutes.docx")
    assert document.data.startswith(b"PK")
    assert office.get(f"/can-bo/kiem-tra/{uid}/van-ban/slip.docx").status_code == 404
    assert office.get(f"/can-bo/kiem-tra/{uid}/van-ban/minutes.pdf").status_code == 404
    assert office.get(f"/can-bo/kiem-tra/{uid}/buoc/amend").status_code == 409
    assert office.get(f"/can-bo/kiem-tra/{uid}/buoc/khac").status_code == 404


def test_photos_come_with_time_and_place(app: Flask, committed: Desks) -> None:
    with write_unit():
        file = an_inspection_file(committed, "decided")
        uid, version = file.uid, file.version
    office = browser(app, committed, "office")
    url = f"/can-bo/kiem-tra/{uid}/buoc/add_photos"
    given = {"moment": "site", "taken_at": "2026-03-01T09:00", "place": "Cống ra suối"}
    none = post(office, url, version, **given)
    assert none.status_code == 422 and "Xin điền mục này." in none.text
    text = post(office, url, version, **given, photos=(io.BytesIO(b"khong phai anh"), "a.jpg"))
    assert text.status_code == 422
    sent = post(office, url, version, **given, photos=(io.BytesIO(a_photo_file()), "a.jpg"))
    assert sent.status_code == 303
    kept = session().scalars(select(InspectionPhoto)).one()
    assert (kept.place, kept.moment) == ("Cống ra suối", "site")


def test_a_sealed_page_shows_its_heading_alone(app: Flask, committed: Desks) -> None:
    with write_unit():
        party, case = an_establishment(committed), accepted_case(committed)
        file = an_inspection_file(committed, "visited", case=case, establishment=party)
        lock_case(case.id)
        hand_over_file(committed.office, file, body="police", reason="Có dấu hiệu tội phạm.")
        uid = file.uid
    office, chair = browser(app, committed, "office"), browser(app, committed, "chair")
    for address in ("", "/van-ban/minutes.docx", "/buoc/amend", "/buoc/add_photos"):
        page = office.get(f"/can-bo/kiem-tra/{uid}{address}")
        assert NAME not in page.text and "Nước thải chảy" not in page.text
    sealed = f"/can-bo/kiem-tra/{uid}/niem-phong"
    assert post(office, sealed, 0, reason="Muốn xem.").status_code == 403
    assert post(chair, sealed, 0, reason="").status_code == 422
    opened = post(chair, sealed, 0, reason="Làm việc với Công an.")
    assert opened.status_code == 200
    assert NAME in opened.text and "Có dấu hiệu tội phạm." in opened.text


def test_the_register_is_entered_and_searched(app: Flask, committed: Desks) -> None:
    office = browser(app, committed, "office")
    page = office.get("/can-bo/co-so/moi").text
    unit = page.split('<option value="')[-1].split('"')[0]
    entry = {"name": NAME, "kind": "livestock", "unit": unit, "address": "Bản Che Căn"}
    assert post(office, "/can-bo/co-so/moi", 0, **entry | {"kind": ""}).status_code == 422
    refused = post(office, "/can-bo/co-so/moi", 0, **entry, priority="y")
    assert refused.status_code == 422 and "Xin ghi văn bản" in refused.text
    assert post(office, "/can-bo/co-so/moi", 0, **entry | {"unit": "1"}).status_code == 403
    made = post(office, "/can-bo/co-so/moi", 0, **entry)
    assert made.status_code == 303
    front = browser(app, committed, "front")
    assert NAME in front.get("/can-bo/co-so?tim=chan+nuoi").text
    assert "Không tìm thấy" in front.get("/can-bo/co-so?tim=xi+mang").text
    assert "Sửa thông tin" not in front.get(made.location).text
    assert front.get("/can-bo/co-so?sau=bay-ba").status_code == 422


def test_an_entry_is_corrected_and_linked(app: Flask, committed: Desks) -> None:
    with write_unit():
        found, case = an_establishment(committed), accepted_case(committed)
        uid, unit, code = found.uid, str(found.unit_id), case.code
    office = browser(app, committed, "office")
    base = f"/can-bo/co-so/{uid}"
    form = {"name": NAME, "kind": "livestock", "unit": unit, "address": "Bản Yên"}
    assert "Bản Che Căn" in office.get(f"{base}/sua").text
    assert post(office, f"{base}/sua", 1, **form).status_code == 303
    assert post(office, f"{base}/sua", 1, **form).status_code == 409
    permit = {"kind": "licence", "number": "12/GPMT", "issuer": "UBND tỉnh"}
    assert post(office, f"{base}/giay-phep", 2, **permit, issued_on="x").status_code == 422
    assert post(office, f"{base}/giay-phep", 2, **permit, issued_on="2025-08-01").status_code == 303
    assert post(office, f"{base}/vu-viec", 3, code="VV0000000").status_code == 422
    assert post(office, f"{base}/vu-viec", 3, code=code.lower()).status_code == 303
    page = office.get(base).text
    assert "12/GPMT" in page and code in page
    assert session().scalars(select(Establishment.version)).one() == 4


def test_the_list_of_files(app: Flask, committed: Desks) -> None:
    office = browser(app, committed, "office")
    assert "Chưa có cuộc kiểm tra nào đang làm" in office.get("/can-bo/kiem-tra").text
    with write_unit():
        an_inspection_file(committed)
    assert a_plan().lead in office.get("/can-bo/kiem-tra").text
    assert "Chưa có hồ sơ nào kết thúc" in office.get("/can-bo/kiem-tra?muc=da-xong").text
