"""Answers that are the same for everyone: cookies ignored, kept by caches, compressed.

A blueprint marked with ``shared`` neither reads nor sets a session, so that what a cache keeps of
one reader can be given to any other.
"""

from flask import Blueprint, Response, request, session

from webapp.web.compression import compress_shared
from webapp.web.session_cookie import SHARED

CACHE_CONTROL = "public, max-age=15, stale-while-revalidate=60"
VARY = ("Accept-Encoding", "Accept-Language")


def shared(blueprint: Blueprint) -> Blueprint:
    """Mark a blueprint of public GET pages: every answer is the same for all."""
    blueprint.before_request(_forget_reader)
    blueprint.after_request(_for_caches)
    return blueprint


def _forget_reader() -> None:
    """Drop the cookies before any view, template or extension can look at them."""
    request.environ[SHARED] = True
    request.environ.pop("HTTP_COOKIE", None)
    vars(request).pop("cookies", None)  # what Werkzeug has already read of them
    session.clear()


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
        compress_shared(response)
    return response
