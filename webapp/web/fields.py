"""Fields that say what is wrong in our words: moments, words, choices."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext
from wtforms import (
    DateTimeLocalField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput

from webapp.core import clock
from webapp.core.clock import LOCAL, local
from webapp.core.text import Text
from webapp.web.forms import AtMost, Required, demand_year
from webapp.web.locale import translated

_INVISIBLE = {"Cc", "Cs", "Co", "Cn"}
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")


def tidy(text: Any) -> Any:
    """What a person typed, in NFC and without control characters; lines stay."""
    if not isinstance(text, str):
        return text
    plain = unicodedata.normalize("NFC", _DIRECTION.sub("", text)).replace("\r\n", "\n")
    kept = (
        mark for mark in plain if mark in "\n\t" or unicodedata.category(mark) not in _INVISIBLE
    )
    return "".join(kept).strip()


class WordsField(TextAreaField):
    """Several lines of words, tidied."""

    def __init__(
        self, label: Any, *, limit: int, required: bool = True, hint: Any = "", **bound: Any
    ) -> None:
        check = Required() if required else Optional()
        super().__init__(label, [check, AtMost(limit)], filters=[tidy], description=hint, **bound)
        self.type = "TextAreaField"  # templates choose the look by it


class LineField(StringField):
    """One line of words, tidied."""

    def __init__(
        self, label: Any, *, limit: int, required: bool = True, hint: Any = "", **bound: Any
    ) -> None:
        check = Required() if required else Optional()
        super().__init__(label, [check, AtMost(limit)], filters=[tidy], description=hint, **bound)


class MomentField(DateTimeLocalField):
    """A moment as read on a clock in Việt Nam; ``instant`` is the same in UTC."""

    is_now = False

    def __init__(self, label: Any, *, hint: Any = "", **bound: Any) -> None:
        form = ["%Y-%m-%dT%H:%M"]
        super().__init__(label, [Required()], format=form, description=hint, **bound)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Xin ghi đủ ngày và giờ.")) from None
        demand_year(self.data)

    @property
    def instant(self) -> datetime:
        """The moment in UTC. To be asked of a checked form only."""
        if self.data is None:
            raise ValueError("no moment was given")
        return self.data.replace(tzinfo=LOCAL).astimezone(UTC)

    def set_instant(self, at: datetime) -> None:
        """Fill in a moment."""
        self.data = local(at).replace(tzinfo=None, second=0, microsecond=0)

    def set_now(self) -> None:
        """Fill in the present moment, as nobody's statement yet."""
        self.set_instant(clock.now())
        self.is_now = True


class ChoiceField(SelectField):
    """One of a list; the operation says what is wrong with a value that is not on it."""

    def __init__(self, label: Any, *, required: bool = True, hint: Any = "", **bound: Any) -> None:
        check = Required() if required else Optional()
        super().__init__(
            label, [check], choices=[], validate_choice=False, description=hint, **bound
        )
        self.type = "SelectField"

    @property
    def number(self) -> int | None:
        """The chosen id; None for none or for something that is no id."""
        return _number(self.data)


class PickField(RadioField):
    """One of a few, all of them in sight."""

    def __init__(self, label: Any, *, required: bool = True, hint: Any = "", **bound: Any) -> None:
        check = Required() if required else Optional()
        super().__init__(
            label, [check], choices=[], validate_choice=False, description=hint, **bound
        )
        self.type = "RadioField"

    @property
    def number(self) -> int | None:
        """The chosen id; None for none or for something that is no id."""
        return _number(self.data)


def radios(label: object, table: Mapping[str, Text]) -> RadioField:
    """One of a table, in the reader's language: the choices are read when the form is made.

    What is not of the table is refused by the operation, in our words.
    """
    return RadioField(
        label,
        choices=lambda: [(code, translated(words)) for code, words in table.items()],
        validators=[Required()],
        validate_choice=False,
    )


class ChecksField(SelectMultipleField):
    """Some of a list, each with a box to tick; whoever reads it drops what is not on the list."""

    option_widget = CheckboxInput()

    def __init__(self, label: Any, *, hint: Any = "", **bound: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, description=hint, **bound)

    @property
    def numbers(self) -> list[int]:
        """The chosen ids."""
        chosen = (_number(each) for each in self.data or [])
        return [each for each in chosen if each is not None]


def _number(data: Any) -> int | None:
    text = str(data or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
