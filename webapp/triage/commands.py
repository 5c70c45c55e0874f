"""Commands of the desk."""

import click
from flask.cli import AppGroup

from webapp.triage.operations.ranking import rank_all

triage = AppGroup("triage", help="Bàn làm việc: tính lại thứ tự hàng đợi.")


@triage.command("rank")
def rank() -> None:
    """Tính lại thứ tự của mọi phản ánh đang chờ và vụ việc đang mở, sau khi đổi bảng điểm."""
    moved = rank_all()
    click.echo(f"{moved} phản ánh, vụ việc đổi chỗ trong hàng đợi.")
