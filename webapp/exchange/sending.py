"""One row of the other system as a report sent the way everybody sends, or a number to note."""

import re
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, TypeVar

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.codes import digest
from webapp.core.errors import Invalid
from webapp.core.text import Text, _
from webapp.directory.served_units import NEW_SYSTEM
from webapp.exchange.table import CHANNELS
from webapp.reporting.checking import check
from webapp.reporting.permissions import DECIDE
from webapp.reporting.submission import SentPlace, Submission, UnitKey
from webapp.reporting.wording import MISSING, invalid

_NUMBER: Final = re.compile(r"\w[\w./:-]{0,59}")
_PURPOSE: Final = "outside_number.key"
_COLUMN_OF: Final = {
    "place_note": "place",
    "location": "lon",
    "location.source": "lon",
    "unit": "unit_code",
    "observed_at": "observed_on",
    "households_affected": "households",
}
_DAY_FORMS: Final = ("%Y-%m-%d", "%d/%m/%Y")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Wanted:
    """What a row asks for: a number on a case that is here, or a new report with a number."""

    number: str
    received_on: date | None
    case_code: str | None
    submission: Submission | None


def wanted(actor: Actor, cells: Mapping[str, str], *, opens_cases: bool) -> Wanted:
    """Check a row wholly. Raises Invalid with every wrong column at once."""
    found = _Findings()
    number = found.ask(lambda: _number(cells.get("reference_number", "")))
    received = found.ask(lambda: _day(cells, "received_on"))
    sent = None
    if "case_code" not in cells:
        sent = found.ask(lambda: _submission(cells))
        if sent is not None:
            found.ask(lambda: _checked(actor, sent, opens_cases=opens_cases))
    if found.columns:
        raise Invalid(_("Còn chỗ cần sửa."), fields=found.columns)
    return Wanted(number or "", received, cells.get("case_code"), sent)


def key_of(number: str) -> str:
    """The idempotency key of a number: the same for twins, and nobody's to guess."""
    return str(uuid.UUID(digest(_PURPOSE, number)[:32]))


class _Findings:
    """Gathers what is wrong by column, so that everything is mended at once."""

    def __init__(self) -> None:
        self.columns: dict[str, Text] = {}

    def ask(self, rule: Callable[[], Value]) -> Value | None:
        try:
            return rule()
        except Invalid as refused:
            for field, words in refused.fields.items():
                self.columns.setdefault(_COLUMN_OF.get(field, field), words)
            return None


def _submission(cells: Mapping[str, str]) -> Submission:
    """The row as everybody's report; the reader of the file promised the consent."""
    found = _Findings()
    observed = found.ask(lambda: _day(cells, "observed_on"))
    households = found.ask(lambda: _households(cells.get("households")))
    if found.columns:
        raise Invalid(_("Còn chỗ cần sửa."), fields=found.columns)
    lon, lat, code = cells.get("lon"), cells.get("lat"), cells.get("unit_code")
    return Submission(
        category=cells.get("category", ""),
        consent=True,
        description=cells.get("description"),
        observed_at=datetime.combine(observed, time(), tzinfo=clock.LOCAL) if observed else None,
        location=SentPlace(lon or "", lat or "", None, "map") if lon or lat else None,
        unit=UnitKey(cells.get("unit_system", NEW_SYSTEM), code) if code else None,
        place_note=cells.get("place"),
        households_affected=households,
        channel=cells.get("channel", CHANNELS[0]),
        on_behalf=True,
    )


def _checked(actor: Actor, sent: Submission, *, opens_cases: bool) -> None:
    """The rules of every report, and those of this way in."""
    if sent.channel not in CHANNELS:
        raise invalid("channel", _("Kênh là other hoặc press."))
    checked = check(sent)
    if checked.placed.unit.id not in actor.units_for(DECIDE):
        raise invalid("unit_code", _("Xã, phường này không thuộc địa bàn của ông/bà."))
    if opens_cases and checked.node.parent is None:
        raise invalid("category", _("Muốn mở vụ việc ngay thì phải ghi loại việc cụ thể."))


def _number(text: str) -> str:
    if not text:
        raise invalid("reference_number", MISSING)
    if not _NUMBER.fullmatch(text):
        words = _("Số tham chiếu có nhiều nhất 60 ký tự, chỉ gồm chữ, số và các dấu - / . _ :")
        raise invalid("reference_number", words)
    return text


def _day(cells: Mapping[str, str], column: str) -> date | None:
    text = cells.get(column)
    if text is None:
        return None
    for form in _DAY_FORMS:
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=clock.LOCAL).date()
    raise invalid(column, _("Ngày viết theo dạng 2026-03-02 hoặc 02/03/2026."))


def _households(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise invalid("households_affected", _("Số hộ là số nguyên."))
    return int(text)
