"""Unit lists, boundaries, schools and clinics from the command line."""

from pathlib import Path

import click
from flask.cli import AppGroup

from geo.boundaries import read_boundaries
from webapp.core.actor import SYSTEM
from webapp.core.unit_of_work import write_unit
from webapp.directory.boundary_import import import_boundaries
from webapp.directory.import_results import ImportProblem, ImportSummary
from webapp.directory.place_lists import read_places
from webapp.directory.places import import_places
from webapp.directory.unit_import import import_units
from webapp.directory.unit_lists import read_units

directory = AppGroup("directory", help="Địa bàn, ranh giới.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_dry_run = click.option("--dry-run", is_flag=True, help="Chỉ xem kết quả, không ghi gì.")


@directory.command("import-units")
@click.argument("file", type=_FILE)
@_dry_run
def units(file: Path, dry_run: bool) -> None:
    """Nạp danh sách đơn vị (CSV hoặc JSON): thêm mới hoặc cập nhật theo bộ mã và mã."""
    found = read_units(file.read_bytes())
    with write_unit():
        summary = import_units(SYSTEM, found, dry_run=dry_run)
    _tell(summary, dry_run, skipped="không đổi")


@directory.command("import-boundaries")
@click.argument("file", type=_FILE)
@click.option("--code-system", required=True, help="Bộ mã của tệp, ví dụ gso-2025.")
@_dry_run
def boundaries(file: Path, code_system: str, dry_run: bool) -> None:
    """Nạp ranh giới (GeoJSON hoặc shapefile nén zip) thay cho ranh giới gần đúng."""
    found = read_boundaries(file.read_bytes())
    with write_unit():
        summary = import_boundaries(SYSTEM, found, code_system=code_system, dry_run=dry_run)
    _tell(summary, dry_run, skipped="bỏ qua vì ngoài địa bàn")


@directory.command("import-places")
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="Bỏ mọi nơi không có trong tệp.")
def places(file: Path, replace: bool) -> None:
    """Nạp trường học, cơ sở y tế (CSV hoặc JSON): việc ở gần lên trước trong hàng đợi."""
    found = read_places(file.read_bytes())
    with write_unit():
        taken = import_places(SYSTEM, found, replace=replace)
    _refuse(taken.read, taken.problems)
    click.echo(f"Đọc {taken.read}, ghi {taken.stored}, bỏ {taken.removed}.")


def _tell(summary: ImportSummary, dry_run: bool, *, skipped: str) -> None:
    _refuse(summary.read, summary.problems)
    verb = "sẽ nạp" if dry_run else "đã nạp"
    click.echo(f"Đọc {summary.read}, {verb} {summary.imported}, {skipped} {summary.skipped}.")


def _refuse(read: int, problems: list[ImportProblem]) -> None:
    for problem in problems:
        place = f"Dòng {problem.row}" if problem.row else "Tệp"
        code = f" (mã {problem.code})" if problem.code else ""
        click.echo(f"{place}{code}: {problem.words}", err=True)
    if problems:
        raise click.ClickException(f"Đọc {read} dòng, {len(problems)} chỗ cần sửa. Chưa ghi gì.")
