"""What is told about an account."""

from webapp.accounts.models import Delegation, Device
from webapp.core import clock
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.notifications.messages import Message, Reader, Rendered, register_message

NEW_DEVICE = "accounts.new_device"
DELEGATED = "accounts.delegated"
DELEGATION_ENDED = "accounts.delegation_ended"
STAND_IN_AWAY = "accounts.stand_in_away"
DELEGATION = "delegation"
_ABSENCES = "/can-bo/vang-mat/"


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


def _delegated(delegation_id: int, _reader: Reader) -> Rendered | None:
    """Nothing once it was ended: that is told by itself."""
    given = session().get(Delegation, delegation_id)
    if given is None or given.ended_at is not None:
        return None
    return Rendered(
        _("Ông/bà làm thay %(name)s", name=given.person.name),
        _(
            "Từ %(first)s đến hết %(last)s, việc của %(name)s cũng hiện trên bàn làm việc của "
            "ông/bà. Mỗi bước ghi tên ông/bà.",
            name=given.person.name,
            first=f"{given.valid_from:%d/%m/%Y}",
            last=f"{given.valid_to:%d/%m/%Y}",
        ),
        _ABSENCES,
    )


def _delegation_ended(delegation_id: int, _reader: Reader) -> Rendered | None:
    given = session().get(Delegation, delegation_id)
    if given is None or given.ended_at is None:
        return None
    return Rendered(
        _("Ông/bà thôi làm thay %(name)s", name=given.person.name),
        _(
            "%(name)s đã kết thúc ủy quyền lúc %(time)s.",
            name=given.person.name,
            time=f"{clock.local(given.ended_at):%H:%M %d/%m/%Y}",
        ),
        _ABSENCES,
    )


def _stand_in_away(delegation_id: int, _reader: Reader) -> Rendered | None:
    """Of the absence of who stands in; nothing once it was ended."""
    given = session().get(Delegation, delegation_id)
    if given is None or given.ended_at is not None:
        return None
    return Rendered(
        _("%(name)s, người làm thay ông/bà, cũng vắng", name=given.person.name),
        _(
            "%(name)s vắng từ %(first)s đến hết %(last)s. Những ngày ấy chưa có ai làm thay "
            "ông/bà; xin kết thúc ủy quyền đang có và chọn người khác.",
            name=given.person.name,
            first=f"{given.valid_from:%d/%m/%Y}",
            last=f"{given.valid_to:%d/%m/%Y}",
        ),
        _ABSENCES,
    )


register_message(Message(NEW_DEVICE, "device", _new_device))
register_message(Message(DELEGATED, DELEGATION, _delegated))
register_message(Message(DELEGATION_ENDED, DELEGATION, _delegation_ended))
register_message(Message(STAND_IN_AWAY, DELEGATION, _stand_in_away))
