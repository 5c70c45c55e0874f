"""What people fill in to end a case and to write, approve and publish its page."""

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from webapp.web.forms import Required, StepForm


class DenyForm(StepForm):
    """Why a result is taken back."""

    reason = TextAreaField(_("Lý do, ghi trong hồ sơ"), validators=[Required()])


class DenyRemedyForm(DenyForm):
    """Why, and until when it is to be done."""

    due_on = DateField(_("Hạn mới"), validators=[Required()])


class ReopenForm(StepForm):
    """Why a case is opened again."""

    reason = TextAreaField(_("Lý do mở lại, ghi trong hồ sơ"), validators=[Required()])


class CloseForm(StepForm):
    """The last public line, or a lawful reason for no page."""

    words = StringField(
        _("Dòng công khai khi kết thúc"),
        description=_("Để trống thì ghi: Mặt trận kết thúc vụ việc."),
    )
    unpublished = SelectField(
        _("Không công khai kết quả vì"),
        description=_("Chỉ chọn khi không có trang kết quả."),
    )
    unpublished_words = TextAreaField(_("Căn cứ của việc không công khai"))


class VoteAnswerForm(StepForm):
    """The Front's answer to one who says that it is not fixed."""

    words = TextAreaField(
        _("Trả lời"),
        description=_("Người báo “chưa xong” đọc được lời này ở trang theo dõi của mình."),
        validators=[Required()],
    )


class DraftForm(StepForm):
    """The words and photos of a page."""

    front_words = TextAreaField(
        _("Lời của Mặt trận"),
        description=_("Mặt trận đã làm gì, thấy thế nào. Không nêu tên, số điện thoại của ai."),
        validators=[Required()],
    )
    office_words = TextAreaField(
        _("Lời của cơ quan, giữ nguyên văn"),
        description=_("Chỗ không công khai được thì xóa và để dấu […] vào đó."),
    )
    explanation = TextAreaField(
        _("Ý kiến giải trình của cơ sở"),
        description=_("Nếu cơ sở có gửi, đăng cạnh kết luận."),
    )
    photos = SelectMultipleField(_("Ảnh đăng trên trang"), coerce=int, validate_choice=False)
    recognisable = BooleanField(
        _("Trong ảnh hoặc lời có thể nhận ra người, nhà hoặc biển số (cần hai người duyệt)")
    )


class RevisionForm(DraftForm):
    """The next version, and why."""

    reason = TextAreaField(_("Lý do đính chính, bà con sẽ đọc"), validators=[Required()])


class ApproveForm(StepForm):
    """The questions an approver answers."""

    standpoint = RadioField(
        _("Góc chụp có lộ nơi đứng chụp không?"),
        choices=[SelectChoice("hidden", _("Không lộ")), SelectChoice("shown", _("Có lộ"))],
        validators=[Optional()],
    )
    recognisable = BooleanField(
        _("Tôi thấy có thể nhận ra người, nhà hoặc biển số (cần thêm một người duyệt)")
    )


class ReturnForm(StepForm):
    """Why a draft goes back."""

    reason = TextAreaField(_("Lý do trả lại, cho người soạn"), validators=[Required()])


class PublishForm(StepForm):
    """Nothing to fill in: the button is the decision."""


class RetractForm(StepForm):
    """Why a page is taken away at once."""

    why = RadioField(_("Lý do bà con đọc được"), validators=[Required()])
    words = TextAreaField(_("Lý do cụ thể, chỉ ghi trong hồ sơ"), validators=[Required()])
