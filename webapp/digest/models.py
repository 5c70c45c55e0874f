"""Which officer has had which morning's mail."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.base import Base


class MorningDigest(Base):
    """The mail of a local day to a person was put on its way."""

    __tablename__ = "morning_digest"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
