"""``bench seed``."""

import click
from flask import current_app
from flask.cli import AppGroup

from webapp.bench.operations import seed

bench = AppGroup("bench", help="Đo tốc độ.")


@bench.command("seed")
@click.option("--reports", type=click.IntRange(1, 20_000_000), required=True)
def seed_command(reports: int) -> None:
    """Nạp nhanh số phản ánh này cùng vụ việc của chúng, chỉ để đo tốc độ."""
    if current_app.extensions["matxanh_settings"].production:
        raise click.ClickException("không nạp dữ liệu thử trên máy chủ thật")
    added, cases = seed(reports)
    click.echo(f"{added} phản ánh, {cases} vụ việc")
