"""What people fill in to end a case and to write, approve and publish its page."""

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from webapp.web.forms import AtMost, DayField, PageForm, Required, StepForm


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
        description=_("Giữ nguyên văn như đã ghi; chỗ không công khai được thì thay bằng […]."),
    )
    photos = SelectMultipleField(_("Ảnh đăng trên trang"), coerce=int, validate_choice=False)
    papers = SelectMultipleField(_("Văn bản đăng kèm"), coerce=int, validate_choice=False)
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


class MarksForm(PageForm):
    """What is to be hidden, drawn in the browser."""

    marks = HiddenField()


class HidingReturnForm(PageForm):
    """What is still to be hidden."""

    reason = TextAreaField(_("Còn chỗ nào cần che"), validators=[Required(), AtMost(400)])


class PaperForm(PageForm):
    """A paper for the page, and what it is."""

    title = StringField(
        _("Tên văn bản"),
        description=_("Ví dụ: Kết luận kiểm tra. Không nêu tên người, cơ sở chưa được nêu."),
        validators=[Required(), AtMost(200)],
    )
    number = StringField(_("Số, ký hiệu"), validators=[AtMost(60)])
    issued_on = DayField(_("Ngày văn bản"), validators=[Optional()])
    files = MultipleFileField(
        _("Tệp văn bản"),
        description=_("Một tệp PDF, hoặc ảnh chụp từng trang theo thứ tự, tất cả dưới 15 MB."),
    )


class ReplyForm(PageForm):
    """What the establishment wrote."""

    words = TextAreaField(
        _("Ý kiến giải trình, chép nguyên văn"),
        description=_("Khi soạn trang, chỗ không công khai được thì thay bằng dấu […]."),
        validators=[Required()],
    )
    received_on = DayField(_("Ngày nhận"), validators=[Required()])
    document = StringField(
        _("Văn bản lưu ở đâu"),
        description=_("Số văn bản của cơ sở hoặc số hồ sơ lưu; không đăng."),
        validators=[AtMost(120)],
    )


class PostingForm(PageForm):
    """Where the result hangs or was read out, since when, by whom."""

    kind = RadioField(
        _("Cách làm"),
        choices=[
            SelectChoice("board", _("Niêm yết")),
            SelectChoice("loudspeaker", _("Đọc trên loa")),
        ],
        validators=[Required()],
    )
    place = StringField(
        _("Ở đâu"),
        description=_("Ví dụ: Nhà văn hóa bản; trụ sở UBND xã; loa bản. Bà con đọc được."),
        validators=[Required(), AtMost(160)],
    )
    done_by = StringField(
        _("Ai làm"),
        description=_("Chỉ cán bộ đọc được."),
        validators=[Required(), AtMost(120)],
    )
    posted_from = DayField(_("Từ ngày"), validators=[Required()])


class PostingEndForm(PageForm):
    """When it was taken down."""

    ended_on = DayField(_("Kết thúc ngày"), validators=[Required()])
    words = StringField(
        _("Lý do, nếu chưa đủ ngày"),
        validators=[AtMost(200)],
    )
