"""What one tab of the queue holds for an actor: the table, its condition, its columns."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    exists,
    false,
    literal,
    null,
    or_,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from webapp.cases import permissions as cases_may
from webapp.cases.categories import codes_within, search
from webapp.cases.clocks import SOON
from webapp.cases.indexed import Mostly, replaced, still_open
from webapp.cases.models import Case
from webapp.cases.policy import placed, readable
from webapp.cases.workflow import AWAITING
from webapp.core import clock
from webapp.core.actor import Actor, Level
from webapp.core.base import UtcDateTime
from webapp.core.codes import normalise
from webapp.core.conditions import states_in_words
from webapp.core.search_text import fold
from webapp.deadlines.models import ClockRule, Deadline
from webapp.deadlines.rule_table import CONFIRMATION_WINDOW
from webapp.reporting.indexed import still_waiting
from webapp.reporting.models import Report
from webapp.reporting.permissions import READ
from webapp.reporting.policy import readable_reports
from webapp.triage.filters import CASES, QueueFilters, states_of

FEW_UNITS = 12
_MOST_REPORTS = "submitted"
"""Most reports that wait are in this state: to gather them all for a page would take longest."""
NOW: Any = bindparam("now", type_=UtcDateTime())
_SOON_END: Any = bindparam("soon_end", type_=UtcDateTime())


def moments() -> dict[str, datetime]:
    """The values of the moments that conditions of a source name, for executing them."""
    at = clock.now()
    return {"now": at, "soon_end": at + SOON}


@dataclass(frozen=True)
class Source:
    """How one tab reads its table.

    ``units`` are the units the rows may be of, ``readable`` what the actor may read in any state,
    ``condition`` that and all that was asked, ``placed`` those of them whose exact place the actor
    knows; the others are columns that differ by table. Where
    there are ``many_units`` no index on them helps: the planner is kept from trying.
    """

    kind: str
    model: type[Report] | type[Case]
    units: tuple[int, ...]
    readable: ColumnElement[bool]
    condition: ColumnElement[bool]
    placed: ColumnElement[bool]
    since: Any
    reports: Any
    households: Any
    severity: Any
    unchecked: Any

    def known(self, column: Any) -> Any:
        """A coordinate of the rows, NULL where the actor does not know the place."""
        return column if self.placed is true() else case((self.placed, column))

    @property
    def many_units(self) -> bool:
        """Whether the rows are of a province rather than of a commune and what it grew from."""
        return len(self.units) > FEW_UNITS


@lru_cache(maxsize=128)
def source_of(actor: Actor, filters: QueueFilters) -> Source:
    """The rows of a tab that the actor may read and asked for, built once for the same question.

    To be executed with ``moments``.
    """
    if filters.tab == CASES:
        return Source(
            kind="case",
            model=Case,
            units=_units(actor.units_for(cases_may.READ), filters),
            readable=readable(actor),
            condition=and_(still_open(), asked_cases(actor, filters)),
            placed=placed(actor),
            since=Case.first_reported_at,
            reports=Case.report_count,
            households=Case.household_count,
            severity=Case.severity,
            unchecked=literal(False),
        )
    return Source(
        kind="report",
        model=Report,
        units=_units(actor.units_for(READ), filters),
        readable=readable_reports(actor),
        condition=_reports(actor, filters),
        placed=true(),
        since=Report.received_at,
        reports=literal(1),
        households=Report.households_affected,
        severity=null(),
        unchecked=Report.unchecked,
    )


def without_category_index(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same condition, for which SQLite takes no index on the category.

    It would gather all of a category and put it in order for a page. PostgreSQL weighs that.
    """
    return replaced(condition, "category", _Unindexed)


