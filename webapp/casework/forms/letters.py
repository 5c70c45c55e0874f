"""Forms of a recommendation: writing it, and one for each of its steps."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields import Field

from webapp.cases.workflow import SEVERITIES, WASTE_SOURCES
from webapp.casework.letters import SIGNER_LABELS
from webapp.casework.operations.answering import DELIVERY_CHANNELS
from webapp.casework.operations.proof import PAPER_CHANNELS
from webapp.documents.letters import COPY_KINDS, Recipient, listed_recipients
from webapp.web.fields import radios
from webapp.web.forms import MAX_WORDS, AtMost, DayField, Required, StepForm

NAMES = 800
"""Signs in a list of names, one a line."""


class CopiesForm(StepForm):
    """Who gets a copy besides those a letter is addressed to."""

    electronic = TextAreaField(
        _("Nơi nhận bản điện tử"),
        validators=[AtMost(NAMES)],
        description=_("Mỗi nơi một dòng, ngoài nơi ghi ở phần Kính gửi."),
    )
    paper = TextAreaField(
        _("Nơi nhận bản giấy"),
        validators=[AtMost(NAMES)],
        description=_("Mỗi nơi một dòng."),
    )


class RecommendationForm(CopiesForm):
    """What an officer decides of a letter; the rest is drawn up from the case."""

    summary = TextAreaField(
        _("Tóm tắt công khai"),
        validators=[Required(), AtMost(MAX_WORDS)],
        description=_("Lời của Mặt trận, không nêu tên ai, không lấy nguyên lời phản ánh."),
    )
    severity = radios(_("Mức độ"), SEVERITIES)
    waste_source = radios(_("Nguồn chất thải"), WASTE_SOURCES)
    addressee = RadioField(
        _("Gửi cơ quan có thẩm quyền"), validators=[Required()], validate_choice=False
    )
    handler = RadioField(
        _("Đơn vị trực tiếp xử lý"), validators=[Required()], validate_choice=False
    )
    content = TextAreaField(
        _("Mặt trận kiến nghị"),
        validators=[Required(), AtMost(MAX_WORDS)],
        description=_("Mỗi ý một dòng. Phần căn cứ, tóm tắt và lời kết đã có sẵn trong mẫu."),
    )
    term = RadioField(_("Thời hạn đề nghị trả lời"), validators=[Required()], validate_choice=False)

    def own_fields(self) -> list[Field]:
        """What the letter says first, then who else gets it."""
        last = {"electronic": 1, "paper": 2}
        return sorted(super().own_fields(), key=lambda each: last.get(each.name, 0))

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Who else gets a copy, and which."""
        return listed_recipients(str(self.electronic.data or ""), str(self.paper.data or ""))

    def list_recipients(self, recipients: Sequence[Recipient]) -> None:
        """Put back who was listed."""
        for field in (self.electronic, self.paper):
            field.data = "\n".join(each.name for each in recipients if each.copy == field.name)


class NoFieldsForm(StepForm):
    """A step that only needs a yes."""


class ReasonForm(StepForm):
    """A step that needs a reason."""

    reason = TextAreaField(_("Lý do"), validators=[Required(), AtMost(MAX_WORDS)])


class ViewForm(StepForm):
    """The Front's view of an answer."""

    reason = TextAreaField(_("Ý kiến của Mặt trận"), validators=[Required(), AtMost(MAX_WORDS)])


class ClarificationForm(StepForm):
    """What the Front asks to be made clear."""

    reason = TextAreaField(_("Điều cần làm rõ thêm"), validators=[Required(), AtMost(MAX_WORDS)])


class MinutesForm(StepForm):
    """What was said in the dialogue."""

    minutes = TextAreaField(
        _("Nội dung đối thoại"),
        validators=[Required(), AtMost(MAX_WORDS)],
        description=_("Ngày, thành phần, các ý kiến và điều hai bên thống nhất."),
    )


class SignForm(StepForm):
    """Who signs, with which right."""

    position = radios(_("Chức vụ"), SIGNER_LABELS)
    name = StringField(_("Họ tên người ký"), validators=[Required(), AtMost(120)])
    wet = BooleanField(_("Đã ký tay trên bản giấy"))


class IssueForm(StepForm):
    """Number and date from the organisation's own register."""

    number = StringField(
        _("Số văn bản"),
        validators=[Required(), AtMost(11)],
        description=_("Lấy từ sổ văn bản đi của cơ quan, ví dụ 05 hoặc 09a."),
    )
    issued_on = DayField(_("Ngày ban hành"), validators=[Required()])


class DeliverForm(StepForm):
    """When, how and with what proof the letter arrived."""

    channel = radios(_("Cách gửi"), DELIVERY_CHANNELS)
    delivered_on = DayField(_("Ngày đến nơi"), validators=[Required()])
    proof = StringField(
        _("Bằng chứng đã nhận"),
        validators=[Required(), AtMost(200)],
        description=_("Ví dụ: số công văn đến, chữ ký người nhận, mã bưu gửi."),
    )
    addressee_copy = radios(_("Bản gửi cơ quan có thẩm quyền"), COPY_KINDS)
    handler_copy = radios(_("Bản gửi đơn vị xử lý"), COPY_KINDS)


class DeliverCopyForm(StepForm):
    """When, how and with what proof one further copy arrived."""

    copy = RadioField(_("Nơi đã nhận"), choices=[], validators=[Required()])
    channel = radios(_("Cách gửi"), DELIVERY_CHANNELS)
    delivered_on = DayField(_("Ngày đến nơi"), validators=[Required()])
    proof = StringField(
        _("Bằng chứng đã nhận"),
        validators=[Required(), AtMost(200)],
        description=_("Ví dụ: số công văn đến, chữ ký người nhận, mã bưu gửi."),
    )


class AnswerForm(StepForm):
    """The office's answer, or the paper it came on."""

    answer = TextAreaField(_("Nội dung trả lời"), validators=[Required(), AtMost(MAX_WORDS)])
    answered_on = DayField(_("Ngày trả lời"), validators=[Required()])
    document = StringField(_("Số văn bản trả lời"), validators=[AtMost(60)])
    paper_number = StringField(
        _("Số văn bản của cơ quan"),
        validators=[Required(), AtMost(60)],
        description=_("Cơ quan không dùng Mắt Xanh; Mặt trận ghi theo văn bản này."),
    )
    paper_channel = radios(_("Văn bản đến bằng cách nào"), PAPER_CHANNELS)
