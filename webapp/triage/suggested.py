"""How records that are probably the same problem are put into words, with what can be done."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from webapp.cases.models import Case
from webapp.cases.operations import may_take
from webapp.cases.presentation import category_label
from webapp.cases.workflow import CASE_STATES, OPEN
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.reporting.models import Report
from webapp.triage.operations.merging import by_age, in_one_ring
from webapp.triage.operations.same_problem import may_say
from webapp.triage.presentation import distance_in_words
from webapp.triage.queries.compared import record_of
from webapp.triage.queries.same_problem import Alike, Parts, Record, told_words
from webapp.triage.report_pages import report_page
from webapp.triage.workflow import DESK_STATES
from webapp.web.locale import gettext, ngettext, translated


@dataclass(frozen=True)
class Act:
    """A button: what it says, where its form goes and what it sends."""

    label: str
    url: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Suggested:
    """One suggestion as the template shows it."""

    url: str
    title: str
    state: str
    state_label: str
    parts: list[str]
    compare_url: str
    joined: Act | None
    refused: Act | None


def suggested(actor: Actor, record: Record, found: list[Alike]) -> list[Suggested]:
    """Suggestions with their words and buttons, in the order they came in."""
    return [_suggested(actor, record, each) for each in found]


def parts_in_words(parts: Parts) -> list[str]:
    """What two records have in common, in the order in which an officer asks for it."""
    words: list[str] = []
    if parts.metres is not None:
        words.append(distance_in_words(parts.metres))
    words.append(
        str(ngettext("cách %(num)s ngày", "cách %(num)s ngày", parts.days))
        if parts.days
        else gettext("cùng ngày")
    )
    if told_words(parts):
        words.append(gettext("lời giống %(percent)s%%", percent=round(100 * told_words(parts))))
    if parts.photo:
        words.append(gettext("ảnh giống"))
    if parts.senders:
        words.append(gettext("cùng người gửi: %(number)s", number=parts.senders))
    return words


def url_of(record: Record) -> str:
    """The staff page of a record."""
    endpoint = "staff_cases.show" if isinstance(record, Case) else "staff_reports.show"
    return url_for(endpoint, code=record.code)


def name_of(record: Record) -> str:
    """What a record is called in a line: its kind and code."""
    if isinstance(record, Case):
        return str(gettext("Vụ việc %(code)s", code=record.code))
    return str(gettext("Phản ánh %(code)s", code=record.code))


def state_words(record: Record) -> str:
    """The state of a record as the desk says it."""
    labels = CASE_STATES if isinstance(record, Case) else DESK_STATES
    return translated(labels.get(record.state, record.state))


def joining_act(actor: Actor, here: Record, other: Record) -> Act | None:
    """The button that makes one of two records, sent from the page of the first."""
    if isinstance(here, Case) and isinstance(other, Case):
        return _merge(actor, here, other)
    if isinstance(here, Report) and isinstance(other, Case):
        return _attach(actor, here, other)
    if isinstance(here, Case) and isinstance(other, Report):
        return _attach(actor, other, here)
    return None


def merge_to_compare(actor: Actor, here: Case, code: str) -> str | None:
    """The page with both cases, where a typed code names one that could be merged with this."""
    try:
        other = record_of(actor, code)
    except NotFound:
        return None
    if not isinstance(other, Case) or other.id == here.id or _merge(actor, here, other) is None:
        return None
    return url_for("compare.show", code=here.code, other=other.code)


def refusing_act(actor: Actor, here: Record, other: Record) -> Act | None:
    """The button that says the two are not the same problem."""
    if not (may_say(actor, here) and may_say(actor, other)):
        return None
    url = url_for("compare.not_same", code=here.code, other=other.code)
    return Act(gettext("Không phải"), url, {})


def _suggested(actor: Actor, record: Record, found: Alike) -> Suggested:
    other = found.record
    return Suggested(
        url=url_of(other),
        title=f"{name_of(other)}: {category_label(other.category)}",
        state=other.state,
        state_label=state_words(other),
        parts=parts_in_words(found.parts),
        compare_url=url_for("compare.show", code=record.code, other=other.code),
        joined=joining_act(actor, record, other),
        refused=refusing_act(actor, record, other),
    )


def _merge(actor: Actor, here: Case, other: Case) -> Act | None:
    survivor, merged = by_age(here, other)
    fits = here.handling_unit_id == other.handling_unit_id and in_one_ring(here, other)
    if survivor.state not in OPEN or not fits or not may_take(actor, merged, "merge_into"):
        return None
    return Act(
        gettext("Gộp vào %(code)s", code=survivor.code),
        url_for("staff_cases.take", code=here.code, step="merge_into"),
        {"version": str(here.version), "survivor": other.code, "compared": "1"},
    )


def _attach(actor: Actor, report: Report, case: Case) -> Act | None:
    hidden = report.to_province and not case.to_province
    if case.state not in OPEN or hidden or not report_page("attach").is_offered(actor, report):
        return None
    return Act(
        gettext("Đưa vào %(code)s", code=case.code),
        url_for("staff_reports.take", code=report.code, step="attach"),
        {"version": str(report.version), "case": case.code},
    )
