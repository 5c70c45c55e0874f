"""What staff read of outcome pages; visibility is applied in the query."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from webapp.cases.categories import never_public, tree
from webapp.cases.indexed import owed_a_page, without_unit_index
from webapp.cases.models import Case, CasePhoto
from webapp.cases.policy import Sight, readable, sight
from webapp.cases.queries import photos_of
from webapp.casework.models import Inspection
from webapp.core.actor import Actor
from webapp.core.conditions import in_words, one_of
from webapp.core.errors import NotFound
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session
from webapp.directory.models import Person, Unit
from webapp.media.models import Photo, Redaction
from webapp.media.policy import register_viewer
from webapp.outcomes import permissions as may
from webapp.outcomes.models import Outcome, OutcomeVersion
from webapp.outcomes.policy import PAGE_PERMISSIONS, is_publishable, may_here

LIST_LIMIT = 100


@dataclass(frozen=True)
class PageFile:
    """A case and its page, as somebody who works on pages may see them."""

    case: Case
    outcome: Outcome | None


class UnitNames(NamedTuple):
    """What a unit is called."""

    name: str
    name_en: str


class Owed(NamedTuple):
    """A case that a page is owed for, as a line of a list shows it."""

    code: str
    category: str
    state: str
    handling_unit: UnitNames


@dataclass(frozen=True)
class Desk:
    """The three lists of the staff page, each newest last result first, at most LIST_LIMIT."""

    to_draft: list[Owed]
    to_approve: list[Outcome]
    published: list[Outcome]


def page_file(actor: Actor, code: str) -> PageFile:
    """Case and page. Raises NotFound when the case is not there or the actor has no work on it."""
    query = select(Case).where(Case.code == code, readable(actor))
    case = session().scalar(query.options(joinedload(Case.handling_unit)))
    if case is None or not any(may_here(actor, case, each) for each in PAGE_PERMISSIONS):
        raise NotFound
    return PageFile(case, outcome_of(case.id))


def outcome_of(case_id: int) -> Outcome | None:
    """The outcome page of a case, in any state."""
    return session().scalar(select(Outcome).where(Outcome.case_id == case_id))


def newest(outcome: Outcome) -> OutcomeVersion:
    """The version that was written last."""
    return outcome.versions[-1]


def pending(outcome: Outcome) -> OutcomeVersion | None:
    """The version that is written but not published yet."""
    version = newest(outcome)
    return version if version.published_at is None else None


def shown(outcome: Outcome) -> OutcomeVersion | None:
    """The version that readers see."""
    return next((each for each in outcome.versions if each.number == outcome.current), None)


def authors_of_finding(case_id: int) -> frozenset[int]:
    """Who wrote or concluded a finding of the case; they never publish it alone."""
    query = select(Inspection.written_by_id, Inspection.concluded_by_id).where(
        Inspection.case_id == case_id
    )
    return frozenset(
        person for row in session().execute(query) for person in row if person is not None
    )


def choosable_photos(actor: Actor, case: Case) -> list[tuple[CasePhoto, Photo]]:
    """The photos the actor may put on the page, in the order they came.

    A publisher is shown only photos proposed for publication, never all evidence (rings of sight).
    Where a copy without what must be hidden was approved, it stands for the photo.
    """
    every = visible_photos(actor, case)
    replaced, _copies = approved_copies(photo.id for _link, photo in every)
    return [each for each in every if is_publishable(each[1]) and each[1].id not in replaced]


def visible_photos(actor: Actor, case: Case) -> list[tuple[CasePhoto, Photo]]:
    """The photos of a case as somebody who works on its page sees them."""
    every = photos_of(case.id)
    if sight(actor, case) is not Sight.PUBLISHER:
        return every
    _replaced, copies = approved_copies(photo.id for _link, photo in every)
    proposed = proposed_photo_ids([case.id]) | copies
    return [(link, photo) for link, photo in every if photo.id in proposed]


def approved_copies(photo_ids: Iterable[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Of these photos: those that an approved copy stands for, and the newest such copies."""
    query = (
        select(Redaction.photo_id, Redaction.result_id)
        .where(Redaction.photo_id.in_(list(photo_ids)), Redaction.state == "approved")
        .order_by(Redaction.id)
    )
    rows = session().execute(query).all()
    newest_of = {source: copy for source, copy in rows if source and copy}
    replaced = {copy for _source, copy in rows if copy} - set(newest_of.values())
    return frozenset(newest_of) | replaced, frozenset(newest_of.values())


def proposed_photo_ids(case_ids: Iterable[int]) -> frozenset[int]:
    """Photos that some version of these cases' pages proposes or proposed."""
    query = (
        select(OutcomeVersion.photo_ids)
        .join(Outcome, Outcome.id == OutcomeVersion.outcome_id)
        .where(Outcome.case_id.in_(list(case_ids)))
    )
    return frozenset(photo for ids in session().scalars(query) for photo in ids)


@dataclass(frozen=True)
class StaffPage:
    """The version that staff work on, with its photos (purpose, photo) and who had a hand in it."""

    version: OutcomeVersion
    photos: list[tuple[str, Photo]]
    writer: str
    approvers: list[str]


def shown_to_staff(outcome: Outcome) -> StaffPage:
    """The version written last, as its writer and approvers see it."""
    version = newest(outcome)
    photos = [
        (link.purpose, photo)
        for link, photo in photos_of(outcome.case_id)
        if photo.id in version.photo_ids
    ]
    hands = (version.approved_by_id, version.second_approver_id)
    people = [session().get_one(Person, person) for person in hands if person is not None]
    return StaffPage(version, photos, version.written_by.name, [each.name for each in people])


def photos_by_id(ids: Iterable[int]) -> dict[int, Photo]:
    """These photos by id."""
    found = session().scalars(select(Photo).where(Photo.id.in_(list(ids))))
    return {photo.id: photo for photo in found}


@register_viewer
def shows_proposed(actor: Actor, photo: Photo) -> bool:
    """A photo that is proposed for a page of a case the actor reads and works on."""
    if not any(actor.may(permission) for permission in PAGE_PERMISSIONS):
        return False
    query = (
        select(Case.id)
        .join(CasePhoto, CasePhoto.case_id == Case.id)
        .where(CasePhoto.photo_id == photo.id, readable(actor))
    )
    return photo.id in proposed_photo_ids(session().scalars(query))


@register_viewer
def shows_copy(actor: Actor, photo: Photo) -> bool:
    """A copy without what must be hidden, to those who work on pages where its case lies."""
    query = (
        select(Case)
        .join(CasePhoto, CasePhoto.case_id == Case.id)
        .join(Redaction, Redaction.photo_id == CasePhoto.photo_id)
        .where(Redaction.result_id == photo.id, readable(actor))
    )
    return any(
        may_here(actor, case, permission)
        for case in session().scalars(query)
        for permission in PAGE_PERMISSIONS
    )


def desk(actor: Actor) -> Desk:
    """What waits for the actor: cases without a page, pages to approve or publish, public ones."""
    outcomes = list(session().scalars(_pages(actor)))
    open_pages = [each for each in outcomes if pending(each) is not None]
    others = [each for each in outcomes if pending(each) is None]
    return Desk(_without_page(actor), open_pages[:LIST_LIMIT], others[:LIST_LIMIT])


@lru_cache(maxsize=64)
def _pages(actor: Actor) -> Select[Outcome]:
    """Built once for the same actor: building takes longer than running."""
    return (
        select(Outcome)
        .join(Outcome.case)
        .where(without_unit_index(readable(actor)))  # pages are fewer than cases: the newest first
        .options(
            contains_eager(Outcome.case).joinedload(Case.handling_unit),
            selectinload(Outcome.versions),
        )
        .order_by(Outcome.id.desc())
        .limit(3 * LIST_LIMIT)
    )


def _without_page(actor: Actor) -> list[Owed]:
    rows = _owed(actor).rows()
    return [
        Owed(code, category, state, UnitNames(name, name_en))
        for code, category, state, name, name_en in rows
    ]


@lru_cache(maxsize=64)
def _owed(actor: Actor) -> Prepared:
    theirs = and_(readable(actor), one_of(Case.handling_unit_id, actor.units_for(may.DRAFT)))
    # Read from the newest until there are enough: a province has far more than are shown.
    owed = (
        select(Case.id)
        .where(
            owed_a_page(),
            without_unit_index(theirs),
            Case.category.not_in(kept_off_pages()),
            # What was settled in the fast lane has its public line; a page is not owed.
            ~(Case.fast & (Case.last_result == "report_local_result")),
            ~exists().where(Outcome.case_id == Case.id),
        )
        .order_by(Case.id.desc())
        .limit(in_words(LIST_LIMIT))
        .subquery("owed")
    )
    return Prepared(
        select(Case.code, Case.category, Case.state, Unit.name, Unit.name_en)
        .join(owed, owed.c.id == Case.id)
        .join(Unit, Unit.id == Case.handling_unit_id)
        .order_by(Case.id.desc())
    )


def kept_off_pages() -> list[str]:
    """Codes of the categories that are on no public page."""
    every = [branch.category.code for top in tree() for branch in (top, *top.branches)]
    leaves = [
        leaf.category.code for top in tree() for branch in top.branches for leaf in branch.branches
    ]
    return sorted(code for code in {*every, *leaves} if never_public(code))
