"""The list of a meeting as a form: its head and a row for each person who spoke."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)

from webapp.core.errors import DomainError
from webapp.reporting.forms import Tick
from webapp.reporting.meetings import MEETING_CHANNELS, MOST_ROWS, MeetingSent
from webapp.reporting.submission import Contact, Submission, UnitKey
from webapp.reporting.workflow import CHANNELS, LANGUAGES
from webapp.web.forms import Needed, PageForm
from webapp.web.locale import translated


class RowForm(Form):
    """What one person said. A row without category and words is left out."""

    name = StringField(_("Tên"))
    phone = StringField(_("Số điện thoại"))
    category = SelectField(_("Việc gì"), validators=[Needed()], validate_choice=False)
    description = TextAreaField(_("Người đó nói gì"), validators=[Needed()])
    place_note = StringField(_("Ở chỗ nào"), validators=[Needed()])
    preferred_language = SelectField(_("Nói tiếng"), validate_choice=False)
    interpreter_needed = Tick(_("Cần người phiên dịch"))
    keep_secret = Tick(_("Giữ kín tên và số điện thoại"), default=True)
    consent = Tick(_("Đã nghe đọc và đồng ý"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said in this row."""
        return not any(
            str(field.data or "").strip()
            for field in (self.name, self.phone, self.category, self.description, self.place_note)
        )

    def submission(self) -> Submission:
        """The report of this person; channel and unit are the meeting's."""
        return Submission(
            category=self.category.data or "",
            consent=bool(self.consent.data),
            description=self.description.data or None,
            place_note=self.place_note.data or None,
            contact=Contact(self.name.data or None, self.phone.data or None),
            keep_secret=bool(self.keep_secret.data),
            preferred_language=self.preferred_language.data or None,
            interpreter_needed=bool(self.interpreter_needed.data),
        )


class MeetingForm(PageForm):
    """One meeting."""

    idempotency_key = HiddenField()
    held_on = StringField(_("Ngày họp"), validators=[Needed()])
    channel = SelectField(_("Nghe bà con nói ở đâu"), validators=[Needed()], validate_choice=False)
    unit = SelectField(_("Xã, phường"), validators=[Needed()], validate_choice=False)
    place = StringField(_("Thôn, bản, nơi họp"), validators=[Needed()])
    read_by = StringField(_("Ai đọc lời đồng ý cho bà con nghe"), validators=[Needed()])
    rows = FieldList(FormField(RowForm), max_entries=MOST_ROWS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel.choices = [(code, translated(CHANNELS[code])) for code in MEETING_CHANNELS]

    def lengthen(self, by: int) -> None:
        """Add empty rows, up to the most there may be."""
        for _number in range(min(by, MOST_ROWS - len(self.rows))):
            self.rows.append_entry()

    def offer(self, categories: list[tuple[str, str]]) -> None:
        """Fill in the choices of every row."""
        languages = [(code, translated(label)) for code, label in LANGUAGES.items()]
        for entry in self.rows:
            entry.form.category.choices = [("", "—"), *categories]
            entry.form.preferred_language.choices = languages

    def sent(self) -> MeetingSent:
        """The meeting itself; a day that is none is None."""
        system, _colon, code = str(self.unit.data or "").partition(":")
        return MeetingSent(
            held_on=_day(self.held_on.data),
            channel=self.channel.data or "",
            unit=UnitKey(system, code) if code else None,
            place=self.place.data,
            read_by=self.read_by.data,
        )

    def reports(self) -> dict[int, Submission]:
        """The rows in which somebody said something, by their number."""
        return {
            number: entry.form.submission()
            for number, entry in enumerate(self.rows)
            if not entry.form.is_empty
        }

    def tell(self, error: DomainError) -> None:
        """Messages beside the fields, those of a row in the row."""
        rest = {}
        for name, words in error.fields.items():
            place = name.split("-", 2)
            if len(place) == 3 and place[0] == "rows":
                self._tell_row(int(place[1]), place[2], translated(words))
            elif name == "rows":
                self.form_errors.append(translated(words))
            else:
                rest[name] = words
        error.fields = rest
        if rest or not error.fields:
            super().tell(error)

    def _tell_row(self, number: int, name: str, words: str) -> None:
        form = self.rows[number].form
        if name in {"unit", "location"}:  # the meeting's own field, told once
            self.unit.errors = [words]
            return
        field = form._fields.get(name, form.category)
        field.errors = [*field.errors, words]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None
