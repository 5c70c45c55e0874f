"""``/api/v1/alerts``: news of the public record for a browser that asked for it."""

from typing import Any

from webapp.alerts.letters import news_path
from webapp.alerts.operations import ask_by_push
from webapp.alerts.topics import NAMES, read_topic
from webapp.alerts.views.limits import asked_alerts
from webapp.core.unit_of_work import write_unit
from webapp.notifications.push import Keys
from webapp.web.api import ApiBlueprint, Body, Nested, String
from webapp.web.guards import public
from webapp.web.locale import choose

bp = ApiBlueprint("alerts_api", __name__, description="Nhận tin của trang công khai")


class BrowserKeysBody(Body):
    """The browser's own keys, base64url."""

    p256dh = String(required=True)
    auth = String(required=True)


class AlertBody(Body):
    """What ``PushSubscription.toJSON`` gives, what to be told of and how often.

    Without a topic everything that is public is told. ``lat``/``lon`` may be rounded to a km.
    """

    endpoint = String(required=True)
    keys = Nested(BrowserKeysBody, required=True)
    frequency = String(required=True)
    case = String()
    category = String()
    unit = String()
    office = String()
    lat = String()
    lon = String()
    radius = String()
    results = String()


class AlertAnswer(Body):
    """The reader's own page: what is new, how often, and the way out."""

    page = String(required=True)


@bp.post("/alerts/push")
@public
@asked_alerts
@bp.arguments(AlertBody)
@bp.response(201, AlertAnswer)
def post_alert(body: dict[str, Any]) -> dict[str, str]:
    """Tell this browser of public steps and results, by one neutral line."""
    topic = read_topic({name: body[name] for name in NAMES if name in body})
    with write_unit():
        alert = ask_by_push(
            topic,
            Keys(body["endpoint"], **body["keys"]),
            frequency=body["frequency"],
            language=choose(),
        )
    return {"page": news_path(alert)}
