"""Forms of inspection files and of the register of establishments."""

from collections.abc import Iterator
from copy import copy
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from webapp.cases.workflow import CONCLUSIONS
from webapp.casework.forms.cases import answer_words, team_notes
from webapp.casework.operations.front import HAND_OVER_BODIES
from webapp.core.errors import DomainError
from webapp.inspections.operations.establishments import Entry
from webapp.inspections.operations.planning import Plan
from webapp.inspections.operations.visiting import Measured, Visit
from webapp.inspections.workflow import ESTABLISHMENT_KINDS, MOMENTS, PAPERS, PERMIT_KINDS
from webapp.web.fields import MomentField, radios
from webapp.web.forms import MAX_WORDS, AtMost, DayField, Needed, PageForm, Required, StepForm
from webapp.web.locale import translated

MEASURED_ROWS = 20
MAX_DIGITS = 13
_WORDS = (Required(), AtMost(MAX_WORDS))


class PlanForm(StepForm):
    """What is decided before going."""

    form = RadioField(_("Hình thức"), validators=[Required()], validate_choice=False)
    led = BooleanField(_("Thanh tra tỉnh chủ trì"))
    establishment = SelectField(
        _("Cơ sở được kiểm tra"),
        validate_choice=False,
        description=_("Chỉ cơ quan và Mặt trận thấy tên; trang công khai không nêu."),
    )
    purpose = TextAreaField(_("Kiểm tra việc gì"), validators=[Required(), AtMost(400)])
    lead = StringField(_("Trưởng đoàn, người chủ trì"), validators=[Required(), AtMost(120)])
    team = TextAreaField(
        _("Thành viên"), validators=[AtMost(800)], description=_("Mỗi người một dòng.")
    )
    sites = TextAreaField(
        _("Các điểm kiểm tra"), validators=[AtMost(800)], description=_("Mỗi điểm một dòng.")
    )
    planned_on = DayField(_("Ngày dự kiến"), validators=[Required()])

    def plan(self) -> Plan:
        """The plan as typed."""
        return Plan(
            form=self.form.data or "",
            led=bool(self.led.data) if "led" in self else False,
            purpose=self.purpose.data or "",
            lead=self.lead.data or "",
            team=self.team.data or "",
            sites=self.sites.data or "",
            planned_on=self.planned_on.data,
        )


class DecideForm(StepForm):
    """The decision by which the team goes."""

    number = StringField(_("Số quyết định"), validators=[Required(), AtMost(60)])
    decided_on = DayField(_("Ngày quyết định"), validators=[Required()])


class ReasonForm(StepForm):
    """A step that needs a reason."""

    reason = TextAreaField(_("Lý do"), validators=[*_WORDS])


class NoFieldsForm(StepForm):
    """A step that only needs a yes."""


class MeasuredForm(Form):
    """One measurement; the label of a shipped limit brings unit and limit along."""

    parameter = StringField(_("Thông số"), validators=[AtMost(160)])
    value = StringField(_("Kết quả"), validators=[AtMost(24)])
    unit = StringField(_("Đơn vị"), validators=[AtMost(24)])
    lowest = StringField(_("Giới hạn dưới"), validators=[AtMost(24)])
    highest = StringField(_("Giới hạn trên"), validators=[AtMost(24)])
    sampled_at = StringField(_("Vị trí lấy mẫu"), validators=[AtMost(120)])


class EndField(MomentField):
    """A moment that may be left open."""

    def __init__(self, label: Any, **bound: Any) -> None:
        super().__init__(label, **bound)
        self.validators = (Optional(),)
        self.flags.required = False


