"""From the drawn mark to the public page: what is hidden is nowhere, what is approved is shown."""

import io
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo.photos import Mark
from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import NA_TAU, a_unit
from tests.factories.media import a_photo_file, a_ready_photo
from tests.factories.outcomes import a_case, a_group, a_photo, an_outcome
from tests.factories.papers import a_case_paper, a_pdf
from webapp.accounts.models import Account
from webapp.cases.models import Case, CasePhoto
from webapp.casework.originals import sealed_originals
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, Invalid
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.operations import drain
from webapp.media.models import Photo, Redaction
from webapp.media.queries import public_rendition
from webapp.media.redaction import make_redaction
from webapp.outcomes.hiding import (
    approve_hiding,
    hide_on_paper,
    hide_on_photo,
    return_hiding,
)
from webapp.outcomes.operations import (
    Draft,
    approve_draft,
    draft_outcome,
    publish_outcome,
    retract_outcome,
)
from webapp.outcomes.queries import choosable_photos, shows_copy
from webapp.outcomes.record import public_outcome, public_paper
from webapp.outcomes.redactions import choosable_papers, hiding_desk

WORDS = "Mặt trận đã theo dõi việc dọn bãi rác."
HALF = Mark(0, 0, 0.5, 1)
PHONE = "Goi 0912 345 678"


def person(role: str = "publisher", **given: object) -> tuple[Account, Actor]:
    with write_unit():
        return make_person(role, unit=given.pop("unit", None) or a_unit(), **given)  # type: ignore[arg-type]


def case_with_photo() -> tuple[Case, Photo]:
    source = a_ready_photo(a_photo_file(160, 120))
    with write_unit():
        case = a_case()
        link = CasePhoto(case_id=case.id, photo_id=source.id, purpose="before", voice="residents")
        session().add(link)
    return case, source


def made(redaction: Redaction) -> Redaction:
    make_redaction(redaction.id)
    return session().get_one(Redaction, redaction.id, populate_existing=True)


def hidden(case: Case, source: Photo, drawer: Actor) -> Redaction:
    with write_unit():
        redaction = hide_on_photo(drawer, case, source, [HALF])
    return made(redaction)


def test_an_approved_copy_takes_the_photos_place(app: Flask) -> None:
    case, source = case_with_photo()
    drawer, approver = person("front_commune")[1], person()[1]
    redaction = hidden(case, source, drawer)
    assert [photo.id for _link, photo in choosable_photos(drawer, case)] == [source.id]
    assert redaction.result is not None and shows_copy(approver, redaction.result)
    with write_unit():
        approve_hiding(approver, case, redaction)
    for actor in (drawer, approver):
        chosen = choosable_photos(actor, case)
        assert [photo.id for _link, photo in chosen] == [redaction.result_id]
        assert chosen[0][0].purpose == "before"
    assert [each.id for each in hiding_desk(approver, case).copies] == [redaction.id]
    (drawn,) = hiding_desk(drawer, case).photos
    assert [each.id for each in drawn.redactions] == [redaction.id], "it may be drawn again"
    assert len(sealed_originals(case)) == 1, "a copy is no evidence"
    later = hidden(case, source, drawer)
    with write_unit():
        approve_hiding(approver, case, later)
    assert [photo.id for _link, photo in choosable_photos(drawer, case)] == [later.result_id]


def test_who_works_elsewhere_neither_sees_nor_decides(app: Flask) -> None:
    case, source = case_with_photo()
    redaction = hidden(case, source, person("front_commune")[1])
    stranger, writer = person(unit=a_unit(NA_TAU))[1], person("front_commune")[1]
    assert redaction.result is not None and not shows_copy(stranger, redaction.result)
    for actor in (stranger, writer):
        with write_unit(), pytest.raises(Forbidden):
            approve_hiding(actor, case, redaction)
        with write_unit(), pytest.raises(Forbidden):
            return_hiding(actor, case, redaction, reason="Che thêm.")
    with write_unit(), pytest.raises(Forbidden):
        hide_on_photo(stranger, case, source, [HALF])


def test_a_redacted_photo_is_published_and_the_photo_never(app: Flask) -> None:
    case, source = case_with_photo()
    writer, first, second = person("front_commune")[1], person()[1], person()[1]
    redaction = hidden(case, source, writer)
    assert redaction.result_id and redaction.result
    with write_unit():
        approve_hiding(first, case, redaction)
        outcome = draft_outcome(writer, case, Draft(WORDS, photo_ids=(redaction.result_id,)))
        approve_draft(second, outcome, standpoint_hidden=True, recognisable=False)
        publish_outcome(first, outcome)
    shown = public_outcome(case.code).photos
    assert [photo.uid for photo in shown] == [redaction.result.uid]
    assert public_rendition(redaction.result.uid, "card")
    with pytest.raises(Exception, match=r".*"):
        public_rendition(source.uid, "card")


