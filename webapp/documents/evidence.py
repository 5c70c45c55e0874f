"""The list of sealed originals that a letter or a certificate carries.

A hash lets anybody who later holds the original check that it is the one received; the list shows
no original, no device position and nothing about who sent it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from webapp.documents.letters import Column, Table

_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COLUMNS: Final = (
    Column("STT", 8, centred=True),
    Column("Thời điểm chụp", 20, centred=True),
    Column("Nơi chụp", 28),
    Column("Ngày niêm phong", 17, centred=True),
    Column("Mã kiểm chứng SHA-256", 27, centred=True),
)


@dataclass(frozen=True)
class SealedOriginal:
    """One received file: lower-case SHA-256, time (aware) and place of taking, day of sealing.

    taken_at and place are None where the file does not say. Raises ValueError for a naive time or
    what is not a SHA-256.
    """

    sha256: str
    sealed_on: date
    taken_at: datetime | None = None
    place: str | None = None

    def __post_init__(self) -> None:
        """Refuse what could not be checked later."""
        if _SHA256.fullmatch(self.sha256) is None:
            raise ValueError("not a SHA-256 in lower-case hexadecimal digits")
        if self.taken_at is not None and self.taken_at.tzinfo is None:
            raise ValueError("the time of taking has no time zone")


def evidence_table(originals: Sequence[SealedOriginal]) -> Table:
    """A row for each original in the order given; times are Vietnamese."""
    return Table(_COLUMNS, tuple(_row(at, one) for at, one in enumerate(originals, start=1)))


def _row(position: int, original: SealedOriginal) -> tuple[str, ...]:
    return (
        str(position),
        _time_words(original.taken_at),
        original.place or "Ảnh không ghi nơi chụp",
        f"{original.sealed_on:%d/%m/%Y}",
        " ".join(original.sha256[start : start + 16] for start in range(0, 64, 16)),
    )


def _time_words(taken_at: datetime | None) -> str:
    if taken_at is None:
        return "Ảnh không ghi thời điểm"
    return f"{taken_at.astimezone(_VIETNAM):%H:%M ngày %d/%m/%Y}"
