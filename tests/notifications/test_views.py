"""The officer's notices and the development mailbox."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.factories.notifications import Probe
from webapp.audit.operations import Subject
from webapp.core.unit_of_work import session, write_unit
from webapp.notifications import messages, operations
from webapp.notifications.delivery import Mail, MailboxMailer
from webapp.notifications.models import MailboxItem, Notice
from webapp.web.paging import encode_cursor


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Probe]:
    made = Probe()
    monkeypatch.setattr(messages, "_messages", {"probe": made.message("probe")})
    yield made


@pytest.fixture
def officer(
    app: Flask, client: FlaskClient, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> FlaskClient:
    """An officer of Mường Phăng's Front with one notice; Nà Tấu's Front has another."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
        for number, unit in ((12, a_unit()), (13, a_unit(NA_TAU))):
            own = an_organisation(unit=unit)
            operations.notify("probe", Subject("case", number), organisation_id=own.id)
    sign_in(client, account.email)
    return client


def test_an_officer_reads_the_notices_of_the_own_organisation_only(officer: FlaskClient) -> None:
    page = officer.get("/can-bo/thong-bao").text
    assert "Vụ việc 12 có trả lời" in page and "Chưa đọc" in page and "1 thông báo chưa đọc" in page
    assert "Vụ việc 13" not in page


@pytest.mark.parametrize(
    ("path", "leads"), [("/can-bo/hang-doi?tim=suoi", True), ("/can-bo/co-quan", False)]
)
def test_a_notice_leads_only_where_its_reader_may_go(
    officer: FlaskClient, probe: Probe, path: str, leads: bool
) -> None:
    probe.path = path
    page = officer.get("/can-bo/thong-bao").text
    assert "Vụ việc 12 có trả lời" in page
    assert (f'<a href="{path}">Vụ việc 12' in page) == leads
    if leads:
        assert officer.get(path).status_code == 200


def test_reading_marks_own_notices_up_to_what_was_shown(officer: FlaskClient) -> None:
    last = session().scalars(select(Notice.id).order_by(Notice.id.desc())).first()
    answer = officer.post("/can-bo/thong-bao/da-doc", data={"up_to_id": last})
    assert answer.status_code == 303
    session().expire_all()
    read = {one.subject_id: one.read_at is not None for one in session().scalars(select(Notice))}
    assert read == {12: True, 13: False}
    assert "Chưa đọc" not in officer.get("/can-bo/thong-bao").text


def test_what_the_reader_may_no_longer_know_is_not_shown(
    officer: FlaskClient, probe: Probe
) -> None:
    probe.silent = True
    page = officer.get("/can-bo/thong-bao")
    assert page.status_code == 200 and "Vụ việc 12" not in page.text


@pytest.mark.parametrize("cursor", ["!!", "WyJhIl0", "Wy0xXQ", "WzEwMDAwMDAwMDAwMDAwMDAwMDAwXQ"])
def test_a_made_up_cursor_is_refused(officer: FlaskClient, cursor: str) -> None:
    assert officer.get(f"/can-bo/thong-bao?sau={cursor}").status_code == 422


@pytest.mark.parametrize("number", ["-5", "9" * 30, "abc"])
def test_a_made_up_number_marks_nothing_foreign(officer: FlaskClient, number: str) -> None:
    assert officer.post("/can-bo/thong-bao/da-doc", data={"up_to_id": number}).status_code == 303
    other = session().scalars(select(Notice).where(Notice.subject_id == 13)).one()
    assert other.read_at is None


def test_the_mailbox_lists_and_opens_mails(officer: FlaskClient) -> None:
    words = "Vụ việc 12 có trả lời\n\nhttp://127.0.0.1:8000/vu-viec\n<script>"
    MailboxMailer().send(
        Mail("<notice.1.a@x>", "a@xa.invalid", "a@xa.invalid", "Mắt Xanh: có cập nhật", words)
    )
    item = session().scalars(select(MailboxItem)).one()
    page = officer.get("/hop-thu").text
    assert "a@xa.invalid" in page and f"/hop-thu/{item.id}" in page
    mail = officer.get(f"/hop-thu/{item.id}").text
    assert "Vụ việc 12 có trả lời" in mail and "&lt;script&gt;" in mail
    assert '<a href="http://127.0.0.1:8000/vu-viec">' in mail
    assert officer.get(f"/hop-thu/{item.id + 1}").status_code == 404


def test_there_is_no_mailbox_outside_development(
    officer: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(app.extensions["matxanh_settings"], public_url="https://matxanh.invalid")
    monkeypatch.setitem(app.extensions, "matxanh_settings", settings)
    assert officer.get("/hop-thu").status_code == 404
    assert officer.get("/hop-thu/1").status_code == 404


def test_with_all_read_the_page_says_so(officer: FlaskClient) -> None:
    last = session().scalars(select(Notice.id).order_by(Notice.id.desc())).first()
    assert "đã đọc hết thông báo" not in officer.get("/can-bo/thong-bao").text
    officer.post("/can-bo/thong-bao/da-doc", data={"up_to_id": last})
    page = officer.get("/can-bo/thong-bao").text
    assert "đã đọc hết thông báo" in page and "Vụ việc 12 có trả lời" in page


def test_without_notices_the_page_says_what_comes_here_and_where_the_work_is(
    client: FlaskClient, probe: Probe
) -> None:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
    sign_in(client, account.email)
    page = client.get("/can-bo/thong-bao").text
    assert "Chưa có thông báo" in page and "đã đọc hết" not in page
    assert 'href="/can-bo/hom-nay">Mở trang “Việc hôm nay”</a>' in page


def test_past_the_oldest_notice_the_page_leads_back(officer: FlaskClient) -> None:
    first = session().scalars(select(Notice.id).order_by(Notice.id)).first()
    page = officer.get(f"/can-bo/thong-bao?sau={encode_cursor([first])}").text
    assert "Không còn thông báo cũ hơn" in page and "Chưa có thông báo" not in page
    assert 'href="/can-bo/thong-bao">Về thông báo mới nhất</a>' in page


def test_a_page_of_notices_nobody_may_read_any_more_is_no_empty_list(
    officer: FlaskClient, probe: Probe
) -> None:
    probe.silent = True
    page = officer.get("/can-bo/thong-bao").text
    assert "không còn phụ trách" in page and '<ul class="mx-list">' not in page
