"""Laws that letters cite, as dated rows: what is printed is what was in force on that day.

Only texts read in a copy are listed (domain/law-and-documents, mark [V]). An amended or replaced
law is a new row, never an edited one, so an old letter renders as it was signed. What a province
agreed (coordination programme, regulation) is a setting of the issuing organisation, not a row.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True)
class LegalBasis:
    """One citation, valid from the first day to the last day, both included."""

    key: str
    words: str
    valid_from: date
    valid_to: date | None


_FRONT_LAW_AMENDED = date(2025, 7, 1)

LEGAL_BASES: Final = (
    LegalBasis(
        "front_law",
        "Luật Mặt trận Tổ quốc Việt Nam số 75/2015/QH13",
        date(2016, 1, 1),
        date(2025, 6, 30),
    ),
    LegalBasis(
        "front_law",
        "Luật Mặt trận Tổ quốc Việt Nam số 75/2015/QH13, được sửa đổi, bổ sung theo "
        "Luật số 97/2025/QH15",
        _FRONT_LAW_AMENDED,
        None,
    ),
    LegalBasis(
        "environment_law",
        "Luật Bảo vệ môi trường số 72/2020/QH14",
        date(2022, 1, 1),
        None,
    ),
)


def cited_on(day: date, *keys: str) -> tuple[str, ...]:
    """The words of each key's row in force on that day, in the order of the keys.

    A key with no row in force that day is left out: nothing is cited that did not apply.
    """
    return tuple(row.words for key in keys for row in LEGAL_BASES if _in_force(row, key, day))


def _in_force(row: LegalBasis, key: str, day: date) -> bool:
    not_over = row.valid_to is None or day <= row.valid_to
    return row.key == key and row.valid_from <= day and not_over
