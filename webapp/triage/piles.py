"""Piles of today's work that higher features add: cases with one step proposed to the officer."""

from collections.abc import Callable
from dataclasses import dataclass

from webapp.core.actor import Actor
from webapp.core.permissions import Permission
from webapp.core.text import Text


@dataclass(frozen=True)
class Proposed:
    """A case by its code, why a step is proposed, what the step is called and where it is taken."""

    code: str
    why: Text
    step: Text
    url: str


@dataclass(frozen=True)
class Pile:
    """``name`` in the address, ``label`` on the tab, ``nothing`` and
    ``empty`` say so when nothing is proposed.

    ``permissions`` are of those who see it, ``find`` gives what is proposed, the most pressing
    first.
    """

    name: str
    label: Text
    nothing: Text
    empty: Text
    permissions: tuple[Permission, ...]
    find: Callable[[Actor], list[Proposed]]


_piles: dict[str, Pile] = {}


def register_pile(pile: Pile) -> None:
    """Add a pile. Raises ValueError when another has its name."""
    if _piles.get(pile.name, pile) != pile:
        raise ValueError(f"two piles named {pile.name}")
    _piles[pile.name] = pile


def piles_for(actor: Actor) -> dict[str, Pile]:
    """The piles that the actor sees, in the order they were added."""
    seen = (pile for pile in _piles.values() if any(map(actor.may, pile.permissions)))
    return {pile.name: pile for pile in seen}
