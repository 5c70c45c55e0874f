"""GeoReport v2 as JSON Schema, written from the specification's tables of fields."""

from typing import Any

_TEXT = {"type": ["string", "null"]}
_MOMENT = {
    "type": ["string", "null"],
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$",
}


def _object(needed: list[str], /, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": needed,
        "properties": properties,
        "additionalProperties": False,
    }


def _list(items: dict[str, Any], **limits: int) -> dict[str, Any]:
    return {"type": "array", "items": items, **limits}


SERVICES = _list(
    _object(
        ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"],
        service_code={"type": "string", "minLength": 1},
        service_name={"type": "string", "minLength": 1},
        description=_TEXT,
        metadata={"type": "boolean"},
        type={"enum": ["realtime", "batch", "blackbox"]},
        keywords={"type": "string"},
        group=_TEXT,
    ),
    minItems=1,
)
_VALUE = _object(["key", "name"], key={"type": "string"}, name={"type": "string"})
DEFINITION = _object(
    ["service_code", "attributes"],
    service_code={"type": "string"},
    attributes=_list(
        _object(
            [
                "variable",
                "code",
                "datatype",
                "required",
                "datatype_description",
                "order",
                "description",
            ],
            variable={"type": "boolean"},
            code={"type": "string", "minLength": 1},
            datatype={
                "enum": [
                    "string",
                    "number",
                    "datetime",
                    "text",
                    "singlevaluelist",
                    "multivaluelist",
                ]
            },
            required={"type": "boolean"},
            datatype_description=_TEXT,
            order={"type": "integer", "minimum": 1},
            description={"type": "string"},
            values=_list(_VALUE),
        )
    ),
)
_FIELDS: dict[str, Any] = {
    "service_request_id": {"type": "string", "minLength": 1},
    "status": {"enum": ["open", "closed"]},
    "status_notes": _TEXT,
    "service_name": {"type": "string"},
    "service_code": {"type": "string"},
    "description": _TEXT,
    "agency_responsible": _TEXT,
    "service_notice": _TEXT,
    "requested_datetime": _MOMENT,
    "updated_datetime": _MOMENT,
    "expected_datetime": _MOMENT,
    "address": _TEXT,
    "address_id": _TEXT,
    "zipcode": _TEXT,
    "lat": {"type": ["number", "null"], "minimum": -90, "maximum": 90},
    "long": {"type": ["number", "null"], "minimum": -180, "maximum": 180},
    "media_url": _TEXT,
}
REQUESTS = _list(_object(sorted(_FIELDS), **_FIELDS))
EXTENDED = _list(
    _object(
        sorted([*_FIELDS, "extended_attributes"]),
        **_FIELDS,
        extended_attributes={"type": "object"},
    )
)
CREATED = _list(
    _object(
        ["token", "service_notice", "account_id"],
        token={"type": "string", "minLength": 1},
        service_notice=_TEXT,
        account_id=_TEXT,
    ),
    minItems=1,
    maxItems=1,
)
TOKEN = _list(
    _object(
        ["service_request_id", "token"],
        service_request_id={"type": ["string", "null"]},
        token={"type": "string"},
    ),
    minItems=1,
    maxItems=1,
)
ERRORS = _list(
    _object(
        ["code", "description"],
        code={"type": "integer", "minimum": 400, "maximum": 599},
        description={"type": "string", "minLength": 1},
    ),
    minItems=1,
)
_FORMATS = _list({"enum": ["text/xml", "application/json"]}, minItems=1)
DISCOVERY = _object(
    ["changeset", "contact", "key_service", "endpoints"],
    changeset=_MOMENT,
    contact={"type": "string"},
    key_service={"type": "string"},
    endpoints=_list(
        _object(
            ["specification", "url", "changeset", "type", "formats"],
            specification={"const": "http://wiki.open311.org/GeoReport_v2"},
            url={"type": "string", "pattern": "/open311/v2$"},
            changeset=_MOMENT,
            type={"enum": ["production", "test", "dev"]},
            formats=_FORMATS,
        ),
        minItems=1,
    ),
)
