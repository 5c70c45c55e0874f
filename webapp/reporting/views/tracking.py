"""``/tra-cuu``: following a report by its code, which travels in bodies only."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.core.codes import grouped, normalise
from webapp.core.errors import BadRequest, Conflict, DomainError, Invalid, NotFound
from webapp.core.text import Text, _
from webapp.core.unit_of_work import write_unit
from webapp.extensions import csrf
from webapp.reporting import operations
from webapp.reporting.following import SenderView, view_for_sender
from webapp.reporting.forms import (
    CodeForm,
    ConfirmationForm,
    IdentityWithdrawalForm,
    InformationForm,
    WithdrawalForm,
    WordsForm,
)
from webapp.reporting.models import Report
from webapp.reporting.queries import report_by_tracking_code
from webapp.reporting.tracking import claim_by_tracking_code
from webapp.reporting.views.limits import wrong_codes
from webapp.reporting.views.uploads import Uploads, store_uploads, take_uploads
from webapp.web.guards import by_code, public
from webapp.web.locale import translated

bp = Blueprint("tracking", __name__)

_FORMS: dict[str, type[CodeForm]] = {
    "information": InformationForm,
    "confirmation": ConfirmationForm,
    "reconsideration": WordsForm,
    "reopening": WordsForm,
    "withdrawal": WithdrawalForm,
    "identity": IdentityWithdrawalForm,
    "reprisal": WordsForm,
}
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
    """How the report of this code stands."""
    form = CodeForm()
    if not form.validate():
        return _code_page(form), 422
    try:
        report = report_by_tracking_code(form.code.data)
    except NotFound as wrong:
        return _wrong_code(form, wrong)
    return _report_page(view_for_sender(report), form.code.data)


@bp.post("/tra-cuu/tra-loi")
@by_code
@csrf.exempt
@wrong_codes
def answer() -> ResponseReturnValue:
    """Answer the Front's question."""
    form = InformationForm(prefix="information")
    key = form.idempotency_key.data or ""
    uploads = take_uploads(form.photos.data or (), (), key)

    def act(report: Report) -> None:
        operations.add_information(
            report, words=form.words.data, photos=uploads.listed(), raw_key=key
        )
        store_uploads(report, uploads)

    return _act("information", form, act, _("Đã gửi câu trả lời."), uploads)


@bp.post("/tra-cuu/xac-nhan")
@by_code
@csrf.exempt
@wrong_codes
def confirm() -> ResponseReturnValue:
    """Say whether the matter is fixed."""
    form = ConfirmationForm(prefix="confirmation")

    def act(report: Report) -> None:
        operations.confirm_fix(
            report, fixed=form.answer(), words=form.words.data, raw_key=form.idempotency_key.data
        )

    return _act("confirmation", form, act, _("Đã ghi ý kiến của ông/bà."))


@bp.post("/tra-cuu/xem-xet-lai")
@by_code
@csrf.exempt
@wrong_codes
def reconsider() -> ResponseReturnValue:
    """Ask the Front to look again."""
    form = WordsForm(prefix="reconsideration")
    return _act(
        "reconsideration",
        form,
        lambda report: operations.ask_reconsideration(report, **_words(form)),
        _("Đã gửi đề nghị xem xét lại."),
    )


@bp.post("/tra-cuu/mo-lai")
@by_code
@csrf.exempt
@wrong_codes
def reopen() -> ResponseReturnValue:
    """Ask the Front to open the case again."""
    form = WordsForm(prefix="reopening")
    return _act(
        "reopening",
        form,
        lambda report: operations.ask_reopening(report, **_words(form)),
        _("Đã gửi đề nghị mở lại vụ việc."),
    )


@bp.post("/tra-cuu/rut")
@by_code
@csrf.exempt
@wrong_codes
def withdraw() -> ResponseReturnValue:
    """Take the report back."""
    form = WithdrawalForm(prefix="withdrawal")
    return _act(
        "withdrawal",
        form,
        lambda report: operations.withdraw(report, raw_key=form.idempotency_key.data),
        _("Đã rút phản ánh."),
    )


@bp.post("/tra-cuu/rut-danh-tinh")
@by_code
@csrf.exempt
@wrong_codes
def withdraw_identity() -> ResponseReturnValue:
    """Remove name, contact and chosen photos for good."""
    form = IdentityWithdrawalForm(prefix="identity")
    photos = request.form.getlist("photo")

    def act(report: Report) -> None:
        operations.withdraw_identity(report, photos=photos, raw_key=form.idempotency_key.data)

    return _act("identity", form, act, _("Đã xóa tên, số điện thoại và ảnh ông/bà chọn."))


@bp.post("/tra-cuu/bi-gay-kho-de")
@by_code
@csrf.exempt
@wrong_codes
def tell_reprisal() -> ResponseReturnValue:
    """Tell of threats because of the report."""
    form = WordsForm(prefix="reprisal")
    return _act(
        "reprisal",
        form,
        lambda report: operations.report_reprisal(report, **_words(form)),
        _("Đã gửi. Chỉ Mặt trận tỉnh và người kiểm soát đọc được tin này."),
    )


def _words(form: WordsForm) -> dict[str, Any]:
    return {"words": form.words.data, "raw_key": form.idempotency_key.data}


def _act(
    name: str,
    form: CodeForm,
    act: Callable[[Report], None],
    done: Text,
    uploads: Uploads = _NO_PHOTOS,
) -> ResponseReturnValue:
    status, code = 200, form.code.data
    try:
        if uploads.refusals:
            raise Invalid(uploads.refusals[0], fields={"photos": uploads.refusals[0]})
        if form.validate():
            with write_unit():
                act(claim_by_tracking_code(code))
        else:
            status = 422
    except NotFound as wrong:
        return _wrong_code(CodeForm(), wrong)
    except (Invalid, BadRequest) as refused:
        form.tell(refused)
        status = 422
    except Conflict as refused:
        form.tell(refused)
        status = 409
    view = view_for_sender(report_by_tracking_code(code))
    if status == 200:
        return _report_page(view, code, done=done)
    return _report_page(view, code, refused=(name, form)), status


def _code_page(form: CodeForm) -> str:
    return render_template("reporting/code.html", form=form)


def _wrong_code(form: CodeForm, wrong: DomainError) -> ResponseReturnValue:
    form.code.errors = [*form.code.errors, translated(wrong.detail)]
    return _code_page(form), 404


def _report_page(
    view: SenderView,
    code: str | None,
    *,
    done: Text | None = None,
    refused: tuple[str, CodeForm] | None = None,
) -> str:
    forms = {
        name: kind(formdata=None, prefix=name, code=code, idempotency_key=str(uuid.uuid4()))
        for name, kind in _FORMS.items()
    }
    if refused is not None:
        forms[refused[0]] = refused[1]
    return render_template(
        "reporting/follow.html",
        view=view,
        lines=[replace(line, text=translated(line.text)) for line in view.lines],
        forms=forms,
        code=grouped(normalise(code or "")),
        done=translated(done) if done else None,
        photo_states=_PHOTO_STATES,
        refused=refused[0] if refused else None,
    )


_PHOTO_STATES = {
    "wanted": _("đang chờ gửi lên"),
    "stored": _("đã nhận"),
    "ready": _("đã nhận, xem được"),
    "unreadable": _("không đọc được, xin gửi ảnh khác khi được hỏi thêm"),
    "erased": _("đã gỡ bỏ"),
}
