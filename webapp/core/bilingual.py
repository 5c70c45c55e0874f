"""Names that are data: written in Vietnamese and English in the same row of a shipped table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bilingual:
    """A text in the source language and in English; both empty where there is nothing to say."""

    vi: str
    en: str

    def __bool__(self) -> bool:
        return bool(self.vi)

    def __str__(self) -> str:
        return self.vi

    def in_language(self, language: str) -> str:
        """The English text for "en", the Vietnamese one for every other language."""
        return self.en if language == "en" else self.vi


NOTHING = Bilingual("", "")
