"""Forms of the registers: a period, a copy with identities, who numbers."""

from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from webapp.casework.register import Period
from webapp.core import clock
from webapp.web.fields import WordsField
from webapp.web.forms import DayField, PageForm, Required


class PeriodForm(PageForm):
    """From which day to which."""

    first = DayField(_("Từ ngày"), validators=[Required()])
    last = DayField(_("Đến ngày"), validators=[Required()])

    def suggest(self) -> None:
        """This year until today."""
        today = clock.today_local()
        self.first.data, self.last.data = date(today.year, 1, 1), today

    @property
    def period(self) -> Period:
        """The days. To be asked of a checked form only."""
        if self.first.data is None or self.last.data is None:
            raise ValueError("no period was given")
        return Period(self.first.data, self.last.data)


class IdentityCopyForm(PeriodForm):
    """A register with names: why."""

    reason = WordsField(
        _("Vì sao cần bản có danh tính"),
        limit=500,
        hint=_("Người kiểm soát đọc được lý do này, cùng tên ông/bà và từng dòng đã mở."),
    )


class NumberingForm(PageForm):
    """Who gives the numbers of letters."""

    by = RadioField(
        _("Số văn bản"),
        choices=[
            SelectChoice("typed", _("Văn thư lấy số từ sổ văn bản đi của cơ quan rồi ghi vào")),
            SelectChoice("platform", _("Mắt Xanh cấp số kế tiếp khi ban hành")),
        ],
        validators=[Required()],
    )
