"""The ways out: a mail server on loopback, the development mailbox, and none."""

import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
from flask import Flask
from sqlalchemy import select

from webapp.config import Settings
from webapp.core.unit_of_work import session
from webapp.notifications import views
from webapp.notifications.delivery import Mail, MailboxMailer, NoMailer, SmtpMailer
from webapp.notifications.models import MailboxItem

MAIL = Mail(
    message_id="<notice.5.abc@tinh.invalid>",
    to="mttq@xa.invalid",
    shown_to="mttq@xa.invalid",
    subject="Mắt Xanh: có cập nhật",
    body="Rác ở bản Noong Nhai đã được thu gom.\n",
)


class _Server(socketserver.TCPServer):
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails: list[bytes] = []


class _Session(socketserver.StreamRequestHandler):
    """Enough of a mail server to take one mail."""

    server: _Server

    def handle(self) -> None:
        self.wfile.write(b"220 xin chao\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.wfile.write(b"354 gui di\r\n")
                self.server.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.wfile.write(b"250 duoc\r\n")
            if word == b"QUIT":
                return


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def test_a_mail_server_gets_the_mail_with_our_id(server: _Server) -> None:
    port = server.server_address[1]
    SmtpMailer(f"smtp://127.0.0.1:{port}", "mat-xanh@tinh.invalid").send(MAIL)
    mail = message_from_bytes(server.mails[0], policy=policy.default)
    assert mail["Message-ID"] == MAIL.message_id
    assert mail["Subject"] == "Mắt Xanh: có cập nhật"
    assert (mail["From"], mail["To"]) == ("mat-xanh@tinh.invalid", "mttq@xa.invalid")
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_body()
    assert body is not None and "bản Noong Nhai" in body.get_content()


def test_a_mail_server_that_is_away_raises() -> None:
    with _Server() as closed:
        port = closed.server_address[1]
    with pytest.raises(OSError, match="refused"):
        SmtpMailer(f"smtp://127.0.0.1:{port}", "mat-xanh@tinh.invalid").send(MAIL)


def test_the_mailbox_writes_a_mail_once(app: Flask) -> None:
    MailboxMailer().send(MAIL)
    MailboxMailer().send(MAIL)
    item = session().scalars(select(MailboxItem)).one()
    assert (item.recipient, item.subject, item.body) == (MAIL.shown_to, MAIL.subject, MAIL.body)


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        (Settings(), MailboxMailer),
        (Settings(mail_url="smtp://127.0.0.1:25"), SmtpMailer),
        (Settings(public_url="https://matxanh.invalid"), NoMailer),
        (Settings(production=True), NoMailer),
    ],
)
def test_the_way_out_follows_the_settings(settings: Settings, kind: type[object]) -> None:
    assert type(views._mailer(settings)) is kind


def test_without_a_way_out_nothing_is_written_down(app: Flask) -> None:
    NoMailer().send(MAIL)
    assert session().scalars(select(MailboxItem)).all() == []
