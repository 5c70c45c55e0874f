"""What lies under every map: the outline of the served provinces, and the communes' names."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from shapely import MultiPolygon
from sqlalchemy import func, select

from geo.areas import as_area_shape, merged_areas, simplified
from geo.geojson import area_feature, feature_collection, point_feature
from geo.islands import island_names
from geo.points import Point
from geo.sql import area_from
from webapp.core import clock
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session
from webapp.directory.models import UnitArea
from webapp.directory.queries import served_communes

TOLERANCE_M = 300
_kept: dict[tuple[int, int], "Ground"] = {}


@dataclass(frozen=True)
class Ground:
    """The drawn outline, and the box around it as ``w,s,e,n``; empty while no area is known."""

    outline: dict[str, Any]
    names: dict[str, Any]
    bounds: str


def provinces_outline() -> dict[str, Any]:
    """The provinces as GeoJSON areas, without inner borders, corners about 300 m apart."""
    return _ground().outline


def unit_names() -> dict[str, Any]:
    """A point inside each served commune with its name, for a map without tiles."""
    return _ground().names


def served_bounds() -> str:
    """The box a map of everything shows at first."""
    return _ground().bounds


def islands() -> dict[str, Any]:
    """Hoàng Sa and Trường Sa, named on every map."""
    return island_names()


def _ground() -> Ground:
    """Made once per process and state of the areas, which change by imports only."""
    [(every, approximate)] = _state_query().rows()
    state = (every, approximate)
    if state not in _kept:
        _kept.clear()
        _kept[state] = _drawn()
    return _kept[state]


@cache
def _state_query() -> Prepared:
    approximate = func.count().filter(UnitArea.approximate)
    return Prepared(select(func.count(), approximate).select_from(UnitArea))


def _drawn() -> Ground:
    units = {str(unit.id): unit for unit in served_communes(clock.today_local())}
    parents = {key: str(unit.parent_id) for key, unit in units.items()}
    rows = session().execute(
        select(UnitArea.unit_id, UnitArea.geom).where(UnitArea.unit_id.in_(map(int, parents)))
    )
    areas = {str(unit_id): area_from(geom) for unit_id, geom in rows}
    if not areas:
        return Ground(feature_collection(()), feature_collection(()), "")
    shapes = [
        as_area_shape(each)
        for each in simplified(merged_areas(areas, parents), TOLERANCE_M).values()
    ]
    west, south, east, north = zip(*(shape.bounds for shape in shapes), strict=True)
    box = (min(west), min(south), max(east), max(north))
    return Ground(
        feature_collection(area_feature(shape, {}) for shape in shapes),
        feature_collection(_named(shape, units[key].name) for key, shape in areas.items()),
        ",".join(f"{degrees:.2f}" for degrees in box),
    )


def _named(shape: MultiPolygon, name: str) -> dict[str, Any]:
    inside = shape.representative_point()
    return point_feature(Point(round(inside.x, 3), round(inside.y, 3)), {"name": name})
