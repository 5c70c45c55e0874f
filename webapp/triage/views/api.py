"""The desk's JSON: private, with the session, never cached."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson
from flask import Response, request

from geo.clustering import Cluster
from geo.geojson import place_feature
from geo.points import Bbox, PointError, parse_bbox
from webapp.cases import permissions as cases_may
from webapp.cases.presentation import category_label
from webapp.cases.priority import parts_of
from webapp.core import clock
from webapp.core.errors import Invalid
from webapp.core.text import _
from webapp.reporting.permissions import READ
from webapp.triage.api_document import QUEUE, STAFF_MAP, VERSION
from webapp.triage.filters import queue_filters
from webapp.triage.presentation import title_of
from webapp.triage.queries.map import MapPoint, staff_map
from webapp.triage.queries.queue import QueueRow, queue, queue_news, queue_version
from webapp.web.api import ApiBlueprint
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires

bp = ApiBlueprint("desk_api", __name__, description="Hàng đợi của cán bộ")
_READERS = requires(READ, cases_may.READ)


@bp.get("/staff/queue")
@_READERS
@bp.doc(**QUEUE)
def queue_json() -> Response:
    """One page of the queue."""
    page = queue(current_actor(), queue_filters(request.args), cursor=request.args.get("cursor"))
    at = clock.now()
    rows = [_row(row, at) for row in page.rows]
    return _private({"rows": rows, "next_cursor": page.next_cursor})


@bp.get("/staff/queue/version")
@_READERS
@bp.doc(**VERSION)
def version() -> Response:
    """What came since a page was made; the desk asks every 20 s while visible."""
    filters, since = queue_filters(request.args), request.args.get("since")
    if since is None:
        return _private({"version": queue_version(filters)})
    return _private(asdict(queue_news(current_actor(), filters, since)))


@bp.get("/staff/map")
@_READERS
@bp.doc(**STAFF_MAP)
def map_json() -> Response:
    """What the queue holds in a box, as GeoJSON. 422 for a box or zoom that is none."""
    found = staff_map(current_actor(), queue_filters(request.args), bbox=_bbox(), zoom=_zoom())
    titles = _titles(each.category for each in found if isinstance(each, MapPoint))
    features = [_cluster(e) if isinstance(e, Cluster) else _point(e, titles) for e in found]
    return _private({"type": "FeatureCollection", "features": features})


def _bbox() -> Bbox:
    try:
        return parse_bbox(request.args.get("bbox", ""))
    except PointError as error:
        words = _("Khung bản đồ không đúng: tây,nam,đông,bắc bằng độ.")
        raise Invalid(words, fields={"bbox": words}) from error


def _zoom() -> int:
    text = request.args.get("zoom", "")
    if not (text.isascii() and text.isdigit() and int(text[:3]) <= 22):
        words = _("Mức phóng bản đồ là số từ 0 đến 22.")
        raise Invalid(words, fields={"zoom": words})
    return int(text[:3])


def _row(row: QueueRow, at: datetime) -> dict[str, Any]:
    parts = {part.code: part.points for part in parts_of(row.facts, at)}
    return {
        "kind": row.kind,
        "code": row.code,
        "title": title_of(row),
        "category": row.category,
        "state": row.state,
        "urgent": row.urgent,
        "unchecked": bool(row.unchecked),
        "overdue": row.overdue,
        "due_at": row.due_at,
        "since": row.since,
        "report_count": row.report_count,
        "priority": {"points": sum(parts.values()), "parts": parts},
        "lon": row.lon,
        "lat": row.lat,
    }


def _titles(codes: Iterable[str]) -> dict[str, str]:
    """What categories are called, looked up once for hundreds of points."""
    return {code: category_label(code) for code in set(codes)}


def _point(point: MapPoint, titles: Mapping[str, str]) -> dict[str, Any]:
    properties = {
        "cluster": False,
        "case_code": point.code,
        "category": point.category,
        "state": point.state,
        "overdue": point.overdue,
        "title": titles[point.category],
    }
    return place_feature(point.lon, point.lat, properties)


def _cluster(cluster: Cluster) -> dict[str, Any]:
    properties = {
        "cluster": True,
        "count": cluster.count,
        "overdue": cluster.overdue,
        "bbox": cluster.box,
    }
    return place_feature(cluster.lon, cluster.lat, properties)


def _private(body: dict[str, Any]) -> Response:
    answer = Response(orjson.dumps(body), content_type="application/json")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
