"""``/api/v1/cases``: what is near, "I am affected too", how it stands, whether it is fixed."""

from typing import Any

from flask import request, url_for

from geo.points import PointError, parse_point
from webapp.cases.categories import UnknownCategory
from webapp.cases.near import NearCase, near_public_cases
from webapp.cases.public_queries import PublicCase, public_case
from webapp.cases.public_words import people, title_of, who_holds
from webapp.cases.workflow import CASE_STATES
from webapp.community.models import CaseFollower
from webapp.community.operations import follow_case, leave_case, vote_as_follower
from webapp.community.queries import (
    Affected,
    affected,
    asked_to_confirm,
    follower_by_code,
    follower_of,
    survivor,
)
from webapp.community.schemas import (
    AffectedAnswer,
    AffectedBody,
    FollowedAnswer,
    FollowerVoteBody,
    NearAnswer,
    NearQuery,
)
from webapp.community.views.limits import new_followers
from webapp.core import clock
from webapp.core.errors import Invalid
from webapp.core.text import _
from webapp.core.unit_of_work import write_unit
from webapp.reporting.views.limits import wrong_codes
from webapp.web.api import KEY_HEADER, ApiBlueprint
from webapp.web.current_actor import current_actor
from webapp.web.guards import by_code, public
from webapp.web.locale import choose, translated

bp = ApiBlueprint("affected_api", __name__, description="Tôi cũng bị ảnh hưởng")

_CODE: dict[str, Any] = {
    "in": "header",
    "name": "X-Follow-Code",
    "required": False,
    "description": "Without it, the signed-in person",
    "schema": {"type": "string"},
}


@bp.get("/cases/near")
@public
@bp.arguments(NearQuery, location="query")
@bp.response(200, NearAnswer)
def get_near(asked: dict[str, Any]) -> dict[str, Any]:
    """Open public cases of the same matter near a place, at most five. Nothing is stored."""
    try:
        found = near_public_cases(parse_point(asked["lon"], asked["lat"]), asked["category"])
    except PointError as error:
        words = _("Vị trí không đúng. Xin ghim lại trên bản đồ.")
        raise Invalid(words, fields={"location": words}) from error
    except UnknownCategory as error:
        words = _("Loại việc này không có.")
        raise Invalid(words, fields={"category": words}) from error
    counts = affected([case.id for case in found])
    return {"cases": [near_json(case, counts[case.id]) for case in found]}


@bp.post("/cases/<case_code>/affected")
@public
@new_followers
@bp.doc(parameters=[KEY_HEADER])
@bp.arguments(AffectedBody)
@bp.response(201, AffectedAnswer)
@bp.alt_response(200, schema=AffectedAnswer, description="Followed before; the code to keep")
def post_affected(body: dict[str, Any], case_code: str) -> tuple[dict[str, Any], int]:
    """Follow a case as one who is affected too, once per Idempotency-Key."""
    with write_unit():
        following = follow_case(
            current_actor(),
            case_code,
            raw_key=request.headers.get("Idempotency-Key"),
            email=body.get("email"),
            locale=choose(),
        )
        code = survivor(following.follower.case).code
    status = 201 if following.created else 200
    return {"follow_code": following.follow_code, "case_code": code}, status


@bp.get("/cases/<case_code>/affected")
@by_code
@wrong_codes
@bp.doc(parameters=[_CODE])
@bp.response(200, FollowedAnswer)
def get_affected(case_code: str) -> dict[str, Any]:
    """How a followed case stands, under X-Follow-Code."""
    return followed_json(_follower(case_code))


@bp.delete("/cases/<case_code>/affected")
@by_code
@wrong_codes
@bp.doc(parameters=[_CODE])
@bp.response(204)
def delete_affected(case_code: str) -> None:
    """Stop following; what was left is removed."""
    with write_unit():
        leave_case(_follower(case_code))


@bp.post("/cases/<case_code>/confirmation")
@by_code
@wrong_codes
@bp.doc(parameters=[_CODE])
@bp.arguments(FollowerVoteBody)
@bp.response(200, FollowedAnswer)
def post_case_confirmation(body: dict[str, Any], case_code: str) -> dict[str, Any]:
    """Say whether the matter is fixed; a follower's newest word counts."""
    with write_unit():
        follower = _follower(case_code)
        vote_as_follower(follower, fixed=body["fixed"], words=body.get("words"))
    return followed_json(_follower(case_code))


def near_json(case: NearCase, counted: Affected) -> dict[str, Any]:
    """A near case in the language of the request."""
    return {
        "case_code": case.code,
        "title": title_of(case.category, case.unit),
        "category": case.category,
        "state": case.state,
        "state_label": translated(CASE_STATES[case.state]),
        "overdue": case.overdue,
        "distance_m": case.distance_m,
        "precision_m": case.precision_m,
        "days": (clock.today_local() - case.day).days,
        "households": people(counted.households),
        "guests": people(counted.guests),
        "photo": url_for("media.public_photo", uid=case.photo, kind="card") if case.photo else None,
        "url": url_for("public_cases.case", code=case.code),
    }


def followed_json(follower: CaseFollower) -> dict[str, Any]:
    """A followed case as anyone may see it, and whether this follower is asked."""
    case: PublicCase = public_case(survivor(follower.case).code)
    return {
        "case_code": case.code,
        "title": title_of(case.category, case.unit),
        "state": case.state,
        "state_label": translated(CASE_STATES[case.state]),
        "sentence": who_holds(case),
        "may_confirm": asked_to_confirm(follower),
    }


def _follower(case_code: str) -> CaseFollower:
    code = request.headers.get("X-Follow-Code")
    if code is None and current_actor().person_id is not None:
        return follower_of(current_actor(), case_code)
    return follower_by_code(code, case_code=case_code)
