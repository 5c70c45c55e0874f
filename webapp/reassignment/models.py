"""A batch and its rows: what stood there before, what stood there after."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.base import Base, BigId
from webapp.core.workflow import check_list
from webapp.directory.models import Unit
from webapp.reassignment.workflow import BATCH_STATES, ROW_KINDS, ROW_STATES


class Reassignment(Base):
    """One merger: the units that end, the unit that takes them in, the first day of that.

    ``organisations`` says which organisation follows which, as old id to new id in text.
    """

    __tablename__ = "reassignment"
    __table_args__ = (CheckConstraint(f"state IN ({check_list(BATCH_STATES)})", name="state"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    successor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    predecessor_ids: Mapped[list[int]] = mapped_column(JSON)
    organisations: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    effective: Mapped[date]
    state: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    successor: Mapped[Unit] = relationship()


class ReassignedRow(Base):
    """One record of a batch with all that goes along with it.

    ``before`` and ``after`` are the columns by ``<kind>:<id>``; None is a row that was not there.
    """

    __tablename__ = "reassigned_row"
    __table_args__ = (
        CheckConstraint(f"state IN ({check_list(ROW_STATES)})", name="state"),
        CheckConstraint(f"kind IN ({check_list(ROW_KINDS)})", name="kind"),
        UniqueConstraint("batch_id", "kind", "row_id"),
        Index("ix_reassigned_row_state", "batch_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("reassignment.id"))
    kind: Mapped[str] = mapped_column(String(16))
    row_id: Mapped[int] = mapped_column(BigId)
    label: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    words: Mapped[str | None] = mapped_column(String(400))
    at: Mapped[datetime | None]
