"""The register of establishments: search, one entry with its history, entering and correcting."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.cases.operations import claim_case
from webapp.cases.presentation import unit_name
from webapp.casework.workflow import INSPECTION_FORMS
from webapp.core import clock
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.core.text import _
from webapp.core.unit_of_work import write_unit
from webapp.inspections import permissions as may
from webapp.inspections.forms import EstablishmentForm, LinkForm, PermitForm
from webapp.inspections.models import Establishment
from webapp.inspections.operations.establishments import (
    add_permit,
    claim_establishment,
    correct_establishment,
    enter_establishment,
    link_establishment,
)
from webapp.inspections.operations.files import refused
from webapp.inspections.queries import establishment, establishments_page, history_of, kept_units
from webapp.inspections.workflow import ESTABLISHMENT_KINDS, FILE_STATES, PERMIT_KINDS
from webapp.web.current_actor import current_actor
from webapp.web.forms import StepForm
from webapp.web.guards import requires
from webapp.web.redirects import see

bp = Blueprint("establishments", __name__, url_prefix="/can-bo/co-so")
_READERS = requires(may.READ_ESTABLISHMENTS)
_KEEPERS = requires(may.KEEP_ESTABLISHMENTS)


@bp.get("")
@_READERS
def index() -> str:
    """The register, searched with or without marks; ``uu-tien`` for those with the tag."""
    words, priority = request.args.get("tim", "").strip()[:80], "uu-tien" in request.args
    cursor = request.args.get("sau")
    page = establishments_page(current_actor(), words=words, priority=priority, cursor=cursor)
    asked: dict[str, Any] = {"tim": words} if words else {}
    asked |= {"uu-tien": "1"} if priority else {}
    more = page.next_cursor
    return render_template(
        "inspections/establishments.html",
        rows=page.rows,
        words=words,
        priority=priority,
        kinds=ESTABLISHMENT_KINDS,
        may_keep=current_actor().may(may.KEEP_ESTABLISHMENTS),
        next_url=url_for("establishments.index", sau=more, **asked) if more else None,
        first_url=url_for("establishments.index", **asked) if cursor else None,
    )


@bp.route("/moi", methods=["GET", "POST"])
@_KEEPERS
def new() -> ResponseReturnValue:
    """Enter an establishment."""
    form = _offered(EstablishmentForm())
    if request.method == "GET":
        form.open_at(0)
        return _form_page(form)
    if not form.validate():
        return _form_page(form, status=422)
    try:
        with write_unit():
            uid = enter_establishment(current_actor(), form.entry()).uid
    except Invalid as error:
        form.tell(error)
        return _form_page(form, status=422)
    return see("establishments.show", uid=uid)


@bp.get("/<uid>")
@_READERS
def show(uid: str) -> str:
    """One establishment: what is known, its permits, cases and inspections."""
    return _page(establishment(current_actor(), uid))


@bp.route("/<uid>/sua", methods=["GET", "POST"])
@_KEEPERS
def correct(uid: str) -> ResponseReturnValue:
    """Correct an entry."""
    found, form = establishment(current_actor(), uid), _offered(EstablishmentForm())
    if request.method == "GET":
        _fill(form, found)
        form.open_at(found.version)
        return _form_page(form, found)
    if not form.validate():
        return _form_page(form, found, 422)
    try:
        with write_unit():
            locked = claim_establishment(current_actor(), uid, seen=form.seen)
            correct_establishment(current_actor(), locked, form.entry())
    except Invalid as error:
        form.tell(error)
        return _form_page(form, found, 422)
    except Conflict as error:
        form.tell(error)
        found = establishment(current_actor(), uid)
        anew = _offered(EstablishmentForm(formdata=None))
        _fill(anew, found)
        form.reopen(found.version, anew)
        return _form_page(form, found, 409)
    return see("establishments.show", uid=uid)


@bp.post("/<uid>/giay-phep")
@_KEEPERS
def permit(uid: str) -> ResponseReturnValue:
    """Note a permit."""
    found, form = establishment(current_actor(), uid), PermitForm()
    if not form.validate():
        return _page(found, permit=form), 422
    try:
        with write_unit():
            locked = claim_establishment(current_actor(), uid, seen=form.seen)
            add_permit(
                current_actor(),
                locked,
                kind=form.kind.data,
                number=form.number.data,
                issuer=form.issuer.data,
                issued_on=form.issued_on.data,
                valid_to=form.valid_to.data,
            )
    except (Invalid, Conflict) as error:
        found = establishment(current_actor(), uid)
        return _page(found, permit=_refused(form, found, error)), _status(error)
    return see("establishments.show", uid=uid)


@bp.post("/<uid>/vu-viec")
@_KEEPERS
def link(uid: str) -> ResponseReturnValue:
    """Note a case in which it may have a part."""
    found, form = establishment(current_actor(), uid), LinkForm()
    if not form.validate():
        return _page(found, link=form), 422
    try:
        with write_unit():
            locked = claim_establishment(current_actor(), uid, seen=form.seen)
            case = claim_case(current_actor(), form.code.data.strip().upper(), seen=None)
            link_establishment(current_actor(), locked, case)
    except (Invalid, Conflict) as error:
        found = establishment(current_actor(), uid)
        return _page(found, link=_refused(form, found, error)), _status(error)
    except NotFound:
        missing = refused("code", _("Không có vụ việc mã này trong việc của cơ quan."))
        found = establishment(current_actor(), uid)
        return _page(found, link=_refused(form, found, missing)), 422
    return see("establishments.show", uid=uid)


def _offered(form: EstablishmentForm) -> EstablishmentForm:
    form.offer([(str(each.id), unit_name(each)) for each in kept_units(current_actor())])
    return form


def _fill(form: EstablishmentForm, found: Establishment) -> None:
    for name in ("name", "kind", "address", "representative", "registration", "note"):
        form[name].data = getattr(found, name)
    form.unit.data = str(found.unit_id)
    form.priority.data, form.priority_source.data = found.priority, found.priority_source


def _refused(form: Any, found: Establishment, error: Invalid | Conflict) -> Any:
    form.tell(error)
    form.version.data = str(found.version)
    return form


def _status(error: Invalid | Conflict) -> int:
    return 409 if isinstance(error, Conflict) else 422


def _form_page(
    form: StepForm, found: Establishment | None = None, status: int = 200
) -> ResponseReturnValue:
    page = render_template("inspections/establishment_form.html", form=form, found=found)
    return page, status


def _page(
    found: Establishment, *, permit: PermitForm | None = None, link: LinkForm | None = None
) -> str:
    actor = current_actor()
    forms = {"permit": permit or PermitForm(formdata=None), "link": link or LinkForm(formdata=None)}
    for form in forms.values():
        form.version.data = str(found.version)
    return render_template(
        "inspections/establishment.html",
        found=found,
        history=history_of(actor, found),
        kinds=ESTABLISHMENT_KINDS,
        permit_kinds=PERMIT_KINDS,
        forms=INSPECTION_FORMS,
        states=FILE_STATES,
        may_keep=found.unit_id in actor.units_for(may.KEEP_ESTABLISHMENTS),
        may_plan=actor.may(may.RECORD),
        permit_form=forms["permit"],
        link_form=forms["link"],
        today=clock.today_local(),
    )
