"""The public map: clusters from counts, points when they are few, nothing but public points.

At most 500 features; more than that in a view is grouped more coarsely, never cut. Only a word that
thousands of cases have is answered with "too many" in a far view: each of them would be read.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    bindparam,
    cast,
    func,
    select,
    true,
)

from geo.cells import CELL_ZOOM, ranges
from geo.clustering import LIVE_FROM_VIEW_ZOOM, MICRO, CellCount, Cluster, clusters, stored_zoom
from geo.geojson import feature_collection, place_feature
from geo.points import Bbox
from geo.privacy import PUBLIC_DECIMALS
from webapp.cases import counts
from webapp.cases.indexed import Column, listed, listed_in, only_few, range_values
from webapp.cases.journal import PUBLIC_SCOPE, STATE_GROUPS
from webapp.cases.models import Case
from webapp.cases.public_filters import ANY_OPEN, PublicFilters, conditions
from webapp.cases.sentences import case_title
from webapp.cases.word_search import Searched, Shape, Way, having, searched
from webapp.core.conditions import in_words, one_of_given
from webapp.core.prepared import Prepared
from webapp.directory.models import Unit

POINTS_FROM_ZOOM = 14
MAX_POINTS = 500
WIDEST_VIEW = 32  # tiles; a wider box at a near zoom is a far view in disguise
_POINT = (
    Case.code,
    Case.category,
    Case.state,
    Case.overdue,
    Case.public_lon,
    Case.public_lat,
)
_LEADING = frozenset({"units", "results"})
"""Filters that leave few cases of a province: far views look these up instead of all in the box."""
_OF_UNITS = one_of_given(Case.handling_unit_id + 0, "units")
"""SQLite would look up all of a unit's cases, once for each range of cells, had it the column."""
_OPEN_GROUPS = ("open", *sorted(set(STATE_GROUPS.values()) - {"closed"}))


@dataclass(frozen=True)
class MapQuestion:
    """What a view asks for; ``exact_days`` are not widened to months at any zoom."""

    bbox: Bbox
    zoom: int
    filters: PublicFilters = field(default_factory=PublicFilters)
    exact_days: bool = False

    @property
    def view_zoom(self) -> int:
        """The zoom, no nearer than the width of the box makes sense for."""
        box = self.bbox
        widest = max(box.east - box.west, 2 * (box.north - box.south))
        if widest * 2**self.zoom <= 360 * WIDEST_VIEW:
            return self.zoom
        return max(0, math.floor(math.log2(360 * WIDEST_VIEW / widest)))

    @property
    def from_counts(self) -> bool:
        """Whether the folded counts can answer, which know states as groups and nothing else."""
        asked = self.filters
        known = asked.state in {None, ANY_OPEN, "closed"}
        return known and asked == PublicFilters(state=asked.state, overdue=asked.overdue)

    @property
    def versioned(self) -> bool:
        """Whether the data version tells of every change that this question could see."""
        asked = self.filters
        return not (asked.words or asked.results or asked.conclusion or asked.unit_ids)

    def snapped(self) -> "MapQuestion":
        """At cluster zooms days become whole months, so that few answers serve many readers."""
        if self.view_zoom >= POINTS_FROM_ZOOM or self.exact_days:
            return self
        return replace(self, filters=self.filters.in_months())


def map_features(question: MapQuestion, language: str) -> tuple[int, dict[str, Any]]:
    """The data version and the GeoJSON answer, no older than it.

    At most 2 statements, one more for words.
    """
    asked = question.snapped()
    search = searched(asked.filters.words)
    if _too_many(asked, search):
        return 0, feature_collection(()) | {"too_many": True}
    if asked.view_zoom < POINTS_FROM_ZOOM:
        version, found = _clusters(asked, search)
        return version, feature_collection(map(_cluster_feature, found))
    version, points = _points(asked, search)
    if points is not None:
        return version, feature_collection(_point_features(points, language))
    return version, feature_collection(map(_cluster_feature, _clusters(asked, search)[1]))


def _too_many(asked: MapQuestion, search: Searched) -> bool:
    """Whether words would have every case of a far view read."""
    near = asked.view_zoom >= POINTS_FROM_ZOOM or asked.filters.unit_ids
    return search.shape.way in {Way.WALK, Way.WALK_A_WHILE} and not near


def _points(asked: MapQuestion, search: Searched) -> tuple[int, Sequence[Sequence[Any]] | None]:
    """The cases of the view, None where there are too many of them."""
    values = asked.filters.values()
    query = _points_query(tuple(values), search.shape, MAX_POINTS)
    found = query.rows(values | search.values | _box_values(asked.bbox))
    version, many, *_first = found[0]
    if many > MAX_POINTS:
        return version, None
    return version, found if many else ()


@lru_cache(maxsize=256)
def _points_query(filters: tuple[str, ...], words: Shape, most: int) -> Prepared:
    """Version, how many there are, the columns of each; where there are too many, of none."""
    found = _found(filters, words, [*_POINT, Case.handling_unit_id])
    few, counted = only_few(found, most)
    named = select(*(few.c[each.key] for each in _POINT), Unit.name, Unit.name_en)
    shown = named.join(Unit, Unit.id == few.c.handling_unit_id).subquery("shown")
    now = select(counts.version_now().label("version"), counted.c.many).subquery("now")
    fits = now.c.many <= in_words(most)
    return Prepared(select(*now.c, *shown.c).select_from(now.outerjoin(shown, fits)))


