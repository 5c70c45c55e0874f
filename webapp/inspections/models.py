"""Establishments with what is known of them; inspection files with what was planned and found."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.cases.models import Case
from webapp.casework.workflow import INSPECTION_FORMS
from webapp.core.base import Base, BigId
from webapp.core.workflow import check_list
from webapp.directory.models import Organisation, Person, Unit
from webapp.documents.models import Document
from webapp.inspections.workflow import (
    ESTABLISHMENT_KINDS,
    FILE_STATES,
    MOMENTS,
    PAPERS,
    PERMIT_KINDS,
    SCANS,
)
from webapp.media.models import Paper, Photo


class Establishment(Base):
    """A place of production, trade or service, known to staff alone.

    ``priority`` is the tag "dự án gây ô nhiễm", with the document it rests on.
    """

    __tablename__ = "establishment"
    __table_args__ = (
        CheckConstraint(f"kind IN ({check_list(ESTABLISHMENT_KINDS)})", name="kind"),
        CheckConstraint("NOT priority OR priority_source IS NOT NULL", name="priority"),
        Index("ix_establishment_unit_id", "unit_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(16))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    address: Mapped[str] = mapped_column(String(200))
    representative: Mapped[str | None] = mapped_column(String(120))
    registration: Mapped[str | None] = mapped_column(String(40))
    priority: Mapped[bool] = mapped_column(default=False)
    priority_source: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship()
    permits: Mapped[list["Permit"]] = relationship(order_by="Permit.issued_on")


class Permit(Base):
    """A permit or registration an establishment holds."""

    __tablename__ = "establishment_permit"
    __table_args__ = (
        CheckConstraint(f"kind IN ({check_list(PERMIT_KINDS)})", name="kind"),
        CheckConstraint("valid_to IS NULL OR valid_to >= issued_on", name="validity"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    establishment_id: Mapped[int] = mapped_column(ForeignKey("establishment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    number: Mapped[str] = mapped_column(String(60))
    issuer: Mapped[str] = mapped_column(String(160))
    issued_on: Mapped[date]
    valid_to: Mapped[date | None]


class EstablishmentCase(Base):
    """A case in which an establishment may have a part. It says nothing about guilt."""

    __tablename__ = "establishment_case"

    establishment_id: Mapped[int] = mapped_column(ForeignKey("establishment.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, index=True)
    linked_at: Mapped[datetime]
    linked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class InspectionFile(Base):
    """One inspection of an office, with or without a case; ``parent_id`` is the one it repeats.

    ``approver_id`` is whose leader decides and approves: the commune's People's Committee, or the
    department itself. ``led`` says that the provincial inspectorate leads.
    """

    __tablename__ = "inspection_file"
    __table_args__ = (
        CheckConstraint(f"state IN ({check_list(FILE_STATES)})", name="state"),
        CheckConstraint(f"form IN ({check_list(INSPECTION_FORMS)})", name="form"),
        Index("ix_inspection_file_office_id", "office_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    office_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    approver_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    establishment_id: Mapped[int | None] = mapped_column(ForeignKey("establishment.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_file.id"))
    form: Mapped[str] = mapped_column(String(24))
    led: Mapped[bool] = mapped_column(default=False)
    purpose: Mapped[str] = mapped_column(String(400))
    lead: Mapped[str] = mapped_column(String(120))
    team: Mapped[str | None] = mapped_column(String(800))
    sites: Mapped[str | None] = mapped_column(String(800))
    planned_on: Mapped[date]
    decision_number: Mapped[str | None] = mapped_column(String(60))
    decision_on: Mapped[date | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    office: Mapped[Organisation] = relationship(foreign_keys=[office_id])
    approver: Mapped[Organisation] = relationship(foreign_keys=[approver_id])
    unit: Mapped[Unit] = relationship()
    case: Mapped[Case | None] = relationship()
    establishment: Mapped[Establishment | None] = relationship()
    parent: Mapped["InspectionFile | None"] = relationship(remote_side=[id])
    minutes: Mapped["Minutes | None"] = relationship(back_populates="file")
    result: Mapped["InspectionResult | None"] = relationship()
    measurements: Mapped[list["Measurement"]] = relationship(
        order_by="Measurement.id", cascade="all, delete-orphan"
    )
    measures: Mapped[list["RemedialMeasure"]] = relationship(order_by="RemedialMeasure.id")
    papers: Mapped[list["InspectionPaper"]] = relationship(order_by="InspectionPaper.id")


class InspectionStep(Base):
    """One step of a file, never changed."""

    __tablename__ = "inspection_step"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("inspection_file.id"), index=True)
    at: Mapped[datetime]
    transition: Mapped[str] = mapped_column(String(24))
    to_state: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    person: Mapped[Person | None] = relationship()


class Minutes(Base):
    """What was seen and said on the spot; ``statement`` is the inspected party's own."""

    __tablename__ = "inspection_minutes"

    file_id: Mapped[int] = mapped_column(ForeignKey("inspection_file.id"), primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(String(200))
    present: Mapped[str | None] = mapped_column(String(800))
    observed: Mapped[str] = mapped_column(Text)
    statement: Mapped[str | None] = mapped_column(Text)
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    file: Mapped[InspectionFile] = relationship(back_populates="minutes")


class VisitRequest(Base):
    """Minutes that came from a phone, once per idempotency key; neither key nor body in clear.

    ``version`` is what the file became by them: the answer to the same request again.
    """

    __tablename__ = "visit_request"

    key_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_digest: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[int] = mapped_column(ForeignKey("inspection_file.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int]
    at: Mapped[datetime]


class Measurement(Base):
    """One value and the limit it is held to, kept as text so that no digit is lost.

    ``value`` may begin with "<" for what lies below detection. Limits are the whole limit with the
    regulation's own factors; ``over`` was compared when it was written.
    """

    __tablename__ = "measurement"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("inspection_file.id"), index=True)
    parameter: Mapped[str] = mapped_column(String(80))
    value: Mapped[str] = mapped_column(String(24))
    unit: Mapped[str] = mapped_column(String(24))
    lowest: Mapped[str | None] = mapped_column(String(24))
    highest: Mapped[str | None] = mapped_column(String(24))
    standard: Mapped[str | None] = mapped_column(String(80))
    sampled_at: Mapped[str | None] = mapped_column(String(120))
    over: Mapped[bool]


class InspectionPhoto(Base):
    """A photo of an inspection: of which moment, when and where it was taken."""

    __tablename__ = "inspection_photo"
    __table_args__ = (CheckConstraint(f"moment IN ({check_list(MOMENTS)})", name="moment"),)

    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("inspection_file.id"), index=True)
    moment: Mapped[str] = mapped_column(String(8))
    taken_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200))

    photo: Mapped[Photo] = relationship()


