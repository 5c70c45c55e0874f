"""What staff read of cases; visibility is applied in the query."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import BigInteger, Select, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from webapp.cases.holdings import held, holding_columns
from webapp.cases.models import Case, CasePhoto, TimelineLine
from webapp.cases.policy import ShownPlace, Sight, openable, shown_place, sight
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.base import UtcDateTime
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import session
from webapp.media.models import Photo


@dataclass(frozen=True)
class CaseFile:
    """A case as one actor may see it; ``holds`` names what hangs on it (``holdings``)."""

    case: Case
    sight: Sight
    lines: list[TimelineLine]
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


def timeline(case_id: int) -> list[TimelineLine]:
    """Every line of a case and of those merged into it, oldest first."""
    return list(session().scalars(_timeline_query(), {"case": case_id}))


def public_lines(case_id: int) -> list[TimelineLine]:
    """The public lines of a case whose step can no longer be undone, oldest first.

    With those of public cases merged into it: what could be read before a merge can be read after
    it. That they were merged is their own address's news.
    """
    values = {"case": case_id, "now": clock.now()}
    return list(session().scalars(_public_lines_query(), values))


# Statements of pages are built once: building takes longer than running.
_CASE: Any = bindparam("case", type_=BigInteger())


@cache
def _timeline_query() -> Select[TimelineLine]:
    return (
        select(TimelineLine)
        .where(TimelineLine.case_id.in_(_with_merged(_CASE)))
        .options(joinedload(TimelineLine.organisation))
        .order_by(TimelineLine.id)
    )


@cache
def _public_lines_query() -> Select[TimelineLine]:
    merged = and_(Case.public_since.is_not(None), TimelineLine.transition != "merge_into")
    return (
        select(TimelineLine)
        .join(Case, Case.id == TimelineLine.case_id)
        .where(
            TimelineLine.case_id.in_(_with_merged(_CASE)),
            or_(TimelineLine.case_id == _CASE, merged),
            TimelineLine.public_line.is_not(None),
            TimelineLine.visible_from <= bindparam("now", type_=UtcDateTime()),
        )
        .options(joinedload(TimelineLine.organisation))
        .order_by(TimelineLine.at, TimelineLine.id)
    )


def _with_merged(case_id: Any) -> Select[int]:
    """The ids of a case and of every case that went into it, however many merges ago."""
    found = select(Case.id).where(Case.id == case_id).cte("merged", recursive=True)
    more = select(Case.id).join(found, Case.merged_into_id == found.c.id)
    return select(found.union(more).c.id)


def photos_of(case_id: int) -> list[tuple[CasePhoto, Photo]]:
    """The photos of a case that could be read, in the order they came."""
    query = (
        select(CasePhoto, Photo)
        .join(Photo, Photo.id == CasePhoto.photo_id)
        .where(CasePhoto.case_id == case_id, Photo.state.in_(("ready", "approved", "hidden")))
        .order_by(CasePhoto.id)
    )
    return [(link, photo) for link, photo in session().execute(query)]
