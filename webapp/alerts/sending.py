"""Telling: who is due is put on the way once, and what is said is read when it is sent.

A telling is known by the number up to which it goes. It runs twice only when the worker died
between the other machine's answer and our note of it; the mail then carries the same Message-ID.
"""

import smtplib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from webapp.alerts.letters import Letter, confirmation, letter, moved, news_path
from webapp.alerts.models import Alert
from webapp.alerts.news import BATCH, forget_old_news, news_of, numbered_up_to, spread_news
from webapp.alerts.operations import (
    SUBJECT,
    UNCONFIRMED_KEPT,
    email_of,
    forget,
)
from webapp.alerts.topics import has_ended, topic_of
from webapp.alerts.workflow import MAIL, PUSH
from webapp.cases.models import Case, TimelineLine
from webapp.cases.workflow import ENDED
from webapp.core import clock
from webapp.core.codes import digest
from webapp.core.outward import Refused
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.operations import enqueue
from webapp.notifications.delivery import Mail, delivery
from webapp.notifications.models import PushSubscription
from webapp.notifications.operations import LOCK_SCREEN
from webapp.notifications.push import Gone, Keys, NotAccepted
from webapp.notifications.subscriptions import keys_of, subscriptions_of

AT_ONCE: Final = 500
"""Tellings put on the way by one run; the next run takes the rest."""
STUCK: Final = timedelta(hours=3)
"""The outbox has given up by then: the news is tried anew."""
REFUSED_AGAIN: Final = timedelta(days=1)
REFUSED_KEPT: Final = timedelta(days=14)
OVER: Final = ENDED - {"merged"}
OVER_KEPT: Final = timedelta(days=30)
TOPIC: Final = "mat-xanh-tin"
"""A browser keeps the newest of these only, beside the news of its own reports."""


class NotTaken(Exception):
    """The other machine will not take anything for this address: not now, or never again."""

    def __init__(self, *, ever: bool) -> None:
        super().__init__(ever)
        self.ever = ever


@dataclass(frozen=True)
class _Telling:
    """One telling, its words fresh from what may be read now: a mail, or a line for a browser."""

    mail: Mail | None
    keys: Keys | None
    words: str


def tell_news() -> None:
    """Number what came, wake whoever asked for it, put whoever is due on the way (task)."""
    while spread_news() == BATCH:
        pass
    start_telling()


def start_telling() -> None:
    """Put everybody who is due on the way. What rings waits for the end of the night."""
    with write_unit():
        up_to, at = numbered_up_to(), clock.now()
        for alert in session().scalars(_due(at)).all():
            alert.due_at = _rings_at(alert, at)
            if alert.due_at is None and alert.told_up_to < up_to:
                alert.sending_up_to, alert.sending_since = up_to, at
                enqueue("alerts.send", alert_id=alert.id, up_to=up_to)


