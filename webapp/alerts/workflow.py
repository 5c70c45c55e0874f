"""How and how often news is told, and which kinds there are."""

from datetime import datetime, time, timedelta
from typing import Final

from webapp.core import clock
from webapp.core.text import _

MAIL, PUSH = "mail", "push"
CHANNELS: Final = {MAIL: _("Thư điện tử"), PUSH: _("Thông báo trên điện thoại")}
NOW, DAY, WEEK = "now", "day", "week"
FREQUENCIES: Final = {
    NOW: _("Ngay khi có tin"),
    DAY: _("Mỗi sáng một lần"),
    WEEK: _("Sáng thứ Hai hằng tuần"),
}
KINDS: Final = ("step", "result")
HOUR: Final = 7  # of the morning, in Việt Nam
_MONDAY: Final = 0


def next_telling(frequency: str, at: datetime) -> datetime:
    """When news of this moment is told: at once, the next morning, the next Monday morning."""
    if frequency == NOW:
        return at
    here = clock.local(at)
    morning = datetime.combine(here.date(), time(HOUR), tzinfo=clock.LOCAL)
    if morning <= here:
        morning += timedelta(days=1)
    if frequency == WEEK:
        morning += timedelta(days=(_MONDAY - morning.weekday()) % 7)
    return morning
