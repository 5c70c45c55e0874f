"""Panels: parts of a page that higher features add to a frame of a lower one.

The frame knows only places; features.py lists who fills them, so sight is always the present one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from webapp.core.actor import Actor

_KEY = "matxanh_panels"


@dataclass(frozen=True)
class Panel:
    """One part: ``place`` such as "case.staff", ``order`` within it, and what renders it.

    ``render`` gets the actor and the page's subject and gives markup, or None for nothing to show.
    """

    place: str
    order: int
    render: Callable[[Actor, Any], str | None]


def init_panels(app: Flask, panels: tuple[Panel, ...]) -> None:
    """Set who fills which place."""
    places: dict[str, list[Panel]] = {}
    for panel in sorted(panels, key=lambda panel: panel.order):
        places.setdefault(panel.place, []).append(panel)
    app.extensions[_KEY] = places


def render_panels(place: str, actor: Actor, subject: Any) -> list[str]:
    """The markup of every panel of a place that has something to show."""
    places: dict[str, list[Panel]] = current_app.extensions[_KEY]
    shown = (panel.render(actor, subject) for panel in places.get(place, ()))
    return [markup for markup in shown if markup]


def panel_markup(template: str, **values: Any) -> str:
    """The markup of one panel, from its template and what it shows.

    The frame is drawn with the request, the session and what extensions add to every page; a panel
    is drawn with its own values alone.
    """
    return current_app.jinja_env.get_template(template).render(values)
