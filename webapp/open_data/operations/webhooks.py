"""Webhooks: addresses that are told of public steps; administrators make, end and try them."""

import secrets
import uuid

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.audit.operations import Subject, record
from webapp.core import clock, crypto
from webapp.core.actor import Actor
from webapp.core.codes import digest
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.core.outward import Doors, Refused
from webapp.core.resealing import sealed_in
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.jobs.operations import enqueue
from webapp.open_data.models import Webhook, WebhookDelivery
from webapp.open_data.permissions import MANAGE
from webapp.open_data.workflow import WEBHOOK_EVENTS

NAME_LIMIT = 120
URL_LIMIT = 400
LOG_LIMIT = 50
PING = "ping"
DOORS = Doors()
_NO_NAME = _("Xin ghi tên đơn vị nhận tin, nhiều nhất 120 chữ.")
_NO_URL = _("Xin ghi địa chỉ https công khai, ví dụ https://donvi.vn/nhan-tin.")
_NO_EVENT = _("Xin chọn ít nhất một loại tin.")


def make_webhook(actor: Actor, *, name: str, url: str, events: list[str]) -> tuple[Webhook, str]:
    """A new webhook with its secret, shown once. Raises Forbidden, Invalid by field."""
    actor.demand(MANAGE)
    name, url = name.strip(), url.strip()
    wrong = _wrong(name, url, events)
    if wrong:
        raise Invalid(_("Còn chỗ cần sửa."), fields=wrong)
    secret, uid = secrets.token_hex(32), uuid.uuid4().hex
    made = Webhook(
        uid=uid,
        name=name,
        url=url,
        events=sorted(set(events)),
        sealed_secret=crypto.seal(secret.encode(), binding=_binding(uid)),
        made_by_id=actor.person_id,
        made_at=clock.now(),
    )
    session().add(made)
    session().flush()
    record(actor, "open_data.make_webhook", Subject("webhook", made.id), by=MANAGE)
    return made, secret


def _wrong(name: str, url: str, events: list[str]) -> dict[str, Text]:
    wrong: dict[str, Text] = {}
    if not 0 < len(name) <= NAME_LIMIT:
        wrong["name"] = _NO_NAME
    try:
        DOORS.check(url)
    except Refused:
        wrong["url"] = _NO_URL
    if len(url) > URL_LIMIT:
        wrong["url"] = _NO_URL
    if not events or set(events) - (set(WEBHOOK_EVENTS) - {PING}):
        wrong["events"] = _NO_EVENT
    return wrong


def end_webhook(actor: Actor, webhook_id: int) -> Webhook:
    """Tell this address nothing more; a second time is no change. Raises Forbidden, NotFound."""
    actor.demand(MANAGE)
    found = _webhook(webhook_id)
    if found.ended_at is None:
        found.ended_at = clock.now()
        record(actor, "open_data.end_webhook", Subject("webhook", found.id), by=MANAGE)
    return found


def try_webhook(actor: Actor, webhook_id: int) -> WebhookDelivery:
    """Send a ping. Raises Forbidden, NotFound, Conflict once it has ended."""
    actor.demand(MANAGE)
    found = _webhook(webhook_id)
    if found.ended_at is not None:
        raise Conflict(_("Địa chỉ này đã ngừng nhận tin."))
    record(actor, "open_data.try_webhook", Subject("webhook", found.id), by=MANAGE)
    return _deliver_later(found, PING, {}, uuid.uuid4().hex)


def webhooks(actor: Actor) -> list[Webhook]:
    """Every webhook, the newest first. Raises Forbidden."""
    actor.demand(MANAGE)
    return list(session().scalars(select(Webhook).order_by(Webhook.id.desc())))


def deliveries(actor: Actor) -> list[WebhookDelivery]:
    """The newest deliveries of all webhooks. Raises Forbidden."""
    actor.demand(MANAGE)
    query = select(WebhookDelivery).options(joinedload(WebhookDelivery.webhook, innerjoin=True))
    return list(session().scalars(query.order_by(WebhookDelivery.id.desc()).limit(LOG_LIMIT)))


def is_wanted(event: str) -> bool:
    """Whether any webhook in force asked for this news."""
    return any(event in each.events for each in _in_force())


def spread(event: str, subject: dict[str, str], news: str) -> None:
    """A delivery for every webhook that asked for this event; ``news`` tells a repetition."""
    for each in _in_force():
        uid = digest("webhook.delivery", f"{news}:{each.id}")[:32]
        known = select(WebhookDelivery.id).where(WebhookDelivery.uid == uid)
        if event in each.events and session().scalar(known) is None:
            _deliver_later(each, event, subject, uid)


def secret_of(webhook: Webhook) -> bytes:
    """The secret that signs."""
    return crypto.unseal(webhook.sealed_secret, binding=_binding(webhook.uid))


def _in_force() -> list[Webhook]:
    return list(session().scalars(select(Webhook).where(Webhook.ended_at.is_(None))))


def _webhook(webhook_id: int) -> Webhook:
    found = session().get(Webhook, webhook_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _deliver_later(
    webhook: Webhook, event: str, subject: dict[str, str], uid: str
) -> WebhookDelivery:
    made = WebhookDelivery(
        uid=uid,
        webhook_id=webhook.id,
        event=event,
        subject=subject,
        state="waiting",
        made_at=clock.now(),
    )
    session().add(made)
    session().flush()
    enqueue("open_data.deliver", delivery_id=made.id)
    return made


def _binding(uid: str) -> str:
    return f"webhook.sealed_secret:{uid}"


sealed_in(Webhook.sealed_secret, bound=Webhook.uid, binding=_binding)
