"""Registers: outgoing letters, the tracking register, who numbers."""

from flask import Blueprint, Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.audit.permissions import READ_IDENTITY_LOG
from webapp.casework import permissions as may
from webapp.casework.forms.registers import IdentityCopyForm, NumberingForm, PeriodForm
from webapp.casework.half_years import Half, half_before, half_of
from webapp.casework.hearing import hearing_pack
from webapp.casework.outgoing import outgoing as outgoing_registers
from webapp.casework.outgoing import outgoing_of, outgoing_workbook
from webapp.casework.queries import committee_letters
from webapp.casework.register import register, register_with_identities
from webapp.casework.register_copies import register_copies
from webapp.casework.workflow import LETTER_KINDS, LETTER_STATES
from webapp.core import clock
from webapp.core.errors import Forbidden, Invalid, NotFound
from webapp.core.unit_of_work import write_unit
from webapp.directory.queries import organisation
from webapp.documents.numbers import set_numbering
from webapp.documents.permissions import MANAGE_LETTERS
from webapp.documents.queries import code_of
from webapp.reporting.permissions import OPEN_IDENTITY, READ
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.redirects import see

bp = Blueprint("registers", __name__, url_prefix="/can-bo/so")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_YEARS = range(2000, 2100)
_SHOWN = 10
_WORDS = 80


@bp.get("")
@requires(may.DRAFT, may.SIGN, may.ISSUE)
def index() -> str:
    """Outgoing letters of a year, and the way to the tracking register."""
    return _index(PeriodForm(formdata=None), IdentityCopyForm(formdata=None))


@bp.get("/<int:organisation_id>/van-ban-di")
@requires(may.DRAFT, may.SIGN, may.ISSUE)
def outgoing(organisation_id: int) -> str:
    """One organisation's outgoing letters of a year, page by page, or whole to be printed."""
    year, whole = _year(), "ca_nam" in request.args
    words = request.args.get("tim", "").strip()[:_WORDS]
    register = outgoing_of(
        current_actor(),
        organisation_id,
        year,
        request.args.get("cursor"),
        whole=whole,
        words=words,
    )
    return render_template(
        "casework/outgoing.html",
        year=year,
        register=register,
        paged=not whole,
        words=words,
        code_of=code_of,
    )


@bp.get("/<int:organisation_id>/van-ban-di.xlsx")
@requires(may.DRAFT, may.SIGN, may.ISSUE)
def outgoing_xlsx(organisation_id: int) -> Response:
    """One organisation's outgoing letters of a year, whole, to be printed and filed."""
    year = _year()
    content = outgoing_workbook(current_actor(), organisation_id, year)
    return _xlsx(content, f"so-van-ban-di-{year}")


@bp.get("/theo-doi.xlsx")
@requires(READ)
def tracking() -> ResponseReturnValue:
    """The tracking register with names and contacts kept secret."""
    form = PeriodForm(formdata=request.args, meta={"csrf": False})
    if form.validate():
        try:
            return _xlsx(register(current_actor(), form.period), "so-theo-doi")
        except Invalid as refused:
            form.tell(refused)
    return _index(form, IdentityCopyForm(formdata=None)), 422


@bp.post("/theo-doi-danh-tinh")
@requires(OPEN_IDENTITY)
def tracking_with_identities() -> ResponseReturnValue:
    """The tracking register with identities: for a reason, each row logged."""
    form = IdentityCopyForm()
    if form.validate():
        try:
            with write_unit():
                content = register_with_identities(
                    current_actor(), form.period, reason=form.reason.data
                )
            return _xlsx(content, "so-theo-doi-co-danh-tinh")
        except Invalid as refused:
            form.tell(refused)
    return _index(PeriodForm(formdata=None), form), 422


@bp.get("/ban-co-danh-tinh")
@requires(READ_IDENTITY_LOG)
def copies() -> str:
    """Which copies with identities were made, by whom and why."""
    return render_template("casework/register_copies.html", copies=register_copies(current_actor()))


@bp.post("/cach-cap-so/<int:organisation_id>")
@requires(MANAGE_LETTERS)
def numbering(organisation_id: int) -> ResponseReturnValue:
    """Choose who gives the numbers of an organisation's letters."""
    actor, form = current_actor(), NumberingForm()
    if organisation_id not in actor.organisations_for(MANAGE_LETTERS):
        raise Forbidden
    if form.validate():
        with write_unit():
            by_platform = form.by.data == "platform"
            set_numbering(actor, organisation(organisation_id), by_platform=by_platform)
        flash(_("Đã ghi cách cấp số."), "success")
    return see("registers.index")


@bp.get("/phien-nghe/<int:organisation_id>.zip")
@requires(may.DRAFT, may.SIGN)
def hearing(organisation_id: int) -> Response:
    """Report, invitation and figures for the half-yearly hearing."""
    half = _half(request.args.get("ky"))
    content = hearing_pack(current_actor(), organisation_id, half)
    answer = Response(content, content_type="application/zip")
    answer.headers["Content-Disposition"] = f"attachment; filename=hoi-nghi-{half.key}.zip"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _index(period: PeriodForm, copy: IdentityCopyForm) -> str:
    actor, year = current_actor(), _year()
    for form in (period, copy):
        if not form.errors and not form.form_errors:
            form.suggest()
    registers = outgoing_registers(actor, year)
    written = {
        each.organisation.id: committee_letters(each.organisation.id)[::-1][:_SHOWN]
        for each in registers
    }
    return render_template(
        "casework/registers.html",
        year=year,
        registers=registers,
        hearing=half_before(clock.today_local()),
        written=written,
        kinds=LETTER_KINDS,
        states=LETTER_STATES,
        drafting=actor.organisations_for(may.DRAFT),
        managed=actor.organisations_for(MANAGE_LETTERS),
        numbering=_numbering_form,
        period=period,
        copy=copy,
        may_open=actor.may(OPEN_IDENTITY),
        may_read=actor.may(READ),
        code_of=code_of,
    )


def _numbering_form(by_platform: bool) -> NumberingForm:
    return NumberingForm(formdata=None, data={"by": "platform" if by_platform else "typed"})


def _half(key: str | None) -> Half:
    if key is None:
        return half_before(clock.today_local())
    try:
        half = half_of(key)
    except ValueError:
        raise NotFound from None
    if half.year not in _YEARS:
        raise NotFound
    return half


def _year() -> int:
    year = request.args.get("nam", type=int)
    return year if year is not None and year in _YEARS else clock.today_local().year


def _xlsx(content: bytes, name: str) -> Response:
    answer = Response(content, content_type=_XLSX)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.xlsx"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
