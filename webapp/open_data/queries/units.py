"""Units with their areas, of all times; all of it is public data."""

from dataclasses import dataclass
from datetime import date

from shapely import MultiPolygon
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from geo.points import Bbox
from geo.sql import area_from, within_box
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import session
from webapp.directory.models import Unit, UnitArea


@dataclass(frozen=True)
class UnitFilter:
    """Units in force on some day of the span, whose area touches the box."""

    first_day: date | None = None
    last_day: date | None = None
    bbox: Bbox | None = None
    key: tuple[str, str] | None = None


@dataclass(frozen=True)
class OpenUnit:
    """A unit with its area, when there is one; ``approximate`` when it was not surveyed."""

    unit: Unit
    parent_code: str | None
    approximate: bool | None
    area: MultiPolygon | None


def units(asked: UnitFilter, *, limit: int, after_id: int | None = None) -> list[OpenUnit]:
    """Units in the order of their rows."""
    parent = aliased(Unit)
    query = (
        _query(asked)
        .outerjoin(parent, parent.id == Unit.parent_id)
        .add_columns(parent.code, UnitArea.approximate, UnitArea.geom)
        .where(Unit.id > (after_id or 0))
        .order_by(Unit.id)
        .limit(limit)
    )
    return [
        OpenUnit(unit, parent_code, approximate, area_from(geom) if geom is not None else None)
        for unit, parent_code, approximate, geom in session().execute(query)
    ]


def count_units(asked: UnitFilter) -> int:
    """How many units the filter finds."""
    rows = _query(asked).with_only_columns(Unit.id).subquery()
    return session().scalar(select(func.count()).select_from(rows)) or 0


def one_unit(code_system: str, code: str) -> OpenUnit:
    """The unit with this key. Raises NotFound."""
    found = units(UnitFilter(key=(code_system, code)), limit=1)
    if not found:
        raise NotFound
    return found[0]


def _query(asked: UnitFilter) -> Select[Unit]:
    query = select(Unit).outerjoin(UnitArea, UnitArea.unit_id == Unit.id)
    return query.where(*_conditions(asked))


def _conditions(asked: UnitFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.key:
        found += [Unit.code_system == asked.key[0], Unit.code == asked.key[1]]
    if asked.bbox:
        found.append(within_box(UnitArea.geom, asked.bbox))
    if asked.last_day:
        found.append(or_(Unit.valid_from.is_(None), Unit.valid_from <= asked.last_day))
    if asked.first_day:
        found.append(or_(Unit.valid_to.is_(None), Unit.valid_to >= asked.first_day))
    return found
