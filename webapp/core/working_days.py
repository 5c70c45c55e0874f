"""Working-day arithmetic in Việt Nam's calendar: pure, the calendar is handed in.

The day something starts is not counted; a limit in days ends with its last day, Asia/Ho_Chi_Minh;
hours run round the clock. Instants are aware, results are in UTC.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from webapp.core.clock import LOCAL

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_SWAPPED = re.compile(r"\(thay cho ngày (\d{2})/(\d{2})/(\d{4})\)")


@dataclass(frozen=True)
class Calendar:
    """Days off on weekdays, and days at the weekend that are worked in exchange."""

    holidays: frozenset[date]
    working_swaps: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on that day."""
        if day in self.working_swaps:
            return True
        return _is_weekday(day) and day not in self.holidays


def add_working_days(calendar: Calendar, start: date, amount: int) -> date:
    """The ``amount``-th working day after ``start``. Raises ValueError when amount is below 1."""
    _require_positive(amount)
    day = start
    while amount:
        day += _ONE_DAY
        amount -= calendar.is_working_day(day)
    return day


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """Working days after ``start`` up to and with ``end``; negative when ``end`` is earlier."""
    if end < start:
        return -working_days_between(calendar, end, start)
    # Not day by day: a clock may be late for years, and a page shows dozens of them.
    off = [each for each in calendar.holidays - calendar.working_swaps if _is_weekday(each)]
    extra = [each for each in calendar.working_swaps if not _is_weekday(each)]
    more, less = (sum(start < each <= end for each in days) for days in (extra, off))
    return _weekdays_up_to(end) - _weekdays_up_to(start) + more - less


def _is_weekday(day: date) -> bool:
    return day.weekday() < _SATURDAY


def _weekdays_up_to(day: date) -> int:
    """Mondays to Fridays up to and with a day; the first day there is was a Monday."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * _SATURDAY + min(rest, _SATURDAY)


def working_days_deadline(calendar: Calendar, started_at: datetime, amount: int) -> datetime:
    """The end of the ``amount``-th working day after the local day of ``started_at``."""
    return end_of_day(add_working_days(calendar, _local_day(started_at), amount))


def calendar_days_deadline(started_at: datetime, amount: int) -> datetime:
    """The end of the ``amount``-th day after the local day of ``started_at``."""
    _require_positive(amount)
    return end_of_day(_local_day(started_at) + _ONE_DAY * amount)


def add_hours(started_at: datetime, amount: int) -> datetime:
    """So many hours later, nights and holidays included."""
    _require_positive(amount)
    return _require_aware(started_at).astimezone(UTC) + timedelta(hours=amount)


def end_of_day(day: date) -> datetime:
    """The last second of a local day, in UTC."""
    return datetime.combine(day, time(23, 59, 59), LOCAL).astimezone(UTC)


def default_holidays(year: int) -> dict[date, str]:
    """The public holidays of a year with Vietnamese names, lunar ones and days in lieu included.

    A proposal for the calendar that people edit: the yearly decision on swapped days wins.
    """
    # 11 MB of every web server, for a command that runs once a year.
    import holidays

    return dict(sorted(holidays.country_holidays("VN", years=year, language="vi").items()))


def default_working_swaps(year: int) -> dict[date, str]:
    """The weekend days worked in exchange for a day off of that year, with Vietnamese names."""
    swaps = {}
    for day_off, name in default_holidays(year).items():
        if found := _SWAPPED.search(name):
            day, month, in_year = map(int, found.groups())
            swaps[date(in_year, month, day)] = f"Làm bù cho ngày {day_off:%d/%m/%Y}"
    return swaps


def _local_day(instant: datetime) -> date:
    return _require_aware(instant).astimezone(LOCAL).date()


def _require_aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant


def _require_positive(amount: int) -> None:
    if amount < 1:
        raise ValueError(f"a limit must be at least 1, not {amount}")
