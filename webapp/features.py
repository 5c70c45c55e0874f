"""What the application is made of: blueprints, outbox handlers, panels, in one table each."""

from collections.abc import Callable

from click import Command
from flask import Blueprint, Flask

BLUEPRINTS: tuple[Blueprint, ...] = ()
OUTBOX_HANDLERS: dict[str, Callable[..., None]] = {}
COMMANDS: tuple[Command, ...] = ()
INIT: tuple[Callable[[Flask], None], ...] = ()
