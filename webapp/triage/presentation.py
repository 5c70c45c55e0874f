"""How rows of the queue and deadlines are put into words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, url_for

from webapp.cases.categories import picture_of
from webapp.cases.presentation import Entry, category_label
from webapp.cases.priority import Facts, parts_of
from webapp.reporting.models import ReportLine
from webapp.reporting.steps import step_label
from webapp.reporting.workflow import (
    CHANNELS,
    DOORS,
    LANGUAGES,
    NATURES,
    REJECTIONS,
    REPORT_STATES,
)
from webapp.triage.queries.queue import MANY, QueueRow
from webapp.triage.queries.report_file import ReportFile
from webapp.triage.queries.source import SOON
from webapp.triage.workflow import CHECK_STATES, FINDINGS
from webapp.web.locale import choose, gettext, ngettext, translated

_SAME_SPOT_M = 1
"""Nearer than this no two places on a phone's map are two."""


@dataclass(frozen=True)
class ShownScore:
    """A priority in points, and what they come from in words."""

    points: int
    parts: list[str]


@dataclass(frozen=True)
class ShownRow:
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
    return [_shown(row, at) for row in rows]


def distance_in_words(metres: float) -> str:
    """How far two places are from each other, for whoever may know both exactly."""
    if metres < _SAME_SPOT_M:
        return str(gettext("ngay tại đây"))
    return str(gettext("cách %(metres)s m", metres=round(metres)))


def deadline_words(due_at: datetime | None, at: datetime) -> tuple[str, str] | None:
    """How a deadline stands (overdue, due_soon, on_time) and by how long."""
    if due_at is None:
        return None
    left = due_at - at
    if left < timedelta(0):
        return "overdue", gettext("đã %(span)s", span=_span(-left))
    return ("due_soon" if left <= SOON else "on_time"), gettext("còn %(span)s", span=_span(left))


def title_of(row: QueueRow) -> str:
    """Category and unit: never a reporter's words."""
    unit = row.unit_name_en if choose() == "en" else row.unit_name
    return f"{category_label(row.category)}, {unit}"


def shown_score(facts: Facts, at: datetime) -> ShownScore:
    """The score with its parts, largest first as the table has them, waiting last."""
    parts = parts_of(facts, at)
    words = [f"{translated(part.label)} {part.points}" for part in parts]
    return ShownScore(sum(part.points for part in parts), words)


def count_words(n: int) -> str:
    """A count as the desk writes it: exact, or "99+" where counting stopped."""
    return f"{MANY - 1}+" if n >= MANY else str(n)


def _shown(row: QueueRow, at: datetime) -> ShownRow:
    return ShownRow(
        row=row,
        url=_url(row),
        title=title_of(row),
        picture=picture_of(row.category),
        facts=_facts(row, at),
        deadline=deadline_words(row.due_at, at),
        score=shown_score(row.facts, at),
    )


def _facts(row: QueueRow, at: datetime) -> list[str]:
    facts = [gettext("%(span)s trước", span=_span(at - row.since))]
    if row.kind == "case":
        facts.append(ngettext("%(num)s phản ánh", "%(num)s phản ánh", row.report_count))
    if row.households:
        facts.append(ngettext("%(num)s hộ", "%(num)s hộ", row.households))
    if row.unchecked:
        facts.append(gettext("Chưa kiểm tra nguồn gửi"))
    if row.lon is None:
        facts.append(gettext("Không có tọa độ"))
    return facts


def _url(row: QueueRow) -> str:
    endpoint = "staff_cases.show" if row.kind == "case" else "staff_reports.show"
    return url_for(endpoint, code=row.code)


def _span(span: timedelta) -> str:
    if span >= timedelta(days=2):
        return str(ngettext("%(num)s ngày", "%(num)s ngày", span.days))
    hours = max(1, round(span.total_seconds() / 3600))
    return str(ngettext("%(num)s giờ", "%(num)s giờ", hours))


def report_entries(file: ReportFile) -> list[Entry]:
    """The history of a report for the Front, with what its sender reads and the Front's notes."""
    return line_entries(file.lines, file.people)


def line_entries(
    lines: Iterable[ReportLine], people: Mapping[int, str] | None = None
) -> list[Entry]:
    """Lines of a report as entries of a timeline, with who took a step where that is given."""
    return [_entry(line, people or {}) for line in lines]


def _entry(line: ReportLine, people: Mapping[int, str]) -> Entry:
    step = translated(step_label(line.transition))
    who = people.get(line.person_id or 0)
    words = "\n".join(each for each in (line.words, line.note) if each)
    return Entry(
        voice="residents" if line.by_sender or line.transition == "submit" else "front",
        at=line.at,
        text=f"{step} ({who})" if who else step,
        detail=words or None,
    )


def init_triage(app: Flask) -> None:
    """Offer the words of reports and tasks to templates."""
    app.jinja_env.globals.update(
        report_states=REPORT_STATES,
        channels=CHANNELS,
        natures=NATURES,
        languages=LANGUAGES,
        rejections=REJECTIONS,
        doors=DOORS,
        findings=FINDINGS,
        check_states=CHECK_STATES,
        picture_of=picture_of,
        count_words=count_words,
    )
