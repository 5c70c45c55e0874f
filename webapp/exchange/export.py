"""Cases as a neutral file: what the officer may read, never who reported it. Each file is noted."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

import orjson

from webapp.audit.operations import Subject, record
from webapp.cases import permissions as may
from webapp.cases.categories import category
from webapp.cases.workflow import CASE_STATES, CONCLUSIONS
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Invalid
from webapp.core.text import _
from webapp.documents.queries import code_of
from webapp.exchange.queries import (
    ExportedCase,
    ExportQuestion,
    count_exported,
    exported_cases,
)
from webapp.exchange.table import FORMAT, NAMES
from webapp.open_data.addresses import absolute
from webapp.open_data.csv_writer import csv_lines
from webapp.outcomes.facts import first_reported

MAX_CASES: Final = 5000
KINDS: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
_NO_STORY: Final = "handed_over"


def export_cases(actor: Actor, asked: ExportQuestion, kind: str) -> bytes:
    """The file, ``kind`` csv or json; call inside a write unit, for the log.

    Raises Forbidden, and Invalid on ``words`` for more than ``MAX_CASES``.
    """
    actor.demand(may.READ)
    count = count_exported(actor, asked)
    if count > MAX_CASES:
        words = _("Quá %(max)s vụ việc. Xin lọc hẹp lại.", max=MAX_CASES)
        raise Invalid(words, fields={"words": words})
    rows = (row for each in exported_cases(actor, asked) for row in rows_of(each))
    content = _as_csv(rows) if kind == "csv" else _as_json(rows)
    record(
        actor,
        "exchange.export",
        Subject("case", None),
        by=may.READ,
        cases=count,
        kind=kind,
        ended=asked.ended,
        narrowed=asked.filters.narrowed,
    )
    return content


def rows_of(exported: ExportedCase) -> Iterator[dict[str, Any]]:
    """One row for each number of the other system, one without a number where there is none."""
    facts = _facts(exported)
    none: list[tuple[str | None, date | None]] = [(None, None)]
    for number, received_on in [*exported.numbers] or none:
        yield {name: facts.get(name) for name in NAMES} | {
            "reference_number": number,
            "received_on": received_on,
        }


def _as_csv(rows: Iterator[dict[str, Any]]) -> bytes:
    return b"".join(csv_lines(NAMES, ([row[name] for name in NAMES] for row in rows)))


def _as_json(rows: Iterator[dict[str, Any]]) -> bytes:
    whole = {"format": FORMAT, "made_at": clock.now().isoformat(), "cases": list(rows)}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2)


def _facts(exported: ExportedCase) -> dict[str, Any]:
    """What both systems may know of a case; one that was handed over tells no more than that."""
    case = exported.case
    known = {
        "case_code": case.code,
        "category": case.category,
        "category_label": category(case.category).label.vi,
        "unit_system": case.handling_unit.code_system,
        "unit_code": case.handling_unit.code,
        "unit_name": case.handling_unit.name,
        "state": case.state,
        "state_label": CASE_STATES[case.state].source,
        "first_reported": first_reported(case),
        "opened_on": _day(case.opened_at),
        "front": case.owner.name,
    }
    return known if case.state == _NO_STORY else known | _story(exported) | _result(exported)


def _story(exported: ExportedCase) -> dict[str, Any]:
    case, letter = exported.case, exported.letter
    office = case.office or case.addressee
    return {
        "place": case.public_place,
        "lon": case.public_lon,
        "lat": case.public_lat,
        "precision_m": case.precision_m if case.public_lon is not None else None,
        "households": case.household_count or None,
        "overdue": case.overdue,
        "due_on": _day(case.due_at),
        "severity": case.severity,
        "waste_source": case.waste_source,
        "summary": case.summary,
        "reports": case.report_count,
        "office": office.name if office else None,
        "letter_number": code_of(letter.document) if letter else None,
        "letter_sent_on": letter.issued_on if letter else None,
        "letter_due_on": letter.due_on if letter else None,
        "letter_answered_on": letter.answered_on if letter else None,
    }


def _result(exported: ExportedCase) -> dict[str, Any]:
    case, page = exported.case, exported.outcome
    label = CONCLUSIONS[case.conclusion].source if case.conclusion else None
    return {
        "conclusion": case.conclusion,
        "conclusion_label": label,
        "closed_on": _day(case.closed_at),
        "outcome_on": _day(page.published_at) if page else None,
        "outcome_front": page.front_words if page else None,
        "outcome_office": page.office_words if page else None,
        "outcome_url": absolute("public_outcomes.outcome", code=case.code) if page else None,
    }


def _day(moment: datetime | None) -> date | None:
    return clock.local(moment).date() if moment else None
