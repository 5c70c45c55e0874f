"""The forms of the first steps of a case."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, MultipleFileField

from webapp.web.fields import (
    ChecksField,
    ChoiceField,
    LineField,
    MomentField,
    PickField,
    WordsField,
)
from webapp.web.forms import DayField, Required, StepForm

SUMMARY_HINT = _(
    "Viết bằng lời của Mặt trận: thấy gì, ở khu nào, từ bao giờ. Không chép lời phản ánh, không "
    "ghi tên người hay cơ sở."
)


class RequestVerificationForm(StepForm):
    """Who goes, what to look at, until when."""

    who = PickField(_("Ai đi xem"))
    question = WordsField(
        _("Xem điều gì"),
        limit=400,
        hint=_("Người đi xem chỉ thấy loại việc, chỗ và câu này. Không ghi ai phản ánh, lúc nào."),
    )
    due_on = DayField(_("Hạn xem"), validators=[Required()])
    left_out = ChecksField(_("Không giao cho"))


class VisitForm(StepForm):
    """What was found on the spot."""

    finding = PickField(_("Kết quả"))
    visited_at = MomentField(_("Đến xem lúc"))
    note = WordsField(_("Thấy gì"), limit=2000, required=False)
    photos = MultipleFileField(_("Ảnh chụp tại chỗ"))
    no_photo_reason = LineField(_("Không có ảnh hoặc vị trí vì"), limit=200, required=False)


class RecordVerificationForm(VisitForm):
    """The same, written down by an officer for the one who went."""

    source = LineField(
        _("Ai báo lại, bằng cách nào"),
        limit=200,
        required=False,
        hint=_("Ghi khi ông/bà ghi thay tổ: tổ trưởng gọi điện, lúc nào."),
    )


class AssessForm(StepForm):
    """The Front's summary, severity and waste source."""

    summary = WordsField(_("Tóm tắt công khai"), limit=2000, hint=SUMMARY_HINT)
    severity = PickField(_("Mức độ"))
    waste_source = ChoiceField(_("Nguồn chất thải"))
    site_note = WordsField(
        _("Ghi chú tại chỗ"),
        limit=2000,
        required=False,
        hint=_("Cần khi chưa có ảnh và chưa có kết quả xác minh. Không công khai."),
    )


class TaskForm(StepForm):
    """Who acts, what, until when."""

    who = ChoiceField(_("Giao cho"))
    what = WordsField(_("Làm gì"), limit=400)
    due_on = DayField(_("Hạn xong"), validators=[Required()])


class FastLaneForm(TaskForm):
    """The one screen for small matters."""

    summary = WordsField(
        _("Một dòng công khai"), limit=400, hint=_("Bà con đọc dòng này. Không ghi tên người.")
    )
    severity = ChoiceField(_("Mức độ"))
    waste_source = ChoiceField(_("Nguồn chất thải"))


class ActLocallyForm(TaskForm):
    """Who acts, and which photos they may see."""

    shown = ChecksField(_("Ảnh cho người làm xem"))


class ResultForm(StepForm):
    """What was done."""

    words = WordsField(_("Đã làm gì, kết quả thế nào"), limit=2000)
    photos = MultipleFileField(_("Ảnh sau khi làm"))
    no_photo_reason = LineField(_("Không có ảnh vì"), limit=200, required=False)


class RecordResultForm(ResultForm):
    """The same, written down by an officer for the one who acted."""

    source = LineField(_("Ai báo lại, bằng cách nào"), limit=200, required=False)


class DismissForm(StepForm):
    """Why the case ends here."""

    reason = PickField(_("Lý do"))
    words = WordsField(_("Lời gửi từng người phản ánh"), limit=2000)


class MergeForm(StepForm):
    """The other case. ``compared`` is sent by pages that show what the two have in common."""

    compared = HiddenField()
    survivor = LineField(
        _("Mã vụ việc kia"), limit=20, hint=_("Vụ việc mở trước được giữ lại, dù ghi mã nào.")
    )


class AssignForm(StepForm):
    """Which officer, and why."""

    person = ChoiceField(_("Cán bộ"))
    reason = LineField(_("Lý do"), limit=200)


class StepAsideForm(StepForm):
    """Who takes over, and why the officer steps aside."""

    person = ChoiceField(_("Người nhận thay"))
    reason = WordsField(
        _("Lý do né việc"), limit=500, hint=_("Cán bộ khác và người kiểm soát đọc được.")
    )


class AmendForm(StepForm):
    """New severity, summary or place."""

    severity = ChoiceField(_("Mức độ"), required=False)
    summary = WordsField(_("Tóm tắt công khai"), limit=2000, required=False, hint=SUMMARY_HINT)
    place_note = LineField(_("Chỗ có sự việc"), limit=300, required=False)
    point = LineField(
        _("Tọa độ chỗ có sự việc"),
        limit=60,
        required=False,
        hint=_("Vĩ độ, kinh độ, ví dụ 21.47100, 103.15100. Chép từ bản đồ dán vào đây cũng được."),
    )
    right_place = BooleanField(
        _("Tôi xác nhận chỗ có sự việc ở đúng tọa độ này"),
        description=_("Khi đã xác nhận, cơ quan xử lý và tổ được giao thấy đúng tọa độ này."),
    )
    reason = LineField(_("Vì sao sửa"), limit=300)


class PriorityForm(StepForm):
    """Where it stands in the queue, and why."""

    chosen = PickField(_("Mức ưu tiên"), required=False)
    reason = LineField(_("Vì sao"), limit=300)


class RecategoriseForm(StepForm):
    """Another category."""

    category = ChoiceField(_("Loại việc"))
    reason = LineField(_("Vì sao đổi"), limit=300)


class TransferForm(StepForm):
    """Another unit."""

    unit = ChoiceField(_("Xã, phường nhận"))
    reason = WordsField(_("Lý do"), limit=1000)
