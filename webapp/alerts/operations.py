"""Asking to be told, confirming, changing, stopping; and what is forgotten by itself.

Whoever asks is answered the same whether or not the address is known here. The link in a mail is
signed and is the right to read, change and end its own alert; it opens nothing else.
"""

import hmac
import re
import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, delete, func, or_, select

from webapp.alerts.models import Alert, AlertKey
from webapp.alerts.news import numbered_up_to
from webapp.alerts.topics import Topic, columns, keys_of_topic
from webapp.alerts.workflow import FREQUENCIES, MAIL, PUSH, next_telling
from webapp.audit.operations import Subject, record
from webapp.core import clock, crypto
from webapp.core.actor import GUEST, Actor
from webapp.core.codes import digest
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.core.resealing import sealed_in
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.jobs import permissions as jobs_may
from webapp.jobs.operations import drop_naming, enqueue
from webapp.notifications.push import Keys
from webapp.notifications.subscriptions import endpoint_digest, forget_subject, subscribe

SUBJECT: Final = "alert"
CONFIRM, MANAGE = "alert.confirm", "alert.manage"
"""What a signed link is good for."""
MOST_ASKED: Final = 3
"""Letters that ask an address to confirm, in a day; those that were confirmed do not count."""
MOST_KEPT: Final = 20
"""Alerts of one address or browser."""
EMAIL_LIMIT: Final = 160
UNCONFIRMED_KEPT: Final = timedelta(hours=48)
TASKS: Final = ("alerts.confirm", "alerts.send", "alerts.moved")
_EMAIL = re.compile(r"[^\s@<>\",;:\\()\[\]]+@[^\s@<>\",;:\\()\[\]]+\.[^\s@<>\",;:\\()\[\]]+")
_TOKEN = re.compile(r"[0-9a-f]{64}")


def ask_by_mail(topic: Topic, *, email: str, frequency: str, language: str) -> None:
    """Send the address a link to confirm with; nothing else goes there before.

    Does the same for every address, also for one that is told already; of one that got
    MOST_ASKED letters today nothing is kept and nothing said. Raises Invalid by field.
    """
    address = email.strip()
    if len(address) > EMAIL_LIMIT or not _EMAIL.fullmatch(address):
        wrong = _("Địa chỉ thư điện tử có dạng ten@noi-cap.vn.")
        raise Invalid(wrong, fields={"email": wrong})
    _check(frequency)
    known = address_digest(address)
    if _asked_today(known) >= MOST_ASKED:
        return
    uid = uuid.uuid4().hex
    alert = _added(
        topic,
        uid=uid,
        channel=MAIL,
        frequency=frequency,
        language=language,
        address_digest=known,
        key_id=crypto.ring().current,
        email_sealed=crypto.seal(address.encode(), binding=_binding(uid)),
    )
    record(GUEST, "alerts.ask", Subject(SUBJECT, alert.id), channel=MAIL)
    enqueue("alerts.confirm", alert_id=alert.id)


def ask_by_push(topic: Topic, keys: Keys, *, frequency: str, language: str) -> Alert:
    """Tell this browser from now on; the same wish of the same browser takes the old one's place.

    Raises NotFound where Web Push is not set up, Invalid for keys or an address we do not send to.
    """
    _check(frequency)
    alert = _added(
        topic,
        uid=uuid.uuid4().hex,
        channel=PUSH,
        frequency=frequency,
        language=language,
        address_digest=endpoint_digest(keys.endpoint),
    )
    subscribe(Subject(SUBJECT, alert.id), keys, language=language)
    record(GUEST, "alerts.ask", Subject(SUBJECT, alert.id), channel=PUSH)
    _confirmed(alert)
    return alert


def confirm(token: str) -> Alert:
    """Begin to tell; a second time is no change. Raises NotFound for what is no link of ours.

    Also when its two days are over. Raises Conflict for an address that has MOST_KEPT already.
    """
    alert = _locked(token, CONFIRM)
    if alert is None:
        raise NotFound
    if alert.confirmed_at is None:
        _confirmed(alert)
        record(GUEST, "alerts.confirm", Subject(SUBJECT, alert.id))
    return alert


def change_frequency(token: str, frequency: str) -> Alert:
    """Tell more or less often. Raises NotFound, Invalid by field."""
    _check(frequency)
    alert = _locked(token, MANAGE)
    if alert is None:
        raise NotFound
    if frequency != alert.frequency:
        alert.frequency = frequency
        if alert.due_at is not None:
            alert.due_at = next_telling(frequency, clock.now())
        record(GUEST, "alerts.change", Subject(SUBJECT, alert.id), frequency=frequency)
    return alert


def stop(token: str) -> None:
    """End one alert, with the address; a second time is no change. Raises NotFound."""
    alert = _locked(token, MANAGE)
    if alert is not None:
        record(GUEST, "alerts.stop", Subject(SUBJECT, alert.id))
        forget([alert.id])


