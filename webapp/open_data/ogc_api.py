"""The documents of OGC API Features Part 1: landing, conformance, collections, OpenAPI.

Plain values; links are relative to nothing, as the standard wants them whole.
"""

from typing import Any

from webapp.cases.outline import served_bounds
from webapp.core.text import _
from webapp.open_data.addresses import absolute
from webapp.open_data.feature_collections import COLLECTIONS, Collection
from webapp.open_data.tables import Column
from webapp.web.locale import translated

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
DEFAULT_LIMIT, MAX_LIMIT = 1000, 10_000
_CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
_WHOLE_VIETNAM = (102.0, 6.0, 118.0, 23.6)

CONFORMANCE = [f"{_CORE}/{name}" for name in ("core", "oas30", "html", "geojson")]


def link(rel: str, kind: str, title: str, endpoint: str, **values: object) -> dict[str, str]:
    """A link with a whole address."""
    return {"href": absolute(endpoint, **values), "rel": rel, "type": kind, "title": title}


def both(rel_json: str, rel_html: str, title: str, endpoint: str, **values: object) -> list[Any]:
    """Links to the two forms of one resource."""
    return [
        link(rel_json, JSON, f"{title} (JSON)", endpoint, **values, f="json"),
        link(rel_html, HTML, f"{title} (HTML)", endpoint, **values, f="html"),
    ]


def landing() -> dict[str, Any]:
    """What the service is and where everything lies."""
    title = translated(_("Mắt Xanh: dữ liệu công khai"))
    return {
        "title": title,
        "description": translated(
            _("Vụ việc, kết quả xử lý và địa bàn, theo chuẩn OGC API Features.")
        ),
        "links": [
            *both("self", "alternate", title, "ogc.landing"),
            link("service-desc", OPENAPI, "OpenAPI", "ogc.api"),
            link("service-doc", HTML, "OpenAPI (HTML)", "ogc.api", f="html"),
            *both("conformance", "conformance", "Conformance", "ogc.conformance"),
            *both("data", "data", translated(_("Các bộ dữ liệu")), "ogc.collections"),
            link("license", HTML, translated(_("Giấy phép dữ liệu")), "open_page.about"),
        ],
    }


def collections() -> dict[str, Any]:
    """Every collection."""
    title = translated(_("Các bộ dữ liệu"))
    return {
        "links": both("self", "alternate", title, "ogc.collections"),
        "collections": [description(each) for each in COLLECTIONS],
    }


def description(each: Collection) -> dict[str, Any]:
    """One collection: title, extent, links to its items."""
    title, at = translated(each.title), {"collection_id": each.id}
    return {
        "id": each.id,
        "title": title,
        "description": translated(each.description),
        "itemType": "feature",
        "crs": [CRS84],
        "extent": {
            "spatial": {"bbox": [list(_bounds())], "crs": CRS84},
            "temporal": {"interval": [[None, None]], "trs": GREGORIAN},
        },
        "links": [
            *both("self", "alternate", title, "ogc.describe", **at),
            link("items", GEOJSON, f"{title} (GeoJSON)", "ogc.items", **at, f="json"),
            link("items", HTML, f"{title} (HTML)", "ogc.items", **at, f="html"),
            link("describedby", SCHEMA, "JSON Schema", "ogc.schema", **at),
            link("license", HTML, translated(_("Giấy phép dữ liệu")), "open_page.about"),
        ],
    }


def _bounds() -> tuple[float, ...]:
    numbers = [float(each) for each in served_bounds().split(",") if each]
    return tuple(numbers) if len(numbers) == 4 else _WHOLE_VIETNAM


def feature_schema(each: Collection) -> dict[str, Any]:
    """The JSON Schema of the properties of a collection."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": absolute("ogc.schema", collection_id=each.id),
        "title": translated(each.title),
        "type": "object",
        "properties": {column.name: _property(column) for column in each.columns},
    }


def _property(column: Column) -> dict[str, Any]:
    kind = {"type": "string", "format": "date"} if column.kind == "date" else {"type": column.kind}
    return {"title": translated(column.meaning), **kind}


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.0 document; ``limit`` is told, so that clients page by thousands, not tens."""
    paths: dict[str, Any] = {
        "/": _get("getLandingPage", "Landing page"),
        "/conformance": _get("getConformance", "Conformance classes"),
        "/collections": _get("getCollections", "Collections"),
        "/api": _get("getApi", "This document", kind=OPENAPI),
    }
    for each in COLLECTIONS:
        base = f"/collections/{each.id}"
        title = translated(each.title)
        paths[base] = _get(f"describe_{each.id}", title, missing=True)
        paths[f"{base}/schema"] = _get(f"schema_{each.id}", title, kind=SCHEMA, missing=True)
        paths[f"{base}/items"] = _get(
            f"items_{each.id}", title, "limit", "bbox", "datetime", "after", kind=GEOJSON
        )
        one = _get(f"item_{each.id}", title, "featureId", kind=GEOJSON, missing=True)
        paths[f"{base}/items/{{featureId}}"] = one
    return {
        "openapi": "3.0.3",
        "info": {
            "title": translated(_("Mắt Xanh: dữ liệu công khai")),
            "version": "1",
            "license": {"name": "CC BY 4.0", "url": absolute("open_page.about")},
        },
        "servers": [{"url": absolute("ogc.landing").rstrip("/")}],
        "paths": paths,
        "components": {
            "parameters": _PARAMETERS,
            "schemas": {"exception": _EXCEPTION},
            "responses": {
                "problem": {
                    "description": "An error",
                    "content": {JSON: {"schema": {"$ref": "#/components/schemas/exception"}}},
                }
            },
        },
    }


def _get(
    operation: str, title: str, *parameters: str, kind: str = JSON, missing: bool = False
) -> dict[str, Any]:
    problem = {"$ref": "#/components/responses/problem"}
    answers: dict[str, Any] = {
        "200": {
            "description": title,
            "content": {kind: {"schema": {"type": "object"}}, HTML: {"schema": {"type": "string"}}},
        },
        "400": problem,
        "503": problem,
    }
    if missing:
        answers["404"] = problem
    names = [*parameters, "f"]
    return {
        "get": {
            "operationId": operation,
            "summary": title,
            "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in names],
            "responses": answers,
        }
    }


def _parameter(name: str, schema: dict[str, Any], place: str = "query") -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


_PARAMETERS = {
    "f": _parameter("f", {"type": "string", "enum": ["json", "html"]}),
    "limit": _parameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    ),
    "bbox": {
        **_parameter(
            "bbox",
            {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}},
        ),
        "style": "form",
        "explode": False,
    },
    "datetime": _parameter("datetime", {"type": "string"}),
    "after": _parameter("after", {"type": "string"}),
    "featureId": _parameter("featureId", {"type": "string"}, "path"),
}
_EXCEPTION = {
    "type": "object",
    "required": ["code"],
    "properties": {"code": {"type": "string"}, "description": {"type": "string"}},
}
