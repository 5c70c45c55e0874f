"""The administrator's page of work outside the requests."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.admin.operations import retry_job
from webapp.alerts.operations import alert_counts
from webapp.core.text import _
from webapp.core.unit_of_work import write_unit
from webapp.jobs import queries
from webapp.jobs.permissions import MANAGE
from webapp.notifications.channel_state import channel_states
from webapp.notifications.channels import CHANNELS, outbox_kind
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.locale import translated
from webapp.web.paging import encode_cursor, id_cursor

bp = Blueprint("admin", __name__)

PAGE = 50
STATES = {"waiting": _("Đang chờ"), "failed": _("Không thành")}
JOBS = {
    "media.render": _("Xử lý ảnh"),
    "media.remove_file": _("Xóa tệp"),
    "media.read_paper": _("Đọc văn bản đưa lên"),
    "media.redact": _("Che ảnh, văn bản"),
    "outcomes.print_sheets": _("Lập tờ niêm yết"),
    "documents.render": _("Tạo bản PDF của văn bản"),
    "deadlines.recompute": _("Tính lại thời hạn"),
    "reporting.reissue": _("Gửi lại mã tra cứu"),
    "spoken_help.remove_file": _("Xóa tệp ghi âm"),
    "digest.mail": _("Gửi thư đầu ngày cho cán bộ"),
    "notifications.send": _("Gửi thông báo"),
    "notifications.mail": _("Gửi thư điện tử"),
    "notifications.push": _("Gửi thông báo đến điện thoại"),
    "notifications.sms": _("Gửi tin nhắn SMS"),
    "alerts.confirm": _("Gửi thư xác nhận cho bạn đọc"),
    "alerts.send": _("Gửi tin cho bạn đọc"),
    "alerts.moved": _("Báo bạn đọc tên đơn vị mới"),
    "open_data.tell_webhooks": _("Chuẩn bị tin cho phần mềm khác"),
    "open_data.deliver": _("Gửi tin cho phần mềm khác"),
    "open_data.purge_dump": _("Gỡ tệp dữ liệu mở"),
    "reassignment.run": _("Chuyển việc theo sắp xếp đơn vị"),
    "reassignment.undo": _("Hoàn tác sắp xếp đơn vị"),
    "triage.bulk": _("Làm nhiều việc một lượt"),
    "triage.rank": _("Xếp lại hàng đợi"),
}


@bp.get("/can-bo/viec-nen")
@requires(MANAGE)
def outbox() -> str:
    """What waits and what failed, all or of one channel, and how each channel stands."""
    actor, chosen = current_actor(), request.args.get("kenh", "")
    channel = chosen if chosen in CHANNELS else None
    rows = queries.unfinished(
        actor,
        before_id=id_cursor(request.args.get("sau")),
        limit=PAGE,
        kind=outbox_kind(channel) if channel else None,
    )
    more = len(rows) == PAGE
    sau = encode_cursor([rows[-1].id]) if more else ""
    return render_template(
        "admin/outbox.html",
        rows=rows,
        states=STATES,
        jobs=JOBS,
        channels=channel_states(actor),
        readers=alert_counts(actor),
        channel=channel,
        next_url=url_for("admin.outbox", kenh=channel, sau=sau) if more else None,
    )


@bp.post("/can-bo/viec-nen/<int(max=9223372036854775807):row_id>/chay-lai")
@requires(MANAGE)
def retry(row_id: int) -> ResponseReturnValue:
    """Run a row again now."""
    with write_unit():
        retry_job(current_actor(), row_id)
    flash(translated(_("Đã cho chạy lại. Xin xem lại sau ít giây.")), "success")
    return redirect(url_for("admin.outbox"), 303)
