"""Photos: the sealed original, the renditions made from its pixels, the state of both."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.base import Base, BigId
from webapp.core.workflow import check_list
from webapp.media.workflow import PHOTO_STATES

RENDITIONS = ("full", "large", "card", "thumb")


class Photo(Base):
    """One photo. ``facts_sealed`` holds the place and time read from it, sealed like identities.

    ``uid`` is the only name of it in an address; it is new with the received file, whose seal is
    bound to it. ``original_key`` is the sealed received file.
    """

    __tablename__ = "photo"
    __table_args__ = (
        CheckConstraint(f"state IN ({check_list(PHOTO_STATES)})", name="state"),
        CheckConstraint(
            "state IN ('wanted', 'stored', 'erased') OR original_key IS NOT NULL", name="original"
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    mime: Mapped[str] = mapped_column(String(32))
    width: Mapped[int | None]
    height: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(12))
    original_key: Mapped[str | None] = mapped_column(String(120))
    facts_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    likeness: Mapped[str | None] = mapped_column(String(16), index=True)
    received_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    renditions: Mapped[list["Rendition"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan"
    )


class Rendition(Base):
    """A metadata-free picture made from the pixels of a photo."""

    __tablename__ = "rendition"
    __table_args__ = (
        UniqueConstraint("photo_id", "kind"),
        CheckConstraint(f"kind IN ({check_list(RENDITIONS)})", name="kind"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id"))
    kind: Mapped[str] = mapped_column(String(8))
    file_key: Mapped[str] = mapped_column(String(120))
    mime: Mapped[str] = mapped_column(String(32))
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]


class PhotoBand(Base):
    """A part of a photo's likeness: photos that look alike share at least one of five.

    ``band`` is the position of the part and its bits, see ``media.likeness``.
    """

    __tablename__ = "photo_band"

    band: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id"), primary_key=True, index=True)
