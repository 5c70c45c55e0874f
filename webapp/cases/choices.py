"""What the filter forms of the public record offer, in the language of the request."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from webapp.cases.categories import children, pictures
from webapp.cases.presentation import unit_name
from webapp.cases.public_filters import ANY_OPEN
from webapp.cases.workflow import CASE_STATES, LISTED
from webapp.core.clock import today_local
from webapp.core.text import _
from webapp.directory.followed_units import units_now
from webapp.directory.models import Unit
from webapp.directory.queries import NamedCommune, named_communes, unit_asked
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
    return _named_states(choose())


@lru_cache(maxsize=2)
def _named_states(_language: str) -> Choices:
    single = [(code, label) for code, label in state_labels().items() if code not in _EARLY]
    return [(ANY_OPEN, translated(_("Tất cả đang xử lý"))), *single]


def state_labels() -> dict[str, str]:
    """The words of every listed state."""
    return {code: translated(words) for code, words in CASE_STATES.items() if code in LISTED}


@dataclass(frozen=True)
class UnitFilter:
    """The communes to choose from, and what is said to who asked for a unit that has ended."""

    choices: Groups
    former: str | None = None


def unit_filter(asked: str) -> UnitFilter:
    """The filter by unit of a form that was asked for ``<code system>:<code>``, or for none.

    What was asked for and is no commune in force, an old unit or a province, comes first: the form
    keeps it.
    """
    groups = unit_choices()
    if not asked or any(asked == value for _province, units in groups for value, _name in units):
        return UnitFilter(groups)
    unit = unit_asked(asked)
    if unit is None:
        return UnitFilter(groups)
    kept = (translated(_("Đang xem")), [(asked, unit_name(unit))])
    return UnitFilter([kept, *groups], _former_words(unit))


def _former_words(unit: Unit) -> str | None:
    now = units_now(unit, today_local())
    if unit in now:
        return None
    if not now:
        words = _("%(old)s đã kết thúc, không có đơn vị kế tiếp.", old=unit_name(unit))
        return translated(words)
    words = _(
        "%(old)s nay thuộc %(now)s. Danh sách gồm việc của cả đơn vị cũ và đơn vị mới.",
        old=unit_name(unit),
        now=", ".join(map(unit_name, now)),
    )
    return translated(words)


def unit_choices() -> Groups:
    """Communes in force by province; the value is ``<code system>:<code>``."""
    return _named_units(choose(), tuple(named_communes(today_local())))


@lru_cache(maxsize=4)
def _named_units(language: str, communes: tuple[NamedCommune, ...]) -> Groups:
    """Kept under all names: a renamed commune is another key."""
    return [
        (
            province,
            [(f"{each.code_system}:{each.code}", each.in_language(language)) for each in all_of],
        )
        for province, all_of in groupby(communes, lambda each: each.province_in_language(language))
    ]
