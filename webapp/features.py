"""What the application is made of: blueprints, outbox handlers, panels, in one table each."""

from collections.abc import Callable

from click import Command
from flask import Blueprint, Flask

import webapp.accounts.security
import webapp.cases.presentation
import webapp.cases.views.staff
import webapp.deadlines.operations
import webapp.jobs.commands
import webapp.jobs.views
import webapp.media.operations
import webapp.media.views
import webapp.notifications.operations
import webapp.notifications.views
import webapp.reporting.views.api
from webapp.web.api import ApiBlueprint
from webapp.web.navigation import Entry
from webapp.web.panels import Panel

BLUEPRINTS: tuple[Blueprint, ...] = (
    webapp.jobs.views.bp,
    webapp.media.views.bp,
    webapp.notifications.views.bp,
    webapp.cases.views.staff.bp,
)
API_BLUEPRINTS: tuple[ApiBlueprint, ...] = (webapp.reporting.views.api.bp,)
OUTBOX_HANDLERS: dict[str, Callable[..., None]] = {
    "media.render": webapp.media.operations.render_photo,
    "media.remove_file": webapp.media.operations.remove_file,
    "deadlines.recompute": webapp.deadlines.operations.recompute_clocks,
    "notifications.send": webapp.notifications.operations.send_notice,
    "notifications.mail": webapp.notifications.operations.send_mail,
}
COMMANDS: tuple[Command, ...] = (webapp.jobs.commands.worker,)
INIT: tuple[Callable[[Flask], None], ...] = (
    webapp.notifications.views.init_notifications,
    webapp.accounts.security.init_accounts,
    webapp.cases.presentation.init_presentation,
)
NAVIGATION: tuple[Entry, ...] = ()
PANELS: tuple[Panel, ...] = ()
