"""Visible text below the views: marked here, translated when it is rendered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Text:
    """A Vietnamese source sentence with named placeholders, not yet translated."""

    source: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.source % self.values if self.values else self.source


def _(source: str, **values: Any) -> Text:
    """Mark a sentence for translation; placeholders are ``%(name)s``."""
    return Text(source, values)
