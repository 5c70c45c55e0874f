"""What the forms of the first steps are filled with."""

from typing import Any

from webapp.cases.categories import category
from webapp.cases.models import Case
from webapp.core import clock
from webapp.directory.models import Organisation
from webapp.directory.queries import groups_of
from webapp.triage.operations.assessment import Assessment


def is_fresh(form: Any) -> bool:
    """Whether defaults may be filled in: what a person sent is never overwritten."""
    return not form.is_submitted()


def groups_of_case(case: Case) -> list[Organisation]:
    """Who may go or act in the unit of a case."""
    return groups_of(case.handling_unit_id, clock.today_local())


def usual_source(case: Case) -> str:
    """The waste source that the category suggests."""
    groups = category(case.category).source_groups
    return groups[0] if groups else "other"


def assessment_of(form: Any) -> Assessment:
    """What a form with summary, severity and waste source says."""
    return Assessment(
        summary=form.summary.data,
        severity=form.severity.data,
        waste_source=form.waste_source.data,
    )
