"""The other system's numbers, and the files that brought them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.base import Base, BigId


class OutsideImport(Base):
    """One file as an officer brought it, and what became of its rows.

    ``sealed`` holds the file between looking at it and taking it over; afterwards, or after a day,
    it is None. ``made`` are new reports, ``noted`` numbers written to cases that were here,
    ``known`` rows that changed nothing.
    """

    __tablename__ = "outside_import"
    __table_args__ = (Index("ix_outside_import_person_id", "person_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    opens_cases: Mapped[bool]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    rows: Mapped[int]
    made: Mapped[int] = mapped_column(default=0)
    noted: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]


class OutsideNumber(Base):
    """A number of the other system: of the report that came from there, or of a case of ours.

    ``received_on`` is the local day that system took the matter in.
    """

    __tablename__ = "outside_number"
    __table_args__ = (
        CheckConstraint("(report_id IS NULL) <> (case_id IS NULL)", name="subject"),
        Index("ix_outside_number_case_id", "case_id"),
        Index("ix_outside_number_import_id", "import_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    received_on: Mapped[date | None]
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    import_id: Mapped[int] = mapped_column(ForeignKey("outside_import.id"))
