"""The outline of the served provinces that lies under the cases on every map."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from geo.areas import as_area_shape, merged_areas, simplified
from geo.geojson import area_feature, feature_collection
from geo.islands import island_names
from geo.sql import area_from
from webapp.core import clock
from webapp.core.unit_of_work import session
from webapp.directory.models import UnitArea
from webapp.directory.queries import served_communes

TOLERANCE_M = 300
_kept: dict[tuple[int, int], "Ground"] = {}


@dataclass(frozen=True)
class Ground:
    """The drawn outline, and the box around it as ``w,s,e,n``; empty while no area is known."""

    outline: dict[str, Any]
    bounds: str


def provinces_outline() -> dict[str, Any]:
    """The provinces as GeoJSON areas, without inner borders, corners about 300 m apart."""
    return _ground().outline


def served_bounds() -> str:
    """The box a map of everything shows at first."""
    return _ground().bounds


def islands() -> dict[str, Any]:
    """Hoàng Sa and Trường Sa, named on every map."""
    return island_names()


def _ground() -> Ground:
    """Made once per process and state of the areas, which change by imports only."""
    approximate = func.count().filter(UnitArea.approximate)
    present = session().execute(select(func.count(), approximate).select_from(UnitArea)).one()
    state = (present[0], present[1])
    if state not in _kept:
        _kept.clear()
        _kept[state] = _drawn()
    return _kept[state]


def _drawn() -> Ground:
    parents = {str(unit.id): str(unit.parent_id) for unit in served_communes(clock.today_local())}
    rows = session().execute(
        select(UnitArea.unit_id, UnitArea.geom).where(UnitArea.unit_id.in_(map(int, parents)))
    )
    areas = {str(unit_id): area_from(geom) for unit_id, geom in rows}
    if not areas:
        return Ground(feature_collection(()), "")
    shapes = [
        as_area_shape(each)
        for each in simplified(merged_areas(areas, parents), TOLERANCE_M).values()
    ]
    west, south, east, north = zip(*(shape.bounds for shape in shapes), strict=True)
    box = (min(west), min(south), max(east), max(north))
    return Ground(
        feature_collection(area_feature(shape, {}) for shape in shapes),
        ",".join(f"{degrees:.2f}" for degrees in box),
    )
