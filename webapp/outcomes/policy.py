"""Who may act on which outcome page, and who may never approve one."""

from webapp.cases.models import Case
from webapp.core.actor import Actor
from webapp.core.permissions import Permission
from webapp.media.models import Photo
from webapp.outcomes import permissions as may
from webapp.outcomes.models import OutcomeVersion

PAGE_PERMISSIONS = (may.DRAFT, may.APPROVE, may.PUBLISH, may.RETRACT)


def may_here(actor: Actor, case: Case, permission: Permission) -> bool:
    """Whether the permission holds where the case lies."""
    here = case.handling_unit_id
    return any(here in grant.unit_ids for grant in actor.grants_for(permission))


def rights_here(actor: Actor, case: Case) -> frozenset[str]:
    """Every permission that holds where the case lies."""
    here = case.handling_unit_id
    return frozenset().union(
        *[grant.permissions for grant in actor.grants if here in grant.unit_ids]
    )


def is_approved(version: OutcomeVersion, authors: frozenset[int]) -> bool:
    """Whether enough people approved: one, or two where somebody or something can be recognised.

    ``authors`` wrote or concluded the finding; they never suffice alone.
    """
    approvers = {version.approved_by_id, version.second_approver_id} - {None}
    needed = 2 if version.recognisable else 1
    return len(approvers) >= needed and bool(approvers - authors)


def is_publishable(photo: Photo) -> bool:
    """Whether a photo may be chosen for a page: readable, and nobody decided to hide it."""
    return photo.state in {"ready", "approved"}
