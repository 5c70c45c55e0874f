"""The shapes of Open311 GeoReport v2: services, definitions, requests, discovery.

Plain values in the order of the specification; the views write them as JSON or XML.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from webapp.cases.categories import Branch, Category, category, picture_of, tree
from webapp.cases.sentences import case_title
from webapp.cases.workflow import CASE_STATES
from webapp.core import clock
from webapp.core.text import _
from webapp.directory.names import name_in
from webapp.open_data.addresses import absolute, photo_url
from webapp.open_data.queries.cases import OpenCase
from webapp.reporting.workflow import NATURES
from webapp.web.locale import choose, translated

ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "photos": "photo",
}
"""What the items of each list are called in XML."""

CHANGED = date(2026, 11, 22)
"""The day on which services or their definitions last changed shape."""

_SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


def services() -> list[dict[str, Any]]:
    """Every category that a report may be sent for, at any depth."""
    return [_service(node) for node in _nodes(tree())]


def definition(code: str) -> dict[str, Any]:
    """What may be said about a report of this category. Raises UnknownCategory."""
    return {"service_code": category(code).code, "attributes": _attributes()}


def request_of(case: OpenCase, *, extended: bool) -> dict[str, Any]:
    """A public case as a request; places are public points, moments are days."""
    language = choose()
    unit = case.unit.name_en if language == "en" else case.unit.name
    found: dict[str, Any] = {
        "service_request_id": case.code,
        "status": "closed" if case.state == "closed" else "open",
        "status_notes": case.last_step,
        "service_name": category(case.category).label.in_language(language),
        "service_code": case.category,
        "description": case.summary,
        "agency_responsible": _agency(case, language),
        "service_notice": None,
        "requested_datetime": moment(case.since),
        "updated_datetime": moment(case.updated),
        "expected_datetime": moment(case.due) if case.due else None,
        "address": ", ".join(filter(None, (case.place, unit))),
        "address_id": f"{case.unit.code_system}:{case.unit.code}",
        "zipcode": None,
        "lat": case.lat,
        "long": case.lon,
        "media_url": photo_url(case.photos[0].uid) if case.photos else None,
    }
    if extended:
        found["extended_attributes"] = _extended(case, unit, language)
    return found


def moment(day: date) -> str:
    """The start of a local day, as the specification writes instants."""
    return datetime.combine(day, time(), tzinfo=clock.LOCAL).isoformat()


def discovery() -> dict[str, Any]:
    """Where the service is and what it speaks."""
    endpoint = absolute("open311.discovery").removesuffix("/discovery")
    about = absolute("open_page.about")
    return {
        "changeset": moment(CHANGED),
        "contact": translated(_("Ủy ban MTTQ Việt Nam tỉnh. Xem %(url)s", url=about)),
        "key_service": translated(_("Xin khóa ở Ủy ban MTTQ Việt Nam tỉnh: %(url)s", url=about)),
        "endpoints": [
            {
                "specification": _SPECIFICATION,
                "url": endpoint,
                "changeset": moment(CHANGED),
                "type": "production",
                "formats": ["application/json", "text/xml"],
            }
        ],
    }


def _nodes(branches: Iterable[Branch]) -> Iterable[Category]:
    for branch in branches:
        yield branch.category
        yield from _nodes(branch.branches)


def _service(node: Category) -> dict[str, Any]:
    language = choose()
    return {
        "service_code": node.code,
        "service_name": node.label.in_language(language),
        "description": node.ask.in_language(language),
        "metadata": True,
        # With a token the number follows later; what is never public never gets one.
        "type": "blackbox" if node.public_never else "batch",
        "keywords": ",".join(node.words),
        "group": category(picture_of(node.code)).label.in_language(language),
    }


def _attributes() -> list[dict[str, Any]]:
    natures = [{"key": code, "name": translated(words)} for code, words in NATURES.items()]
    rows: tuple[tuple[str, str, str, list[dict[str, str]]], ...] = (
        ("nature", "singlevaluelist", translated(_("Tính chất")), natures),
        ("observed_at", "datetime", translated(_("Thời điểm phát hiện")), []),
        ("households_affected", "number", translated(_("Số hộ bị ảnh hưởng")), []),
    )
    return [
        {
            "variable": True,
            "code": code,
            "datatype": datatype,
            "required": False,
            "datatype_description": "",
            "order": order,
            "description": words,
            "values": values,
        }
        for order, (code, datatype, words, values) in enumerate(rows, start=1)
    ]


def _agency(case: OpenCase, language: str) -> str:
    body = case.office or case.owner
    return name_in(language, body)


def _extended(case: OpenCase, unit: str, language: str) -> dict[str, Any]:
    return {
        "title": case_title(case.category, unit, language),
        "state": case.state,
        "state_label": translated(CASE_STATES[case.state]),
        "overdue": case.overdue,
        "first_reported": case.first_reported,
        "closed_on": case.closed.isoformat() if case.closed else None,
        "precision_m": case.precision_m,
        "waste_source": case.waste_source,
        "reports_from_5": case.reports,
        "households_at_least": case.households,
        "case_url": absolute("public_cases.case", code=case.code),
        "photos": [photo_url(photo.uid) for photo in case.photos],
    }
