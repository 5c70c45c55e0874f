"""Taking over a file of the other system: looked at first, then whole or not at all.

A number is taken once. The same number again changes nothing and says so.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy import select, text, update

from webapp.audit.operations import Subject, record
from webapp.cases.models import Case
from webapp.cases.policy import Sight, openable, sight
from webapp.core import clock, crypto
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, Gone, Invalid, NotFound
from webapp.core.resealing import sealed_in
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session, take_your_time, write_unit
from webapp.exchange.models import OutsideImport, OutsideNumber
from webapp.exchange.reading import Row, read_rows
from webapp.exchange.sending import Wanted, key_of, wanted
from webapp.reporting.models import Report
from webapp.reporting.operations import claim_report, submit_report
from webapp.reporting.permissions import DECIDE, SUBMIT_ON_BEHALF
from webapp.reporting.wording import invalid
from webapp.triage.operations.joining import open_case_for

KEPT_FOR: Final = timedelta(hours=24)
NEW, NOTED, KNOWN, WRONG = "new", "noted", "known", "wrong"
_LOCK: Final = 4_403_002  # names the advisory lock under which numbers are taken


@dataclass(frozen=True)
class RowResult:
    """What a row did or would do. ``wrong`` are the words by column, "" for the row as a whole."""

    line: int
    number: str
    kind: str
    wrong: dict[str, Text]
    code: str | None = None


Act = Callable[[Row, Wanted, Case | None], RowResult]


def look_at(actor: Actor, content: bytes, *, opens_cases: bool) -> list[RowResult]:
    """What taking the file over would do, row by row; nothing is stored.

    Raises Forbidden, and Invalid on ``file`` for one that cannot be read at all.
    """
    _demand(actor)
    return _each(actor, content, opens_cases, _would)


def keep_file(actor: Actor, content: bytes, *, opens_cases: bool, rows: int) -> OutsideImport:
    """Keep a file that was looked at, sealed, until its owner takes it over: a day at most."""
    _demand(actor)
    uid = uuid.uuid4().hex
    kept = OutsideImport(
        uid=uid,
        person_id=actor.person_id,
        at=clock.now(),
        opens_cases=opens_cases,
        sealed=crypto.seal(content, binding=_binding(uid)),
        rows=rows,
        made=0,
        noted=0,
        known=0,
    )
    session().add(kept)
    session().flush()
    return kept


def take_over(actor: Actor, uid: str) -> list[RowResult]:
    """Take over a kept file: every row by the usual operations, or none.

    Raises NotFound for somebody else's, Gone when it was taken over or forgotten, Invalid (kind
    ``rows``) when a row is wrong now.
    """
    _demand(actor)
    kept = own_import(actor, uid, locked=True)
    if kept.sealed is None:
        raise Gone(_("Tệp này đã nạp hoặc đã quá một ngày. Xin chọn lại tệp."))
    take_your_time()
    if session().get_bind().dialect.name == "postgresql":
        session().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    content = crypto.unseal(kept.sealed, binding=_binding(uid))
    results = _each(actor, content, kept.opens_cases, partial(_take, actor, kept))
    if any(each.kind == WRONG for each in results):
        raise Invalid(_("Có dòng cần sửa, nên chưa nạp dòng nào."), kind="rows")
    _finish(actor, kept, results)
    return results


def own_import(actor: Actor, uid: str, *, locked: bool = False) -> OutsideImport:
    """A file that the actor brought. Raises NotFound."""
    query = select(OutsideImport).where(
        OutsideImport.uid == uid, OutsideImport.person_id == actor.person_id
    )
    found = session().scalar(query.with_for_update() if locked else query)
    if found is None:
        raise NotFound
    return found


def forget_files() -> None:
    """Remove the content of files nobody took over within a day (task)."""
    with write_unit():
        session().execute(
            update(OutsideImport)
            .where(OutsideImport.sealed.is_not(None), OutsideImport.at < clock.now() - KEPT_FOR)
            .values(sealed=None)
        )


def _each(actor: Actor, content: bytes, opens_cases: bool, act: Act) -> list[RowResult]:
    """Every row in order; what asks for something is handed to ``act``."""
    first: dict[str, int] = {}
    found = []
    for row in read_rows(content):
        try:
            found.append(_one(actor, row, first, opens_cases, act))
        except Invalid as refused:
            wrong = refused.fields or {"": refused.detail}
            found.append(RowResult(row.line, _number_of(row), WRONG, wrong))
    return found


def _one(actor: Actor, row: Row, first: dict[str, int], opens_cases: bool, act: Act) -> RowResult:
    number, case_code = _number_of(row), row.cells.get("case_code")
    if row.wrong is not None:
        raise Invalid(row.wrong)
    if not number and case_code:  # a case of ours that the other system has not numbered
        return RowResult(row.line, "", KNOWN, {}, case_code)
    before = first.setdefault(number, row.line) if number else row.line
    if before != row.line:
        words = _("Số này đã có ở dòng %(line)s của tệp.", line=before)
        raise invalid("reference_number", words)
    known = _known(number)
    if known is not None:
        return RowResult(row.line, number, KNOWN, {}, known)
    asked = wanted(actor, row.cells, opens_cases=opens_cases)
    return act(row, asked, _case(actor, asked.case_code) if asked.case_code else None)


def _number_of(row: Row) -> str:
    return row.cells.get("reference_number", "")


def _would(row: Row, asked: Wanted, case: Case | None) -> RowResult:
    kind = NEW if case is None else NOTED
    return RowResult(row.line, asked.number, kind, {}, case.code if case else None)


def _take(
    actor: Actor, kept: OutsideImport, row: Row, asked: Wanted, case: Case | None
) -> RowResult:
    report = _send(actor, kept, row, asked) if asked.submission else None
    session().add(
        OutsideNumber(
            number=asked.number,
            received_on=asked.received_on,
            report_id=report.id if report else None,
            case_id=case.id if case else None,
            import_id=kept.id,
        )
    )
    session().flush()
    if report is not None:
        return RowResult(row.line, asked.number, NEW, {}, report.code)
    return _would(row, asked, case)


def _send(actor: Actor, kept: OutsideImport, row: Row, asked: Wanted) -> Report:
    """The report, and at once its case where the officer asked for that."""
    if asked.submission is None:
        raise AssertionError("only rows without a case are sent")
    report = submit_report(actor, asked.submission, raw_key=key_of(asked.number)).report
    if kept.opens_cases:
        claimed = claim_report(actor, report.code, seen=None)
        open_case_for(
            actor,
            claimed,
            category_code=asked.submission.category,
            place_note=asked.submission.place_note,
        )
    return report


def _known(number: str) -> str | None:
    """The code of what already has this number; None when nothing has."""
    query = (
        select(Report.code, Case.code)
        .select_from(OutsideNumber)
        .outerjoin(Report, Report.id == OutsideNumber.report_id)
        .outerjoin(Case, Case.id == OutsideNumber.case_id)
        .where(OutsideNumber.number == number)
    )
    found = session().execute(query).one_or_none()
    return (found[0] or found[1]) if found else None


def _case(actor: Actor, code: str) -> Case:
    """A case whose file the actor reads as its Front. Raises Invalid on ``case_code``."""
    found = session().scalar(select(Case).where(Case.code == code, openable(actor)))
    if found is None or sight(actor, found) is not Sight.FRONT:
        raise invalid("case_code", _("Không thấy vụ việc có mã này trong địa bàn."))
    return found


def _finish(actor: Actor, kept: OutsideImport, results: list[RowResult]) -> None:
    counts = {kind: sum(each.kind == kind for each in results) for kind in (NEW, NOTED, KNOWN)}
    kept.made, kept.noted, kept.known = counts[NEW], counts[NOTED], counts[KNOWN]
    kept.sealed, kept.done_at = None, clock.now()
    record(
        actor,
        "exchange.import",
        Subject("outside_import", kept.id),
        by=DECIDE,
        rows=kept.rows,
        opens_cases=kept.opens_cases,
        new=kept.made,
        noted=kept.noted,
        known=kept.known,
    )


def _demand(actor: Actor) -> None:
    """Whoever decides on reports and sends for others; the system brings no files."""
    if actor.person_id is None:
        raise Forbidden
    for permission in (DECIDE, SUBMIT_ON_BEHALF):
        actor.demand(permission)


def _binding(uid: str) -> str:
    return f"outside_import.sealed:{uid}"


sealed_in(OutsideImport.sealed, bound=OutsideImport.uid, binding=_binding)
