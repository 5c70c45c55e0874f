"""``/can-bo/ket-noi``: keys and webhooks of partners' programs. A secret is shown once."""

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.errors import Invalid
from webapp.core.unit_of_work import write_unit
from webapp.open_data.forms import KeyForm, WebhookForm
from webapp.open_data.operations import keys as partner_keys
from webapp.open_data.operations import webhooks
from webapp.open_data.permissions import MANAGE
from webapp.open_data.workflow import DELIVERY_PROBLEMS, DELIVERY_STATES, SCOPES, WEBHOOK_EVENTS
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.locale import translated
from webapp.web.redirects import see

bp = Blueprint("open_staff", __name__, url_prefix="/can-bo/ket-noi")
_ID = "<int(max=9223372036854775807):row_id>"


@bp.get("")
@requires(MANAGE)
def index() -> str:
    """Keys, webhooks, and how the newest deliveries went."""
    return _page()


@bp.post("/khoa")
@requires(MANAGE)
def make_key() -> ResponseReturnValue:
    """Make a key and show it, this once."""
    form = _key_form()
    if form.validate():
        try:
            with write_unit():
                row, text = partner_keys.make_key(
                    current_actor(), name=form.name.data, scopes=form.scopes.data or []
                )
            return _page(shown=(row.name, text)), 201
        except Invalid as refused:
            form.tell(refused)
    return _page(key_form=form), 422


@bp.post(f"/khoa/{_ID}/thu-hoi")
@requires(MANAGE)
def revoke_key(row_id: int) -> ResponseReturnValue:
    """End a key."""
    with write_unit():
        partner_keys.revoke_key(current_actor(), row_id)
    flash(_("Đã thu hồi khóa. Phần mềm dùng khóa này không gửi được nữa."), "success")
    return see("open_staff.index")


@bp.post("/bao-tin")
@requires(MANAGE)
def make_webhook() -> ResponseReturnValue:
    """Make a webhook and show its secret, this once."""
    form = _webhook_form()
    if form.validate():
        try:
            with write_unit():
                row, secret = webhooks.make_webhook(
                    current_actor(),
                    name=form.name.data,
                    url=form.url.data,
                    events=form.events.data or [],
                )
            return _page(shown=(row.name, secret)), 201
        except Invalid as refused:
            form.tell(refused)
    return _page(webhook_form=form), 422


@bp.post(f"/bao-tin/{_ID}/ngung")
@requires(MANAGE)
def end_webhook(row_id: int) -> ResponseReturnValue:
    """Tell an address nothing more."""
    with write_unit():
        webhooks.end_webhook(current_actor(), row_id)
    flash(_("Đã ngừng gửi tin đến địa chỉ này."), "success")
    return see("open_staff.index")


@bp.post(f"/bao-tin/{_ID}/gui-thu")
@requires(MANAGE)
def try_webhook(row_id: int) -> ResponseReturnValue:
    """Send a ping."""
    with write_unit():
        webhooks.try_webhook(current_actor(), row_id)
    flash(_("Đang gửi thử. Xin tải lại trang sau ít giây để xem kết quả."), "success")
    return see("open_staff.index")


def _key_form() -> KeyForm:
    form = KeyForm(prefix="khoa-")
    form.scopes.choices = [(code, translated(words)) for code, words in SCOPES.items()]
    return form


def _webhook_form() -> WebhookForm:
    form = WebhookForm(prefix="tin-")
    named = [(code, translated(words)) for code, words in WEBHOOK_EVENTS.items()]
    form.events.choices = [each for each in named if each[0] != webhooks.PING]
    return form


def _page(
    *,
    key_form: KeyForm | None = None,
    webhook_form: WebhookForm | None = None,
    shown: tuple[str, str] | None = None,
) -> str:
    actor = current_actor()
    return render_template(
        "open_data/connections.html",
        keys=partner_keys.keys(actor),
        webhooks=webhooks.webhooks(actor),
        deliveries=webhooks.deliveries(actor),
        key_form=key_form or _empty(_key_form()),
        webhook_form=webhook_form or _empty(_webhook_form()),
        shown=shown,
        scopes=SCOPES,
        events=WEBHOOK_EVENTS,
        states=DELIVERY_STATES,
        problems=DELIVERY_PROBLEMS,
    )


def _empty(form: KeyForm | WebhookForm) -> KeyForm | WebhookForm:
    """The form without what was typed into it: it was carried out."""
    form.process(formdata=None)
    return form
