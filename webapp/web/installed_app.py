"""The site as an application on the phone: manifest, service worker, the page without network.

The service worker is built from frontend/sw.ts; the list of files it keeps is put before it here,
because only the server knows the address of the map script.
"""

import hashlib
import json

from flask import Blueprint, Flask, Response, jsonify, render_template
from flask_babel import gettext as _

from webapp.web.assets import STATIC, asset
from webapp.web.guards import public
from webapp.web.map_script import map_script_url
from webapp.web.shared_answers import shared

KEPT = (
    "public.css",
    "leaflet.css",
    "leaflet.js",
    "pin_map.js",
    "report_form.js",
    "outbox.js",
    "outbox_page.js",
    "page_actions.js",
    "icons.svg",
    "logo.svg",
)
WORK = {
    "tasks": ("field_tasks.js",),
    "visits": ("minutes.js", "staff.css"),
}
"""Work that goes on without network, by its name in sw.ts: kept only by phones that do it."""
GROUND = ("/ban-do/dia-ban.geojson", "/ban-do/hai-dao.geojson", "/ban-do/ten-xa.geojson")
INK, PAPER = "#0b6b3a", "#fafaf7"

bp = shared(Blueprint("installed_app", __name__))


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """What a phone needs to put the site among its applications."""
    answer = jsonify(
        {
            "id": "/",
            "name": _("Mắt Xanh"),
            "short_name": _("Mắt Xanh"),
            "description": _("Gửi phản ánh môi trường, cả khi không có mạng"),
            "lang": "vi",
            "dir": "ltr",
            "start_url": "/gui-phan-anh",
            "scope": "/",
            "display": "standalone",
            "theme_color": INK,
            "background_color": PAPER,
            "icons": [
                _icon("icon-192.png", 192, "any"),
                _icon("icon-512.png", 512, "any"),
                _icon("icon-maskable.png", 512, "maskable"),
            ],
            "shortcuts": [
                {"name": _("Gửi phản ánh"), "url": "/gui-phan-anh"},
                {"name": _("Phản ánh trong máy"), "url": "/phan-anh-cho-gui"},
            ],
        }
    )
    answer.content_type = "application/manifest+json"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@bp.get("/sw.js")
@public
def service_worker() -> Response:
    """The service worker of this version; browsers ask at every visit whether it changed."""
    kept = json.dumps({"version": app_version(), "files": _files(), "work": _work()})
    answer = Response(
        f"self.MAT_XANH={kept};\n{_built()}", content_type="text/javascript; charset=utf-8"
    )
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/ngoai-tuyen")
@public
def offline() -> str:
    """Shown by the service worker for a page that needs the network."""
    return render_template("offline.html")


def app_version() -> str:
    """Names what the service worker keeps: another file or another worker, another version."""
    work = [file for files in _work().values() for file in files]
    return hashlib.sha256("\n".join((*_files(), *work, _built())).encode()).hexdigest()[:12]


def init_installed_app(app: Flask) -> None:
    """Register the addresses."""
    app.register_blueprint(bp)


def _files() -> list[str]:
    return [*map(asset, KEPT), map_script_url(), *GROUND]


def _work() -> dict[str, list[str]]:
    return {name: [asset(each) for each in files] for name, files in WORK.items()}


def _built() -> str:
    return (STATIC / asset("sw.js").removeprefix("/static/")).read_text()


def _icon(name: str, size: int, purpose: str) -> dict[str, str]:
    return {
        "src": asset(name),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }
