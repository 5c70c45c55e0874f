"""``/nhan-tin``: asking, confirming, the reader's own page, stopping. All of it without script."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.alerts import operations
from webapp.alerts.forms import AlertForm, FrequencyForm, LinkForm
from webapp.alerts.letters import by_case
from webapp.alerts.models import Alert
from webapp.alerts.news import newest_of
from webapp.alerts.topics import NAMES, Topic, followed_case, in_words, read_topic, topic_of
from webapp.alerts.views.limits import asked_alerts
from webapp.cases.choices import category_choices, unit_filter
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.core.unit_of_work import write_unit
from webapp.extensions import csrf
from webapp.notifications.delivery import delivery
from webapp.web.guards import by_code, public
from webapp.web.locale import choose, translated

bp = Blueprint("alerts", __name__, url_prefix="/nhan-tin")
SHOWN_CASES = 10


@bp.get("")
@public
def ask() -> ResponseReturnValue:
    """What the address asks for, filled into the form; the choices without an address."""
    form = AlertForm(request.args)
    try:
        topic = read_topic(request.args)
    except Invalid as refused:
        form.tell(refused)
        return _ask_page(form, None), 422
    return _ask_page(form, topic)


@bp.post("")
@public
@csrf.exempt  # the form checks its own token, so that a lost one does not lose the words
@asked_alerts
def send() -> ResponseReturnValue:
    """Send the letter to confirm: the same answer for every address."""
    form = AlertForm()
    form.offer_choices()
    topic = None
    if not delivery().mail_open:
        raise NotFound
    try:
        topic = read_topic(request.form)
        if not form.validate():
            return _ask_page(form, topic), 422
        with write_unit():
            operations.ask_by_mail(
                topic,
                email=form.email.data or "",
                frequency=form.frequency.data or "",
                language=choose(),
            )
    except Invalid as refused:
        form.tell(refused)
        return _ask_page(form, topic), 422
    hours = int(operations.UNCONFIRMED_KEPT.total_seconds() // 3600)
    return render_template("alerts/asked.html", hours=hours), 202


@bp.get("/xac-nhan/<token>")
@by_code
def ask_to_confirm(token: str) -> ResponseReturnValue:
    """One button; programs that only look at links confirm nothing."""
    alert = operations.alert_of(token, operations.CONFIRM)
    return _confirm_page(token, alert, LinkForm())


@bp.post("/xac-nhan/<token>")
@by_code
@csrf.exempt  # the signed link is the right to do it; the form checks its token too
def confirm(token: str) -> ResponseReturnValue:
    """Begin to tell."""
    form = LinkForm()
    alert = operations.alert_of(token, operations.CONFIRM)
    if alert is None or not form.validate():
        return _confirm_page(token, alert, form, status=422)
    try:
        with write_unit():
            alert = operations.confirm(token)
    except Conflict as refused:
        form.tell(refused)
        return _confirm_page(token, alert, form, status=409)
    return render_template("alerts/own.html", done="confirmed", **_own(alert, FrequencyForm()))


@bp.get("/dung/<token>")
@by_code
def ask_to_stop(token: str) -> str:
    """One button; programs that only look at links stop nothing."""
    alert = operations.alert_of(token, operations.MANAGE)
    return _stop_page(token, alert)


@bp.post("/dung/<token>")
@by_code
@csrf.exempt  # a mail program sends it by itself (RFC 8058); the signed link is the right to do it
def stop(token: str) -> str:
    """End it, and the address with it."""
    everything = request.form.get("act") == "everything"
    with write_unit():
        (operations.stop_everything if everything else operations.stop)(token)
    return _stop_page(token, None)


@bp.get("/<token>")
@by_code
def own(token: str) -> ResponseReturnValue:
    """The reader's own page: what is new, how often, the way out."""
    alert = operations.alert_of(token, operations.MANAGE)
    if alert is None:
        return _stop_page(token, None)
    return render_template("alerts/own.html", **_own(alert, FrequencyForm(formdata=None)))


@bp.post("/<token>")
@by_code
@csrf.exempt  # the form checks its own token
def change(token: str) -> ResponseReturnValue:
    """Tell more or less often."""
    form = FrequencyForm()
    alert = operations.alert_of(token, operations.MANAGE)
    if alert is None:
        return _stop_page(token, None)
    form.offer_frequencies()
    try:
        if form.validate():
            with write_unit():
                alert = operations.change_frequency(token, form.frequency.data or "")
            return render_template("alerts/own.html", done="changed", **_own(alert, form))
    except Invalid as refused:
        form.tell(refused)
    return render_template("alerts/own.html", **_own(alert, form)), 422


def feed_url(topic: Topic | None) -> str:
    """The Atom feed of what the form asks for."""
    given = {name: request.values.get(name, "") for name in NAMES}
    if given.pop("case") and topic is not None:
        return url_for("feeds.case", code=followed_case(request.values["case"]).code)
    results = given.pop("results") == "1"
    if not given["lat"]:
        del given["radius"]
    asked = urlencode({name: value for name, value in given.items() if value})
    path = url_for("feeds.published" if results else "feeds.everything")
    return f"{path}?{asked}" if asked and topic is not None else path


def _ask_page(form: AlertForm, topic: Topic | None) -> str:
    form.offer_choices()
    way, language = delivery(), choose()
    code = (request.values.get("case") or "").strip()
    return render_template(
        "alerts/ask.html",
        form=form,
        case=followed_case(code) if code else None,
        asked=request.values,
        about=[translated(part) for part in in_words(topic, language)] if topic else [],
        office=_office_words(topic, language),
        categories=category_choices(),
        units=unit_filter(request.values.get("unit", "")),
        mail=way.mail_open,
        push_key=way.push_key,
        feed=feed_url(topic),
    )


def _office_words(topic: Topic | None, language: str) -> str | None:
    if topic is None or topic.organisation_id is None:
        return None
    return translated(in_words(Topic(organisation_id=topic.organisation_id), language)[0])


def _confirm_page(
    token: str, alert: Alert | None, form: LinkForm, status: int = 200
) -> ResponseReturnValue:
    if alert is None:
        return render_template("alerts/confirm.html", alert=None), 410
    words = render_template(
        "alerts/confirm.html", token=token, form=form, alert=alert, about=_about(alert)
    )
    return words, status


def _stop_page(token: str, alert: Alert | None) -> str:
    about = _about(alert) if alert else []
    return render_template("alerts/stop.html", token=token, alert=alert, about=about)


def _own(alert: Alert, form: FrequencyForm) -> dict[str, Any]:
    form.offer_frequencies()
    if not form.is_submitted() or form.frequency.data is None:
        form.frequency.data = alert.frequency
    return {
        "alert": alert,
        "form": form,
        "token": operations.token_of(alert, operations.MANAGE),
        "about": _about(alert),
        "cases": by_case(newest_of(topic_of(alert), limit=SHOWN_CASES)),
    }


def _about(alert: Alert) -> list[str]:
    return [translated(part) for part in in_words(topic_of(alert), choose())]
