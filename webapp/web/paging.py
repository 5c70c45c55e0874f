"""Keyset paging: a page ends with the key of its last row, never with a count."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import orjson

from webapp.core.errors import Invalid, NotFound
from webapp.core.text import _

Row = TypeVar("Row")

LAST_ID = 2**63 - 1
_MADE_UP = _("Địa chỉ trang sau không còn dùng được. Xin mở lại danh sách từ đầu.")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page and the cursor of the next one, None at the end."""

    rows: list[Row]
    next_cursor: str | None


def page_or_end(read: Callable[[], Page[Row]]) -> Page[Row]:
    """A page of the public record; empty where what it goes on after is not listed, or no more."""
    try:
        return read()
    except NotFound:
        return Page([], None)


def encode_cursor(values: list[str | int | None]) -> str:
    """An opaque cursor over the sort key of the last row."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def decode_cursor(text: str | None, length: int) -> list[str | int | None] | None:
    """The sort key of a cursor; None when there is none. Raises Invalid for a made-up one."""
    if not text:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        values = None
    plain = isinstance(values, list) and all(
        v is None or (isinstance(v, str | int) and not isinstance(v, bool)) for v in values
    )
    if not plain or len(values) != length:
        raise Invalid(_MADE_UP)
    return list(values)


def id_cursor(text: str | None) -> int | None:
    """The row id of a cursor over ids alone. Raises Invalid for a made-up one."""
    values = decode_cursor(text, 1)
    if values is None:
        return None
    if not isinstance(values[0], int) or not 0 < values[0] <= LAST_ID:
        raise Invalid(_MADE_UP)
    return values[0]
