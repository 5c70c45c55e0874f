"""Whose notice it is: a person's own, or that of an organisation the person now works for."""

from sqlalchemy import ColumnElement, or_

from webapp.core.actor import Actor
from webapp.notifications.models import Notice


def addressed_to(actor: Actor) -> ColumnElement[bool]:
    """The notices that the actor may read; a guest and the system have none."""
    organisations = {grant.organisation_id for grant in actor.grants}
    own = Notice.person_id == actor.person_id  # NULL equals nothing
    return or_(own, Notice.organisation_id.in_(organisations))
