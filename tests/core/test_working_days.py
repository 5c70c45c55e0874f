"""Working days, hours and ends of days in Việt Nam's calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest

from webapp.core.working_days import (
    Calendar,
    add_hours,
    add_working_days,
    calendar_days_deadline,
    default_holidays,
    default_working_swaps,
    end_of_day,
    working_days_between,
    working_days_deadline,
)

PLAIN = Calendar(frozenset(), frozenset())
YEAR_2026 = Calendar(frozenset(default_holidays(2026)), frozenset(default_working_swaps(2026)))


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        (date(2026, 8, 3), 1, date(2026, 8, 4)),
        (date(2026, 8, 7), 1, date(2026, 8, 10)),
        (date(2026, 8, 8), 1, date(2026, 8, 10)),
        (date(2026, 8, 3), 5, date(2026, 8, 10)),
    ],
    ids=["weekday", "over the weekend", "from a Saturday", "a week"],
)
def test_the_day_of_start_and_weekends_are_not_counted(start: date, amount: int, end: date) -> None:
    assert add_working_days(PLAIN, start, amount) == end


def test_lunar_new_year_2026_is_skipped() -> None:
    assert add_working_days(YEAR_2026, date(2026, 2, 13), 1) == date(2026, 2, 23)


def test_a_swapped_saturday_is_worked_and_its_monday_is_not() -> None:
    assert add_working_days(YEAR_2026, date(2026, 8, 21), 1) == date(2026, 8, 22)
    assert add_working_days(YEAR_2026, date(2026, 8, 28), 1) == date(2026, 9, 3)


@pytest.mark.parametrize("amount", [1, 2, 5, 15, 30])
def test_between_undoes_add(amount: int) -> None:
    start = date(2026, 2, 10)
    end = add_working_days(YEAR_2026, start, amount)
    assert working_days_between(YEAR_2026, start, end) == amount
    assert working_days_between(YEAR_2026, end, start) == -amount


def test_between_counts_what_is_worked_day_by_day() -> None:
    """Over any stretch, with days off at weekends and days swapped that are weekdays anyway."""
    sunday, tuesday = date(2026, 3, 8), date(2026, 3, 10)
    odd = Calendar(YEAR_2026.holidays | {sunday, tuesday}, YEAR_2026.working_swaps | {tuesday})
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    for start in days[:40]:
        worked = 0
        for day in days[days.index(start) + 1 :]:
            worked += odd.is_working_day(day)
            assert working_days_between(odd, start, day) == worked


def test_no_working_day_between_a_day_and_itself() -> None:
    assert working_days_between(PLAIN, date(2026, 8, 3), date(2026, 8, 3)) == 0


def test_a_deadline_ends_with_the_local_day() -> None:
    late_monday_utc = datetime(2026, 8, 3, 18, 30, tzinfo=UTC)  # Tuesday 01:30 in Việt Nam
    assert working_days_deadline(PLAIN, late_monday_utc, 1) == datetime(
        2026, 8, 5, 16, 59, 59, tzinfo=UTC
    )
    assert calendar_days_deadline(late_monday_utc, 4) == end_of_day(date(2026, 8, 8))


def test_hours_run_round_the_clock() -> None:
    eve_of_tet = datetime(2026, 2, 16, 15, 0, tzinfo=UTC)
    assert add_hours(eve_of_tet, 24) == datetime(2026, 2, 17, 15, 0, tzinfo=UTC)


def test_leap_day_and_year_end() -> None:
    assert add_working_days(PLAIN, date(2028, 2, 28), 1) == date(2028, 2, 29)
    assert add_working_days(PLAIN, date(2026, 12, 31), 1) == date(2027, 1, 1)


def test_an_instant_without_zone_is_refused() -> None:
    naive = datetime(2026, 8, 3, 8, 0)
    with pytest.raises(ValueError, match="time zone"):
        working_days_deadline(PLAIN, naive, 1)
    with pytest.raises(ValueError, match="time zone"):
        add_hours(naive, 1)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_limit_below_one_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        add_working_days(PLAIN, date(2026, 8, 3), amount)


def test_default_holidays_have_vietnamese_names_and_lunar_days() -> None:
    names = default_holidays(2026)
    assert names[date(2026, 2, 17)] == "Tết Nguyên Đán"
    assert names[date(2026, 9, 2)] == "Quốc khánh"
    assert "Giỗ Tổ Hùng Vương" in names[date(2026, 4, 26)]
    assert list(names) == sorted(names)


def test_default_swaps_name_the_day_off() -> None:
    assert default_working_swaps(2026) == {date(2026, 8, 22): "Làm bù cho ngày 31/08/2026"}
