"""The forms of the page: which cases to export, which file to bring."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice

from webapp.cases.workflow import SEVERITIES
from webapp.core.actor import Actor
from webapp.core.text import _ as marked
from webapp.exchange.queries import ExportQuestion
from webapp.figures.window import Window
from webapp.triage.filters import CASE_DUES, CASES, GROUPS, queue_filters
from webapp.triage.forms.choices import categories, labelled
from webapp.triage.queries.units import units_of
from webapp.web.fields import ChoiceField, LineField
from webapp.web.forms import DayField, PageForm, Required
from webapp.web.locale import choose

_NARROWING = ("category", "unit", "due", "group", "severity", "words")


class ExportForm(PageForm):
    """Which cases, as in the queue; days are those on which a case was opened."""

    category = ChoiceField(_("Loại việc"), required=False)
    unit = ChoiceField(_("Xã, phường"), required=False)
    due = ChoiceField(_("Thời hạn"), required=False)
    group = ChoiceField(_("Nhóm trạng thái"), required=False)
    severity = ChoiceField(_("Mức độ"), required=False)
    words = LineField(_("Từ hoặc mã"), limit=80, required=False)
    first = DayField(_("Mở từ ngày"))
    last = DayField(_("Đến ngày"))
    ended = BooleanField(_("Cả vụ việc đã kết thúc, kèm kết quả"), default=True)
    kind = RadioField(
        _("Loại tệp"),
        choices=[SelectChoice("csv", "CSV"), SelectChoice("json", "JSON")],
        default="csv",
        validators=[Required()],
    )

    def offer(self, actor: Actor) -> None:
        """Fill the choices for this officer."""
        anything = [("", gettext("Tất cả"))]
        self.category.choices = categories(prompt=marked("Tất cả"))
        self.unit.choices = anything + [
            (str(unit.id), unit.in_language(choose())) for unit in units_of(actor)
        ]
        self.due.choices = anything + labelled(CASE_DUES)
        self.group.choices = anything + labelled(GROUPS)
        self.severity.choices = anything + labelled(SEVERITIES)

    def validate(self, extra_validators: Any = None) -> bool:
        """The two days belong together and in order."""
        good = super().validate(extra_validators)
        first, last = self.first.data, self.last.data
        if (first is None) != (last is None):
            self.last.errors = [
                *self.last.errors,
                gettext("Xin ghi cả hai ngày, hoặc bỏ trống cả hai."),
            ]
            return False
        if first and last and first > last:
            self.last.errors = [*self.last.errors, gettext("Ngày đầu phải trước ngày cuối.")]
            return False
        return good

    @property
    def question(self) -> ExportQuestion:
        """What is asked for; values that no list holds are dropped."""
        asked = {name: self._fields[name].data or "" for name in _NARROWING}
        first, last = self.first.data, self.last.data
        return ExportQuestion(
            filters=queue_filters({"tab": CASES, **asked}),
            ended=bool(self.ended.data),
            window=Window(first, last) if first and last else None,
        )


class ImportForm(PageForm):
    """A file of the other system, and what its rows become."""

    file = FileField(_("Tệp CSV hoặc JSON"), validators=[Required()])
    becomes = RadioField(
        _("Mỗi dòng mới trở thành"),
        choices=[
            SelectChoice("report", _("Phản ánh chờ xem trong hàng đợi")),
            SelectChoice("case", _("Vụ việc mở ngay")),
        ],
        default="report",
        validators=[Required()],
    )
    agreed = BooleanField(
        _("Người phản ánh đã được hệ thống kia báo rằng nội dung chuyển sang đây"),
        validators=[Required()],
    )
