"""The demo sign-ins: the contract's list, and nowhere but on one's own machine."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.accounts.test_sign_in import is_in, sign_in
from webapp.accounts.demo import PASSWORD, SIGN_INS, create_demo_accounts
from webapp.accounts.models import Device
from webapp.accounts.policy import DEMO_DOMAIN
from webapp.accounts.queries import account_by_email, actor_of
from webapp.config import Settings
from webapp.core.clock import today_local
from webapp.core.errors import Forbidden
from webapp.core.permissions import Permission
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import limiter
from webapp.notifications.models import Notice

CONTRACT = {
    "mattran.xa", "chutich.mattran", "mattran.tinh", "lanhdao.xa", "moitruong.xa",
    "moitruong.tinh", "totuquan", "congkhai", "congkhai2", "chutich.mattran.tinh", "lanhdao.so",
    "truc.tinh", "bancongtac", "thugom", "nguoidan", "kiemsoat", "quantri",
}  # fmt: skip
EXPOSED = [
    {"production": True, "public_url": "https://matxanh.example"},
    {"public_url": "https://matxanh.example"},
    {"bind": "0.0.0.0:8000"},
    {"bind": "192.168.1.5:8000"},
]


def expose(app: Flask, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]) -> None:
    settings: Settings = app.extensions["matxanh_settings"]
    exposed = replace(settings, **changes)  # type: ignore[arg-type]  # a table of settings
    monkeypatch.setitem(app.extensions, "matxanh_settings", exposed)


@pytest.fixture(autouse=True)
def _forget_failures(app: Flask) -> None:
    limiter.storage.reset()


def test_the_list_is_the_contracts(app: Flask) -> None:
    assert {row.local for row in SIGN_INS} == CONTRACT
    with write_unit():
        accounts = create_demo_accounts()
    assert {account.email for account in accounts} == {f"{name}@demo" for name in CONTRACT}
    assert all(account.person.name.endswith("(thử)") for account in accounts)


def test_making_them_again_adds_none(app: Flask) -> None:
    with write_unit():
        first = create_demo_accounts()
    with write_unit():
        second = create_demo_accounts()
    assert [account.id for account in first] == [account.id for account in second]


def test_each_may_what_the_role_says(app: Flask) -> None:
    with write_unit():
        accounts = {account.email: account for account in create_demo_accounts()}
    for local, permission in (
        ("mattran.xa", "reporting.decide"),
        ("chutich.mattran", "casework.sign"),
        ("mattran.tinh", "cases.raise_take"),
        ("lanhdao.xa", "cases.approve_conclusion"),
        ("lanhdao.so", "cases.approve_conclusion"),
        ("moitruong.xa", "cases.handle"),
        ("totuquan", "cases.record_verification"),
        ("bancongtac", "reporting.submit_on_behalf"),
        ("thugom", "cases.report_local_result"),
        ("congkhai", "outcomes.publish"),
        ("truc.tinh", "notifications.duty"),
        ("kiemsoat", "audit.read"),
        ("quantri", "directory.manage"),
    ):
        actor = actor_of(accounts[f"{local}@demo"], today_local())
        assert actor.may(Permission(permission)), local
    assert actor_of(accounts["nguoidan@demo"], today_local()).grants == ()


@pytest.mark.parametrize("changes", EXPOSED)
def test_they_are_not_made_where_others_can_reach(
    app: Flask, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
) -> None:
    expose(app, monkeypatch, changes)
    with pytest.raises(Forbidden), write_unit():
        create_demo_accounts()


@pytest.mark.parametrize("changes", EXPOSED)
def test_a_server_that_became_public_lets_none_in_and_throws_the_others_out(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
) -> None:
    with write_unit():
        create_demo_accounts()
    assert sign_in(client, "quantri@demo", PASSWORD).status_code == 303
    assert is_in(client)
    expose(app, monkeypatch, changes)
    assert not is_in(client)
    assert sign_in(app.test_client(), "quantri@demo", PASSWORD).status_code == 422


def test_they_skip_the_second_step(client: FlaskClient, app: Flask, tmp_path: Path) -> None:
    with write_unit():
        create_demo_accounts()
    assert "ma" not in sign_in(client, "mattran.xa@demo", PASSWORD).headers["Location"].split("/")
    assert is_in(client)
    assert "Mắt Xanh" in client.get("/can-bo/tai-khoan/").text


def test_a_second_machine_is_no_news_where_all_share_the_sign_in(
    client: FlaskClient, app: Flask
) -> None:
    with write_unit():
        create_demo_accounts()
    for visitor in (client, app.test_client(), app.test_client()):
        assert sign_in(visitor, "mattran.xa@demo", PASSWORD).status_code == 303
    assert session().scalar(select(func.count(Device.id))) == 3
    assert session().scalar(select(func.count(Notice.id))) == 0


def test_the_command_makes_the_sign_ins_and_may_run_twice(app: Flask) -> None:
    for _twice in range(2):
        done = app.test_cli_runner().invoke(args=["demo", "accounts"])
        assert done.exit_code == 0, done.output
    assert all(account_by_email(f"{row.local}{DEMO_DOMAIN}") for row in SIGN_INS)
