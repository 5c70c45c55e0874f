"""The communes an officer's queue may hold."""

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.directory.queries import NamedCommune, named_communes
from webapp.reporting.permissions import READ


def units_of(actor: Actor) -> list[NamedCommune]:
    """The communes in force that the actor reads reports of; one or none for a commune officer."""
    held = actor.units_for(READ)
    return [each for each in named_communes(clock.today_local()) if each.id in held]
