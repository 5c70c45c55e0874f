"""Photos as pages show them: only what our encoder made, under names made by the server."""

from flask import Blueprint, Response, request

from webapp.media import queries
from webapp.media.models import Rendition
from webapp.web.current_actor import current_actor
from webapp.web.guards import for_signed_in, public

bp = Blueprint("media", __name__)

# Short, because a retracted photo must leave caches too.
_PUBLIC = "public, max-age=300"
_PRIVATE = "private, no-store"
_NO_PAGE = "default-src 'none'; sandbox"


@bp.get("/anh/<uid>/<kind>.jpg")
@public
def public_photo(uid: str, kind: str) -> Response:
    """An approved photo; the same bytes for everybody."""
    rendition = queries.public_rendition(uid, kind)
    answer = _picture(uid, rendition, _PUBLIC)
    # The name of the file is the hash of what is served.
    answer.set_etag(rendition.file_key.rpartition("/")[2])
    answer.make_conditional(request)
    return answer


@bp.get("/can-bo/anh/<uid>/<kind>")
@for_signed_in
def staff_photo(uid: str, kind: str) -> Response:
    """A photo that some feature shows to this officer."""
    return _picture(uid, queries.staff_rendition(current_actor(), uid, kind), _PRIVATE)


def _picture(uid: str, rendition: Rendition, caching: str) -> Response:
    answer = Response(queries.content_of(rendition), content_type=rendition.mime)
    answer.headers["Cache-Control"] = caching
    answer.headers["Content-Security-Policy"] = _NO_PAGE
    answer.headers["Content-Disposition"] = f"inline; filename={uid}.jpg"
    return answer
