"""Reads the imports of the project's own modules."""

import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("geo", "webapp")


@dataclass(frozen=True)
class Import:
    """``importer`` names ``imported``; ``nested`` when it stands inside a function."""

    importer: str
    imported: str
    nested: bool


def module_name(path: Path) -> str:
    """The dotted name of a file of the project."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules() -> dict[str, Path]:
    """Every module of the two packages, migrations apart."""
    files = (file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    return {module_name(file): file for file in files if "migrations" not in file.parts}


def imports() -> list[Import]:
    """Every import statement of every module, one row per imported module."""
    return [row for name, path in modules().items() for row in _imports_of(name, path)]


def _imports_of(name: str, path: Path) -> list[Import]:
    tree = ast.parse(path.read_text())
    top = {id(node) for node in _top_level(tree)}
    rows = []
    for node in ast.walk(tree):
        for imported in _imported(node):
            rows.append(Import(name, imported, id(node) not in top))
    return rows


def _top_level(tree: ast.Module) -> list[ast.AST]:
    """Statements of the module itself, those under ``if TYPE_CHECKING`` included."""
    found: list[ast.AST] = []
    for node in tree.body:
        found.append(node)
        if isinstance(node, ast.If):
            found.extend(node.body)
    return found


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        known = modules_cached()
        full = [f"{node.module}.{alias.name}" for alias in node.names]
        return [each if each in known else node.module for each in full]
    return []


_KNOWN: set[str] = set()


def modules_cached() -> set[str]:
    """Names of all modules, read once."""
    if not _KNOWN:
        _KNOWN.update(modules())
    return _KNOWN
