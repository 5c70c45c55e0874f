"""The forms of residents. They only gather; every rule is checked by the operations."""

from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import MultipleFileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from webapp.core.clock import LOCAL
from webapp.core.errors import DomainError
from webapp.core.text import Text
from webapp.reporting.submission import Contact, ListedPhoto, SentPlace, Submission, UnitKey
from webapp.reporting.workflow import CHANNELS, LANGUAGES, MARKS, NATURES
from webapp.web.fields import WordsField
from webapp.web.forms import Needed, PageForm
from webapp.web.locale import translated


class Tick(BooleanField):
    """A box that is ticked only when its own value came."""

    false_values = (False, "false", "", "0")


class WholeNumber(IntegerField):
    """A whole number, its refusal in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise ValueError(gettext("Xin ghi một số, ví dụ 12."))
        self.data = int(text)


class LocalMoment(StringField):
    """``yyyy-mm-ddThh:mm`` on a clock in Việt Nam; ``moment`` is the instant or None."""

    moment: datetime | None = None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        text = (self.data or "").strip()
        try:
            self.moment = datetime.fromisoformat(text).replace(tzinfo=LOCAL) if text else None
        except ValueError:
            raise ValidationError(gettext("Xin chọn lại ngày và giờ.")) from None


class ReportForm(PageForm):
    """The one long page; script shows it as three screens."""

    idempotency_key = HiddenField()
    photos = MultipleFileField(_("Ảnh"))
    lon = HiddenField()
    lat = HiddenField()
    accuracy_m = HiddenField()
    source = HiddenField(default="gps")
    unit = SelectField(_("Xã, phường"), validate_choice=False)
    place_note = StringField(_("Ở chỗ nào"))
    category = RadioField(
        _("Chọn một hình gần đúng nhất"), validators=[Needed()], validate_choice=False
    )
    description = TextAreaField(_("Kể thêm"))
    words_checked = HiddenField()
    nature = RadioField(_("Xảy ra thế nào"), validate_choice=False)
    observed_at = LocalMoment(_("Thấy lúc nào"))
    households_affected = WholeNumber(_("Bao nhiêu hộ bị ảnh hưởng"))
    contact_name = StringField(_("Tên"))
    contact_phone = StringField(_("Số điện thoại"))
    contact_email = StringField(_("Thư điện tử"))
    keep_secret = Tick(_("Giữ kín tên và số điện thoại của tôi"), default=True)
    to_province = Tick(_("Không để cấp xã xem, gửi thẳng Mặt trận tỉnh"))
    about_commune = Tick(_("Việc này là công trình của xã hoặc của UBND xã"))
    on_behalf = Tick(_("Tôi gửi giúp người khác"))
    channel = SelectField(_("Người đó báo bằng cách nào"), validate_choice=False)
    preferred_language = SelectField(_("Nói chuyện với tôi bằng"), validate_choice=False)
    interpreter_needed = Tick(_("Tôi cần người phiên dịch"))
    consent = Tick(_("Tôi đồng ý"), validators=[Needed()])
    consent_version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nature.choices = _choices(NATURES)
        self.channel.choices = _choices(CHANNELS)
        self.preferred_language.choices = _choices(LANGUAGES)

    def tell(self, error: DomainError) -> None:
        """Put messages beside the fields; the contract's names are the form's with a dot."""
        places = {"location": "unit", "location_source": "unit", "location_accuracy_m": "unit"}
        flat = {name.replace(".", "_"): words for name, words in error.fields.items()}
        error.fields = {places.get(name, name): words for name, words in flat.items()}
        super().tell(error)

    def submission(self, photos: tuple[ListedPhoto, ...], place: SentPlace | None) -> Submission:
        """What was filled in, after ``validate``."""
        system, _dash, code = str(self.unit.data or "").partition(":")
        behalf = bool(self.on_behalf.data)
        return Submission(
            category=self.category.data or "",
            consent=bool(self.consent.data),
            nature=self.nature.data or None,
            description=self.description.data or None,
            observed_at=self.observed_at.moment,
            location=place,
            unit=UnitKey(system, code) if code else None,
            place_note=self.place_note.data or None,
            households_affected=self.households_affected.data,
            contact=Contact(
                self.contact_name.data or None,
                self.contact_phone.data or None,
                self.contact_email.data or None,
            ),
            keep_secret=bool(self.keep_secret.data),
            to_province=bool(self.to_province.data),
            about_commune=bool(self.about_commune.data),
            channel=(self.channel.data or None) if behalf else None,
            on_behalf=behalf,
            consent_version=self.consent_version.data or None,
            preferred_language=self.preferred_language.data or None,
            interpreter_needed=bool(self.interpreter_needed.data),
            photos=photos,
        )

    def place(self) -> SentPlace | None:
        """The point that script put in; None without one."""
        if not self.lon.data and not self.lat.data:
            return None
        source = self.source.data or "gps"
        return SentPlace(self.lon.data, self.lat.data, self.accuracy_m.data or None, source)


class CodeForm(PageForm):
    """The tracking code and the key of one act; an account's own report is named by its code."""

    code = StringField(_("Mã tra cứu"), validators=[Needed()])
    report = HiddenField()
    idempotency_key = HiddenField()


