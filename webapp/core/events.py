"""News that travels upward, handled inside the transaction that makes it.

A subscriber only writes rows; what leaves the system goes through the outbox.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar


@dataclass(frozen=True)
class Event:
    """Base of every event; subclasses are declared in a feature's events.py."""


E = TypeVar("E", bound=Event)
_SUBSCRIBERS: dict[type[Event], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Decorate a function of a feature's subscribers.py to receive one kind of event."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        if handler not in _SUBSCRIBERS[kind]:
            _SUBSCRIBERS[kind].append(handler)
        return handler

    return register


def announce(event: Event) -> None:
    """Hand the event to its subscribers, in the order they subscribed, in this transaction."""
    for handler in _SUBSCRIBERS[type(event)]:
        handler(event)
