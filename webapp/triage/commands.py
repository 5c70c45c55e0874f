"""Commands of the desk."""

import click
from flask.cli import AppGroup

from webapp.core.unit_of_work import write_unit
from webapp.triage.operations.ranking import rank_some

triage = AppGroup("triage", help="Bàn làm việc: tính lại thứ tự hàng đợi.")


@triage.command("rank")
def rank() -> None:
    """Tính lại thứ tự của mọi phản ánh đang chờ và vụ việc đang mở, sau khi đổi bảng điểm."""
    moved = 0
    for kind in ("report", "case"):
        last: int | None = 0
        while last is not None:
            with write_unit():
                changed, last = rank_some(kind, after=last)
            moved += changed
    click.echo(f"{moved} phản ánh, vụ việc đổi chỗ trong hàng đợi.")
