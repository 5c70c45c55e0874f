"""The outline of the served provinces that lies under the cases on every map."""

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
_kept: dict[tuple[int, int], dict[str, Any]] = {}


def provinces_outline() -> dict[str, Any]:
    """The provinces as GeoJSON areas, without inner borders, corners about 300 m apart.

    Made once per process and state of the areas; none while no area is known.
    """
    approximate = func.count().filter(UnitArea.approximate)
    present = session().execute(select(func.count(), approximate).select_from(UnitArea)).one()
    state = (present[0], present[1])
    if state not in _kept:
        _kept.clear()
        _kept[state] = _drawn()
    return _kept[state]


def islands() -> dict[str, Any]:
    """Hoàng Sa and Trường Sa, named on every map."""
    return island_names()


def _drawn() -> dict[str, Any]:
    communes = served_communes(clock.today_local())
    province_of = {unit.id: str(unit.parent_id) for unit in communes}
    rows = session().execute(
        select(UnitArea.unit_id, UnitArea.geom).where(UnitArea.unit_id.in_(sorted(province_of)))
    )
    areas = {str(unit_id): area_from(geom) for unit_id, geom in rows}
    parents = {str(unit_id): parent for unit_id, parent in province_of.items()}
    whole = merged_areas(areas, parents)
    shapes = simplified(whole, TOLERANCE_M) if whole else {}
    return feature_collection(area_feature(as_area_shape(each), {}) for each in shapes.values())
