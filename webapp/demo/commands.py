"""``demo load`` and ``demo accounts``."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from webapp.accounts.demo import create_demo_accounts
from webapp.core.errors import DomainError
from webapp.core.unit_of_work import session, write_unit
from webapp.demo.places import make_places
from webapp.demo.play import play
from webapp.demo.replies import make_replies
from webapp.reporting.models import Report

demo = AppGroup("demo", help="Dữ liệu thử, chỉ dùng trên máy của mình.")


@demo.command("accounts")
def accounts() -> None:
    """Tạo các tài khoản thử, không tạo phản ánh."""
    _create_accounts()


@demo.command("load")
@click.option("--scale", default=1.0, show_default=True, help="Tỷ lệ số phản ánh, để thử nhanh.")
def load(scale: float) -> None:
    """Tạo tài khoản thử và khoảng 400 phản ánh; không làm gì khi đã có phản ánh."""
    _create_accounts()
    if session().scalar(select(Report.id).limit(1)) is not None:
        click.echo("Đã có phản ánh, không tạo thêm.")
        return
    make_places()
    make_replies()
    sent = play(click.echo, scale=scale)
    click.echo(f"Đã tạo {sent} phản ánh.")


def _create_accounts() -> None:
    try:
        with write_unit():
            create_demo_accounts()
    except DomainError as error:
        raise click.ClickException(str(error.detail)) from None
