"""The notices of an officer, and in development the mailbox."""

from email.utils import parseaddr

from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.config import Settings, push_secret, quiet_span
from webapp.core.errors import NotFound
from webapp.core.outward import Doors
from webapp.core.text import Text
from webapp.core.unit_of_work import write_unit
from webapp.jobs.operations import limit_tries
from webapp.notifications import delivery, operations, queries
from webapp.notifications.channels import SMS, QuietHours, outbox_kind
from webapp.notifications.push import PushSender
from webapp.notifications.sms import SmsGateway
from webapp.web.current_actor import current_actor
from webapp.web.guards import for_signed_in, may_open
from webapp.web.locale import choose, in_language, translated
from webapp.web.paging import LAST_ID, encode_cursor, id_cursor

bp = Blueprint("notifications", __name__)

PAGE = 30


@bp.get("/can-bo/thong-bao")
@for_signed_in
def notices() -> str:
    """What is new for the officer or the officer's organisation."""
    actor, before_id = current_actor(), id_cursor(request.args.get("sau"))
    shown = queries.notices_of(actor, language=choose(), before_id=before_id, limit=PAGE)
    return render_template(
        "notifications/notices.html",
        shown=shown,
        unread=queries.unread_count(actor),
        later=before_id is not None,
        may_open=may_open,
        next_url=_next_url("notifications.notices", [one.notice.id for one in shown]),
    )


@bp.post("/can-bo/thong-bao/da-doc")
@for_signed_in
def read_notices() -> ResponseReturnValue:
    """Mark as read what the page showed."""
    with write_unit():
        up_to_id = request.form.get("up_to_id", 0, type=int)
        operations.mark_read(current_actor(), up_to_id=max(0, min(up_to_id, LAST_ID)))
    return redirect(url_for("notifications.notices"), 303)


@bp.get("/hop-thu")
@for_signed_in
def mailbox() -> str:
    """Mails as they would have gone out."""
    _demand_development()
    items = queries.mailbox(before_id=id_cursor(request.args.get("sau")), limit=PAGE)
    next_url = _next_url("notifications.mailbox", [item.id for item in items])
    return render_template("notifications/mailbox.html", items=items, next_url=next_url)


@bp.get(f"/hop-thu/<int(max={LAST_ID}):item_id>")
@for_signed_in
def mail(item_id: int) -> str:
    """One mail."""
    _demand_development()
    item = queries.mailbox_item(item_id)
    if item is None:
        raise NotFound
    return render_template("notifications/mail.html", item=item)


def init_notifications(app: Flask) -> None:
    """Choose how mails leave, from the settings."""
    settings: Settings = app.extensions["matxanh_settings"]
    delivery.configure(
        delivery.Delivery(
            mailer=_mailer(settings),
            translate=_in_language,
            public_url=settings.public_url.rstrip("/") or f"http://{settings.bind}",
            domain=parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost",
            push=_push(settings),
            sms=_sms(settings),
            quiet=QuietHours(*span) if (span := quiet_span(settings.quiet_hours)) else None,
        )
    )
    limit_tries(outbox_kind(SMS), settings.sms_tries)


def _mailer(settings: Settings) -> delivery.Mailer:
    if settings.mail_url:
        return delivery.SmtpMailer(settings.mail_url, settings.mail_from)
    return delivery.MailboxMailer() if settings.demo_allowed else delivery.NoMailer()


def _push(settings: Settings) -> PushSender | None:
    secret = push_secret(settings.push_key)
    if secret is None:
        return None
    return PushSender(secret, parseaddr(settings.mail_from)[1], Doors(settings.push_test_host))


def _sms(settings: Settings) -> SmsGateway | None:
    if not settings.sms_url:
        return None
    return SmsGateway(
        url=settings.sms_url,
        body=settings.sms_body,
        secret=settings.sms_secret,
        sender=settings.sms_sender,
        seconds=settings.sms_timeout,
    )


def _in_language(text: Text, language: str) -> str:
    with in_language(language):
        return translated(text)


def _demand_development() -> None:
    settings: Settings = current_app.extensions["matxanh_settings"]
    if not settings.demo_allowed:
        raise NotFound


def _next_url(endpoint: str, ids: list[int]) -> str | None:
    return url_for(endpoint, sau=encode_cursor([ids[-1]])) if len(ids) == PAGE else None
