"""The words of a board, in the language of the request."""

from collections.abc import Mapping
from datetime import timedelta

from webapp.cases.categories import pictures, priorities
from webapp.cases.presentation import category_label, organisation_name, unit_name
from webapp.cases.workflow import SEVERITIES, WASTE_SOURCES
from webapp.core.text import Text, _
from webapp.directory.models import Organisation, Unit
from webapp.figures.filters import NOT_SAID, BoardFilters
from webapp.figures.queries import measures
from webapp.figures.queries.board import Board, CaseTally, Tallies
from webapp.figures.sheets import NamedTable, NamedTally
from webapp.web.locale import choose, format_day, ngettext, translated

MEASURE_WORDS: dict[str, Text] = {
    measures.OPEN: _("Vụ việc đang mở"),
    measures.OVERDUE: _("Vụ việc quá hạn"),
    measures.OPENED: _("Vụ việc mới mở trong kỳ"),
    measures.CLOSED: _("Vụ việc đã xong trong kỳ"),
    measures.ANSWERED: _("Vụ việc có trả lời kiến nghị trong kỳ"),
    measures.ON_TIME: _("Vụ việc được trả lời kiến nghị đúng hạn trong kỳ"),
}
_NOT_SAID = {
    "source": _("Chưa ghi nguồn thải"),
    "severity": _("Chưa ghi mức độ"),
    "priority": _("Không thuộc nhóm ưu tiên"),
}
_DAYS = timedelta(days=2)
_HOURS = timedelta(hours=2)


def waited_words(span: timedelta) -> str:
    """A wait as people say it: minutes below two hours, hours below two days, then days."""
    if span >= _DAYS:
        return str(ngettext("%(num)s ngày", "%(num)s ngày", round(span / timedelta(days=1))))
    if span >= _HOURS:
        return str(ngettext("%(num)s giờ", "%(num)s giờ", round(span / timedelta(hours=1))))
    return str(ngettext("%(num)s phút", "%(num)s phút", round(span / timedelta(minutes=1))))


def sources() -> dict[str, str]:
    """Waste sources and the row of those that nobody has said."""
    return _with_none("source", WASTE_SOURCES)


def severities() -> dict[str, str]:
    """Severities and the row of those that nobody has said."""
    return _with_none("severity", SEVERITIES)


def priority_labels() -> dict[str, str]:
    """The priorities of supervision, and the row of what serves none (S1-II.5d)."""
    language = choose()
    named = {each.code: each.label.in_language(language) for each in priorities()}
    return named | {NOT_SAID: translated(_NOT_SAID["priority"])}


def named_tables(found: Board, units: Mapping[int, Unit]) -> list[NamedTable]:
    """The tables of a board with their words; rows that count nothing are left out."""
    places = {key: unit_name(unit) for key, unit in units.items()}
    kinds = {picture.code: category_label(picture.code) for picture in pictures()}
    return [
        NamedTable("unit", translated(_("Địa bàn")), _most_first(found.by_unit, places)),
        NamedTable("category", translated(_("Loại việc")), _in_order(found.by_picture, kinds)),
        NamedTable("source", translated(_("Nguồn thải")), _in_order(found.by_source, sources())),
        NamedTable("severity", translated(_("Mức độ")), _in_order(found.by_severity, severities())),
        NamedTable(
            "priority",
            translated(_("Ưu tiên giám sát")),
            _in_order(found.by_priority, priority_labels()),
        ),
    ]


def asked_words(
    filters: BoardFilters, units: Mapping[int, Unit], holder: Organisation | None
) -> list[str]:
    """The days and every filter that is set, in words."""
    window = filters.window
    days = _("%(first)s đến %(last)s", first=format_day(window.first), last=format_day(window.last))
    unit = units.get(filters.unit_id or 0)
    words = [
        translated(days),
        unit_name(unit) if unit else "",
        category_label(filters.category) if filters.category else "",
        sources().get(filters.source, ""),
        severities().get(filters.severity, ""),
        priority_labels().get(filters.priority, ""),
        organisation_name(holder) if holder else "",
    ]
    return [each for each in words if each]


def _with_none(name: str, table: Mapping[str, Text]) -> dict[str, str]:
    named = {code: translated(words) for code, words in table.items()}
    return named | {NOT_SAID: translated(_NOT_SAID[name])}


def _in_order(tallies: Tallies, labels: Mapping[str, str]) -> list[NamedTally]:
    return [
        NamedTally(code, words, tallies[code]) for code, words in labels.items() if code in tallies
    ]


def _most_first(tallies: Tallies, labels: Mapping[int, str]) -> list[NamedTally]:
    def weight(pair: tuple[int, CaseTally]) -> tuple[int, int, str]:
        return -pair[1].open, -pair[1].opened, labels.get(pair[0], "")

    ordered = sorted(tallies.items(), key=weight)
    return [NamedTally(str(key), labels.get(key, ""), tally) for key, tally in ordered]
