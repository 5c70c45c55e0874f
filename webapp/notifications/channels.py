"""The ways a notice travels, and the hours in which a phone is left alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.core import clock
from webapp.core.text import _

MAIL, PUSH, SMS = "mail", "push", "sms"
CHANNELS = {
    MAIL: _("Thư điện tử"),
    PUSH: _("Thông báo trên điện thoại"),
    SMS: _("Tin nhắn SMS"),
}
# These ring or light up a phone; a mail waits until it is read.
WAKES = frozenset({PUSH, SMS})


def outbox_kind(channel: str) -> str:
    """The kind of outbox row that sends by this channel."""
    return f"notifications.{channel}"


@dataclass(frozen=True)
class QuietHours:
    """From the local hour ``first`` until ``end``, over midnight or not."""

    first: int
    end: int

    def until(self, at: datetime) -> datetime:
        """When a message of this moment may ring: at once, or when the quiet hours end."""
        here = clock.local(at)
        if not self._holds(here.hour):
            return at
        end = here.replace(hour=self.end, minute=0, second=0, microsecond=0)
        return end if end > here else end + timedelta(days=1)

    def _holds(self, hour: int) -> bool:
        if self.first < self.end:
            return self.first <= hour < self.end
        return hour >= self.first or hour < self.end
