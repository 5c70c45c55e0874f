"""The actor of the present request. Accounts sets how a person is loaded; guests need nothing."""

from collections.abc import Callable

from flask import Flask, current_app, g

from webapp.core.actor import GUEST, Actor, ActorKind

_KEY = "matxanh_actor_loader"


def set_loader(app: Flask, loader: Callable[[], Actor]) -> None:
    """Register the function that turns the session into an actor."""
    app.extensions[_KEY] = loader


def current_actor() -> Actor:
    """The actor of this request, loaded once."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        actor = g.actor = current_app.extensions.get(_KEY, lambda: GUEST)()
    return actor


def signed_in() -> bool:
    """Whether a person is signed in."""
    return current_actor().kind is ActorKind.PERSON


def known_officer() -> bool:
    """Whether this request has found out that somebody with a role is signed in.

    Asks no database: an error page must come without one.
    """
    return bool(g.get("actor", GUEST).grants)
