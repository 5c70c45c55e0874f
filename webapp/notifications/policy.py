"""Whose notice it is: a person's own, or that of an organisation the person now works for."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_

from webapp.core.actor import Actor
from webapp.notifications.models import Notice

LeftBy = Callable[[Any], ColumnElement[bool]]

_left_by: LeftBy = lambda person_id: false()  # noqa: E731


def set_left_by(condition: LeftBy) -> None:
    """Say who stepped aside from what a notice is about; accounts know it, and stand above."""
    global _left_by
    _left_by = condition


def addressed_to(actor: Actor) -> ColumnElement[bool]:
    """The notices that the actor may read; a guest and the system have none.

    None of a matter from which they stepped aside.
    """
    organisations = {grant.organisation_id for grant in actor.grants}
    own = Notice.person_id == actor.person_id  # NULL equals nothing
    told = or_(own, Notice.organisation_id.in_(organisations))
    return told if actor.person_id is None else and_(told, not_(_left_by(actor.person_id)))
