"""Documents of an organisation: drafts, numbers, issued files, deliveries."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.base import Base, BigId
from webapp.directory.models import Organisation, Person


class Document(Base):
    """A letter. Number and date come at issue (S0-H.1); a number once given is never reused.

    ``content`` is the letter's own text; no letter has a reporter field. ``partner_name`` is who
    signs for the other party where two sign.
    """

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "type_code", "number"),
        CheckConstraint(
            "(number IS NULL) = (issued_on IS NULL) AND (number IS NULL) = (year IS NULL)",
            name="issued",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    type_code: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(500))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    notation: Mapped[str] = mapped_column(String(30))
    number: Mapped[str | None] = mapped_column(String(11))
    year: Mapped[int | None]
    issued_on: Mapped[date | None]
    void: Mapped[bool] = mapped_column(default=False)
    signer_prefix: Mapped[list[str]] = mapped_column(JSON, default=list)
    signer_name: Mapped[str | None] = mapped_column(String(120))
    signer_position: Mapped[str | None] = mapped_column(String(120))
    signed_at: Mapped[datetime | None]
    partner_name: Mapped[str | None] = mapped_column(String(120))
    docx_key: Mapped[str | None] = mapped_column(String(120))
    pdf_key: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]

    deliveries: Mapped[list["Delivery"]] = relationship(order_by="Delivery.id")


class Delivery(Base):
    """One recipient's copy, and when and how it was delivered, with proof.

    A recipient is an organisation of the directory, or a name where it is not in it.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("copy IN ('electronic', 'paper')", name="copy"),
        CheckConstraint(
            "delivered_on IS NULL OR (channel IS NOT NULL AND proof IS NOT NULL)", name="proof"
        ),
        CheckConstraint("(recipient_id IS NULL) <> (name IS NULL)", name="recipient"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str | None] = mapped_column(String(200))
    copy: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str | None] = mapped_column(String(40))
    delivered_on: Mapped[date | None]
    proof: Mapped[str | None] = mapped_column(String(200))

    recipient: Mapped[Organisation | None] = relationship()


class NumberSequence(Base):
    """The next number when an organisation lets the platform number its letters."""

    __tablename__ = "number_sequence"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    type_code: Mapped[str] = mapped_column(String(8), primary_key=True)
    next_number: Mapped[int]


class RegisterSetting(Base):
    """How an organisation numbers its letters; without a row it types its own numbers."""

    __tablename__ = "register_setting"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    by_platform: Mapped[bool]


class DocumentScan(Base):
    """The paper with signature and seal as it was scanned: from then on the issued document.

    Rows are only added; the newest counts. A second one says why in ``reason``.
    """

    __tablename__ = "document_scan"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    file_key: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int]
    size: Mapped[int]
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person | None] = relationship()


class LetterTemplate(Base):
    """A docx by which an organisation lays out one type of letter itself.

    ``uploaded`` may be tried out; one is ``in_force`` for each organisation and type; the rest are
    ``replaced`` and stay for the letters that were made by them.
    """

    __tablename__ = "letter_template"
    __table_args__ = (
        CheckConstraint("state IN ('uploaded', 'in_force', 'replaced')", name="state"),
        Index(
            "uq_letter_template_in_force",
            "organisation_id",
            "type_code",
            unique=True,
            postgresql_where=text("state = 'in_force'"),
            sqlite_where=text("state = 'in_force'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    type_code: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12))
    file_key: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    organisation: Mapped[Organisation] = relationship()


class TemplateUse(Base):
    """The template a signed letter is made by, whatever comes into force later."""

    __tablename__ = "template_use"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("letter_template.id"))

    template: Mapped[LetterTemplate] = relationship()
