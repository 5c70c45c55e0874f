"""``flask files``: what lies in the file store without a row."""

import click
from flask.cli import AppGroup

from webapp.media.sweep import files_without_rows, sweep_files

stored_files = AppGroup("files", help="The store of photos and documents.")


@stored_files.command("orphans")
def orphans() -> None:
    """Liệt kê tệp quá 24 giờ mà không hồ sơ nào dùng."""
    for key in files_without_rows():
        click.echo(key)


@stored_files.command("sweep")
def sweep() -> None:
    """Xóa các tệp đó (việc nền tự làm mỗi đêm)."""
    click.echo(f"Đã xóa {len(sweep_files())} tệp không hồ sơ nào dùng.")
