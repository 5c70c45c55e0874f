"""``/tra-cuu``: following a report by its code, or by the account that sent it.

A code travels in bodies only, never in an address; an account's own report stands under its report
code, which opens nothing by itself.
"""

import uuid
from dataclasses import replace

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue

from webapp.core.codes import grouped, normalise
from webapp.core.errors import BadRequest, Conflict, DomainError, Invalid, NotFound
from webapp.core.text import Text, _
from webapp.core.unit_of_work import write_unit
from webapp.extensions import csrf
from webapp.reporting.following import SenderLine, SenderView, view_for_sender
from webapp.reporting.forms import CodeForm, LostCodeForm
from webapp.reporting.models import Report
from webapp.reporting.operations import adopt_new_code, ask_new_code
from webapp.reporting.own import own_reports
from webapp.reporting.tracking import (
    claim_by_tracking_code,
    claim_own_report,
    own_report,
    report_by_tracking_code,
    tracking_digest,
)
from webapp.reporting.views.acts import ACTS, ENDS_OWNING, Act, act_of
from webapp.reporting.views.limits import lost_codes, wrong_codes
from webapp.reporting.views.uploads import Uploads, take_uploads
from webapp.web.current_actor import current_actor
from webapp.web.guards import by_code, for_signed_in, public
from webapp.web.locale import as_written, translated
from webapp.web.redirects import see

bp = Blueprint("tracking", __name__)

_NO_PHOTOS = Uploads((), (), ())


@bp.get("/tra-cuu")
@public
def ask_code() -> ResponseReturnValue:
    """Ask for the code."""
    return _code_page(CodeForm())


@bp.post("/tra-cuu")
@by_code
@csrf.exempt  # the form checks its own token, so that a lost one does not lose the words
@wrong_codes
def follow() -> ResponseReturnValue:
    """How the report of this code stands; a re-issued code is the only one from now on."""
    form = CodeForm()
    if not form.validate():
        return _code_page(form), 422
    try:
        report = _opened(form)
    except NotFound as wrong:
        return _wrong_code(form, wrong)
    return _report_page(view_for_sender(report), form)


@bp.post("/tra-cuu/<slug>")
@by_code
@csrf.exempt
@wrong_codes
def act(slug: str) -> ResponseReturnValue:
    """One act of the sender, and the page as it is after it."""
    wanted = act_of(slug)
    form = wanted.form(prefix=wanted.name)
    uploads = _uploads(form)
    status = 200
    try:
        status = _do(wanted, form, uploads)
    except NotFound as wrong:
        return _wrong_code(CodeForm(formdata=None), wrong)
    except (Invalid, BadRequest) as refused:
        form.tell(refused)
        status = 422
    except Conflict as refused:
        form.tell(refused)
        status = 409
    if status == 200 and form.report.data and wanted.name in ENDS_OWNING:
        # The account no longer has this report: there is no page of it to go back to.
        flash(translated(wanted.done), "success")
        return see(".mine")
    view = view_for_sender(_opened(form))
    if status == 200:
        return _report_page(view, form, done=wanted.done)
    return _report_page(view, form, refused=(wanted.name, form)), status


@bp.get("/tra-cuu/mat-ma")
@public
def lost_code() -> ResponseReturnValue:
    """Ask for what was left with the report."""
    return render_template("reporting/lost_code.html", form=LostCodeForm(), sent=False)


@bp.post("/tra-cuu/mat-ma")
@public
@csrf.exempt
@lost_codes
def send_lost_code() -> ResponseReturnValue:
    """Have a new code sent to it; everybody gets the same answer."""
    form = LostCodeForm()
    left = (form.left.data or "").strip()
    if not form.validate() or not left:
        form.left.errors = [*form.left.errors, translated(_("Xin điền mục này."))]
        return render_template("reporting/lost_code.html", form=form, sent=False), 422
    with write_unit():
        mail = "@" in left
        ask_new_code(phone=None if mail else left, email=left if mail else None)
    return render_template("reporting/lost_code.html", form=form, sent=True), 202


@bp.get("/phan-anh-cua-toi")
@for_signed_in
def mine() -> ResponseReturnValue:
    """Every report that this account sent."""
    return render_template("reporting/mine.html", rows=own_reports(current_actor()))


@bp.get("/phan-anh-cua-toi/<report_code>")
@for_signed_in
def my_report(report_code: str) -> ResponseReturnValue:
    """How one of them stands."""
    report = own_report(current_actor(), report_code)
    return _report_page(view_for_sender(report), CodeForm(formdata=None, report=report.code))


def _uploads(form: CodeForm) -> Uploads:
    files = form["photos"].data if "photos" in form else ()
    return take_uploads(files or (), (), form.idempotency_key.data or "")


def _do(wanted: Act, form: CodeForm, uploads: Uploads) -> int:
    """Do the act in a write unit of its own; 422 when the form is not whole."""
    if uploads.refusals:
        raise Invalid(uploads.refusals[0], fields={"photos": uploads.refusals[0]})
    if not form.validate():
        return 422
    with write_unit():
        wanted.apply(_claimed(form), form, uploads)
    return 200


def _opened(form: CodeForm) -> Report:
    """The report to show. Raises NotFound."""
    if form.report.data:
        return own_report(current_actor(), form.report.data)
    report = report_by_tracking_code(form.code.data)
    if report.tracking_digest == tracking_digest(form.code.data or ""):
        return report
    with write_unit():
        adopt_new_code(form.code.data)
    return report_by_tracking_code(form.code.data)


def _claimed(form: CodeForm) -> Report:
    if form.report.data:
        return claim_own_report(current_actor(), form.report.data)
    adopt_new_code(form.code.data)
    return claim_by_tracking_code(form.code.data)


def _code_page(form: CodeForm) -> str:
    return render_template("reporting/code.html", form=form)


def _wrong_code(form: CodeForm, wrong: DomainError) -> ResponseReturnValue:
    form.code.errors = [*form.code.errors, translated(wrong.detail)]
    return _code_page(form), 404


def _report_page(
    view: SenderView,
    known: CodeForm,
    *,
    done: Text | None = None,
    refused: tuple[str, CodeForm] | None = None,
) -> str:
    code, report = known.code.data, known.report.data
    forms = {
        act.name: act.form(
            formdata=None,
            prefix=act.name,
            code=code,
            report=report,
            idempotency_key=str(uuid.uuid4()),
        )
        for act in ACTS
    }
    if refused is not None:
        forms[refused[0]] = refused[1]
    return render_template(
        "reporting/follow.html",
        view=view,
        lines=[_shown(line) for line in view.lines],
        forms=forms,
        slugs={act.name: act.slug for act in ACTS},
        code=grouped(normalise(code or "")),
        by_account=bool(report),
        done=translated(done) if done else None,
        photo_states=_PHOTO_STATES,
        refused=refused[0] if refused else None,
    )


def _shown(line: SenderLine) -> SenderLine:
    """A line in the language of the page; what the Front and offices wrote is told as written."""
    text = as_written(line.text) if isinstance(line.text, str) else translated(line.text)
    return replace(line, text=text, detail=as_written(line.detail) if line.detail else None)


_PHOTO_STATES = {
    "wanted": _("đang chờ gửi lên"),
    "stored": _("đã nhận"),
    "ready": _("đã nhận, xem được"),
    "unreadable": _("không đọc được, xin gửi ảnh khác"),
    "erased": _("đã gỡ bỏ"),
}
