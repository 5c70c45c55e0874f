"""The one clock: UTC inside, Asia/Ho_Chi_Minh on every page."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def local(instant: datetime) -> datetime:
    """The instant as read on a clock in Việt Nam."""
    return instant.astimezone(LOCAL)


def today_local() -> date:
    """The calendar day in Việt Nam."""
    return local(now()).date()
