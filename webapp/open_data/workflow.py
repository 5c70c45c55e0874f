"""The fixed words: what a key opens, what a webhook tells, how a delivery stands."""

from webapp.core.text import _

SCOPES = {
    "open311.write": _("Gửi phản ánh qua Open311"),
}
WEBHOOK_EVENTS = {
    "case.moved": _("Vụ việc công khai có bước mới"),
    "outcome.published": _("Kết quả được công khai hoặc đính chính"),
    "outcome.retracted": _("Kết quả được rút xuống"),
    "ping": _("Gửi thử"),
}
DELIVERY_STATES = {
    "waiting": _("Đang chờ"),
    "done": _("Đã nhận"),
    "failed": _("Không thành"),
}
