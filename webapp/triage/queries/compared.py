"""Two records side by side: what each says, which of it differs, their photos and histories."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from webapp.cases.models import Case
from webapp.cases.policy import Sight
from webapp.cases.queries import case_file
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.media.likeness import Looks, look_alikes
from webapp.media.models import Photo
from webapp.reporting.models import Report
from webapp.reporting.queries import report_for_staff
from webapp.triage.queries.not_same import kept_pair
from webapp.triage.queries.report_file import reports_in, showable_photos
from webapp.triage.queries.same_problem import Parts, Record, key_of, parts_of, since_of

_CASE_CODE = "VV"


@dataclass(frozen=True)
class Side:
    """One of the two: the record, its photos, and what is known of it by name."""

    record: Record
    photos: list[Photo]
    words: list[str]
    households: int

    @property
    def since(self) -> datetime:
        """When it was first reported."""
        return since_of(self.record)

    @property
    def reports(self) -> int:
        """How many reports it stands for."""
        return self.record.report_count if isinstance(self.record, Case) else 1


@dataclass(frozen=True)
class Compared:
    """Both sides, what they have in common, and whether somebody said they are not the same.

    ``pair`` are the numbers of the photos to lay over each other: two that look alike, else the
    first of each; None where one side has none.
    """

    left: Side
    right: Side
    parts: Parts
    refused: bool
    differing: frozenset[str]
    pair: tuple[int, int] | None


def record_of(actor: Actor, code: str) -> Record:
    """A case or a report that the actor reads as the Front. Raises NotFound."""
    if not code.startswith(_CASE_CODE):
        return report_for_staff(actor, code)
    file = case_file(actor, code)
    if file.sight is not Sight.FRONT:
        raise NotFound
    return file.case


def compared(actor: Actor, code: str, other: str) -> Compared:
    """Two records side by side. Raises NotFound, also for a record beside itself."""
    if code == other:
        raise NotFound
    left, right = (_side(actor, record_of(actor, each)) for each in (code, other))
    looks = look_alikes(left.photos)
    return Compared(
        left=left,
        right=right,
        parts=parts_of(actor, left.record, looks, right.record),
        refused=kept_pair(key_of(left.record), key_of(right.record)) is not None,
        differing=frozenset(name for name, of in _FIELDS.items() if _differ(of(left), of(right))),
        pair=_pair(left.photos, right.photos, looks),
    )


_FIELDS: dict[str, Callable[[Side], object]] = {
    "category": lambda side: side.record.category,
    "unit": lambda side: side.record.handling_unit_id,
    "place": lambda side: side.record.place_note,
    "since": lambda side: side.since.date(),
    "reports": lambda side: side.reports,
    "households": lambda side: side.households,
}


def _differ(one: object, other: object) -> bool:
    """What only one side says does not contradict the other."""
    return bool(one) and bool(other) and one != other


def _side(actor: Actor, record: Record) -> Side:
    if isinstance(record, Report):
        words = [record.description] if record.description else []
        return Side(record, showable_photos(record), words, record.households_affected or 0)
    reports = reports_in(actor, record.id)
    said = [each.description for each in reports if each.description]
    own = [record.summary] if record.summary else []
    photos = {photo.id: photo for each in reports for photo in showable_photos(each)}
    return Side(record, list(photos.values()), [*own, *said], record.household_count)


def _pair(left: list[Photo], right: list[Photo], looks: Looks) -> tuple[int, int] | None:
    if not left or not right:
        return None
    for number, photo in enumerate(left):
        for other_number, other in enumerate(right):
            if other.id in looks.get(photo.id, ()):
                return number, other_number
    return 0, 0
