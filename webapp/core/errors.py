"""What can go wrong, told in words for the person who reads it.

The HTTP shell maps each class to a status in one table; operations only raise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.core import clock
from webapp.core.text import Text, _


class DomainError(Exception):
    """A request that cannot be carried out; ``detail`` says what to do next.

    ``kind`` becomes the last part of the problem type, ``fields`` the messages by field name.
    """

    kind = "error"
    title = _("Chưa thực hiện được")

    def __init__(
        self,
        detail: Text,
        *,
        kind: str | None = None,
        fields: Mapping[str, Text] | None = None,
    ) -> None:
        super().__init__(str(detail))
        self.detail = detail
        self.kind = kind or type(self).kind
        self.fields = dict(fields or {})


class NotFound(DomainError):
    """Nothing there, or its existence is secret from this actor."""

    kind = "not-found"
    title = _("Không tìm thấy")

    def __init__(self, detail: Text | None = None) -> None:
        super().__init__(detail or _("Không có trang hoặc hồ sơ này. Xin kiểm tra lại địa chỉ."))


class Forbidden(DomainError):
    """The actor may know that it exists but may not do this."""

    kind = "forbidden"
    title = _("Không có quyền")

    def __init__(self, detail: Text | None = None) -> None:
        super().__init__(detail or _("Tài khoản này không được làm việc này."))


class BadRequest(DomainError):
    """A required part of the request is missing, such as the idempotency key."""

    kind = "bad-request"
    title = _("Yêu cầu thiếu thông tin")


class Invalid(DomainError):
    """A field breaks a rule; nothing was stored."""

    kind = "invalid"
    title = _("Có chỗ cần sửa")


class Conflict(DomainError):
    """Somebody else changed it first; ``detail`` says who, what and when."""

    kind = "conflict"
    title = _("Hồ sơ vừa được người khác cập nhật")


@dataclass(frozen=True)
class LastStep:
    """Who took a record further, by which step, and when."""

    who: Text | str
    step: Text
    at: datetime


class Stale(Conflict):
    """Somebody acted on an older version; ``happened`` says what was done since, and no more."""

    def __init__(self, happened: Text) -> None:
        advice = _(
            "%(happened)s Điều ông/bà đã nhập vẫn còn; xin xem lại trước khi gửi.",
            happened=happened,
        )
        super().__init__(advice)
        self.happened = happened


def stale(last: LastStep | None) -> Stale:
    """The answer to somebody who acted on an older version; None when no step was written down."""
    if last is None:
        return Stale(_("Hồ sơ đã thay đổi sau khi ông/bà mở trang."))
    return Stale(
        _(
            "%(who)s vừa làm bước “%(step)s” lúc %(when)s.",
            who=last.who,
            step=last.step,
            when=f"{clock.local(last.at):%H:%M %d/%m/%Y}",
        )
    )


class TransitionRefused(Conflict):
    """The workflow table does not have this step from the present state."""

    kind = "transition-refused"
    title = _("Bước này không làm được lúc này")


class Gone(DomainError):
    """It was there and was withdrawn."""

    kind = "gone"
    title = _("Đã rút")


class TooLarge(DomainError):
    """More bytes than are accepted."""

    kind = "too-large"
    title = _("Tệp quá lớn")


class UnsupportedMedia(DomainError):
    """Content of a kind that is not accepted."""

    kind = "unsupported-media"
    title = _("Loại tệp không nhận")


class StorageFull(DomainError):
    """No room to store what was sent; it may be sent again later."""

    kind = "storage-full"
    title = _("Máy chủ tạm hết chỗ")


class Busy(DomainError):
    """A twin request or a lock is still held; try again soon."""

    kind = "busy"
    title = _("Máy chủ đang bận")


class TooMany(DomainError):
    """More than is accepted in this time; ``retry_after`` in seconds."""

    kind = "too-many"
    title = _("Gửi quá nhanh")

    def __init__(self, detail: Text, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class ProofRequired(DomainError):
    """The sender's machine shall compute ``challenge`` first and send the same again."""

    kind = "proof-required"
    title = _("Máy cần tính một phép thử")

    def __init__(self, *, challenge: Mapping[str, Any]) -> None:
        super().__init__(
            _("Nhiều máy lạ cùng gửi từ một mạng. Điện thoại tự tính vài giây rồi gửi tiếp.")
        )
        self.challenge = challenge
