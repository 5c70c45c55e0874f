"""What staff read of cases; visibility is applied in the query."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm.attributes import set_committed_value

from webapp.cases.holdings import held, holding_columns
from webapp.cases.lines import StaffLine, timeline
from webapp.cases.models import Case, CasePhoto
from webapp.cases.policy import ShownPlace, Sight, openable, shown_place, sight
from webapp.core.actor import Actor
from webapp.core.base import EightBytes
from webapp.core.conditions import ids_checked, states_in_words
from webapp.core.errors import NotFound
from webapp.core.objects import columns_of, object_of
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation, Person, Unit
from webapp.directory.names import NamedBody, NamedUnit
from webapp.media.models import Photo

Read = TypeVar("Read")


@dataclass(frozen=True)
class CaseFile:
    """A case as one actor may see it; ``holds`` names what hangs on it (``holdings``)."""

    case: Case
    unit: NamedUnit
    owner: NamedBody
    sight: Sight
    lines: list[StaffLine]
    photos: list[tuple[CasePhoto, Photo]]
    holds: frozenset[str]
    _read: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, read: Callable[["CaseFile"], Read]) -> Read:
        """What several parts of a page need: read by the first of them that asks."""
        if read not in self._read:
            self._read[read] = read(self)
        found: Read = self._read[read]
        return found

    @property
    def shows_notes(self) -> bool:
        """Internal notes are the Front's own."""
        return self.sight is Sight.FRONT

    @property
    def shows_place(self) -> bool:
        """The words of the place are for those who go there; a publisher has the public ones."""
        return self.sight is not Sight.PUBLISHER

    @property
    def place(self) -> ShownPlace | None:
        """The place on the ground for this ring; pages and exports take no other."""
        return shown_place(self.case, self.sight)


def case_file(actor: Actor, code: str) -> CaseFile:
    """The case with its timeline and photos. Raises NotFound when it is not there or not theirs."""
    rows = _case_query(actor).rows({"code": code})
    if not rows:
        raise NotFound
    values = iter(rows[0])
    case = object_of(Case, dict(zip(_CASE, values, strict=False)))
    unit = NamedUnit._make(islice(values, len(NamedUnit._fields)))
    owner = NamedBody._make(islice(values, len(NamedBody._fields)))
    office = dict(zip(_OFFICE, values, strict=False))
    # Steps ask whether the office signs in.
    body = object_of(Organisation, office) if case.office_id is not None else None
    set_committed_value(case, "office", body)
    holds = held(tuple(values))
    if "proposal" in holds:
        session().expire(case, ["proposals"])  # what an operation of this request left may be old
    else:
        set_committed_value(case, "proposals", [])
    ring = sight(actor, case)
    # A publisher is shown only photos proposed for the page, on the page's own desk.
    shows_photos = "photo" in holds and ring is not Sight.PUBLISHER
    return CaseFile(
        case=case,
        unit=unit,
        owner=owner,
        sight=ring,
        lines=timeline(case.id),
        photos=photos_of(case.id) if shows_photos else [],
        holds=holds,
    )


_IdColumn = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
_CASE, _OFFICE = columns_of(Case), columns_of(Organisation)
_OWNER: Any = Organisation.__table__.alias("owner")


@lru_cache(maxsize=64)
def _case_query(actor: Actor) -> Prepared:
    columns: list[Any] = [
        *_CASE.values(),
        *(getattr(Unit, name) for name in NamedUnit._fields),
        *(_OWNER.c[name] for name in NamedBody._fields),
        *_OFFICE.values(),
    ]
    return Prepared(
        select(*columns, *holding_columns())
        .join_from(Case, Unit, Unit.id == Case.handling_unit_id)
        .join(_OWNER, _OWNER.c.id == Case.owner_id)
        .outerjoin(Organisation, Organisation.id == Case.office_id)
        .where(Case.code == bindparam("code"), ids_checked(openable(actor)))
    )


def merged_with(actor: Actor, file: CaseFile) -> tuple[str | None, list[str]]:
    """The code of the case that this one went into, and the codes of those that came into it.

    Only of cases that the actor may open; where nothing was merged nothing is asked.
    """
    case, survivor, merged = file.case, None, []
    if case.merged_into_id is not None:
        survivor = next(iter(_codes(actor, Case.id, case.merged_into_id)), None)
    if "merged" in file.holds:
        merged = _codes(actor, Case.merged_into_id, case.id)
    return survivor, merged


def _codes(actor: Actor, column: _IdColumn, case_id: int) -> list[str]:
    return [code for (code,) in _codes_query(actor, column).rows({"id": case_id})]


@lru_cache(maxsize=64)
def _codes_query(actor: Actor, column: _IdColumn) -> Prepared:
    here = column == bindparam("id", type_=EightBytes())
    return Prepared(select(Case.code).where(here, ids_checked(openable(actor))).order_by(Case.id))


def assignee_of(file: CaseFile) -> str:
    """The name of the officer who has the case, for the Front; empty where nobody was named."""
    if file.case.assignee_id is None or not file.shows_notes:
        return ""
    [(name,)] = _name_query().rows({"id": file.case.assignee_id})
    return str(name)


@cache
def _name_query() -> Prepared:
    return Prepared(select(Person.name).where(Person.id == bindparam("id", type_=EightBytes())))


def photos_of(case_id: int) -> list[tuple[CasePhoto, Photo]]:
    """The photos of a case that could be read, in the order they came."""
    rows = _photos_query().rows({"id": case_id})
    return [_photo(iter(row)) for row in rows]


def _photo(values: Iterator[Any]) -> tuple[CasePhoto, Photo]:
    link = object_of(CasePhoto, dict(zip(_LINK, values, strict=False)))
    return link, object_of(Photo, dict(zip(_PHOTO, values, strict=True)))


_LINK, _PHOTO = columns_of(CasePhoto), columns_of(Photo)


@cache
def _photos_query() -> Prepared:
    here = CasePhoto.case_id == bindparam("id", type_=EightBytes())
    return Prepared(
        select(*_LINK.values(), *_PHOTO.values())
        .join_from(CasePhoto, Photo, Photo.id == CasePhoto.photo_id)
        .where(here, Photo.state.in_(states_in_words(("ready", "approved", "hidden"))))
        .order_by(CasePhoto.id)
    )
