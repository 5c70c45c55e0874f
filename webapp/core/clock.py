"""The one clock: UTC inside, Asia/Ho_Chi_Minh on every page."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
YEARS = range(1900, 2201)
"""The years that people write. Near the ends of the calendar UTC and the next day do not exist."""

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def standing_at(instant: datetime) -> Iterator[None]:
    """Let ``now`` be this instant, for the demonstration's past."""
    token = _told.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)


def local(instant: datetime) -> datetime:
    """The instant as read on a clock in Việt Nam."""
    return instant.astimezone(LOCAL)


def today_local() -> date:
    """The calendar day in Việt Nam."""
    return local(now()).date()


def day_begins(day: date) -> datetime:
    """The instant a local day begins; that of the day after is when it is over."""
    return datetime.combine(day, time(), tzinfo=LOCAL)
