"""The tracking register (sổ theo dõi): every report received, what became of it.

Names and contacts are printed "giữ bí mật". A copy with identities is another file: it needs a
reason, each opened row is logged for the auditor, and every page says whose copy it is.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.audit.operations import Subject, record, seal_reason
from webapp.cases.categories import category
from webapp.cases.workflow import CASE_STATES
from webapp.casework.models import Recommendation
from webapp.casework.queries import letters_by_case
from webapp.casework.register_copies import COPY_MADE
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Invalid
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.directory.models import Person
from webapp.documents.queries import code_of
from webapp.documents.workbook import Cell, SheetColumn, SheetTable, write_workbook
from webapp.reporting.identity import REASON_LIMIT, Identity, open_identities
from webapp.reporting.models import Report
from webapp.reporting.permissions import OPEN_IDENTITY
from webapp.reporting.policy import readable_reports
from webapp.reporting.wording import required
from webapp.reporting.workflow import CHANNELS, REPORT_STATES
from webapp.triage.models import LocalAction

WITHHELD: Final = "giữ bí mật"
MAX_ROWS: Final = 5000
_COLUMNS: Final = (
    SheetColumn("STT", 6),
    SheetColumn("Ngày nhận", 12),
    SheetColumn("Mã phản ánh", 15),
    SheetColumn("Họ tên, liên hệ", 22),
    SheetColumn("Nội dung", 36),
    SheetColumn("Hình thức", 14),
    SheetColumn("Quá trình giải quyết", 46),
    SheetColumn("Kết quả", 34),
)


@dataclass(frozen=True)
class Period:
    """Local days, both included."""

    first: date
    last: date


def register(actor: Actor, period: Period) -> bytes:
    """The register without any identity, of the reports the actor reads. Raises Invalid."""
    rows = _rows(actor, _reports(actor, period), {})
    return write_workbook([_table(period, rows)], footer=_footer(None))


def register_with_identities(actor: Actor, period: Period, *, reason: str) -> bytes:
    """The register with names and contacts; call inside a write unit, for the log.

    Rows that the actor may not open, or that a message about reprisal has locked, stay secret.
    Raises Forbidden, Invalid on ``reason``, ``first``, ``last``.
    """
    actor.demand(OPEN_IDENTITY)
    words = required(reason, "reason", REASON_LIMIT)
    reports = _reports(actor, period)
    opened = open_identities(actor, reports, reason=words)
    copy = secrets.token_hex(4).upper()
    record(
        actor,
        COPY_MADE,
        Subject("register", None),
        by=OPEN_IDENTITY,
        reason=seal_reason(words),
        copy=copy,
        rows=len(reports),
        opened=len(opened),
        first=period.first.isoformat(),
        last=period.last.isoformat(),
    )
    person = session().get(Person, actor.person_id) if actor.person_id else None
    holder = f"Bản {copy}, {person.name if person else ''}, {_now()}"
    return write_workbook(
        [_table(period, _rows(actor, reports, opened), holder)],
        footer=_footer(holder),
        watermark=f"CÓ DANH TÍNH – BẢN {copy}",
    )


def _reports(actor: Actor, period: Period) -> list[Report]:
    if period.first > period.last:
        words = _("Ngày đầu phải trước ngày cuối.")
        raise Invalid(words, fields={"last": words})
    query = (
        select(Report)
        .where(
            readable_reports(actor),
            Report.received_at >= clock.day_begins(period.first),
            Report.received_at < clock.day_begins(period.last + timedelta(days=1)),
        )
        .options(joinedload(Report.case), joinedload(Report.handling_unit))
        .order_by(Report.received_at, Report.id)
        .limit(MAX_ROWS + 1)
    )
    found = list(session().scalars(query))
    if len(found) > MAX_ROWS:
        words = _("Quá %(max)s phản ánh trong khoảng này. Xin chọn khoảng ngắn hơn.", max=MAX_ROWS)
        raise Invalid(words, fields={"last": words})
    return found


def _rows(
    actor: Actor, reports: list[Report], opened: Mapping[int, Identity]
) -> list[tuple[Cell, ...]]:
    """A row for each report; of a case out of the actor's sight it tells nothing."""
    letters = letters_by_case(actor, {each.case_id for each in reports if each.case_id is not None})
    settled = _settled(letters)
    return [
        _row(
            number,
            report,
            letters.get(report.case_id or 0),
            settled.get(report.case_id or 0, ""),
            opened.get(report.id),
        )
        for number, report in enumerate(reports, start=1)
    ]


def _settled(case_ids: Iterable[int]) -> dict[int, str]:
    """Of cases what was done on the spot, as it was told last."""
    query = select(LocalAction.case_id, LocalAction.result).where(
        LocalAction.case_id.in_(sorted(case_ids)), LocalAction.result.is_not(None)
    )
    told = session().execute(query.order_by(LocalAction.reported_at, LocalAction.id))
    return {case_id: result or "" for case_id, result in told}


def _row(
    number: int,
    report: Report,
    letters: list[Recommendation] | None,
    settled: str,
    identity: Identity | None,
) -> tuple[Cell, ...]:
    answers = [each.answer for each in letters or () if each.answer]
    return (
        number,
        clock.local(report.received_at).date(),
        report.code,
        _who(identity),
        f"{category(report.category).label.vi}, {report.handling_unit.name}",
        CHANNELS[report.channel].source,
        _process(report, letters),
        answers[-1] if answers else settled,
    )


def _who(identity: Identity | None) -> str:
    if identity is None:
        return WITHHELD
    return ", ".join(filter(None, (identity.name, identity.phone, identity.email)))


def _process(report: Report, letters: list[Recommendation] | None) -> str:
    if report.case is None or letters is None:
        return REPORT_STATES[report.state].source
    lines = [f"Vụ việc {report.case.code}: {CASE_STATES[report.case.state].source}."]
    for letter in letters:
        if letter.issued_on is None:
            continue
        void = " (hủy)" if letter.document.void else ""
        line = f"Công văn {code_of(letter.document)} ngày {letter.issued_on:%d/%m/%Y}{void}"
        if letter.answered_on:
            line += f", trả lời {letter.answered_on:%d/%m/%Y}"
        lines.append(f"{line}.")
    return "\n".join(lines)


def _table(period: Period, rows: list[tuple[Cell, ...]], holder: str = "") -> SheetTable:
    return SheetTable(
        name="Sổ theo dõi",
        title="SỔ THEO DÕI TIẾP NHẬN, GIẢI QUYẾT PHẢN ÁNH VỀ MÔI TRƯỜNG",
        notes=(
            f"Từ ngày {period.first:%d/%m/%Y} đến ngày {period.last:%d/%m/%Y}",
            *((f"CÓ DANH TÍNH. {holder}",) if holder else ()),
        ),
        columns=_COLUMNS,
        rows=rows,
    )


def _footer(holder: str | None) -> str:
    return holder or f"In từ Mắt Xanh lúc {_now()}; họ tên, liên hệ được giữ bí mật"


def _now() -> str:
    return f"{clock.local(clock.now()):%H:%M %d/%m/%Y}"
