"""What a phone keeps for the time without network: the report form as a shell, the outbox.

Both are the same for everyone and hold no token, session or key; their script sends JSON.
"""

from flask import Blueprint, render_template, request

from webapp.core.errors import NotFound
from webapp.reporting.forms import ReportForm
from webapp.reporting.queries import consent_in_force
from webapp.reporting.views.form_page import form_page
from webapp.reporting.views.uploads import Uploads
from webapp.web.guards import public
from webapp.web.installed_app import app_version
from webapp.web.shared_answers import shared

bp = shared(Blueprint("offline", __name__))


@bp.get("/gui-phan-anh/khung")
@public
def shell() -> str:
    """The empty report form of one version, so that a phone never mixes two. Raises NotFound."""
    if request.args.get("v") not in {None, app_version()}:
        raise NotFound
    form = ReportForm(consent_version=consent_in_force().version, meta={"csrf": False})
    return form_page(form, Uploads((), (), ()), as_shell=True)


@bp.get("/phan-anh-cho-gui")
@public
def outbox() -> str:
    """What waits in this phone and the codes of what has arrived; filled in by script."""
    return render_template("reporting/outbox.html")
