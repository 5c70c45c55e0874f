"""The forms of a calendar day and of a list of schools and clinics."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from webapp.web.forms import DayField, PageForm, Required


class CalendarDayForm(PageForm):
    """A day off, or a weekend day worked in exchange."""

    day = DayField(_("Ngày"), validators=[InputRequired(message=_("Xin chọn ngày."))])
    works = RadioField(
        _("Loại ngày"),
        choices=[
            SelectChoice("nghi", _("Ngày nghỉ")),
            SelectChoice("lam-bu", _("Cuối tuần làm bù")),
        ],
        default="nghi",
        validators=[Required()],
    )
    name = StringField(
        _("Tên ngày"),
        validators=[Required(), Length(max=120, message=_("Tên ngày dài quá 120 ký tự."))],
    )


class PlaceListForm(PageForm):
    """A list of schools and clinics."""

    file = FileField(_("Tệp CSV hoặc JSON"), validators=[Required()])
    replace = BooleanField(_("Bỏ mọi nơi không có trong tệp này"))
