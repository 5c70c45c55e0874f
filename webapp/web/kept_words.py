"""What was typed is not lost when a form comes too late: a page that holds it and sends it again.

The page is made of the request alone, so it serves every form. Nothing of the request is carried
out before the person presses the button of this page.
"""

from dataclasses import dataclass

from flask import Response, render_template, request

from webapp.core.text import Text
from webapp.web.locale import translated

_NEVER_KEPT = frozenset({"csrf_token", "password", "current", "again"})
_SHOWN_FROM = 12  # characters; shorter values are choices and numbers
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class KeptWords:
    """The fields of a form as they came; ``shown`` are words worth reading again.

    ``files`` are the names of the fields with files, and whether they held photos.
    """

    fields: list[tuple[str, str]]
    shown: list[str]
    files: list[tuple[str, bool]]


def can_keep() -> bool:
    """Whether the request is a form that one of our own pages sent.

    What another site sent is not offered to be sent again: with our token it would be ours. A
    browser too old to say where a form came from is believed; the person reads what it holds.
    """
    ours = request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}
    return request.method == "POST" and request.mimetype in _FORMS and ours


def kept_page(status: int, title: Text, detail: Text, *, sign_in: bool = False) -> Response:
    """The page with the words and a fresh token; ``sign_in`` asks to sign in beside it first."""
    page = render_template(
        "errors/kept.html",
        title=translated(title),
        detail=translated(detail),
        kept=_kept(),
        action=request.script_root + request.full_path.rstrip("?"),
        sign_in=sign_in,
    )
    answer = Response(page, status=status, content_type="text/html; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def typed_words() -> list[str]:
    """What was typed into a form that was refused for good: to be read and copied from the answer.

    Nothing where the request is no form of ours, or one that could not be read.
    """
    return _shown(_fields()) if "form" in vars(request) and can_keep() else []


def _kept() -> KeptWords:
    fields = _fields()
    files = [
        (name, file.mimetype.startswith("image/"))
        for name, file in request.files.items()
        if file.filename
    ]
    return KeptWords(fields, _shown(fields), files)


def _fields() -> list[tuple[str, str]]:
    return [pair for pair in request.form.items(multi=True) if pair[0] not in _NEVER_KEPT]


def _shown(fields: list[tuple[str, str]]) -> list[str]:
    return [words for _name, words in fields if len(words) >= _SHOWN_FROM and " " in words]
