"""Forms of the steps of a case that casework owns: the office's, and the Front's around them."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, MultipleFileField, RadioField, StringField, TextAreaField

from webapp.cases.workflow import CONCLUSIONS
from webapp.casework.operations.front import HAND_OVER_BODIES
from webapp.casework.operations.office import DECLINE_REASONS
from webapp.casework.operations.proof import PAPER_CHANNELS, Paper
from webapp.casework.operations.raising import RAISE_GROUNDS
from webapp.web.fields import radios
from webapp.web.forms import MAX_WORDS, AtMost, DayField, Required, StepForm

WORDS = (Required(), AtMost(MAX_WORDS))


def answer_words() -> TextAreaField:
    """What an office answers after an inspection, in words that everybody may read."""
    return TextAreaField(
        _("Trả lời Mặt trận và bà con"),
        validators=[*WORDS],
        description=_("Đã làm gì, thấy gì, xử lý ra sao. Phần này dùng cho trang công khai."),
    )


def team_notes() -> TextAreaField:
    """What those who inspected wrote down, for offices and the Front."""
    return TextAreaField(
        _("Ghi chép của đoàn"),
        validators=[AtMost(MAX_WORDS)],
        description=_("Chỉ cơ quan và Mặt trận xem."),
    )


class PaperForm(StepForm):
    """A step that the Front may record from an office's paper; else these fields are dropped."""

    paper_number = StringField(
        _("Số văn bản của cơ quan"),
        validators=[Required(), AtMost(60)],
        description=_("Cơ quan không dùng Mắt Xanh; Mặt trận ghi theo văn bản này."),
    )
    paper_on = DayField(_("Ngày của văn bản"), validators=[Required()])
    paper_channel = radios(_("Văn bản đến bằng cách nào"), PAPER_CHANNELS)

    def drop_paper(self) -> None:
        """The office itself acts: there is no paper to name."""
        del self.paper_number, self.paper_on, self.paper_channel

    @property
    def paper(self) -> Paper | None:
        """The paper as typed in; None when the office itself acts."""
        if "paper_number" not in self or self.paper_on.data is None:
            return None
        return Paper(self.paper_number.data, self.paper_on.data, self.paper_channel.data)


class AcceptForm(PaperForm):
    """Who handles the case, and by when."""

    handler = StringField(_("Người thụ lý"), validators=[Required(), AtMost(120)])
    planned_on = DayField(_("Dự kiến xong trước ngày"), validators=[Required()])


class AcceptUrgentForm(StepForm):
    """Who handles an urgent case, and by when."""

    handler = StringField(_("Người thụ lý"), validators=[Required(), AtMost(120)])
    planned_on = DayField(_("Dự kiến xong trước ngày"), validators=[Required()])


class DeclineForm(PaperForm):
    """Why the office refuses, and who is right."""

    reason = radios(_("Lý do"), DECLINE_REASONS)
    right_body = StringField(
        _("Cơ quan có thẩm quyền"),
        validators=[Required(), AtMost(160)],
        description=_("Nơi Mặt trận cần gửi đến, hoặc nơi đang giải quyết."),
    )
    words = TextAreaField(_("Nói rõ thêm"), validators=[AtMost(MAX_WORDS)])


class InspectForm(PaperForm):
    """How the office goes to look; the forms offered are those of its level that day."""

    form = RadioField(_("Hình thức"), validators=[Required()], validate_choice=False)
    led = BooleanField(_("Thanh tra tỉnh chủ trì"))
    on_date = DayField(_("Ngày bắt đầu"), validators=[Required()])
    team = TextAreaField(_("Thành phần"), validators=[Required(), AtMost(400)])


class ConclusionForm(PaperForm):
    """The answer slip: what was done, what was found, what the Front is answered."""

    form = RadioField(_("Đã làm theo hình thức"), validators=[Required()], validate_choice=False)
    led = BooleanField(_("Thanh tra tỉnh chủ trì"))
    on_date = DayField(_("Ngày làm"), validators=[Required()])
    conclusion = radios(_("Kết luận"), CONCLUSIONS)
    answer = answer_words()
    findings = team_notes()
    document_number = StringField(_("Số văn bản"), validators=[AtMost(60)])
    document_on = DayField(_("Ngày văn bản"))
    photos = MultipleFileField(_("Ảnh hiện trường"))


class ReasonForm(StepForm):
    """A step that needs a reason."""

    reason = TextAreaField(_("Lý do"), validators=[*WORDS])


class NoFieldsForm(StepForm):
    """A step that only needs a yes."""


class OrderRemedyForm(PaperForm):
    """What must be put right, by when."""

    measures = TextAreaField(_("Biện pháp khắc phục"), validators=[*WORDS])
    due_on = DayField(_("Khắc phục xong trước ngày"), validators=[Required()])


class NoRemedyForm(PaperForm):
    """Why nothing is left to be put right."""

    reason = TextAreaField(_("Vì sao không phải khắc phục"), validators=[*WORDS])


class RemediedForm(PaperForm):
    """What was put right, with a photo after."""

    result = TextAreaField(_("Đã khắc phục những gì"), validators=[*WORDS])
    photos = MultipleFileField(_("Ảnh sau khắc phục"))
    no_photo_reason = StringField(_("Nếu không có ảnh, vì sao"), validators=[AtMost(200)])


class ExtensionForm(PaperForm):
    """More time, and why."""

    due_on = DayField(_("Hạn mới"), validators=[Required()])
    reason = TextAreaField(_("Vì sao cần thêm thời gian"), validators=[Required(), AtMost(400)])


class RaiseForm(StepForm):
    """Why the province should take the case."""

    ground = radios(_("Vì sao cần cấp tỉnh"), RAISE_GROUNDS)
    reason = TextAreaField(_("Báo cáo Mặt trận tỉnh"), validators=[*WORDS])


class ReleaseForm(StepForm):
    """What commune roles may read of a case sent straight to the province."""

    summary = TextAreaField(
        _("Tóm tắt cho cấp xã"),
        validators=[*WORDS],
        description=_("Không nêu điều gì để đoán ra người phản ánh."),
    )


class HandOverForm(StepForm):
    """To whom the case goes, in words that are sealed."""

    body = radios(_("Chuyển đến"), HAND_OVER_BODIES)
    reason = TextAreaField(
        _("Nội dung bàn giao"),
        validators=[*WORDS],
        description=_("Phần này được niêm phong. Trang công khai chỉ còn một dòng trung tính."),
    )
