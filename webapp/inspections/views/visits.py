"""Minutes on a phone with and without network: files it keeps, the empty page, what it sends."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.datastructures import MultiDict

from webapp.accounts.views.session import account_mark
from webapp.cases.presentation import unit_name
from webapp.casework.workflow import INSPECTION_FORMS
from webapp.core import clock
from webapp.core.errors import Invalid, NotFound
from webapp.core.text import Text, _
from webapp.core.unit_of_work import write_unit
from webapp.inspections import permissions as may
from webapp.inspections.forms import MEASURED_ROWS, MinutesForm
from webapp.inspections.limits import limits_on
from webapp.inspections.models import InspectionFile
from webapp.inspections.operations.sending import send_visit
from webapp.inspections.queries import files_to_visit, inspection_file
from webapp.inspections.schemas import VisitAnswer, VisitBody
from webapp.inspections.step_filling import prepare_minutes
from webapp.inspections.step_pages import offered_file_pages
from webapp.web.api import KEY_HEADER, ApiBlueprint
from webapp.web.current_actor import current_actor
from webapp.web.guards import public, requires
from webapp.web.installed_app import app_version
from webapp.web.locale import format_day, translated
from webapp.web.shared_answers import shared

bp = Blueprint("visits", __name__, url_prefix="/can-bo/kiem-tra")
frame_bp = shared(Blueprint("visit_frame", __name__))
api_bp = ApiBlueprint("visits_api", __name__, description="Biên bản kiểm tra ghi tại chỗ")
_PLAIN = ("place", "present", "observed", "statement")


@bp.get("/tren-may.json")
@requires(may.RECORD)
def files() -> Response:
    """The files whose minutes the reader may write now, for the phone, and whose they are."""
    actor = current_actor()
    told = [
        _told(each)
        for each in files_to_visit(actor)
        if any(page.step == "write_minutes" for page in offered_file_pages(actor, each))
    ]
    answer = jsonify({"account": account_mark(), "files": told})
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@frame_bp.get("/bien-ban-tai-cho/khung")
@public
def frame() -> str:
    """The empty page of visits, the same for everyone; filled in by script from the phone."""
    if request.args.get("v") not in {None, app_version()}:
        raise NotFound
    return render_template(
        "inspections/visit_frame.html",
        form=MinutesForm(formdata=None, meta={"csrf": False}),
        limits=limits_on(clock.today_local()),
        today=clock.today_local(),
    )


@api_bp.post("/staff/visits")
@requires(may.RECORD)
@api_bp.doc(parameters=[KEY_HEADER])
@api_bp.arguments(VisitBody)
@api_bp.response(201, VisitAnswer)
@api_bp.alt_response(200, schema=VisitAnswer, description="The same minutes were sent before")
def post_visit(body: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Keep the minutes of an inspection file, once per Idempotency-Key."""
    inspection_file(current_actor(), body["file"])
    form = _form(body)
    with write_unit():
        sent = send_visit(
            current_actor(),
            body["file"],
            seen=body["version"],
            visit=form.visit(),
            measured=form.measurements(),
            raw_key=request.headers.get("Idempotency-Key"),
        )
    return {"file": body["file"], "version": sent.version}, 201 if sent.created else 200


def _told(file: InspectionFile) -> dict[str, Any]:
    form = MinutesForm(formdata=None, meta={"csrf": False})
    prepare_minutes(current_actor(), file, form)
    fields = {each.name: each._value() for each in form.typed_fields()}
    if file.minutes is None:
        del fields["started_at"]  # it begins when somebody is there
    form_name = translated(INSPECTION_FORMS[file.form])
    return {
        "uid": file.uid,
        "version": file.version,
        "title": f"{form_name}, {unit_name(file.unit)}",
        "purpose": file.purpose,
        "day": format_day(file.planned_on),
        "fields": fields,
    }


def _form(body: dict[str, Any]) -> MinutesForm:
    """The body as the form of the page, whose rules are the rules. Raises Invalid by field."""
    if len(body["measured"]) > MEASURED_ROWS:
        words = _("Nhiều nhất %(most)s kết quả đo trong một biên bản.", most=MEASURED_ROWS)
        raise Invalid(words, fields={"measured": words})
    typed = {name: body[name] for name in _PLAIN}
    typed |= {name: _clock_of(body[name]) for name in ("started_at", "ended_at")}
    for number, row in enumerate(body["measured"]):
        typed |= {f"measured-{number}-{name}": value for name, value in row.items()}
    form = MinutesForm(formdata=MultiDict(typed), meta={"csrf": False})
    if not form.validate():
        wrong = {
            each.name: Text(str(each.errors[0])) for each in form.typed_fields() if each.errors
        }
        raise Invalid(_("Có chỗ cần sửa."), fields=wrong)
    return form


def _clock_of(at: datetime | None) -> str:
    return clock.local(at).strftime("%Y-%m-%dT%H:%M") if at else ""