class SureForm(CodeForm):
    """An act that cannot be undone: said twice before it is done."""

    sure = Tick(_("Tôi hiểu, việc này không hoàn tác được"), validators=[Needed()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse without the tick, in our words."""
        fine = bool(super().validate(extra_validators))
        if not self.sure.data:
            self.sure.errors = [gettext("Xin đánh dấu ô này rồi bấm lại.")]
        return fine and bool(self.sure.data)


class InformationForm(CodeForm):
    """An answer to the Front's question, or evidence added."""

    words = TextAreaField(_("Trả lời"))
    photos = MultipleFileField(_("Thêm ảnh"))


class EvidenceForm(InformationForm):
    """Evidence added without a question."""

    words = TextAreaField(_("Thấy thêm gì"))


class WordsForm(CodeForm):
    """Words to the Front."""

    words = TextAreaField(_("Nội dung"), validators=[Needed()])


class ConfirmationForm(CodeForm):
    """Whether the matter is fixed."""

    fixed = RadioField(_("Ông/bà thấy thế nào"), validators=[Needed()], validate_choice=False)
    words = TextAreaField(_("Còn thấy gì"))
    photos = MultipleFileField(_("Ảnh chụp bây giờ"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fixed.choices = [("yes", _("Đã xong")), ("no", _("Chưa xong"))]

    def answer(self) -> bool | None:
        """True for fixed, False for not, None when nothing was chosen."""
        return {"yes": True, "no": False}.get(str(self.fixed.data))


class RatingForm(CodeForm):
    """How content the sender is."""

    mark = RadioField(
        _("Ông/bà thấy kết quả thế nào"), validators=[Needed()], validate_choice=False
    )
    words = TextAreaField(_("Vì sao"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mark.choices = _choices(MARKS)


class ReprisalAnswerForm(PageForm):
    """What the province Front does to protect the sender."""

    words = WordsField(
        _("Trả lời người gửi"),
        limit=2000,
        hint=_("Chỉ người gửi đọc, ở trang tra cứu của họ. Nói rõ ai làm gì, gọi số nào khi nguy."),
    )


class WithdrawalForm(SureForm):
    """Taking the report back."""


class IdentityWithdrawalForm(SureForm):
    """Removing name, contact, voice and chosen photos."""


class LostCodeForm(PageForm):
    """What was left with the report whose code is lost."""

    left = StringField(_("Số điện thoại hoặc thư điện tử đã để lại"), validators=[Needed()])


def _choices(table: dict[str, Text]) -> list[tuple[str, str]]:
    return [(code, translated(label)) for code, label in table.items()]