def _due(at: datetime) -> Select[Alert]:
    return (
        select(Alert)
        .where(
            Alert.due_at <= at,
            Alert.confirmed_at.is_not(None),
            or_(Alert.sending_since.is_(None), Alert.sending_since < at - STUCK),
        )
        .order_by(Alert.due_at, Alert.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _rings_at(alert: Alert, at: datetime) -> datetime | None:
    """When a phone may ring, if not now."""
    quiet = delivery().quiet
    if alert.channel != PUSH or quiet is None:
        return None
    until = quiet.until(at)
    return until if until > at else None


def send_telling(alert_id: int, up_to: int) -> None:
    """Tell one reader what came up to this number (task); nothing where nothing can be read now.

    Three steps, because no transaction may be open while a server of others answers.
    """
    with write_unit():
        telling = _telling(alert_id, up_to)
    if telling is None:
        return
    try:
        _send(telling)
    except NotTaken as refused:
        with write_unit():
            _refused(alert_id, up_to, ever=refused.ever)
    else:
        with write_unit():
            _told(_claimed(alert_id, up_to), up_to)


def send_confirmation(alert_id: int) -> None:
    """Send the one letter that goes to an address nobody has confirmed yet (task)."""
    with write_unit():
        alert = session().get(Alert, alert_id, populate_existing=True)
        if alert is None or alert.confirmed_at is not None or alert.channel != MAIL:
            return
        mail = _mail(alert, confirmation(alert), "confirm")
    try:
        _send(_Telling(mail, None, ""))
    except NotTaken:
        with write_unit():
            forget([alert_id])


def start_moved(
    unit_ids: Collection[int], organisation_ids: Collection[int], effective: date
) -> None:
    """Put the letter of a merger on the way to everybody who follows what it ended."""
    at = clock.now()
    of_it = or_(Alert.unit_id.in_(unit_ids), Alert.organisation_id.in_(organisation_ids))
    for alert in session().scalars(select(Alert).where(Alert.confirmed_at.is_not(None), of_it)):
        delay = (_rings_at(alert, at) or at) - at
        enqueue("alerts.moved", delay=delay, alert_id=alert.id, effective=effective.isoformat())


def send_moved(alert_id: int, effective: str) -> None:
    """Tell one reader of a merger what takes the place of what they follow (task).

    Nothing where the merger was undone meanwhile.
    """
    with write_unit():
        alert = session().get(Alert, alert_id, populate_existing=True)
        if alert is None or not has_ended(topic_of(alert)):
            return
        telling = _telling_of(alert, moved(alert), f"moved.{effective}")
    if telling is None:
        return
    try:
        _send(telling)
    except NotTaken as refused:
        if refused.ever:
            with write_unit():
                forget([alert_id])


def forget_alerts() -> None:
    """Remove what was not confirmed in two days, what nobody takes any more, old news (task).

    And who followed one case that ended a month ago: with the case ends the reason to keep them.
    A reader whose telling got stuck is due again.
    """
    at = clock.now()
    asked = and_(Alert.confirmed_at.is_(None), Alert.created_at <= at - UNCONFIRMED_KEPT)
    refused = Alert.refused_since <= at - REFUSED_KEPT
    browser = exists().where(
        PushSubscription.subject_kind == SUBJECT, PushSubscription.subject_id == Alert.id
    )
    gone = and_(Alert.channel == PUSH, ~browser)
    over = Alert.case_id.in_(select(Case.id).where(*_over(at)))
    with write_unit():
        forget(session().scalars(select(Alert.id).where(or_(asked, refused, gone, over))).all())
        stuck = select(Alert).where(Alert.sending_since < at - STUCK, Alert.due_at.is_(None))
        for alert in session().scalars(stuck.execution_options(populate_existing=True)):
            alert.due_at = at
        forget_old_news()


def _over(at: datetime) -> list[ColumnElement[bool]]:
    """Cases that ended and had no step since; a merged one lives on in another."""
    lately = exists().where(TimelineLine.case_id == Case.id, TimelineLine.at > at - OVER_KEPT)
    return [Case.id.in_(select(Alert.case_id)), Case.state.in_(sorted(OVER)), ~lately]


def _telling(alert_id: int, up_to: int) -> _Telling | None:
    alert = _claimed(alert_id, up_to)
    if alert is None or alert.confirmed_at is None:
        return None
    since, after = alert.confirmed_at, alert.told_up_to
    news = news_of(topic_of(alert), since=since, after=after, up_to=up_to)
    if not news:
        _told(alert, up_to)
        return None
    return _telling_of(alert, letter(alert, news), str(up_to))


def _telling_of(alert: Alert, written: Letter, part: str) -> _Telling | None:
    """The letter, or the line for a browser; an alert whose browser has gone ends here."""
    if alert.channel == MAIL:
        return _Telling(_mail(alert, written, part), None, "")
    browsers = subscriptions_of(SUBJECT, alert.id)
    if not browsers or delivery().push is None:
        forget([alert.id])
        return None
    line = delivery().translate(LOCK_SCREEN, alert.language)
    return _Telling(None, keys_of(browsers[0].uid), f"{line}\n{news_path(alert)}")


def _claimed(alert_id: int, up_to: int) -> Alert | None:
    """The alert while this very telling is on its way."""
    alert = session().get(Alert, alert_id, with_for_update=True, populate_existing=True)
    return alert if alert is not None and alert.sending_up_to == up_to else None


def _told(alert: Alert | None, up_to: int) -> None:
    if alert is not None:
        alert.told_up_to = up_to
        alert.sending_up_to = alert.sending_since = alert.refused_since = None


def _refused(alert_id: int, up_to: int, *, ever: bool) -> None:
    """Try again tomorrow, for two weeks; at once no more where the other side says it is gone."""
    alert = _claimed(alert_id, up_to)
    if alert is None:
        return
    at = clock.now()
    alert.refused_since = alert.refused_since or at
    if ever or alert.refused_since <= at - REFUSED_KEPT:
        forget([alert_id])
        return
    alert.sending_up_to = alert.sending_since = None
    alert.due_at = at + REFUSED_AGAIN


def _send(telling: _Telling) -> None:
    """Hand over. Raises NotTaken where trying again soon is of no use."""
    way = delivery()
    try:
        if telling.mail is not None:
            way.mailer.send(telling.mail)
        elif telling.keys is not None and way.push is not None:
            way.push.send(telling.keys, telling.words, topic=TOPIC)
    except smtplib.SMTPRecipientsRefused as refused:
        if all(code < 500 for code, _words in refused.recipients.values()):
            raise
        raise NotTaken(ever=False) from refused
    except (Gone, Refused) as gone:
        raise NotTaken(ever=True) from gone
    except NotAccepted as refused:
        if refused.status == 429 or refused.status >= 500:
            raise
        raise NotTaken(ever=False) from refused


def _mail(alert: Alert, written: Letter, part: str) -> Mail:
    address, way = email_of(alert), delivery()
    name, _at, domain = address.partition("@")
    return Mail(
        message_id=f"<alert.{digest('alert.message', alert.uid)[:20]}.{part}@{way.domain}>",
        to=address,
        shown_to=f"{name[:1]}…@{domain}",
        subject=way.translate(LOCK_SCREEN, alert.language),
        body=written.body,
        stop_url=written.stop_url,
    )
