"""What the filter forms of the public record offer, in the language of the request."""

from itertools import groupby

from webapp.cases.categories import children, pictures
from webapp.cases.presentation import unit_name
from webapp.cases.public_filters import ANY_OPEN
from webapp.cases.workflow import CASE_STATES, LISTED
from webapp.core.clock import today_local
from webapp.core.text import _
from webapp.directory.queries import served_communes
from webapp.web.locale import choose, translated

Choices = list[tuple[str, str]]
Groups = list[tuple[str, Choices]]
# Cases before their first public step never stand on public pages under these names.
_EARLY = frozenset({"received", "verifying"})


def category_choices() -> Groups:
    """The nine pictures, each with the categories that can be public."""
    language = choose()
    return [
        (
            picture.label.in_language(language),
            [
                (node.code, node.label.in_language(language))
                for node in (picture, *children(picture.code))
                if not node.public_never
            ],
        )
        for picture in pictures()
    ]


def state_choices() -> Choices:
    """All open ones together, then each state in the order of the work."""
    single = [(code, label) for code, label in state_labels().items() if code not in _EARLY]
    return [(ANY_OPEN, translated(_("Tất cả đang xử lý"))), *single]


def state_labels() -> dict[str, str]:
    """The words of every listed state."""
    return {code: translated(words) for code, words in CASE_STATES.items() if code in LISTED}


def unit_choices() -> Groups:
    """Communes in force by province; the value is ``<code system>:<code>``."""
    communes = served_communes(today_local())
    return [
        (
            unit_name(group[0].parent) if group[0].parent else "",
            [(f"{unit.code_system}:{unit.code}", unit_name(unit)) for unit in group],
        )
        for group in (list(each) for _key, each in groupby(communes, lambda unit: unit.parent_id))
    ]
