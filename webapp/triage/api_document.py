"""What the OpenAPI document says of the desk's JSON. Unknown values of filters are dropped."""

from typing import Any

from webapp.cases.map_document import BBOX, features, in_query
from webapp.cases.workflow import CASE_STATES

_TEXT = {"type": "string"}
_FILTERS = [
    in_query(name, _TEXT)
    for name in (
        *("tab", "category", "state", "group", "severity", "due", "urgent"),
        *("unit", "holder", "words"),
    )
]
_ROW = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["report", "case"]},
        **{name: _TEXT for name in ("code", "title", "category", "state")},
        **{name: {"type": "boolean"} for name in ("urgent", "unchecked", "overdue")},
        "due_at": {"type": ["string", "null"], "format": "date-time"},
        "since": {"type": "string", "format": "date-time"},
        "report_count": {"type": ["integer", "null"]},
        "priority": {
            "type": "object",
            "properties": {"points": {"type": "integer"}, "parts": {"type": "object"}},
            "required": ["points", "parts"],
        },
        **{name: {"type": ["number", "null"]} for name in ("lon", "lat")},
    },
    "required": ["kind", "code", "title", "category", "state", "since", "priority"],
}


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"200": {"description": description, "content": content}}


QUEUE: dict[str, Any] = {
    "parameters": [*_FILTERS, in_query("cursor", _TEXT)],
    "responses": _answer(
        "Rows in the order of the queue; the next page by its cursor",
        {
            "type": "object",
            "properties": {
                "rows": {"type": "array", "items": _ROW},
                "next_cursor": {"type": ["string", "null"]},
            },
            "required": ["rows", "next_cursor"],
        },
    ),
}
VERSION: dict[str, Any] = {
    "parameters": [*_FILTERS, in_query("since", _TEXT)],
    "responses": _answer(
        "The version now; with `since` also what came and whether anything moved",
        {
            "type": "object",
            "properties": {
                "version": _TEXT,
                "new": {"type": "integer"},
                "moved": {"type": "boolean"},
            },
            "required": ["version"],
        },
    ),
}
STAFF_MAP: dict[str, Any] = {
    "parameters": [
        BBOX,
        in_query("zoom", {"type": "integer", "minimum": 0, "maximum": 22}, required=True),
        *_FILTERS,
    ],
    "responses": _answer(
        "What the queue holds in a box, as GeoJSON", features(sorted(CASE_STATES))
    ),
}
