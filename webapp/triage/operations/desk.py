"""Keeping filters and templates: a person's own, or the organisation's."""

from dataclasses import dataclass

from sqlalchemy import func, select

from webapp.audit.operations import Subject, record
from webapp.cases.categories import UnknownCategory, category
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, NotFound
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.directory.models import Person
from webapp.reporting.permissions import DECIDE
from webapp.triage.filters import QueueFilters
from webapp.triage.models import ReplyTemplate, SavedFilter
from webapp.triage.operations.evidence import MISSING, invalid
from webapp.triage.queries.desk import owner_left
from webapp.triage.workflow import WORDED_STEPS

MOST_FILTERS = 30
MOST_TEMPLATES = 200


def save_filter(actor: Actor, *, name: str, filters: QueueFilters, shared: bool) -> SavedFilter:
    """Keep a question under a name; the same name again takes the new question.

    Raises Forbidden, Invalid on ``name`` when nothing is asked or too many are kept.
    """
    person_id, organisation_id = _own(actor)
    if not filters.narrowed:
        raise invalid("name", _("Chưa có điều kiện lọc nào để lưu."))
    own = select(SavedFilter).where(SavedFilter.person_id == person_id)
    found = session().scalar(own.where(SavedFilter.name == name))
    if found is None:
        count = session().scalar(select(func.count()).select_from(own.subquery())) or 0
        if count >= MOST_FILTERS:
            raise invalid("name", _("Đã có %(most)s bộ lọc. Xin bỏ bớt.", most=MOST_FILTERS))
        found = SavedFilter(person_id=person_id, organisation_id=organisation_id, name=name)
        session().add(found)
    found.query, found.shared, found.made_at = filters.query(), shared, clock.now()
    session().flush()
    return found


def rename_filter(actor: Actor, filter_id: int, *, name: str, shared: bool) -> dict[str, str]:
    """Give a filter of the actor's own another name or other readers; what it asks.

    Raises NotFound, Invalid on ``name`` when another own filter has that name.
    """
    found = own_filter(actor, filter_id)
    same = select(SavedFilter.id).where(
        SavedFilter.person_id == found.person_id,
        SavedFilter.name == name,
        SavedFilter.id != found.id,
    )
    if session().scalar(same) is not None:
        raise invalid("name", _("Đã có bộ lọc tên “%(name)s”. Xin đặt tên khác.", name=name))
    found.name, found.shared = name, shared
    session().flush()
    return found.query


def remove_filter(actor: Actor, filter_id: int) -> tuple[str, dict[str, str]]:
    """Forget a filter of the actor's own, or one that was shared by somebody who has left the
    committee since (audited); what it was called and asked. Raises NotFound.
    """
    found = _shared_by_who_left(actor, filter_id)
    if found is None:
        found = own_filter(actor, filter_id)
    else:
        record(actor, "triage.remove_filter", Subject("saved_filter", found.id), by=DECIDE)
    session().delete(found)
    return found.name, found.query


def own_filter(actor: Actor, filter_id: int) -> SavedFilter:
    """A filter that the actor keeps. Raises NotFound, for others' shared ones too."""
    found = session().get(SavedFilter, filter_id)
    if found is None or found.person_id != actor.person_id:
        raise NotFound
    return found


def _shared_by_who_left(actor: Actor, filter_id: int) -> SavedFilter | None:
    query = (
        select(SavedFilter)
        .join(Person, Person.id == SavedFilter.person_id)
        .where(
            SavedFilter.id == filter_id,
            SavedFilter.person_id != actor.person_id,
            SavedFilter.shared,
            SavedFilter.organisation_id.in_(sorted(actor.organisations_for(DECIDE))),
            owner_left(clock.today_local()),
        )
    )
    return session().scalar(query)


@dataclass(frozen=True)
class Wording:
    """A template as it is edited; ``category`` of "" is for all."""

    step: str
    category: str
    name: str
    words: str


def save_template(actor: Actor, wording: Wording, *, template_id: int | None) -> ReplyTemplate:
    """Write a template of the own organisation, new or over an old one; audited.

    Raises Forbidden, NotFound, Invalid by field.
    """
    person_id, organisation_id = _own(actor)
    _check(wording)
    found = _template(actor, template_id) if template_id else None
    if found is None:
        _refuse_too_many(organisation_id)
        found = ReplyTemplate(organisation_id=organisation_id)
        session().add(found)
    found.step, found.category = wording.step, wording.category or None
    found.name, found.words = wording.name, wording.words
    found.changed_at, found.changed_by_id = clock.now(), person_id
    session().flush()
    record(actor, "triage.template", Subject("reply_template", found.id), by=DECIDE)
    return found


def remove_template(actor: Actor, template_id: int) -> Wording:
    """Remove a template of the own organisation, audited; what it said. Raises NotFound."""
    found = _template(actor, template_id)
    record(actor, "triage.remove_template", Subject("reply_template", found.id), by=DECIDE)
    session().delete(found)
    return Wording(found.step, found.category or "", found.name, found.words)


def _template(actor: Actor, template_id: int) -> ReplyTemplate:
    found = session().get(ReplyTemplate, template_id)
    if found is None or found.organisation_id not in actor.organisations_for(DECIDE):
        raise NotFound
    return found


def _own(actor: Actor) -> tuple[int, int]:
    grants = actor.grants_for(DECIDE)
    if actor.person_id is None or not grants:
        raise Forbidden
    return actor.person_id, grants[0].organisation_id


def _check(wording: Wording) -> None:
    if wording.step not in WORDED_STEPS:
        raise invalid("step", MISSING)
    try:
        if wording.category:
            category(wording.category)
    except UnknownCategory:
        raise invalid("category", MISSING) from None


def _refuse_too_many(organisation_id: int) -> None:
    kept = select(func.count(ReplyTemplate.id)).where(
        ReplyTemplate.organisation_id == organisation_id
    )
    if (session().scalar(kept) or 0) >= MOST_TEMPLATES:
        raise invalid("name", _("Đã có %(most)s mẫu. Xin bỏ bớt.", most=MOST_TEMPLATES))
