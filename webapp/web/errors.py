"""One table from what went wrong to the status, as a page or as problem details (RFC 9457)."""

import logging
import uuid
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from webapp.core import errors
from webapp.core.text import Text, _
from webapp.web.current_actor import known_officer, signed_in
from webapp.web.kept_words import can_keep, kept_page, typed_words
from webapp.web.locale import translated
from webapp.web.navigation import menu

STATUS: dict[type[errors.DomainError], int] = {
    errors.BadRequest: 400,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Stale: 409,
    errors.TransitionRefused: 409,
    errors.Busy: 409,
    errors.Gone: 410,
    errors.TooLarge: 413,
    errors.UnsupportedMedia: 415,
    errors.Invalid: 422,
    errors.TooMany: 429,
    errors.ProofRequired: 429,
    errors.StorageFull: 507,
}
_HTTP_WORDS: dict[int, tuple[Text, Text]] = {
    400: (_("Yêu cầu không đọc được"), _("Xin thử lại từ trang trước.")),
    403: (_("Không có quyền"), _("Trang này không mở cho tài khoản đang dùng.")),
    404: (_("Không tìm thấy"), _("Không có trang này. Xin kiểm tra lại địa chỉ.")),
    405: (_("Cách gửi không đúng"), _("Xin thử lại từ trang trước.")),
    413: (_("Tệp quá lớn"), _("Xin gửi ảnh nhỏ hơn 15 MB.")),
    415: (_("Loại dữ liệu không nhận"), _("Xin gửi JSON hoặc ảnh JPEG, PNG, WebP, HEIC.")),
    429: (_("Gửi quá nhanh"), _("Xin đợi một lát rồi gửi lại.")),
}
_STALE_PAGE = (
    _("Trang này đã cũ"),
    _("Xin quay lại trang trước, tải lại trang rồi gửi lần nữa. Chưa có gì thay đổi."),
)
_STALE_FORM = _("Trang mở đã lâu nên lần gửi này chưa được nhận. Bấm “Gửi lại” để gửi lần nữa.")
_SIGNED_OUT = (
    _("Xin đăng nhập lại"),
    _("Phiên làm việc đã hết. Đăng nhập ở thẻ mới, rồi trở lại đây bấm “Gửi lại”."),
)
_BROKEN = (_("Máy chủ gặp lỗi"), _("Chúng tôi đã ghi lại. Xin thử lại sau ít phút."))
_AWAY = (_("Máy chủ tạm ngừng"), _("Xin thử lại sau ít phút. Điều đã nhập không bị mất."))
_TWIN = _("Một lần gửi khác đang được xử lý. Xin thử lại sau vài giây, nội dung không bị mất.")
_LOCK_TIMEOUT = "55P03"  # PostgreSQL: lock_not_available
_UNIQUE = "23505"  # PostgreSQL: unique_violation
RETRY_AFTER = {409: "2", 429: "30", 503: "5", 507: "120"}

log = logging.getLogger(__name__)


def init_errors(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(errors.DomainError, _domain)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(IntegrityError, _taken)
    app.register_error_handler(Exception, _unexpected)


def wants_json() -> bool:
    """Whether the answer is for a program: the API, or a client that asks for JSON."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def _domain(error: errors.DomainError) -> ResponseReturnValue:
    if isinstance(error, errors.Forbidden) and not signed_in() and not wants_json() and can_keep():
        return kept_page(403, *_SIGNED_OUT, sign_in=True)
    status = next(code for kind, code in STATUS.items() if type(error) is kind)
    fields = {name: translated(text) for name, text in error.fields.items()}
    answer = problem(
        status, error.kind, error.title, error.detail, fields=fields, more=_more_of(error)
    )
    answer.headers.extend(_retry_of(error))
    return answer


def _retry_of(error: errors.DomainError) -> dict[str, str]:
    if isinstance(error, errors.Busy):
        return {"Retry-After": "2"}
    if isinstance(error, errors.TooMany):
        return {"Retry-After": str(error.retry_after)}
    return {"Retry-After": "1"} if isinstance(error, errors.ProofRequired) else {}


def _more_of(error: errors.DomainError) -> dict[str, Any]:
    return {"challenge": error.challenge} if isinstance(error, errors.ProofRequired) else {}


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    status = error.code or 500
    title, detail = _HTTP_WORDS.get(status, _HTTP_WORDS[400] if status < 500 else _BROKEN)
    if isinstance(error, CSRFError):
        title, detail = _STALE_PAGE
        if not wants_json() and can_keep():
            return kept_page(status, title, _STALE_FORM)
    answer = problem(status, f"http-{status}", title, detail, retry=RETRY_AFTER.get(status))
    answer.headers.extend(
        {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    )
    return answer


def _database(error: OperationalError) -> ResponseReturnValue:
    waited = _waited_too_long(error)
    status, words = (409, (errors.Busy.title, _TWIN)) if waited else (503, _AWAY)
    if not waited:
        log.error("database did not answer: %s", type(error.orig).__name__)
    if not wants_json() and can_keep():
        answer = kept_page(status, *words)
        answer.headers["Retry-After"] = RETRY_AFTER[status]
        return answer
    if waited:
        return _domain(errors.Busy(_TWIN))
    return problem(status, "unavailable", *words, retry=RETRY_AFTER[status])


def _taken(error: IntegrityError) -> ResponseReturnValue:
    """Another request stored the same a moment earlier, mostly the same press of a button."""
    if getattr(error.orig, "sqlstate", "") != _UNIQUE and "UNIQUE" not in str(error.orig):
        return _unexpected(error)
    log.warning("stored twice at once: %s", type(error.orig).__name__)
    if not wants_json() and can_keep():
        return kept_page(409, errors.Busy.title, _TWIN)
    return _domain(errors.Busy(_TWIN))


def _waited_too_long(error: OperationalError) -> bool:
    """Whether a lock was held by somebody else for all of the 5 s (core/engine.py)."""
    return getattr(error.orig, "sqlstate", "") == _LOCK_TIMEOUT or "locked" in str(error.orig)


def _unexpected(error: Exception) -> ResponseReturnValue:
    reference = uuid.uuid4().hex[:12]
    log.exception("unexpected error %s", reference)
    return problem(500, "internal", *_BROKEN, reference=reference)


def problem(
    status: int,
    kind: str,
    title: Text,
    detail: Text,
    *,
    fields: dict[str, str] | None = None,
    retry: str | None = None,
    reference: str | None = None,
    more: dict[str, Any] | None = None,
) -> Response:
    """The answer for one error, as JSON or as a page; never a stack trace."""
    words = {
        "type": f"/loi/{kind}",
        "title": translated(title),
        "status": status,
        "detail": translated(detail),
    }
    if wants_json():
        answer = jsonify(words | ({"fields": fields} if fields else {}) | (more or {}))
        answer.content_type = "application/problem+json"
    else:
        page = render_template(
            "errors/problem.html",
            fields=fields,
            reference=reference,
            typed=typed_words(),
            menu=menu().links if known_officer() else (),
            **words,
        )
        answer = Response(page, content_type="text/html; charset=utf-8")
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    if retry:
        answer.headers["Retry-After"] = retry
    return answer
