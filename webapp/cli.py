"""Commands that belong to no feature."""

from pkgutil import resolve_name
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


class LateCommand(click.Command):
    """A command whose module is read when it is asked for: servers do without it.

    ``place`` is the module and the name in it. Alembic alone takes 11 MB.
    """

    def __init__(self, name: str, place: str, help_text: str) -> None:
        super().__init__(name, help=help_text)
        self._place = place

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """The context of the command itself, which click then runs."""
        command: click.Command = resolve_name(self._place)
        return command.make_context(info_name, args, parent, **extra)


LATE_COMMANDS = (
    LateCommand("db", "flask_migrate.cli:db", "Bảng của cơ sở dữ liệu: tạo, nâng cấp."),
    LateCommand("bench", "webapp.bench.commands:bench", "Đo tốc độ."),
    LateCommand("demo", "webapp.demo.commands:demo", "Dữ liệu thử, chỉ dùng trên máy của mình."),
    LateCommand("directory", "webapp.directory.commands:directory", "Địa bàn, ranh giới."),
)
