"""A whole meeting recorded as one list: many people's reports in one transaction, all or none.

Who speaks at the meeting is the reporter, who writes is not. The consent words were read aloud by a
named person, and each person agreed aloud.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from webapp.audit.operations import Subject, record
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Invalid
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.reporting.checking import OLDEST_DAYS, consent_in_force
from webapp.reporting.keys import key_digest, plain_key
from webapp.reporting.models import Meeting, MeetingReport
from webapp.reporting.operations import Receipt, submit_report
from webapp.reporting.permissions import SUBMIT_ON_BEHALF
from webapp.reporting.submission import Submission, UnitKey
from webapp.reporting.wording import MISSING, cleaned
from webapp.reporting.workflow import CHANNELS

MEETING_CHANNELS: Final = ("meeting", "religious", "in_person", "other")
MOST_ROWS: Final = 60
PLACE_LIMIT, READER_LIMIT = 160, 120


@dataclass(frozen=True)
class MeetingSent:
    """A meeting as typed: when, how and where it was held, who read the words of consent."""

    held_on: date | None
    channel: str
    unit: UnitKey | None
    place: str | None
    read_by: str | None


def record_meeting(
    actor: Actor,
    sent: MeetingSent,
    rows: dict[int, Submission],
    *,
    raw_key: str | None,
    locale: str = "vi",
) -> dict[int, Receipt]:
    """Send every row as a report on behalf of who spoke, once per key; receipts by row number.

    Raises Forbidden without the permission, BadRequest without a key, Invalid by field, those of a
    row as ``rows-<number>-<field>``; then nothing is stored.
    """
    actor.demand(SUBMIT_ON_BEHALF)
    plain = plain_key(raw_key)
    wrong = _wrong(sent, rows)
    receipts: dict[int, Receipt] = {}
    for number, row in rows.items():
        try:
            receipts[number] = _send(actor, sent, row, _row_key(plain, number), locale)
        except Invalid as refused:
            wrong |= {
                f"rows-{number}-{_flat(name)}": words for name, words in refused.fields.items()
            }
            if not refused.fields:
                wrong[f"rows-{number}-category"] = refused.detail
    if wrong:
        raise Invalid(_("Còn chỗ cần sửa."), fields=wrong)
    _note(actor, sent, receipts, plain)
    return receipts


def meeting_of(report_id: int) -> Meeting | None:
    """The meeting at which a report was recorded; the caller reads the report already."""
    query = select(Meeting).join(MeetingReport, MeetingReport.meeting_id == Meeting.id)
    return session().scalar(query.where(MeetingReport.report_id == report_id))


def _send(actor: Actor, sent: MeetingSent, row: Submission, key: str, locale: str) -> Receipt:
    filled = replace(row, channel=sent.channel, unit=sent.unit, on_behalf=True)
    return submit_report(actor, filled, raw_key=key, locale=locale)


def _note(actor: Actor, sent: MeetingSent, receipts: dict[int, Receipt], plain: str) -> None:
    """Keep the meeting itself, unless the same list came before."""
    key = key_digest(plain)
    if session().scalar(select(Meeting.id).where(Meeting.key_digest == key)) is not None:
        return
    first = next(iter(receipts.values())).report
    meeting = Meeting(
        key_digest=key,
        held_on=sent.held_on,
        channel=sent.channel,
        place=cleaned(sent.place, "place", PLACE_LIMIT),
        unit_id=first.handling_unit_id,
        read_by=cleaned(sent.read_by, "read_by", READER_LIMIT),
        consent_version=consent_in_force().version,
        entered_by_id=actor.person_id,
        at=clock.now(),
    )
    session().add(meeting)
    session().flush()
    for position, receipt in enumerate(receipts.values()):
        session().add(
            MeetingReport(report_id=receipt.report.id, meeting_id=meeting.id, position=position)
        )
    subject = Subject("meeting", meeting.id)
    record(actor, "report.meeting", subject, by=SUBMIT_ON_BEHALF, reports=len(receipts))


def _wrong(sent: MeetingSent, rows: dict[int, Submission]) -> dict[str, Text]:
    """What is wrong with the meeting itself, by field."""
    found: dict[str, Text] = {}
    for field, words, limit in (
        ("place", sent.place, PLACE_LIMIT),
        ("read_by", sent.read_by, READER_LIMIT),
    ):
        try:
            if cleaned(words, field, limit) is None:
                found[field] = MISSING
        except Invalid as long:
            found |= long.fields
    today = clock.today_local()
    if sent.held_on is None or not today - timedelta(days=OLDEST_DAYS) <= sent.held_on <= today:
        found["held_on"] = _("Ngày họp trong %(days)s ngày gần đây.", days=OLDEST_DAYS)
    if sent.channel not in MEETING_CHANNELS or sent.channel not in CHANNELS:
        found["channel"] = _("Lựa chọn này không có. Xin chọn trong danh sách.")
    if not rows:
        found["rows"] = _("Xin ghi ít nhất một người.")
    return found


def _row_key(plain: str, number: int) -> str:
    """A key of its own for each row, the same when the list is sent again."""
    return str(uuid.uuid5(uuid.UUID(plain), f"row {number}"))


def _flat(field: str) -> str:
    return {"contact.name": "name", "contact.phone": "phone"}.get(field, field.replace(".", "_"))
