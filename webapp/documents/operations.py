"""Documents of an organisation: drafted, signed, numbered, delivered, rendered, voided.

Rights are those of the record a document belongs to: the caller has authorised.
"""

import uuid
from datetime import date
from textwrap import shorten
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from webapp.audit.operations import Subject, record
from webapp.core import clock, files
from webapp.core.actor import Actor
from webapp.core.errors import Invalid
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Organisation
from webapp.documents.content import to_content
from webapp.documents.docx_writer import render_docx
from webapp.documents.letters import CopyKind, Letter, Signature
from webapp.documents.models import Delivery, Document
from webapp.documents.numbering import InvalidNumber, parse_number
from webapp.documents.numbers import numbers_by_platform, take_number
from webapp.documents.own_templates import keep_template, template_of
from webapp.documents.pdf import render_pdf
from webapp.documents.queries import letter_of
from webapp.documents.template_fields import fill_template
from webapp.jobs.operations import enqueue

_SUBJECT_SHOWN: Final = 100  # characters, of the letter that has the number


def create_document(actor: Actor, organisation: Organisation, letter: Letter) -> Document:
    """Keep a draft of a letter; number, date and signature come later (S0-H.1)."""
    document = Document(
        uid=uuid.uuid4().hex,
        organisation_id=organisation.id,
        type_code=letter.type_code,
        subject=letter.subject,
        content=to_content(letter),
        notation=letter.notation or "",
        signer_prefix=list(letter.signature.prefix),
        signer_position=letter.signature.position,
        created_at=clock.now(),
    )
    session().add(document)
    session().flush()
    record(actor, "documents.create", subject_of(document), type=document.type_code)
    return document


def rewrite_document(actor: Actor, document: Document, letter: Letter) -> None:
    """Replace the text of a draft. Raises Invalid once it is signed."""
    if document.signed_at is not None:
        raise Invalid(_("Văn bản đã ký, không sửa được nội dung."))
    document.subject, document.content = letter.subject, to_content(letter)
    document.notation = letter.notation or ""
    document.signer_prefix = list(letter.signature.prefix)
    document.signer_position = letter.signature.position
    record(actor, "documents.rewrite", subject_of(document))


def take_back_signature(actor: Actor, document: Document) -> None:
    """Make a signed letter without a number a draft again: another body is to sign it."""
    document.signed_at = document.signer_name = document.partner_name = None
    record(actor, "documents.take_back_signature", subject_of(document))


def sign_document(
    actor: Actor, document: Document, signature: Signature, *, partner_name: str | None = None
) -> None:
    """Put name, position and signing right under the letter; its text is fixed from now on.

    ``partner_name`` is who signs for the other party of a letter of two.
    """
    document.signer_prefix = list(signature.prefix)
    document.signer_position = signature.position
    document.signer_name = signature.name
    document.partner_name = partner_name
    document.signed_at = clock.now()
    keep_template(document)
    record(actor, "documents.sign", subject_of(document))


def issue_document(
    actor: Actor, document: Document, *, number: str | None, issued_on: date
) -> Document:
    """Give the number from the organisation's own register and have the files made.

    No number means the platform's next one, where the organisation lets it number. Unique for
    organisation, year and type; a void document keeps its own (NĐ 30/2020, Đ.15). Raises Invalid on
    ``number`` for what is no number or is taken, on ``issued_on`` for a day to come.
    """
    by_platform = not number and numbers_by_platform(document.organisation_id)
    text = "" if by_platform else _read_number(number or "")
    if issued_on > clock.today_local():
        raise _refused("issued_on", _("Ngày ban hành không thể ở tương lai."))
    if by_platform:
        text = take_number(document, issued_on.year)
    holder = _holder(document, text, issued_on.year)
    if holder is not None:
        raise _taken_by(holder, text, issued_on.year)
    document.number, document.year, document.issued_on = text, issued_on.year, issued_on
    try:
        with session().begin_nested():
            session().flush()
    except IntegrityError:  # another officer took the number at this moment
        raise _taken(text, issued_on.year) from None
    enqueue("documents.render", document_id=document.id)
    record(
        actor,
        "documents.issue",
        subject_of(document),
        year=issued_on.year,
        by_platform=by_platform,
    )
    return document


