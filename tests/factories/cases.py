"""Cases in any state, inserted as rows: what a test needs to see, without the way there."""

import itertools
from datetime import UTC, datetime
from typing import Any

from geo.cells import cell_of
from geo.points import Point
from geo.privacy import public_point
from tests.factories.directory import a_unit, an_organisation
from webapp.cases.categories import category
from webapp.cases.journal import counted, write_change
from webapp.cases.models import Case, TimelineLine
from webapp.core.search_text import fold
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation, Unit

AT_NA_TAU = Point(103.117_283, 21.457_619)
REPORTED = datetime(2026, 2, 3, 8, 41, 27, 318_204, tzinfo=UTC)
PUBLISHED = datetime(2026, 2, 5, 3, 12, 9, 442_871, tzinfo=UTC)
NEVER_PUBLIC_YET = frozenset({"received", "verifying"})
_NUMBERS = itertools.count(1)


def make_case(
    state: str = "assessed",
    *,
    category_code: str = "dumping",
    unit: Unit | None = None,
    owner: Organisation | None = None,
    point: Point | None = AT_NA_TAU,
    public: bool | None = None,
    **changes: Any,
) -> Case:
    """A case inside the caller's write unit, counted as its steps would have left it.

    Public unless its state says otherwise. ``changes`` set any column.
    """
    unit = unit or a_unit()
    node = category(category_code)
    shown = public_point(point, node.precision_m) if point else None
    is_public = state not in NEVER_PUBLIC_YET if public is None else public
    values: dict[str, Any] = {
        "code": f"VV{next(_NUMBERS):07d}",
        "category": node.code,
        "state": state,
        "version": 1,
        "level": "commune",
        "urgent": node.urgency == "urgent",
        "secret": node.secret,
        "handling_unit_id": unit.id,
        "owner_id": (owner or an_organisation(unit=unit)).id,
        "to_province": False,
        "released": False,
        "precision_m": node.precision_m,
        "lon": point.lon if point else None,
        "lat": point.lat if point else None,
        "cell": cell_of(point) if point else None,
        "public_lon": shown.lon if shown else None,
        "public_lat": shown.lat if shown else None,
        "public_cell": cell_of(shown) if shown else None,
        "first_reported_at": REPORTED,
        "opened_at": REPORTED,
        "report_count": 1,
        "overdue": False,
        "closed_at": PUBLISHED if state == "closed" else None,
        "dismissal": "not_found" if state == "dismissed" else None,
    }
    if is_public:
        values |= {
            "summary": "Rác đổ thành đống cạnh đường vào bản.",
            "severity": "moderate",
            "waste_source": "household",
            "public_since": PUBLISHED,
        }
    values |= changes
    words = f"{node.label.vi} {unit.name} {values.get('summary') or ''}"
    case = Case(**{"search_text": fold(words)} | values)
    session().add(case)
    session().flush()
    write_change(frozenset(), counted(case))
    return case


def move_case(case: Case, state: str, **changes: Any) -> None:
    """Set another state and columns, journalled as a step would."""
    before = counted(case)
    case.state = state
    case.closed_at = PUBLISHED if state == "closed" else None
    case.dismissal = "not_found" if state == "dismissed" else None
    for name, value in changes.items():
        setattr(case, name, value)
    session().flush()
    write_change(before, counted(case))


def make_line(case: Case, words: str | None, **changes: Any) -> TimelineLine:
    """A line of the timeline, of the Front unless told otherwise."""
    values: dict[str, Any] = {
        "case_id": case.id,
        "at": PUBLISHED,
        "transition": "assess",
        "to_state": case.state,
        "voice": "front",
        "organisation_id": case.owner_id,
        "public_line": words,
        "visible_from": PUBLISHED,
    }
    line = TimelineLine(**values | changes)
    session().add(line)
    session().flush()
    return line
