"""Who follows a case without a report of their own: "Tôi cũng bị ảnh hưởng"."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.cases.models import Case
from webapp.core.base import Base, BigId


class CaseFollower(Base):
    """A household with an account (``person_id``), once per case, or a guest.

    ``key_digest`` makes a replay find the same row, ``code_digest`` finds it by follow code; both
    are keyed digests, neither key nor code is stored. A guest's e-mail lies sealed, bound to
    ``uid``. Whoever leaves is removed whole, and no later follower gets the same id: notices that
    wait name their reader by it.
    """

    __tablename__ = "case_follower"
    __table_args__ = (
        UniqueConstraint("case_id", "person_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    key_digest: Mapped[str] = mapped_column(String(64), unique=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    code_version: Mapped[int]
    at: Mapped[datetime]
    locale: Mapped[str] = mapped_column(String(2))
    key_id: Mapped[int | None]
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    case: Mapped[Case] = relationship()
