"""Photos that a step brings along, and the words for those who have none."""

from collections.abc import Sequence
from datetime import date, datetime

from webapp.cases.models import Case, CasePhoto
from webapp.core import clock
from webapp.core.errors import Invalid
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.media.models import Photo
from webapp.media.operations import ReceivedPhoto, store_photo, want_photo

MISSING = _("Xin điền mục này.")


def invalid(field: str, message: Text) -> Invalid:
    """One field is wrong, in words next to it."""
    return Invalid(_("Có chỗ cần sửa."), fields={field: message})


def keep_photo(case: Case, received: ReceivedPhoto, *, purpose: str, voice: str = "front") -> Photo:
    """Store a photo that somebody took for the Front, or the office, and show it with the case."""
    wanted = want_photo(sha256=received.sha256, size=received.size, mime=received.mime)
    photo = store_photo(wanted, received)
    session().add(CasePhoto(case_id=case.id, photo_id=photo.id, purpose=purpose, voice=voice))
    return photo


def demand_photo_or_reason(photos: Sequence[ReceivedPhoto], reason: str | None) -> None:
    """A photo, or why there is none. Raises Invalid on ``photos``."""
    if not photos and not (reason or "").strip():
        raise invalid("photos", _("Xin gửi một ảnh, hoặc ghi vì sao không chụp được."))


def demand_day_ahead(day: date | None) -> date:
    """A due day that is today or later. Raises Invalid on ``due_on``."""
    if day is None:
        raise invalid("due_on", MISSING)
    if day < clock.today_local():
        raise invalid("due_on", _("Hạn phải từ hôm nay trở đi."))
    return day


def demand_past(at: datetime, field: str) -> datetime:
    """A moment that has been. Raises Invalid on ``field``."""
    if at > clock.now():
        raise invalid(field, _("Lúc này chưa tới. Xin ghi lại."))
    return at
