"""Who sees which inspection file and establishment, and for whom a permission holds.

An office and whoever approves for it see their own files. The Front sees what was concluded on
cases it may read, never a plan: an unannounced visit must stay so. A sealed file is its heading
alone; the permission to open it belongs to the leaders of the office and, for what went to the
police, to the police of the unit.
"""

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from webapp.accounts.absence import not_aside
from webapp.cases import permissions as cases_may
from webapp.cases.models import Case
from webapp.cases.policy import readable as readable_case
from webapp.core.actor import Actor, Grant
from webapp.directory.models import Organisation
from webapp.inspections import permissions as may
from webapp.inspections.models import Establishment, InspectionFile, SealedFile
from webapp.inspections.workflow import DONE, FILE

POLICE = "police"


def readable(actor: Actor) -> ColumnElement[bool]:
    """The condition on ``InspectionFile`` for every file whose page the actor may open."""
    case_id = InspectionFile.case_id
    aside = or_(case_id.is_(None), not_aside(actor, "case", case_id))
    return and_(or_(_ours(actor), _of_the_front(actor), _handed_to(actor)), aside)


def _ours(actor: Actor) -> ColumnElement[bool]:
    mine = sorted(actor.organisations_for(may.READ))
    if not mine:
        return false()
    return or_(InspectionFile.office_id.in_(mine), InspectionFile.approver_id.in_(mine))


def _of_the_front(actor: Actor) -> ColumnElement[bool]:
    units = sorted(actor.units_for(cases_may.READ))
    if not units:
        return false()
    theirs = (readable_case(actor), Case.handling_unit_id.in_(units))
    # Asked of the case of each file: a list of all the cases they may read is long.
    case = exists().where(Case.id == InspectionFile.case_id, *theirs)
    return and_(InspectionFile.state.in_(sorted(DONE)), case)


def _handed_to(actor: Actor) -> ColumnElement[bool]:
    """Files that went to the police of a unit, for those of them who may open what is sealed."""
    units = sorted(actor.units_for(may.OPEN_SEALED))
    bodies = sorted(actor.organisations_for(may.OPEN_SEALED))
    police = select(Organisation.id).where(Organisation.id.in_(bodies), Organisation.kind == POLICE)
    sealed = select(SealedFile.file_id).where(SealedFile.body == POLICE)
    return and_(InspectionFile.id.in_(sealed), InspectionFile.unit_id.in_(units), police.exists())


def holds(grant: Grant, file: InspectionFile) -> bool:
    """Whether a grant's permission counts for this file: of its office, or who approves for it."""
    return grant.organisation_id in {file.office_id, file.approver_id}


def opens(grant: Grant, file: InspectionFile, sealed: SealedFile, kind: str) -> bool:
    """Whether a grant opens a sealed file; ``kind`` is that of the grant's organisation."""
    of_police = kind == POLICE and sealed.body == POLICE and file.unit_id in grant.unit_ids
    return holds(grant, file) or of_police


def may_step(actor: Actor, file: InspectionFile, step: str) -> bool:
    """Whether to offer the step now: for buttons, the rule that counts is the operation's."""
    if not FILE.allows(step, file.state):
        return False
    permissions = FILE.transition(step, file.state).permissions
    grants = (grant for each in permissions for grant in actor.grants_for(each))
    return any(holds(grant, file) for grant in grants)


def known(actor: Actor) -> ColumnElement[bool]:
    """The condition on ``Establishment`` for those the actor may read of."""
    units = sorted(actor.units_for(may.READ_ESTABLISHMENTS))
    return Establishment.unit_id.in_(units) if units else false()
