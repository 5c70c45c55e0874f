"""The one folding for search."""

import unicodedata

import pytest

from webapp.core.search_text import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Thuốc  SÂU\n", "thuoc sau"),
        ("Đống Đa", "dong da"),
        ("Ẳng Nưa, Noọng Hẹt", "ang nua, noong het"),
        ("ĐỔ RÁC", "do rac"),
        ("", ""),
        ("𝖗ác \U0001d165 ⃗x", "rac x"),
    ],
)
def test_strips_marks_and_case(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_composed_and_decomposed_letters_fold_alike() -> None:
    assert fold(unicodedata.normalize("NFD", "Mường Phăng")) == fold("Mường Phăng")


def test_folding_twice_changes_nothing() -> None:
    assert fold(fold("Xã Sỹ Bình – Ⅳ")) == fold("Xã Sỹ Bình – Ⅳ")
