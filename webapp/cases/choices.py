"""What the filter forms of the public record offer, in the language of the request."""

from functools import lru_cache
from itertools import groupby

from webapp.cases.categories import children, pictures
from webapp.cases.public_filters import ANY_OPEN
from webapp.cases.workflow import CASE_STATES, LISTED
from webapp.core.clock import today_local
from webapp.core.text import _
from webapp.directory.queries import named_communes
from webapp.web.locale import choose, translated

Choices = list[tuple[str, str]]
Groups = list[tuple[str, Choices]]
# Cases before their first public step never stand on public pages under these names.
_EARLY = frozenset({"received", "verifying"})


def category_choices() -> Groups:
    """The nine pictures, each with the categories that can be public."""
    return _named_categories(choose())


@lru_cache(maxsize=2)
def _named_categories(language: str) -> Groups:
    """The tree is a shipped table: its words are put together once for each language."""
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
    language = choose()
    return [
        (
            province,
            [(f"{each.code_system}:{each.code}", each.in_language(language)) for each in all_of],
        )
        for province, all_of in groupby(
            named_communes(today_local()), lambda each: each.province_in_language(language)
        )
    ]
