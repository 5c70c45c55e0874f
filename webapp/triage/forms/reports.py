"""The forms of what the Front decides on a report."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField

from webapp.web.fields import ChoiceField, LineField, PickField, WordsField
from webapp.web.forms import StepForm

WORDS = 2000


class RequestInfoForm(StepForm):
    """A question to the reporter."""

    question = WordsField(
        _("Câu hỏi, người gửi sẽ đọc nguyên văn"),
        limit=WORDS,
        hint=_("Hỏi một hai điều thật cần. Không hỏi tên, không hỏi ai gây ra."),
    )


class AttachForm(StepForm):
    """Which case, or what the new one is about."""

    case = PickField(_("Vụ việc"))
    other = LineField(_("Mã vụ việc khác"), limit=20, required=False)
    category = ChoiceField(_("Loại việc"), required=False, hint=_("Cần khi mở vụ việc mới."))
    place_note = LineField(
        _("Chỗ có sự việc"),
        limit=300,
        required=False,
        hint=_("Tổ xác minh và cơ quan sẽ đọc. Không ghi tên người, không ghi nhà ai phản ánh."),
    )
    about_commune = BooleanField(_("Việc của chính UBND xã hoặc công trình của xã, đưa lên tỉnh"))


class RejectForm(StepForm):
    """Why not, from the list and in words."""

    reason = PickField(_("Lý do"))
    words = WordsField(_("Lời gửi người phản ánh"), limit=WORDS)


class RedirectForm(StepForm):
    """The right door."""

    door = PickField(_("Nơi nhận đúng việc này"))
    words = WordsField(_("Hướng dẫn, người gửi sẽ đọc nguyên văn"), limit=WORDS)


class ForwardForm(StepForm):
    """Another unit and why."""

    unit = ChoiceField(_("Xã, phường nhận"))
    reason = WordsField(_("Lý do, người gửi sẽ đọc nguyên văn"), limit=WORDS)


class ReasonForm(StepForm):
    """Why."""

    reason = WordsField(_("Lý do"), limit=WORDS)


class EmptyForm(StepForm):
    """A step that asks for nothing."""


class IdentityForm(StepForm):
    """Why the identity is opened; the auditor reads it."""

    reason = WordsField(
        _("Vì sao cần mở"),
        limit=500,
        hint=_("Người kiểm soát đọc được lý do này, cùng tên ông/bà và giờ mở."),
    )
