"""Notices: written with the change they tell about, sent later from what may be known then."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select, update

from webapp.audit.operations import Subject
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.outward import Refused
from webapp.core.rows import add_row
from webapp.core.text import _
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.operations import enqueue
from webapp.notifications.channels import MAIL, PUSH, SMS, WAKES, outbox_kind
from webapp.notifications.delivery import Delivery, Mail, delivery
from webapp.notifications.messages import Message, Rendered, message_of
from webapp.notifications.models import Notice, NoticeDelivery, SmsSent
from webapp.notifications.policy import addressed_to
from webapp.notifications.push import Gone
from webapp.notifications.recipients import Recipient, recipients_of
from webapp.notifications.subscriptions import end_subscription, keys_of, stop_uid

SMS_PER_DAY: Final = 5
SMS_COUNTED: Final = timedelta(days=1)
SMS_APART: Final = timedelta(minutes=30)
STOP_PATH: Final = "/thong-bao/dung/"
# What a lock screen may show: nothing of the content, and a first line that is as empty.
LOCK_SCREEN = _("Mắt Xanh: có cập nhật")
_BODY = _(
    "Mắt Xanh có cập nhật dành cho ông/bà. Nội dung ở phần dưới của thư này.\n\n\n\n"
    "%(subject)s\n\n%(body)s\n%(link)s\n--\nThư gửi tự động, xin không trả lời thư này.\n"
)
_STOP = _("Không muốn nhận tin nữa: %(link)s\n")


def notify(
    message: str,
    subject: Subject,
    *,
    organisation_id: int | None = None,
    person_id: int | None = None,
    held_for: str | None = None,
) -> Notice:
    """Write a notice into this transaction, and its sending unless it is only listed.

    With neither organisation nor person the message itself resolves the addresses (reporters).
    ``held_for`` delays the sending by 30 s, during which it can be taken back. Raises KeyError for
    an unknown message, ValueError when it is not about this kind of subject.
    """
    notice = _notice(message, subject, organisation_id, person_id)
    session().flush()  # its subject and who is told, should they be new
    add_row(notice)
    if not message_of(message).listed_only:
        enqueue("notifications.send", held_for=held_for, notice_id=notice.id)
    return notice


def listed_notice(message: str, subject: Subject, *, organisation_id: int) -> Notice:
    """A notice that only stands in a list, for the caller to store with other rows.

    Raises as ``notify`` does, and ValueError for a message that is sent too.
    """
    if not message_of(message).listed_only:
        raise ValueError(f"message {message} is sent, not only listed")
    return _notice(message, subject, organisation_id, None)


def _notice(
    message: str, subject: Subject, organisation_id: int | None, person_id: int | None
) -> Notice:
    kind = message_of(message)
    if kind.subject_kind != subject.kind or subject.id is None:
        raise ValueError(f"message {message} is not about {subject.kind} {subject.id}")
    if organisation_id is None and person_id is None and kind.addresses is None:
        raise ValueError(f"message {message} has no recipient")
    return Notice(
        message=message,
        subject_kind=subject.kind,
        subject_id=subject.id,
        organisation_id=organisation_id,
        person_id=person_id,
        created_at=clock.now(),
    )


def send_notice(notice_id: int) -> None:
    """Give every address of a notice an outbox row of its own; may run twice.

    So one address that fails is tried again alone, and no other is told twice. What rings waits
    for the end of the quiet hours.
    """
    with write_unit():
        notice = session().get(Notice, notice_id, with_for_update=True, populate_existing=True)
        if notice is None or notice.sent_at is not None:
            return
        notice.sent_at = clock.now()
        wait = _quiet_for(message_of(notice.message))
        for recipient in recipients_of(notice):
            enqueue(
                outbox_kind(recipient.channel),
                delay=wait if recipient.channel in WAKES else timedelta(0),
                notice_id=notice_id,
                to=recipient.digest,
            )


def send_mail(notice_id: int, to: str) -> None:
    """Send a notice to the mail address of this digest (task)."""
    _deliver(MAIL, notice_id, to, lambda told: delivery().mailer.send(_mail(delivery(), told)))


def send_push(notice_id: int, to: str) -> None:
    """Wake the browser of this digest (task); forget it when its service says that it is gone."""
    _deliver(PUSH, notice_id, to, _wake_browser)


def send_sms(notice_id: int, to: str) -> None:
    """Send the neutral line, or what its reader asked for, to the number of this digest (task)."""
    _deliver(SMS, notice_id, to, _send_sms)


def mark_read(actor: Actor, *, up_to_id: int) -> None:
    """Note that the actor has read every notice to them up to this one."""
    session().execute(
        update(Notice)
        .where(addressed_to(actor), Notice.id <= up_to_id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True)
class _Told:
    """One notice for one recipient, its words fresh from what may be known now."""

    notice_id: int
    recipient: Recipient
    rendered: Rendered
    stop: str
    asked_for: bool


def _deliver(channel: str, notice_id: int, to: str, send: Callable[[_Told], None]) -> None:
    """Send unless it went out already, or there is no longer anything or anybody to tell.

    Three steps, because no transaction may be open while a server of others answers.
    """
    with write_unit():
        told = _to_tell(channel, notice_id, to)
    if told is None:
        return
    send(told)
    with write_unit():
        session().add(
            NoticeDelivery(notice_id=notice_id, channel=channel, recipient=to, at=clock.now())
        )
        if channel == SMS:
            session().add(SmsSent(recipient=to, at=clock.now()))


def _to_tell(channel: str, notice_id: int, to: str) -> _Told | None:
    notice = session().get(Notice, notice_id, populate_existing=True)
    if notice is None or _went_out(channel, notice_id, to):
        return None
    if _told_enough(channel, to, spaced=not message_of(notice.message).asked_for):
        return None
    found = (each for each in recipients_of(notice) if (each.channel, each.digest) == (channel, to))
    recipient = next(found, None)
    if recipient is None:
        return None
    rendered = message_of(notice.message).render(notice.subject_id, recipient.reader)
    if rendered is None:
        return None
    asked_for = message_of(notice.message).asked_for
    return _Told(notice_id, recipient, rendered, _stop_of(notice, channel), asked_for)


def _went_out(channel: str, notice_id: int, to: str) -> bool:
    query = select(NoticeDelivery.id).where(
        NoticeDelivery.notice_id == notice_id,
        NoticeDelivery.channel == channel,
        NoticeDelivery.recipient == to,
    )
    return session().scalar(query) is not None


def _told_enough(channel: str, to: str, *, spaced: bool) -> bool:
    """Whether a number had its SMS of late: each costs money and may be asked for by a stranger.

    What was asked for need not keep its distance from the one before.
    """
    if channel != SMS:
        return False
    at = clock.now()
    query = select(SmsSent.at).where(SmsSent.recipient == to, SmsSent.at > at - SMS_COUNTED)
    times = session().scalars(query).all()
    return len(times) >= SMS_PER_DAY or (spaced and any(at - each < SMS_APART for each in times))


def _stop_of(notice: Notice, channel: str) -> str:
    """The stop link of a reporter's mail; an officer's mails belong to the work."""
    if channel != MAIL or notice.organisation_id or notice.person_id:
        return ""
    return stop_uid(Subject(notice.subject_kind, notice.subject_id))


def _quiet_for(message: Message) -> timedelta:
    quiet, at = delivery().quiet, clock.now()
    return timedelta(0) if quiet is None or message.urgent else quiet.until(at) - at


def _wake_browser(told: _Told) -> None:
    way, uid = delivery(), told.recipient.to
    keys = keys_of(uid)
    session().rollback()  # ends the reading: the push service may take its time
    if way.push is None or keys is None:
        return
    try:
        way.push.send(keys, way.translate(LOCK_SCREEN, told.recipient.reader.language))
    except (Gone, Refused):
        with write_unit():
            end_subscription(uid)


def _send_sms(told: _Told) -> None:
    way = delivery()
    if way.sms is None:
        return
    text = told.rendered.body if told.asked_for else LOCK_SCREEN
    words = way.translate(text, told.recipient.reader.language)
    way.sms.send(told.recipient.to, words, f"{told.notice_id}-{told.recipient.digest}")


def _mail(way: Delivery, told: _Told) -> Mail:
    language = told.recipient.reader.language
    root = f"{way.public_url}/en" if language == "en" else way.public_url
    link = f"\n{root}{told.rendered.path}\n" if told.rendered.path else ""
    stop_url = f"{root}{STOP_PATH}{told.stop}" if told.stop else ""
    words = _(
        _BODY.source,
        subject=way.translate(told.rendered.subject, language),
        body=way.translate(told.rendered.body, language),
        link=link,
    )
    stop = way.translate(_(_STOP.source, link=stop_url), language) if stop_url else ""
    return Mail(
        message_id=f"<notice.{told.notice_id}.{told.recipient.digest}@{way.domain}>",
        to=told.recipient.to,
        shown_to=told.recipient.shown,
        subject=way.translate(LOCK_SCREEN, language),
        body=way.translate(words, language) + stop,
        stop_url=stop_url,
    )
