"""How a sender is told: chosen on the receipt or tracking page, stopped by one tap in a mail."""

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from wtforms import BooleanField

from webapp.core.codes import grouped, normalise
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import write_unit
from webapp.extensions import csrf
from webapp.notifications.delivery import delivery
from webapp.notifications.operations import STOP_PATH
from webapp.notifications.phones import international
from webapp.notifications.subscriptions import (
    Choice,
    choice_of,
    choose_channels,
    known_link,
    resume_by_link,
    stop_by_link,
)
from webapp.reporting.forms import CodeForm
from webapp.reporting.identity import contact_of
from webapp.reporting.models import Report
from webapp.reporting.steps import subject_of
from webapp.reporting.tracking import claim_by_tracking_code
from webapp.reporting.views.limits import wrong_codes
from webapp.web.guards import by_code, public
from webapp.web.locale import translated

bp = Blueprint("notices", __name__)


class ChannelsForm(CodeForm):
    """Which channels are open, under the tracking code."""

    mail = BooleanField(_("Báo qua thư điện tử đã để lại"))
    sms = BooleanField(_("Báo qua tin nhắn tới số đã để lại"))


@bp.post("/tra-cuu/bao-tin")
@by_code
@csrf.exempt  # the form checks its own token, so that a lost one does not lose the words
@wrong_codes
def choose() -> ResponseReturnValue:
    """Keep how the sender wants to be told."""
    form = ChannelsForm(prefix="channels")
    if not form.validate():
        return _chosen_page(form), 422
    try:
        with write_unit():
            report = claim_by_tracking_code(form.code.data)
            choose_channels(subject_of(report), Choice(form.mail.data, form.sms.data))
    except NotFound as wrong:
        form.code.errors = [*form.code.errors, translated(wrong.detail)]
        return _chosen_page(form), 404
    return _chosen_page(form, done=True)


@bp.get(f"{STOP_PATH}<uid>")
@public
def stop_page(uid: str) -> str:
    """One button; programs that only look at links change nothing."""
    if not known_link(uid):
        raise NotFound
    return render_template("notifications/stop.html", uid=uid, stopped=False)


@bp.post(f"{STOP_PATH}<uid>")
@public
@csrf.exempt  # a mail program sends it by itself (RFC 8058); the link is the right to do it
def stop(uid: str) -> str:
    """Stop every channel, or take that back."""
    again = request.form.get("act") == "resume"
    with write_unit():
        (resume_by_link if again else stop_by_link)(uid)
    return render_template("notifications/stop.html", uid=uid, stopped=not again, resumed=again)


def notice_panel(report: Report, code: str | None) -> Markup:
    """The part of a page that offers the channels which are set up; empty where none is."""
    way, contact = delivery(), contact_of(report.id)
    if not code or report.state == "withdrawn":
        return Markup("")
    mail = bool(contact and contact.email)
    sms = bool(way.sms and contact and contact.phone and international(contact.phone))
    key = way.push_key
    if not (mail or sms or key):
        return Markup("")
    chosen = choice_of("report", report.id)
    form = ChannelsForm(
        formdata=None,
        prefix="channels",
        code=grouped(normalise(code)),
        mail=chosen.mail,
        sms=chosen.sms,
    )
    # A template of our own, escaped like every other.
    return Markup(  # noqa: S704
        render_template(
            "notifications/panel.html", report=report, form=form, mail=mail, sms=sms, key=key
        )
    )


def init_notice_panel(app: Flask) -> None:
    """Offer the panel to the receipt and the tracking page."""
    app.jinja_env.globals["notice_panel"] = notice_panel


def _chosen_page(form: ChannelsForm, *, done: bool = False) -> str:
    return render_template("notifications/chosen.html", form=form, done=done)
