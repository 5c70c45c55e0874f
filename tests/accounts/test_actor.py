"""A session becomes an actor by what is in force at the request: role x validity."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ColumnElement, event, update

from tests.factories.accounts import actor_with, assign, make_person, sign_in
from tests.factories.directory import (
    DIEN_BIEN,
    MUONG_PHANG,
    NA_TAU,
    TODAY,
    a_unit,
    an_organisation,
)
from webapp.accounts.models import Account, Assignment
from webapp.accounts.queries import actor_of
from webapp.accounts.role_table import roles
from webapp.core.actor import Level
from webapp.core.base import Base
from webapp.core.clock import today_local
from webapp.core.permissions import Permission
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Organisation, Unit
from webapp.directory.queries import organisation_of, predecessors
from webapp.extensions import db
from webapp.reporting.permissions import DECIDE

HELD = [row for row in roles() if set(row.levels) & {"commune", "province"}]
DESK = "/can-bo/danh-ba"


def test_a_commune_officer_holds_the_commune_and_what_it_took_in(app: Flask) -> None:
    unit = a_unit()
    with write_unit():
        _account, actor = make_person("front_commune", unit=unit)
    (grant,) = actor.grants
    assert (grant.role, grant.level) == ("front_commune", Level.COMMUNE)
    assert grant.organisation_id == an_organisation().id
    assert actor.units_for(DECIDE) == {unit.id, *(old.id for old in predecessors(unit))}
    assert a_unit(NA_TAU).id not in actor.units_for(DECIDE)
    assert actor_with("front_commune", unit).units_for(DECIDE) == actor.units_for(DECIDE)


def test_a_province_officer_holds_every_commune(app: Flask) -> None:
    province = a_unit(DIEN_BIEN)
    with write_unit():
        _account, actor = make_person("front_province", unit=province)
    assert actor.grants[0].level is Level.PROVINCE
    assert {a_unit(MUONG_PHANG).id, a_unit(NA_TAU).id} <= actor.units_for(DECIDE)
    assert a_unit("01840").id not in actor.units_for(DECIDE)


@pytest.mark.parametrize("row", HELD, ids=lambda row: row.code)
def test_each_role_permits_what_the_table_says_while_it_is_valid(app: Flask, row: object) -> None:
    assert hasattr(row, "code")
    level = "commune" if "commune" in row.levels else "province"
    unit = a_unit() if level == "commune" else a_unit(DIEN_BIEN)
    with write_unit():
        account, _actor = make_person(
            row.code, unit=unit, valid_from=date(2026, 1, 10), valid_to=date(2026, 3, 31)
        )
    for day, valid in (
        (date(2026, 1, 9), False),
        (date(2026, 1, 10), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
    ):
        actor = actor_of(account, day)
        for name in row.permissions:
            assert actor.may(Permission(name)) is valid, (name, day)
        assert bool(actor.grants) is valid


def test_two_roles_stay_apart(app: Flask) -> None:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
        assign(account.person, "publisher", a_unit(NA_TAU))
    actor = actor_of(account, TODAY)
    assert a_unit(NA_TAU).id not in actor.units_for(DECIDE)
    publish = Permission("outcomes.publish")
    assert a_unit(NA_TAU).id in actor.units_for(publish)
    assert a_unit().id not in actor.units_for(publish)


def test_an_officer_of_an_ended_unit_loses_everything(app: Flask) -> None:
    old = a_unit(MUONG_PHANG, "gso-2021")
    last_day = date(2025, 6, 30)
    front = organisation_of(old.id, "front", last_day)
    with write_unit():
        account, _actor = make_person(
            "front_commune", unit=old, organisation=front, valid_from=date(2024, 1, 1)
        )
    assert actor_of(account, last_day).may(DECIDE)
    assert not actor_of(account, last_day + timedelta(days=1)).may(DECIDE)


def test_a_disabled_account_holds_nothing(app: Flask) -> None:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
        account.active = False
    assert actor_of(account, TODAY).grants == ()


def test_one_statement_however_many_roles(app: Flask) -> None:
    with write_unit():
        account, _actor = make_person("front_province", unit=a_unit(DIEN_BIEN))
        for code in (MUONG_PHANG, NA_TAU):
            assign(account.person, "publisher", a_unit(code))
    session().expunge_all()
    account = session().get_one(Account, account.id)
    counted: list[str] = []

    def count(_c: object, _cur: object, statement: str, *_more: object) -> None:
        counted.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        actor_of(account, TODAY)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert len(counted) == 1, counted


@pytest.fixture
def admin(app: Flask, client: FlaskClient) -> Account:
    province = a_unit(DIEN_BIEN)
    with write_unit():
        body = an_organisation("platform", unit=province)
        account, _actor = make_person("admin", unit=province, organisation=body)
    sign_in(client, account.email)
    assert client.get(DESK).status_code == 200
    return account


def test_an_ended_assignment_is_judged_at_the_next_request(
    client: FlaskClient, admin: Account
) -> None:
    yesterday = today_local() - timedelta(days=1)
    with write_unit():
        session().execute(update(Assignment).values(valid_to=yesterday))
    assert client.get(DESK).status_code == 403


@pytest.mark.parametrize(
    ("model", "this"),
    [(Organisation, Organisation.kind == "platform"), (Unit, Unit.code == DIEN_BIEN)],
    ids=["organisation", "unit"],
)
def test_what_it_is_for_may_end_too(
    client: FlaskClient, admin: Account, model: type[Base], this: ColumnElement[bool]
) -> None:
    yesterday = today_local() - timedelta(days=1)
    with write_unit():
        session().execute(update(model).where(this).values(valid_to=yesterday))
    assert client.get(DESK).status_code == 403


def test_a_new_role_works_at_the_next_request(client: FlaskClient, app: Flask) -> None:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
    sign_in(client, account.email)
    assert client.get(DESK).status_code == 403
    with write_unit():
        province = a_unit(DIEN_BIEN)
        body = an_organisation("platform", unit=province)
        assign(session().get_one(Account, account.id).person, "admin", province, body)
    assert client.get(DESK).status_code == 200
