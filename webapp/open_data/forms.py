"""The forms of the staff page: a key, a webhook."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField, URLField

from webapp.web.fields import ChecksField
from webapp.web.forms import PageForm, Required

_SHORT = {"maxlength": 120}


class KeyForm(PageForm):
    """A key for a partner's program."""

    name = StringField(
        _("Đơn vị dùng khóa"),
        validators=[Required()],
        render_kw=_SHORT,
    )
    scopes = ChecksField(_("Khóa được làm gì"), validators=[Required()])
    promised = BooleanField(
        _("Đơn vị đã cam kết bằng văn bản: được người gửi đồng ý mới chuyển thông tin"),
        validators=[Required()],
    )


class WebhookForm(PageForm):
    """An address that is told of public steps."""

    name = StringField(_("Đơn vị nhận tin"), validators=[Required()], render_kw=_SHORT)
    url = URLField(_("Địa chỉ nhận tin"), validators=[Required()], render_kw={"maxlength": 400})
    events = ChecksField(_("Nhận những tin nào"), validators=[Required()])
