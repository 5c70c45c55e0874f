"""Characters no database takes: a NUL in an address, a form or a JSON text is refused at the door.

PostgreSQL stores no NUL; let through it would end as a server error deep inside a query.
"""

from collections.abc import Iterable, Iterator

from flask import Flask, request

from webapp.core.errors import BadRequest
from webapp.core.text import _

NUL = "\0"
_NUL_IN_JSON = b"\\u0000"


def init_plain_text(app: Flask) -> None:
    """Look at every request before any view does."""
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    in_json = request.is_json and _NUL_IN_JSON in request.get_data()
    if in_json or any(NUL in text for text in _texts()):
        raise BadRequest(_("Có ký tự không đọc được. Xin gõ lại rồi gửi."))


def _texts() -> Iterator[str]:
    yield request.path
    for name, value in (*request.args.items(multi=True), *_form()):
        yield name
        yield value


def _form() -> Iterable[tuple[str, str]]:
    """The fields of the body; to look for them in a request without one is a tenth of an answer."""
    has_body = request.content_length or "Transfer-Encoding" in request.headers
    return request.form.items(multi=True) if has_body else ()
