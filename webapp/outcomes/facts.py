"""The facts of an outcome page, collected from the records and never typed (C.8, S1-II.5c).

Only these fields exist; a reporter, a member of a group, a home, an exact place have none.
"""

from datetime import date
from typing import Any

from geo.points import Point
from webapp.cases.categories import is_secret, never_public
from webapp.cases.models import Case
from webapp.cases.votes import RULE_OF
from webapp.cases.workflow import WITH_RESULT
from webapp.casework.models import Inspection, Recommendation
from webapp.casework.queries import inspections_of, recommendations_of
from webapp.casework.workflow import SENT
from webapp.core import clock
from webapp.core.errors import Invalid
from webapp.core.text import _
from webapp.directory.models import Organisation, Unit
from webapp.directory.queries import old_unit_of
from webapp.outcomes.models import EstablishmentReply

_HOUSEHOLD_STEPS = (5, 10, 20, 50, 100)

_HANDED_OVER = _("Vụ việc đã chuyển cơ quan có thẩm quyền: trang công khai chỉ có một dòng chung.")
_NEVER = _("Loại việc này không đưa lên trang công khai.")
_NOT_PUBLIC = _("Vụ việc chưa công khai, nên chưa soạn được trang kết quả.")
_NO_RESULT = _("Vụ việc chưa có kết quả để công khai.")


def demand_publishable(case: Case) -> None:
    """Refuse a case that may have no outcome page. Raises Invalid that names the rule."""
    rules = (
        (case.state == "handed_over", _HANDED_OVER),
        (never_public(case.category), _NEVER),
        (case.public_since is None, _NOT_PUBLIC),
        (case.state not in WITH_RESULT, _NO_RESULT),
    )
    for broken, rule in rules:
        if broken:
            raise Invalid(rule, kind="not-publishable")


def build_facts(
    case: Case, *, explanation: str = "", reply: EstablishmentReply | None = None
) -> dict[str, Any]:
    """The facts as they stand now, ready to be kept with a version.

    Days are ISO dates; the first report of a secret category is a month. Counts of people are
    None below 5, households the lower end of a range. ``explanation`` is the establishment's own,
    out of its ``reply``.
    Raises Invalid.
    """
    demand_publishable(case)
    return {
        "code": case.code,
        "category": case.category,
        "waste_source": case.waste_source,
        "unit": _named(case.handling_unit),
        "old_unit": _named(_old_unit(case)),
        "place": case.public_place,
        "point": None if case.public_lon is None else [case.public_lon, case.public_lat],
        "precision_m": case.precision_m,
        "first_reported": first_reported(case),
        "reports": case.report_count if case.report_count >= RULE_OF else None,
        "households": household_floor(case.household_count),
        "authority": _named(case.addressee),
        "office": _named(case.office),
        "conclusion": case.conclusion,
        "recommendations": [
            letter_record(each) for each in recommendations_of(case.id) if each.state in SENT
        ],
        "inspections": [_inspection(each) for each in conclusions(case)],
        "explanation": explanation.strip() or None,
        "reply": reply and {"id": reply.id, "received_on": _day(reply.received_on)},
    }


def first_reported(case: Case) -> str:
    """The local day of the first report; only the month where the category is secret."""
    day = clock.local(case.first_reported_at).date()
    return f"{day:%Y-%m}" if case.secret or is_secret(case.category) else day.isoformat()


def household_floor(count: int) -> int | None:
    """The lower end of the range a number of households is told in; None when it is not known."""
    if count <= 0:
        return None
    return max((step for step in _HOUSEHOLD_STEPS if step <= count), default=0)


def office_source(case: Case) -> str:
    """The office's own words: its answers, measures and what it reports as done, in order."""
    parts = (
        part
        for each in conclusions(case)
        for part in (each.answer, each.measures, each.remedy_result)
        if part
    )
    return "\n\n".join(parts)


def conclusions(case: Case) -> list[Inspection]:
    """The inspections of a case that came to a conclusion, oldest first."""
    return [each for each in inspections_of(case.id) if each.conclusion is not None]


def letter_record(sent: Recommendation) -> dict[str, Any]:
    """What the public reads of a letter that went out: number, addressee, days, state."""
    return {
        "number": f"{sent.document.number}/{sent.document.notation}",
        "addressee": _named(sent.addressee),
        "issued_on": _day(sent.issued_on),
        "delivered_on": _day(sent.delivered_on),
        "due_on": _day(sent.due_on),
        "answered_on": _day(sent.answered_on),
        "state": sent.state,
        "paper": sent.answer_document if sent.recorded_by_front else None,
    }


def _inspection(done: Inspection) -> dict[str, Any]:
    return {
        "office": _named(done.office),
        "form": done.form,
        "started_on": _day(done.started_on),
        "conclusion": done.conclusion,
        "document": done.document_number,
        "document_on": _day(done.document_on),
        "remedy_due_on": _day(done.remedy_due_on),
        "remedied_on": _day(done.remedied_on),
        "paper": done.source_document if done.recorded_by_front else None,
    }


def _old_unit(case: Case) -> Unit | None:
    if case.public_lon is None or case.public_lat is None:
        return None
    return old_unit_of(Point(lon=case.public_lon, lat=case.public_lat), case.handling_unit)


def _named(named: Unit | Organisation | None) -> dict[str, str] | None:
    return {"vi": named.name, "en": named.name_en} if named else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
