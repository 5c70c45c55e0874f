"""Photos: the sealed original, the renditions made from its pixels, the state of both."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.base import Base, BigId
from webapp.core.workflow import check_list
from webapp.media.workflow import PAPER_STATES, PHOTO_STATES, REDACTION_STATES

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


class Paper(Base):
    """A paper (PDF) that may be published after redaction; the received file stays sealed.

    ``uid`` is new with the file, whose seal is bound to it. ``refused`` is the code of the reason
    why it cannot be redacted safely, see ``media.papers``.
    """

    __tablename__ = "paper"
    __table_args__ = (
        CheckConstraint(f"state IN ({check_list(PAPER_STATES)})", name="state"),
        CheckConstraint("(state = 'unreadable') = (refused IS NOT NULL)", name="refused"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    refused: Mapped[str | None] = mapped_column(String(20))
    original_key: Mapped[str] = mapped_column(String(120))
    received_at: Mapped[datetime]

    pages: Mapped[list["PaperPage"]] = relationship(
        lazy="selectin", order_by="PaperPage.number", cascade="all, delete-orphan"
    )


class PaperPage(Base):
    """A page as a picture, to draw on; ``number`` counts from 0, the size is in pixels."""

    __tablename__ = "paper_page"

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file_key: Mapped[str] = mapped_column(String(120))
    width: Mapped[int]
    height: Mapped[int]


class Redaction(Base):
    """Marks somebody drew on a photo or a paper, and what was made without what lies under them.

    The result is a photo of its own (``result_id``) or a PDF of pictures (``file_key``). ``found``
    tells what a rule of the public page still finds in the text of a paper, by page.
    """

    __tablename__ = "redaction"
    __table_args__ = (
        CheckConstraint(f"state IN ({check_list(REDACTION_STATES)})", name="state"),
        CheckConstraint("(photo_id IS NULL) <> (paper_id IS NULL)", name="subject"),
        CheckConstraint(
            "state NOT IN ('ready', 'approved') OR result_id IS NOT NULL OR file_key IS NOT NULL",
            name="result",
        ),
        CheckConstraint("state <> 'approved' OR decided_by_id <> drawn_by_id", name="second"),
        Index("ix_redaction_photo_id", "photo_id"),
        Index("ix_redaction_paper_id", "paper_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"))
    state: Mapped[str] = mapped_column(String(12))
    marks: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    drawn_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(400))
    result_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"), unique=True)
    file_key: Mapped[str | None] = mapped_column(String(120))
    pages: Mapped[int | None]
    size: Mapped[int | None]
    found: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    photo: Mapped[Photo | None] = relationship(foreign_keys=[photo_id])
    paper: Mapped[Paper | None] = relationship()
    result: Mapped[Photo | None] = relationship(foreign_keys=[result_id])
