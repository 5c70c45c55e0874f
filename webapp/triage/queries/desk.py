"""What an officer's desk keeps: saved filters, the organisation's templates."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, and_, bindparam, exists, not_, or_, select

from webapp.accounts.absence import can_sign_in
from webapp.accounts.models import Assignment
from webapp.cases.models import Case
from webapp.cases.policy import readable
from webapp.core.actor import Actor
from webapp.core.clock import today_local
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session
from webapp.directory.models import Person, Unit
from webapp.directory.validity import valid_on
from webapp.reporting.models import Report
from webapp.reporting.permissions import DECIDE
from webapp.reporting.policy import readable_reports
from webapp.triage.models import ReplyTemplate, SavedFilter
from webapp.triage.workflow import WORDED_STEPS


class NamedFilter(NamedTuple):
    """A filter with a name, as the desk offers it; ``left`` when its owner works there no more."""

    id: int
    person_id: int
    name: str
    shared: bool
    query: dict[str, str]
    left: bool


def saved_filters(actor: Actor) -> list[NamedFilter]:
    """The actor's own filters and those their organisations share, by name."""
    return list(map(NamedFilter._make, _saved(actor).rows({"on": today_local()})))


@lru_cache(maxsize=64)
def _saved(actor: Actor) -> Prepared:
    """Built once for the same actor: building takes longer than running."""
    saved = SavedFilter
    shared = and_(saved.shared.is_(True), saved.organisation_id.in_(sorted(_organisations(actor))))
    on: Any = bindparam("on", type_=Date())
    return Prepared(
        select(saved.id, saved.person_id, saved.name, saved.shared, saved.query, owner_left(on))
        .join(Person, Person.id == saved.person_id)
        .where(or_(saved.person_id == actor.person_id, shared))
        .order_by(saved.name, saved.id)
    )


def owner_left(on: date) -> ColumnElement[bool]:
    """Whether the ``Person`` of a ``SavedFilter`` works in its organisation no more."""
    works = exists().where(
        Assignment.person_id == SavedFilter.person_id,
        Assignment.organisation_id == SavedFilter.organisation_id,
        valid_on(Assignment, on),
    )
    return not_(and_(works, can_sign_in()))


def templates_for(actor: Actor, step: str, category_codes: frozenset[str]) -> list[ReplyTemplate]:
    """The templates of the actor's organisations for a step: those of the category first."""
    query = select(ReplyTemplate).where(
        ReplyTemplate.organisation_id.in_(sorted(_organisations(actor))),
        ReplyTemplate.step == step,
        or_(
            ReplyTemplate.category.is_(None),
            ReplyTemplate.category.in_(sorted(category_codes)),
        ),
    )
    found = session().scalars(query.order_by(ReplyTemplate.name, ReplyTemplate.id))
    return sorted(found, key=lambda each: each.category is None)


def all_templates(actor: Actor) -> list[ReplyTemplate]:
    """Every template of the actor's organisations, by step as steps are offered, and name."""
    query = select(ReplyTemplate).where(
        ReplyTemplate.organisation_id.in_(sorted(_organisations(actor)))
    )
    found, steps = session().scalars(query.order_by(ReplyTemplate.name)), list(WORDED_STEPS)
    return sorted(found, key=lambda each: steps.index(each.step))


class NamedRecord(NamedTuple):
    """What a code stands for: category and unit."""

    category: str
    unit_name: str
    unit_name_en: str


def named_cases(actor: Actor, codes: Iterable[str]) -> dict[str, NamedRecord]:
    """Those of the cases by these codes that the actor may open."""
    return _named(Case, readable(actor), codes)


def named_reports(actor: Actor, codes: Iterable[str]) -> dict[str, NamedRecord]:
    """Those of the reports by these codes that the actor may read."""
    return _named(Report, readable_reports(actor), codes)


def _named(
    model: type[Case] | type[Report], visible: ColumnElement[bool], codes: Iterable[str]
) -> dict[str, NamedRecord]:
    rows = session().execute(
        select(model.code, model.category, Unit.name, Unit.name_en)
        .join(Unit, Unit.id == model.handling_unit_id)
        .where(model.code.in_(sorted(codes)), visible)
    )
    return {code: NamedRecord(*rest) for code, *rest in rows}


def _organisations(actor: Actor) -> frozenset[int]:
    return actor.organisations_for(DECIDE)
