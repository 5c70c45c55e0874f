"""What somebody sends, as plain values, before anything is believed.

Form and JSON both end here. ``canonical`` is what makes two sendings under one key the same.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Contact:
    """Who sends, if they wish to say so."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.email)


@dataclass(frozen=True)
class SentPlace:
    """A place as sent: numbers or text, checked by ``geo.points``; metres; gps, photo or map."""

    lon: object
    lat: object
    accuracy_m: object = None
    source: str = "gps"


@dataclass(frozen=True)
class UnitKey:
    """A unit as named: never by its name alone."""

    code_system: str
    code: str


@dataclass(frozen=True)
class ListedPhoto:
    """A photo whose bytes come with the report or by their own request; size in bytes."""

    sha256: str
    size: int
    type: str
    taken_at: datetime | None = None


@dataclass(frozen=True)
class ListedVoice:
    """A voice note whose bytes come by their own request; size in bytes, at most 60 seconds."""

    sha256: str
    size: int
    type: str
    seconds: int


@dataclass(frozen=True)
class Submission:
    """One report as sent; None means not said. Field names are those of the contract."""

    category: str
    consent: bool
    nature: str | None = None
    description: str | None = None
    observed_at: datetime | None = None
    location: SentPlace | None = None
    unit: UnitKey | None = None
    place_note: str | None = None
    households_affected: int | None = None
    contact: Contact = field(default_factory=Contact)
    keep_secret: bool = True
    to_province: bool = False
    about_commune: bool = False
    channel: str | None = None
    on_behalf: bool = False
    consent_version: str | None = None
    preferred_language: str | None = None
    interpreter_needed: bool = False
    photos: tuple[ListedPhoto, ...] = ()
    voice: ListedVoice | None = None

    def canonical(self) -> bytes:
        """The same bytes for the same content, whatever the order of its keys.

        A field that came after the first release counts only when it is used, so that what was
        sent before is still known after an upgrade.
        """
        content = asdict(self)
        return canonical_of({name: content[name] for name in content if name not in self._unused()})

    def _unused(self) -> set[str]:
        return {name for name in ("voice",) if getattr(self, name) is None}


def canonical_of(content: dict[str, Any]) -> bytes:
    """The same bytes for the same content, also for what is not yet checked."""
    return json.dumps(content, sort_keys=True, default=str).encode()
