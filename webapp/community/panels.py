"""What residents who are affected too add to the pages of a case."""

from flask import render_template
from sqlalchemy import exists
from sqlalchemy.orm import aliased

from webapp.cases.holdings import register_holding
from webapp.cases.models import Case
from webapp.cases.policy import Sight
from webapp.cases.public_queries import PublicCase
from webapp.cases.queries import CaseFile
from webapp.community.models import CaseFollower
from webapp.community.queries import affected, may_follow
from webapp.core.actor import Actor

_MERGED = aliased(Case)
register_holding("follower", exists().where(CaseFollower.case_id == Case.id))
register_holding("merged", exists().where(_MERGED.merged_into_id == Case.id))


def public_panel(_actor: Actor, case: PublicCase) -> str | None:
    """How many are affected too, by the rule of 5, and the way to say so."""
    if not may_follow(case):
        return None
    counts = affected([case.id])[case.id]
    return render_template("community/public_panel.html", case=case, counts=counts)


def staff_panel(_actor: Actor, file: CaseFile) -> str | None:
    """The exact numbers, for the Front alone."""
    if file.sight is not Sight.FRONT or not {"follower", "merged"} & file.holds:
        return None
    counts = affected([file.case.id])[file.case.id]
    if not (counts.households or counts.guests):
        return None
    return render_template("community/staff_panel.html", counts=counts)
