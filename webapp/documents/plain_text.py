"""Text fit for an official document: NFC, no control characters, one line or clean paragraphs."""

import re
import unicodedata

# Control, format, surrogate, unassigned and private code points: XML forbids some, no font draws
# others, and direction marks can make a printed letter read differently from what was signed.
_NEVER_PRINTED = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})
_LINE_BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029\u0085\u000b\u000c]")


def clean_line(text: str) -> str:
    """One NFC line: every run of white space is one space, nothing invisible is left."""
    spaced = " ".join(text.split())
    kept = "".join(char for char in spaced if unicodedata.category(char) not in _NEVER_PRINTED)
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def clean_paragraphs(text: str) -> tuple[str, ...]:
    """The lines of a typed text, each as clean_line makes it, without the empty ones."""
    lines = (clean_line(line) for line in _LINE_BREAK.split(text))
    return tuple(line for line in lines if line)
