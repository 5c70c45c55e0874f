"""The own account: password and second factor."""

import segno
from flask import Blueprint, flash, render_template, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import hash_password, verify_password

from webapp.accounts.forms import PasswordForm, TurnOnForm
from webapp.accounts.models import Account
from webapp.accounts.operations import change_password, require_strong, turn_on_second_factor
from webapp.accounts.second_factor import app_address, matching_step, new_secret
from webapp.accounts.views.attempts import must_wait, note_failure
from webapp.accounts.views.session import current_account, start_session
from webapp.core import clock
from webapp.core.errors import Forbidden, Invalid
from webapp.core.unit_of_work import write_unit
from webapp.web.current_actor import current_actor
from webapp.web.forms import PageForm
from webapp.web.guards import for_signed_in
from webapp.web.redirects import see

bp = Blueprint("account", __name__, url_prefix="/can-bo/tai-khoan")
_SECRET = "second_factor_secret"  # noqa: S105  # the name of a session entry


@bp.get("/")
@for_signed_in
def show() -> str:
    """What the person can change about the own sign-in."""
    return render_template("accounts/account.html", account=_own(), form=PasswordForm())


@bp.post("/mat-khau")
@for_signed_in
def set_password() -> ResponseReturnValue:
    """A new password; all other sessions end."""
    account, form = _own(), PasswordForm()
    if not form.validate() or not _acceptable(form, account):
        return render_template("accounts/account.html", account=account, form=form), 422
    hashed = str(hash_password(form.password.data))
    with write_unit():
        change_password(current_actor(), account, hashed)
    start_session(account)
    flash(_("Đã đổi mật khẩu. Các máy khác phải đăng nhập lại."), "success")
    return see("account.show")


@bp.get("/xac-thuc")
@for_signed_in
def prepare() -> str:
    """A fresh secret as a QR code and as letters to type."""
    session[_SECRET] = new_secret()
    return _page(TurnOnForm())


@bp.post("/xac-thuc")
@for_signed_in
def turn_on() -> ResponseReturnValue:
    """Turn the second factor on once the app shows the right code; the recovery codes once."""
    form = TurnOnForm()
    if _SECRET not in session:
        return see("account.prepare")
    if not form.validate():
        return _page(form), 422
    if matching_step(session[_SECRET], form.code.data, clock.now()) is None:
        form.code.errors = [_("Mã chưa đúng. Xin xem giờ trên điện thoại đã đúng chưa.")]
        return _page(form), 422
    with write_unit():
        fresh = turn_on_second_factor(current_actor(), _own(), session.pop(_SECRET))
    return render_template("accounts/recovery_codes.html", codes=fresh)


def _own() -> Account:
    account = current_account()
    if account is None:
        raise Forbidden
    return account


def _acceptable(form: PasswordForm, account: Account) -> bool:
    """Whether the present password is right and the new one long enough; words go to the form."""
    who = f"password:{account.id}"
    if must_wait(who):
        form.form_errors.append(_("Đã nhập sai nhiều lần. Xin đợi một phút rồi thử lại."))
        return False
    if not verify_password(form.current.data, account.password):
        note_failure(who)
        form.current.errors = [_("Mật khẩu hiện nay chưa đúng.")]
        return False
    try:
        require_strong(form.password.data)
    except Invalid as refused:
        form.tell(refused)
        return False
    return True


def _page(form: PageForm) -> str:
    secret = session[_SECRET]
    qr = segno.make(app_address(secret, _own().email), error="m")
    return render_template(
        "accounts/second_factor.html",
        form=form,
        qr=qr.svg_data_uri(scale=5, border=2),
        letters=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )
