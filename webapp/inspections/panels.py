"""What inspections add to the staff page of a case."""

from sqlalchemy import exists

from webapp.cases.holdings import register_holding
from webapp.cases.models import Case
from webapp.cases.policy import Sight
from webapp.cases.queries import CaseFile
from webapp.cases.workflow import ENDED
from webapp.casework.policy import acts_as_office
from webapp.casework.workflow import INSPECTION_FORMS
from webapp.core.actor import Actor
from webapp.inspections import permissions as may
from webapp.inspections.models import EstablishmentCase, InspectionFile
from webapp.inspections.queries import establishments_of_case, files_of_case
from webapp.inspections.workflow import FILE_STATES
from webapp.web.panels import Panel, panel_markup

register_holding("inspection_file", exists().where(InspectionFile.case_id == Case.id))
register_holding("establishment", exists().where(EstablishmentCase.case_id == Case.id))

_WITH_OFFICE = frozenset({"accepted", "inspecting", "concluded", "remedying"})


def files_panel(actor: Actor, file: CaseFile) -> str | None:
    """Inspection files the actor may open, and the way to a new one; names for staff alone."""
    if file.sight is Sight.PUBLISHER:
        return None
    case = file.case
    files = files_of_case(actor, case.id) if "inspection_file" in file.holds else []
    parties = establishments_of_case(actor, case.id) if "establishment" in file.holds else []
    plans = (
        case.state in _WITH_OFFICE - ENDED and actor.may(may.RECORD) and acts_as_office(actor, case)
    )
    if not (files or parties or plans):
        return None
    return panel_markup(
        "inspections/panel_files.html",
        case=case,
        files=files,
        parties=parties,
        may_plan=plans,
        forms=INSPECTION_FORMS,
        states=FILE_STATES,
    )


PANELS = (Panel("case.staff", 7, files_panel),)
