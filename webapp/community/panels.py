"""What residents who are affected too add to the pages of a case and to the receipt."""

from sqlalchemy import exists

from geo.points import Point
from webapp.cases.holdings import register_holding
from webapp.cases.models import Case
from webapp.cases.near import near_public_cases, public_cases_of
from webapp.cases.policy import Sight
from webapp.cases.public_queries import PublicCase
from webapp.cases.queries import CaseFile
from webapp.community.models import CaseFollower
from webapp.community.queries import Affected, affected, affected_by, may_follow
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.reporting.models import Report
from webapp.web.panels import panel_markup

_FOLLOWED = exists().where(CaseFollower.case_id == Case.id)
register_holding("follower", _FOLLOWED)
register_holding("follower", _FOLLOWED, public=True)
_AFFECTED = frozenset({"follower", "merged"})


def public_panel(_actor: Actor, case: PublicCase) -> str | None:
    """How many are affected too, by the rule of 5, and the way to say so."""
    if not may_follow(case):
        return None
    counts = affected_by(case.id) if _AFFECTED & case.holds else Affected()
    return panel_markup("community/public_panel.html", case=case, counts=counts)


def staff_panel(_actor: Actor, file: CaseFile) -> str | None:
    """The exact numbers, for the Front alone."""
    if file.sight is not Sight.FRONT or not _AFFECTED & file.holds:
        return None
    counts = affected_by(file.case.id)
    if not (counts.households or counts.guests):
        return None
    return panel_markup("community/staff_panel.html", counts=counts)


def receipt_panel(_actor: Actor, report: Report) -> str | None:
    """Open public cases of the same matter, for who sent without the script that offers them.

    Near the place of the report, or in its commune where only that is known.
    """
    if report.lon is None or report.lat is None:
        found = public_cases_of(report.handling_unit_id, report.category)
    else:
        found = near_public_cases(Point(report.lon, report.lat), report.category)
    if not found:
        return None
    return panel_markup(
        "community/receipt_panel.html",
        found=found,
        counts=affected([case.id for case in found]),
        today=clock.today_local(),
    )
