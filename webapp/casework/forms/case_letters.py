"""Forms of the letters beside the recommendation: one for each kind, one for each step."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import MultipleFileField, RadioField, StringField, TextAreaField
from wtforms.fields import Field

from webapp.casework.forms.letters import (
    NAMES,
    CopiesForm,
    IssueForm,
    NoFieldsForm,
    ReasonForm,
    SignForm,
)
from webapp.casework.half_years import Half
from webapp.casework.hearing import INVITED, hearing_meeting
from webapp.casework.operations.answering import DELIVERY_CHANNELS
from webapp.core import clock
from webapp.web.fields import ChecksField, ChoiceField, MomentField, radios
from webapp.web.forms import MAX_WORDS, AtMost, DayField, Needed, Required, StepForm

__all__ = ["IssueForm", "NoFieldsForm", "ReasonForm"]
_ANSWER_WITHIN = timedelta(days=7)


class LetterForm(StepForm):
    """What an officer decides of a letter; ``given`` is how it is kept."""

    def own_fields(self) -> list[Field]:
        """What the letter says first, then who signs beside and who gets it."""
        placed = {"period": -1, "partner": 1, "electronic": 2, "paper": 3}
        return sorted(super().own_fields(), key=lambda each: placed.get(each.name, 0))

    def given(self) -> dict[str, Any]:
        """The fields as plain values; the choice of a partner is kept apart."""
        return {each.name: _plain(each) for each in self.own_fields() if each.name != "partner"}

    def fill(self, given: dict[str, Any]) -> None:
        """Put back what was kept."""
        for field in self.own_fields():
            if field.name in given:
                _refill(field, given[field.name])


class _WithPartner(CopiesForm, LetterForm):
    partner = RadioField(
        _("Cùng ký"),
        validate_choice=False,
        description=_("Hai bên cùng ký thì văn bản có hai tiêu đề và hai chữ ký."),
    )


class UrgingForm(CopiesForm, LetterForm):
    """A letter that recalls a recommendation."""

    situation = TextAreaField(
        _("Tình hình hiện nay"),
        validators=[AtMost(MAX_WORDS)],
        description=_("Vài dòng in vào công văn."),
    )
    new_due_on = DayField(_("Đề nghị trả lời trước ngày"), validators=[Required()])

    def suggest(self) -> None:
        """A week from today."""
        self.new_due_on.data = clock.today_local() + _ANSWER_WITHIN


class TransferForm(CopiesForm, LetterForm):
    """A slip to the body a matter belongs to."""

    addressee = StringField(_("Chuyển đến"), validators=[Required(), AtMost(160)])
    reason = TextAreaField(
        _("Vì sao chuyển đến đó"),
        validators=[Required(), AtMost(MAX_WORDS)],
        description=_("Không nêu tên hay lời của người phản ánh."),
    )
    due_on = DayField(_("Đề nghị báo kết quả trước ngày"))


class NoticeForm(_WithPartner):
    """What the residents are told of the result."""

    result = TextAreaField(
        _("Kết quả giải quyết"),
        validators=[Required(), AtMost(MAX_WORDS)],
        description=_("Đã kiểm tra gì, kết luận ra sao, khắc phục thế nào. Không nêu tên ai."),
    )


class InvitationForm(_WithPartner):
    """Who is asked to come, when, where and for what."""

    invited = TextAreaField(
        _("Kính mời"),
        validators=[Required(), AtMost(NAMES)],
        description=_("Cơ quan, chức danh; mỗi nơi một dòng. Không ghi tên người phản ánh."),
    )
    purpose = StringField(
        _("Dự việc gì"),
        validators=[Required(), AtMost(200)],
        description=_("Ví dụ: Buổi đối thoại về điểm rác bản Nà Nhạn."),
    )
    at = MomentField(_("Thời gian"))
    place = StringField(_("Địa điểm"), validators=[Required(), AtMost(200)])
    host = StringField(_("Người chủ trì"), validators=[AtMost(160)])
    points = TextAreaField(_("Nội dung làm việc"), validators=[AtMost(MAX_WORDS)])


class CommitteeInvitationForm(InvitationForm):
    """An invitation about no single case: to a conference, or to the half-yearly hearing."""

    period = ChoiceField(
        _("Dùng cho hội nghị 6 tháng"),
        required=False,
        hint=_("Chọn kỳ thì giấy mời nằm trong bộ tài liệu của kỳ ấy."),
    )

    def offer(self, halves: Sequence[Half]) -> None:
        """The half years that may be meant, none first."""
        self.period.choices = [("", gettext("Không, mời việc khác")), *_named(halves)]

    def suggest_hearing(self, half: Half) -> None:
        """The words of an invitation to the hearing of that half year, to be edited."""
        meeting = hearing_meeting(half)
        self.period.data = half.key
        self.purpose.data, self.place.data = meeting.purpose, meeting.place
        self.points.data, self.invited.data = meeting.points, "\n".join(INVITED)
        self.at.set_instant(meeting.at)


class HearingReportForm(CopiesForm, LetterForm):
    """The report to the half-yearly hearing; its figures follow from the half year."""

    period = ChoiceField(_("Kỳ báo cáo"))
    points = TextAreaField(
        _("Đề nghị thêm"),
        validators=[AtMost(MAX_WORDS)],
        description=_("Mỗi ý một dòng, in sau phần đề nghị có sẵn. Không nêu tên ai."),
    )

    def offer(self, halves: Sequence[Half]) -> None:
        """The half years that may be reported on, the last that ended first."""
        self.period.choices = _named(halves)

    def suggest_hearing(self, half: Half) -> None:
        """That half year."""
        self.period.data = half.key


CommitteeForm = CommitteeInvitationForm | HearingReportForm
FORMS: dict[str, type[LetterForm]] = {
    "urging": UrgingForm,
    "transfer": TransferForm,
    "notice": NoticeForm,
    "invitation": InvitationForm,
}
COMMITTEE_FORMS: dict[str, type[CommitteeForm]] = {
    "invitation": CommitteeInvitationForm,
    "hearing_report": HearingReportForm,
}


class SignLetterForm(SignForm):
    """Who signs, for both parties where two sign."""

    partner_name = StringField(
        _("Người ký của bên kia"),
        validators=[Required(), AtMost(120)],
        description=_("Người đã ký trên bản giấy."),
    )


class DeliverLetterForm(StepForm):
    """Which copies arrived, when, how and with what proof."""

    copies = ChecksField(_("Nơi đã nhận"))
    channel = radios(_("Cách gửi"), DELIVERY_CHANNELS)
    delivered_on = DayField(_("Ngày đến nơi"), validators=[Required()])
    proof = StringField(
        _("Bằng chứng đã nhận"),
        validators=[Required(), AtMost(200)],
        description=_("Ví dụ: số công văn đến, chữ ký người nhận, mã bưu gửi."),
    )


class ScanForm(StepForm):
    """The signed paper as a file."""

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


def _named(halves: Sequence[Half]) -> list[tuple[str, str]]:
    words = {1: _("6 tháng đầu năm %(year)s"), 2: _("6 tháng cuối năm %(year)s")}
    return [(half.key, str(words[half.number]) % {"year": half.year}) for half in halves]


def _plain(field: Any) -> str:
    if isinstance(field, MomentField):
        return field.instant.isoformat()
    return field.data.isoformat() if hasattr(field.data, "isoformat") else (field.data or "")


def _refill(field: Any, value: str) -> None:
    if isinstance(field, MomentField):
        field.set_instant(datetime.fromisoformat(value))
    elif isinstance(field, DayField):
        field.data = date.fromisoformat(value) if value else None
    else:
        field.data = value
