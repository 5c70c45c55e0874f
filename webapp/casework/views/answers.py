"""``/tra-loi-kien-nghi``: an office answers one letter by a code, which travels in bodies only."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.cases.operations import lock_case
from webapp.cases.permissions import RECORD_FOR_OFFICE
from webapp.casework.forms.answers import AnswerByCodeForm, AnswerCodeForm
from webapp.casework.operations.answer_links import (
    answer_by_code,
    demand_author,
    letter_by_code,
    make_link,
)
from webapp.casework.operations.moves import lock_recommendation
from webapp.casework.queries import recommendation_file
from webapp.core.errors import Invalid, NotFound
from webapp.core.unit_of_work import write_unit
from webapp.documents.queries import code_of, letter_of
from webapp.documents.sheet import lay_out
from webapp.extensions import csrf
from webapp.reporting.views.limits import wrong_codes
from webapp.web.current_actor import current_actor
from webapp.web.guards import by_code, public, requires

bp = Blueprint("answers", __name__, url_prefix="/tra-loi-kien-nghi")
staff = Blueprint("answer_links", __name__, url_prefix="/can-bo/kien-nghi")


@bp.get("")
@public
def ask() -> str:
    """Ask for the code; a link carries it after "#", which no server sees."""
    return render_template("casework/answer_code.html", form=AnswerCodeForm(formdata=None))


@bp.post("")
@by_code
@csrf.exempt  # the form checks its own token, so that a lost one does not lose the words
@wrong_codes
def read() -> ResponseReturnValue:
    """The letter of this code, and the form to answer it."""
    form = AnswerCodeForm()
    if not form.validate():
        return render_template("casework/answer_code.html", form=form), 422
    answer = AnswerByCodeForm(formdata=None)
    answer.code.data = form.code.data
    return _letter(answer, form)


@bp.post("/gui")
@by_code
@csrf.exempt
@wrong_codes
def send() -> ResponseReturnValue:
    """The answer itself."""
    form = AnswerByCodeForm()
    if not form.validate():
        if form.code.errors:  # before any code is looked up
            return render_template("casework/answer_code.html", form=form), 422
        return _letter(form, form, 422)
    try:
        with write_unit():
            letter = answer_by_code(
                form.code.data,
                answer=form.answer.data,
                document=form.document.data,
                name=form.name.data,
            )
            code = code_of(letter.document)
    except Invalid as refused:
        form.tell(refused)
        return _letter(form, form, 422)
    except NotFound as wrong:
        return _wrong(form, wrong)
    return render_template("casework/answer_sent.html", code=code)


@staff.route("/<uid>/ma-tra-loi", methods=["GET", "POST"])
@requires(RECORD_FOR_OFFICE)
def link(uid: str) -> str:
    """Make the code for an office that does not sign in; shown once."""
    actor, made = current_actor(), None
    letter = recommendation_file(actor, uid).recommendation
    demand_author(actor, letter)
    if request.method == "POST":
        with write_unit():
            lock_case(letter.case_id)
            made = make_link(actor, lock_recommendation(letter))
        letter = recommendation_file(actor, uid).recommendation
    address = url_for("answers.ask", _external=True)
    return render_template("casework/answer_link.html", letter=letter, made=made, address=address)


def _letter(answer: AnswerByCodeForm, asked: Any, status: int = 200) -> ResponseReturnValue:
    try:
        letter = letter_by_code(asked.code.data or "")
    except NotFound as wrong:
        return _wrong(asked, wrong)
    page = render_template(
        "casework/answer_letter.html",
        letter=letter,
        code=code_of(letter.document),
        sheet=lay_out(letter_of(letter.document)),
        form=answer,
    )
    return page, status


def _wrong(form: Any, wrong: NotFound) -> ResponseReturnValue:
    shown = AnswerCodeForm(formdata=None)
    shown.code.data = form.code.data
    shown.tell(Invalid(wrong.detail, fields={"code": wrong.detail}))
    return render_template("casework/answer_code.html", form=shown), 404
