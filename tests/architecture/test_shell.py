"""Routes have guards, settings are documented, templates resolve, sizes stay readable."""

import ast
import re
import statistics
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta

from tests.architecture.imports import ROOT, modules
from webapp import features
from webapp.config import PREFIX, Settings
from webapp.web.guards import guard_of

DATABASE_FREE = pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")))


def test_every_route_has_exactly_one_guard(app: Flask) -> None:
    unguarded = [rule for rule in app.url_map.iter_rules() if not guard_of(app, rule.endpoint)]
    assert unguarded == []


def test_an_unmarked_route_answers_403(app: Flask) -> None:
    endpoint = "health.alive"
    view = app.view_functions[endpoint]
    guard = view.__dict__.pop("guard")
    try:
        assert app.test_client().get("/healthz").status_code == 403
    finally:
        view.guard = guard  # type: ignore[attr-defined]
    assert app.test_client().get("/healthz").status_code == 200


def test_every_outbox_kind_has_a_handler() -> None:
    used = set()
    for path in modules().values():
        used |= set(re.findall(r"enqueue\(\s*\"([a-z_.]+)\"", path.read_text()))
    assert used <= set(features.OUTBOX_HANDLERS), sorted(used - set(features.OUTBOX_HANDLERS))


def test_settings_are_documented() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    missing = [
        name
        for name in (f"{PREFIX}{field.name.upper()}" for field in fields(Settings))
        if f"`{name}`" not in page
    ]
    assert missing == []
    known = {f"{PREFIX}{field.name.upper()}" for field in fields(Settings)}
    assert set(re.findall(r"^\| `(MATXANH_[A-Z_]+)`", page, re.M)) <= known


@DATABASE_FREE
def test_templates_resolve(path: Path, bare_app: Flask) -> None:
    environment = bare_app.jinja_env
    source = path.read_text()
    tree = environment.parse(source)
    for name in meta.find_referenced_templates(tree):
        assert name is not None, "a template's name is computed"
        environment.get_template(name)


@DATABASE_FREE
def test_templates_have_nothing_inline(path: Path) -> None:
    if path.parts[-2] in {"documents", "emails"}:
        return  # rendered to paper and mail, not to a page under the policy
    source = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", source)
    assert not re.search(r"\s(style|on[a-z]+)=", re.sub(r"{[{%#].*?[}%#]}", "", source, flags=re.S))


def _functions() -> list[tuple[str, int]]:
    found = []
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                found.append((f"{name}.{node.name}", node.end_lineno - node.lineno + 1))
    return found


def test_functions_stay_short() -> None:
    lengths = _functions()
    assert [each for each in lengths if each[1] > 60] == []
    assert statistics.median(length for _, length in lengths) <= 10


def test_files_stay_readable() -> None:
    long = {name: len(path.read_text().splitlines()) for name, path in modules().items()}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


def test_sessions_are_committed_in_one_module() -> None:
    wrong = [
        name
        for name, path in modules().items()
        if re.search(r"\.commit\(\)", path.read_text()) and name != "webapp.core.unit_of_work"
    ]
    assert wrong == []
