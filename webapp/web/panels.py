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
    app.extensions[_KEY] = sorted(panels, key=lambda panel: (panel.place, panel.order))


def render_panels(place: str, actor: Actor, subject: Any) -> list[str]:
    """The markup of every panel of a place that has something to show."""
    panels: list[Panel] = current_app.extensions[_KEY]
    shown = (panel.render(actor, subject) for panel in panels if panel.place == place)
    return [markup for markup in shown if markup]
