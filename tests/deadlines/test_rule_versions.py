"""Rules change from a day on; a clock that runs keeps the rule it started under."""

from datetime import date, timedelta

import pytest
from flask import Flask

from tests.factories.accounts import make_person, sign_in
from tests.factories.clock import FrozenClock
from tests.factories.directory import DIEN_BIEN, a_unit
from webapp.audit.operations import Subject
from webapp.core.actor import Actor
from webapp.core.errors import Conflict, Forbidden, Invalid
from webapp.core.unit_of_work import write_unit
from webapp.deadlines.operations import start_clock
from webapp.deadlines.rule_table import clock_rules
from webapp.deadlines.rules import add_version, every_rule, rule_versions

TODAY = date(2026, 3, 2)
SOURCE = "Quy chế phối hợp số 12/QC, ký ngày 01/03/2026"


@pytest.fixture
def admin(app: Flask, frozen: FrozenClock) -> tuple[Actor, str]:
    with write_unit():
        account, actor = make_person("admin", unit=a_unit(DIEN_BIEN))
        return actor, account.email


def rule_id(key: str = "front_reco_reply") -> int:
    return next(each.newest.id for each in every_rule() if each.newest.key == key)


def test_running_clocks_keep_their_rule(admin: tuple[Actor, str], frozen: FrozenClock) -> None:
    with write_unit():
        old = start_clock("front_reco_reply", Subject("recommendation", 1))
        added = add_version(
            admin[0], rule_id(), amount=20, due_soon=4, valid_from=date(2026, 3, 9), source=SOURCE
        )
    assert (old.rule.amount, old.rule.valid_to) == (15, date(2026, 3, 8))
    frozen.forward(days=6)
    with write_unit():
        assert start_clock("front_reco_reply", Subject("recommendation", 2)).rule.amount == 15
    frozen.forward(days=1)
    with write_unit():
        assert start_clock("front_reco_reply", Subject("recommendation", 3)).rule.id == added.id
        assert old.rule.amount == 15
    assert [each.amount for each in rule_versions(added.id).versions] == [20, 15]


def test_every_rule_has_its_own_name_in_the_shipped_order(admin: tuple[Actor, str]) -> None:
    shipped = [(row.key, row.category, row.severity, row.level) for row in clock_rules()]
    told = [(each.newest, each.label.vi) for each in every_rule()]
    assert [(row.key, row.category, row.severity, row.level) for row, _label in told] == shipped
    assert [label for _row, label in told] == [row.label.vi for row in clock_rules()]
    assert {label for row, label in told if row.key == "conclude"} == {
        "Cơ quan cấp xã kết luận",
        "Cơ quan cấp tỉnh kết luận",
    }


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("amount", {"amount": 0, "due_soon": 0}),
        ("amount", {"amount": 401}),
        ("due_soon", {"due_soon": 21}),
        ("valid_from", {"valid_from": TODAY - timedelta(days=1)}),
        ("source", {"source": "  "}),
        ("source", {"source": "x" * 201}),
    ],
)
def test_what_makes_no_rule_is_said_by_field(
    admin: tuple[Actor, str], field: str, changes: dict[str, object]
) -> None:
    told = {"amount": 20, "due_soon": 4, "valid_from": TODAY, "source": SOURCE} | changes
    with write_unit(), pytest.raises(Invalid) as caught:
        add_version(admin[0], rule_id(), **told)  # type: ignore[arg-type]  # typed by the table
    assert set(caught.value.fields) == {field}


def test_a_version_follows_the_newest_and_only_by_the_keeper(admin: tuple[Actor, str]) -> None:
    first = rule_id()
    with write_unit():
        _, officer = make_person("front_commune", unit=a_unit())
        add_version(
            admin[0], first, amount=20, due_soon=4, valid_from=date(2026, 4, 1), source=SOURCE
        )
        told = {"amount": 9, "due_soon": 1, "valid_from": date(2026, 5, 1), "source": SOURCE}
        with pytest.raises(Conflict):
            add_version(admin[0], first, **told)  # type: ignore[arg-type]
        with pytest.raises(Forbidden):
            add_version(officer, rule_id(), **told)  # type: ignore[arg-type]
    assert [each.amount for each in rule_versions(first).versions] == [20, 15]


def test_the_pages(app: Flask, admin: tuple[Actor, str]) -> None:
    client = app.test_client()
    sign_in(client, admin[1])
    page = client.get("/can-bo/quy-tac-thoi-han")
    assert "15 ngày làm việc" in page.text
    path = f"/can-bo/quy-tac-thoi-han/{rule_id()}"
    form = client.get(path).text
    token = form.split('name="csrf_token" value="')[1].split('"')[0]
    told = {"csrf_token": token, "amount": "20", "due_soon": "4", "source": SOURCE}
    assert client.post(path, data=told | {"valid_from": "2026-02-01"}).status_code == 422
    assert client.post(path, data=told | {"valid_from": "2026-04-01"}).status_code == 303
    assert "Từ 01/04/2026: 20" in client.get("/can-bo/quy-tac-thoi-han").text
    assert client.post(path, data=told | {"valid_from": "2026-05-01"}).status_code == 409
