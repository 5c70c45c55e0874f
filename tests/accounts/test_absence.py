"""Acting for somebody absent: who may, on which days, and what is never passed on."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import assign, make_person, sign_in
from tests.factories.clock import FrozenClock
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from webapp.accounts.absence import Absence, delegate, delegations_of, end_delegation
from webapp.accounts.models import Account, Delegation
from webapp.accounts.queries import actor_of
from webapp.audit.models import AuditEntry
from webapp.casework.permissions import SIGN
from webapp.core.actor import Actor
from webapp.core.clock import today_local
from webapp.core.errors import Forbidden, Invalid, NotFound
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Person
from webapp.jobs.operations import drain
from webapp.notifications.models import MailboxItem

PAGE = "/can-bo/vang-mat/"


@pytest.fixture
def chair(app: Flask, frozen: FrozenClock) -> Actor:
    with write_unit():
        return make_person("front_signer", unit=a_unit(), name="Lò Văn Ín")[1]


@pytest.fixture
def deputy(chair: Actor) -> Account:
    with write_unit():
        return make_person("front_commune", unit=a_unit(), name="Cà Thị Ẳng")[0]


def week() -> Absence:
    return Absence(today_local(), today_local() + timedelta(days=6))


def give(chair: Actor, deputy: Account, absence: Absence | None = None) -> Delegation:
    with write_unit():
        return delegate(
            chair,
            organisation_id=chair.grants[0].organisation_id,
            acting_id=deputy.person_id,
            absence=absence or week(),
        )


def test_the_one_who_acts_holds_the_rights_on_these_days_only(
    chair: Actor, deputy: Account
) -> None:
    today = today_local()
    assert not actor_of(deputy, today).may(SIGN)
    give(chair, deputy)
    on = {day: actor_of(deputy, today + timedelta(days=day)).may(SIGN) for day in (-1, 0, 6, 7)}
    assert on == {-1: False, 0: True, 6: True, 7: False}
    assert actor_of(deputy, today).person_id == deputy.person_id
    audited = select(AuditEntry.id).where(AuditEntry.action == "accounts.delegate")
    assert session().scalars(audited).first() is not None


def test_back_early_ends_it(chair: Actor, deputy: Account) -> None:
    made = give(chair, deputy)
    with pytest.raises(NotFound), write_unit():
        end_delegation(actor_of(deputy, today_local()), made.id)
    with write_unit():
        end_delegation(chair, made.id)
    assert not actor_of(deputy, today_local()).may(SIGN)
    assert delegations_of(chair) == []


def test_what_was_delegated_is_not_passed_on(chair: Actor, deputy: Account) -> None:
    with write_unit():
        third, _actor = make_person("front_commune", unit=a_unit(), name="Mùa A Dơ")
    give(chair, deputy)
    with write_unit():
        delegate(
            actor_of(deputy, today_local()),
            organisation_id=chair.grants[0].organisation_id,
            acting_id=third.person_id,
            absence=week(),
        )
    assert not actor_of(third, today_local()).may(SIGN)


@pytest.mark.parametrize(("days", "told"), [((2, 4), True), ((7, 9), False)])
def test_who_delegated_hears_that_the_stand_in_is_away_too(
    client: FlaskClient, chair: Actor, deputy: Account, days: tuple[int, int], told: bool
) -> None:
    with write_unit():
        third, _actor = make_person("front_commune", unit=a_unit(), name="Mùa A Dơ")
    give(chair, deputy)
    sign_in(client, deputy.email)
    page = client.get(PAGE).text
    assert "Ông/bà đang nhận làm thay Lò Văn Ín" in page and "không chuyển tiếp được" in page
    first, last = (today_local() + timedelta(days=each) for each in days)
    with write_unit():
        away = delegate(
            actor_of(deputy, today_local()),
            organisation_id=chair.grants[0].organisation_id,
            acting_id=third.person_id,
            absence=Absence(first, last),
        )
    drain()
    account = session().scalars(select(Account).where(Account.person_id == chair.person_id)).one()
    sign_in(client, account.email)
    words = "Cà Thị Ẳng, người làm thay ông/bà, cũng vắng"
    page = client.get("/can-bo/thong-bao").text
    assert (words in page, f"từ {first:%d/%m/%Y} đến hết {last:%d/%m/%Y}" in page) == (told, told)
    with write_unit():
        end_delegation(actor_of(deputy, today_local()), away.id)
    assert words not in client.get("/can-bo/thong-bao").text


@pytest.mark.parametrize(
    ("first", "last"), [(3, 1), (-9, -2), (0, 91)], ids=["turned", "past", "too long"]
)
def test_senseless_days_are_refused(chair: Actor, deputy: Account, first: int, last: int) -> None:
    today = today_local()
    days = Absence(today + timedelta(days=first), today + timedelta(days=last))
    with pytest.raises(Invalid) as refused:
        give(chair, deputy, days)
    assert set(refused.value.fields) == {"last"}


def test_twice_for_the_same_days_and_strangers_are_refused(chair: Actor, deputy: Account) -> None:
    give(chair, deputy)
    with pytest.raises(Invalid) as refused:
        give(chair, deputy)
    assert set(refused.value.fields) == {"first"}
    with write_unit():
        stranger, _actor = make_person("front_commune", unit=a_unit(NA_TAU), name="Sùng A Vừ")
    with pytest.raises(Invalid) as refused:
        give(chair, stranger, Absence(date(2031, 1, 1), date(2031, 1, 2)))
    assert set(refused.value.fields) == {"acting"}
    elsewhere = an_organisation(unit=a_unit(NA_TAU)).id
    with pytest.raises(Forbidden), write_unit():
        delegate(chair, organisation_id=elsewhere, acting_id=stranger.person_id, absence=week())


def test_the_page_gives_and_ends(client: FlaskClient, chair: Actor, deputy: Account) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    try:
        account = (
            session().scalars(select(Account).where(Account.person_id == chair.person_id)).one()
        )
        sign_in(client, account.email)
        assert "Cà Thị Ẳng" in client.get(PAGE).text
        who = f"{chair.grants[0].organisation_id}-{deputy.person_id}"
        day = today_local().isoformat()
        bad = client.post(PAGE, data={"acting": who, "first": day, "last": "2020-01-01"})
        assert bad.status_code == 422
        assert "Ngày về phải sau ngày đi." in bad.text
        for made_up in ("", "x-y", "1-", f"{who}-2", "99999999999999999999-1"):
            refused = client.post(PAGE, data={"acting": made_up, "first": day, "last": day})
            assert refused.status_code == 422, made_up
        answer = client.post(PAGE, data={"acting": who, "first": day, "last": day})
        assert answer.status_code == 303
        said = f"{today_local():%d/%m/%Y}"
        page = client.get(PAGE).text
        assert f"Đã ủy quyền cho Cà Thị Ẳng từ {said} đến hết {said}." in page
        assert "Cà Thị Ẳng làm thay ông/bà" in client.get(PAGE).text
        again = client.post(PAGE, data={"acting": who, "first": day, "last": day})
        assert again.status_code == 422
        assert f"đã ủy quyền cho Cà Thị Ẳng ({said} – {said})" in again.text
        made = session().scalars(select(Delegation)).one()
        assert client.post(f"{PAGE}{made.id}/ket-thuc").status_code == 303
        page = client.get(PAGE).text
        assert "Đã kết thúc ủy quyền cho Cà Thị Ẳng." in page
        assert "làm thay ông/bà" not in page
        assert client.post(f"{PAGE}{made.id}/ket-thuc").status_code == 404
    finally:
        client.application.config["WTF_CSRF_ENABLED"] = True


def test_the_last_of_ninety_days_is_the_ninetieth(chair: Actor, deputy: Account) -> None:
    today = today_local()
    with pytest.raises(Invalid) as refused:
        give(chair, deputy, Absence(today, today + timedelta(days=90)))
    assert set(refused.value.fields) == {"last"}
    assert give(chair, deputy, Absence(today, today + timedelta(days=89))).id


def test_nobody_stands_in_who_is_away_themselves(chair: Actor, deputy: Account) -> None:
    with write_unit():
        third, _actor = make_person("front_commune", unit=a_unit(), name="Mùa A Dơ")
    with write_unit():
        delegate(
            actor_of(deputy, today_local()),
            organisation_id=chair.grants[0].organisation_id,
            acting_id=third.person_id,
            absence=Absence(today_local() + timedelta(days=6), today_local() + timedelta(days=9)),
        )
    with pytest.raises(Invalid) as refused:
        give(chair, deputy)
    assert set(refused.value.fields) == {"acting"}
    assert "Cà Thị Ẳng cũng vắng" in str(refused.value.fields["acting"])
    assert give(chair, deputy, Absence(today_local(), today_local() + timedelta(days=5))).id


def told(app: Flask, account: Account) -> str:
    """What the notices of this person say now, as a page."""
    reader = app.test_client()
    sign_in(reader, account.email)
    return reader.get("/can-bo/thong-bao").text


def test_the_one_who_acts_is_told_when_it_is_given_and_when_it_ends(
    app: Flask, chair: Actor, deputy: Account
) -> None:
    made = give(chair, deputy)
    first, last = (f"{day:%d/%m/%Y}" for day in (made.valid_from, made.valid_to))
    page = told(app, deputy)
    assert "Ông/bà làm thay Lò Văn Ín" in page and f"Từ {first} đến hết {last}" in page
    drain()
    [mail] = session().scalars(select(MailboxItem))
    assert mail.recipient == deputy.email and "Lò Văn Ín" in mail.body
    with write_unit():
        end_delegation(chair, made.id)
    page = told(app, deputy)
    assert "Ông/bà thôi làm thay Lò Văn Ín" in page
    # What no longer holds is not said as if it did.
    assert "Ông/bà làm thay Lò Văn Ín" not in page
    with write_unit():
        other, _actor = make_person("front_commune", unit=a_unit(), name="Mùa A Dơ")
    assert "Lò Văn Ín" not in told(app, other)


def test_the_desk_says_for_whom_one_acts_on_these_days_only(
    app: Flask, frozen: FrozenClock, chair: Actor, deputy: Account
) -> None:
    with write_unit():  # who holds two roles is named once
        assign(session().get_one(Person, chair.person_id), "front_commune", a_unit())
    today = today_local()
    give(chair, deputy, Absence(today + timedelta(days=1), today + timedelta(days=2)))
    shown = []
    for _day in range(4):
        desk = app.test_client()
        sign_in(desk, deputy.email)
        words = re.sub("<[^>]+>", "", desk.get(PAGE).text)
        shown.append(words.count("Cà Thị Ẳng, làm thay Lò Văn Ín"))
        frozen.forward(days=1)
    assert shown == [0, 1, 1, 0]


def test_of_several_colleagues_one_is_chosen(app: Flask, chair: Actor, deputy: Account) -> None:
    reader = app.test_client()
    account = session().scalars(select(Account).where(Account.person_id == chair.person_id)).one()
    sign_in(reader, account.email)
    assert "Chọn một người" not in reader.get(PAGE).text
    with write_unit():
        make_person("front_commune", unit=a_unit(), name="Mùa A Dơ")
    assert 'value="">Chọn một người</option>' in reader.get(PAGE).text
