"""Commands on cases."""

import click
from flask.cli import AppGroup

from webapp.cases import counts
from webapp.core.unit_of_work import write_unit

cases = AppGroup("cases", help="Vụ việc: tính lại số đếm trên bản đồ.")


@cases.command("rebuild-counts")
def rebuild_counts() -> None:
    """Tính lại mọi số đếm của bản đồ từ hồ sơ vụ việc; báo có bao nhiêu số đã sai."""
    with write_unit():
        wrong = counts.rebuild()
    click.echo(f"{wrong} số đếm đã sai, nay đúng với hồ sơ.")
