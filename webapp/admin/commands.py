"""``flask keys rotate``: everything sealed goes under the newest identity key."""

import click
from flask.cli import AppGroup

from webapp.audit.operations import Subject, record
from webapp.core import crypto
from webapp.core.actor import SYSTEM
from webapp.core.resealing import reseal_all
from webapp.core.unit_of_work import write_unit

keys = AppGroup("keys", help="Khóa niêm phong danh tính.")


@keys.command("rotate")
def rotate() -> None:
    """Niêm phong lại mọi thứ bằng khóa mới nhất trong MATXANH_IDENTITY_KEYS; chạy lại được."""
    told = reseal_all()
    with write_unit():
        record(
            SYSTEM,
            "keys.rotate",
            Subject("identity_key", crypto.ring().current),
            resealed=sum(each.resealed for each in told),
            broken=sum(each.broken for each in told),
        )
    for each in told:
        click.echo(f"{each.name}: {each.values} mục, {each.resealed} mục niêm phong lại")
    broken = [each for each in told if each.broken]
    for each in broken:
        click.echo(f"{each.name}: {each.broken} mục không khóa nào mở được", err=True)
    if broken:
        raise SystemExit(1)
    click.echo(f"Mọi thứ đã nằm dưới khóa {crypto.ring().current}. Có thể bỏ các khóa cũ sau khi")
    click.echo("việc nền ban đêm đã xóa các tệp cũ (hoặc chạy: flask files sweep).")
