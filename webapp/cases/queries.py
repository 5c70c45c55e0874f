"""What staff read of cases; visibility is applied in the query."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from webapp.cases.holdings import held, holding_columns
from webapp.cases.lines import StaffLine, timeline
from webapp.cases.models import Case, CasePhoto
from webapp.cases.policy import ShownPlace, Sight, openable, shown_place, sight
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import session
from webapp.media.models import Photo


@dataclass(frozen=True)
class CaseFile:
    """A case as one actor may see it; ``holds`` names what hangs on it (``holdings``)."""

    case: Case
    sight: Sight
    lines: list[StaffLine]
    photos: list[tuple[CasePhoto, Photo]]
    holds: frozenset[str]

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
    found = session().execute(_case_query(actor), {"code": code}).one_or_none()
    if found is None:
        raise NotFound
    case, holds = found[0], held(found[1:])
    if "proposal" in holds:
        session().expire(case, ["proposals"])  # what an operation of this request left may be old
    else:
        set_committed_value(case, "proposals", [])
    ring = sight(actor, case)
    # A publisher is shown only photos proposed for the page, on the page's own desk.
    shows_photos = "photo" in holds and ring is not Sight.PUBLISHER
    return CaseFile(
        case, ring, timeline(case.id), photos_of(case.id) if shows_photos else [], holds
    )


@lru_cache(maxsize=64)
def _case_query(actor: Actor) -> Select[Case, *tuple[Any, ...]]:
    return (
        select(Case, *holding_columns())
        .where(Case.code == bindparam("code"), openable(actor))
        .options(joinedload(Case.handling_unit), joinedload(Case.owner), joinedload(Case.office))
    )


def photos_of(case_id: int) -> list[tuple[CasePhoto, Photo]]:
    """The photos of a case that could be read, in the order they came."""
    query = (
        select(CasePhoto, Photo)
        .join(Photo, Photo.id == CasePhoto.photo_id)
        .where(CasePhoto.case_id == case_id, Photo.state.in_(("ready", "approved", "hidden")))
        .order_by(CasePhoto.id)
    )
    return [(link, photo) for link, photo in session().execute(query)]
