"""Words of people: kept as written after NFC, without control characters, within a limit."""

import re
import unicodedata

from webapp.core.errors import Invalid
from webapp.core.text import Text, _

_KEPT_CONTROLS = "\n\t"
_INVISIBLE = {"Cc", "Cs", "Co", "Cn"}
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
MISSING = _("Xin điền mục này.")


def cleaned(words: str | None, field: str, limit: int, *, lines: bool = False) -> str | None:
    """The words in NFC, or None when nothing is left.

    Dropped are control characters (line ends and tabs stay where ``lines`` is true), lone
    surrogates, unassigned characters and marks that turn the direction of writing. Raises Invalid
    on ``field`` when they are longer than ``limit`` characters.
    """
    if words is None:
        return None
    text = unicodedata.normalize("NFC", _DIRECTION.sub("", words)).replace("\r\n", "\n")
    kept = "".join(mark for mark in text if _stays(mark))
    kept = kept if lines else " ".join(kept.split())
    kept = kept.strip()
    if len(kept) > limit:
        raise invalid(field, _("Dài quá %(limit)s ký tự. Xin viết ngắn lại.", limit=limit))
    return kept or None


def required(words: str | None, field: str, limit: int) -> str:
    """``cleaned`` words of several lines that must not be empty. Raises Invalid."""
    found = cleaned(words, field, limit, lines=True)
    if found is None:
        raise invalid(field, MISSING)
    return found


def invalid(field: str, words: Text, *, kind: str | None = None) -> Invalid:
    """One wrong field, told beside it."""
    return Invalid(_("Còn chỗ cần sửa."), kind=kind, fields={field: words})


def _stays(mark: str) -> bool:
    return mark in _KEPT_CONTROLS or unicodedata.category(mark) not in _INVISIBLE
