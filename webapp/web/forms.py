"""Forms: what all of them share, and how a refused act becomes messages next to the fields."""

from datetime import date
from typing import Any, ClassVar

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField
from wtforms.fields import Field
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
    """A step of a record. ``version`` is the version the page was made from."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version the person saw; -1, which is never current, when it was tampered with."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1

    def own_fields(self) -> list[Field]:
        """The fields a person fills in, in their order."""
        return [each for each in self if each.name not in {"version", "csrf_token"}]


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
