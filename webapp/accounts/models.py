"""Accounts, roles and dated assignments: person x role x organisation x unit x validity."""

from datetime import date, datetime

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.base import Base, BigId
from webapp.directory.models import Organisation, Person, Unit


class Role(Base, RoleMixin):
    """A role of the catalogue (roles.toml); what it permits is data."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)
    label: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120))

    permissions_held: Mapped[list["RolePermission"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan"
    )


class RolePermission(Base):
    """One permission a role holds."""

    __tablename__ = "role_permission"

    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), primary_key=True)
    permission: Mapped[str] = mapped_column(String(64), primary_key=True)


class Account(Base, UserMixin):
    """A sign-in of one person. Roles come from assignments, not from the account."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(String(160), unique=True)
    password: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None]
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))

    # Inner: PostgreSQL cannot lock a row together with the outer side of a join.
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]  # read-only: nothing grants here
        """Flask-Security asks for roles; ours are judged through assignments alone."""
        return []


class SignIn(Base):
    """One open session; it lives as long as its row. ``digest`` is of the token in the cookie."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime]


class Device(Base):
    """A browser that has signed in to an account; ``digest`` is of the account and its token."""

    __tablename__ = "account_device"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class Assignment(Base):
    """A person's role at an organisation for a unit, between two days."""

    __tablename__ = "assignment"
    __table_args__ = (Index("ix_assignment_person_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    person: Mapped[Person] = relationship()
    role: Mapped[Role] = relationship(lazy="joined", innerjoin=True)
    organisation: Mapped[Organisation] = relationship()
    unit: Mapped[Unit] = relationship()


class Delegation(Base):
    """Who acts for somebody who is away, between two days, both included.

    The one who acts holds the absent person's assignments, in the same organisation alone.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_to", name="dates"),
        CheckConstraint("person_id <> acting_id", name="other"),
        Index("ix_delegation_acting_id", "acting_id"),
        Index("ix_delegation_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    acting_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    acting: Mapped[Person] = relationship(foreign_keys=[acting_id])


class SteppedAside(Base):
    """Who has stepped aside from a report or a case (né việc): for them it is not there."""

    __tablename__ = "stepped_aside"
    __table_args__ = (
        UniqueConstraint("person_id", "subject_kind", "subject_id"),
        CheckConstraint("subject_kind IN ('report', 'case')", name="subject_kind"),
        Index("ix_stepped_aside_subject_kind_subject_id", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    subject_kind: Mapped[str] = mapped_column(String(8))
    subject_id: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime]
