"""Hiding faces, plates and names on photos and papers: one draws, another approves."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.cases.models import Case
from webapp.cases.operations import claim_case
from webapp.core import files
from webapp.core.errors import Invalid, NotFound, TooLarge, UnsupportedMedia
from webapp.core.unit_of_work import write_unit
from webapp.documents.scans import MAX_SCAN_BYTES, read_scan
from webapp.inspections.queries import scans_for_page
from webapp.inspections.workflow import SCANS
from webapp.media.marks import read_marks
from webapp.media.models import Redaction
from webapp.media.papers import REFUSED, page_bytes, receive_paper
from webapp.outcomes import permissions as may
from webapp.outcomes.forms import HidingReturnForm, MarksForm, PaperForm
from webapp.outcomes.hiding import (
    approve_hiding,
    bring_paper,
    bring_scan,
    hide_on_paper,
    hide_on_photo,
    return_hiding,
)
from webapp.outcomes.policy import PAGE_PERMISSIONS
from webapp.outcomes.queries import page_file
from webapp.outcomes.redactions import (
    hiding_desk,
    paper_to_hide,
    photo_to_hide,
    redaction_of,
)
from webapp.outcomes.wording import RULES
from webapp.web.current_actor import current_actor
from webapp.web.forms import PageForm
from webapp.web.guards import requires
from webapp.web.redirects import see

bp = Blueprint("redaction", __name__, url_prefix="/can-bo/che")
_WORKERS = requires(*PAGE_PERMISSIONS)
_PRIVATE = "private, no-store"
_NO_PAGE = "default-src 'none'; sandbox"


@bp.get("/<code>")
@_WORKERS
def index(code: str) -> str:
    """The photos and papers of a case, what is hidden on them, what waits for whom."""
    case = _case(code)
    return render_template(
        "outcomes/hiding.html",
        case=case,
        desk=hiding_desk(current_actor(), case),
        refused=REFUSED,
        scan_kinds=SCANS,
    )


@bp.route("/<code>/anh/<uid>", methods=["GET", "POST"])
@requires(may.DRAFT)
def photo(code: str, uid: str) -> ResponseReturnValue:
    """Draw on a photo."""
    case, form = _case(code), MarksForm()
    chosen = photo_to_hide(current_actor(), case, uid)
    # Drawn on the same rendition that the page would show.
    sizes = [each for each in chosen.renditions if each.kind == "large"]
    pages = [(f"/can-bo/anh/{uid}/large", each.width, each.height) for each in sizes]
    if request.method == "GET":
        return _drawing(case, form, pages)
    try:
        marks = read_marks(form.marks.data)
        with write_unit():
            locked = claim_case(current_actor(), code, seen=None)
            hide_on_photo(current_actor(), locked, chosen, marks)
    except Invalid as error:
        form.tell(error)
        return _drawing(case, form, pages, 422)
    return see(".index", code=code)


@bp.route("/<code>/them-van-ban", methods=["GET", "POST"])
@requires(may.DRAFT)
def add_paper(code: str) -> ResponseReturnValue:
    """Bring a paper for the page."""
    case, form = _case(code), PaperForm()
    if request.method == "GET":
        return _adding(case, form)
    if not form.validate():
        return _adding(case, form, 422)
    try:
        received = receive_paper(read_scan(_uploaded()).content)
        with write_unit():
            locked = claim_case(current_actor(), code, seen=None)
            bring_paper(
                current_actor(),
                locked,
                received,
                title=form.title.data,
                number=form.number.data or "",
                issued_on=form.issued_on.data,
            )
    except (Invalid, TooLarge, UnsupportedMedia) as error:
        form.tell(error)
        return _adding(case, form, 422)
    return see(".index", code=code)


@bp.post("/<code>/ban-ky/<uid>")
@requires(may.DRAFT)
def take_scan(code: str, uid: str) -> ResponseReturnValue:
    """Take the signed scan of an inspection paper for the page."""
    with write_unit():
        locked = claim_case(current_actor(), code, seen=None)
        scan = next((each for each in scans_for_page(locked.id) if each.paper.uid == uid), None)
        if scan is None:
            raise NotFound
        bring_scan(current_actor(), locked, scan)
    return see(".index", code=code)


@bp.route("/<code>/van-ban/<uid>", methods=["GET", "POST"])
@requires(may.DRAFT)
def paper(code: str, uid: str) -> ResponseReturnValue:
    """Draw on the pages of a paper."""
    case, form = _case(code), MarksForm()
    brought = paper_to_hide(case, uid)
    if brought.paper.state != "ready":
        raise NotFound
    pages = [
        (f"/can-bo/che/{code}/van-ban/{uid}/{page.number}.jpg", page.width, page.height)
        for page in brought.paper.pages
    ]
    if request.method == "GET":
        return _drawing(case, form, pages)
    try:
        marks = read_marks(form.marks.data, pages=len(pages))
        with write_unit():
            locked = claim_case(current_actor(), code, seen=None)
            hide_on_paper(current_actor(), locked, brought, marks)
    except Invalid as error:
        form.tell(error)
        return _drawing(case, form, pages, 422)
    return see(".index", code=code)


@bp.get("/<code>/van-ban/<uid>/<int:number>.jpg")
@requires(may.DRAFT)
def page(code: str, uid: str, number: int) -> Response:
    """A page of a paper as it was brought, to draw on."""
    brought = paper_to_hide(_case(code), uid)
    return _file(page_bytes(brought.paper, number), "image/jpeg", f"{uid}-{number}.jpg")


@bp.route("/<code>/ban/<uid>", methods=["GET", "POST"])
@_WORKERS
def copy(code: str, uid: str) -> ResponseReturnValue:
    """Look at what was made; approve it."""
    case, form = _case(code), PageForm()
    made = redaction_of(case, uid)
    if request.method == "GET":
        return _deciding(case, made, form)
    current_actor().demand(may.APPROVE)
    try:
        with write_unit():
            locked = claim_case(current_actor(), code, seen=None)
            approve_hiding(current_actor(), locked, redaction_of(locked, uid))
    except Invalid as error:
        form.tell(error)
        return _deciding(case, made, form, 422)
    return see(".index", code=code)


@bp.route("/<code>/ban/<uid>/tra-lai", methods=["GET", "POST"])
@requires(may.APPROVE)
def give_back(code: str, uid: str) -> ResponseReturnValue:
    """Give it back to be drawn anew."""
    case, form = _case(code), HidingReturnForm()
    made = redaction_of(case, uid)
    if request.method == "GET":
        return _deciding(case, made, form)
    if not form.validate():
        return _deciding(case, made, form, 422)
    try:
        with write_unit():
            locked = claim_case(current_actor(), code, seen=None)
            redaction = redaction_of(locked, uid)
            return_hiding(current_actor(), locked, redaction, reason=form.reason.data)
    except Invalid as error:
        form.tell(error)
        return _deciding(case, made, form, 422)
    return see(".index", code=code)


@bp.get("/<code>/ban/<uid>.pdf")
@_WORKERS
def copy_file(code: str, uid: str) -> Response:
    """The paper as the public would get it."""
    made = redaction_of(_case(code), uid)
    if made.file_key is None:
        raise NotFound
    return _file(files.store().get(made.file_key), "application/pdf", f"{uid}.pdf")


def _case(code: str) -> Case:
    return page_file(current_actor(), code).case


def _uploaded() -> list[bytes]:
    chosen = [each for each in request.files.getlist("files") if each.filename]
    return [each.read(MAX_SCAN_BYTES + 1) for each in chosen]


def _drawing(
    case: Case, form: MarksForm, pages: list[tuple[str, int, int]], status: int = 200
) -> ResponseReturnValue:
    if not pages:
        raise NotFound
    return render_template("outcomes/draw.html", case=case, form=form, pages=pages), status


def _adding(case: Case, form: PaperForm, status: int = 200) -> ResponseReturnValue:
    return render_template("outcomes/add_paper.html", case=case, form=form), status


def _deciding(
    case: Case, made: Redaction, form: PageForm, status: int = 200
) -> ResponseReturnValue:
    actor = current_actor()
    page = render_template(
        "outcomes/hidden_copy.html",
        case=case,
        made=made,
        form=form,
        rules=RULES,
        returning=isinstance(form, HidingReturnForm),
        decides=actor.may(may.APPROVE) and made.drawn_by_id != actor.person_id,
    )
    return page, status


def _file(content: bytes, mime: str, name: str) -> Response:
    answer = Response(content, content_type=mime)
    answer.headers["Cache-Control"] = _PRIVATE
    answer.headers["Content-Security-Policy"] = _NO_PAGE
    kind = "inline" if mime.startswith("image/") else "attachment"
    answer.headers["Content-Disposition"] = f"{kind}; filename={name}"
    return answer