class InspectionResult(Base):
    """The conclusion as it is proposed and approved, and the sanction as a fact of a decision.

    ``names_party`` says that the approved conclusion itself names the establishment as the one that
    broke the law: only then may a public page name it (C.8).
    """

    __tablename__ = "inspection_result"
    __table_args__ = (
        CheckConstraint("NOT names_party OR conclusion = 'violation'", name="names_party"),
    )

    file_id: Mapped[int] = mapped_column(ForeignKey("inspection_file.id"), primary_key=True)
    conclusion: Mapped[str] = mapped_column(String(24))
    findings: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    names_party: Mapped[bool] = mapped_column(default=False)
    document_number: Mapped[str | None] = mapped_column(String(60))
    document_on: Mapped[date | None]
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    concluded_at: Mapped[datetime | None]
    concluded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sanction_number: Mapped[str | None] = mapped_column(String(60))
    sanction_on: Mapped[date | None]
    sanction_body: Mapped[str | None] = mapped_column(String(160))
    sanction_words: Mapped[str | None] = mapped_column(Text)
    sanction_amount: Mapped[int | None] = mapped_column(BigInteger)


class RemedialMeasure(Base):
    """What must be put right by when; its clock is of the deadlines."""

    __tablename__ = "remedial_measure"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("inspection_file.id"), index=True)
    text: Mapped[str] = mapped_column(String(800))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    result: Mapped[str | None] = mapped_column(String(800))


class InspectionPaper(Base):
    """A numbered document that was made from a file."""

    __tablename__ = "inspection_paper"
    __table_args__ = (
        UniqueConstraint("file_id", "kind"),
        CheckConstraint(f"kind IN ({check_list(PAPERS)})", name="kind"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("inspection_file.id"))
    kind: Mapped[str] = mapped_column(String(8))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)

    document: Mapped[Document] = relationship()


class InspectionScan(Base):
    """A paper of a file with signature and seal as it was scanned; the newest of a kind counts."""

    __tablename__ = "inspection_scan"
    __table_args__ = (CheckConstraint(f"kind IN ({check_list(SCANS)})", name="kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("inspection_file.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), unique=True)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(String(200))

    file: Mapped[InspectionFile] = relationship()
    paper: Mapped[Paper] = relationship()


class SealedFile(Base):
    """A whole file as it was handed over, sealed; bound to its uid."""

    __tablename__ = "sealed_file"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("inspection_file.id"), unique=True)
    body: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
