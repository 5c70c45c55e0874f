"""Macros and words that are written once for the same arguments."""

import pytest
from flask import Flask, g
from flask import session as flask_session
from flask_babel import force_locale
from flask_wtf.csrf import validate_csrf
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from wtforms import ValidationError

from webapp.web.locale import gettext, kept_by_language

CHIPS = "{% from 'components/chips.html' import chip %}{{ chip('clock', label) }}"


def test_markup_and_the_same_characters_are_told_apart(app: Flask) -> None:
    with app.test_request_context("/"):
        template = app.jinja_env.from_string(CHIPS)
        trusted = template.render(label=Markup("<b>mai</b>"))
        typed = template.render(label="<b>mai</b>")
    assert "<b>mai</b>" in trusted
    assert "&lt;b&gt;mai&lt;/b&gt;" in typed


def test_functions_are_called_as_jinja_calls_them(app: Flask) -> None:
    @pass_context
    def seen(context: Context, name: str) -> str:
        return f"{context[name]} {name}"

    def joined(*words: str, end: str = "") -> str:
        return " ".join(words) + end

    source = "{% set a = 'Tủa' %}{{ seen('a') }}; {{ joined('Chùa', a, end='.') }}"
    template = app.jinja_env.from_string(source)
    assert template.render(seen=seen, joined=joined) == "Tủa a; Chùa Tủa."


def test_globals_of_a_template_stand_before_those_of_all(app: Flask) -> None:
    own = app.jinja_env.from_string("{{ locale }}, {{ t }}", globals={"locale": "Mường Lay"})
    assert own.render(t="A Pa Chải") == "Mường Lay, A Pa Chải"


def test_the_token_of_a_session_is_signed_once(app: Flask) -> None:
    tokens = []
    for held in ("a1b2", "a1b2", "c3d4"):
        with app.test_request_context("/"):
            g.pop("csrf_token", None)  # of the test's own context
            flask_session["csrf_token"] = held
            tokens.append(app.jinja_env.from_string("{{ csrf_token() }}").render())
            validate_csrf(tokens[-1])
    assert tokens[0] == tokens[1] != tokens[2]
    with app.test_request_context("/"):
        flask_session["csrf_token"] = "c3d4"
        with pytest.raises(ValidationError, match="match"):
            validate_csrf(tokens[0])


def test_each_language_has_its_own_words(app: Flask) -> None:
    asked: list[int] = []

    @kept_by_language
    def words(number: int) -> str:
        asked.append(number)
        return f"{gettext('Tra cứu')} {number}"

    for path in ("/", "/en/", "/"):
        with app.test_request_context(path, environ_overrides=_language(path)):
            said = words(3)
            assert said.startswith("Tra cứu") == (path == "/")
    assert asked == [3, 3]


def test_outside_of_a_request_nothing_is_kept(app: Flask) -> None:
    asked: list[str] = []

    @kept_by_language
    def words() -> str:
        asked.append("")
        return gettext("Tra cứu")

    with app.app_context():
        with force_locale("vi"):
            assert words() == "Tra cứu"
        with force_locale("en"):
            assert words() != "Tra cứu"
    assert len(asked) == 2


def test_an_address_is_of_its_language(app: Flask) -> None:
    with app.test_request_context("/"):
        assert app.url_for("public_cases.cases") == "/vu-viec"
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/en"}):
        assert app.url_for("public_cases.cases") == "/en/vu-viec"
        assert app.url_for("public_cases.cases", q="rác") == "/en/vu-viec?q=r%C3%A1c"


def _language(path: str) -> dict[str, str]:
    return {"SCRIPT_NAME": "/en"} if path.startswith("/en") else {}
