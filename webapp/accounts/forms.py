"""Forms of sign-in and of the own account."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, Length

from webapp.web.fields import ChoiceField
from webapp.web.forms import DayField, PageForm, Required

_MAX = 200  # an argon2 hash of megabytes would be a cheap way to keep the server busy


class SignInForm(PageForm):
    """Address and password."""

    email = StringField(
        _("Địa chỉ thư điện tử"),
        validators=[Required(), Length(max=_MAX, message=_("Địa chỉ này quá dài."))],
        render_kw={
            "type": "email", "autocomplete": "username", "inputmode": "email",
            "autocapitalize": "none", "spellcheck": "false",
        },
    )  # fmt: skip
    password = PasswordField(
        _("Mật khẩu"),
        validators=[Required(), Length(max=_MAX, message=_("Mật khẩu này quá dài."))],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class CodeForm(PageForm):
    """The second step: a one-time code or a recovery code."""

    code = StringField(
        _("Mã xác thực"),
        validators=[Required(), Length(max=40, message=_("Mã này quá dài."))],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
    )
    next = HiddenField()


class TurnOnForm(PageForm):
    """Proof that the authenticator app shows the right codes."""

    code = StringField(
        _("Mã 6 số trong ứng dụng"),
        validators=[Required(), Length(max=20, message=_("Mã này quá dài."))],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class PasswordForm(PageForm):
    """The own password, changed."""

    current = PasswordField(
        _("Mật khẩu hiện nay"),
        validators=[Required(), Length(max=_MAX, message=_("Mật khẩu này quá dài."))],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _("Mật khẩu mới"),
        validators=[Required(), Length(max=_MAX, message=_("Mật khẩu này quá dài."))],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _("Nhập lại mật khẩu mới"),
        validators=[Required(), EqualTo("password", message=_("Hai lần nhập chưa giống nhau."))],
        render_kw={"autocomplete": "new-password"},
    )


class AbsenceForm(PageForm):
    """Who acts meanwhile, from which day to which."""

    acting = ChoiceField(_("Người làm thay"))
    first = DayField(_("Vắng từ ngày"), validators=[Required()])
    last = DayField(_("Đến hết ngày"), validators=[Required()])
