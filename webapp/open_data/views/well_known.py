"""What machines ask of any site: robots.txt, the sitemap, whom to tell of a weakness."""

import math
from datetime import datetime, time, timedelta
from xml.etree import ElementTree

from flask import Blueprint, Response, current_app

from webapp.config import Settings
from webapp.core import clock
from webapp.core.errors import NotFound
from webapp.directory.queries import served_communes, served_provinces
from webapp.open_data.addresses import absolute
from webapp.open_data.queries.addresses import case_codes, count_of_cases
from webapp.open_data.xml_writer import document_bytes
from webapp.web.addresses import whole
from webapp.web.guards import public
from webapp.web.shared_answers import shared

bp = shared(Blueprint("well_known", __name__))
PART = 10_000
VALID = timedelta(days=180)
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES = (
    "public_cases.home",
    "public_cases.cases",
    "public_outcomes.outcomes",
    "figures.overview",
    "open_page.about",
    "reporting.new_report",
)
# Nothing secret is behind these (guards see to that); they are of no use to a search engine.
_NOT_FOR_ROBOTS = ("/can-bo/", "/api/", "/dang-nhap", "/tra-cuu", "/open311/", "/ogc/", "/feeds/")


@bp.get("/robots.txt")
@public
def robots() -> Response:
    """What a search engine may read, and where the sitemap is."""
    refused = [f"Disallow: {prefix}{path}" for path in _NOT_FOR_ROBOTS for prefix in ("", "/en")]
    lines = ["User-agent: *", *refused, f"Sitemap: {whole('/sitemap.xml')}", ""]
    return _text("\n".join(lines))


@bp.get("/.well-known/security.txt")
@public
def security() -> Response:
    """Whom to tell of a weakness (RFC 9116)."""
    settings: Settings = current_app.extensions["matxanh_settings"]
    until = datetime.combine(clock.today_local() + VALID, time(), tzinfo=clock.LOCAL)
    lines = [
        f"Contact: mailto:{settings.mail_from}",
        f"Expires: {until.isoformat()}",
        "Preferred-Languages: vi, en",
        f"Canonical: {whole('/.well-known/security.txt')}",
        "",
    ]
    return _text("\n".join(lines))


@bp.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """The parts of the sitemap: pages and localities first, then cases by their thousands."""
    parts = 1 + math.ceil(count_of_cases() / PART)
    found = [absolute("well_known.sitemap_part", number=number) for number in range(parts)]
    return _xml("sitemapindex", "sitemap", found)


@bp.get("/sitemap-<int(max=9999):number>.xml")
@public
def sitemap_part(number: int) -> Response:
    """One part: 0 are pages and localities, the others cases and outcomes."""
    found = _places() if number == 0 else _cases((number - 1) * PART)
    if not found:
        raise NotFound
    return _xml("urlset", "url", found)


def _places() -> list[str]:
    today = clock.today_local()
    units = [*served_provinces(today), *served_communes(today)]
    localities = [
        absolute("public_cases.locality", code_system=unit.code_system, code=unit.code)
        for unit in units
    ]
    return [absolute(endpoint) for endpoint in _PAGES] + localities


def _cases(offset: int) -> list[str]:
    found = []
    for code, has_page in case_codes(limit=PART, offset=offset):
        found.append(absolute("public_cases.case", code=code))
        if has_page:
            found.append(absolute("public_outcomes.outcome", code=code))
    return found


def _xml(name: str, each: str, addresses: list[str]) -> Response:
    top = ElementTree.Element(name, {"xmlns": _NAMESPACE})
    for address in addresses:
        row = ElementTree.SubElement(top, each)
        ElementTree.SubElement(row, "loc").text = address
    return Response(document_bytes(top), content_type="application/xml; charset=utf-8")


def _text(words: str) -> Response:
    return Response(words, content_type="text/plain; charset=utf-8")
