"""Inspection files: the list, a new plan, one file, its steps, its papers, what is sealed."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.views.session import account_mark
from webapp.cases import permissions as cases_may
from webapp.cases.models import Case
from webapp.cases.operations import claim_case
from webapp.cases.queries import case_file
from webapp.casework.workflow import INSPECTION_FORMS
from webapp.core import clock
from webapp.core.errors import Conflict, Invalid, NotFound, TooLarge, UnsupportedMedia
from webapp.core.unit_of_work import write_unit
from webapp.directory.models import Organisation
from webapp.directory.queries import organisation
from webapp.documents.docx_writer import render_docx
from webapp.documents.letters import Registration
from webapp.documents.queries import code_of, docx_of, pdf_of
from webapp.inspections import permissions as may
from webapp.inspections.forms import OpenForm, PlanForm
from webapp.inspections.letters import (
    comparison_words,
    compose,
    ended_editions_of,
    limit_words,
)
from webapp.inspections.limits import limits_on, shown_number
from webapp.inspections.models import Establishment, InspectionFile
from webapp.inspections.operations.files import claim_file
from webapp.inspections.operations.planning import plan_inspection
from webapp.inspections.operations.sealing import open_sealed_file
from webapp.inspections.policy import may_step
from webapp.inspections.queries import (
    children_of,
    establishment,
    files_page,
    inspection_file,
    photos_of,
    scans_of,
    sealed_of,
    signable,
    steps_of,
)
from webapp.inspections.step_filling import chosen_establishment, offer_plan
from webapp.inspections.step_pages import FilePage, file_page, offered_file_pages
from webapp.inspections.workflow import FILE, FILE_STATES, MOMENTS, PAPERS, SCANS
from webapp.media.operations import ReceivedPhoto, examine
from webapp.web.current_actor import current_actor
from webapp.web.forms import StepForm
from webapp.web.guards import requires
from webapp.web.redirects import see

bp = Blueprint("inspections", __name__, url_prefix="/can-bo/kiem-tra")
_READERS = requires(may.READ, cases_may.READ, may.OPEN_SEALED)
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ENDED = "da-xong"


@bp.get("")
@requires(may.READ)
def index() -> str:
    """The office's files: running ones, or those that ended."""
    ended = request.args.get("muc") == _ENDED
    page = files_page(current_actor(), running=not ended, cursor=request.args.get("sau"))
    tray: dict[str, Any] = {"muc": _ENDED} if ended else {}
    following = page.next_cursor
    return render_template(
        "inspections/files.html",
        files=page.rows,
        ended=ended,
        states=FILE_STATES,
        forms=INSPECTION_FORMS,
        next_url=url_for("inspections.index", sau=following, **tray) if following else None,
        first_url=url_for("inspections.index", **tray) if request.args.get("sau") else None,
        may_plan=current_actor().may(may.RECORD),
        account=account_mark(),
    )


@bp.route("/moi", methods=["GET", "POST"])
@requires(may.RECORD)
def new() -> ResponseReturnValue:
    """Plan an inspection, for a case (``vu-viec``) or an establishment (``co-so``)."""
    actor, form = current_actor(), PlanForm()
    case, chosen = _case(), _establishment()
    office = _office(case)
    unit_id = case.handling_unit_id if case else chosen.unit_id if chosen else office.unit_id
    offer_plan(actor, form, office, unit_id)
    if request.method == "GET":
        form.establishment.data = chosen.uid if chosen else ""
        form.open_at(case.version if case else 0)
        return _plan_page(form, case)
    if not form.validate():
        return _plan_page(form, case, 422)
    try:
        with write_unit():
            locked = claim_case(actor, case.code, seen=form.seen) if case else None
            party = chosen_establishment(actor, form, unit_id)
            uid = plan_inspection(actor, form.plan(), case=locked, establishment=party).uid
    except (Invalid, Conflict) as error:
        form.tell(error)
        fresh = _case()
        form.version.data = str(fresh.version if fresh else 0)
        return _plan_page(form, fresh, 409 if isinstance(error, Conflict) else 422)
    return see("inspections.show", uid=uid)


@bp.get("/<uid>")
@_READERS
def show(uid: str) -> str:
    """One file: what was planned, seen, measured, concluded; what to do next; its history."""
    actor = current_actor()
    file = inspection_file(actor, uid)
    if file.state == "handed_over":
        return _sealed_page(file, OpenForm(formdata=None))
    return render_template(
        "inspections/file.html",
        file=file,
        **_words(),
        pages=offered_file_pages(actor, file),
        photos=photos_of(file),
        ended=ended_editions_of(file),
        steps=steps_of(file),
        scans=scans_of(file),
        signable=signable(file),
        may_scan=may_step(actor, file, "add_scan"),
        scan_kinds=SCANS,
        labels=FILE.transition_label,
        again=children_of(actor, file),
        code_of=code_of,
        today=clock.today_local(),
        is_own=any(may_step(actor, file, row.name) for row in FILE.possible(file.state)),
    )


@bp.route("/<uid>/buoc/<step>", methods=["GET", "POST"])
@requires(may.READ)
def take(uid: str, step: str) -> ResponseReturnValue:
    """One step of a file: its form, and the step itself when it is sent."""
    page, file = file_page(step), inspection_file(current_actor(), uid)
    current_actor().demand_any(FILE.permissions_for(step))
    if file.state == "handed_over":
        raise NotFound  # no form may fill itself from what is sealed
    if request.method == "GET":
        FILE.transition(step, file.state)
    form = _prepared(page, file, request.form if request.method == "POST" else None)
    if request.method == "GET":
        form.open_at(file.version)
        return _step_page(file, page, form)
    if not form.validate():
        return _step_page(file, page, form, 422)
    return _apply(uid, page, form)


