"""``/ogc``: OGC API Features Part 1 in GeoJSON and HTML, errors in its own shape."""

import logging
import uuid
from typing import Any

import orjson
from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from webapp.core.errors import BadRequest, DomainError, NotFound
from webapp.core.text import _
from webapp.open_data import ogc_api
from webapp.open_data.feature_collections import (
    Collection,
    Items,
    ItemsQuestion,
    collection,
)
from webapp.open_data.ogc_api import DEFAULT_LIMIT, GEOJSON, HTML, JSON, MAX_LIMIT, OPENAPI, SCHEMA
from webapp.open_data.schemas import box
from webapp.open_data.time_spans import read_days
from webapp.web.errors import RETRY_AFTER, STATUS
from webapp.web.guards import public
from webapp.web.locale import translated
from webapp.web.shared_answers import shared

bp = shared(Blueprint("ogc", __name__, url_prefix="/ogc"))
ON_A_PAGE = 50
_OF_ITEMS = {"limit", "bbox", "datetime", "after"}
log = logging.getLogger(__name__)


@bp.get("/")
@public
def landing() -> Response:
    """What the service is and where everything lies."""
    _only()
    document = ogc_api.landing()
    return _answer(JSON, document, title=document["title"])


@bp.get("/conformance")
@public
def conformance() -> Response:
    """Which parts of the standard are kept."""
    _only()
    return _answer(JSON, {"conformsTo": ogc_api.CONFORMANCE}, title="Conformance")


@bp.get("/api")
@public
def api() -> Response:
    """The OpenAPI document."""
    _only()
    return _answer(OPENAPI, ogc_api.openapi(), title="OpenAPI")


@bp.get("/collections")
@public
def collections() -> Response:
    """Every collection."""
    _only()
    return _answer(JSON, ogc_api.collections(), title=translated(_("Các bộ dữ liệu")))


@bp.get("/collections/<collection_id>")
@public
def describe(collection_id: str) -> Response:
    """One collection."""
    _only()
    document = ogc_api.description(collection(collection_id))
    return _answer(JSON, document, title=document["title"])


@bp.get("/collections/<collection_id>/schema")
@public
def schema(collection_id: str) -> Response:
    """The JSON Schema of a collection's properties."""
    _only()
    document = ogc_api.feature_schema(collection(collection_id))
    return _answer(SCHEMA, document, title=document["title"])


@bp.get("/collections/<collection_id>/items")
@public
def items(collection_id: str) -> Response:
    """The features of a collection, a page at a time."""
    _only(*_OF_ITEMS)
    found = collection(collection_id)
    asked = _question()
    try:
        page = found.read(asked)
    except NotFound as error:
        raise BadRequest(_("after không chỉ đến một đối tượng có thật.")) from error
    document = {
        "type": "FeatureCollection",
        "links": _links_of(found, page),
        "numberMatched": page.matched,
        "numberReturned": len(page.features),
        "features": page.features,
    }
    return _answer(GEOJSON, document, title=translated(found.title), columns=found.columns)


@bp.get("/collections/<collection_id>/items/<feature_id>")
@public
def item(collection_id: str, feature_id: str) -> Response:
    """One feature."""
    _only()
    found = collection(collection_id)
    at = {"collection_id": found.id, "feature_id": feature_id}
    links = [
        ogc_api.link("self", GEOJSON, feature_id, "ogc.item", **at, f="json"),
        ogc_api.link("alternate", HTML, feature_id, "ogc.item", **at, f="html"),
        ogc_api.link("collection", JSON, found.id, "ogc.describe", collection_id=found.id),
    ]
    document = found.read_one(feature_id) | {"links": links}
    return _answer(GEOJSON, document, title=translated(found.title), columns=found.columns)


@bp.get("/<path:rest>")
@public
def nothing(rest: str) -> ResponseReturnValue:
    """Whatever else is asked below the service."""
    raise NotFound


def _only(*names: str) -> None:
    """Refuse parameters that are not known, as the standard asks. Raises BadRequest."""
    unknown = set(request.args) - {*names, "f"}
    if unknown:
        raise BadRequest(_("Không có tham số %(name)s.", name=min(unknown)))
    if request.args.get("f", "json") not in {"json", "html"}:
        raise BadRequest(_("f là json hoặc html."))


def _question() -> ItemsQuestion:
    usual = DEFAULT_LIMIT if _format() == "json" else ON_A_PAGE
    text = request.args.get("limit", str(usual))
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and int(text) > 0):
        raise BadRequest(_("limit là số nguyên từ 1 đến %(most)s.", most=MAX_LIMIT))
    return ItemsQuestion(
        limit=min(int(text), MAX_LIMIT),
        bbox=box(request.args.get("bbox")),
        days=read_days(request.args.get("datetime")),
        after=request.args.get("after") or None,
    )


def _links_of(found: Collection, page: Items) -> list[dict[str, str]]:
    here = {**request.args.to_dict(), "collection_id": found.id}
    links = [
        ogc_api.link("self", GEOJSON, "GeoJSON", "ogc.items", **here | {"f": "json"}),
        ogc_api.link("alternate", HTML, "HTML", "ogc.items", **here | {"f": "html"}),
        ogc_api.link("collection", JSON, found.id, "ogc.describe", collection_id=found.id),
    ]
    if page.last_id is not None:
        onward = here | {"after": page.last_id, "f": _format()}
        kind = GEOJSON if _format() == "json" else HTML
        links.append(ogc_api.link("next", kind, translated(_("Trang sau")), "ogc.items", **onward))
    return links


def _format() -> str:
    asked = request.args.get("f")
    if asked:
        return "html" if asked == "html" else "json"
    best = request.accept_mimetypes.best_match([JSON, GEOJSON, HTML], JSON)
    return "html" if best == HTML else "json"


def _answer(kind: str, document: Any, *, title: str, columns: Any = ()) -> Response:
    if _format() == "html":
        page = render_template(
            "open_data/ogc.html",
            document=document,
            title=title,
            columns=columns,
            collection_id=(request.view_args or {}).get("collection_id"),
        )
        return Response(page, content_type="text/html; charset=utf-8")
    answer = Response(orjson.dumps(document), content_type=kind)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _exception(status: int, code: str, words: str) -> Response:
    body = orjson.dumps({"code": code, "description": words})
    answer = Response(body, status, content_type=JSON)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    if status in RETRY_AFTER:
        answer.headers["Retry-After"] = RETRY_AFTER[status]
    return answer


@bp.errorhandler(DomainError)
def _domain(error: DomainError) -> Response:
    status = STATUS.get(type(error), 400)
    code = {404: "NotFound"}.get(status, "InvalidParameterValue")
    return _exception(404 if status == 404 else 400, code, translated(error.detail))


@bp.errorhandler(HTTPException)
def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    return _exception(
        error.code or 500, error.name.replace(" ", ""), translated(_("Yêu cầu không đọc được."))
    )


@bp.errorhandler(OperationalError)
def _database(error: OperationalError) -> Response:
    log.error("database did not answer: %s", type(error.orig).__name__)
    words = translated(_("Máy chủ tạm ngừng. Xin thử lại sau ít phút."))
    return _exception(503, "ServiceUnavailable", words)


@bp.errorhandler(Exception)
def _unexpected(error: Exception) -> Response:
    reference = uuid.uuid4().hex[:12]
    log.exception("unexpected error %s", reference)
    words = translated(_("Máy chủ gặp lỗi, mã %(code)s.", code=reference))
    return _exception(500, "ServerError", words)
