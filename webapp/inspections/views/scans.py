"""Signed papers of an inspection file: brought as a scan, shown to those who may open the file."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.core.errors import Conflict, Invalid, NotFound, TooLarge, UnsupportedMedia
from webapp.core.unit_of_work import write_unit
from webapp.documents.scans import MAX_SCAN_BYTES, read_scan
from webapp.inspections import permissions as may
from webapp.inspections.forms import ScanForm
from webapp.inspections.models import InspectionFile
from webapp.inspections.operations.files import claim_file
from webapp.inspections.operations.scans import add_scan
from webapp.inspections.policy import may_step
from webapp.inspections.queries import file_scan, inspection_file, scans_of, signable
from webapp.inspections.workflow import SCANS
from webapp.media.papers import open_paper, receive_paper
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.locale import translated
from webapp.web.redirects import see

bp = Blueprint("inspection_scans", __name__, url_prefix="/can-bo/kiem-tra")


@bp.route("/<uid>/ban-ky", methods=["GET", "POST"])
@requires(may.RECORD)
def bring(uid: str) -> ResponseReturnValue:
    """Bring the scan of a signed paper of the file."""
    actor, form = current_actor(), ScanForm()
    file = inspection_file(actor, uid)
    if not may_step(actor, file, "add_scan") or not signable(file):
        raise NotFound
    _offer(form, file)
    if request.method == "GET":
        form.version.data = str(file.version)
        form.kind.data = request.args.get("loai")
        return _page(file, form)
    if not form.validate():
        return _page(file, form, 422)
    try:
        received = receive_paper(read_scan(_uploaded()).content)
        with write_unit():
            locked = claim_file(actor, uid, seen=form.seen)
            add_scan(actor, locked, received, kind=form.kind.data, reason=form.reason.data or "")
    except (Invalid, Conflict, TooLarge, UnsupportedMedia) as error:
        _tell(form, error)
        file = inspection_file(actor, uid)
        form.version.data = str(file.version)
        return _page(file, form, 409 if isinstance(error, Conflict) else 422)
    return see("inspections.show", uid=uid)


@bp.get("/<uid>/ban-ky/<paper_uid>.pdf")
@requires(may.READ)
def show(uid: str, paper_uid: str) -> Response:
    """A signed scan as it was brought."""
    scan = file_scan(current_actor(), uid, paper_uid)
    answer = Response(open_paper(scan.paper), content_type="application/pdf")
    answer.headers["Cache-Control"] = "private, no-store"
    # It was made by others: a browser may show it, it may do nothing.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Content-Disposition"] = f"attachment; filename={scan.kind}-{paper_uid}.pdf"
    return answer


def _offer(form: ScanForm, file: InspectionFile) -> None:
    form.kind.choices = [
        (kind, f"{translated(SCANS[kind])} {paper.number}")
        for kind, paper in signable(file).items()
    ]


def _tell(form: ScanForm, error: Invalid | Conflict | TooLarge | UnsupportedMedia) -> None:
    if isinstance(error, TooLarge | UnsupportedMedia):
        form.files.errors = [translated(error.detail)]
    else:
        form.tell(error)


def _uploaded() -> list[bytes]:
    chosen = [each for each in request.files.getlist("files") if each.filename]
    return [each.read(MAX_SCAN_BYTES + 1) for each in chosen]


def _page(file: InspectionFile, form: ScanForm, status: int = 200) -> ResponseReturnValue:
    form.files.flags.required = True
    words = render_template(
        "inspections/scan.html", file=file, form=form, scans=scans_of(file), kinds=SCANS
    )
    return words, status
