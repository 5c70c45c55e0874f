"""Spans of days, and reading instants that programs send."""

from dataclasses import dataclass
from datetime import date, datetime

from webapp.core import clock
from webapp.core.errors import BadRequest
from webapp.core.text import _

_OPEN = {"", ".."}


@dataclass(frozen=True)
class Days:
    """Local days, both inclusive; None is open."""

    first: date | None = None
    last: date | None = None


def read_instant(text: str, name: str) -> datetime:
    """A day or an instant as RFC 3339 writes it; without a zone it is Việt Nam's.

    Raises BadRequest.
    """
    try:
        found = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError as error:
        words = _("%(name)s viết theo dạng 2026-03-02 hoặc 2026-03-02T00:00:00+07:00.", name=name)
        raise BadRequest(words) from error
    if found.year not in clock.YEARS:
        raise BadRequest(_("%(name)s nằm ngoài các năm 1900–2200.", name=name))
    return found if found.tzinfo else found.replace(tzinfo=clock.LOCAL)


def read_days(text: str | None) -> Days:
    """The ``datetime`` of OGC API Features: an instant, or two around a slash, ``..`` for open.

    A feature of a day belongs to every instant of that day. Raises BadRequest.
    """
    if not text:
        return Days()
    start, slash, end = text.partition("/")
    if not slash:
        day = clock.local(read_instant(text, "datetime")).date()
        return Days(day, day)
    first = None if start in _OPEN else clock.local(read_instant(start, "datetime")).date()
    last = None if end in _OPEN else clock.local(read_instant(end, "datetime")).date()
    if start in _OPEN and end in _OPEN and text != "../..":
        raise BadRequest(_("datetime cần ít nhất một đầu."))
    if first and last and first > last:
        raise BadRequest(_("datetime: ngày đầu phải trước ngày cuối."))
    return Days(first, last)