def stop_everything(token: str) -> None:
    """End every alert of the same address or browser. Raises NotFound."""
    alert = _locked(token, MANAGE)
    if alert is not None:
        same = select(Alert.id).where(Alert.address_digest == alert.address_digest)
        record(GUEST, "alerts.stop", Subject(SUBJECT, alert.id), everything=True)
        forget(session().scalars(same).all())


def alert_of(token: str, purpose: str) -> Alert | None:
    """The alert of a signed link, None once it has ended. Raises NotFound for a made-up link."""
    return session().scalar(_by_uid(_uid_of(token, purpose)))


def token_of(alert: Alert, purpose: str) -> str:
    """The signed part of a link."""
    return alert.uid + _signature(alert.uid, purpose)


def email_of(alert: Alert) -> str:
    """The address; opened by the system, shown to nobody. Raises ValueError for a browser's."""
    if alert.email_sealed is None:
        raise ValueError("a browser has no mail address")
    return crypto.unseal(alert.email_sealed, binding=_binding(alert.uid)).decode()


def address_digest(email: str) -> str:
    """What an address is looked up by: large and small letters are the same."""
    return digest("alert.email", email.strip().lower())


def forget(alert_ids: Collection[int]) -> None:
    """Remove alerts with addresses, keys and what was on its way."""
    forget_subject(SUBJECT, alert_ids)
    drop_naming(TASKS, "alert_id", alert_ids)
    session().execute(delete(AlertKey).where(AlertKey.alert_id.in_(alert_ids)))
    session().execute(delete(Alert).where(Alert.id.in_(alert_ids)))


def alert_counts(actor: Actor) -> dict[str, int]:
    """How many readers' alerts are confirmed, by channel; no more than that is shown to anybody."""
    actor.demand(jobs_may.MANAGE)
    query = select(Alert.channel, func.count()).where(Alert.confirmed_at.is_not(None))
    return {channel: n for channel, n in session().execute(query.group_by(Alert.channel))}


def _check(frequency: str) -> None:
    if frequency not in FREQUENCIES:
        asked = _("Xin chọn muốn nhận tin bao lâu một lần.")
        raise Invalid(asked, fields={"frequency": asked})


def _added(topic: Topic, **given: object) -> Alert:
    alert = Alert(
        **columns(topic),
        **given,
        created_at=clock.now(),
        told_up_to=numbered_up_to(),
    )
    session().add(alert)
    session().flush()
    session().add_all(AlertKey(key=key, alert_id=alert.id) for key in keys_of_topic(topic))
    session().flush()
    return alert


def _confirmed(alert: Alert) -> None:
    """Let it count; the same wish of the same address before it goes, what it was told stays so."""
    others = select(Alert).where(
        Alert.address_digest == alert.address_digest,
        Alert.confirmed_at.is_not(None),
        Alert.id != alert.id,
    )
    known = session().scalars(others.with_for_update()).all()
    twins = [each for each in known if _asks_the_same(each, alert)]
    if len(known) - len(twins) >= MOST_KEPT:
        raise Conflict(_("Đã có %(n)s tin gửi tới đây. Xin dừng bớt tin khác.", n=MOST_KEPT))
    alert.confirmed_at = min(filter(None, (clock.now(), *(each.confirmed_at for each in twins))))
    alert.told_up_to = min((each.told_up_to for each in twins), default=numbered_up_to())
    alert.due_at = clock.now() if twins else None
    session().flush()
    forget([each.id for each in twins])


def _asks_the_same(one: Alert, other: Alert) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in columns(Topic()))


def _asked_today(known: str) -> int:
    query = select(func.count()).where(
        Alert.address_digest == known,
        Alert.confirmed_at.is_(None),
        Alert.created_at > clock.now() - timedelta(days=1),
    )
    return session().scalar(query) or 0


def _locked(token: str, purpose: str) -> Alert | None:
    query = _by_uid(_uid_of(token, purpose)).with_for_update(of=Alert)
    return session().scalar(query.execution_options(populate_existing=True))


def _by_uid(uid: str) -> Select[Alert]:
    """What waited for its confirmation too long is gone, also before it was cleared away."""
    asked_of_late = Alert.created_at > clock.now() - UNCONFIRMED_KEPT
    return select(Alert).where(
        Alert.uid == uid, or_(Alert.confirmed_at.is_not(None), asked_of_late)
    )


def _uid_of(token: str, purpose: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise NotFound
    uid, signed = token[:32], token[32:]
    if not hmac.compare_digest(signed, _signature(uid, purpose)):
        raise NotFound
    return uid


def _signature(uid: str, purpose: str) -> str:
    return digest(purpose, uid)[:32]


def _binding(uid: str) -> str:
    return f"alert.email_sealed:{uid}"


sealed_in(Alert.email_sealed, bound=Alert.uid, binding=_binding)
