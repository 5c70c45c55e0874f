"""Marks as a browser sends them, read within limits."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import orjson

from geo.photos import Mark
from webapp.core.errors import Invalid
from webapp.core.text import _

MOST_MARKS: Final = 200
SMALLEST: Final = 0.002
_FIELDS = ("x", "y", "width", "height")
_UNREADABLE = _("Các ô che gửi lên không đọc được. Xin tải lại trang và vẽ lại.")
_NONE = _("Xin vẽ ít nhất một ô che.")
_TOO_MANY = _("Nhiều nhất %(limit)s ô che.", limit=MOST_MARKS)


def read_marks(text: str, *, pages: int = 1) -> list[Mark]:
    """The marks of a form's field, each inside its page. Raises Invalid on ``marks``."""
    try:
        told = orjson.loads(text or "[]")
        marks = [_mark(each, pages) for each in told]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Invalid(_UNREADABLE, fields={"marks": _UNREADABLE}) from None
    if len(marks) > MOST_MARKS:
        raise Invalid(_TOO_MANY, fields={"marks": _TOO_MANY})
    return marks


def demand_marks(marks: Sequence[Mark]) -> None:
    """Raises Invalid on ``marks`` when there is none."""
    if not marks:
        raise Invalid(_NONE, fields={"marks": _NONE})


def kept_marks(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """Marks as a row keeps them."""
    return [asdict(mark) for mark in marks]


def _mark(told: dict[str, Any], pages: int) -> Mark:
    x, y, width, height = (float(told[name]) for name in _FIELDS)
    page, kind = told.get("page", 0), told["kind"]
    inside = 0 <= x < 1 and 0 <= y < 1 and SMALLEST <= width <= 1 and SMALLEST <= height <= 1
    if not inside or kind not in ("box", "blur") or page not in range(pages):
        raise ValueError(told)
    return Mark(x, y, min(width, 1 - x), min(height, 1 - y), kind, page)
