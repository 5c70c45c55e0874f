"""A report comes in by the form or as JSON: admitted, drafted, stored."""

from collections.abc import Callable

from webapp.core.errors import DomainError
from webapp.core.unit_of_work import read_unit, write_unit
from webapp.reporting.models import Report
from webapp.reporting.operations import (
    Draft,
    Receipt,
    draft_report,
    known_receipt,
    store_report,
)
from webapp.reporting.submission import Submission
from webapp.reporting.views.admission import Admission, admit
from webapp.web.current_actor import current_actor
from webapp.web.locale import choose

Beside = Callable[[Report], object]


def send(
    sent: Submission,
    raw_key: str | None,
    *,
    without_script: bool = False,
    beside: Beside | None = None,
) -> Receipt:
    """Store a report once per key; who sends the same again is answered and never held up.

    Few send again, so that whether one does is asked last: by the row that is there, or when the
    report would be refused. ``beside`` stores what came with it in the same transaction, with a
    report known before too. Raises what ``admit`` and the operations raise.
    """
    try:
        admission, draft = _judged(sent, raw_key, without_script)
    except DomainError:
        known = _sent_before(sent, raw_key, beside)
        if known is None:
            raise
        return known
    with write_unit():
        receipt = store_report(draft)
        if beside is not None:
            beside(receipt.report)
    if receipt.created:
        admission.count()
    return receipt


def _judged(sent: Submission, raw_key: str | None, without_script: bool) -> tuple[Admission, Draft]:
    with read_unit():
        admission = admit(without_script=without_script)
        return admission, draft_report(
            current_actor(),
            sent,
            raw_key=raw_key,
            locale=choose(),
            unchecked=admission.unchecked,
        )


def _sent_before(sent: Submission, raw_key: str | None, beside: Beside | None) -> Receipt | None:
    """The receipt of a report that was taken once, whatever would be said of it today."""
    with read_unit():
        known = known_receipt(sent, raw_key=raw_key)
    if known is None or beside is None:
        return known
    with write_unit():
        again = known_receipt(sent, raw_key=raw_key)
        beside(known.report)
    return again
