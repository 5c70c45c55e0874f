"""Where built front-end files lie: a manifest maps names to content-hashed files."""

import json
from functools import cache
from pathlib import Path

from flask import Flask

_HERE = Path(__file__).resolve().parent.parent
_BUNDLE = _HERE / "_bundle"
ROOT = _BUNDLE if _BUNDLE.is_dir() else _HERE.parent
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
YEAR = 31_536_000


@cache
def _manifest() -> dict[str, str]:
    path = STATIC / "dist" / "manifest.json"
    if not path.is_file():
        return {}
    names: dict[str, str] = json.loads(path.read_text())
    return names


def asset(name: str) -> str:
    """The address of a built file, such as ``public.css``; language prefixes do not apply.

    Raises KeyError when the front end has not been built.
    """
    return f"/static/{_manifest()[name]}"


def init_assets(app: Flask) -> None:
    """Offer ``asset`` to templates and let hashed files be cached for a year."""
    app.jinja_env.globals["asset"] = asset
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR
