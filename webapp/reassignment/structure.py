"""Units, organisations, inboxes and roles of a merger: written in one transaction, first of all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from geo.areas import Area, merged_areas
from geo.points import Point
from geo.sql import area_from, stored_area
from webapp.accounts.models import Assignment
from webapp.core import clock
from webapp.core.unit_of_work import session
from webapp.directory.models import FocalPoint, Organisation, Unit, UnitArea, UnitSuccession
from webapp.directory.organisation_rows import body_for
from webapp.directory.queries import inboxes_of, organisation_of
from webapp.reassignment.models import ReassignedRow, Reassignment
from webapp.reassignment.planning import (
    FOLLOWED,
    Plan,
    assignments,
    bodies_of,
    delegations,
    inboxes,
)
from webapp.reassignment.snapshots import columns, part


@dataclass
class _Book:
    """Writes down each change with what stood there before."""

    batch: Reassignment

    def change(self, kind: str, row: Any, label: str, **values: Any) -> None:
        """Set columns of a row that is there."""
        name = part(kind, row)
        before = columns(name)
        for column, value in values.items():
            setattr(row, column, value)
        session().flush()
        self._write(kind, name, label, before)

    def add(self, kind: str, row: Any, label: str) -> None:
        """A row that was not there."""
        session().add(row)
        session().flush()
        self._write(kind, part(kind, row), label, None)

    def _write(self, kind: str, name: str, label: str, before: dict[str, Any] | None) -> None:
        made = ReassignedRow(
            batch_id=self.batch.id,
            kind=kind,
            row_id=int(name.partition(":")[2]),
            label=label[:200],
            state="moved",
            before={name: before},
            after={name: columns(name)},
            at=clock.now(),
        )
        session().add(made)
        session().flush()


def reorganise(batch: Reassignment, plan: Plan) -> dict[int, int]:
    """End the old units and bodies, let the new ones follow; which organisation follows which.

    Old names lead to the successor from now on, and its people answer for what was left.
    """
    book, bodies = _Book(batch), bodies_of(plan)
    roles = assignments(bodies, plan.effective)
    _merge_areas(book, plan)
    for unit in plan.predecessors:
        book.change("unit", unit, unit.name, valid_to=plan.last_day)
        link = UnitSuccession(old_id=unit.id, new_id=plan.successor.id, effective=plan.effective)
        book.add("unit_succession", link, f"{unit.name} → {plan.successor.name}")
    followers = dict(_follow(book, plan, bodies))
    _move_people(book, plan, followers, roles)
    return followers


def _follow(book: _Book, plan: Plan, bodies: list[Organisation]) -> Iterator[tuple[int, int]]:
    for body in bodies:
        if body.kind not in FOLLOWED:
            book.change("organisation", body, body.name, unit_id=plan.successor.id)
            continue
        follower = organisation_of(plan.successor.id, body.kind, plan.effective)
        if follower is None:
            follower = body_for(plan.successor, body, plan.effective)
            book.add("organisation", follower, follower.name)
        book.change(
            "organisation", body, body.name, valid_to=plan.last_day, successor_id=follower.id
        )
        yield body.id, follower.id


def _move_people(
    book: _Book, plan: Plan, followers: dict[int, int], roles: list[Assignment]
) -> None:
    ended = sorted(followers)
    for inbox in inboxes(ended, plan.effective):
        _move_inbox(book, plan, inbox, followers[inbox.organisation_id])
    for role in roles:
        _move_role(book, plan, role, followers.get(role.organisation_id, role.organisation_id))
    for each in delegations(ended, plan.effective):
        label = f"{each.valid_from:%d/%m/%Y} – {each.valid_to:%d/%m/%Y}"
        book.change("delegation", each, label, organisation_id=followers[each.organisation_id])


def _move_inbox(book: _Book, plan: Plan, inbox: FocalPoint, organisation_id: int) -> None:
    """The inbox of an ended body reads on as its follower's; the first one is the focal unit."""
    present = inboxes_of(organisation_id, plan.effective)
    book.change("focal_point", inbox, inbox.name, valid_to=plan.last_day)
    if any((each.name, each.email) == (inbox.name, inbox.email) for each in present):
        return
    follower = FocalPoint(
        organisation_id=organisation_id,
        name=inbox.name,
        email=inbox.email,
        substitute=bool(present) or inbox.substitute,
        valid_from=max(plan.effective, inbox.valid_from),
        valid_to=None,
    )
    book.add("focal_point", follower, inbox.name)


def _move_role(book: _Book, plan: Plan, role: Assignment, organisation_id: int) -> None:
    unit_id = plan.successor.id if role.unit_id in plan.unit_ids else role.unit_id
    label, last, wanted = role.person.name, role.valid_to, (organisation_id, unit_id)
    begins = max(plan.effective, role.valid_from)
    book.change("assignment", role, label, valid_to=plan.last_day)
    if not _has(role, wanted, begins):
        follower = Assignment(
            person_id=role.person_id,
            role_id=role.role_id,
            organisation_id=organisation_id,
            unit_id=unit_id,
            valid_from=begins,
            valid_to=last,
        )
        book.add("assignment", follower, label)


def _has(role: Assignment, wanted: tuple[int, int], on: date) -> bool:
    organisation_id, unit_id = wanted
    query = select(Assignment.id).where(
        Assignment.person_id == role.person_id,
        Assignment.role_id == role.role_id,
        Assignment.organisation_id == organisation_id,
        Assignment.unit_id == unit_id,
        Assignment.valid_from <= on,
        Assignment.valid_to.is_(None),
    )
    return session().scalar(query.limit(1)) is not None


def _merge_areas(book: _Book, plan: Plan) -> None:
    """The successor's ground holds that of the others, unless its own area already does."""
    stored = {
        row.unit_id: row
        for row in session().scalars(
            select(UnitArea).where(UnitArea.unit_id.in_([*plan.unit_ids, plan.successor.id]))
        )
    }
    own = stored.get(plan.successor.id)
    areas = {str(key): area_from(row.geom) for key, row in stored.items()}
    if not set(stored) - {plan.successor.id} or _holds_all(own, plan):
        return
    merged = merged_areas(areas, dict.fromkeys(areas, "all"))["all"]
    approximate = any(row.approximate for row in stored.values())
    if own is None:
        made = UnitArea(
            unit_id=plan.successor.id, approximate=approximate, geom=stored_area(merged)
        )
        book.add("unit_area", made, plan.successor.name)
    else:
        values = {"approximate": approximate, "geom": stored_area(merged)}
        book.change("unit_area", own, plan.successor.name, **values)


def _holds_all(own: UnitArea | None, plan: Plan) -> bool:
    """Whether the successor's own area holds the middle of every unit that ends."""
    if own is None:
        return False
    area = Area(plan.successor.code, area_from(own.geom))
    return all(_inside(area, unit) for unit in plan.predecessors)


def _inside(area: Area, unit: Unit) -> bool:
    return (
        unit.lon is not None and unit.lat is not None and area.contains(Point(unit.lon, unit.lat))
    )
