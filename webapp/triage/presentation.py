"""How rows of the queue and deadlines are put into words."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from flask import Flask, url_for
from markupsafe import Markup, escape

from webapp.cases.categories import picture_of
from webapp.cases.presentation import (
    Entry,
    category_label,
    days_or_hours,
    deadline_words,
    span_words,
)
from webapp.cases.priority import Facts, Part, parts_of
from webapp.core.text import Text
from webapp.reporting.queries import StaffReportLine
from webapp.reporting.steps import step_label
from webapp.reporting.workflow import (
    CHANNELS,
    DOORS,
    LANGUAGES,
    NATURES,
    REJECTIONS,
    REPORT_STATES,
)
from webapp.triage.models import BulkItem
from webapp.triage.queries.desk import NamedRecord
from webapp.triage.queries.queue import MANY, QueueRow
from webapp.triage.queries.report_file import ReportFile
from webapp.triage.workflow import CHECK_STATES, DESK_STATES, FINDINGS
from webapp.web.locale import as_written, choose, gettext, kept_by_language, ngettext, translated

_PAGES = {"case": "staff_cases.show", "report": "staff_reports.show"}
_CODE = "-code-"
_SAME_SPOT_M = 1
"""Nearer than this no two places on a phone's map are two."""


class ShownScore(NamedTuple):
    """A priority in points, and what they come from in words."""

    points: int
    parts: list[str]


class ShownRow(NamedTuple):
    """One row as the template shows it."""

    row: QueueRow
    url: str
    title: str
    picture: str
    facts: list[str]
    deadline: tuple[str, str] | None
    score: ShownScore


def shown_rows(rows: Iterable[QueueRow], at: datetime) -> list[ShownRow]:
    """Rows with their words, in the language of the request."""
    addresses = {kind: url_for(page, code=_CODE) for kind, page in _PAGES.items()}
    return [_shown(row, addresses[row.kind].replace(_CODE, row.code), at) for row in rows]


def filled_row(frame: Markup, shown: ShownRow, deadline: Markup) -> Markup:
    """A row's frame (``row_frame`` of the templates) with its own words in it, escaped.

    Fifty rows were half of the desk page when macros wrote each of them anew.
    """
    row, score = shown.row, shown.score
    return Markup(  # noqa: S704  # the frame is of a template, what goes into it is escaped
        str(frame).format(
            code=escape(row.code),
            version=row.version,
            lon=row.lon,
            lat=row.lat,
            url=escape(shown.url),
            title=escape(shown.title),
            deadline=deadline,
            facts=_spans(shown.facts),
            points=score.points,
            parts=_spans(score.parts),
        )
    )


def _spans(texts: Iterable[str]) -> str:
    return "".join([f"<span>{escape(text)}</span>" for text in texts])


def distance_in_words(metres: float) -> str:
    """How far two places are from each other, for whoever may know both exactly."""
    if metres < _SAME_SPOT_M:
        return str(gettext("ngay tại đây"))
    return str(gettext("cách %(metres)s m", metres=round(metres)))


def refusal_of(item: BulkItem) -> str:
    """Why a row of a bulk job was not done, in the language of the request."""
    if not item.refused_for:
        return as_written(item.words or "")
    return " ".join([translated(Text.restored(each)) for each in item.refused_for])


def title_of(row: QueueRow | NamedRecord) -> str:
    """Category and unit: never a reporter's words."""
    unit = row.unit_name_en if choose() == "en" else row.unit_name
    return f"{category_label(row.category)}, {unit}"


def shown_score(facts: Facts, at: datetime) -> ShownScore:
    """The score with its parts, largest first as the table has them, waiting last."""
    parts = parts_of(facts, at)
    words = [_part_words(part) for part in parts]
    return ShownScore(sum(part.points for part in parts), words)


def count_words(n: int) -> str:
    """A count as the desk writes it: exact, or "99+" where counting stopped."""
    return f"{MANY - 1}+" if n >= MANY else str(n)


def _shown(row: QueueRow, url: str, at: datetime) -> ShownRow:
    return ShownRow(
        row=row,
        url=url,
        title=title_of(row),
        picture=picture_of(row.category),
        facts=_facts(row, at),
        deadline=deadline_words(row.due_at, at),
        score=shown_score(row.facts, at),
    )


def _facts(row: QueueRow, at: datetime) -> list[str]:
    facts = [_ago(*days_or_hours(at - row.since))]
    if row.kind == "case":
        facts.append(_reports(row.report_count))
    if row.households:
        facts.append(_households(row.households))
    if row.unchecked:
        facts.append(gettext("Chưa kiểm tra nguồn gửi"))
    if row.lon is None:
        facts.append(gettext("Không có tọa độ"))
    return facts


# A page says these of each of fifty rows, about the same few numbers.
@kept_by_language
def _ago(days: int, hours: int) -> str:
    return gettext("%(span)s trước", span=span_words(days, hours))


@kept_by_language
def _reports(count: int) -> str:
    return str(ngettext("%(num)s phản ánh", "%(num)s phản ánh", count))


@kept_by_language
def _households(count: int) -> str:
    return str(ngettext("%(num)s hộ", "%(num)s hộ", count))


@kept_by_language
def _part_words(part: Part) -> str:
    return f"{translated(part.label)} {part.points}"


def report_entries(file: ReportFile) -> list[Entry]:
    """The history of a report for the Front, with what its sender reads and the Front's notes."""
    return line_entries(file.lines, with_people=True)


def line_entries(lines: Iterable[StaffReportLine], *, with_people: bool = False) -> list[Entry]:
    """Lines of a report as entries of a timeline, with who took a step where that is wanted."""
    return [_entry(line, line.person if with_people else None) for line in lines]


def _entry(line: StaffReportLine, who: str | None) -> Entry:
    step = translated(step_label(line.transition))
    words = "\n".join([each for each in (line.words, line.note) if each])
    return Entry(
        voice="residents" if line.by_sender or line.transition == "submit" else "front",
        at=line.at,
        text=f"{step} ({who})" if who else step,
        detail=as_written(words) or None,
    )


def init_triage(app: Flask) -> None:
    """Offer the words of reports and tasks to templates."""
    app.jinja_env.globals.update(
        report_states=REPORT_STATES,
        desk_states=REPORT_STATES | DESK_STATES,
        channels=CHANNELS,
        natures=NATURES,
        languages=LANGUAGES,
        rejections=REJECTIONS,
        doors=DOORS,
        findings=FINDINGS,
        check_states=CHECK_STATES,
        picture_of=picture_of,
        count_words=count_words,
        filled_row=filled_row,
        refusal_of=refusal_of,
    )
