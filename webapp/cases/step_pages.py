"""Every step of a case is one page: a form and what it does, registered by the feature it is of.

One view serves them all, so that a stale version, a refused field and a missing right look the
same everywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from webapp.cases.models import Case
from webapp.cases.operations import possible_steps
from webapp.cases.workflow import CASE
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.text import Text
from webapp.media.operations import ReceivedPhoto
from webapp.web.forms import StepForm

Apply = Callable[[Actor, Case, Any, list[ReceivedPhoto]], None]


@dataclass(frozen=True)
class StepPage:
    """One step as a page.

    ``form`` is a StepForm; a field named ``photos`` is examined before the transaction.
    ``apply`` runs inside it with the locked case, the checked form and the examined photos.
    ``prepare`` fills choices and defaults. ``offered`` says when the button shows; the rule that
    counts is the operation's own. ``primary`` marks the step that is usually next. ``first`` runs
    before the case is locked, for locks that have an order of their own. ``before`` names the page
    that shows what the checked form would do and sends it again; None when it came from there.
    ``leaves`` marks a step after which the case is no longer the actor's to see.
    """

    step: str
    form: type[StepForm]
    apply: Apply
    hint: Text
    prepare: Callable[[Actor, Case, Any], None] | None = None
    offered: Callable[[Actor, Case], bool] | None = None
    primary: bool = False
    first: Callable[[Actor, str, Any], None] | None = None
    before: Callable[[Actor, Case, Any], str | None] | None = None
    leaves: bool = False

    @property
    def label(self) -> Text:
        """What the step is called on buttons and as the page's title."""
        return CASE.transition_label(self.step)


_pages: dict[str, StepPage] = {}


def register_steps(*pages: StepPage) -> None:
    """Add the step pages of a feature. Raises ValueError when a step has two."""
    for page in pages:
        if _pages.get(page.step, page) is not page:
            raise ValueError(f"two pages for step {page.step}")
        CASE.transition_label(page.step)
        _pages[page.step] = page
    _starting_in.cache_clear()


def step_page(step: str) -> StepPage:
    """The page of a step. Raises NotFound."""
    if step not in _pages:
        raise NotFound
    return _pages[step]


def offered_steps(actor: Actor, case: Case) -> list[StepPage]:
    """The steps to offer now, the usual next one first, else in the table's order."""
    possible = possible_steps(actor, case)
    return [
        page
        for page in _starting_in(case.state)
        if (page.step in possible if page.offered is None else page.offered(actor, case))
    ]


@cache
def _starting_in(state: str) -> tuple[StepPage, ...]:
    """The pages of every step that the table has from this state, in the order of the offer."""
    order = {name: number for number, name in enumerate(CASE.names())}
    pages = (page for page in _pages.values() if CASE.allows(page.step, state))
    return tuple(sorted(pages, key=lambda page: (not page.primary, order[page.step])))
