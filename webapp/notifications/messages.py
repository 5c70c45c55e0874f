"""Kinds of messages: who gets them, and what their reader may know at that moment.

Features declare theirs in a messages.py of their own and register them at import.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from webapp.core.text import Text


@dataclass(frozen=True)
class Address:
    """An e-mail address and the language its owner reads: ``vi`` or ``en``."""

    email: str
    language: str = "vi"


@dataclass(frozen=True)
class Phone:
    """A phone number as its owner wrote it, and the language they read."""

    number: str
    language: str = "vi"


@dataclass(frozen=True)
class Reader:
    """Who will read: an organisation, a person, or with neither the one whose record it is."""

    language: str = "vi"
    organisation_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True)
class Rendered:
    """The words of one message for one reader; ``path`` is the page to open, without a code."""

    subject: Text
    body: Text
    path: str = ""


Renderer = Callable[[int, Reader], Rendered | None]
Resolver = Callable[[int], Iterable[Address | Phone]]


@dataclass(frozen=True)
class Message:
    """One kind. ``render`` gives None when there is nothing (any more) that this reader may know.

    ``addresses`` resolves the reporters of a subject when it is sent; such messages go to no
    organisation and no person, and by the channels their reader chose. An ``urgent`` one also
    goes out in the quiet hours. One that is ``asked_for`` by its reader goes to the address
    itself, whatever was chosen for news, wakes no browser, and its words go by SMS too. One that
    is ``listed_only`` stands in the list of notices and is not sent: what comes all day is not
    one mail each.
    """

    key: str
    subject_kind: str
    render: Renderer
    addresses: Resolver | None = None
    urgent: bool = False
    asked_for: bool = False
    listed_only: bool = False


_messages: dict[str, Message] = {}


def register_message(message: Message) -> Message:
    """Add a kind. Raises ValueError when the key is taken."""
    if _messages.get(message.key, message) != message:
        raise ValueError(f"two messages are called {message.key}")
    _messages[message.key] = message
    return message


def message_of(key: str) -> Message:
    """The kind of this key. Raises KeyError."""
    return _messages[key]
