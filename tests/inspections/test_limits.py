"""Numbers as people write them, limits as dated data, the comparison of the two."""

from datetime import date
from decimal import Decimal

import pytest

from webapp.core.data_files import DataFileError, Row
from webapp.inspections import limits
from webapp.inspections.letters import limit_words
from webapp.inspections.limits import Judged, judge, limit_labelled, limits_on, read_number


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0,25", "0.25"),
        ("1.500,5", "1500.5"),
        ("5 000", "5000"),
        ("0.250", "0.250"),
        ("< 0,05", "<0.05"),
        ("1.500", None),
        ("1,500.5", None),
        ("-3", None),
        ("KPH", None),
        ("1e9", None),
        ("٣", None),
    ],
)
def test_numbers_as_they_are_typed(typed: str, stored: str | None) -> None:
    assert read_number(typed) == stored


@pytest.mark.parametrize(
    ("value", "lowest", "highest", "judged"),
    [
        ("240", None, "100", Judged(over=True, times=Decimal("2.4"))),
        ("100", None, "100", Judged(over=False)),
        ("100.0001", None, "100", Judged(over=True, times=Decimal("1.0"))),
        ("4.5", "5.5", "9", Judged(over=True)),
        ("9.1", "5.5", "9", Judged(over=True, times=Decimal("1.0"))),
        ("<0.5", None, "0.1", Judged(over=False)),
        ("7", None, None, Judged(over=False)),
    ],
)
def test_a_value_is_held_to_both_ends(
    value: str, lowest: str | None, highest: str | None, judged: Judged
) -> None:
    assert judge(value, lowest, highest) == judged


def test_the_shipped_table_names_its_source_and_its_days() -> None:
    table = limits.limits()
    assert len(table) > 100
    assert all(limit.source.startswith(("Thông tư", "Quyết định")) for limit in table)
    assert len({limit.label for limit in table}) == len(table)
    livestock = limit_labelled("BOD5 (20 °C) · QCVN 62-MT:2016/BTNMT, cột B")
    assert livestock is not None
    assert (livestock.highest, livestock.unit) == ("100", "mg/l")
    assert livestock.replaced_on == date(2025, 9, 1)


def test_a_limit_counts_from_its_day() -> None:
    standards = {limit.standard for limit in limits_on(date(2016, 1, 1))}
    assert "QCVN 40:2011/BTNMT" in standards
    assert not standards & {"QCVN 62-MT:2016/BTNMT", "QCVN 05:2023/BTNMT"}


@pytest.mark.parametrize(("lowest", "highest"), [("9", "6"), ("", ""), ("ít", "9")])
def test_a_wrong_row_stops_the_start(lowest: str, highest: str) -> None:
    cells = {
        "code": "x.y", "standard": "QCVN", "column": "A", "parameter": "pH", "unit": "-",
        "lowest": lowest, "highest": highest, "valid_from": "2020-01-01", "source": "Thông tư",
    }  # fmt: skip
    with pytest.raises(DataFileError):
        limits._limit(Row("limits.csv, line 2", cells))


def test_limits_in_words() -> None:
    assert limit_words("5.5", "9") == "5,5 - 9"
    assert limit_words(None, "0.05") == "≤ 0,05"
    assert limit_words("4", None) == "≥ 4"
    assert limit_words(None, None) == ""
