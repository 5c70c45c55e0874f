"""Letters beside the recommendation: written, taken through their steps; signed scans."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.cases import permissions as cases_may
from webapp.cases.operations import claim_case
from webapp.cases.queries import case_file
from webapp.casework import permissions as may
from webapp.casework.case_letter_pages import (
    CaseLetterPage,
    case_letter_page,
    chosen_partner,
    copy_name,
    letter_form,
    offered_case_letter_pages,
)
from webapp.casework.case_letters import HINTS, Ground
from webapp.casework.forms.case_letters import LetterForm, ScanForm
from webapp.casework.half_years import recent_halves
from webapp.casework.models import CaseLetter
from webapp.casework.operations.case_letters import (
    demand_place,
    demand_revisable_letter,
    draft_letter,
    draft_own_letter,
    ground_of,
    revise_letter,
)
from webapp.casework.operations.letter_moves import claim_letter
from webapp.casework.operations.sealing import may_seal, seal_signed_scan
from webapp.casework.queries import letter_file, letter_steps, own_document, sent_recommendation
from webapp.casework.workflow import LETTER, LETTER_KINDS, LETTER_STATES
from webapp.core import clock
from webapp.core.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    TooLarge,
    UnsupportedMedia,
)
from webapp.core.unit_of_work import write_unit
from webapp.directory.queries import organisation
from webapp.documents.own_templates import template_of
from webapp.documents.queries import code_of, scans_of
from webapp.documents.scans import MAX_SCAN_BYTES, read_scan
from webapp.documents.sealing import keep_scan
from webapp.web.current_actor import current_actor
from webapp.web.forms import StepForm
from webapp.web.guards import requires
from webapp.web.locale import translated
from webapp.web.redirects import see

bp = Blueprint("case_letters", __name__, url_prefix="/can-bo")
_ADDRESSES = {
    "don-doc": "urging",
    "phieu-chuyen": "transfer",
    "thong-bao": "notice",
    "giay-moi": "invitation",
}
_FRONT = requires(cases_may.READ)
_COMMITTEE_ADDRESSES = {"bao-cao": "hearing_report", "giay-moi": "invitation"}


@bp.route("/vu-viec/<code>/van-ban/<slug>", methods=["GET", "POST"])
@requires(may.DRAFT)
def new(code: str, slug: str) -> ResponseReturnValue:
    """Write a letter on a case."""
    kind = _kind(_ADDRESSES, slug)
    case = case_file(current_actor(), code).case
    ground = Ground(case.owner, case)
    form = letter_form(kind, ground, _posted())
    if request.method == "GET":
        demand_place(current_actor(), case, kind)
        _suggest(form, ground)
        form.open_at(case.version)
        return _form_page(ground, kind, form)
    if not form.validate():
        return _form_page(ground, kind, form, status=422)
    try:
        with write_unit():
            locked = claim_case(current_actor(), code, seen=form.seen)
            partner = chosen_partner(form, kind, Ground(locked.owner, locked))
            letter = draft_letter(current_actor(), locked, kind, form.given(), partner=partner)
            uid = letter.document.uid
    except (Invalid, Conflict) as error:
        fresh = case_file(current_actor(), code).case
        now = Ground(fresh.owner, fresh)
        if isinstance(error, Conflict):
            anew = letter_form(kind, now, None)
            _suggest(anew, now)
            form.reopen(fresh.version, anew)
        return _refused(now, kind, form, error)
    return see("case_letters.show", uid=uid)


@bp.route("/so/<int:organisation_id>/<slug>", methods=["GET", "POST"])
@requires(may.DRAFT)
def write(organisation_id: int, slug: str) -> ResponseReturnValue:
    """Write a letter of a committee about no single case; ``ky`` is the half year of a hearing."""
    kind, actor = _kind(_COMMITTEE_ADDRESSES, slug), current_actor()
    if organisation_id not in actor.organisations_for(may.DRAFT):
        raise Forbidden
    ground = Ground(organisation(organisation_id))
    form = letter_form(kind, ground, _posted())
    if request.method == "GET":
        _suggest(form, ground)
        return _form_page(ground, kind, form)
    if not form.validate():
        return _form_page(ground, kind, form, status=422)
    try:
        with write_unit():
            partner = chosen_partner(form, kind, ground)
            letter = draft_own_letter(actor, ground.author, kind, form.given(), partner=partner)
            uid = letter.document.uid
    except Invalid as error:
        return _refused(ground, kind, form, error)
    return see("case_letters.show", uid=uid)


@bp.get("/van-ban/<uid>/ho-so")
@_FRONT
def show(uid: str) -> str:
    """A letter: where it stands, what to do next, who got it, its history."""
    actor = current_actor()
    letter = letter_file(actor, uid)
    return render_template(
        "casework/case_letter.html",
        letter=letter,
        template=template_of(letter.document),
        code_of=code_of,
        kinds=LETTER_KINDS,
        states=LETTER_STATES,
        pages=offered_case_letter_pages(actor, letter),
        may_revise=_may_revise(letter),
        may_seal=may_seal(actor, letter.author_id, letter.document),
        scans=scans_of(letter.document),
        copy_name=copy_name,
        steps=letter_steps(letter.id),
        labels=LETTER.transition_label,
    )


@bp.route("/van-ban/<uid>/sua", methods=["GET", "POST"])
@requires(may.DRAFT)
def revise(uid: str) -> ResponseReturnValue:
    """Write a draft anew."""
    letter = letter_file(current_actor(), uid)
    if request.method == "GET":
        # What was typed meanwhile is refused by the operation, with the words kept.
        demand_revisable_letter(current_actor(), letter)
    ground = ground_of(letter)
    form = _written(letter, _posted())
    if request.method == "GET":
        form.open_at(letter.version)
        return _form_page(ground, letter.kind, form, letter)
    if not form.validate():
        return _form_page(ground, letter.kind, form, letter, 422)
    try:
        with write_unit():
            locked = claim_letter(current_actor(), uid, seen=form.seen)
            partner = chosen_partner(form, locked.kind, ground_of(locked))
            revise_letter(current_actor(), locked, form.given(), partner=partner)
    except (Invalid, Conflict) as error:
        fresh = letter_file(current_actor(), uid)
        if isinstance(error, Conflict):
            form.reopen(fresh.version, _written(fresh))
        return _refused(ground_of(fresh), fresh.kind, form, error, fresh)
    return see("case_letters.show", uid=uid)


@bp.route("/van-ban/<uid>/buoc/<step>", methods=["GET", "POST"])
@_FRONT
def take(uid: str, step: str) -> ResponseReturnValue:
    """One step of a letter: its form, and the step itself when it is sent."""
    page = case_letter_page(step)
    letter = letter_file(current_actor(), uid)
    current_actor().demand_any(LETTER.permissions_for(step))
    form = _prepared(page, letter, _posted())
    if request.method == "GET":
        form.open_at(letter.version)
        return _step_page(letter, page, form)
    if not form.validate():
        return _step_page(letter, page, form, 422)
    return _apply(uid, page, form)


@bp.route("/van-ban/<uid>/ban-ky", methods=["GET", "POST"])
@requires(may.ISSUE)
def scan(uid: str) -> ResponseReturnValue:
    """Bring the signed paper: from then on it is the issued document."""
    found = own_document(current_actor(), uid)
    form = ScanForm()
    if request.method == "GET":
        return _scan_page(uid, form)
    if not form.validate():
        return _scan_page(uid, form, 422)
    try:
        read = read_scan(_uploaded())
        key = keep_scan(read)
        with write_unit():
            seal_signed_scan(current_actor(), uid, read, key=key, reason=form.reason.data or "")
    except (Invalid, TooLarge, UnsupportedMedia) as error:
        form.tell(error)
        if not error.fields:
            form.form_errors.clear()
            form.files.errors = [translated(error.detail)]
        return _scan_page(uid, form, 422)
    recommendation = found.document.type_code == "KN"
    return see("letters.show" if recommendation else "case_letters.show", uid=uid)


def _uploaded() -> list[bytes]:
    chosen = [each for each in request.files.getlist("files") if each.filename]
    return [each.read(MAX_SCAN_BYTES + 1) for each in chosen]


def _scan_page(uid: str, form: ScanForm, status: int = 200) -> ResponseReturnValue:
    found = own_document(current_actor(), uid)
    words = render_template(
        "casework/scan.html",
        document=found.document,
        code=code_of(found.document),
        scans=scans_of(found.document),
        form=form,
    )
    return words, status


def _kind(addresses: Mapping[str, str], slug: str) -> str:
    if slug not in addresses:
        raise NotFound
    return addresses[slug]


def _posted() -> Any:
    return request.form if request.method == "POST" else None


def _suggest(form: Any, ground: Ground) -> None:
    if hasattr(form, "suggest"):
        form.suggest()
    sent = sent_recommendation(ground.case) if ground.case and "result" in form else None
    if sent is not None:
        form.result.data = sent.answer or ""
    wanted = request.args.get("ky", "")
    for half in recent_halves(clock.today_local()):
        if half.key == wanted and "period" in form:
            form.suggest_hearing(half)


def _may_revise(letter: CaseLetter) -> bool:
    mine = current_actor().organisations_for(may.DRAFT)
    return LETTER.allows("submit_for_signature", letter.state) and letter.author_id in mine


def _apply(uid: str, page: CaseLetterPage, form: Any) -> ResponseReturnValue:
    try:
        with write_unit():
            letter = claim_letter(current_actor(), uid, seen=form.seen)
            page.apply(current_actor(), letter, form)
    except (Invalid, Conflict) as error:
        form.tell(error)
        fresh = letter_file(current_actor(), uid)
        if isinstance(error, Conflict):
            form.reopen(fresh.version, _prepared(page, fresh))
        return _step_page(fresh, page, form, _status(error))
    return see("case_letters.show", uid=uid)


def _written(letter: CaseLetter, formdata: Any = None) -> Any:
    """The form of a letter, as it is written so far or as it was sent."""
    form = letter_form(letter.kind, ground_of(letter), formdata)
    if not form.is_submitted():
        form.fill(letter.given)
        if "partner" in form:
            form.partner.data = str(letter.partner_id or "")
    return form


def _prepared(page: CaseLetterPage, letter: CaseLetter, formdata: Any = None) -> Any:
    form = page.form(formdata=formdata)
    if page.prepare is not None:
        page.prepare(current_actor(), letter, form)
    return form


def _status(error: DomainError) -> int:
    return 409 if isinstance(error, Conflict) else 422


def _refused(
    ground: Ground,
    kind: str,
    form: LetterForm,
    error: DomainError,
    letter: CaseLetter | None = None,
) -> ResponseReturnValue:
    form.tell(error)
    return _form_page(ground, kind, form, letter, _status(error))


def _form_page(
    ground: Ground, kind: str, form: LetterForm, letter: CaseLetter | None = None, status: int = 200
) -> ResponseReturnValue:
    words = render_template(
        "casework/case_letter_form.html",
        case=ground.case,
        author=ground.author,
        letter=letter,
        title=LETTER_KINDS[kind],
        hint=HINTS[kind],
        form=form,
    )
    return words, status


def _step_page(
    letter: CaseLetter, page: CaseLetterPage, form: StepForm, status: int = 200
) -> ResponseReturnValue:
    words = render_template(
        "casework/case_letter_step.html",
        letter=letter,
        code=code_of(letter.document),
        title=LETTER_KINDS[letter.kind],
        states=LETTER_STATES,
        page=page,
        form=form,
    )
    return words, status
