"""Reading documents: the letter again from what is stored, and its files."""

from dataclasses import replace

from sqlalchemy import select

from webapp.core import clock, files
from webapp.core.unit_of_work import session
from webapp.documents.content import from_content
from webapp.documents.docx_writer import render_docx
from webapp.documents.letters import Letter, Registration, Signature
from webapp.documents.models import Document, DocumentScan
from webapp.documents.numbering import compose_code, parse_number
from webapp.documents.own_templates import template_of
from webapp.documents.template_fields import fill_template


def document_by_uid(uid: str) -> Document | None:
    """The document of this uid; whoever asks checks who may see it."""
    return session().scalar(select(Document).where(Document.uid == uid))


def letter_of(document: Document) -> Letter:
    """The letter as it would be printed now: a draft with blanks, or numbered and signed."""
    registration = Registration(
        drafted_on=clock.local(document.created_at).date(),
        number=parse_number(document.number) if document.number else None,
        issued_on=document.issued_on,
    )
    signature = Signature(
        prefix=tuple(document.signer_prefix),
        position=document.signer_position or "",
        name=document.signer_name,
    )
    letter = from_content(document.content, registration, signature)
    if letter.partner is None or document.partner_name is None:
        return letter
    signed = replace(letter.partner.signature, name=document.partner_name)
    return replace(letter, partner=replace(letter.partner, signature=signed))


def code_of(document: Document) -> str | None:
    """Number and notation as cited ("05/KN-MTTQ-BTT"); None before issue."""
    if document.number is None:
        return None
    return compose_code(parse_number(document.number), document.notation)


def docx_of(document: Document) -> bytes:
    """The docx: the stored file once it is made, else drawn now (it takes milliseconds)."""
    if document.docx_key:
        return files.store().get(document.docx_key)
    own = template_of(document)
    if own is not None:
        return fill_template(files.store().get(own.file_key), letter_of(document))
    return render_docx(letter_of(document))


def scans_of(document: Document) -> list[DocumentScan]:
    """Every scan of a document with signature and seal, the one that counts first."""
    query = select(DocumentScan).where(DocumentScan.document_id == document.id)
    return list(session().scalars(query.order_by(DocumentScan.id.desc())))


def scan_of(document: Document) -> DocumentScan | None:
    """The scan that counts as the issued document."""
    return next(iter(scans_of(document)), None)


def pdf_of(document: Document) -> bytes | None:
    """The issued document: the signed scan, else the PDF made here; None until there is one."""
    scan = scan_of(document)
    if scan is not None:
        return files.store().get(scan.file_key)
    return files.store().get(document.pdf_key) if document.pdf_key else None
