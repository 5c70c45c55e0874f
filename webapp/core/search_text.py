"""The one folding of text for search, on both databases and in the category search."""

import unicodedata


def fold(text: str) -> str:
    """The text without marks, with đ as d, in small letters, single spaces between words.

    "Thuốc  SÂU" and "thuoc sau" fold to the same. Neither SQLite nor PostgreSQL folds đ by itself,
    so stored text and query both pass through here.
    """
    letters = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.split())
