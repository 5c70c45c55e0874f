"""The register of outgoing letters of the actor's organisations (sổ văn bản đi)."""

from dataclasses import dataclass

from sqlalchemy import exists, select

from webapp.casework.queries import KEEPERS
from webapp.core.actor import Actor
from webapp.core.text import Text
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation
from webapp.documents.letters import DOCUMENT_TYPES
from webapp.documents.models import Document, DocumentScan
from webapp.documents.numbering import parse_number
from webapp.documents.numbers import numbers_by_platform, suggested_number


@dataclass(frozen=True)
class OutgoingRow:
    """One numbered letter, void ones too."""

    document: Document
    type_label: Text
    scanned: bool


@dataclass(frozen=True)
class OutgoingRegister:
    """One organisation's letters of a year, newest number first, and what comes next by type."""

    organisation: Organisation
    by_platform: bool
    rows: list[OutgoingRow]
    next_numbers: list[tuple[Text, str]]


def outgoing(actor: Actor, year: int) -> list[OutgoingRegister]:
    """The registers of the organisations for which the actor writes, signs or issues."""
    kept = {each for permission in KEEPERS for each in actor.organisations_for(permission)}
    return [_register(organisation_id, year) for organisation_id in sorted(kept)]


def _register(organisation_id: int, year: int) -> OutgoingRegister:
    scanned = exists().where(DocumentScan.document_id == Document.id)
    query = select(Document, scanned).where(
        Document.organisation_id == organisation_id, Document.year == year
    )
    rows = [
        OutgoingRow(document, DOCUMENT_TYPES[document.type_code].label, has_scan)
        for document, has_scan in session().execute(query)
    ]
    rows.sort(key=lambda row: (str(row.type_label), parse_number(row.document.number or "")))
    rows.reverse()
    types = sorted({row.document.type_code for row in rows})
    return OutgoingRegister(
        session().get_one(Organisation, organisation_id),
        numbers_by_platform(organisation_id),
        rows,
        [
            (DOCUMENT_TYPES[code].label, suggested_number(organisation_id, code, year))
            for code in types
        ],
    )
