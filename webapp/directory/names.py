"""Units and organisations as a page names them: their names, without the rest of their rows."""

from typing import NamedTuple, Protocol


class Named(Protocol):
    """Whatever has a name in both languages."""

    @property
    def name(self) -> str:
        """In Vietnamese."""

    @property
    def name_en(self) -> str:
        """In English."""


def name_in(language: str, named: Named) -> str:
    """The English name for "en", the Vietnamese one for every other language."""
    return named.name_en if language == "en" else named.name


class NamedUnit(NamedTuple):
    """A unit that a page names and leads to."""

    code_system: str
    code: str
    name: str
    name_en: str


class NamedBody(NamedTuple):
    """An organisation that a page names."""

    id: int
    name: str
    name_en: str
