"""What the application is made of: blueprints, outbox handlers, panels, in one table each."""

from collections.abc import Callable

from click import Command
from flask import Blueprint, Flask

from webapp.accounts import security as accounts
from webapp.web.navigation import Entry
from webapp.web.panels import Panel

BLUEPRINTS: tuple[Blueprint, ...] = ()
OUTBOX_HANDLERS: dict[str, Callable[..., None]] = {}
COMMANDS: tuple[Command, ...] = ()
INIT: tuple[Callable[[Flask], None], ...] = (accounts.init_accounts,)
NAVIGATION: tuple[Entry, ...] = ()
PANELS: tuple[Panel, ...] = ()
