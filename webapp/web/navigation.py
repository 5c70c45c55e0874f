"""The staff menu: a table of entries, shown to those whose permissions open them."""

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

from flask import Flask, current_app, request, url_for

from webapp.core.actor import Actor
from webapp.core.permissions import Permission
from webapp.core.text import Text
from webapp.web.current_actor import current_actor
from webapp.web.locale import choose, translated

_KEY = "matxanh_navigation"


@dataclass(frozen=True)
class Entry:
    """One entry of the staff menu; without permissions it is for everybody who is signed in."""

    label: Text
    endpoint: str
    permissions: tuple[Permission, ...]


class Link(NamedTuple):
    """An entry as the template shows it."""

    label: str
    url: str
    endpoint: str


class Menu(NamedTuple):
    """What somebody may open: in the order of the menu, and by endpoint."""

    links: tuple[Link, ...]
    at: dict[str, Link]


def init_navigation(app: Flask, entries: tuple[Entry, ...]) -> None:
    """Set the menu; offer ``navigation()`` and ``current_actor()`` to templates."""
    app.extensions[_KEY] = lru_cache(maxsize=256)(partial(_open_to, entries))
    app.jinja_env.globals.update(navigation=menu, current_actor=current_actor)


def menu() -> Menu:
    """The entries that the present actor may open, in the language of the request."""
    found: Menu = current_app.extensions[_KEY](current_actor(), choose(), request.script_root)
    return found


def _open_to(entries: tuple[Entry, ...], actor: Actor, _language: str, _root: str) -> Menu:
    """Kept under the actor with all rights: a role that ends leads to another menu at once."""
    links = tuple(
        Link(translated(entry.label), url_for(entry.endpoint), entry.endpoint)
        for entry in entries
        if not entry.permissions or any(map(actor.may, entry.permissions))
    )
    return Menu(links, {each.endpoint: each for each in links})
