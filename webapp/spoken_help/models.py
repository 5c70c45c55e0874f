"""One recording per screen, category and language."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.base import Base, BigId


class Recording(Base):
    """A recording; ``category`` is empty where the screen has one for all."""

    __tablename__ = "spoken_recording"
    __table_args__ = (UniqueConstraint("screen", "category", "language"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    screen: Mapped[str] = mapped_column(String(24))
    category: Mapped[str] = mapped_column(String(48))
    language: Mapped[str] = mapped_column(String(8))
    file_key: Mapped[str] = mapped_column(String(120), index=True)
    mime: Mapped[str] = mapped_column(String(16))
    size: Mapped[int]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
