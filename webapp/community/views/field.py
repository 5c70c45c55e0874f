"""Site checks for the time without network: the tasks for the phone, an answer that waited in it,
and the page by which they open there."""

import math
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from geo.points import Point, PointError, parse_number, parse_point
from webapp.accounts.views.session import account_mark
from webapp.cases import permissions as may
from webapp.cases.presentation import category_label
from webapp.core import clock
from webapp.core.errors import Invalid, NotFound
from webapp.core.text import _
from webapp.core.unit_of_work import write_unit
from webapp.media.operations import examine
from webapp.triage.operations.evidence import invalid
from webapp.triage.operations.verification import Visit, answer_check
from webapp.triage.queries.tasks import CheckTask, check_task, open_checks
from webapp.triage.workflow import FINDINGS
from webapp.web.current_actor import current_actor
from webapp.web.fields import tidy
from webapp.web.guards import public, requires
from webapp.web.installed_app import app_version
from webapp.web.locale import choose, format_day
from webapp.web.shared_answers import shared

bp = Blueprint("field", __name__, url_prefix="/can-bo/nhiem-vu")
frame_bp = shared(Blueprint("field_frame", __name__))
_MEMBERS = requires(may.RECORD_VERIFICATION)
_LIMITS = {"note": 2000, "no_photo_reason": 200}
_MAX_PHOTOS = 5
_FARTHEST_M = 100_000.0


@bp.get("/tren-may.json")
@_MEMBERS
def tasks() -> Response:
    """Open site checks as a phone keeps them, in the order of a walk, and whose they are."""
    answer = jsonify(
        {
            "account": account_mark(),
            "tasks": [_task(each) for each in open_checks(current_actor())],
        }
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/xem/<int:check_id>/tra-loi")
@_MEMBERS
def answer(check_id: int) -> ResponseReturnValue:
    """An answer from the phone, once per Idempotency-Key. Form fields and photos come together."""
    check_task(current_actor(), check_id)
    photos = [examine(each.read()) for each in request.files.getlist("photos")[:_MAX_PHOTOS]]
    at = _point()
    visit = Visit(
        finding=request.form.get("finding", ""),
        visited_at=_visited_at(),
        note=_words("note"),
        photos=photos,
        no_photo_reason=_words("no_photo_reason"),
        at=at,
        accuracy_m=_accuracy() if at else None,
    )
    with write_unit():
        answer_check(
            current_actor(),
            check_id,
            visit=visit,
            raw_key=request.headers.get("Idempotency-Key", ""),
        )
    return jsonify({"check": check_id, "state": "done"})


@frame_bp.get("/viec-duoc-nho/khung")
@public
def frame() -> str:
    """The empty page of tasks, the same for everyone; filled in by script from the phone."""
    if request.args.get("v") not in {None, app_version()}:
        raise NotFound
    return render_template("community/field_frame.html", findings=FINDINGS)


def _task(task: CheckTask) -> dict[str, Any]:
    place = task.place
    unit = place.unit_name_en if choose() == "en" else place.unit_name
    shown: dict[str, Any] = {"lon": None, "lat": None, "exact": False}
    if place.at is not None:
        digits = 5 if place.at.exact else 4
        lon, lat = round(place.at.point.lon, digits), round(place.at.point.lat, digits)
        shown = {"lon": lon, "lat": lat, "exact": place.at.exact}
    return {
        "id": task.id,
        "category": category_label(place.category),
        "place": place.place_note or unit,
        "unit": unit,
        "question": task.question,
        "due": format_day(task.due_on),
        "due_on": task.due_on.isoformat(),
        **shown,
    }


def _words(name: str) -> str | None:
    words = str(tidy(request.form.get(name, "")))
    limit = _LIMITS[name]
    if len(words) > limit:
        raise invalid(name, _("Dài quá %(limit)s ký tự. Xin viết ngắn lại.", limit=limit))
    return words or None


def _visited_at() -> datetime:
    """When the phone says that somebody was there; a clock that runs ahead counts as now."""
    try:
        told = datetime.fromisoformat(request.form.get("visited_at", ""))
    except ValueError:
        raise invalid("visited_at", _("Xin ghi đủ ngày và giờ.")) from None
    if told.tzinfo is None or told.year not in clock.YEARS:
        raise invalid("visited_at", _("Xin ghi đủ ngày và giờ."))
    return min(told.astimezone(UTC), clock.now())


def _point() -> Point | None:
    lon, lat = request.form.get("lon", ""), request.form.get("lat", "")
    if not lon and not lat:
        return None
    try:
        return parse_point(lon, lat)
    except PointError:
        words = _("Vị trí máy báo không đúng. Xin lấy lại vị trí.")
        raise Invalid(words, fields={"location": words}) from None


def _accuracy() -> float | None:
    """Metres; None where the phone said nothing of use."""
    try:
        metres = parse_number(request.form.get("accuracy_m", ""), "accuracy_m")
    except PointError:
        return None
    return metres if math.isfinite(metres) and 0 <= metres <= _FARTHEST_M else None
