"""The one script of all map pages, made by folium once and served under its content's hash.

folium takes seconds to import, so that the text is kept in the data folder, in a file named by all
that decides it; web processes only read it.
"""

import hashlib
import os
from importlib.metadata import version
from pathlib import Path
from threading import get_ident

from flask import Blueprint, Flask, Response, current_app

import geo.islands
import geo.maps
from geo.maps import Tiles, View, map_script
from geo.points import Point
from webapp.core.errors import NotFound
from webapp.web.guards import public
from webapp.web.shared_answers import shared

FIRST_VIEW = View(Point(104.4, 21.8), 7)
ATTRIBUTION = "© OpenStreetMap"
FOREVER = "public, max-age=31536000, immutable"
_KEY = "matxanh_map_script"

bp = shared(Blueprint("map_script", __name__))


@bp.get("/ban-do/<name>.js")
@public
def script(name: str) -> Response:
    """The script; another hash than the present one is not found."""
    present, text = _script()
    if name != present:
        raise NotFound
    answer = Response(text, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = FOREVER
    return answer


def map_script_url() -> str:
    """The address of the script, the same in every language."""
    return f"/ban-do/{_script()[0]}.js"


def write_map_script(app: Flask) -> None:
    """Make the file where it is missing: for a process of its own, which folium makes large."""
    with app.app_context():
        _script()


def init_map_script(app: Flask) -> None:
    """Register the address and offer ``map_script_url`` to templates."""
    app.register_blueprint(bp)
    app.jinja_env.globals["map_script_url"] = map_script_url


def _script() -> tuple[str, str]:
    """The hash and the text, read or made once per process."""
    known: tuple[str, str] | None = current_app.extensions.get(_KEY)
    if known is None:
        settings = current_app.extensions["matxanh_settings"]
        text = _kept(settings.data_dir, settings.tile_url)
        known = (hashlib.sha256(text.encode()).hexdigest()[:16], text)
        current_app.extensions[_KEY] = known
    return known


def _kept(folder: Path, tile_url: str) -> str:
    """The text from the data folder, written there first when it is new."""
    path = folder / f"map-{_deciding(tile_url)}.js"
    if not path.is_file():
        tiles = Tiles(tile_url, ATTRIBUTION) if tile_url else None
        draft = folder / f".map-{os.getpid()}-{get_ident()}.js"  # threads may start at once
        draft.write_text(map_script(FIRST_VIEW, tiles))
        draft.replace(path)
    return path.read_text()


def _deciding(tile_url: str) -> str:
    sources = [Path(str(module.__file__)).read_bytes() for module in (geo.maps, geo.islands)]
    words = f"{version('folium')} {FIRST_VIEW} {ATTRIBUTION} {tile_url}"
    return hashlib.sha256(b"".join([*sources, words.encode()])).hexdigest()[:16]
