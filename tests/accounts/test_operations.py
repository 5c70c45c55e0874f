"""Making and closing accounts: who may, what is refused, what is written down."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories.accounts import actor_with, make_person
from tests.factories.directory import DIEN_BIEN, a_unit, an_organisation
from webapp.accounts.models import Account, Assignment
from webapp.accounts.operations import (
    Post,
    change_password,
    create_account,
    disable_account,
    require_strong,
    turn_off_second_factor,
    turn_on_second_factor,
)
from webapp.accounts.queries import account_by_email, actor_of
from webapp.accounts.second_factor import matching_step, new_secret, one_time_code, opened_secret
from webapp.accounts.sessions import begin_session, open_session
from webapp.audit.models import AuditEntry
from webapp.core.actor import SYSTEM
from webapp.core.clock import now
from webapp.core.crypto import SealBroken
from webapp.core.errors import Forbidden, Invalid
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Person

HASH = "$argon2id$v=19$m=64,t=1,p=1$x$x"
# RFC 6238, appendix B: secret, instant and the last six of eight digits (SHA-1).
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # published by the standard


def a_post(**changes: Any) -> Post:
    values: dict[str, Any] = {
        "role": "front_commune",
        "organisation": an_organisation(),
        "unit": a_unit(),
        "valid_from": date(2026, 1, 1),
    }
    return Post(**values | changes)


def create(email: str = "lo.thi.ang@mattran", **post: Any) -> Account:
    return create_account(
        SYSTEM, name="Lò Thị Ẳng", email=email, password_hash=HASH, post=a_post(**post)
    )


def test_a_new_account_can_act_and_is_audited(app: Flask) -> None:
    with write_unit():
        account = create("Lo.Thi.Ang@MatTran")
    assert account_by_email("lo.thi.ang@mattran") == account
    assert actor_of(account, date(2026, 3, 2)).grants[0].role == "front_commune"
    entries = session().scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["accounts.create", "accounts.assign"]
    assert entries[1].facts["role"] == "front_commune"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"email": "không phải địa chỉ"}, "email", "chưa đúng"),
        ({"email": "da.co@mattran"}, "email", "đã có tài khoản"),
        ({"role": "vua"}, "role", "Không có vai trò “vua”"),
        ({"role": "front_province"}, "unit", "không giao ở cấp"),
        ({"role": "guest"}, "unit", "không giao ở cấp"),
        ({"valid_to": date(2025, 12, 31)}, "valid_to", "phải sau ngày bắt đầu"),
    ],
)
def test_what_is_refused_stores_nothing(
    app: Flask, changes: dict[str, Any], field: str, words: str
) -> None:
    with write_unit():
        create("da.co@mattran")
    with pytest.raises(Invalid) as refused, write_unit():
        create(**changes)
    assert words in str(refused.value.fields[field])
    for model in (Person, Account, Assignment):
        assert session().scalars(select(func.count()).select_from(model)).one() == 1


def test_only_who_may_manages_accounts(app: Flask) -> None:
    officer = actor_with("front_commune", a_unit())
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
    with pytest.raises(Forbidden), write_unit():
        create_account(officer, name="Lò", email="a@mattran", password_hash=HASH, post=None)
    for act in (disable_account, turn_off_second_factor):
        with pytest.raises(Forbidden), write_unit():
            act(officer, account)
    assert session().get_one(Account, account.id).active


def test_disabling_ends_open_sessions(app: Flask) -> None:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
        begin_session(account, "phien")
    with write_unit():
        disable_account(SYSTEM, account)
    assert (account.active, open_session("phien")) == (False, None)


def test_a_new_password_ends_other_sessions(app: Flask) -> None:
    with write_unit():
        account, actor = make_person("front_commune", unit=a_unit())
        begin_session(account, "phien")
    with write_unit():
        change_password(actor, account, HASH)
    assert account.password == HASH
    assert open_session("phien") is None


def test_short_passwords_are_refused() -> None:
    require_strong("mười ký tự")
    with pytest.raises(Invalid):
        require_strong("chín ký t")


def test_the_secret_is_sealed_and_bound_to_its_account(app: Flask) -> None:
    with write_unit():
        account, actor = make_person("front_commune", unit=a_unit())
    secret = new_secret()
    with write_unit():
        turn_on_second_factor(actor, account, secret)
    stored = account.tf_totp_secret
    assert stored is not None and secret not in stored
    assert opened_secret(stored, account.id) == secret
    with pytest.raises(SealBroken):
        opened_secret(stored, account.id + 1)
    with write_unit():
        turn_off_second_factor(SYSTEM, account)
    assert (account.tf_totp_secret, account.mf_recovery_codes) == (None, None)


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_one_time_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert one_time_code(RFC_SECRET, seconds // 30) == code


def test_a_code_holds_one_step_of_drift() -> None:
    present = int(now().timestamp()) // 30
    for drift, fits in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        code = one_time_code(RFC_SECRET, present + drift)
        assert (matching_step(RFC_SECRET, code, now()) == present + drift) is fits, drift
    assert matching_step(RFC_SECRET, "mã sai", now()) is None


def test_the_command_makes_an_account(app: Flask) -> None:
    runner = app.test_cli_runner()
    command = ["accounts", "create-user", "--email", "can.bo@mattran", "--name", "Cà Sín"]
    post = ["--role", "env_province", "--unit", DIEN_BIEN, "--organisation", "env_office"]
    done = runner.invoke(args=[*command, *post, "--password", "suối trong rừng xanh"])
    assert done.exit_code == 0, done.output
    assert "Sở Nông nghiệp và Môi trường tỉnh Điện Biên" in done.output
    for wrong, words in (
        (["--role", "env_province", "--unit", "99999"], "Không có đơn vị 99999"),
        (["--role", "env_province", "--unit", "03325"], "không giao ở cấp"),
        (["--role", "admin", "--unit", "03325", "--organisation", "platform"], "không có tổ chức"),
    ):
        email = ["--email", "khac@mattran", "--name", "Cà Sín"]
        refused = runner.invoke(
            args=["accounts", "create-user", *email, *wrong, "--password", "suối trong rừng xanh"]
        )
        assert (refused.exit_code, words in refused.output) == (1, True), refused.output
    closed = runner.invoke(args=["accounts", "disable-user", "can.bo@mattran"])
    assert closed.exit_code == 0
    session().rollback()
    account = account_by_email("can.bo@mattran")
    assert account is not None and not account.active
    assert runner.invoke(args=["accounts", "disable-user", "ai.do@x.invalid"]).exit_code == 1
    again = runner.invoke(args=["accounts", "reset-second-factor", "can.bo@mattran"])
    assert again.exit_code == 0
