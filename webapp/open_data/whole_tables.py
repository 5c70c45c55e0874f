"""A whole table, read slice by slice, as CSV or GeoJSON pieces; downloads and the dump use it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson

from webapp.core.text import Text, _
from webapp.open_data.csv_writer import csv_lines
from webapp.open_data.feature_collections import (
    Feature,
    case_feature,
    outcome_feature,
    unit_feature,
)
from webapp.open_data.queries.cases import cases
from webapp.open_data.queries.filters import CaseFilter, Slice
from webapp.open_data.queries.outcomes import outcomes
from webapp.open_data.queries.units import UnitFilter, units
from webapp.open_data.tables import CASES, OUTCOMES, UNITS, Column

SLICE = 1000
_POSITION = (
    Column("lon", "number", _("Kinh độ của điểm công khai (WGS84)")),
    Column("lat", "number", _("Vĩ độ của điểm công khai (WGS84)")),
)


@dataclass(frozen=True)
class WholeTable:
    """A table under the name of its file; ``columns`` are those of the CSV."""

    name: str
    title: Text
    columns: tuple[Column, ...]
    features: Callable[[CaseFilter], Iterator[Feature]]


def all_cases(asked: CaseFilter) -> Iterator[Feature]:
    """Every public case that the filter finds."""
    part = Slice(SLICE)
    while found := cases(asked, part):
        yield from map(case_feature, found)
        part = replace(part, after_id=found[-1].id)


def all_outcomes(asked: CaseFilter) -> Iterator[Feature]:
    """Every published outcome that the filter finds."""
    part = Slice(SLICE)
    while found := outcomes(asked, part):
        yield from map(outcome_feature, found)
        part = replace(part, after_id=found[-1].id)


def all_units(_asked: CaseFilter) -> Iterator[Feature]:
    """Every unit of all times."""
    after: int | None = None
    while found := units(UnitFilter(), limit=SLICE, after_id=after):
        yield from map(unit_feature, found)
        after = found[-1].unit.id


WHOLE_TABLES = (
    WholeTable("vu-viec", _("Vụ việc công khai"), (*CASES, *_POSITION), all_cases),
    WholeTable("ket-qua", _("Kết quả công khai"), (*OUTCOMES, *_POSITION), all_outcomes),
    WholeTable("dia-ban", _("Địa bàn"), UNITS, all_units),
)


def as_csv(table: WholeTable, asked: CaseFilter) -> Iterator[bytes]:
    """The table as CSV pieces."""
    names = [column.name for column in table.columns]
    rows = (_cells(names, feature) for feature in table.features(asked))
    return csv_lines(names, rows)


def as_geojson(table: WholeTable, asked: CaseFilter) -> Iterator[bytes]:
    """The table as GeoJSON pieces."""
    yield b'{"type":"FeatureCollection","features":['
    for number, feature in enumerate(table.features(asked)):
        yield (b",\n" if number else b"\n") + orjson.dumps(feature)
    yield b"\n]}\n"


def _cells(names: Iterable[str], feature: Feature) -> list[Any]:
    geometry, properties = feature["geometry"] or {}, feature["properties"]
    lon, lat = geometry["coordinates"] if geometry.get("type") == "Point" else (None, None)
    row = properties | {"lon": lon, "lat": lat}
    return [row[name] for name in names]
