"""The one folding of text for search, on both databases and in the category search."""

import unicodedata
from collections.abc import Callable


def fold(text: str) -> str:
    """The text without marks, with đ as d, in small letters, single spaces between words.

    "Thuốc  SÂU" and "thuoc sau" fold to the same. Neither SQLite nor PostgreSQL folds đ by itself,
    so stored text and query both pass through here.
    """
    letters = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    return " ".join(letters.translate(_UNMARKED).split())


class Written(dict[int, str]):
    """How each character is written instead, for ``str.translate``, told by ``instead``.

    Worked out when a character first comes, and kept for those of everyday texts.
    """

    def __init__(self, instead: Callable[[str], str]) -> None:
        super().__init__()
        self._instead = instead

    def __missing__(self, code: int) -> str:
        found = self._instead(chr(code))
        if code < _EVERYDAY:
            self[code] = found
        return found


_EVERYDAY = 0x2100
_UNMARKED = Written(lambda letter: "" if unicodedata.combining(letter) else letter)
