"""The ways out: a mail server or in development a page that shows mails, push, an SMS gateway."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import unquote, urlsplit

from sqlalchemy import select

from webapp.core import clock
from webapp.core.text import Text
from webapp.core.unit_of_work import session, write_unit
from webapp.notifications.channels import QuietHours
from webapp.notifications.models import MailboxItem
from webapp.notifications.push import PushSender
from webapp.notifications.sms import SmsGateway

SECONDS = 10
_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True)
class Mail:
    """One mail to one address. A retry carries the same ``message_id`` (C4 of trust.md)."""

    message_id: str
    to: str
    shown_to: str
    subject: str
    body: str
    stop_url: str = ""


class Mailer(Protocol):
    """Sends a mail or raises; outside any transaction."""

    def send(self, mail: Mail) -> None: ...


@dataclass(frozen=True)
class SmtpMailer:
    """A mail server: ``smtp://user:password@host:port``, or smtps. STARTTLS where offered."""

    url: str
    sender: str

    def send(self, mail: Mail) -> None:
        """Hand over to the server. Raises OSError or SMTPException."""
        parts = urlsplit(self.url)
        kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        port = parts.port or _PORTS[parts.scheme]
        with closing(kind(parts.hostname or "localhost", port, timeout=SECONDS)) as server:
            server.ehlo()
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(self._message(mail))
            with suppress(OSError, smtplib.SMTPException):
                server.quit()  # the mail is accepted: a bad farewell must not send it again

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Message-ID"] = mail.message_id
        message["Date"] = format_datetime(clock.now())
        message["Auto-Submitted"] = "auto-generated"
        if mail.stop_url:
            message["List-Unsubscribe"] = f"<{mail.stop_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        message.set_content(mail.body)
        return message


class MailboxMailer:
    """Development: the mail becomes a row that ``/hop-thu`` shows."""

    def send(self, mail: Mail) -> None:
        """Write the mail down once; a retry changes nothing."""
        with write_unit():
            known = select(MailboxItem.id).where(MailboxItem.message_id == mail.message_id)
            if session().scalar(known) is None:
                session().add(
                    MailboxItem(
                        message_id=mail.message_id,
                        recipient=mail.shown_to,
                        subject=mail.subject,
                        body=mail.body,
                        at=clock.now(),
                    )
                )


class NoMailer:
    """No mail server and no development: notices are read on the staff page only."""

    def send(self, mail: Mail) -> None:
        """Nothing leaves, and nothing is written down that should not be."""


@dataclass(frozen=True)
class Delivery:
    """How notices leave: by what, in whose words, with which address of ours in links and ids.

    Without ``push`` or ``sms`` that channel is not offered and nothing goes out by it.
    """

    mailer: Mailer
    translate: Callable[[Text, str], str]
    public_url: str
    domain: str
    push: PushSender | None = None
    sms: SmsGateway | None = None
    quiet: QuietHours | None = None

    @property
    def mail_open(self) -> bool:
        """Whether mails leave: to a server, or in development to a page."""
        return not isinstance(self.mailer, NoMailer)

    @property
    def push_key(self) -> str:
        """The public key a browser subscribes with; empty where Web Push is not set up."""
        return self.push.public_key if self.push else ""


_delivery: Delivery | None = None


def configure(made: Delivery) -> None:
    """Set the way out; called once when the application is made."""
    global _delivery
    _delivery = made


def delivery() -> Delivery:
    """The way out. Raises RuntimeError before start-up."""
    if _delivery is None:
        raise RuntimeError("delivery.configure was not called")
    return _delivery
