"""The staff menu: a table of entries, shown to those whose permissions open them."""

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for

from webapp.core.permissions import Permission
from webapp.core.text import Text
from webapp.web.current_actor import current_actor

_KEY = "matxanh_navigation"


@dataclass(frozen=True)
class Entry:
    """One entry of the staff menu; without permissions it is for everybody who is signed in."""

    label: Text
    endpoint: str
    permissions: tuple[Permission, ...]


@dataclass(frozen=True)
class Link:
    """An entry as the template shows it."""

    label: Text
    url: str
    current: bool


def init_navigation(app: Flask, entries: tuple[Entry, ...]) -> None:
    """Set the menu; offer ``navigation()`` and ``current_actor()`` to templates."""
    app.extensions[_KEY] = entries
    app.jinja_env.globals.update(navigation=links, current_actor=current_actor)


def links() -> list[Link]:
    """The entries that the present actor may open."""
    actor = current_actor()
    entries: tuple[Entry, ...] = current_app.extensions[_KEY]
    return [
        Link(entry.label, url_for(entry.endpoint), request.endpoint == entry.endpoint)
        for entry in entries
        if not entry.permissions or any(map(actor.may, entry.permissions))
    ]
