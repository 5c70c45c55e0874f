"""Commands that belong to no feature."""

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
