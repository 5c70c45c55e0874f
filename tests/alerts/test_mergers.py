"""What a reader follows ends by a merger: they are told once, and hear of what took its place."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from tests.factories.alerts import a_public_case, a_reader, a_step, tell, told
from tests.factories.clock import FrozenClock
from tests.factories.directory import NA_TAU, a_unit, an_organisation, make_unit
from tests.factories.notifications import KeptMails
from tests.factories.open_data import an_administrator
from tests.factories.push import Browser, StandIn
from webapp.alerts.operations import MANAGE, token_of
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.followed_organisations import organisations_followed, organisations_hearing
from webapp.reassignment.operations import start_reassignment, undo_reassignment
from webapp.reassignment.planning import make_plan

TODAY = date(2026, 3, 2)
MUONG_PHANG = "gso-2025:03325"
NOTICE = "Nơi ông/bà theo dõi đã được sắp xếp lại"


@pytest.fixture
def admin(mails: KeptMails) -> Actor:
    """Who merges Xã Mường Phăng into Xã Nà Tấu."""
    with write_unit():
        return an_administrator()


def merge(admin: Actor, on: date = TODAY) -> str:
    with write_unit():
        plan = make_plan(
            admin,
            predecessor_ids=[a_unit().id],
            successor_id=a_unit(NA_TAU).id,
            effective=on,
        )
        uid = start_reassignment(admin, plan).uid
    tell()
    return uid


def notices(mails: KeptMails) -> dict[str, str]:
    found = [(mail.to, mail.body) for mail in mails.mails if NOTICE in mail.body]
    assert len(found) == len(dict(found))
    return dict(found)


def test_followers_are_told_once_and_hear_of_what_took_its_place(
    mails: KeptMails, admin: Actor, frozen: FrozenClock
) -> None:
    office = str(an_organisation().id)
    a_reader("xa@thu.invalid", unit=MUONG_PHANG)
    a_reader("mat.tran@thu.invalid", office=office)
    a_reader("xa.khac@thu.invalid", unit="gso-2025:03328")
    a_reader("tat.ca@thu.invalid")
    merge(admin)
    tell()
    sent = notices(mails)
    assert sorted(sent) == ["mat.tran@thu.invalid", "xa@thu.invalid"]
    assert "Xã Mường Phăng, nay thuộc Xã Nà Tấu" in sent["xa@thu.invalid"]
    assert f"{an_organisation(unit=a_unit(NA_TAU)).name}." in sent["mat.tran@thu.invalid"]
    frozen.forward(days=1)
    a_step(a_public_case(unit=a_unit(NA_TAU)), "Việc ở xã mới.")
    tell()
    heard = {mail.to for mail in mails.mails if "Việc ở xã mới." in mail.body}
    assert heard == {"xa@thu.invalid", "mat.tran@thu.invalid", "tat.ca@thu.invalid"}
    assert len(notices(mails)) == 2


def test_a_merger_that_was_undone_leaves_the_wish_as_it_was(
    mails: KeptMails, admin: Actor, frozen: FrozenClock
) -> None:
    a_reader("mat.tran@thu.invalid", office=str(an_organisation().id))
    uid = merge(admin)
    with write_unit():
        undo_reassignment(admin, uid)
    tell()
    a_step(a_public_case(unit=a_unit(NA_TAU)), "Việc ở xã kia.")
    a_step(a_public_case(), "Việc ở xã mình.")
    tell()
    (_notice, news) = told(mails)
    assert "Việc ở xã mình." in news and "xã kia" not in news and "nay" not in news


def test_a_merger_at_midnight_rings_no_phone(
    client: FlaskClient, phones: StandIn, admin: Actor, frozen: FrozenClock
) -> None:
    browser = Browser(phones.host)
    asked = {"frequency": "now", "unit": MUONG_PHANG}
    page = (client.post("/api/v1/alerts/push", json=browser.json | asked).json or {})["page"]
    merge(admin, on=TODAY + timedelta(days=1))
    frozen.forward(hours=16)  # the first minute of the day
    tell()
    assert phones.taken == [] and a_unit().valid_to == TODAY
    frozen.forward(hours=7)
    tell()
    ((_method, _path, _headers, content),) = phones.taken
    assert browser.read(content) == f"Mắt Xanh: có cập nhật\n{page}"
    assert "Xã Mường Phăng, nay thuộc Xã Nà Tấu" in client.get(page).text


def test_what_ended_without_a_follower_is_said_plainly(
    client: FlaskClient, mails: KeptMails
) -> None:
    with write_unit():
        unit = make_unit("99020", name="Xã Đã Hết", valid_to=date(2025, 12, 31))
        body = an_organisation()
        body.valid_to = date(2025, 12, 31)
    alert = a_reader(unit=f"{unit.code_system}:{unit.code}", office=str(body.id))
    page = client.get(f"/nhan-tin/{token_of(alert, MANAGE)}").text
    assert "Xã Đã Hết (đã kết thúc, không có đơn vị kế tiếp)" in page
    assert f"{body.name} (đã kết thúc, không có cơ quan kế tiếp)" in page


def test_a_follower_of_an_office_follows_through_several_mergers(mails: KeptMails) -> None:
    first, second = an_organisation(), an_organisation(unit=a_unit(NA_TAU))
    last = an_organisation(unit=a_unit("03328"))
    with write_unit():
        for old, new, ended in ((first, second, 10), (second, last, 20)):
            body = session().merge(old)
            body.successor_id, body.valid_to = new.id, date(2026, 2, ended)
    assert organisations_followed(first.id, TODAY) == {first.id, second.id, last.id}
    assert organisations_followed(first.id, date(2026, 2, 15)) == {first.id, second.id}
    assert organisations_followed(last.id, TODAY) == {last.id}
    heard = organisations_hearing([last.id, first.id], TODAY)
    assert heard[last.id] >= {first.id, second.id, last.id}
    assert first.id in heard[first.id] and heard[first.id].isdisjoint({second.id, last.id})


def test_the_form_keeps_the_old_unit_it_was_opened_with(client: FlaskClient) -> None:
    with write_unit():
        make_unit("99020", name="Xã Đã Hết", valid_to=date(2025, 12, 31))
    page = client.get("/nhan-tin?unit=gso-2025:99020").text
    assert '<option value="gso-2025:99020" selected>Xã Đã Hết</option>' in page
