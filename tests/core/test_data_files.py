"""Shipped tables are checked cell by cell while loading."""

from datetime import date

import pytest

from webapp.core.bilingual import Bilingual
from webapp.core.data_files import DataFileError, Row, refuse_repeats


def test_cells_are_read_with_their_type() -> None:
    cells = {"a": "xã", "b": ["x"], "c": True, "d": 5, "e": "21.4", "f": "2025-07-01", "g": ""}
    row = Row("t", cells)
    assert (row.text("a"), row.texts("b"), row.flag("c")) == ("xã", ("x",), True)
    assert (row.whole("d"), row.decimal("e"), row.day("f")) == (5, 21.4, date(2025, 7, 1))
    assert (row.text("g", "mặc định"), row.day("g"), row.texts("h")) == ("mặc định", None, ())
    row.finish()


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("text", 5),
        ("text", ""),
        ("texts", "x"),
        ("texts", [1]),
        ("flag", "yes"),
        ("whole", 0),
        ("whole", True),
        ("decimal", "hai mốt"),
        ("day", "30/06/2025"),
        ("row", "x"),
    ],
)
def test_a_wrong_cell_is_refused_by_name(method: str, value: object) -> None:
    with pytest.raises(DataFileError, match=r"units\.csv, line 7: amount must be"):
        getattr(Row("units.csv, line 7", {"amount": value}), method)("amount")


def test_a_cell_nobody_reads_is_refused() -> None:
    row = Row("roles.toml", {"code": "x", "lable": "y"})
    row.text("code")
    with pytest.raises(DataFileError, match="unknown lable"):
        row.finish()


def test_both_languages_or_neither() -> None:
    default = Bilingual("Rác", "Waste")
    assert Row("t", {}).bilingual("ask_", default) == default
    with pytest.raises(DataFileError, match="ask_en"):
        Row("t", {"ask_vi": "Chụp ảnh"}).bilingual("ask_", default)


def test_a_repeated_key_is_refused() -> None:
    with pytest.raises(DataFileError, match="03127 stands twice"):
        refuse_repeats("units.csv", ["03127", "03151", "03127"])


def test_language_choice() -> None:
    label = Bilingual("Rác", "Waste")
    assert (label.in_language("en"), label.in_language("vi"), str(label)) == (
        "Waste", "Rác", "Rác",
    )  # fmt: skip
    assert not Bilingual("", "")
