"""Forms: what all of them share, and how a refused act becomes messages next to the fields."""

from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.fields import Field
from wtforms.validators import DataRequired

from webapp.core.errors import DomainError
from webapp.web.locale import translated

MAX_WORDS = 4000


class PageForm(FlaskForm):
    """A form of a page. Refused words go back into it, with a message by the field."""

    def tell(self, error: DomainError) -> None:
        """Put the error's messages next to the fields it names; the rest on top."""
        for name, message in error.fields.items():
            target = self._fields.get(name)
            if target is None:
                self.form_errors.append(translated(message))
            else:
                target.errors = [*target.errors, translated(message)]
        if not error.fields:
            self.form_errors.append(translated(error.detail))


class StepForm(PageForm):
    """A step of a record. ``version`` is the version the page was made from."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version the person saw; -1, which is never current, when it was tampered with."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() else -1

    def own_fields(self) -> list[Field]:
        """The fields a person fills in, in their order."""
        return [each for each in self if each.name not in {"version", "csrf_token"}]


class Required(DataRequired):
    """Must be filled in, said in our words."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        self.message = gettext("Xin điền mục này.")
        super().__call__(form, field)
