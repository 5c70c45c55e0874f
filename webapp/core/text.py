"""Visible text below the views: marked here, translated when it is rendered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp.core.bilingual import Bilingual


@dataclass(frozen=True)
class Text:
    """A Vietnamese source sentence with named placeholders, not yet translated."""

    source: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.source % self.values if self.values else self.source

    def stored(self) -> dict[str, Any]:
        """The sentence as JSON, to be said later in the language of who reads it then."""
        return {
            "source": self.source,
            "values": {name: _stored(value) for name, value in self.values.items()},
        }

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> "Text":
        """The sentence that ``stored`` gave."""
        return cls(
            kept["source"], {name: _restored(value) for name, value in kept["values"].items()}
        )


def _stored(value: Any) -> Any:
    if isinstance(value, Text):
        return value.stored()
    if isinstance(value, Bilingual):
        return {"vi": value.vi, "en": value.en}
    return value if value is None or isinstance(value, int | float) else str(value)


def _restored(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return Text.restored(value) if "source" in value else Bilingual(**value)


def _(source: str, **values: Any) -> Text:
    """Mark a sentence for translation; placeholders are ``%(name)s``."""
    return Text(source, values)
