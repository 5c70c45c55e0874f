"""Characters no database takes: a NUL in an address, a form or a JSON text is refused at the door.

PostgreSQL stores no NUL; let through it would end as a server error deep inside a query.
"""

from flask import Flask, Request
from flask.globals import request_ctx

from webapp.core.errors import BadRequest
from webapp.core.text import _

NUL = "\0"
_NUL_IN_JSON = b"\\u0000"


def init_plain_text(app: Flask) -> None:
    """Look at every request before any view does."""
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    if _has_nul(request_ctx.request):
        raise BadRequest(_("Có ký tự không đọc được. Xin gõ lại rồi gửi."))


def _has_nul(asked: Request) -> bool:
    """An address is looked at as it was sent: to read it apart first is a tenth of an answer."""
    query = asked.query_string
    if NUL in asked.path or b"%00" in query or NUL.encode() in query:
        return True
    if not (asked.content_length or "Transfer-Encoding" in asked.headers):
        return False
    in_json = asked.is_json and _NUL_IN_JSON in asked.get_data()
    return in_json or any(NUL in text for pair in asked.form.items(multi=True) for text in pair)