def _with_version(query: Select[*tuple[Any, ...]]) -> Prepared:
    """Rows with the data version before them; where there are none, the version alone."""
    version = select(counts.version_now().label("version")).subquery("now")
    found = query.subquery("shown")
    return Prepared(
        select(version.c.version, *found.c).select_from(version.outerjoin(found, true()))
    )


def _clusters(asked: MapQuestion, search: Searched) -> tuple[int, list[Cluster]]:
    zoom = asked.view_zoom
    if asked.from_counts and zoom < LIVE_FROM_VIEW_ZOOM:
        row_zoom = stored_zoom(zoom)
        version, found = _counted(asked, row_zoom)
    else:
        row_zoom = min(zoom + 2, CELL_ZOOM)
        version, found = _grouped_live(asked, search, row_zoom)
    return version, clusters(found, row_zoom=row_zoom, bbox=asked.bbox, view_zoom=zoom)


def _counted(asked: MapQuestion, zoom: int) -> tuple[int, Iterable[CellCount]]:
    groups = {None: (), ANY_OPEN: _OPEN_GROUPS, "closed": ("closed",)}[asked.filters.state]
    version, found = counts.read_with_version(
        asked.bbox, zoom, scopes=(PUBLIC_SCOPE,), groups=groups
    )
    return version, _only_overdue(found) if asked.filters.overdue else found


def _only_overdue(found: Iterable[CellCount]) -> Iterator[CellCount]:
    """Counts of the overdue alone, placed where all cases of their cell are."""
    for row in found:
        share = row.n_overdue / row.n if row.n else 1
        x, y = round(row.sum_x * share), round(row.sum_y * share)
        yield CellCount(row.cell, row.n_overdue, row.n_overdue, x, y)


def _grouped_live(asked: MapQuestion, search: Searched, zoom: int) -> tuple[int, list[CellCount]]:
    values = asked.filters.values()
    few = bool(_LEADING & values.keys()) or search.shape.way is Way.INDEX
    query = _groups_query(
        tuple(values), search.shape, by_cells=asked.view_zoom >= POINTS_FROM_ZOOM or not few
    )
    found = query.rows(
        values | search.values | _box_values(asked.bbox) | {"shift": 2 * (CELL_ZOOM - zoom)}
    )
    return found[0][0], [CellCount(*row) for _version, *row in found if row[0] is not None]


@lru_cache(maxsize=256)
def _groups_query(filters: tuple[str, ...], words: Shape, *, by_cells: bool) -> Prepared:
    tile = Case.public_cell.op(">>", return_type=BigInteger())(
        bindparam("shift", type_=Integer())
    ).label("tile")
    wanted: list[Column] = [tile, Case.overdue, Case.public_lon, Case.public_lat]
    found = (_found if by_cells else _looked_up)(filters, words, wanted).c
    columns: list[ColumnElement[Any]] = [
        found.tile,
        func.count().label("n"),
        func.count().filter(found.overdue).label("n_overdue"),
        cast(func.sum(found.public_lon * MICRO), BigInteger).label("sum_x"),
        cast(func.sum(found.public_lat * MICRO), BigInteger).label("sum_y"),
    ]
    return _with_version(select(*columns).group_by(found.tile))


def _found(filters: Iterable[str], words: Shape, columns: Sequence[Column]) -> Subquery:
    """The cases of the box, by its cells."""
    others = [name for name in filters if name != "units"]
    units = [_OF_UNITS] if "units" in filters else []
    return listed_in(columns, "cells", (*_in_box(), *units, *conditions(others), *having(words)))


def _looked_up(filters: Iterable[str], words: Shape, columns: Sequence[Column]) -> Subquery:
    """The same by what leaves few of a province."""
    asked = (*conditions(filters, leading=True), *having(words))
    return select(*columns).where(listed(), *_in_box(), *asked).subquery("found")


def _in_box() -> tuple[ColumnElement[bool], ...]:
    return (
        Case.public_lon.between(bindparam("west"), bindparam("east")),
        Case.public_lat.between(bindparam("south"), bindparam("north")),
    )


def _box_values(box: Bbox) -> dict[str, Any]:
    sides = {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    return sides | range_values("cells", ranges(box, CELL_ZOOM))


def _point_features(found: Iterable[Sequence[Any]], language: str) -> Iterator[dict[str, Any]]:
    for _version, _many, code, category_code, state, overdue, lon, lat, unit, unit_en in found:
        properties = {
            "cluster": False,
            "case_code": code,
            "category": category_code,
            "state": state,
            "overdue": overdue,
            "title": case_title(category_code, unit_en if language == "en" else unit, language),
        }
        yield place_feature(lon, lat, properties)


def _cluster_feature(found: Cluster) -> dict[str, Any]:
    properties = {
        "cluster": True,
        "count": found.count,
        "overdue": found.overdue,
        "bbox": [round(side, PUBLIC_DECIMALS) for side in found.box],
    }
    return place_feature(
        round(found.lon, PUBLIC_DECIMALS), round(found.lat, PUBLIC_DECIMALS), properties
    )
