"""Whose tasks are whose: a group's members see its tasks and nothing of the case behind them."""

from sqlalchemy import ColumnElement, false

from webapp.cases import permissions as may
from webapp.core.actor import Actor
from webapp.triage.models import LocalAction, SiteCheck


def checks_for(actor: Actor) -> ColumnElement[bool]:
    """The condition on ``SiteCheck`` for tasks of the actor's groups; see ``is_left_out``."""
    organisations = actor.organisations_for(may.RECORD_VERIFICATION)
    return SiteCheck.organisation_id.in_(sorted(organisations)) if organisations else false()


def is_left_out(actor: Actor, check: SiteCheck) -> bool:
    """Whether this member does not get the task: for them it is not there."""
    return actor.person_id in check.left_out


def actions_for(actor: Actor) -> ColumnElement[bool]:
    """The condition on ``LocalAction`` for what the actor's organisations were given."""
    organisations = actor.organisations_for(may.REPORT_LOCAL_RESULT)
    return LocalAction.organisation_id.in_(sorted(organisations)) if organisations else false()