@bp.get("/<uid>/van-ban/<kind>.<any(docx, pdf):ending>")
@_READERS
def paper(uid: str, kind: str, ending: str) -> Response:
    """A paper of the file: the numbered one, or what it would be now as a Word file."""
    file = inspection_file(current_actor(), uid)
    if file.state == "handed_over" or kind not in PAPERS:
        raise NotFound
    content, mime = (_docx(file, kind), _DOCX) if ending == "docx" else (_pdf(file, kind), _PDF)
    answer = Response(content, content_type=mime)
    answer.headers["Content-Disposition"] = f"attachment; filename={_FILES[kind]}.{ending}"
    return answer


@bp.post("/<uid>/niem-phong")
@requires(may.OPEN_SEALED)
def open_sealed(uid: str) -> ResponseReturnValue:
    """Open a sealed file for a reason; what is shown once is not kept on any page."""
    form = OpenForm()
    file = inspection_file(current_actor(), uid)
    if not form.validate():
        return _sealed_page(file, form), 422
    try:
        with write_unit():
            locked = claim_file(current_actor(), uid, seen=file.version)
            content = open_sealed_file(current_actor(), locked, reason=form.reason.data)
    except Invalid as error:
        form.tell(error)
        return _sealed_page(inspection_file(current_actor(), uid), form), 422
    return render_template(
        "inspections/sealed_open.html",
        file=inspection_file(current_actor(), uid),
        content=content,
        moment=_moment,
        **_words(),
    )


_PDF = "application/pdf"
_FILES = {"minutes": "bien-ban", "notice": "thong-bao-ket-qua", "slip": "phieu-tra-loi"}


def _words() -> dict[str, Any]:
    return {
        "states": FILE_STATES,
        "forms": INSPECTION_FORMS,
        "moments": MOMENTS,
        "papers": PAPERS,
        "limit_words": limit_words,
        "comparison_words": comparison_words,
        "shown_number": shown_number,
    }


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _docx(file: InspectionFile, kind: str) -> bytes:
    made = next((paper.document for paper in file.papers if paper.kind == kind), None)
    if made is not None:
        return docx_of(made)
    try:
        return render_docx(compose(file, kind, Registration(drafted_on=clock.today_local())))
    except ValueError:  # nothing to draw it from yet
        raise NotFound from None


def _pdf(file: InspectionFile, kind: str) -> bytes:
    made = next((paper.document for paper in file.papers if paper.kind == kind), None)
    content = pdf_of(made) if made is not None else None
    if content is None:
        raise NotFound
    return content


def _case() -> Case | None:
    code = request.args.get("vu-viec")
    return case_file(current_actor(), code).case if code else None


def _establishment() -> Establishment | None:
    uid = request.args.get("co-so")
    return establishment(current_actor(), uid) if uid else None


def _office(case: Case | None) -> Organisation:
    if case is not None and case.office is not None:
        return case.office
    return organisation(current_actor().grants_for(may.RECORD)[0].organisation_id)


def _plan_page(form: PlanForm, case: Case | None, status: int = 200) -> ResponseReturnValue:
    return render_template("inspections/plan.html", form=form, case=case), status


def _sealed_page(file: InspectionFile, form: OpenForm) -> str:
    return render_template(
        "inspections/sealed.html",
        file=file,
        sealed=sealed_of(file),
        form=form,
        may_open=current_actor().may(may.OPEN_SEALED),
        steps=steps_of(file),
        labels=FILE.transition_label,
    )


def _apply(uid: str, page: FilePage, form: Any) -> ResponseReturnValue:
    actor = current_actor()
    try:
        photos = _received()
        with write_unit():
            page.apply(actor, claim_file(actor, uid, seen=form.seen), form, photos)
    except (Invalid, Conflict, TooLarge, UnsupportedMedia) as error:
        form.tell(error)
        fresh = inspection_file(actor, uid)
        if isinstance(error, Conflict) and fresh.state == "handed_over":
            form.version.data = str(fresh.version)  # no form may tell what is sealed
        elif isinstance(error, Conflict):
            form.reopen(fresh.version, _prepared(page, fresh))
        return _step_page(fresh, page, form, 409 if isinstance(error, Conflict) else 422)
    saved = {"da-luu": "1"} if page.step == "write_minutes" else {}
    return see("inspections.show", uid=uid, **saved)


def _prepared(page: FilePage, file: InspectionFile, formdata: Any = None) -> Any:
    form = page.form(formdata=formdata)
    if page.prepare is not None:
        page.prepare(current_actor(), file, form)
    return form


def _received() -> list[ReceivedPhoto]:
    return [examine(upload.read()) for upload in request.files.getlist("photos") if upload.filename]


def _step_page(
    file: InspectionFile, page: FilePage, form: StepForm, status: int = 200
) -> ResponseReturnValue:
    template = "minutes" if page.step == "write_minutes" else "step"
    words = render_template(
        f"inspections/{template}.html",
        file=file,
        page=page,
        form=form,
        states=FILE_STATES,
        ended=ended_editions_of(file),
        limits=limits_on(clock.today_local()) if template == "minutes" else (),
        today=clock.today_local(),
        account=account_mark(),
    )
    return words, status
