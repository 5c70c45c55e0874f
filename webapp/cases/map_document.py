"""What the OpenAPI document says of the maps: their questions and their GeoJSON."""

from typing import Any

from webapp.cases.public_filters import STATES
from webapp.cases.schemas import EXACT
from webapp.cases.workflow import CASE_STATES, CONCLUSIONS

_NUMBERS = {"type": "array", "items": {"type": "number"}}


def in_query(name: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    """A parameter of the query."""
    return {"in": "query", "name": name, "required": required, "schema": schema}


BBOX = in_query(
    "bbox",
    {"type": "string", "description": "west,south,east,north in WGS84 degrees"},
    required=True,
)
_DAY = {"type": "string", "format": "date"}
_CLUSTER = {
    "type": "object",
    "properties": {
        "cluster": {"const": True},
        "count": {"type": "integer", "minimum": 1},
        "overdue": {"type": "integer", "minimum": 0},
        "bbox": {**_NUMBERS, "minItems": 4, "maxItems": 4},
    },
    "required": ["cluster", "count", "overdue", "bbox"],
    "additionalProperties": False,
}


def features(states: list[str]) -> dict[str, Any]:
    """A collection of clusters and of single cases in these states, as JSON Schema."""
    case = {
        "type": "object",
        "properties": {
            "cluster": {"const": False},
            **{name: {"type": "string"} for name in ("case_code", "category", "title")},
            "state": {"enum": states},
            "overdue": {"type": "boolean"},
        },
        "required": ["cluster", "case_code", "category", "state", "overdue", "title"],
        "additionalProperties": False,
    }
    point = {
        "type": "object",
        "properties": {
            "type": {"const": "Point"},
            "coordinates": {**_NUMBERS, "minItems": 2, "maxItems": 2},
        },
        "required": ["type", "coordinates"],
    }
    feature = {
        "type": "object",
        "properties": {
            "type": {"const": "Feature"},
            "geometry": point,
            "properties": {"oneOf": [_CLUSTER, case]},
        },
        "required": ["type", "geometry", "properties"],
    }
    return {
        "type": "object",
        "properties": {
            "type": {"const": "FeatureCollection"},
            "features": {"type": "array", "items": feature},
        },
        "required": ["type", "features"],
    }


_PUBLIC = features(sorted(CASE_STATES))
_PUBLIC["properties"]["too_many"] = {"const": True}
PUBLIC_MAP: dict[str, Any] = {
    "parameters": [
        BBOX,
        in_query("zoom", {"type": "integer", "minimum": 0, "maximum": 19}, required=True),
        in_query("category", {"type": "string"}),
        in_query("state", {"enum": list(STATES)}),
        in_query("from", _DAY),
        in_query("to", _DAY),
        in_query("overdue", {"enum": ["0", "1"]}),
        in_query("unit", {"type": "string", "description": "code system and code, by a colon"}),
        in_query("q", {"type": "string", "description": "words of a case, with or without marks"}),
        in_query("conclusion", {"enum": list(CONCLUSIONS)}),
        in_query("results", {"enum": ["0", "1"], "description": "published outcomes only"}),
        in_query("days", {"enum": [EXACT], "description": "from and to are no whole months"}),
    ],
    "responses": {
        "200": {
            "description": "At most 500 features: clusters, or cases at their public points. "
            "With too_many, words that too many cases have: ask nearer, or for a unit",
            "content": {"application/geo+json": {"schema": _PUBLIC}},
        },
    },
}
