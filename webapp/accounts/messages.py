"""What is told about an account."""

from webapp.accounts.models import Device
from webapp.core import clock
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.notifications.messages import Message, Reader, Rendered, register_message

NEW_DEVICE = "accounts.new_device"


def _new_device(device_id: int, reader: Reader) -> Rendered | None:
    device = session().get(Device, device_id)
    if device is None:
        return None
    return Rendered(
        _("Đăng nhập từ máy lạ"),
        _(
            "Tài khoản của ông/bà vừa đăng nhập lúc %(time)s trên một máy chưa dùng lần nào. Nếu "
            "không phải ông/bà, xin đổi mật khẩu ngay; mọi máy khác sẽ phải đăng nhập lại.",
            time=f"{clock.local(device.first_seen_at):%H:%M %d/%m/%Y}",
        ),
        "/can-bo/tai-khoan/",
    )


register_message(Message(NEW_DEVICE, "device", _new_device))
