"""What a step must bring along: days, photos, the paper it is recorded from."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from webapp.cases.models import Case, TimelineLine
from webapp.cases.operations import take_step
from webapp.cases.permissions import HANDLE
from webapp.casework.policy import acts_as_office, approving_body, records_for_office
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden
from webapp.core.permissions import Permission
from webapp.core.text import _
from webapp.core.working_days import end_of_day
from webapp.directory.models import Organisation
from webapp.media.operations import ReceivedPhoto
from webapp.triage.operations.evidence import MISSING, invalid, keep_photo

PAPER_CHANNELS = {
    "post": _("Đường bưu điện"),
    "by_hand": _("Giao trực tiếp"),
    "document_system": _("Hệ thống quản lý văn bản"),
    "email": _("Thư điện tử công vụ"),
}
_MAX_LINE = 400


@dataclass(frozen=True)
class Paper:
    """The document of an office that does not sign in, from which the Front records a step."""

    number: str
    on: date
    channel: str


def demand_ahead(day: date | None, field: str) -> date:
    """A day that is today or later. Raises Invalid."""
    if day is None:
        raise invalid(field, MISSING)
    if day < clock.today_local():
        raise invalid(field, _("Ngày này phải từ hôm nay trở đi."))
    return day


def demand_past(day: date | None, field: str) -> date:
    """A day that is today or earlier. Raises Invalid."""
    if day is None:
        raise invalid(field, MISSING)
    if day > clock.today_local():
        raise invalid(field, _("Ngày này chưa tới. Xin ghi lại."))
    return day


def keep_photos(case: Case, photos: Sequence[ReceivedPhoto], *, purpose: str) -> None:
    """Store photos of the office and show them with the case: ``site`` or ``after``."""
    for received in photos:
        keep_photo(case, received, purpose=purpose, voice="office")


@contextmanager
def office_step(
    actor: Actor,
    case: Case,
    step: str,
    *,
    given: Mapping[str, object],
    paper: Paper | None = None,
    permission: Permission = HANDLE,
    due_at: datetime | None = None,
) -> Iterator[TimelineLine]:
    """A step of the office: taken by its people, or written down by the Front from paper.

    The second only where the office does not sign in, with number, date and channel of its
    document; the line then says so, and it counts on that date. Raises Forbidden,
    TransitionRefused, Invalid on ``paper_*``.
    """
    body = approving_body(case) if permission is not HANDLE else case.office
    from_paper = not acts_as_office(actor, case, permission) and records_for_office(actor, case)
    if from_paper:
        _demand_paper(body, paper)
    with take_step(
        actor,
        case,
        step,
        voice="office",
        given=given,
        due_at=due_at,
        happened_at=end_of_day(paper.on) if from_paper and paper is not None else None,
    ) as line:
        yield line
        if from_paper and paper is not None:
            _tell_source(line, body, paper)


def day_of_paper(line: TimelineLine) -> date | None:
    """The day of the document from which the Front wrote down a step; None of the office's own."""
    paper = line.facts.get("paper")
    return date.fromisoformat(paper["on"]) if paper else None


def _demand_paper(body: Organisation | None, paper: Paper | None) -> None:
    if body is None or body.signs_in:
        raise Forbidden(
            _("Cơ quan này tự ghi bước của mình trên Mắt Xanh; Mặt trận không ghi thay.")
        )
    if paper is None or not paper.number.strip():
        raise invalid("paper_number", _("Xin ghi số văn bản của cơ quan."))
    demand_past(paper.on, "paper_on")
    if paper.channel not in PAPER_CHANNELS:
        raise invalid("paper_channel", MISSING)


def _tell_source(line: TimelineLine, body: Organisation | None, paper: Paper) -> None:
    source = _(
        "Mặt trận ghi theo văn bản số %(number)s ngày %(day)s.",
        number=paper.number.strip(),
        day=f"{paper.on:%d/%m/%Y}",
    )
    words = f"{line.public_line} {source}" if line.public_line else str(source)
    line.public_line = words[:_MAX_LINE]
    line.organisation_id = body.id if body else line.organisation_id
    line.facts = {
        **line.facts,
        "paper": {
            "number": paper.number.strip(),
            "on": paper.on.isoformat(),
            "channel": paper.channel,
        },
    }
