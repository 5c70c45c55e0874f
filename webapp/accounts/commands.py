"""Accounts from the command line: what an operator does before and without any page."""

from datetime import datetime

import click
from flask.cli import AppGroup
from flask_security import hash_password

from webapp.accounts.models import Account
from webapp.accounts.operations import (
    Post,
    create_account,
    disable_account,
    require_strong,
    turn_off_second_factor,
)
from webapp.accounts.queries import account_by_email
from webapp.core.actor import SYSTEM
from webapp.core.clock import today_local
from webapp.core.errors import DomainError
from webapp.core.unit_of_work import write_unit
from webapp.directory import queries as directory
from webapp.directory.models import ORGANISATION_KINDS

accounts = AppGroup("accounts", help="Tài khoản của cán bộ.")
_DAY = click.DateTime(["%Y-%m-%d"])


@accounts.command("create-user")
@click.option("--email", required=True, help="Địa chỉ thư điện tử để đăng nhập.")
@click.option("--name", required=True, help="Họ tên, như viết trong văn bản.")
@click.option("--role", "role", required=True, help="Mã vai trò trong roles.toml.")
@click.option("--unit", "unit_code", required=True, help="Mã đơn vị hành chính.")
@click.option("--code-system", default="gso-2025", show_default=True, help="Bộ mã đơn vị.")
@click.option("--organisation", type=click.Choice(ORGANISATION_KINDS), default="front")
@click.option("--valid-from", type=_DAY, help="Ngày bắt đầu, hôm nay nếu bỏ trống.")
@click.option("--valid-to", type=_DAY, help="Ngày cuối cùng, bỏ trống nếu chưa định.")
@click.password_option(help="Mật khẩu đầu tiên, ít nhất 10 ký tự; hỏi nếu không ghi ở đây.")
def create_user(
    email: str,
    name: str,
    role: str,
    unit_code: str,
    code_system: str,
    organisation: str,
    valid_from: datetime | None,
    valid_to: datetime | None,
    password: str,
) -> None:
    """Tạo tài khoản với một vai trò tại một đơn vị."""
    begins = valid_from.date() if valid_from else today_local()
    unit = directory.unit_by_key(code_system, unit_code)
    if unit is None:
        raise click.ClickException(f"Không có đơn vị {unit_code} trong bộ mã {code_system}.")
    body = directory.organisation_of(unit.id, organisation, begins)
    if body is None:
        raise click.ClickException(f"{unit.name} không có tổ chức loại {organisation}.")
    post = Post(role, body, unit, begins, valid_to.date() if valid_to else None)
    try:
        require_strong(password)
        hashed = str(hash_password(password))
        with write_unit():
            create_account(SYSTEM, name=name, email=email, password_hash=hashed, post=post)
    except DomainError as refused:
        raise click.ClickException(str(refused.detail)) from None
    click.echo(f"Đã tạo tài khoản {email}: {role}, {body.name}.")


@accounts.command("disable-user")
@click.argument("email")
def disable_user(email: str) -> None:
    """Khóa tài khoản ngay, kể cả phiên đang mở."""
    account = _account(email)
    with write_unit():
        disable_account(SYSTEM, account)
    click.echo(f"Đã khóa tài khoản {email}.")


@accounts.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Tắt mã xác thực cho người mất cả điện thoại và mã dự phòng."""
    account = _account(email)
    with write_unit():
        turn_off_second_factor(SYSTEM, account)
    click.echo(f"Đã tắt mã xác thực của {email}. Xin nhắc người dùng cài lại.")


def _account(email: str) -> Account:
    account = account_by_email(email)
    if account is None:
        raise click.ClickException(f"Không có tài khoản {email}.")
    return account
