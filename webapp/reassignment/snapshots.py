"""The columns of a record that a merger changes: taken, compared, put back.

A snapshot maps ``<kind>:<id>`` to the columns of that row, or to None where the row was not there.
Days and moments are kept as text, areas as their bytes in hexadecimal signs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from geo.areas import area_in_text, text_of_area
from geo.sql import area_from, stored_area
from webapp.accounts.models import Assignment, Delegation
from webapp.cases.models import Case, Proposal
from webapp.casework.models import CaseLetter, Recommendation
from webapp.core.unit_of_work import session
from webapp.deadlines.models import Deadline
from webapp.directory.models import FocalPoint, Organisation, Unit, UnitArea, UnitSuccession
from webapp.documents.models import Document
from webapp.inspections.models import Establishment, InspectionFile
from webapp.reporting.models import Report
from webapp.triage.models import ReplyTemplate, SavedFilter

Snapshot = dict[str, dict[str, Any] | None]


@dataclass(frozen=True)
class Kind:
    """A table: its columns that name units, organisations, days; and those that tell a change.

    ``questions`` are columns that ask for a unit, by its id in text under ``unit``; ``moments`` and
    ``texts`` what is written anew for the body that follows.
    """

    model: type[Any]
    units: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()

    @property
    def moved(self) -> tuple[str, ...]:
        """The columns that are set, and put back."""
        return (
            *self.units,
            *self.organisations,
            *self.days,
            *self.questions,
            *self.moments,
            *self.texts,
        )


KINDS: Mapping[str, Kind] = {
    "case": Kind(
        Case,
        units=("handling_unit_id",),
        organisations=("owner_id", "office_id", "addressee_id"),
        guards=("version", "state"),
    ),
    "report": Kind(Report, units=("handling_unit_id",), guards=("version", "state")),
    "deadline": Kind(Deadline, organisations=("owner_id",), guards=("stopped_at",)),
    "proposal": Kind(Proposal, units=("target_unit_id",), guards=("state",)),
    "recommendation": Kind(
        Recommendation,
        organisations=("author_id", "addressee_id", "handler_id"),
        texts=("state",),
        guards=("version",),
    ),
    "case_letter": Kind(
        CaseLetter,
        organisations=("author_id", "partner_id"),
        texts=("state",),
        guards=("version",),
    ),
    "inspection_file": Kind(
        InspectionFile,
        units=("unit_id",),
        organisations=("office_id", "approver_id"),
        guards=("version", "state"),
    ),
    "establishment": Kind(Establishment, units=("unit_id",), guards=("version",)),
    "document": Kind(
        Document,
        organisations=("organisation_id",),
        moments=("signed_at",),
        texts=(
            "subject",
            "content",
            "notation",
            "signer_prefix",
            "signer_name",
            "signer_position",
            "partner_name",
        ),
        guards=("number",),
    ),
    "reply_template": Kind(ReplyTemplate, organisations=("organisation_id",)),
    "saved_filter": Kind(SavedFilter, organisations=("organisation_id",), questions=("query",)),
    "unit": Kind(Unit, days=("valid_to",)),
    "unit_succession": Kind(UnitSuccession, guards=("old_id", "new_id")),
    "unit_area": Kind(UnitArea, guards=("approximate",)),
    "organisation": Kind(
        Organisation, units=("unit_id",), organisations=("successor_id",), days=("valid_to",)
    ),
    "focal_point": Kind(FocalPoint, days=("valid_to",), guards=("email", "name")),
    "assignment": Kind(Assignment, days=("valid_to",), guards=("unit_id", "role_id")),
    "delegation": Kind(Delegation, organisations=("organisation_id",), guards=("ended_at",)),
}


def part(kind: str, row: Any) -> str:
    """How a row is named in a snapshot."""
    return f"{kind}:{row.unit_id if kind == 'unit_area' else row.id}"


def snapshot(parts: Iterable[str]) -> Snapshot:
    """The columns of these rows as they stand; None for a row that is not there."""
    return {name: columns(name) for name in parts}


def columns(name: str) -> dict[str, Any] | None:
    """The columns of one row."""
    row = find(name)
    if row is None:
        return None
    kind = KINDS[name.partition(":")[0]]
    found = {column: _plain(getattr(row, column)) for column in (*kind.moved, *kind.guards)}
    if isinstance(row, UnitArea):
        found["geom"] = text_of_area(area_from(row.geom))
    return found


def find(name: str) -> Any:
    """The row of a part, as the database has it now; None when it is not there."""
    kind, _colon, key = name.partition(":")
    model = KINDS[kind].model
    # A spatial row is not locked: its table has no other writer than an administrator's batch.
    return session().get(model, int(key), populate_existing=True)


def put_back(name: str, before: Mapping[str, Any]) -> None:
    """Set the moved columns of a row to what they were."""
    row, kind = find(name), KINDS[name.partition(":")[0]]
    for column in before.keys() & set(kind.moved):  # an older batch may know fewer
        setattr(row, column, _as_stored(kind, column, before[column]))
    if isinstance(row, UnitArea):
        row.geom = stored_area(area_in_text(before["geom"]))
        row.approximate = before["approximate"]


def _as_stored(kind: Kind, column: str, value: Any) -> Any:
    if value and column in kind.days:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if value and column in kind.moments else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
