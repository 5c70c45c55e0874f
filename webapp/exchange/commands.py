"""The same files from the command line, always with an officer's own rights and in the log."""

from pathlib import Path

import click
from flask.cli import AppGroup

from webapp.accounts.queries import account_by_email, actor_of
from webapp.core.actor import Actor
from webapp.core.clock import today_local
from webapp.core.errors import DomainError
from webapp.core.unit_of_work import write_unit
from webapp.exchange.export import KINDS, export_cases
from webapp.exchange.operations import WRONG, RowResult, keep_file, look_at, take_over
from webapp.exchange.queries import ExportQuestion
from webapp.open_data.addresses import outside_request
from webapp.triage.filters import CASES, queue_filters

exchange = AppGroup("exchange", help="Trao đổi vụ việc với hệ thống phản ánh của Mặt trận.")
_WORDS = {"new": "mới", "noted": "ghi số", "known": "đã có, không đổi", "wrong": "cần sửa"}
_as_officer = click.option(
    "--as", "email", required=True, help="Tài khoản cán bộ: tệp lập theo quyền của người này."
)


@exchange.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_as_officer
@click.option("--category", default="", help="Mã loại việc.")
@click.option("--state", default="", help="Mã tình trạng.")
@click.option("--ended/--open", default=True, help="Cả vụ việc đã kết thúc, hay chỉ việc đang mở.")
def export(file: Path, email: str, category: str, state: str, ended: bool) -> None:
    """Xuất vụ việc ra tệp .csv hoặc .json, không có danh tính."""
    kind = file.suffix.lstrip(".").lower()
    if kind not in KINDS:
        raise click.ClickException("Tên tệp phải kết thúc bằng .csv hoặc .json.")
    filters = queue_filters({"tab": CASES, "category": category, "state": state})
    try:
        with outside_request(), write_unit():
            content = export_cases(_officer(email), ExportQuestion(filters, ended), kind)
    except DomainError as refused:
        raise click.ClickException(str(refused.detail)) from None
    file.write_bytes(content)
    click.echo(f"Đã ghi {file}.")


@exchange.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_as_officer
@click.option("--open-cases", is_flag=True, help="Mở vụ việc ngay, thay vì để trong hàng đợi.")
@click.option("--dry-run", is_flag=True, help="Chỉ xem kết quả từng dòng, không ghi gì.")
def bring(file: Path, email: str, open_cases: bool, dry_run: bool) -> None:
    """Nạp tệp .csv hoặc .json của hệ thống kia; số tham chiếu đã có thì không đổi gì."""
    content = file.read_bytes()
    try:
        actor = _officer(email)
        results = look_at(actor, content, opens_cases=open_cases)
        _tell(results)
        if dry_run:
            return
        with write_unit():
            uid = keep_file(actor, content, opens_cases=open_cases, rows=len(results)).uid
            take_over(actor, uid)
    except DomainError as refused:
        raise click.ClickException(str(refused.detail)) from None
    click.echo("Đã nạp.")


def _officer(email: str) -> Actor:
    account = account_by_email(email)
    if account is None or not account.active:
        raise click.ClickException(f"Không có tài khoản {email} đang dùng.")
    return actor_of(account, today_local())


def _tell(results: list[RowResult]) -> None:
    for each in results:
        click.echo(
            f"Dòng {each.line} {each.number}: {_WORDS[each.kind]} {each.code or ''}".rstrip()
        )
        for column, words in each.wrong.items():
            click.echo(f"  {column or 'dòng'}: {words}", err=True)
    wrong = sum(each.kind == WRONG for each in results)
    if wrong:
        raise click.ClickException(f"{wrong} dòng cần sửa. Chưa ghi gì.")
