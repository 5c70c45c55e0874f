"""Units, organisations, focal points, persons, dated settings, the working-day calendar."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geo.sql import area_column
from webapp.core.base import Base, BigId
from webapp.core.workflow import check_list

UNIT_KINDS = ("province", "district", "commune")
ORGANISATION_KINDS = (
    "front",
    "peoples_committee",
    "env_office",
    "waste_operator",
    "group",
    "front_area",
    "police",
    "platform",
)
PLACE_KINDS = ("school", "clinic")


class Unit(Base):
    """An administrative unit with validity; its key is (code system, code), never a name."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("code_system", "code"),
        CheckConstraint(f"kind IN ({check_list(UNIT_KINDS)})", name="kind"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code_system: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    search_text: Mapped[str] = mapped_column(String(160), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    parent: Mapped["Unit | None"] = relationship(remote_side=[id])


class UnitSuccession(Base):
    """An old unit and the unit that took its place on a day."""

    __tablename__ = "unit_succession"
    __table_args__ = (UniqueConstraint("old_id", "new_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    old_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    new_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    effective: Mapped[date]


class UnitTree(Base):
    """The mark of the tree of units, in one row: another one after every change of an edge.

    Triggers of ``unit`` and ``unit_succession`` draw it, whoever changes these by whatever means.
    """

    __tablename__ = "unit_tree"
    __table_args__ = (CheckConstraint("id = 1", name="only"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    mark: Mapped[int] = mapped_column(BigInteger)


class UnitArea(Base):
    """The area of a unit. Narrow, because spatial tables are never altered."""

    __tablename__ = "unit_area"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    approximate: Mapped[bool]
    geom: Mapped[Any] = area_column()


class Organisation(Base):
    """A committee, office, group or operator of one unit, with validity and successor.

    ``signs_in`` false means that the Front records its steps from paper.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(f"kind IN ({check_list(ORGANISATION_KINDS)})", name="kind"),
        Index("ix_organisation_unit_kind", "unit_id", "kind"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str] = mapped_column(String(160))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    signs_in: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    letter_parent: Mapped[str] = mapped_column(String(160), default="")
    letter_name: Mapped[str] = mapped_column(String(160), default="")
    letter_place: Mapped[str] = mapped_column(String(80), default="")
    notation: Mapped[str] = mapped_column(String(30), default="")

    unit: Mapped[Unit] = relationship()


class FocalPoint(Base):
    """The default inbox of an organisation (S1-IV.2): its focal unit or the substitute."""

    __tablename__ = "focal_point"
    __table_args__ = (Index("ix_focal_point_organisation", "organisation_id", "valid_from"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(160))
    email: Mapped[str | None] = mapped_column(String(160))
    substitute: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Person(Base):
    """Somebody with an account or a seat. Residents' contacts are not here: they are sealed."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    locale: Mapped[str] = mapped_column(String(2), default="vi")


class SensitivePlace(Base):
    """A school or clinic: what happens near it comes sooner in the queue (categories.md).

    Known by its kind and its point, in WGS84 degrees to five decimals, about a metre.
    """

    __tablename__ = "sensitive_place"
    __table_args__ = (
        UniqueConstraint("lat", "lon", "kind"),
        CheckConstraint(f"kind IN ({check_list(PLACE_KINDS)})", name="kind"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(160))
    search_text: Mapped[str] = mapped_column(String(160))
    lon: Mapped[float]
    lat: Mapped[float]


class DatedSetting(Base):
    """A number or text the province sets, in force from a day; the newest row that applies wins."""

    __tablename__ = "dated_setting"
    __table_args__ = (UniqueConstraint("key", "valid_from"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(String(400))
    valid_from: Mapped[date]
    source: Mapped[str] = mapped_column(String(200))


class CalendarDay(Base):
    """A day off, or a weekend day worked in exchange; everything else follows the week."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    works: Mapped[bool]
    name: Mapped[str] = mapped_column(String(120))