class _Unindexed(FunctionElement[Any]):
    """A column as it is; SQLite's planner, which keeps no count of rows, sees no column."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(_Unindexed)
def _as_it_is(element: _Unindexed, compiler: SQLCompiler, **kw: Any) -> str:
    return str(compiler.process(next(iter(element.clauses)), **kw))


@compiles(_Unindexed, "sqlite")
def _hidden(element: _Unindexed, compiler: SQLCompiler, **kw: Any) -> str:
    return f"+{_as_it_is(element, compiler, **kw)}"


def _units(held: frozenset[int], filters: QueueFilters) -> tuple[int, ...]:
    return tuple(sorted(held & {filters.unit_id} if filters.unit_id else held))


def _reports(actor: Actor, filters: QueueFilters) -> ColumnElement[bool]:
    conditions = [still_waiting(), readable_reports(actor), _report_holder(actor, filters.holder)]
    if filters.words:
        conditions.append(_report_words(filters.words))
    return and_(*conditions, *_shared(Report, filters))


def asked_cases(actor: Actor, filters: QueueFilters) -> ColumnElement[bool]:
    """The cases that the actor may read and asked for, ended ones too."""
    conditions = [readable(actor), _case_holder(actor, filters.holder)]
    if filters.severity:
        conditions.append(Case.severity == filters.severity)
    if filters.group:
        conditions.append(Case.state.in_(sorted(states_of(filters.group))))
    if filters.due == "closable":
        conditions += [Case.state.in_(states_in_words(AWAITING)), _window_passed()]
    if filters.words:
        conditions.append(_case_words(filters.words))
    return and_(*conditions, *_shared(Case, filters))


def _window_passed() -> ColumnElement[bool]:
    """Whether residents had their time to confirm the result."""
    return exists().where(
        Deadline.subject_kind == "case",
        Deadline.subject_id == Case.id,
        Deadline.stopped_at.is_(None),
        Deadline.due_at < NOW,
        Deadline.rule_id == ClockRule.id,
        ClockRule.key == CONFIRMATION_WINDOW,
    )


def _shared(model: type[Report] | type[Case], filters: QueueFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.unit_id:
        conditions.append(model.handling_unit_id == filters.unit_id)
    if filters.category:
        conditions.append(model.category.in_(sorted(codes_within(filters.category))))
    if filters.state:
        of_state = model.state == filters.state
        conditions.append(Mostly(of_state) if filters.state == _MOST_REPORTS else of_state)
    if filters.due == "overdue":
        conditions.append(model.due_at < NOW)
    if filters.due == "soon":
        conditions.append(model.due_at.between(NOW, _SOON_END))
    if filters.due == "near":
        conditions.append(model.due_at < _SOON_END)
    if filters.urgent:
        conditions.append(model.urgent.is_(True))
    return conditions


def _case_holder(actor: Actor, holder: str) -> ColumnElement[bool]:
    own = sorted(actor.organisations_for(cases_may.READ))
    rules: dict[str, ColumnElement[bool]] = {
        "mine": Case.assignee_id == actor.person_id if actor.person_id else false(),
        "unit": Case.owner_id.in_(own),
        "below": Case.owner_id.not_in(own),
    }
    return rules.get(holder, true())


def _report_holder(actor: Actor, holder: str) -> ColumnElement[bool]:
    """The province's own are those sent straight to it; nobody has reports by name."""
    above = any(grant.level is Level.PROVINCE for grant in actor.grants_for(READ))
    rules: dict[str, ColumnElement[bool]] = {
        "mine": false(),
        "unit": Report.to_province.is_(True) if above else true(),
        "below": Report.to_province.is_(False) if above else false(),
    }
    return rules.get(holder, true())


def _case_words(words: str) -> ColumnElement[bool]:
    folded = (Case.search_text.contains(word, autoescape=True) for word in fold(words).split())
    return or_(Case.code == normalise(words), and_(true(), *folded))


def _report_words(words: str) -> ColumnElement[bool]:
    named = [each.code for each in search(words)]
    within = frozenset().union(*(codes_within(code) for code in named))
    return or_(
        Report.code == normalise(words),
        Report.place_note.icontains(words, autoescape=True),
        Report.description.icontains(words, autoescape=True),
        Report.category.in_(sorted(within)),
    )