def void_document(actor: Actor, document: Document) -> None:
    """Mark an issued document as void; its number stays taken for good."""
    document.void = True
    record(actor, "documents.void", subject_of(document))


def record_delivery(
    actor: Actor,
    document: Document,
    recipient: Organisation,
    *,
    copy: CopyKind,
    channel: str,
    delivered_on: date,
    proof: str,
) -> Delivery:
    """Note that an organisation has its copy, and what shows it.

    Raises Invalid on ``delivered_on`` for a day before issue or to come.
    """
    delivery = Delivery(document_id=document.id, recipient_id=recipient.id, copy=copy)
    note_delivered(
        actor, document, delivery, channel=channel, delivered_on=delivered_on, proof=proof
    )
    return delivery


def note_delivered(
    actor: Actor,
    document: Document,
    delivery: Delivery,
    *,
    channel: str,
    delivered_on: date,
    proof: str,
) -> None:
    """Fill in when and how a copy arrived. Raises Invalid on ``delivered_on``."""
    if delivered_on > clock.today_local():
        raise _refused("delivered_on", _("Ngày gửi đến không thể ở tương lai."))
    if document.issued_on is None or delivered_on < document.issued_on:
        raise _refused("delivered_on", _("Ngày gửi đến không thể trước ngày ban hành."))
    delivery.channel, delivery.delivered_on, delivery.proof = channel, delivered_on, proof
    session().add(delivery)
    session().flush()
    record(
        actor,
        "documents.deliver",
        subject_of(document),
        recipient=delivery.recipient_id,
        copy=delivery.copy,
    )


def render_document(document_id: int) -> None:
    """Make the files of an issued document, outside any write unit; may run twice."""
    document = session().get(Document, document_id)
    if document is None or document.number is None:
        return
    letter = letter_of(document)
    own = template_of(document)
    docx = fill_template(files.store().get(own.file_key), letter) if own else render_docx(letter)
    docx_key = files.store().put("documents", docx)
    # Of an organisation's own layout there is no twin: its PDF is the signed scan.
    pdf_key = None if own else files.store().put("documents", render_pdf(letter))
    with write_unit():
        kept = session().get_one(Document, document_id, with_for_update=True)
        kept.docx_key, kept.pdf_key = docx_key, pdf_key


def subject_of(document: Document) -> Subject:
    """How the audit names a document."""
    return Subject("document", document.id)


def _read_number(text: str) -> str:
    try:
        return str(parse_number(text))
    except InvalidNumber:
        raise _refused("number", _("Số văn bản chỉ gồm chữ số, ví dụ 05 hoặc 09a.")) from None


def _holder(document: Document, number: str, year: int) -> Document | None:
    """The letter of the same register that has this number."""
    same = select(Document).where(
        Document.organisation_id == document.organisation_id,
        Document.type_code == document.type_code,
        Document.year == year,
        Document.number == number,
    )
    return session().scalar(same)


def _taken_by(holder: Document, number: str, year: int) -> Invalid:
    told = {
        "number": number,
        "year": year,
        "subject": shorten(holder.subject, _SUBJECT_SHOWN, placeholder="…"),
        "day": f"{holder.issued_on:%d/%m/%Y}",
    }
    words = _(
        "Số %(number)s đã dùng trong sổ năm %(year)s, ngày %(day)s: “%(subject)s”. "
        "Xin lấy số khác.",
        **told,
    )
    void = _(
        "Số %(number)s đã dùng trong sổ năm %(year)s, ngày %(day)s, cho văn bản đã hủy "
        "“%(subject)s”. Số đã hủy không dùng lại.",
        **told,
    )
    return _refused("number", void if holder.void else words)


def _taken(number: str, year: int) -> Invalid:
    return _refused(
        "number",
        _(
            "Số %(number)s đã dùng trong sổ năm %(year)s, kể cả văn bản đã hủy. Xin lấy số khác.",
            number=number,
            year=year,
        ),
    )


def _refused(field: str, message: Text) -> Invalid:
    return Invalid(message, fields={field: message})
