"""Language: pages by the prefix ``/en``, the API by Accept-Language; Vietnamese otherwise.

A small WSGI layer moves ``/en`` into SCRIPT_NAME, so that every url_for keeps the language.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Flask, has_request_context, request
from flask_babel import force_locale, get_translations
from flask_babel import gettext as looked_up

from webapp.core.clock import local
from webapp.core.text import Text

PREFIX = "/en"
_CHOSEN = "matxanh.language"
_UNPREFIXED = ("/api/", "/static/", "/open311/", "/ogc")
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class LanguagePrefix:
    """Serve ``/en/…`` as the same page in English."""

    def __init__(self, inner: Wsgi) -> None:
        self.inner = inner

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == PREFIX or path.startswith(PREFIX + "/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + PREFIX
            environ["PATH_INFO"] = path.removeprefix(PREFIX) or "/"
        return self.inner(environ, start_response)


def choose() -> str:
    """The language of the present request: ``vi`` or ``en``; weighed once for a request."""
    if not has_request_context():
        return "vi"
    if _CHOSEN not in request.environ:
        request.environ[_CHOSEN] = _choose()
    chosen: str = request.environ[_CHOSEN]
    return chosen


def _choose() -> str:
    if request.script_root.endswith(PREFIX):
        return "en"
    if request.path.startswith("/api/"):
        return request.accept_languages.best_match(["vi", "en"], "vi") or "vi"
    return "vi"


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Speak another language than the request's for a while, as a message to somebody else."""
    environ = request.environ if has_request_context() else {}
    before = choose()
    environ[_CHOSEN] = language
    try:
        with force_locale(language):
            yield
    finally:
        environ[_CHOSEN] = before


def gettext(source: str, **values: Any) -> str:
    """A sentence in the language of the request; Vietnamese sentences are their own source.

    A page has hundreds of them, and looking each up cost a fifth of its time.
    """
    if has_request_context() and choose() == "vi":
        return source % values if values else source
    found: str = looked_up(source, **values)
    return found


def translated(text: Text | str) -> str:
    """A marked sentence in the language of the request, its placeholders filled in.

    Placeholder values that are marked sentences themselves are translated too.
    """
    if isinstance(text, str):
        return text
    values = {
        name: translated(value) if isinstance(value, Text) else value
        for name, value in text.values.items()
    }
    return gettext(text.source, **values)


def other_language_url() -> str:
    """The address of the same page in the other language, without its query's codes."""
    root = request.script_root
    if root.endswith(PREFIX):
        return root.removesuffix(PREFIX) + request.path
    return root + PREFIX + request.path


def format_day(value: Any) -> str:
    """dd/mm/yyyy in Việt Nam, for an instant or a day; an empty string for none."""
    if value is None:
        return ""
    day = local(value) if isinstance(value, datetime) else value
    return f"{day:%d/%m/%Y}"


def format_time(value: datetime | None) -> str:
    """dd/mm/yyyy HH:MM in Việt Nam; an empty string for none."""
    return f"{local(value):%d/%m/%Y %H:%M}" if value else ""


def format_number(value: float) -> str:
    """Dot for thousands and comma for decimals, as written in Việt Nam; commas in English."""
    text = f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"
    return text if choose() == "en" else text.translate(str.maketrans(",.", ".,"))


def init_locale(app: Flask) -> None:
    """Install the prefix layer and the template functions."""
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of Jinja's i18n
        gettext, lambda one, many, n: get_translations().ungettext(one, many, n), newstyle=True
    )
    app.jinja_env.globals.update(
        format_day=format_day,
        format_time=format_time,
        format_number=format_number,
        t=translated,
        other_language_url=other_language_url,
        locale=choose,
    )
