"""``/can-bo/trao-doi``: cases to and from the Front's national feedback system, as files."""

from flask import Blueprint, Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.cases import permissions as cases_may
from webapp.core import clock
from webapp.core.errors import Gone, Invalid
from webapp.core.unit_of_work import write_unit
from webapp.exchange.export import KINDS, export_cases
from webapp.exchange.forms import ExportForm, ImportForm
from webapp.exchange.operations import (
    KNOWN,
    NEW,
    NOTED,
    WRONG,
    RowResult,
    keep_file,
    look_at,
    own_import,
    take_over,
)
from webapp.exchange.queries import brought_by, imports_of
from webapp.exchange.reading import MAX_BYTES, MAX_ROWS
from webapp.exchange.table import COLUMNS, KIND_WORDS
from webapp.reporting.permissions import DECIDE
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.redirects import see

bp = Blueprint("exchange", __name__, url_prefix="/can-bo/trao-doi")


@bp.get("")
@requires(cases_may.READ)
def index() -> str:
    """What may be exported, what may be brought, what was brought before."""
    return _page(ExportForm(formdata=request.args if request.args else None))


@bp.post("/xuat")
@requires(cases_may.READ)
def export() -> ResponseReturnValue:
    """The file of the cases asked for."""
    form = ExportForm()
    form.offer(current_actor())
    if form.validate():
        try:
            with write_unit():
                content = export_cases(current_actor(), form.question, form.kind.data)
            return _file(content, form.kind.data)
        except Invalid as refused:
            form.tell(refused)
    return _page(form), 422


@bp.post("/nap")
@requires(DECIDE)
def look() -> ResponseReturnValue:
    """What a file would do, row by row; a sound one is kept until the officer takes it over."""
    form = ImportForm()
    if not form.validate():
        return _page(_export_form(), form), 422
    actor, opens_cases = current_actor(), form.becomes.data == "case"
    content = form.file.data.read(MAX_BYTES + 1)
    try:
        results = look_at(actor, content, opens_cases=opens_cases)
        if any(each.kind == WRONG for each in results):
            return _preview(results, None, opens_cases), 422
        with write_unit():
            uid = keep_file(actor, content, opens_cases=opens_cases, rows=len(results)).uid
    except Invalid as refused:
        form.tell(refused)
        return _page(_export_form(), form), 422
    return _preview(results, uid, opens_cases)


@bp.post("/nap/<uid>")
@requires(DECIDE)
def take(uid: str) -> ResponseReturnValue:
    """Take the file over as it was looked at."""
    try:
        with write_unit():
            take_over(current_actor(), uid)
    except (Gone, Invalid) as refused:
        form = ImportForm(formdata=None)
        form.tell(refused)
        return _page(_export_form(), form), 409
    flash(_("Đã nạp tệp."), "success")
    return see("exchange.result", uid=uid)


@bp.get("/nap/<uid>")
@requires(DECIDE)
def result(uid: str) -> str:
    """What a file brought."""
    brought = own_import(current_actor(), uid)
    return render_template("exchange/result.html", brought=brought, numbers=brought_by(brought.id))


def _export_form() -> ExportForm:
    return ExportForm(formdata=None)


def _page(export_form: ExportForm, import_form: ImportForm | None = None) -> str:
    actor = current_actor()
    export_form.offer(actor)
    return render_template(
        "exchange/index.html",
        export_form=export_form,
        import_form=import_form or ImportForm(formdata=None),
        may_bring=actor.may(DECIDE),
        imports=imports_of(actor),
        columns=COLUMNS,
        kinds=KIND_WORDS,
        limits={"rows": MAX_ROWS, "mb": MAX_BYTES >> 20},
    )


def _preview(results: list[RowResult], uid: str | None, opens_cases: bool) -> str:
    counts = {
        kind: sum(each.kind == kind for each in results) for kind in (NEW, NOTED, KNOWN, WRONG)
    }
    return render_template(
        "exchange/preview.html", results=results, counts=counts, uid=uid, opens_cases=opens_cases
    )


def _file(content: bytes, kind: str) -> Response:
    answer = Response(content, content_type=KINDS[kind])
    name = f"vu-viec-{clock.today_local():%Y-%m-%d}.{kind}"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
