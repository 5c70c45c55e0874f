"""The giấy tiếp nhận as Word or PDF, for who holds the tracking code."""

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from webapp.core.errors import Invalid
from webapp.core.text import _
from webapp.documents.docx_writer import render_docx
from webapp.documents.pdf import render_pdf
from webapp.extensions import csrf, limiter
from webapp.reporting.forms import CodeForm
from webapp.reporting.queries import report_by_tracking_code
from webapp.reporting.receipts import receipt_letter
from webapp.reporting.views.limits import address, wrong_codes
from webapp.web.guards import by_code

bp = Blueprint("receipts", __name__)
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.post("/tra-cuu/giay-tiep-nhan")
@by_code
@csrf.exempt  # the form checks its own token
@wrong_codes
@limiter.limit("120 per hour", key_func=address)  # drawing a PDF takes a third of a second
def slip() -> ResponseReturnValue:
    """The slip with the code; in the body, never in an address."""
    form = CodeForm()
    if not form.validate():
        raise Invalid(_("Trang này để lâu quá. Xin mở lại trang tra cứu."))
    report = report_by_tracking_code(form.code.data)
    follow = url_for("tracking.ask_code", _external=True).partition("://")[2]
    letter = receipt_letter(report, form.code.data, follow_address=follow)
    as_word = request.form.get("kind") == "docx"
    content = render_docx(letter) if as_word else render_pdf(letter)
    answer = Response(content, content_type=_DOCX if as_word else "application/pdf")
    name = "giay-tiep-nhan.docx" if as_word else "giay-tiep-nhan.pdf"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
