"""Language: pages by the prefix ``/en``, the API by Accept-Language; Vietnamese otherwise.

A small WSGI layer moves ``/en`` into SCRIPT_NAME, so that every url_for keeps the language.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, ParamSpec
from urllib.parse import urlencode

from flask import Flask, request
from flask.globals import _cv_request
from flask_babel import force_locale, get_translations
from flask_babel import gettext as looked_up
from flask_babel import ngettext as looked_up_for
from markupsafe import Markup, escape

from webapp.core.bilingual import Bilingual
from webapp.core.clock import local
from webapp.core.text import Text
from webapp.web.application import Wsgi

PREFIX = "/en"
_CHOSEN = "matxanh.language"
_UNPREFIXED = ("/api/", "/static/", "/open311/", "/ogc")
Asked = ParamSpec("Asked")


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
    return spoken() or "vi"


def spoken() -> str | None:
    """The language of the present request; None outside of one, where ``force_locale`` decides."""
    environ = _environ()
    if environ is None:
        return None
    chosen: str | None = environ.get(_CHOSEN)
    if chosen is None:
        chosen = environ[_CHOSEN] = _choose()
    return chosen


def _environ() -> dict[str, Any] | None:
    """The environment of the request, None outside of one.

    Asked hundreds of times for a page: what Flask's proxies would look through is asked itself.
    """
    context = _cv_request.get(None)
    return None if context is None else context.request.environ


def _choose() -> str:
    if request.script_root.endswith(PREFIX):
        return "en"
    if request.path.startswith("/api/"):
        return request.accept_languages.best_match(["vi", "en"], "vi") or "vi"
    return "vi"


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Speak another language than the request's for a while, as a message to somebody else."""
    environ = _environ() or {}
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
    language = spoken()
    if language is None:  # a message in the language that ``force_locale`` gave
        found: str = looked_up(source, **values)
        return found
    text = _sentence(language, source)
    return text % values if values else text


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """A sentence about ``num`` things in the language of the request."""
    if spoken() != "vi":
        found: str = looked_up_for(one, many, num, **values)
        return found
    return (one if num == 1 else many) % ({"num": num} | values)


@lru_cache(maxsize=4096)
def _sentence(language: str, source: str) -> str:
    """A sentence as the catalogue has it: catalogues do not change while a process lives."""
    return source if language == "vi" else str(looked_up(source))


@lru_cache(maxsize=4096)
def _markup(language: str, source: str) -> Markup:
    return Markup(_sentence(language, source)) % {}  # noqa: S704  # a sentence of a template


def _of_template(source: str, /, **values: Any) -> Markup:
    """A sentence of a template: markup of our own, the values escaped into it."""
    language = spoken()
    if language is None:
        return Markup(looked_up(source)) % values  # noqa: S704
    if not values:
        return _markup(language, source)
    safe = {name: value if type(value) is int else escape(value) for name, value in values.items()}
    return Markup(_sentence(language, source) % safe)  # noqa: S704


def _of_template_for(one: str, many: str, num: int, /, **values: Any) -> Markup:
    found = get_translations().ungettext(one, many, num)
    return Markup(found) % ({"num": num} | values)  # noqa: S704


def kept_by_language(words: Callable[Asked, str], size: int = 2048) -> Callable[Asked, str]:
    """Words that follow from their arguments and the language alone, put together once for each.

    The arguments are hashable. They are told apart by their kind too: what was written for markup
    is never given for the same characters typed by somebody.
    """

    @lru_cache(maxsize=size, typed=True)
    def known(_language: str, *args: Asked.args, **kwargs: Asked.kwargs) -> str:
        return words(*args, **kwargs)

    def said(*args: Asked.args, **kwargs: Asked.kwargs) -> str:
        language = spoken()
        if language is None:
            return words(*args, **kwargs)
        return known(language, *args, **kwargs)  # type: ignore[arg-type]  # hashable, as is said

    return said


def translated(text: Text | str) -> str:
    """A marked sentence in the language of the request, its placeholders filled in.

    Placeholder values that are marked sentences or names of both languages are put in it too.
    """
    if isinstance(text, str):
        return text
    return gettext(text.source, **{name: _said(value) for name, value in text.values.items()})


def _said(value: Any) -> Any:
    if isinstance(value, Text):
        return translated(value)
    return value.in_language(choose()) if isinstance(value, Bilingual) else value


def as_written(text: str) -> str:
    """Words that somebody wrote, told to be Vietnamese on a page of another language.

    A screen reader says them with the sounds of their own language (WCAG 2.2, 3.1.2).
    """
    if not text or choose() == "vi":
        return text
    return Markup('<span lang="vi">{}</span>').format(text)


def followed_by(said: str, written: str) -> str:
    """A sentence of ours, and what somebody wrote after it."""
    if choose() == "vi":
        return f"{said}: {written}"
    return Markup("{}: {}").format(said, as_written(written))


def other_language_url(asked: Mapping[str, str] | None = None) -> str:
    """The address of the same page in the other language.

    Of its query it holds what the page says that it was ``asked`` for, never a code.
    """
    root = request.script_root
    other = root.removesuffix(PREFIX) if root.endswith(PREFIX) else root + PREFIX
    said = {name: value for name, value in (asked or {}).items() if value}
    return other + request.path + (f"?{urlencode(said)}" if said else "")


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
    # As Jinja's own new style, without its three calls for each sentence.
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]  # of its i18n
    app.jinja_env.globals.update(_=_of_template, gettext=_of_template, ngettext=_of_template_for)
    app.jinja_env.globals.update(
        format_day=format_day,
        format_time=format_time,
        format_number=format_number,
        t=translated,
        as_written=as_written,
        other_language_url=other_language_url,
        locale=choose,
    )
