"""Commands that belong to no feature."""

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


class LateMigrations(click.Group):
    """Flask-Migrate's commands, read when one is asked for: servers do without Alembic."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return self._group().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them."""
        return self._group().get_command(ctx, cmd_name)

    def _group(self) -> click.Group:
        from flask_migrate.cli import db  # see above

        group: click.Group = db
        return group


migration_commands = LateMigrations("db", help="Bảng của cơ sở dữ liệu: tạo, nâng cấp.")
