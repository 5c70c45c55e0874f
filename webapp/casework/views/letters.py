"""Recommendations: written, taken through their steps, read as documents."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.cases import permissions as cases_may
from webapp.cases.models import Case
from webapp.cases.operations import claim_case
from webapp.cases.presentation import organisation_name
from webapp.cases.queries import case_file
from webapp.casework import permissions as may
from webapp.casework.case_letter_pages import copy_name
from webapp.casework.forms.letters import RecommendationForm
from webapp.casework.letter_pages import LetterPage, letter_page, offered_pages
from webapp.casework.letters import (
    REQUEST_TEMPLATE,
    TERMS,
    RecommendationContent,
    addressees_of,
    answer_day,
    further_recipients,
    handlers_of,
    needs_assessment,
)
from webapp.casework.models import Recommendation
from webapp.casework.operations.answer_links import link_of, may_make_link
from webapp.casework.operations.drafting import (
    demand_revisable,
    demand_room,
    draft_recommendation,
    revise_draft,
)
from webapp.casework.operations.moves import claim_recommendation, subject_of
from webapp.casework.operations.sealing import may_seal
from webapp.casework.policy import may_step
from webapp.casework.queries import (
    RecommendationFile,
    case_letters_to_do,
    letters_to_do,
    recommendation_file,
    visible_document,
)
from webapp.casework.workflow import (
    LETTER_KINDS,
    LETTER_STATES,
    RECOMMENDATION,
    RECOMMENDATION_STATES,
)
from webapp.core import clock
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.core.text import Text, _
from webapp.core.unit_of_work import write_unit
from webapp.deadlines.queries import clocks_of, results_of
from webapp.directory.models import Organisation
from webapp.documents.models import Document
from webapp.documents.own_templates import template_of
from webapp.documents.pdf import render_html
from webapp.documents.queries import code_of, docx_of, letter_of, pdf_of, scans_of
from webapp.documents.stylesheet import stylesheet
from webapp.triage.operations.assessment import Assessment
from webapp.triage.operations.evidence import invalid
from webapp.web.current_actor import current_actor
from webapp.web.forms import StepForm
from webapp.web.guards import for_signed_in, requires
from webapp.web.locale import format_day, translated
from webapp.web.redirects import see

bp = Blueprint("letters", __name__, url_prefix="/can-bo")
_READERS = requires(cases_may.READ, cases_may.READ_AS_OFFICE)
_WRITERS = requires(may.DRAFT)
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ON_SCREEN = """
@media screen {
  body { max-width: 165mm; margin: 0 auto; padding: 6mm 4mm 12mm; }
  hr { max-width: 100%; }
}
@media screen and (max-width: 180mm) {
  .head, .foot { width: 100%; }
  .head-left, .head-right, .foot-left, .foot-right { width: 50%; padding: 0 1mm; }
}
"""
_LOOK = (
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<link rel="stylesheet" href="/can-bo/van-ban.css">'
)


@bp.get("/trinh-ky")
@requires(may.SIGN, may.DRAFT, may.ISSUE, may.JUDGE)
def to_do() -> str:
    """Recommendations that wait for the person: to sign, number, send, judge."""
    waiting = letters_to_do(current_actor())
    return render_template(
        "casework/letters.html",
        waiting=waiting,
        others=case_letters_to_do(current_actor()),
        states=RECOMMENDATION_STATES,
        kinds=LETTER_KINDS,
        other_states=LETTER_STATES,
        code_of=code_of,
    )


@bp.route("/vu-viec/<code>/kien-nghi/moi", methods=["GET", "POST"])
@_WRITERS
def new(code: str) -> ResponseReturnValue:
    """Write a recommendation on a case."""
    case = case_file(current_actor(), code).case
    form = _letter_form(case, None, _posted())
    if request.method == "GET":
        demand_room(current_actor(), case)
        form.open_at(case.version)
        return _letter_page(case, None, form)
    if not form.validate():
        return _letter_page(case, None, form, 422)
    try:
        with write_unit():
            locked = claim_case(current_actor(), code, seen=form.seen)
            made = draft_recommendation(current_actor(), locked, _content(locked, form))
            uid = made.document.uid
    except Invalid as error:
        form.tell(error)
        return _letter_page(case_file(current_actor(), code).case, None, form, 422)
    except Conflict as error:
        form.tell(error)
        fresh = case_file(current_actor(), code).case
        form.reopen(fresh.version, _letter_form(fresh, None))
        return _letter_page(fresh, None, form, 409)
    return see("letters.show", uid=uid)


@bp.get("/kien-nghi/<uid>")
@_READERS
def show(uid: str) -> str:
    """A recommendation: where it stands, what it says, what to do next, its history."""
    actor = current_actor()
    file = recommendation_file(actor, uid)
    clocks = [each for each in clocks_of(subject_of(file.recommendation)) if not each.stopped_at]
    return render_template(
        "casework/letter.html",
        file=file,
        letter=file.recommendation,
        code_of=code_of,
        template=template_of(file.recommendation.document),
        states=RECOMMENDATION_STATES,
        pages=offered_pages(actor, file.recommendation),
        may_revise=may_step(actor, file.recommendation, "submit_for_signature"),
        labels=RECOMMENDATION.transition_label,
        copy_name=copy_name,
        may_make_link=may_make_link(actor, file.recommendation),
        link=link_of(file.recommendation),
        scans=scans_of(file.recommendation.document),
        may_seal=may_seal(actor, file.recommendation.author_id, file.recommendation.document),
        clocks=[(each, results_of(clocks, clock.now())[each.id]) for each in clocks],
    )


@bp.route("/kien-nghi/<uid>/sua", methods=["GET", "POST"])
@_WRITERS
def revise(uid: str) -> ResponseReturnValue:
    """Write a draft anew."""
    letter = recommendation_file(current_actor(), uid).recommendation
    if request.method == "GET":
        # What was typed meanwhile is refused by the operation, with the words kept.
        demand_revisable(current_actor(), letter)
    form = _letter_form(letter.case, letter, _posted())
    if request.method == "GET":
        form.open_at(letter.version)
        return _letter_page(letter.case, letter, form)
    if not form.validate():
        return _letter_page(letter.case, letter, form, 422)
    try:
        with write_unit():
            locked = claim_recommendation(current_actor(), uid, seen=form.seen)
            revise_draft(current_actor(), locked, _content(locked.case, form))
    except Invalid as error:
        form.tell(error)
        return _letter_page(letter.case, letter, form, 422)
    except Conflict as error:
        form.tell(error)
        fresh = recommendation_file(current_actor(), uid).recommendation
        form.reopen(fresh.version, _letter_form(fresh.case, fresh))
        return _letter_page(fresh.case, fresh, form, 409)
    return see("letters.show", uid=uid)


@bp.route("/kien-nghi/<uid>/buoc/<step>", methods=["GET", "POST"])
@_READERS
def take(uid: str, step: str) -> ResponseReturnValue:
    """One step of a recommendation: its form, and the step itself when it is sent."""
    page = letter_page(step)
    file = recommendation_file(current_actor(), uid)
    current_actor().demand_any(RECOMMENDATION.permissions_for(step))
    form = _prepared(page, file, _posted())
    if request.method == "GET":
        form.open_at(file.recommendation.version)
        return _step(file, page, form)
    if not form.validate():
        return _step(file, page, form, 422)
    return _apply(uid, page, form)


@bp.get("/van-ban/<uid>")
@_READERS
def document(uid: str) -> str:
    """A letter as it is printed, drawn as a page."""
    found = visible_document(current_actor(), uid)
    return render_html(letter_of(found)).replace("</head>", f"{_LOOK}</head>", 1)


@bp.get("/van-ban/<uid>.docx")
@_READERS
def docx(uid: str) -> Response:
    """A letter as a Word file."""
    found = visible_document(current_actor(), uid)
    return _file(docx_of(found), _DOCX, f"{_name(found)}.docx")


@bp.get("/van-ban/<uid>.pdf")
@_READERS
def pdf(uid: str) -> Response:
    """An issued letter as a PDF, the signed scan once there is one; 404 until it is made."""
    found = visible_document(current_actor(), uid)
    content = pdf_of(found)
    if content is None:
        raise NotFound
    return _file(content, "application/pdf", f"{_name(found)}.pdf")


@bp.get("/van-ban.css")
@for_signed_in
def look() -> Response:
    """How letters look on the screen."""
    return Response(stylesheet() + _ON_SCREEN, content_type="text/css; charset=utf-8")


def _apply(uid: str, page: LetterPage, form: Any) -> ResponseReturnValue:
    try:
        with write_unit():
            letter = claim_recommendation(current_actor(), uid, seen=form.seen)
            page.apply(current_actor(), letter, form)
    except Invalid as error:
        form.tell(error)
        return _step(recommendation_file(current_actor(), uid), page, form, 422)
    except Conflict as error:
        form.tell(error)
        fresh = recommendation_file(current_actor(), uid)
        form.reopen(fresh.recommendation.version, _prepared(page, fresh))
        return _step(fresh, page, form, 409)
    return see("letters.show", uid=uid)


def _posted() -> Any:
    return request.form if request.method == "POST" else None


def _prepared(page: LetterPage, file: RecommendationFile, formdata: Any = None) -> Any:
    form = page.form(formdata=formdata)
    if page.prepare is not None:
        page.prepare(current_actor(), file.recommendation, form)
    return form


def _step(
    file: RecommendationFile, page: LetterPage, form: StepForm, status: int = 200
) -> ResponseReturnValue:
    words = render_template(
        "casework/letter_step.html",
        letter=file.recommendation,
        code=code_of(file.recommendation.document),
        states=RECOMMENDATION_STATES,
        page=page,
        form=form,
    )
    return words, status


def _letter_form(
    case: Case, letter: Recommendation | None, formdata: Any = None
) -> RecommendationForm:
    form = RecommendationForm(formdata=formdata)
    today = clock.today_local()
    form.addressee.choices = _named(addressees_of(case, today))
    form.handler.choices = _named(handlers_of(case, today))
    form.term.choices = [(term, _term_label(case, term)) for term in TERMS]
    if not needs_assessment(case):
        del form.summary, form.severity, form.waste_source
    if not form.is_submitted():
        _fill(form, case, letter)
    return form


def _fill(form: RecommendationForm, case: Case, letter: Recommendation | None) -> None:
    today = clock.today_local()
    usual = ([each.id for each in of(case, today)] for of in (addressees_of, handlers_of))
    written = (letter.addressee_id, letter.handler_id) if letter else (None, None)
    for field, chosen, offered in zip((form.addressee, form.handler), written, usual, strict=True):
        field.data = str(chosen or next(iter(offered), ""))
    form.term.data = letter.term if letter else "front_reco_reply"
    form.content.data = letter.request if letter else REQUEST_TEMPLATE
    form.list_recipients(further_recipients(letter) if letter else [])
    told = (letter.assessment if letter else None) or {}
    for name in ("summary", "severity", "waste_source"):
        if name in form:
            form[name].data = told.get(name) or getattr(case, name)


def _content(case: Case, form: RecommendationForm) -> RecommendationContent:
    today = clock.today_local()
    assessment = None
    if "summary" in form:
        assessment = Assessment(form.summary.data, form.severity.data, form.waste_source.data)
    return RecommendationContent(
        addressee=_chosen(form.addressee, addressees_of(case, today)),
        handler=_chosen(form.handler, handlers_of(case, today)),
        request=form.content.data,
        term=form.term.data,
        assessment=assessment,
        recipients=form.recipients,
    )


def _term_label(case: Case, term: str) -> str:
    day = format_day(answer_day(case, term))
    return translated(Text(TERMS[term].source, {"day": day}))


def _named(bodies: list[Organisation]) -> list[tuple[str, str]]:
    return [(str(each.id), organisation_name(each)) for each in bodies]


def _chosen(field: Any, bodies: list[Organisation]) -> Organisation:
    for each in bodies:
        if str(each.id) == field.data:
            return each
    raise invalid(field.name, _("Xin chọn một cơ quan trong danh sách."))


def _letter_page(
    case: Case, letter: Recommendation | None, form: RecommendationForm, status: int = 200
) -> ResponseReturnValue:
    words = render_template("casework/letter_form.html", case=case, letter=letter, form=form)
    return words, status


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; sandbox"  # a scan was made by others
    )
    return answer


def _name(document: Document) -> str:
    """A file name in plain letters: what is cited, or how far the letter has come."""
    code = code_of(document)
    if code:
        return f"van-ban-{code.replace('/', '-')}"
    return "van-ban-da-ky-chua-co-so" if document.signed_at else "van-ban-du-thao"
