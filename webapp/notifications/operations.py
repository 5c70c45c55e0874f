"""Notices: written with the change they tell about, sent later from what may be known then."""

from sqlalchemy import update

from webapp.audit.operations import Subject
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.text import _
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.operations import enqueue
from webapp.notifications.delivery import Delivery, Mail, delivery
from webapp.notifications.messages import Rendered, message_of
from webapp.notifications.models import Notice
from webapp.notifications.policy import addressed_to
from webapp.notifications.recipients import Recipient, recipients_of

# What a lock screen may show: nothing of the content, and a first line that is as empty.
LOCK_SCREEN = _("Mắt Xanh: có cập nhật")
_BODY = _(
    "Mắt Xanh có cập nhật dành cho ông/bà. Nội dung ở phần dưới của thư này.\n\n\n\n"
    "%(subject)s\n\n%(body)s\n%(link)s\n--\nThư gửi tự động, xin không trả lời thư này.\n"
)


def notify(
    message: str,
    subject: Subject,
    *,
    organisation_id: int | None = None,
    person_id: int | None = None,
    held_for: str | None = None,
) -> Notice:
    """Write a notice and its sending into this transaction.

    With neither organisation nor person the message itself resolves the addresses (reporters).
    ``held_for`` delays the sending by 30 s, during which it can be taken back. Raises KeyError for
    an unknown message, ValueError when it is not about this kind of subject.
    """
    kind = message_of(message)
    if kind.subject_kind != subject.kind or subject.id is None:
        raise ValueError(f"message {message} is not about {subject.kind} {subject.id}")
    if organisation_id is None and person_id is None and kind.addresses is None:
        raise ValueError(f"message {message} has no recipient")
    notice = Notice(
        message=message,
        subject_kind=subject.kind,
        subject_id=subject.id,
        organisation_id=organisation_id,
        person_id=person_id,
        created_at=clock.now(),
    )
    session().add(notice)
    session().flush()
    enqueue("notifications.send", held_for=held_for, notice_id=notice.id)
    return notice


def send_notice(notice_id: int) -> None:
    """Give every address of a notice an outbox row of its own; may run twice.

    So one address that fails is tried again alone, and no other gets its mail twice.
    """
    with write_unit():
        notice = session().get(Notice, notice_id, with_for_update=True, populate_existing=True)
        if notice is None or notice.sent_at is not None:
            return
        notice.sent_at = clock.now()
        for recipient in recipients_of(notice):
            enqueue("notifications.mail", notice_id=notice_id, to=recipient.digest)


def send_mail(notice_id: int, to: str) -> None:
    """Send a notice to the address of this digest, unless it is no longer one of its addresses."""
    # A unit of its own: no transaction may be open while the mail server answers.
    with write_unit():
        mail = _mail(notice_id, to)
    if mail is not None:
        delivery().mailer.send(mail)


def mark_read(actor: Actor, *, up_to_id: int) -> None:
    """Note that the actor has read every notice to them up to this one."""
    session().execute(
        update(Notice)
        .where(addressed_to(actor), Notice.id <= up_to_id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _mail(notice_id: int, to: str) -> Mail | None:
    notice = session().get(Notice, notice_id, populate_existing=True)
    if notice is None:
        return None
    recipient = next((one for one in recipients_of(notice) if one.digest == to), None)
    if recipient is None:
        return None
    rendered = message_of(notice.message).render(notice.subject_id, recipient.reader)
    return None if rendered is None else _composed(delivery(), notice_id, recipient, rendered)


def _composed(way: Delivery, notice_id: int, recipient: Recipient, rendered: Rendered) -> Mail:
    language = recipient.reader.language
    prefix = "/en" if language == "en" else ""
    link = f"\n{way.public_url}{prefix}{rendered.path}\n" if rendered.path else ""
    words = _(
        _BODY.source,
        subject=way.translate(rendered.subject, language),
        body=way.translate(rendered.body, language),
        link=link,
    )
    return Mail(
        message_id=f"<notice.{notice_id}.{recipient.digest}@{way.domain}>",
        to=recipient.email,
        shown_to=recipient.shown,
        subject=way.translate(LOCK_SCREEN, language),
        body=way.translate(words, language),
    )
