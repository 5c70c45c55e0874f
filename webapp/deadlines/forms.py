"""The form of a new version of a clock rule."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired

from webapp.web.forms import AtMost, DayField, PageForm, Required

_WHOLE = InputRequired(message=_("Xin ghi một số."))


class VersionForm(PageForm):
    """How long, from when, on what ground."""

    amount = IntegerField(_("Thời hạn mới"), validators=[_WHOLE])
    due_soon = IntegerField(
        _("Báo trước"),
        validators=[_WHOLE],
        description=_("Cùng đơn vị với thời hạn, tính ngược từ lúc đến hạn."),
    )
    valid_from = DayField(_("Có hiệu lực từ ngày"), validators=[Required()])
    source = StringField(
        _("Căn cứ"),
        validators=[Required(), AtMost(200)],
        description=_("Ví dụ: số quy chế phối hợp, ngày ký."),
    )
