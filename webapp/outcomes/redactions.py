"""What staff read of redactions: the photos and papers of a case, and what was made of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.cases.models import Case, CasePhoto
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import session
from webapp.inspections.models import InspectionScan
from webapp.inspections.queries import handed_over_papers, scans_for_page
from webapp.media.models import Photo, Redaction
from webapp.outcomes import permissions as may
from webapp.outcomes.models import CasePaper
from webapp.outcomes.policy import may_here
from webapp.outcomes.queries import visible_photos


@dataclass(frozen=True)
class PhotoToHide:
    """A photo of a case, and what was redacted out of it, newest first."""

    link: CasePhoto
    photo: Photo
    redactions: list[Redaction]


@dataclass(frozen=True)
class PaperToHide:
    """A paper of a case, and what was redacted out of it, newest first."""

    brought: CasePaper
    redactions: list[Redaction]


@dataclass(frozen=True)
class HidingDesk:
    """All photos and papers of a case's page, for those who draw and those who approve.

    ``copies`` are of photos that are not among ``photos``: the actor sees what was made, not the
    photo.
    """

    photos: list[PhotoToHide]
    copies: list[Redaction]
    papers: list[PaperToHide]
    scans: list[InspectionScan]
    may_draw: bool
    may_decide: bool


@dataclass(frozen=True)
class ChosenPaper:
    """A redacted paper that may stand on a page, with what it is."""

    brought: CasePaper
    redaction: Redaction


def hiding_desk(actor: Actor, case: Case) -> HidingDesk:
    """The photos and papers of a case that the actor reads and works on."""
    photos = visible_photos(actor, case)
    sources = [each for each in photos if each[1].state in {"ready", "approved"}]
    made = _by_photo(case)
    copies = {each.result_id for group in made.values() for each in group}
    own = [
        PhotoToHide(link, photo, made.get(photo.id, []))
        for link, photo in sources
        if photo.id not in copies
    ]
    shown = {each.photo.id for each in own}
    others = [each for photo_id, group in made.items() if photo_id not in shown for each in group]
    return HidingDesk(
        photos=own,
        copies=[each for each in others if each.state in {"ready", "approved"}],
        papers=papers_of(case.id),
        scans=waiting_scans(case.id) if may_here(actor, case, may.DRAFT) else [],
        may_draw=may_here(actor, case, may.DRAFT),
        may_decide=may_here(actor, case, may.APPROVE),
    )


def redactions_to_see(case: Case) -> list[Redaction]:
    """Every redaction of the case's photos and papers, the newest first."""
    of_papers = [each for paper in papers_of(case.id) for each in paper.redactions]
    of_photos = [each for group in _by_photo(case).values() for each in group]
    return sorted([*of_photos, *of_papers], key=lambda each: -each.id)


def redaction_of(case: Case, uid: str) -> Redaction:
    """A redaction of a photo or paper of this case. Raises NotFound."""
    for each in redactions_to_see(case):
        if each.uid == uid:
            return each
    raise NotFound


def photo_to_hide(actor: Actor, case: Case, uid: str) -> Photo:
    """A photo of the case that the actor may draw on. Raises NotFound."""
    for each in hiding_desk(actor, case).photos:
        if each.photo.uid == uid:
            return each.photo
    raise NotFound


def paper_to_hide(case: Case, uid: str) -> CasePaper:
    """A paper brought for this case. Raises NotFound."""
    for each in papers_of(case.id):
        if each.brought.paper.uid == uid:
            return each.brought
    raise NotFound


def papers_of(case_id: int) -> list[PaperToHide]:
    """The papers brought for a case, in their order, each with its redactions."""
    query = select(CasePaper).where(
        CasePaper.case_id == case_id, CasePaper.paper_id.not_in(handed_over_papers())
    )
    query = query.order_by(CasePaper.id)
    brought = list(session().scalars(query.options(joinedload(CasePaper.paper))))
    made = select(Redaction).where(Redaction.paper_id.in_([each.paper_id for each in brought]))
    groups: dict[int | None, list[Redaction]] = defaultdict(list)
    for redaction in session().scalars(made.order_by(Redaction.id.desc())):
        groups[redaction.paper_id].append(redaction)
    return [PaperToHide(each, groups[each.paper_id]) for each in brought]


def waiting_scans(case_id: int) -> list[InspectionScan]:
    """Signed papers of the case's concluded inspections that were not taken for the page yet."""
    taken = set(session().scalars(select(CasePaper.paper_id).where(CasePaper.case_id == case_id)))
    return [each for each in scans_for_page(case_id) if each.paper_id not in taken]


def choosable_papers(case_id: int) -> list[ChosenPaper]:
    """For each paper the newest copy that somebody else approved."""
    return [
        ChosenPaper(each.brought, approved[0])
        for each in papers_of(case_id)
        if (approved := [made for made in each.redactions if made.state == "approved"])
    ]


def chosen_papers(case_id: int, ids: Iterable[int]) -> list[ChosenPaper]:
    """The papers of a version, in the order they were brought."""
    wanted = set(ids)
    return [
        ChosenPaper(each.brought, made)
        for each in papers_of(case_id)
        for made in each.redactions
        if made.id in wanted and made.state == "approved"
    ]


def _by_photo(case: Case) -> dict[int, list[Redaction]]:
    query = (
        select(Redaction)
        .join(CasePhoto, CasePhoto.photo_id == Redaction.photo_id)
        .where(CasePhoto.case_id == case.id)
        .order_by(Redaction.id.desc())
        .options(joinedload(Redaction.result))
    )
    groups: dict[int, list[Redaction]] = defaultdict(list)
    for redaction in session().scalars(query):
        if redaction.photo_id is not None:
            groups[redaction.photo_id].append(redaction)
    return groups