def test_a_paper_is_published_and_goes_with_the_page(app: Flask) -> None:
    writer, approver = person("front_commune")[1], person()[1]
    with write_unit():
        case = a_case()
    brought = a_case_paper(writer, case, a_pdf("Ket luan", PHONE))
    with write_unit():
        open_one = hide_on_paper(writer, case, brought, [])
        closed = hide_on_paper(writer, case, brought, [Mark(0.1, 0.06, 0.6, 0.05, page=1)])
    open_one, closed = made(open_one), made(closed)
    assert open_one.found == [{"page": 2, "rule": "phone"}] and closed.found == []
    with write_unit():
        with pytest.raises(Invalid, match="chưa che"):
            approve_hiding(approver, case, open_one)
        with pytest.raises(Invalid) as early:
            draft_outcome(writer, case, Draft(WORDS, paper_ids=(closed.id,)))
        assert list(early.value.fields) == ["papers"]
        approve_hiding(approver, case, closed)
        assert [each.redaction.id for each in choosable_papers(case.id)] == [closed.id]
        outcome = draft_outcome(writer, case, Draft(WORDS, paper_ids=(closed.id,)))
        approve_draft(approver, outcome, standpoint_hidden=True, recognisable=False)
        publish_outcome(approver, outcome)
    client = app.test_client()
    address = f"/ket-qua/{case.code}/van-ban/{closed.uid}.pdf"
    assert public_paper(case.code, closed.uid).brought.id == brought.id
    assert address in client.get(f"/ket-qua/{case.code}").text
    answer = client.get(address)
    assert answer.data.startswith(b"%PDF-") and PHONE.encode() not in answer.data
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/ket-qua/{case.code}/van-ban/{open_one.uid}.pdf").status_code == 404
    with write_unit():
        retract_outcome(approver, outcome, why="private", words="Còn tên người.")
    assert client.get(address).status_code == 404


def test_a_group_member_in_a_papers_text_is_found(app: Flask) -> None:
    writer = person("front_commune")[1]
    with write_unit():
        make_person("group_member", unit=a_unit(), organisation=a_group(), name="Lo Thi Kin")
        case = a_case()
    brought = a_case_paper(writer, case, a_pdf("Theo loi ba lo thi kin"))
    with write_unit():
        redaction = hide_on_paper(writer, case, brought, [])
    assert made(redaction).found == [{"page": 1, "rule": "member"}]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "Kết luận về ông Quàng Văn Đôi"}, "title"),
        ({"number": "ă" * 61}, "number"),
        ({"issued_on": "01/01/2099"}, "issued_on"),
    ],
)
def test_a_paper_is_named_without_naming_anybody(
    client: FlaskClient, given: dict[str, str], field: str
) -> None:
    account, _writer = person("front_commune")
    with write_unit():
        case = a_case()
    sign_in(client, account.email)
    address = f"/can-bo/che/{case.code}/them-van-ban"
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)
    assert token is not None
    fields = {"title": "Kết luận", "files": (io.BytesIO(a_pdf("mot")), "a.pdf")} | given
    answer = client.post(address, data={"csrf_token": token[1], **fields})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_the_whole_way_by_the_pages(app: Flask) -> None:
    case, source = case_with_photo()
    front, desk = app.test_client(), app.test_client()
    for client, role in ((front, "front_commune"), (desk, "publisher")):
        sign_in(client, person(role)[0].email)
    root = f"/can-bo/che/{case.code}"

    def send(client: FlaskClient, address: str, status: int = 303, **fields: object) -> str:
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)
        assert token is not None
        answer = client.post(address, data={"csrf_token": token[1], **fields})
        assert answer.status_code == status, answer.text
        return answer.text

    draw = f"{root}/anh/{source.uid}"
    assert "Xin vẽ ít nhất một ô che" in send(front, draw, 422, marks="[]")
    assert desk.get(draw).status_code == 404, "a publisher does not see the photo"
    mark = {"page": 0, "x": 0, "y": 0, "width": 0.5, "height": 1, "kind": "blur"}
    send(front, draw, marks=json.dumps([mark]))
    pdf = (io.BytesIO(a_pdf("Ket luan", PHONE)), "ket-luan.pdf")
    send(front, f"{root}/them-van-ban", title="Kết luận kiểm tra", files=pdf)
    locked = (io.BytesIO(a_pdf("x").replace(b"/Info 3 0 R", b"/Encrypt 3 0 R")), "khoa.pdf")
    refused = send(front, f"{root}/them-van-ban", 422, title="Văn bản khóa", files=locked)
    assert "mật khẩu" in refused
    drain()
    page = front.get(root).text
    paper = re.search(rf"{root}/van-ban/(\w+)", page)
    assert paper is not None and "Kết luận kiểm tra" in page
    assert front.get(f"{root}/van-ban/{paper[1]}/1.jpg").mimetype == "image/jpeg"
    assert front.get(f"{root}/van-ban/{paper[1]}/7.jpg").status_code == 404
    send(front, f"{root}/van-ban/{paper[1]}", marks="[]")
    drain()
    copies = list(dict.fromkeys(re.findall(rf"{root}/ban/(\w+)", desk.get(root).text)))
    assert len(copies) == 2
    photo_copy, paper_copy = copies
    assert "Cần một người khác" in front.get(f"{root}/ban/{photo_copy}").text
    shown = desk.get(f"{root}/ban/{photo_copy}").text
    picture = re.search(r"/can-bo/anh/\w+/large", shown)
    assert picture is not None and desk.get(picture[0]).mimetype == "image/jpeg"
    send(desk, f"{root}/ban/{photo_copy}")
    assert "số điện thoại" in desk.get(f"{root}/ban/{paper_copy}").text
    assert desk.get(f"{root}/ban/{paper_copy}.pdf").data.startswith(b"%PDF-")
    assert desk.get(f"{root}/ban/{photo_copy}.pdf").status_code == 404
    send(desk, f"{root}/ban/{paper_copy}/tra-lai", 422, reason=" ")
    send(desk, f"{root}/ban/{paper_copy}/tra-lai", reason="Che số điện thoại ở trang 2.")
    assert "Che số điện thoại ở trang 2." in front.get(root).text


def test_hidden_photos_are_not_offered(app: Flask) -> None:
    drawer = person("front_commune")[1]
    with write_unit():
        case = a_case()
        a_photo(case, state="hidden")
        an_outcome(case)
    assert hiding_desk(drawer, case).photos == []
