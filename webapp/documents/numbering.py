"""Numbers and notations of issued documents (NĐ 30/2020, Đ.15 and Phụ lục I).

A number is text to people ("09a", seed S0-I.1a) and ordered to the register. Numbering starts
again at 01 on 1 January and is unique per organisation, year, type and body; a number once given
is never reused, a void document keeps its own.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from webapp.documents.plain_text import clean_line

_NUMBER = re.compile(r"0*([1-9][0-9]{0,5})\^?([A-ZĐa-zđ]?)")
# A công văn carries no type in its notation: "05/MTTQ-BTT" (NĐ 30/2020, Phụ lục I).
_TYPES_LEFT_OUT = frozenset({"CV"})


class InvalidNumber(ValueError):
    """What was typed is not a document number such as 5, 05 or 09a."""


@dataclass(frozen=True, order=True)
class DocumentNumber:
    """A number of the register; 9 < 09a < 09b < 10. The suffix is one lower-case letter or ''."""

    ordinal: int
    suffix: str = ""

    def __str__(self) -> str:
        """As printed: two digits at least ("05", "09a", "112")."""
        return f"{self.ordinal:02d}{self.suffix}"


class RegisterKey(NamedTuple):
    """What may exist once: this number, in this register."""

    organisation_id: int
    year: int
    type_code: str
    body: str
    number: str


def parse_number(text: str) -> DocumentNumber:
    """Read a typed number: "5", "005", "09a", "09^a", "09ª" and "9 A" are understood.

    Raises InvalidNumber for anything else, zero and more than six digits included.
    """
    # NFKC turns a raised letter (ª, ᵃ) and full-width digits into plain ones.
    plain = unicodedata.normalize("NFKC", clean_line(text)).replace(" ", "")
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise InvalidNumber(text)
    return DocumentNumber(int(match[1]), match[2].lower())


def next_number(given: Iterable[DocumentNumber]) -> DocumentNumber:
    """The number after all those given (void ones too) in one year's register; 01 in a new year."""
    return DocumentNumber(max((number.ordinal for number in given), default=0) + 1)


def compose_notation(type_code: str, body: str) -> str:
    """Notation of a type and an issuing body: ("KN", "MTTQ-BTT") gives "KN-MTTQ-BTT"."""
    body = _normal_code(body)
    type_code = _normal_code(type_code)
    return body if type_code in _TYPES_LEFT_OUT else f"{type_code}-{body}"


def compose_code(number: DocumentNumber, notation: str) -> str:
    """Number and notation as they are cited: "05/KN-MTTQ-BTT"."""
    return f"{number}/{notation}"


def register_key(
    organisation_id: int, issued_on: date, type_code: str, body: str, number: DocumentNumber
) -> RegisterKey:
    """The key a register keeps unique; issued_on is the Vietnamese date printed on the document."""
    return RegisterKey(
        organisation_id, issued_on.year, _normal_code(type_code), _normal_code(body), str(number)
    )


def _normal_code(code: str) -> str:
    return clean_line(code).upper().replace(" ", "")