class MinutesForm(StepForm):
    """The minutes as they are written on the spot, with the measurements."""

    started_at = MomentField(_("Bắt đầu làm việc lúc"))
    ended_at = EndField(_("Kết thúc lúc"))
    place = StringField(_("Nơi làm việc"), validators=[Required(), AtMost(200)])
    present = TextAreaField(
        _("Người có mặt của bên được kiểm tra, người chứng kiến"),
        validators=[AtMost(800)],
        description=_("Mỗi người một dòng: họ tên, chức vụ."),
    )
    observed = TextAreaField(
        _("Nội dung, những gì thấy được"),
        validators=[*_WORDS],
        description=_("Ghi điều thấy, đếm, đo được; chưa kết luận."),
    )
    statement = TextAreaField(_("Ý kiến của bên được kiểm tra"), validators=[AtMost(MAX_WORDS)])
    measured = FieldList(FormField(MeasuredForm), min_entries=2, max_entries=MEASURED_ROWS)

    def visit(self) -> Visit:
        """The visit as typed."""
        return Visit(
            started_at=self.started_at.instant,
            ended_at=self.ended_at.instant if self.ended_at.data else None,
            place=self.place.data or "",
            present=self.present.data or "",
            observed=self.observed.data or "",
            statement=self.statement.data or "",
        )

    def measurements(self) -> list[Measured]:
        """The rows that hold anything, in their order."""
        return [Measured(**_filled(row)) for row in self._rows()]

    def tell(self, error: DomainError) -> None:
        """Put a message about a measurement beside its own field."""
        rows = self._rows()
        for name in list(error.fields):
            if not name.startswith("measured-"):
                continue
            _word, number, field = name.split("-")
            target = rows[int(number)].form[field]
            target.errors = [*target.errors, translated(error.fields[name])]
        mine = {k: v for k, v in error.fields.items() if not k.startswith("measured-")}
        if mine or not error.fields:
            rest = copy(error)
            rest.fields = mine
            super().tell(rest)

    def typed_fields(self) -> Iterator[Any]:
        """Every field that holds words, those of the measurements one by one."""
        for each in self.own_fields():
            if each is self.measured:
                for row in each.entries:
                    yield from row.form
            else:
                yield each

    def _rows(self) -> list[Any]:
        return [row for row in self.measured.entries if any(_filled(row).values())]


class PhotosForm(StepForm):
    """Photos of one moment of the inspection."""

    moment = radios(_("Chụp lúc nào"), MOMENTS)
    taken_at = MomentField(_("Chụp lúc"))
    place = StringField(_("Nơi chụp"), validators=[Required(), AtMost(200)])
    photos = MultipleFileField(_("Ảnh"))


class SignMinutesForm(StepForm):
    """The number the office gives the minutes that both sides signed."""

    number = StringField(_("Số biên bản"), validators=[Required(), AtMost(11)])
    signed_on = DayField(_("Ngày lập"), validators=[Required()])


class ScanForm(StepForm):
    """The signed paper as a file."""

    kind = RadioField(_("Văn bản nào"), validators=[Required()], validate_choice=False)
    files = MultipleFileField(
        _("Bản quét có chữ ký và dấu"),
        description=_("Một tệp PDF, hoặc ảnh chụp từng trang theo thứ tự, tất cả dưới 15 MB."),
        validators=[Needed()],
    )
    reason = StringField(
        _("Vì sao thay bản quét"),
        validators=[AtMost(200)],
        description=_("Chỉ cần khi văn bản đã có bản quét. Bản cũ vẫn được giữ."),
    )


class ResultForm(StepForm):
    """What is proposed to the one who approves."""

    conclusion = radios(_("Kết luận"), CONCLUSIONS)
    answer = answer_words()
    findings = team_notes()
    names_party = BooleanField(
        _("Kết luận nêu tên cơ sở vi phạm"),
        description=_("Chỉ khi chọn ô này trang công khai mới được nêu tên cơ sở."),
    )
    document_number = StringField(_("Số văn bản kết luận"), validators=[AtMost(60)])
    document_on = DayField(_("Ngày văn bản"))


class PaperForm(StepForm):
    """A notice or slip with its number and who signed it."""

    kind = radios(_("Loại văn bản"), {name: PAPERS[name] for name in ("slip", "notice")})
    number = StringField(_("Số văn bản"), validators=[Required(), AtMost(11)])
    issued_on = DayField(_("Ngày ban hành"), validators=[Required()])
    position = StringField(_("Chức vụ người ký"), validators=[Required(), AtMost(120)])
    name = StringField(_("Họ tên người ký"), validators=[Required(), AtMost(120)])


class AmountField(IntegerField):
    """An amount in đồng as people write it: "5.000.000"; None when empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raise ValueError in our words for what is no amount."""
        text = "".join(valuelist[0].split()).replace(".", "") if valuelist else ""
        self.data = None
        if text and not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
            raise ValueError(gettext("Xin ghi số tiền bằng chữ số, ví dụ 5.000.000."))
        self.data = int(text) if text else None


