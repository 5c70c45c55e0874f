"""The form of a calendar day."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from webapp.web.forms import PageForm, Required


class CalendarDayForm(PageForm):
    """A day off, or a weekend day worked in exchange."""

    day = DateField(
        _("Ngày"),
        format=["%Y-%m-%d", "%d/%m/%Y"],
        validators=[InputRequired(message=_("Xin chọn ngày."))],
    )
    works = RadioField(
        _("Loại ngày"),
        choices=[
            SelectChoice("nghi", _("Ngày nghỉ")),
            SelectChoice("lam-bu", _("Cuối tuần làm bù")),
        ],
        default="nghi",
    )
    name = StringField(
        _("Tên ngày"),
        validators=[Required(), Length(max=120, message=_("Tên ngày dài quá 120 ký tự."))],
    )
