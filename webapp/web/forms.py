"""Forms: what all of them share, and how a refused act becomes messages next to the fields."""

import hashlib
import json
from datetime import date, datetime
from typing import Any, ClassVar

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import DateField, FieldList, HiddenField
from wtforms.fields import Field, FileField, MultipleFileField
from wtforms.fields.choices import SelectFieldBase
from wtforms.validators import DataRequired, Length, StopValidation

from webapp.core import clock
from webapp.core.errors import Conflict, DomainError
from webapp.web.locale import translated

MAX_WORDS = 4000


def picked_template() -> int | None:
    """The id of the words that the address of a step's page asks to start with."""
    text = request.args.get("mau", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


class PageForm(FlaskForm):
    """A form of a page. Refused words go back into it, with a message by the field.

    ``trouble`` is the heading over what was refused where nothing in the form is wrong.
    """

    trouble = ""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._is_blank = (given or [named.get("formdata", request)])[0] is None

    def is_submitted(self) -> bool:
        """Whether it holds what a person sent, so that nothing may be filled in over it."""
        return not self._is_blank and bool(super().is_submitted())

    def validate(self, extra_validators: Any = None) -> bool:
        """Say in our words that the token was lost; the page drawn anew carries a fresh one."""
        good = bool(super().validate(extra_validators))
        token = self._fields.get("csrf_token")
        if token is not None and token.errors:
            token.errors = []
            self.form_errors.append(
                gettext("Trang mở đã lâu nên lần gửi này chưa được nhận. Xin bấm gửi lần nữa.")
            )
        return good

    def tell(self, error: DomainError) -> None:
        """Put the error's messages next to the fields it names; the rest on top."""
        for name, message in error.fields.items():
            target = self._fields.get(name)
            if target is None:
                self.form_errors.append(translated(message))
            else:
                target.errors = [*target.errors, translated(message)]
        if isinstance(error, Conflict):
            self.trouble = translated(error.title)
        if not error.fields:
            self.form_errors.append(translated(error.detail))


class StepForm(PageForm):
    """A step of a record, filled in with what the record holds.

    ``version`` is the version the page was made from, ``filled`` a mark of what each field was
    filled with, by which a page that became stale can say what was changed meanwhile.
    """

    version = HiddenField()
    filled = HiddenField()

    @property
    def seen(self) -> int:
        """The version the person saw; -1, which is never current, when it was tampered with."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1

    def own_fields(self) -> list[Field]:
        """The fields a person fills in, in their order."""
        return [each for each in self if each.name not in {"version", "filled", "csrf_token"}]

    def open_at(self, version: int) -> None:
        """Note what the person is shown: to be called when everything is filled in."""
        self.version.data = str(version)
        fields = (each for each in self.own_fields() if not isinstance(each, _FILES))
        self.filled.data = " ".join(f"{each.name}:{_mark(each)}" for each in fields)

    def reopen(self, version: int, anew: "StepForm") -> None:
        """Join what was typed with what somebody changed since the person opened the page.

        ``anew`` is the form as it would be filled in now. A field that the person left alone
        takes what it was changed to; beside one that both changed stand the other one's words,
        what was typed stays. Each such field says so. One that nobody else changed is left.
        """
        anew.open_at(version)
        before, now = _marks(self), _marks(anew)
        for field in self.own_fields():
            name, mine = field.name, _mark(field)
            if name not in now or before.get(name, now[name]) == now[name] or mine == now[name]:
                continue
            if mine == before[name] and not isinstance(field, FieldList):
                field.data, field.raw_data = anew[name].data, None
                field.newer = gettext("Mục này vừa được sửa, đã ghi theo bản mới.")
            else:
                field.newer = _newer(anew[name])
        self.version.data, self.filled.data = anew.version.data, anew.filled.data


_FILES = (FileField, MultipleFileField)
_EMPTY = "0"


def _marks(form: StepForm) -> dict[str, str]:
    pairs = (each.partition(":") for each in str(form.filled.data or "").split())
    return {name: mark for name, _colon, mark in pairs}


def _mark(field: Field) -> str:
    """A short mark of a value; one moment that is only "now" is like another."""
    if field.data in (None, "", [], False) or getattr(field, "is_now", False):
        return _EMPTY
    plain = json.dumps(field.data, default=str, sort_keys=True).replace("\\r\\n", "\\n")
    return hashlib.sha256(plain.encode()).hexdigest()[:8]


def _newer(field: Field) -> str:
    """What a field was changed to, in words."""
    if field.data is True:
        words = gettext("Mục này vừa được đánh dấu.")
    elif field.data is False:
        words = gettext("Mục này vừa được bỏ đánh dấu.")
    elif field.data in (None, "", []):
        words = gettext("Mục này vừa được xóa trắng.")
    elif (told := _told(field)) is None:
        words = gettext("Mục này vừa được sửa. Xin mở lại trang ở thẻ khác để xem.")
    else:
        words = gettext("Mục này vừa được sửa thành: “%(words)s”.", words=told)
    return str(words)


def _told(field: Field) -> str | None:
    """The value as the person would read it; None for what is no words."""
    if isinstance(field, SelectFieldBase):
        labels = {str(option.data): str(option.label.text) for option in field}
        chosen = field.data if isinstance(field.data, list) else [field.data]
        found = [labels.get(str(each)) for each in chosen]
        return None if None in found else ", ".join(each for each in found if each)
    if isinstance(field.data, datetime):
        return f"{field.data:%H:%M %d/%m/%Y}"
    if isinstance(field.data, date):
        return f"{field.data:%d/%m/%Y}"
    return None if isinstance(field.data, list | dict) else str(field.data)


class Required(DataRequired):
    """Must be filled in, said in our words."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        if field.process_errors:
            raise StopValidation  # what was typed could not be read, and that is said already
        self.message = gettext("Xin điền mục này.")
        super().__call__(form, field)


class Needed:
    """Marks a field as not optional; what is missing the operation says, in words of its own."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        return None


class AtMost(Length):
    """At most so many characters, said in our words."""

    def __init__(self, limit: int) -> None:
        super().__init__(max=limit)

    def __call__(self, form: Any, field: Any) -> None:
        self.message = gettext("Dài quá %(limit)s ký tự. Xin viết ngắn lại.", limit=self.max)
        super().__call__(form, field)


def demand_year(day: date | None) -> None:
    """Refuse years that nobody means. Raises ValueError in our words."""
    if day is not None and day.year not in clock.YEARS:
        raise ValueError(gettext("Năm phải từ 1900 đến 2200."))


class DayField(DateField):
    """A local day, from a date picker (yyyy-mm-dd) or typed as dd/mm/yyyy; None when empty."""

    data: date | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raise ValueError in our words for what is no day."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata([valuelist[0].strip()])
        except ValueError:
            self.data = None
            raise ValueError(gettext("Xin ghi ngày theo dạng ngày/tháng/năm.")) from None
        demand_year(self.data)
