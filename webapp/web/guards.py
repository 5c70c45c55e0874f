"""Every route declares exactly one guard; a route without one answers 403.

Views of third-party extensions stand in a table with their guard (``mark_endpoints``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from webapp.core.errors import Forbidden
from webapp.core.permissions import Permission
from webapp.web.current_actor import current_actor, signed_in

View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True)
class Guard:
    """Who may enter: ``kind`` is public, code, signed_in, permission or machine."""

    kind: str
    permissions: tuple[Permission, ...] = ()

    def admits(self) -> bool:
        """Whether the present actor may enter; finer rules are the operation's."""
        if self.kind in {"public", "code", "machine"}:
            return True
        if self.kind == "signed_in":
            return signed_in()
        return any(current_actor().may(permission) for permission in self.permissions)


def _mark(guard: Guard) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        if hasattr(view, "guard"):
            raise ValueError(f"{view} has two guards")
        view.guard = guard  # type: ignore[attr-defined]
        return view

    return decorate


def public(view: View) -> View:
    """Anyone, signed in or not; what is shown does not depend on who asks."""
    return _mark(Guard("public"))(view)


def by_code(view: View) -> View:
    """Whoever holds the tracking or follow code; the operation checks the code."""
    return _mark(Guard("code"))(view)


def machine(view: View) -> View:
    """A token or loopback, checked by the view itself (metrics)."""
    return _mark(Guard("machine"))(view)


def for_signed_in(view: View) -> View:
    """Any signed-in person."""
    return _mark(Guard("signed_in"))(view)


def requires(*permissions: Permission) -> Callable[[View], View]:
    """A signed-in person with at least one of these permissions, for any place."""
    return _mark(Guard("permission", permissions))


def guard_of(app: Flask, endpoint: str) -> Guard | None:
    """The guard declared for an endpoint, by its view or in the table of extensions."""
    table: dict[str, Guard] = app.extensions["matxanh_guards"]
    return table.get(endpoint) or getattr(app.view_functions.get(endpoint), "guard", None)


def may_open(path: str) -> bool:
    """Whether the present actor's permissions open this page of the site; never a promise."""
    routes = current_app.url_map.bind("")
    try:
        endpoint, _arguments = routes.match(path.partition("?")[0], method="GET")
    except HTTPException:
        return False
    guard = guard_of(current_app, endpoint)
    return guard is not None and guard.admits()


def mark_endpoints(app: Flask, guards: dict[str, Guard]) -> None:
    """Declare the guards of endpoints that extensions registered."""
    app.extensions["matxanh_guards"].update(guards)


def init_guards(app: Flask) -> None:
    """Check the guard before every request."""
    app.extensions["matxanh_guards"] = {"static": Guard("public")}
    app.before_request(_check)


def _check() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # 404 and 405 have their own pages
    guard = guard_of(current_app, request.endpoint)
    if guard is None:
        raise Forbidden
    if guard.admits():
        return None
    wants_page = request.method == "GET" and not request.path.startswith("/api/")
    if wants_page and not signed_in():
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    raise Forbidden
