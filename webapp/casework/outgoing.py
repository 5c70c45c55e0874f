"""The register of outgoing letters of the actor's organisations (sổ văn bản đi)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, cast, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from webapp.cases.models import Case
from webapp.cases.policy import readable
from webapp.casework.models import CaseLetter, Recommendation
from webapp.casework.queries import KEEPERS
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, NotFound
from webapp.core.search_text import fold
from webapp.core.text import Text
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation
from webapp.documents.front_letters import SAME_AS_ABOVE
from webapp.documents.letters import COPY_KINDS, DOCUMENT_TYPES, Recipient
from webapp.documents.models import Delivery, Document, DocumentScan
from webapp.documents.numbering import parse_number
from webapp.documents.numbers import numbers_by_platform, suggested_number
from webapp.documents.queries import code_of
from webapp.documents.workbook import Cell, SheetColumn, SheetTable, write_workbook
from webapp.web.paging import Page, decode_cursor, encode_cursor

PAGE_SIZE: Final = 50
_SUFFIXES: Final = "abcdefghijklmnopqrstuvwxyzđ"
_MAX_ORDINAL = 999_999
# A folded number as people type or read it out: "51", "cong van so 51", "051/kn-mttq-btt".
_CITED: Final = re.compile(r"(?:.*\bso )?(0*[1-9][0-9]{0,5}[a-z]?)(?:/([^/ ]*))?")
# What a number begins with, as a whole: "09a" stands between 9 and 10.
_ordinal = cast(func.rtrim(Document.number, _SUFFIXES), Integer)
# The columns of the register of outgoing documents (NĐ 30/2020, Phụ lục IV).
_COLUMNS: Final = (
    SheetColumn("Số, ký hiệu", 18),
    SheetColumn("Ngày, tháng", 12),
    SheetColumn("Tên loại và trích yếu", 50),
    SheetColumn("Người ký", 24),
    SheetColumn("Nơi nhận", 50),
    SheetColumn("Số bản", 8),
    SheetColumn("Ghi chú", 20),
)


@dataclass(frozen=True)
class OutgoingRow:
    """One numbered letter, void ones too; ``arrived`` of its ``copies`` are known to be there."""

    document: Document
    type_label: Text
    scanned: bool
    copies: int
    arrived: int


@dataclass(frozen=True)
class OutgoingRegister:
    """A page of one organisation's letters of a year, and what number comes next by type.

    Types follow each other by their code, within a type the newest number stands first; read
    whole, the first.
    """

    organisation: Organisation
    by_platform: bool
    page: Page[OutgoingRow]
    next_numbers: list[tuple[Text, str]]

    @property
    def rows(self) -> list[OutgoingRow]:
        """The letters of the page."""
        return self.page.rows


class NumberedCase(NamedTuple):
    """A letter of the register and the case that it is about."""

    document: Document
    case: Case


def outgoing(actor: Actor, year: int) -> list[OutgoingRegister]:
    """The first pages of the registers in which the actor writes, signs or issues."""
    return [_register(each, year, None, PAGE_SIZE) for each in sorted(_kept(actor))]


def outgoing_of(
    actor: Actor,
    organisation_id: int,
    year: int,
    cursor: str | None,
    *,
    whole: bool = False,
    words: str = "",
) -> OutgoingRegister:
    """A page of one register, or all of it, or of what ``words`` find.

    Raises Forbidden, and Invalid or NotFound for a made-up cursor.
    """
    if organisation_id not in _kept(actor):
        raise Forbidden
    return _register(organisation_id, year, cursor, None if whole else PAGE_SIZE, words)


def outgoing_workbook(actor: Actor, organisation_id: int, year: int) -> bytes:
    """The whole register of a year to be printed and filed. Raises Forbidden."""
    register = outgoing_of(actor, organisation_id, year, None, whole=True)
    table = SheetTable(
        name=str(year),
        title=f"SỔ VĂN BẢN ĐI NĂM {year}",
        notes=(register.organisation.name, f"Tính đến ngày {clock.today_local():%d/%m/%Y}"),
        columns=_COLUMNS,
        rows=[_printed(each.document) for each in register.rows],
    )
    return write_workbook([table], footer=register.organisation.name)


def cases_of_number(actor: Actor, words: str) -> list[NumberedCase]:
    """The cases that the actor reads, of letters with this number in their registers, newest first.

    The number alone ("51", "số 51") or as it is cited ("51/KN-MTTQ-BTT"), marks apart.
    """
    cited = _CITED.fullmatch(fold(words))
    if cited is None:
        return []
    number, notation = str(parse_number(cited[1])), cited[2] or ""
    case_id = func.coalesce(Recommendation.case_id, CaseLetter.case_id)
    query = (
        select(Document, Case)
        .outerjoin(Recommendation, Recommendation.document_id == Document.id)
        .outerjoin(CaseLetter, CaseLetter.document_id == Document.id)
        .join(Case, Case.id == case_id)
        .where(Document.organisation_id.in_(sorted(_kept(actor))), Document.number == number)
        .where(readable(actor))
        .order_by(Document.id.desc())
    )
    found = (NumberedCase(*each) for each in session().execute(query))
    return [each for each in found if fold(each.document.notation).startswith(notation)]


def _kept(actor: Actor) -> set[int]:
    return {each for permission in KEEPERS for each in actor.organisations_for(permission)}


def _register(
    organisation_id: int, year: int, cursor: str | None, size: int | None, words: str = ""
) -> OutgoingRegister:
    mine = (Document.organisation_id == organisation_id, Document.year == year)
    types = session().scalars(
        select(Document.type_code).where(*mine).distinct().order_by(Document.type_code)
    )
    return OutgoingRegister(
        session().get_one(Organisation, organisation_id),
        numbers_by_platform(organisation_id),
        _page((*mine, *_found(mine, words)), cursor, size),
        [
            (DOCUMENT_TYPES[code].label, suggested_number(organisation_id, code, year))
            for code in types
        ],
    )


def _found(mine: Sequence[ColumnElement[bool]], words: str) -> list[ColumnElement[bool]]:
    """The letters with all words, marks apart; a word with a number begins the number.

    A year of one body is some hundred letters, so that they are compared here, alike on both
    databases.
    """
    wanted = fold(words).split()
    if not wanted:
        return []
    fitting = [
        each.id
        for each in session().scalars(select(Document).where(*mine))
        if all(_tells(each, word) for word in wanted)
    ]
    return [Document.id.in_(fitting)]


def _tells(document: Document, word: str) -> bool:
    code, sought = ((text or "").casefold().lstrip("0") for text in (code_of(document), word))
    return word in fold(document.subject) or code.startswith(sought)


def _page(
    mine: Sequence[ColumnElement[bool]], cursor: str | None, size: int | None
) -> Page[OutgoingRow]:
    scanned = exists().where(DocumentScan.document_id == Document.id)
    query = (
        select(Document, scanned)
        .where(*mine, *_after(cursor))
        .options(selectinload(Document.deliveries).options(joinedload(Delivery.recipient)))
        .order_by(Document.type_code, *_order(size))
    )
    found = session().execute(query.limit(size + 1) if size else query).all()
    rows = [_row(document, has_scan) for document, has_scan in found[:size]]
    last = rows[-1].document if size and len(found) > size else None
    return Page(rows, encode_cursor(_key(last)) if last else None)


def _order(size: int | None) -> list[ColumnElement[Any]]:
    """Newest first on a page; as numbers were given on what is printed whole and filed."""
    if size:
        return [_ordinal.desc(), Document.number.desc()]
    return [_ordinal.asc(), Document.number.asc()]


def _row(document: Document, scanned: bool) -> OutgoingRow:
    copies = document.deliveries
    return OutgoingRow(
        document,
        DOCUMENT_TYPES[document.type_code].label,
        scanned,
        len(copies),
        sum(each.delivered_on is not None for each in copies),
    )


def _key(document: Document) -> list[str | int | None]:
    number = document.number or ""
    return [document.type_code, int(number.rstrip(_SUFFIXES)), number]


def _after(cursor: str | None) -> list[ColumnElement[bool]]:
    """What stands below the last row of the page before."""
    values = decode_cursor(cursor, 3)
    if values is None:
        return []
    kind, ordinal, number = _checked(values)
    return [
        or_(
            Document.type_code > kind,
            and_(
                Document.type_code == kind,
                _lower(ordinal, number),
            ),
        )
    ]


def _lower(ordinal: int, number: str) -> ColumnElement[bool]:
    same = and_(_ordinal == ordinal, Document.number < number)
    return or_(_ordinal < ordinal, same)


def _checked(values: list[str | int | None]) -> tuple[str, int, str]:
    kind, ordinal, number = values
    if not (isinstance(kind, str) and isinstance(ordinal, int) and isinstance(number, str)):
        raise NotFound
    if not 0 <= ordinal <= _MAX_ORDINAL:
        raise NotFound
    return kind, ordinal, number


def _printed(document: Document) -> tuple[Cell, ...]:
    kind = DOCUMENT_TYPES[document.type_code].name
    copies = list(map(_copy_line, document.deliveries)) or _listed(document)
    return (
        code_of(document),
        document.issued_on,
        f"{kind}: {document.subject}",
        ", ".join(each for each in (document.signer_name, document.signer_position) if each),
        "\n".join(copies),
        len(copies),
        "Đã hủy, số không dùng lại" if document.void else "",
    )


def _listed(document: Document) -> list[str]:
    """Who a letter of which no copy went out names, as a void one, or one just issued."""
    written = document.content
    others = (Recipient(**each) for each in written["recipients"])
    named = [_named(each.name, each.copy) for each in others if each.name != SAME_AS_ABOVE]
    return [*written["addressees"], *named]


def _named(name: str, copy: str) -> str:
    return f"{name} ({COPY_KINDS[copy].source.lower()})"


def _copy_line(copy: Delivery) -> str:
    name = copy.recipient.name if copy.recipient else copy.name or ""
    arrived = f", đến {copy.delivered_on:%d/%m/%Y}" if copy.delivered_on else ""
    return f"{_named(name, copy.copy)}{arrived}"
