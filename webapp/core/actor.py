"""Who acts: handed to every operation and query, never taken from hidden state."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from webapp.core.errors import Forbidden
from webapp.core.permissions import Permission


class ActorKind(StrEnum):
    """How the actor came in."""

    GUEST = "guest"
    PERSON = "person"
    SYSTEM = "system"


class Level(StrEnum):
    """The level of the administrative unit that a grant is for."""

    PROVINCE = "province"
    COMMUNE = "commune"


@dataclass(frozen=True)
class Grant:
    """One role assignment in force today: role x organisation x unit x validity.

    ``unit_ids`` are the unit itself and every unit below it, so that a query can use it as is.
    """

    assignment_id: int
    role: str
    organisation_id: int
    unit_id: int
    level: Level
    unit_ids: frozenset[int]
    permissions: frozenset[str]


@dataclass(frozen=True)
class Actor:
    """A guest, a signed-in person with the grants in force now, or the system itself."""

    kind: ActorKind
    person_id: int | None = None
    grants: tuple[Grant, ...] = ()

    def grants_for(self, permission: Permission) -> tuple[Grant, ...]:
        """The grants that carry this permission."""
        return tuple(grant for grant in self.grants if permission in grant.permissions)

    def may(self, permission: Permission) -> bool:
        """Whether any grant carries this permission, for any place."""
        return self.kind is ActorKind.SYSTEM or bool(self.grants_for(permission))

    def demand(self, permission: Permission) -> None:
        """Raise Forbidden unless some grant carries this permission."""
        if not self.may(permission):
            raise Forbidden

    def demand_any(self, permissions: Iterable[Permission]) -> None:
        """Raise Forbidden unless some grant carries one of these permissions."""
        if not any(self.may(permission) for permission in permissions):
            raise Forbidden

    def units_for(self, permission: Permission) -> frozenset[int]:
        """Every unit where the permission holds."""
        return frozenset().union(*(grant.unit_ids for grant in self.grants_for(permission)))

    def organisations_for(self, permission: Permission) -> frozenset[int]:
        """Every organisation on whose behalf the permission holds."""
        return frozenset(grant.organisation_id for grant in self.grants_for(permission))


GUEST = Actor(ActorKind.GUEST)
SYSTEM = Actor(ActorKind.SYSTEM)
