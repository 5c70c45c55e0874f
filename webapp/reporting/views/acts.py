"""What a sender can do on the follow page: one row for each act, one address below ``/tra-cuu``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request

from webapp.core.errors import NotFound
from webapp.core.text import Text, _
from webapp.reporting import operations
from webapp.reporting.forms import (
    CodeForm,
    ConfirmationForm,
    EvidenceForm,
    IdentityWithdrawalForm,
    InformationForm,
    RatingForm,
    WithdrawalForm,
    WordsForm,
)
from webapp.reporting.models import Report
from webapp.reporting.views.uploads import Uploads, store_uploads

Apply = Callable[[Report, Any, Uploads], None]


@dataclass(frozen=True)
class Act:
    """``name`` is the form's prefix, ``slug`` the last part of its address, ``done`` the answer."""

    name: str
    slug: str
    form: type[CodeForm]
    apply: Apply
    done: Text


def act_of(slug: str) -> Act:
    """The act of an address. Raises NotFound."""
    for act in ACTS:
        if act.slug == slug:
            return act
    raise NotFound


def _add_information(report: Report, form: Any, uploads: Uploads) -> None:
    operations.add_information(
        report,
        words=form.words.data,
        photos=uploads.listed(),
        raw_key=form.idempotency_key.data,
    )
    store_uploads(report, uploads)


def _confirm(report: Report, form: Any, uploads: Uploads) -> None:
    operations.confirm_fix(
        report,
        fixed=form.answer(),
        words=form.words.data,
        photos=uploads.listed(),
        raw_key=form.idempotency_key.data,
    )
    store_uploads(report, uploads)


def _rate(report: Report, form: Any, _uploads: Uploads) -> None:
    operations.rate(
        report,
        mark=form.mark.data,
        words=form.words.data,
        raw_key=form.idempotency_key.data,
    )


def _withdraw(report: Report, form: Any, _uploads: Uploads) -> None:
    operations.withdraw(report, raw_key=form.idempotency_key.data)


def _withdraw_identity(report: Report, form: Any, _uploads: Uploads) -> None:
    operations.withdraw_identity(
        report, photos=request.form.getlist("photo"), raw_key=form.idempotency_key.data
    )


def _in_words(operation: Callable[..., None]) -> Apply:
    def apply(report: Report, form: Any, _uploads: Uploads) -> None:
        operation(report, words=form.words.data, raw_key=form.idempotency_key.data)

    return apply


ENDS_OWNING = frozenset({"withdrawal", "identity"})
"""Acts after which an account no longer has the report."""
ACTS = (
    Act("information", "tra-loi", InformationForm, _add_information, _("Đã gửi câu trả lời.")),
    Act("evidence", "bo-sung", EvidenceForm, _add_information, _("Đã gửi thông tin bổ sung.")),
    Act("confirmation", "xac-nhan", ConfirmationForm, _confirm, _("Đã ghi ý kiến của ông/bà.")),
    Act("rating", "danh-gia", RatingForm, _rate, _("Đã ghi đánh giá của ông/bà.")),
    Act(
        "reconsideration",
        "xem-xet-lai",
        WordsForm,
        _in_words(operations.ask_reconsideration),
        _("Đã gửi đề nghị xem xét lại."),
    ),
    Act(
        "reopening",
        "mo-lai",
        WordsForm,
        _in_words(operations.ask_reopening),
        _("Đã gửi đề nghị mở lại vụ việc."),
    ),
    Act("withdrawal", "rut", WithdrawalForm, _withdraw, _("Đã rút phản ánh.")),
    Act(
        "identity",
        "rut-danh-tinh",
        IdentityWithdrawalForm,
        _withdraw_identity,
        _("Đã xóa tên, số điện thoại, ghi âm và ảnh ông/bà chọn."),
    ),
    Act(
        "reprisal",
        "bi-gay-kho-de",
        WordsForm,
        _in_words(operations.report_reprisal),
        _("Đã gửi. Chỉ Mặt trận tỉnh và người kiểm soát đọc được tin này."),
    ),
)
