"""Choices of a table of codes and marked labels, in the language of the request."""

from collections.abc import Callable, Mapping

from wtforms import RadioField
from wtforms.validators import Optional

from webapp.core.text import Text
from webapp.web.forms import Required
from webapp.web.locale import translated

Choices = list[tuple[str, str]]


def choices_of(table: Mapping[str, Text]) -> Callable[[], Choices]:
    """What a field offers; read when the form is made, so that the language is the reader's."""
    return lambda: [(code, translated(label)) for code, label in table.items()]


def radios(label: object, table: Mapping[str, Text], *, required: bool = True) -> RadioField:
    """One of a table. What is not of the table is refused by the operation, in our words."""
    rule = Required() if required else Optional()
    return RadioField(label, choices=choices_of(table), validators=[rule], validate_choice=False)
