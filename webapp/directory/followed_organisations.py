"""Whom a wish to hear of an organisation reaches once that has ended, and the same turned round."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, and_, select

from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation
from webapp.directory.validity import valid_on


def organisations_followed(organisation_id: int, on: date) -> frozenset[int]:
    """The organisation itself and, once it has ended, all that took its place one after another."""
    first = select(Organisation.successor_id.label("id")).where(
        Organisation.id == organisation_id, _followed(on)
    )
    later = first.cte("later", recursive=True)
    further = select(Organisation.successor_id).join(later, Organisation.id == later.c.id)
    found = session().scalars(select(later.union(further.where(_followed(on))).c.id))
    return frozenset({organisation_id, *found})


def organisations_hearing(organisation_ids: Iterable[int], on: date) -> dict[int, frozenset[int]]:
    """For each organisation every one whose followers hear of it: itself, what it took over."""
    wanted = sorted(organisation_ids)
    first = select(Organisation.successor_id.label("top"), Organisation.id.label("former")).where(
        Organisation.successor_id.in_(wanted), _followed(on)
    )
    pairs = first.cte("former", recursive=True)
    further = select(pairs.c.top, Organisation.id).join(
        pairs, Organisation.successor_id == pairs.c.former
    )
    found: dict[int, set[int]] = defaultdict(set)
    pairs = pairs.union(further.where(_followed(on)))
    for top, former in session().execute(select(pairs.c.top, pairs.c.former)):
        found[top].add(former)
    return {each: frozenset({each, *found[each]}) for each in wanted}


def organisation_now(body: Organisation, on: date) -> Organisation | None:
    """Who does its work on that day: itself or its last successor; None where nobody does."""
    followed = organisations_followed(body.id, on)
    query = select(Organisation).where(Organisation.id.in_(followed), valid_on(Organisation, on))
    return session().scalar(query.order_by(Organisation.id.desc()).limit(1))


def _followed(on: date) -> ColumnElement[bool]:
    return and_(Organisation.successor_id.is_not(None), Organisation.valid_to < on)