class SanctionForm(StepForm):
    """A decision that was taken, as a fact."""

    number = StringField(_("Số quyết định"), validators=[Required(), AtMost(60)])
    on = DayField(_("Ngày quyết định"), validators=[Required()])
    body = StringField(_("Người, cơ quan ra quyết định"), validators=[Required(), AtMost(160)])
    words = TextAreaField(_("Hành vi, hình thức xử phạt"), validators=[*_WORDS])
    amount = AmountField(_("Số tiền phạt (đồng)"))


class MeasureForm(StepForm):
    """One thing to put right."""

    text = TextAreaField(_("Việc phải làm"), validators=[Required(), AtMost(800)])
    due_on = DayField(_("Xong trước ngày"), validators=[Required()])


class FinishForm(StepForm):
    """Which measure was carried out, as the office saw it."""

    measure = RadioField(_("Việc đã xong"), validators=[Required()], validate_choice=False)
    result = TextAreaField(_("Cơ quan thấy thế nào"), validators=[Required(), AtMost(800)])


class HandOverForm(StepForm):
    """To whom the file goes."""

    body = radios(_("Chuyển đến"), HAND_OVER_BODIES)
    reason = TextAreaField(
        _("Nội dung bàn giao"),
        validators=[*_WORDS],
        description=_("Cả hồ sơ được niêm phong; chỉ người được giao quyền mở, có ghi nhật ký."),
    )


class OpenForm(PageForm):
    """Why a sealed file is opened."""

    reason = TextAreaField(
        _("Lý do mở"),
        validators=[Required(), AtMost(400)],
        description=_("Lý do được ghi vào nhật ký cho người kiểm soát."),
    )


class EstablishmentForm(StepForm):
    """An entry of the register."""

    name = StringField(_("Tên cơ sở"), validators=[Required(), AtMost(160)])
    kind = SelectField(_("Loại hình"), validators=[Required()], validate_choice=False)
    unit = SelectField(_("Xã, phường"), validators=[Required()], validate_choice=False)
    address = StringField(_("Địa chỉ, thôn bản"), validators=[Required(), AtMost(200)])
    representative = StringField(_("Người đại diện"), validators=[AtMost(120)])
    registration = StringField(_("Số đăng ký kinh doanh, mã số thuế"), validators=[AtMost(40)])
    priority = BooleanField(_("Dự án gây ô nhiễm, cần ưu tiên"))
    priority_source = StringField(
        _("Theo văn bản nào"),
        validators=[AtMost(200)],
        description=_("Số, ngày của kế hoạch hoặc danh sách xếp cơ sở vào diện này."),
    )
    note = TextAreaField(_("Ghi chú"), validators=[AtMost(MAX_WORDS)])

    def offer(self, units: list[tuple[str, str]]) -> None:
        """Fill the choices."""
        self.unit.choices = units
        self.kind.choices = [
            ("", _("Xin chọn")),
            *((code, translated(label)) for code, label in ESTABLISHMENT_KINDS.items()),
        ]

    def entry(self) -> Entry:
        """The entry as typed; a unit that was tampered with is none of the actor's."""
        unit = str(self.unit.data or "")
        return Entry(
            name=self.name.data or "",
            kind=self.kind.data or "",
            unit_id=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 19 else 0,
            address=self.address.data or "",
            representative=self.representative.data or "",
            registration=self.registration.data or "",
            priority=bool(self.priority.data),
            priority_source=self.priority_source.data or "",
            note=self.note.data or "",
        )


class PermitForm(StepForm):
    """A permit the establishment holds."""

    kind = radios(_("Loại giấy tờ"), PERMIT_KINDS)
    number = StringField(_("Số"), validators=[Required(), AtMost(60)])
    issuer = StringField(_("Nơi cấp"), validators=[Required(), AtMost(160)])
    issued_on = DayField(_("Ngày cấp"), validators=[Required()])
    valid_to = DayField(_("Có giá trị đến"))


class LinkForm(StepForm):
    """A case in which the establishment may have a part."""

    code = StringField(
        _("Mã vụ việc"),
        validators=[Required(), AtMost(12)],
        description=_("Gắn vào sổ không phải là kết luận cơ sở có lỗi."),
    )


def _filled(row: Any) -> dict[str, str]:
    return {name: (text or "").strip() for name, text in row.form.data.items()}
