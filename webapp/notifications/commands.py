"""``flask notices push-key``: the key for Web Push."""

import click
from flask.cli import AppGroup

from webapp.notifications.push import new_secret

notices = AppGroup("notices", help="Notices.")


@notices.command("push-key")
def push_key() -> None:
    """Make a private key for MATXANH_PUSH_KEY; keep it, browsers are bound to it."""
    click.echo(new_secret())
