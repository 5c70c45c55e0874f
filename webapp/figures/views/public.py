"""``/so-lieu``: the figures of the public record, numbers first."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for

from webapp.cases.categories import pictures
from webapp.cases.choices import state_labels
from webapp.cases.presentation import unit_name
from webapp.cases.schemas import public_filters
from webapp.core.clock import today_local
from webapp.core.text import _
from webapp.directory.models import Unit
from webapp.directory.queries import province_of
from webapp.directory.served_units import NEW_SYSTEM, OLD_SYSTEM
from webapp.figures.presentation import sources
from webapp.figures.queries.public import Figures, Tally, figures, units_of
from webapp.figures.window import Window
from webapp.web.guards import public
from webapp.web.locale import choose, format_number, translated
from webapp.web.shared_answers import shared

bp = shared(Blueprint("figures", __name__))
FEW = 5


@dataclass(frozen=True)
class UnitRow:
    """One unit of the table."""

    unit: Unit
    tally: Tally


@bp.get("/so-lieu")
@public
def overview() -> str:
    """Counts by state, category and unit, deadlines kept, each with its number and window."""
    window = asked_window()
    old = request.args.get("dia-ban") == "cu"
    found = figures(window, OLD_SYSTEM if old else NEW_SYSTEM)
    return render_template(
        "figures/overview.html",
        window=window,
        old=old,
        figures=found,
        states=_bars(found.by_state, list(state_labels().items())),
        categories=_bars(found.by_picture, _pictures()),
        sources=_bars(found.by_source, list(sources().items())),
        provinces=_by_province(found),
        urls=_switch_urls(),
    )


def enough(share: float | None, n: int) -> str:
    """A share in whole percent; of fewer than ``FEW`` it says nothing and is not told."""
    if share is None or n < FEW:
        return translated(_("chưa đủ"))
    return f"{round(100 * share)}%"


bp.add_app_template_global(enough, "enough")


def asked_window() -> Window:
    """The days asked for; the last twelve months unless told otherwise."""
    asked, today = public_filters(request.args), today_local()
    year = Window.last_year(asked.last_day or today)
    return Window(asked.first_day or year.first, year.last)


def _pictures() -> list[tuple[str, str]]:
    language = choose()
    return [(node.code, node.label.in_language(language)) for node in pictures()]


def _bars(counts: Mapping[Any, int], labels: list[tuple[str, str]]) -> list[tuple[str, int, str]]:
    """Rows of a chart in the order of the labels, without those that count nothing."""
    rows = ((label, counts.get(code, 0)) for code, label in labels)
    return [(label, n, format_number(n)) for label, n in rows if n]


def _by_province(found: Figures) -> list[tuple[str, list[UnitRow]]]:
    """Units with cases now or a year before, by province, the most cases first."""
    units = units_of(found.by_unit)
    rows = [UnitRow(units[unit_id], tally) for unit_id, tally in found.by_unit.items()]
    provinces = {row.unit.id: province_of(row.unit) for row in rows}
    rows.sort(key=lambda row: (provinces[row.unit.id].code, -row.tally.cases, row.unit.code))
    groups = groupby(rows, lambda row: provinces[row.unit.id])
    return [(unit_name(province), list(group)) for province, group in groups]


def _switch_urls() -> dict[str, str]:
    """The same figures by new and by old units."""
    days = {name: request.args[name] for name in ("from", "to") if request.args.get(name)}
    here = url_for(".overview")
    return {
        "new": f"{here}?{urlencode(days)}",
        "old": f"{here}?{urlencode(days | {'dia-ban': 'cu'})}",
    }
