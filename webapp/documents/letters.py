"""A letter as plain values, before any layout.

No type here has a field for the person who reported, on purpose: what does not exist cannot be
printed by mistake (design/workflow: rings of sight).
"""

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from webapp.core.text import Text, _
from webapp.documents.numbering import DocumentNumber
from webapp.documents.plain_text import clean_line, clean_paragraphs

Urgency = Literal["KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"]
CopyKind = Literal["electronic", "paper"]
COPY_KINDS: Final = {"electronic": _("Bản điện tử"), "paper": _("Bản giấy")}


@dataclass(frozen=True)
class DocumentType:
    """A type of document; a công văn has no title, its subject stands under the number."""

    code: str
    label: Text
    titled: bool

    @property
    def name(self) -> str:
        """As it is printed: letters are in Vietnamese, whoever looks at the page."""
        return str(self.label)


_TYPES = (
    DocumentType("KN", _("Công văn kiến nghị"), titled=False),
    DocumentType("CV", _("Công văn"), titled=False),
    DocumentType("PC", _("Phiếu chuyển"), titled=True),
    DocumentType("TB", _("Thông báo"), titled=True),
    DocumentType("GM", _("Giấy mời"), titled=True),
    DocumentType("BC", _("Báo cáo"), titled=True),
    DocumentType("BB", _("Biên bản"), titled=True),
    # The three below are slips of this register, outside the 29 types of NĐ 30/2020.
    DocumentType("PTN", _("Phiếu tiếp nhận"), titled=True),
    DocumentType("BXN", _("Bản xác nhận"), titled=True),
    DocumentType("PTL", _("Phiếu trả lời"), titled=True),
)
DOCUMENT_TYPES: Final = MappingProxyType({kind.code: kind for kind in _TYPES})


def _clean(target: object, *names: str) -> None:
    """Clean the named text fields of a frozen value while it is being made."""
    for name in names:
        value = getattr(target, name)
        if isinstance(value, tuple):
            value = tuple(clean_line(line) for line in value)
        elif value is not None:
            value = clean_line(value)
        object.__setattr__(target, name, value)


@dataclass(frozen=True)
class OrganisationHeader:
    """The left block of the first page and the place of issue, a setting of each organisation."""

    parent_lines: tuple[str, ...]
    issuing_lines: tuple[str, ...]
    place: str

    def __post_init__(self) -> None:
        """Clean the lines."""
        _clean(self, "parent_lines", "issuing_lines", "place")


@dataclass(frozen=True)
class Signature:
    """Signing right, position and name; name is None until the document is signed.

    prefix is read from the top: ("TM. BAN THƯỜNG TRỰC", "KT. CHỦ TỊCH").
    """

    prefix: tuple[str, ...]
    position: str
    name: str | None = None

    def __post_init__(self) -> None:
        """Clean the lines."""
        _clean(self, "prefix", "position", "name")


@dataclass(frozen=True)
class Partner:
    """The other party of a letter of two: its header and its signature (S1-Z.1)."""

    header: OrganisationHeader
    signature: Signature


@dataclass(frozen=True)
class Recipient:
    """One line of "Nơi nhận" and the copy this recipient gets (both seeds tell them apart)."""

    name: str
    copy: CopyKind = "electronic"

    def __post_init__(self) -> None:
        """Clean the name."""
        _clean(self, "name")


def bare_name(listed: str) -> str:
    """Who is listed, without the remark after it ("Đảng ủy xã (để báo cáo)")."""
    return listed.partition(" (")[0]


def listed_recipients(electronic: str, paper: str) -> tuple[Recipient, ...]:
    """Who is listed for each kind of copy, one name a line; what comes first counts."""
    kinds: tuple[tuple[str, CopyKind], ...] = ((electronic, "electronic"), (paper, "paper"))
    found: dict[str, Recipient] = {}
    for names, kind in kinds:
        for name in clean_paragraphs(names):
            found.setdefault(name, Recipient(name, kind))
    return tuple(found.values())


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the body."""

    text: str

    def __post_init__(self) -> None:
        """Clean the text."""
        _clean(self, "text")


@dataclass(frozen=True)
class Column:
    """Head and width of a table column; widths are shares of the text width."""

    head: str
    share: int
    centred: bool = False


@dataclass(frozen=True)
class Table:
    """A ruled table; each row has one text per column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        """Clean the cells; raise ValueError for a row of another length."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row has another number of cells than the table has columns")
        rows = tuple(tuple(clean_line(cell) for cell in row) for row in self.rows)
        object.__setattr__(self, "rows", rows)


Block = Paragraph | Table


@dataclass(frozen=True)
class Annex:
    """A list that goes with the letter, on its own page."""

    title: str
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        """Clean the title."""
        _clean(self, "title")


@dataclass(frozen=True, kw_only=True)
class Registration:
    """Number and date, given together at issue; before that a draft prints blanks (S0-H.1)."""

    drafted_on: date
    number: DocumentNumber | None = None
    issued_on: date | None = None

    @property
    def reference_date(self) -> date:
        """The date whose year is printed and whose law is cited."""
        return self.issued_on or self.drafted_on


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Everything that is printed.

    notation None means a slip outside the register, which has no number line. subject is the
    trích yếu without "V/v". bases carry no final mark. recipients leave out "Lưu", which filing
    gives ("VT"); an empty filing means no "Nơi nhận" for a slip handed over at once. partner is the
    second party where two sign.
    """

    type_code: str
    notation: str | None
    registration: Registration
    header: OrganisationHeader
    subject: str
    addressees: tuple[str, ...]
    bases: tuple[str, ...]
    blocks: tuple[Block, ...]
    recipients: tuple[Recipient, ...]
    filing: str
    signature: Signature
    urgency: Urgency | None = None
    annex: Annex | None = None
    partner: Partner | None = None

    def __post_init__(self) -> None:
        """Clean the lines; raise ValueError where the layout rules could not be kept."""
        _clean(self, "notation", "subject", "addressees", "bases", "filing")
        if self.type_code not in DOCUMENT_TYPES:
            raise ValueError(f"unknown document type {self.type_code}")
        if not self.blocks or not isinstance(self.blocks[-1], Paragraph):
            raise ValueError("the body ends with a paragraph, which carries the end mark")
        if self.notation is None and self.registration.number is not None:
            raise ValueError("a slip outside the register has no number")
        if self.notation is not None and _half_issued(self.registration):
            raise ValueError("number and date are given together, at issue")

    @property
    def document_type(self) -> DocumentType:
        """The row of the type."""
        return DOCUMENT_TYPES[self.type_code]


def _half_issued(registration: Registration) -> bool:
    return (registration.number is None) != (registration.issued_on is None)
