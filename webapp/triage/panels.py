"""Parts of the staff page of a case: its reports, site checks, local tasks, what is alike."""

from sqlalchemy import exists, or_

from webapp.cases.holdings import register_holding
from webapp.cases.models import Case
from webapp.cases.policy import Sight
from webapp.cases.queries import CaseFile
from webapp.cases.workflow import OPEN
from webapp.core.actor import Actor
from webapp.media.likeness import look_alikes
from webapp.reporting.models import Report, ReportRating, SenderAsk
from webapp.reporting.workflow import MARKS
from webapp.triage.models import LocalAction, SiteCheck
from webapp.triage.operations.transfer import receives
from webapp.triage.queries.asks import case_news
from webapp.triage.queries.report_file import listed_in
from webapp.triage.queries.same_problem import alike
from webapp.triage.queries.tasks import actions_of, checks_of
from webapp.triage.suggested import suggested
from webapp.web.panels import Panel, panel_markup

_ASK = exists().where(
    SenderAsk.report_id == Report.id, SenderAsk.granted.is_(None), Report.case_id == Case.id
)
_RATING = exists().where(ReportRating.case_id == Case.id)
register_holding("check", exists().where(SiteCheck.case_id == Case.id))
register_holding("action", exists().where(LocalAction.case_id == Case.id))
register_holding("sender", or_(_ASK, _RATING))


def _reports(actor: Actor, file: CaseFile) -> str | None:
    """The reports, for the Front alone; each only where the officer may read it."""
    if file.sight is not Sight.FRONT:
        return None
    reports = listed_in(actor, file.case.id)
    return panel_markup("triage/panel_reports.html", reports=reports) if reports else None


def _checks(actor: Actor, file: CaseFile) -> str | None:
    """Site checks: the office reads what was found, the notes of asking are the Front's."""
    front = file.sight is Sight.FRONT
    reads = "check" in file.holds and (front or file.sight is Sight.OFFICE)
    checks = checks_of(file.case.id) if reads else []
    return panel_markup("triage/panel_checks.html", checks=checks, front=front) if checks else None


def _actions(actor: Actor, file: CaseFile) -> str | None:
    reads = "action" in file.holds and file.sight is Sight.FRONT
    actions = actions_of(file.case.id) if reads else []
    return panel_markup("triage/panel_actions.html", actions=actions) if actions else None


def _alike(actor: Actor, file: CaseFile) -> str | None:
    """Cases and reports that are probably the same problem, for the Front while it is open."""
    if file.sight is not Sight.FRONT or file.case.state not in OPEN:
        return None
    looks = look_alikes(photo for _link, photo in file.photos)
    found = suggested(actor, file.case, alike(actor, file.case, looks))
    return panel_markup("triage/panel_alike.html", alike=found) if found else None


def _transfer(actor: Actor, file: CaseFile) -> str | None:
    """Why another unit offers the case, for the committee that is asked."""
    proposal = file.case.proposal("transfer") if receives(actor, file.case) else None
    if proposal is None or file.sight is Sight.FRONT:
        return None
    return panel_markup("triage/panel_transfer.html", proposal=proposal)


def _senders(actor: Actor, file: CaseFile) -> str | None:
    """How the senders rate the case and what they ask, for the Front alone."""
    if file.sight is not Sight.FRONT or "sender" not in file.holds:
        return None
    news = case_news(actor, file.case.id)
    if not (news.asks or news.ratings):
        return None
    return panel_markup("triage/panel_senders.html", news=news, marks=MARKS)


PANELS = (
    Panel("case.staff", 5, _transfer),
    Panel("case.staff", 10, _reports),
    Panel("case.staff", 20, _checks),
    Panel("case.staff", 30, _actions),
    Panel("case.staff", 3, _alike),
    Panel("case.staff", 65, _senders),
)
