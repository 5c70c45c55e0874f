"""The visit: minutes as they are written, measurements held to their limits, photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from webapp.cases.models import Case
from webapp.casework.operations.office import start_inspection
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Invalid, TransitionRefused
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.inspections.limits import judge, limit_labelled, read_number
from webapp.inspections.models import InspectionFile, InspectionPhoto, Measurement, Minutes
from webapp.inspections.operations.files import move, refused
from webapp.inspections.operations.papers import issue_minutes
from webapp.inspections.workflow import BY_DECISION, MOMENTS
from webapp.media.operations import ReceivedPhoto, store_photo, want_photo

MAX_PARAMETER = 80
_NO_NUMBER = _("Xin ghi số như 0,25 hoặc 1500; dưới ngưỡng phát hiện thì ghi như <0,05.")
_NOT_YET = _("Lúc này chưa tới. Xin ghi lại.")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What the minutes say: moments are aware; the rest one or more lines."""

    started_at: datetime | None
    ended_at: datetime | None = None
    place: str = ""
    present: str = ""
    observed: str = ""
    statement: str = ""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One measurement as typed: ``parameter`` is the label of a shipped limit, or words.

    What is typed beside a chosen limit wins over the table: the limit that holds at this place.
    """

    parameter: str
    value: str
    unit: str = ""
    lowest: str = ""
    highest: str = ""
    standard: str = ""
    sampled_at: str = ""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Photos of one moment, with when and where they were taken."""

    moment: str
    taken_at: datetime | None
    place: str
    photos: Sequence[ReceivedPhoto]


def write_minutes(
    actor: Actor, file: InspectionFile, visit: Visit, measured: Sequence[Measured] = ()
) -> Minutes:
    """Keep the minutes as they stand; measurements are those given, no others.

    Raises Forbidden, TransitionRefused without the decision a form needs, Invalid by field;
    a field of a measurement is named ``measured-<row>-<field>``.
    """
    with move(actor, file, "write_minutes", given=vars(visit)) as facts:
        _demand_decision(file)
        _check_times(visit)
        minutes = file.minutes or Minutes(file_id=file.id)
        file.minutes = _filled(minutes, actor, visit)
        file.measurements = [_measurement(number, row) for number, row in enumerate(measured)]
        facts["over"] = sum(each.over for each in file.measurements)
    return minutes


def sign_minutes(actor: Actor, file: InspectionFile, *, number: str, signed_on: date) -> None:
    """Fix the minutes that both sides signed, under the office's own number.

    A case that was only accepted is under inspection from then on. Raises Forbidden,
    TransitionRefused, Invalid by field.
    """
    with move(actor, file, "sign_minutes", given={"number": number, "signed_on": signed_on}):
        _demand_decision(file)
        minutes = file.minutes
        if minutes is None:
            raise TransitionRefused(_("Chưa ghi biên bản."))
        if signed_on < clock.local(minutes.started_at).date():
            raise refused("signed_on", _("Ngày lập không thể trước ngày làm việc."))
        issue_minutes(actor, file, number=number, issued_on=signed_on)
        if file.case is not None:
            _start(actor, file, file.case, clock.local(minutes.started_at).date())


def add_photos(actor: Actor, file: InspectionFile, taken: Taken) -> None:
    """Keep photos of a moment. Raises Forbidden, TransitionRefused, Invalid by field."""
    with move(actor, file, "add_photos", given={"photos": taken.photos}) as facts:
        if taken.moment not in MOMENTS:
            raise refused("moment", _("Xin chọn lúc chụp."))
        if taken.taken_at is None or taken.taken_at > clock.now():
            raise refused("taken_at", _NOT_YET)
        if not taken.place.strip():
            raise refused("place", _("Xin ghi nơi chụp."))
        for received in taken.photos:
            wanted = want_photo(sha256=received.sha256, size=received.size, mime=received.mime)
            photo = store_photo(wanted, received)
            session().add(
                InspectionPhoto(
                    photo_id=photo.id,
                    file_id=file.id,
                    moment=taken.moment,
                    taken_at=taken.taken_at,
                    place=taken.place.strip(),
                )
            )
        facts["photos"] = len(taken.photos)


def _demand_decision(file: InspectionFile) -> None:
    if file.form in BY_DECISION and file.state != "decided":
        raise TransitionRefused(_("Hình thức này phải có quyết định trước khi lập biên bản."))


def _check_times(visit: Visit) -> None:
    wrong: dict[str, Text] = {}
    if visit.started_at is None or visit.started_at > clock.now():
        wrong["started_at"] = _NOT_YET
    elif visit.ended_at is not None and visit.ended_at < visit.started_at:
        wrong["ended_at"] = _("Lúc kết thúc không thể trước lúc bắt đầu.")
    if wrong:
        raise Invalid(_("Có chỗ cần sửa."), fields=wrong)


def _filled(minutes: Minutes, actor: Actor, visit: Visit) -> Minutes:
    if visit.started_at is None:
        raise refused("started_at", _NOT_YET)
    minutes.started_at, minutes.ended_at = visit.started_at, visit.ended_at
    minutes.place, minutes.observed = visit.place.strip(), visit.observed.strip()
    minutes.present = visit.present.strip() or None
    minutes.statement = visit.statement.strip() or None
    minutes.written_at, minutes.written_by_id = clock.now(), actor.person_id
    return minutes


def _measurement(number: int, row: Measured) -> Measurement:
    limit = limit_labelled(row.parameter)
    parameter = limit.parameter if limit else row.parameter.strip()
    if len(parameter) > MAX_PARAMETER:
        raise refused(f"measured-{number}-parameter", _("Xin ghi tên thông số ngắn hơn."))
    if not parameter:
        raise refused(f"measured-{number}-parameter", _("Xin ghi tên thông số."))
    value = _number(number, "value", row.value)
    if value is None:
        raise refused(f"measured-{number}-value", _NO_NUMBER)
    own = bool(row.lowest.strip() or row.highest.strip())
    lowest = _number(number, "lowest", row.lowest) if own or not limit else limit.lowest
    highest = _number(number, "highest", row.highest) if own or not limit else limit.highest
    if lowest and highest and Decimal(lowest) > Decimal(highest):
        raise refused(f"measured-{number}-highest", _("Giới hạn trên phải lớn hơn giới hạn dưới."))
    return Measurement(
        parameter=parameter,
        value=value,
        unit=row.unit.strip() or (limit.unit if limit else ""),
        lowest=lowest,
        highest=highest,
        standard=row.standard.strip() or (limit.cited if limit else None),
        sampled_at=row.sampled_at.strip() or None,
        over=judge(value, lowest, highest).over,
    )


def _number(number: int, field: str, typed: str) -> str | None:
    if not typed.strip():
        return None
    read = read_number(typed)
    if read is None or (field != "value" and read.startswith("<")):
        raise refused(f"measured-{number}-{field}", _NO_NUMBER)
    return read


def _start(actor: Actor, file: InspectionFile, case: Case, on: date) -> None:
    """Bring the case along: the office has been there."""
    if case.state == "accepted":
        team = ", ".join((file.lead, *(file.team or "").splitlines()))[:400]
        start_inspection(actor, case, form=file.form, team=team, on_date=on, led=file.led)
