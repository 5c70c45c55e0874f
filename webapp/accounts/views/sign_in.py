"""Sign-in, second step, sign-out. Named "security" because the guards send people to it."""

import secrets
from functools import cache

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import hash_password, verify_password

from webapp.accounts.forms import CodeForm, SignInForm
from webapp.accounts.models import Account
from webapp.accounts.operations import spend_recovery_code
from webapp.accounts.policy import may_sign_in
from webapp.accounts.queries import account_by_email, account_by_id, actor_of
from webapp.accounts.second_factor import matching_step, opened_secret
from webapp.accounts.sessions import DEVICE_KEPT, known_device, note_sign_in
from webapp.accounts.views.attempts import first_use, must_wait, note_failure
from webapp.accounts.views.session import close_session, settings, start_session
from webapp.core import clock
from webapp.core.unit_of_work import write_unit
from webapp.web.current_actor import current_actor
from webapp.web.forms import PageForm
from webapp.web.guards import public
from webapp.web.navigation import menu

bp = Blueprint("security", __name__)
WAIT_SECONDS = "60"
PENDING_SECONDS = 300
_PENDING, _PENDING_AT = "second_step", "second_step_at"


@bp.get("/dang-nhap")
@public
def login() -> str:
    """The sign-in page."""
    form = SignInForm(next=request.args.get("next", ""))
    return render_template("security/sign_in.html", form=form, demo=settings().demo_allowed)


@bp.post("/dang-nhap")
@public
def enter() -> ResponseReturnValue:
    """Check address and password, then sign in or ask for the second step."""
    form = SignInForm()
    if not form.validate():
        return _refused("security/sign_in.html", form)
    guesser = _guesser(form.email.data)
    if must_wait(guesser):
        return _slow_down("security/sign_in.html", form)
    account = _right_account(form.email.data, form.password.data)
    if account is None:
        note_failure(guesser)
        form.form_errors.append(_("Địa chỉ thư điện tử hoặc mật khẩu chưa đúng."))
        return _refused("security/sign_in.html", form)
    if account.tf_totp_secret:
        session.clear()
        session.update({_PENDING: account.id, _PENDING_AT: clock.now().timestamp()})
        return redirect(url_for("security.ask_code", next=form.next.data), code=303)
    return _signed_in(account, form.next.data)


@bp.get("/dang-nhap/ma")
@public
def ask_code() -> ResponseReturnValue:
    """The page of the second step."""
    if _pending_account() is None:
        return redirect(url_for("security.login"), code=303)
    form = CodeForm(next=request.args.get("next", ""))
    return render_template("security/second_step.html", form=form)


@bp.post("/dang-nhap/ma")
@public
def second_step() -> ResponseReturnValue:
    """Check the one-time code or a recovery code."""
    account = _pending_account()
    if account is None:
        return redirect(url_for("security.login"), code=303)
    form = CodeForm()
    if not form.validate():
        return _refused("security/second_step.html", form)
    if must_wait(f"code:{account.id}"):
        return _slow_down("security/second_step.html", form)
    if not _right_code(account, form.code.data):
        note_failure(f"code:{account.id}")
        form.code.errors = [_("Mã chưa đúng hoặc đã dùng rồi.")]
        return _refused("security/second_step.html", form)
    return _signed_in(account, form.next.data)


@bp.post("/dang-xuat")
@public
def logout() -> ResponseReturnValue:
    """End the session of this browser."""
    close_session()
    return redirect(_local("/"), code=303)


def _right_account(email: str, password: str) -> Account | None:
    """The account, when the password is right; as slow for an unknown address."""
    account = account_by_email(email)
    right = verify_password(password, account.password if account else _nobody())
    usable = account is not None and may_sign_in(account, demo_allowed=settings().demo_allowed)
    return account if right and usable else None


@cache
def _nobody() -> str:
    return str(hash_password("nobody has this password"))


def _pending_account() -> Account | None:
    age = clock.now().timestamp() - session.get(_PENDING_AT, 0)
    if _PENDING not in session or not 0 <= age < PENDING_SECONDS:
        return None
    account = account_by_id(session[_PENDING])
    usable = account is not None and may_sign_in(account, demo_allowed=settings().demo_allowed)
    return account if usable else None


def _right_code(account: Account, code: str) -> bool:
    if account.tf_totp_secret is None:
        return False
    step = matching_step(opened_secret(account.tf_totp_secret, account.id), code, clock.now())
    if step is not None:
        return first_use(account.id, step)
    with write_unit():
        return spend_recovery_code(actor_of(account, clock.today_local()), account.id, code)


def _signed_in(account: Account, target: str | None) -> ResponseReturnValue:
    start_session(account)
    device = request.cookies.get(_device_cookie()) or secrets.token_urlsafe(24)
    with write_unit():
        note_sign_in(current_actor(), account, device)
    answer = redirect(_destination(target), code=303)
    answer.set_cookie(
        _device_cookie(),
        device,
        max_age=DEVICE_KEPT,
        httponly=True,
        secure=settings().production,
        samesite="Lax",
    )
    return answer


def _device_cookie() -> str:
    return "__Host-matxanh-device" if settings().production else "matxanh-device"


def _guesser(email: str) -> str:
    """Whose guesses are counted: those of others never make a known device of the owner wait."""
    account = account_by_email(email)
    device = known_device(account, request.cookies.get(_device_cookie(), "")) if account else None
    return f"{email}:{device.id}" if device else email


def _destination(target: str | None) -> str:
    """The page that was asked for, if it is ours; else the first page of the menu."""
    ours = target and target.startswith("/") and not target.startswith(("//", "/\\"))
    if ours and target and target.isprintable():
        return _local(target)
    return next((link.url for link in menu().links), _local("/"))


def _local(path: str) -> str:
    return request.script_root + path


def _refused(template: str, form: PageForm) -> ResponseReturnValue:
    return render_template(template, form=form, demo=settings().demo_allowed), 422


def _slow_down(template: str, form: PageForm) -> ResponseReturnValue:
    form.form_errors.append(_("Đã nhập sai nhiều lần. Xin đợi một phút rồi thử lại."))
    answer = make_response(render_template(template, form=form, demo=settings().demo_allowed), 429)
    answer.headers["Retry-After"] = WAIT_SECONDS
    return answer
