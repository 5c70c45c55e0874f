"""From a letter to the lines of its pages, in reading order: what both renderers draw.

Words, punctuation and order are decided here; sizes in measures; a renderer adds neither.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, TypeVar

from webapp.documents.letters import (
    Annex,
    Block,
    CopyKind,
    Letter,
    OrganisationHeader,
    Paragraph,
    Recipient,
    Registration,
    Signature,
    Table,
)
from webapp.documents.numbering import compose_code

NATIONAL_TITLE: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"
END_MARK: Final = "./."

# No-break spaces: room to write by hand that neither renderer folds away.
_BLANK_NUMBER = "\u00a0" * 6
_BLANK_DAY = "\u00a0" * 5
_BLANK_LINE = "\u00a0"
_COPY_HEADS: Final[dict[CopyKind, str]] = {
    "electronic": "Gửi bản điện tử:",
    "paper": "Gửi bản giấy:",
}
_CLOSING_MARKS = " .;,:"


@dataclass(frozen=True)
class Line:
    """One paragraph; style is a key of measures.STYLES."""

    style: str
    text: str


@dataclass(frozen=True)
class Rule:
    """A horizontal line, centred; width is a key of measures.RULES_MM."""

    width: str


Item = Line | Rule | Table
ItemOrLine = TypeVar("ItemOrLine", bound=Item)


@dataclass(frozen=True)
class Sheet:
    """The parts of the document in the order they stand on the page.

    Where two parties sign, their signatures stand side by side above the recipients.
    """

    head_left: tuple[Item, ...]
    head_right: tuple[Item, ...]
    number: tuple[Line, ...]
    place_date: Line
    body: tuple[Item, ...]
    recipients: tuple[Line, ...]
    signature: tuple[Line, ...]
    partner_signature: tuple[Line, ...]
    annex: tuple[Item, ...]


def lay_out(letter: Letter) -> Sheet:
    """Put every part of the letter in its place (NĐ 30/2020, Phụ lục I)."""
    return Sheet(
        head_left=(
            *_header(letter.header),
            *(_apart(_header(letter.partner.header)) if letter.partner else ()),
        ),
        head_right=(
            Line("national_title", NATIONAL_TITLE),
            Line("motto", MOTTO),
            Rule("motto"),
        ),
        number=tuple(_number_lines(letter)),
        place_date=Line("place_date", place_date(letter.header.place, letter.registration)),
        body=tuple(_body(letter)),
        recipients=tuple(_apart(_recipients(letter)) if letter.partner else _recipients(letter)),
        signature=tuple(_signature(letter.signature, _positions(letter))),
        partner_signature=(
            tuple(_signature(letter.partner.signature, _positions(letter)))
            if letter.partner
            else ()
        ),
        annex=tuple(_annex(letter, letter.annex)) if letter.annex else (),
    )


def _header(header: OrganisationHeader) -> Iterator[Item]:
    yield from (Line("parent", line.upper()) for line in header.parent_lines)
    yield from (Line("issuer", line.upper()) for line in header.issuing_lines)
    if header.issuing_lines:  # a party that is no office signs without a header of its own
        yield Rule("issuer")


def _apart(items: Iterable[ItemOrLine]) -> Iterator[ItemOrLine]:
    """The same lines with room above the first: what follows on another party's lines."""
    for place, item in enumerate(items):
        if place == 0 and isinstance(item, Line):
            yield Line(f"{item.style}_second", item.text)  # type: ignore[misc]  # a Line for a Line
        else:
            yield item


def place_date(place: str, registration: Registration) -> str:
    """ "Điện Biên, ngày 05 tháng 02 năm 2026": days under 10 and months 1 and 2 are padded.

    A draft leaves day and month blank and keeps the year (S0-H.1).
    """
    issued = registration.issued_on
    if issued is None:
        year = registration.drafted_on.year
        return f"{place}, ngày {_BLANK_DAY} tháng {_BLANK_DAY} năm {year}"
    return f"{place}, {date_in_words(issued)}"


def date_in_words(day: date) -> str:
    """ "ngày 05 tháng 02 năm 2026", "ngày 15 tháng 9 năm 2026"."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _number_lines(letter: Letter) -> Iterator[Line]:
    if letter.notation is not None:
        number = letter.registration.number
        code = compose_code(number, letter.notation) if number else None
        yield Line("number", f"Số: {code or f'{_BLANK_NUMBER}/{letter.notation}'}")
    if not letter.document_type.titled:
        yield Line("letter_subject", f"V/v {letter.subject}")
    if letter.urgency is not None:
        yield Line("urgency", letter.urgency)


def _body(letter: Letter) -> Iterator[Item]:
    if letter.document_type.titled:
        yield Line("title", letter.document_type.name.upper())
        yield Line("subject", letter.subject)
        yield Rule("subject")
    yield from _salutation(letter.addressees)
    last = len(letter.bases) - 1
    for place, basis in enumerate(letter.bases):
        yield Line("basis", f"{basis.rstrip(_CLOSING_MARKS)}{'.' if place == last else ';'}")
    yield from _items(letter.blocks[:-1])
    closing = letter.blocks[-1]
    if isinstance(closing, Paragraph):
        yield Line("closing", closing.text.rstrip(_CLOSING_MARKS + "/") + END_MARK)


def _items(blocks: tuple[Block, ...]) -> Iterator[Item]:
    for block in blocks:
        yield Line("body", block.text) if isinstance(block, Paragraph) else block


def _salutation(addressees: tuple[str, ...]) -> Iterator[Line]:
    if len(addressees) == 1:
        yield Line("salutation", f"Kính gửi: {addressees[0]}")
        return
    for place, addressee in enumerate(addressees):
        if place == 0:
            yield Line("salutation_head", "Kính gửi:")
        mark = "." if place == len(addressees) - 1 else ";"
        yield Line("salutation_item", f"- {addressee}{mark}")


def _recipients(letter: Letter) -> Iterator[Line]:
    if not letter.filing:
        return
    yield Line("recipients_head", "Nơi nhận:")
    kinds = {recipient.copy for recipient in letter.recipients}
    ordered = sorted(letter.recipients, key=lambda recipient: recipient.copy)
    for kind, group in groupby(ordered, key=lambda recipient: recipient.copy):
        if len(kinds) > 1:
            yield Line("recipients_copy", _COPY_HEADS[kind])
        yield from map(_recipient, group)
    yield Line("recipient", f"- Lưu: {letter.filing.rstrip(_CLOSING_MARKS)}.")


def _recipient(recipient: Recipient) -> Line:
    return Line("recipient", f"- {recipient.name.rstrip(_CLOSING_MARKS)};")


def _positions(letter: Letter) -> int:
    """Lines above the names: as many for both parties, so that the names stand level."""
    signatures = (letter.signature, *([letter.partner.signature] if letter.partner else ()))
    return max(len(each.prefix) for each in signatures) + 1


def _signature(signature: Signature, positions: int) -> Iterator[Line]:
    lines = [line.upper() for line in (*signature.prefix, signature.position)]
    for line in (*lines, *[_BLANK_LINE] * (positions - len(lines))):
        yield Line("position", line)
    if signature.name is not None:
        yield Line("signer_name", signature.name)


def _annex(letter: Letter, annex: Annex) -> Iterator[Item]:
    yield Line("annex_title", "PHỤ LỤC")
    yield Line("annex_title", annex.title.upper())
    yield Line("annex_reference", f"({_reference(letter)})")
    yield from _items(annex.blocks)


def _reference(letter: Letter) -> str:
    registration = letter.registration
    number = str(registration.number) if registration.number else _BLANK_NUMBER
    code = f" số {number}/{letter.notation}" if letter.notation else ""
    day = (
        date_in_words(registration.issued_on)
        if registration.issued_on
        else (f"ngày {_BLANK_DAY} tháng {_BLANK_DAY} năm {registration.drafted_on.year}")
    )
    return f"Kèm theo {letter.document_type.name}{code} {day}"
