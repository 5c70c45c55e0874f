"""``flask audit verify``: whether every entry of the log still follows from the one before."""

import click
from flask.cli import AppGroup

from webapp.audit.queries import count_entries, first_broken_entry

audit = AppGroup("audit", help="Nhật ký thao tác.")


@audit.command("verify")
def verify() -> None:
    """Kiểm tra chuỗi nhật ký từ dòng đầu; có dòng bị sửa, bị xóa thì báo dòng đầu tiên, mã 1."""
    broken = first_broken_entry()
    if broken is not None:
        click.echo(f"Nhật ký không còn nguyên vẹn từ dòng số {broken}.", err=True)
        raise SystemExit(1)
    click.echo(f"Nhật ký nguyên vẹn: {count_entries()} dòng.")
