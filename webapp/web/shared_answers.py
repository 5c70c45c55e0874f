"""Answers that are the same for everyone: cookies ignored, kept by caches, compressed.

A blueprint marked with ``shared`` neither reads nor sets a session, so that what a cache keeps of
one reader can be given to any other.
"""

import gzip

from flask import Blueprint, Flask, Request, Response, request
from flask.blueprints import BlueprintSetupState
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

CACHE_CONTROL = "public, max-age=15, stale-while-revalidate=60"
VARY = ("Accept-Encoding", "Accept-Language")
WORTH_COMPRESSING = 600
_KEY = "matxanh_shared"


class SharedSessions(SecureCookieSessionInterface):
    """The usual signed cookie, except that shared answers have none to read or write."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:  # type: ignore[override]  # a null session is a session too
        if not _is_shared(app, request):
            return super().open_session(app, request)
        # Without the header no extension can find a sign-in or a remembered one either.
        request.environ.pop("HTTP_COOKIE", None)
        return self.make_null_session(app)


def _is_shared(app: Flask, asked: Request) -> bool:
    adapter = app.create_url_adapter(asked)
    try:
        endpoint = adapter.match()[0] if adapter else ""
    except (HTTPException, RequestRedirect):
        return False
    return endpoint.rpartition(".")[0] in app.extensions[_KEY]


def shared(blueprint: Blueprint) -> Blueprint:
    """Mark a blueprint of public GET pages: every answer is the same for all."""

    def note(state: BlueprintSetupState) -> None:
        state.app.extensions[_KEY].add(state.name)

    blueprint.record(note)
    blueprint.after_request(_for_caches)
    return blueprint


def init_shared_answers(app: Flask) -> None:
    """Install the session rule; before any blueprint is registered."""
    app.extensions[_KEY] = set()
    app.session_interface = SharedSessions()


def _for_caches(response: Response) -> Response:
    """Cache headers, a weak ETag of the content unless the view set its own, compression."""
    if response.status_code not in {200, 301, 302, 304}:
        return response
    response.headers.setdefault("Cache-Control", CACHE_CONTROL)
    response.vary.update(VARY)
    if response.status_code == 200 and not response.direct_passthrough:
        if not response.get_etag()[0]:
            response.add_etag(weak=True)
        response.make_conditional(request.environ)
        _compress(response)
    return response


def _compress(response: Response) -> None:
    if response.status_code != 200 or not request.accept_encodings["gzip"]:
        return
    body = response.get_data()
    if len(body) >= WORTH_COMPRESSING:
        # A fixed time in the header keeps equal answers equal byte for byte.
        response.set_data(gzip.compress(body, compresslevel=5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
