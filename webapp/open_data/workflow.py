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
# Why nobody answered, by the name of the error that is kept.
DELIVERY_PROBLEMS = {
    "gaierror": _("không tìm thấy máy chủ"),
    "Refused": _("địa chỉ không được phép"),
    "ConnectionRefusedError": _("máy chủ không nhận kết nối"),
    "TimeoutError": _("máy chủ không trả lời kịp"),
    "SSLCertVerificationError": _("chứng thư của máy chủ không đúng"),
}
DELIVERY_STATES = {
    "waiting": _("Đang chờ"),
    "done": _("Đã nhận"),
    "failed": _("Không thành"),
}
