"""Downward only: features by level, layers inside a feature, and no way round."""

from pathlib import Path

import pytest

from tests.architecture.imports import Import, imports, modules

IMPORTS = imports()
LEVELS = (
    ("audit",),
    ("jobs",),
    ("directory",),
    ("media", "documents", "deadlines"),
    ("notifications",),
    ("accounts",),
    ("cases",),
    ("reporting",),
    ("hotspots", "spoken_help"),
    ("triage",),
    ("casework",),
    ("inspections",),
    ("outcomes", "community"),
    ("satisfaction", "supervision", "campaigns", "consultations", "collection"),
    ("figures", "digest", "reassignment", "alerts"),
    ("periodic_reports", "open_data"),
    ("exchange",),
    ("demo", "admin", "bench"),
)
LEVEL = {feature: number for number, row in enumerate(LEVELS) for feature in row}
TOP = {
    "app",
    "cli",
    "config",
    "extensions",
    "features",
    "heap",
    "lean",
    "models",
    "reference",
    "rehearsal",
    "schedule",
    "wsgi",
}
LAYERS = (
    ("permissions", "events"),
    ("workflow",),
    ("models",),
    ("policy",),
    ("queries",),
    ("operations",),
    ("subscribers", "tasks"),
    ("forms", "schemas"),
    ("views",),
)
LAYER = {name: number for number, row in enumerate(LAYERS) for name in row}
SHARED_LAYERS = {"models", "queries", "operations", "events", "policy", "permissions", "workflow"}
DESCRIBED = Path(__file__).parents[2] / "docs" / "architecture.md"
FLASK = ("flask", "werkzeug", "wtforms", "flask_")


def feature_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "webapp" and len(parts) > 1 else None


def ours() -> list[Import]:
    return [row for row in IMPORTS if row.imported.split(".")[0] in {"geo", "webapp"}]


def test_every_package_has_a_level() -> None:
    packages = {feature_of(name) for name in modules() if name.count(".") >= 1}
    features = packages - TOP - {"core", "web", None}
    assert features <= set(LEVEL), f"without a level: {sorted(features - set(LEVEL))}"


def test_the_described_levels_are_the_true_ones() -> None:
    words = DESCRIBED.read_text().split("never sideways:")[1].split("`features.py`")[0]
    described = [row.split(",") for row in words.replace("\n", " ").split("→")]
    named = [tuple(feature.strip() for feature in row if feature.strip()) for row in described]
    built = {feature_of(name) for name in modules()}
    levels = [tuple(feature for feature in row if feature in built) for row in LEVELS]
    assert [row for row in named if row] == [row for row in levels if row]


def test_geo_knows_neither_flask_nor_the_application() -> None:
    wrong = [
        row
        for row in IMPORTS
        if row.importer.split(".")[0] == "geo"
        and row.imported.startswith(("webapp", "flask", "sqlalchemy.orm.Session"))
    ]
    assert wrong == []


def test_core_knows_no_feature_and_no_flask() -> None:
    allowed = ("webapp.core", "geo")
    wrong = [
        row
        for row in IMPORTS
        if row.importer.startswith("webapp.core")
        and (
            row.imported.startswith(FLASK)
            or (row.imported.startswith("webapp") and not row.imported.startswith(allowed))
        )
    ]
    assert wrong == []


def test_web_knows_the_kernel_and_no_feature() -> None:
    allowed = ("webapp.core", "webapp.web", "webapp.extensions", "webapp.config")
    wrong = [
        row
        for row in ours()
        if row.importer.startswith("webapp.web")
        and row.imported.startswith("webapp")
        and not row.imported.startswith(allowed)
    ]
    assert wrong == []


def test_features_import_downward_only() -> None:
    wrong = []
    for row in ours():
        above, below = feature_of(row.importer), feature_of(row.imported)
        if above in LEVEL and below in LEVEL and above != below and LEVEL[above] <= LEVEL[below]:
            wrong.append(row)
    assert wrong == []


def test_features_import_nothing_from_the_top() -> None:
    allowed = {"extensions", "config"}
    wrong = [
        row
        for row in ours()
        if feature_of(row.importer) in LEVEL and feature_of(row.imported) in TOP - allowed
    ]
    assert wrong == []


def test_layers_inside_a_feature_import_downward_only() -> None:
    wrong = []
    for row in ours():
        feature = feature_of(row.importer)
        if feature not in LEVEL or feature_of(row.imported) != feature:
            continue
        above, below = row.importer.split(".")[2:3], row.imported.split(".")[2:3]
        if above and below and above[0] in LAYER and below[0] in LAYER:
            wrong += [row] if LAYER[above[0]] < LAYER[below[0]] else []
    assert wrong == []


def test_only_views_forms_and_schemas_touch_flask() -> None:
    layers = {
        "permissions",
        "events",
        "workflow",
        "models",
        "policy",
        "queries",
        "operations",
        "subscribers",
        "tasks",
    }
    wrong = [
        row
        for row in IMPORTS
        if feature_of(row.importer) in LEVEL
        and row.importer.split(".")[2:3]
        and row.importer.split(".")[2] in layers
        and row.imported.startswith(FLASK)
        and not (row.importer == "webapp.accounts.models" and row.imported == "flask_security")
    ]
    assert wrong == []


# Seconds of import time, or tens of megabytes, that most processes never need.
LAZY = {
    "docxtpl",
    "flask_migrate",
    "folium",
    "holidays",
    "lxml",
    "pi_heif",
    "psycopg",
    "weasyprint",
    "webpush",
    "xlsxwriter",
}
# They are python-docx and psycopg at every line.
LAZY_OWN = ("webapp.documents.docx_file", "webapp.core.page_cursor")


def test_no_import_hides_in_a_function() -> None:
    wrong = [
        row
        for row in IMPORTS
        if row.nested
        and row.imported.split(".")[0] not in LAZY
        and not row.imported.startswith(LAZY_OWN)
    ]
    assert wrong == []


@pytest.mark.parametrize("library", ["PIL", "folium", "geoalchemy2"])
def test_heavy_libraries_have_one_door(library: str) -> None:
    importers = {row.importer for row in IMPORTS if row.imported.split(".")[0] == library}
    assert all(name.startswith("geo.") for name in importers), sorted(importers)


def _cycle(graph: dict[str, set[str]]) -> list[str]:
    done: set[str] = set()

    def walk(node: str, path: list[str]) -> list[str]:
        if node in path:
            return path[path.index(node) :]
        if node in done:
            return []
        for following in sorted(graph.get(node, ())):
            if found := walk(following, [*path, node]):
                return found
        done.add(node)
        return []

    for start in sorted(graph):
        if found := walk(start, []):
            return found
    return []


def test_there_is_no_import_cycle() -> None:
    graph: dict[str, set[str]] = {}
    for row in ours():
        if row.importer != row.imported:
            graph.setdefault(row.importer, set()).add(row.imported)
    assert _cycle(graph) == []


def test_the_cycle_finder_finds_a_planted_cycle() -> None:
    assert _cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c"]


def test_banned_names() -> None:
    banned = {"util", "utils", "helpers", "common", "misc", "manager"}
    assert [name for name in modules() if banned & set(name.split("."))] == []
