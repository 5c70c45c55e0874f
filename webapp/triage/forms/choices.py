"""Lists to choose from, in the language of the request."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from webapp.accounts.absence import away_today
from webapp.accounts.models import Delegation
from webapp.cases.categories import children, pictures
from webapp.cases.presentation import category_label, organisation_name, unit_name
from webapp.cases.priority import CHOSEN
from webapp.core import clock
from webapp.core.text import Text, _
from webapp.directory.models import Organisation, Person, Unit
from webapp.directory.queries import served_communes, served_provinces
from webapp.web.locale import choose, format_day, translated

Choices = list[tuple[str, str]]
Groups = dict[str, Choices]


def labelled(codes: Mapping[str, Text], only: Iterable[str] | None = None) -> Choices:
    """Codes with their words, in the order of the table."""
    wanted = None if only is None else set(only)
    return [
        (code, translated(words))
        for code, words in codes.items()
        if wanted is None or code in wanted
    ]


def categories(*, prompt: Text | None = None, first: str | None = None) -> Groups:
    """Every category and sub-category under its picture; pictures themselves are no choice.

    The picture ``first`` stands first, the others in their usual order.
    """
    groups: Groups = {"": [("", translated(prompt or _("Chọn loại việc")))]}
    named = _named_categories(choose())
    if first is not None:
        label = category_label(first)
        groups[label] = named[label]
    return groups | named


@lru_cache(maxsize=2)
def _named_categories(language: str) -> Groups:
    """The tree is a shipped table: its words are put together once for each language."""
    groups: Groups = {}
    for picture in pictures():
        rows: Choices = []
        for node in children(picture.code):
            rows.append((node.code, node.label.in_language(language)))
            below = children(node.code)
            rows += [(sub.code, f"– {sub.label.in_language(language)}") for sub in below]
        groups[picture.label.in_language(language)] = rows
    return groups


def priorities() -> Choices:
    """What an officer may set, and the way back to the table."""
    return [("", translated(_("Theo bảng điểm"))), *labelled(CHOSEN)]


def communes(*, but: int) -> Groups:
    """Every commune in force under its province, except one."""
    today = clock.today_local()
    names = {province.id: unit_name(province) for province in served_provinces(today)}
    groups: Groups = {"": [("", translated(_("Chọn xã, phường")))]}
    for commune in served_communes(today):
        if commune.id != but:
            groups.setdefault(names.get(commune.parent_id or 0, ""), []).append(_commune(commune))
    return groups


def officers(found: Iterable[Person], *, first: int | None = None) -> Choices:
    """Officers by name, ``first`` before the others; who is away stands last and says so."""
    people = list(found)
    away = away_today(each.id for each in people)
    people.sort(key=lambda each: (each.id != first, each.id in away))
    return [(str(each.id), _officer(each, away.get(each.id))) for each in people]


def _officer(person: Person, absence: Delegation | None) -> str:
    if absence is None:
        return person.name
    words = _(
        "%(name)s (vắng đến %(day)s, %(acting)s làm thay)",
        name=person.name,
        day=format_day(absence.valid_to),
        acting=absence.acting.name,
    )
    return translated(words)


def organisations(found: Iterable[Organisation], first: Choices) -> Choices:
    """Groups, area committees and operators after what stands first."""
    return [*first, *((str(each.id), organisation_name(each)) for each in found)]


def _commune(commune: Unit) -> tuple[str, str]:
    return str(commune.id), unit_name(commune)
