"""Commands that belong to no feature."""

from typing import Any

import click
from flask.cli import AppGroup

from webapp import reference
from webapp.core.unit_of_work import write_unit
from webapp.web.map_script import map_script_url

reference_commands = AppGroup("reference", help="Dữ liệu đi kèm phần mềm.")


@reference_commands.command("load")
def load() -> None:
    """Nạp địa bàn, tổ chức, lịch, vai trò; chạy lại được, không sửa dòng đã có."""
    with write_unit():
        reference.load()
    map_script_url()  # made now, so that no visitor waits for it


class LateMigrations(click.Command):
    """Flask-Migrate's commands, read when one is asked for: servers do without Alembic."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """The context of the group itself, which click then runs."""
        from flask_migrate.cli import db  # see above

        context: click.Context = db.make_context(info_name, args, parent, **extra)
        return context


migration_commands = LateMigrations("db", help="Bảng của cơ sở dữ liệu: tạo, nâng cấp.")
