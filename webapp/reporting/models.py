"""Reports and the sealed identity of who sent them."""

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
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.cases.models import Case
from webapp.cases.priority import Facts, queue_rank
from webapp.core.base import Base, BigId
from webapp.core.workflow import check_list
from webapp.directory.models import Unit
from webapp.media.models import Photo
from webapp.reporting.workflow import CHANNELS, DOORS, MARKS, NATURES, REJECTIONS, REPORT_STATES

_WAITING_SQL = text("state IN ('submitted', 'needs_info')")
_TO_WRITE_SQL = text("state = 'stored' AND transcript_sealed IS NULL")
_NEAR = (
    *("category", "cell", "received_at", "handling_unit_id", "lon", "lat"),
    *("to_province", "released", "id"),
)
"""What tells whether a report may be the same matter as another, and who may read it."""


class Report(Base):
    """What one person sent. Evidence is corrected by adding, never by overwriting.

    ``code`` opens nothing. ``key_digest`` (unique) makes a replay find the same report,
    ``body_digest`` tells another body apart, ``tracking_digest`` finds it by tracking code;
    none of the three is ever stored in clear. ``due_at`` is the first look.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("key_digest"),
        UniqueConstraint("tracking_digest"),
        CheckConstraint(f"state IN ({check_list(REPORT_STATES)})", name="state"),
        CheckConstraint(f"channel IN ({check_list(CHANNELS)})", name="channel"),
        CheckConstraint(f"nature IN ({check_list(NATURES)})", name="nature"),
        CheckConstraint(f"rejection IN ({check_list(REJECTIONS)})", name="rejection"),
        CheckConstraint(f"door IN ({check_list(DOORS)})", name="door"),
        CheckConstraint("(state = 'attached') = (case_id IS NOT NULL)", name="attached"),
        CheckConstraint("(state = 'rejected') = (rejection IS NOT NULL)", name="rejected"),
        CheckConstraint("(state = 'redirected') = (door IS NOT NULL)", name="redirected"),
        CheckConstraint("lon IS NOT NULL OR place_note IS NOT NULL", name="place"),
        CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="point"),
        Index(
            "ix_report_queue",
            "handling_unit_id",
            "due_at",
            "id",
            postgresql_where=_WAITING_SQL,
            sqlite_where=_WAITING_SQL,
        ),
        *(
            Index(name, *columns, postgresql_where=_WAITING_SQL, sqlite_where=_WAITING_SQL)
            for name, columns in (
                ("ix_report_waiting_rank", ("queue_rank", "id", "handling_unit_id", "state")),
                ("ix_report_waiting_unit_rank", ("handling_unit_id", "queue_rank", "id")),
                (
                    "ix_report_waiting_state",
                    ("handling_unit_id", "state", "to_province", "released", "id"),
                ),
                ("ix_report_waiting_cell", ("cell", "handling_unit_id")),
                ("ix_report_waiting_near", _NEAR),
            )
        ),
        Index("ix_report_case_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    key_digest: Mapped[str] = mapped_column(String(64))
    body_digest: Mapped[str] = mapped_column(String(64))
    tracking_digest: Mapped[str | None] = mapped_column(String(64))
    tracking_version: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    category: Mapped[str] = mapped_column(String(48))
    urgent: Mapped[bool]
    secret: Mapped[bool]
    nature: Mapped[str | None] = mapped_column(String(12))
    description: Mapped[str | None] = mapped_column(Text)
    observed_at: Mapped[datetime | None]
    observed_doubtful: Mapped[bool]
    received_at: Mapped[datetime]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    place_source: Mapped[str | None] = mapped_column(String(8))
    cell: Mapped[int | None] = mapped_column(BigInteger)
    place_note: Mapped[str | None] = mapped_column(String(300))
    unit_doubtful: Mapped[bool]
    named_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    handling_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    observed_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    households_affected: Mapped[int | None]
    channel: Mapped[str] = mapped_column(String(10))
    on_behalf: Mapped[bool]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    keep_secret: Mapped[bool]
    to_province: Mapped[bool]
    released: Mapped[bool] = mapped_column(default=False)
    unchecked: Mapped[bool] = mapped_column(default=False)
    consent_version: Mapped[str] = mapped_column(String(16))
    preferred_language: Mapped[str] = mapped_column(String(8))
    interpreter_needed: Mapped[bool]
    locale: Mapped[str] = mapped_column(String(2), default="vi")
    due_at: Mapped[datetime | None]
    overdue: Mapped[bool] = mapped_column(default=False)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    rejection: Mapped[str | None] = mapped_column(String(20))
    door: Mapped[str | None] = mapped_column(String(16))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reprisal_at: Mapped[datetime | None]
    queue_rank: Mapped[int] = mapped_column(BigInteger, server_default="0")
    priority_chosen: Mapped[str | None] = mapped_column(String(8))
    near_place: Mapped[str | None] = mapped_column(String(8))

    handling_unit: Mapped[Unit] = relationship(foreign_keys=[handling_unit_id])
    case: Mapped[Case | None] = relationship()
    photos: Mapped[list["ReportPhoto"]] = relationship(
        order_by="ReportPhoto.position", lazy="selectin"
    )
    voice: Mapped["VoiceNote | None"] = relationship()

    @property
    def priority_facts(self) -> Facts:
        """What its place in the queue comes from."""
        return Facts(
            category=self.category,
            urgent=self.urgent,
            since=self.received_at,
            households=self.households_affected or 0,
            unchecked=bool(self.unchecked),
            chosen=self.priority_chosen,
            near_place=self.near_place,
        )


@event.listens_for(Report, "before_insert")
@event.listens_for(Report, "before_update")
def _rank(_mapper: object, _connection: object, report: Report) -> None:
    """Whatever changed, its place in the queue follows in the same statement."""
    report.queue_rank = queue_rank(report.priority_facts)


class ReportIdentity(Base):
    """Who sent it, sealed under the identity keys and bound to ``uid``; found by blind index."""

    __tablename__ = "report_identity"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    key_id: Mapped[int]
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    email_digest: Mapped[str | None] = mapped_column(String(64), index=True)


class ReportPhoto(Base):
    """A photo of a report, its bytes by their own request; ``listed_at`` None is at sending."""

    __tablename__ = "report_photo"
    __table_args__ = (UniqueConstraint("report_id", "photo_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id"), index=True)
    position: Mapped[int]
    listed_at: Mapped[datetime | None]

    photo: Mapped[Photo] = relationship(lazy="joined")


class ReportLine(Base):
    """One step of a report: the words its sender reads and the note that staff read.

    Words are hidden from the sender until ``visible_from`` (the 30 s in which a step may be
    undone).
    """

    __tablename__ = "report_line"
    __table_args__ = (Index("ix_report_line_report_id", "report_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    at: Mapped[datetime]
    transition: Mapped[str] = mapped_column(String(24))
    to_state: Mapped[str] = mapped_column(String(12))
    by_sender: Mapped[bool]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    visible_from: Mapped[datetime]


class IdentityOpening(Base):
    """Somebody opened an identity or an original; the reason lies sealed in the audit."""

    __tablename__ = "identity_opening"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    what: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    reason_id: Mapped[int] = mapped_column(ForeignKey("audit_reason.id"))


class ReprisalMessage(Base):
    """ "Tôi bị gây khó dễ, đe dọa vì phản ánh": sealed, for the province Front and the auditor."""

    __tablename__ = "reprisal_message"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    at: Mapped[datetime]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ReprisalStep(Base):
    """A message about reprisal was opened, or answered in sealed words that its sender reads."""

    __tablename__ = "reprisal_step"
    __table_args__ = (CheckConstraint("kind IN ('opened', 'answered')", name="kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("reprisal_message.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class SenderAsk(Base):
    """The sender asks to look again or to reopen: its words stand in ``line``.

    Waiting while ``granted`` is None.
    """

    __tablename__ = "sender_ask"
    __table_args__ = (CheckConstraint("kind IN ('reconsider', 'reopen')", name="kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("report_line.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    granted: Mapped[bool | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    line: Mapped[ReportLine] = relationship(lazy="joined", innerjoin=True)


class ReportRating(Base):
    """How content the sender is with an ended case; every rating is kept, the newest counts."""

    __tablename__ = "report_rating"
    __table_args__ = (CheckConstraint(f"mark IN ({check_list(MARKS)})", name="mark"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    at: Mapped[datetime]
    mark: Mapped[str] = mapped_column(String(12))
    words: Mapped[str | None] = mapped_column(Text)


class ReissuedCode(Base):
    """A new tracking code on its way to the address that was left; the old one works until then.

    The code itself is derived from ``uid`` and the tracking key of ``version``; the row goes when
    the code is used.
    """

    __tablename__ = "reissued_code"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime]


class VoiceNote(Base):
    """A spoken report: the file sealed like an identity, what was heard sealed beside it."""

    __tablename__ = "voice_note"
    __table_args__ = (
        CheckConstraint("state IN ('wanted', 'stored', 'erased')", name="state"),
        Index(
            "ix_voice_note_to_write",
            "report_id",
            postgresql_where=_TO_WRITE_SQL,
            sqlite_where=_TO_WRITE_SQL,
        ),
    )

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    mime: Mapped[str] = mapped_column(String(32))
    seconds: Mapped[int]
    state: Mapped[str] = mapped_column(String(8))
    file_key: Mapped[str | None] = mapped_column(String(120))
    received_at: Mapped[datetime | None]
    transcript_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    transcribed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class SenderRequest(Base):
    """What a sender did later, once per idempotency key; neither key nor body in clear."""

    __tablename__ = "sender_request"

    key_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_digest: Mapped[str] = mapped_column(String(64))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    at: Mapped[datetime]


class ConsentText(Base):
    """The words of consent by version, in force from a day."""

    __tablename__ = "consent_text"

    version: Mapped[str] = mapped_column(String(16), primary_key=True)
    valid_from: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    words_en: Mapped[str] = mapped_column(Text)


class Meeting(Base):
    """A village meeting (or a morning at a pagoda) whose reports were recorded as one list.

    Each person agreed aloud after the words of ``consent_version`` had been read by ``read_by``.
    """

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key_digest: Mapped[str] = mapped_column(String(64), unique=True)
    held_on: Mapped[date]
    channel: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(160))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    read_by: Mapped[str] = mapped_column(String(120))
    consent_version: Mapped[str] = mapped_column(String(16))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()


class MeetingReport(Base):
    """A report of a meeting's list."""

    __tablename__ = "meeting_report"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
