"""``GET /api/v1/session``: whether the account of a waiting report is signed in."""

from typing import Any

from flask_wtf.csrf import generate_csrf

from webapp.accounts.views.session import account_mark
from webapp.web.api import ApiBlueprint, Body, String
from webapp.web.guards import public

bp = ApiBlueprint("session_api", __name__, description="Ai đang đăng nhập")


class SessionAnswer(Body):
    """``account`` names nobody outside of this site; both are empty for a guest."""

    account = String()
    csrf_token = String()


@bp.get("/session")
@public
@bp.response(200, SessionAnswer)
def who() -> dict[str, Any]:
    """The mark of the signed-in account, and the token its writes need."""
    mark = account_mark()
    return {"account": mark, "csrf_token": generate_csrf() if mark else ""}
