"""The public record of outcomes: what anyone may read. Nothing unapproved leaves here."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import contains_eager

from webapp.cases.categories import never_public
from webapp.cases.indexed import listed
from webapp.cases.models import Case, CasePhoto, CaseVote
from webapp.cases.public_filters import conditions, register_facet
from webapp.cases.public_list import ListQuestion
from webapp.cases.votes import votes_since_result
from webapp.cases.word_search import having, searched
from webapp.core import clock
from webapp.core.errors import NotFound
from webapp.core.text import Text
from webapp.core.unit_of_work import session
from webapp.directory.models import Unit
from webapp.media.models import Photo
from webapp.outcomes.models import NoticeSheet, Outcome, OutcomeVersion, Posting
from webapp.outcomes.postings import postings_of
from webapp.outcomes.queries import shown
from webapp.outcomes.redactions import ChosenPaper, chosen_papers
from webapp.outcomes.sheets import sheets_of
from webapp.outcomes.workflow import PUBLIC, UNPUBLISHED
from webapp.web.paging import Page

PAGE = 20
register_facet("results", select(Outcome.case_id).where(Outcome.state.in_(sorted(PUBLIC))))


@dataclass(frozen=True)
class ListedOutcome:
    """One page of the list."""

    code: str
    category: str
    unit: Unit
    state: str
    conclusion: str | None
    published: date
    corrected: bool


@dataclass(frozen=True)
class ShownPhoto:
    """An approved photo: before, on a site check, or after; its size in pixels."""

    uid: str
    purpose: str
    width: int
    height: int


@dataclass(frozen=True)
class PublicOutcome:
    """All that the public page of an outcome shows; ``earlier`` are older versions, newest first.

    A retracted page, and one of a case that was handed over, has no version: only ``tombstone``.
    """

    code: str
    category: str
    unit: Unit
    state: str
    version: OutcomeVersion | None
    earlier: list[OutcomeVersion]
    photos: list[ShownPhoto]
    votes: list[CaseVote]
    papers: list[ChosenPaper]
    postings: list[Posting]
    tombstone: str | None = None


def listed_outcomes(asked: ListQuestion, limit: int = PAGE) -> Page[ListedOutcome]:
    """Public pages of listed cases, the newest first. Raises NotFound for an unknown ``after``."""
    search, filters = searched(asked.filters.words), asked.filters.values()
    query = _pages().where(_is_listed(), *conditions(filters), *having(search.shape))
    if asked.after:
        query = query.where(_older_than(asked.after))
    rows = list(session().scalars(query.limit(limit + 1), filters | search.values))
    more = len(rows) > limit
    listed_rows = [_listed(outcome) for outcome in rows[:limit]]
    return Page(listed_rows, listed_rows[-1].code if more else None)


def public_outcome(code: str) -> PublicOutcome:
    """The page of a case. Raises NotFound while it was never published."""
    query = _pages().where(
        Case.code == code,
        Case.public_since.is_not(None),
        Outcome.state.in_(sorted(PUBLIC | {"retracted"})),
    )
    outcome = session().scalar(query)
    if outcome is None or never_public(outcome.case.category):
        raise NotFound
    version = shown(outcome)
    if outcome.state == "retracted" or outcome.case.state == "handed_over" or version is None:
        return _taken_away(outcome)
    return PublicOutcome(
        code=outcome.case.code,
        category=outcome.case.category,
        unit=outcome.case.handling_unit,
        state=outcome.case.state,
        version=version,
        earlier=_earlier(outcome, version),
        photos=_photos(outcome.case_id, version),
        votes=votes_since_result(outcome.case_id),
        papers=chosen_papers(outcome.case_id, version.paper_ids),
        postings=postings_of(outcome.id),
    )


def before_and_after(photos: list[ShownPhoto]) -> tuple[ShownPhoto, ShownPhoto] | None:
    """The first photo from before and the last from after, to be laid over each other."""
    before = [photo for photo in photos if photo.purpose == "before"]
    after = [photo for photo in photos if photo.purpose == "after"]
    return (before[0], after[-1]) if before and after else None


def public_paper(code: str, uid: str) -> ChosenPaper:
    """A paper that the page of a case shows now. Raises NotFound for every other."""
    for each in public_outcome(code).papers:
        if each.redaction.uid == uid:
            return each
    raise NotFound


def public_sheet(code: str, paper_size: str) -> NoticeSheet:
    """The notice-board sheet of the version that readers see. Raises NotFound."""
    version = public_outcome(code).version
    sheet = sheets_of(version.id).get(paper_size) if version else None
    if sheet is None:
        raise NotFound
    return sheet


def unpublished_counts() -> list[tuple[Text, int]]:
    """How many finished cases have no page, by the lawful reason; reasons that occur."""
    of_each = (
        func.count().filter(Case.not_published_reason.startswith(reason.source))
        for reason in UNPUBLISHED.values()
    )
    query = select(*of_each).where(Case.state == "closed", Case.not_published_reason.is_not(None))
    counts = session().execute(query).one()
    return [
        (reason, count) for reason, count in zip(UNPUBLISHED.values(), counts, strict=True) if count
    ]


def _taken_away(outcome: Outcome) -> PublicOutcome:
    case = outcome.case
    tombstone = outcome.tombstone if outcome.state == "retracted" else None
    return PublicOutcome(
        case.code,
        case.category,
        case.handling_unit,
        case.state,
        None,
        [],
        [],
        [],
        [],
        [],
        tombstone,
    )


def _earlier(outcome: Outcome, current: OutcomeVersion) -> list[OutcomeVersion]:
    return [
        each
        for each in reversed(outcome.versions)
        if each.published_at is not None
        and each.withdrawn_at is None
        and each.number < current.number
    ]


def _photos(case_id: int, version: OutcomeVersion) -> list[ShownPhoto]:
    query = (
        select(CasePhoto.purpose, Photo)
        .join(Photo, Photo.id == CasePhoto.photo_id)
        .where(
            CasePhoto.case_id == case_id,
            Photo.id.in_(version.photo_ids),
            Photo.state == "approved",
        )
        .order_by(CasePhoto.id)
    )
    found = [(purpose, photo, _card_size(photo)) for purpose, photo in session().execute(query)]
    return [ShownPhoto(photo.uid, purpose, *size) for purpose, photo, size in found if size]


def _card_size(photo: Photo) -> tuple[int, int] | None:
    cards = (each for each in photo.renditions if each.kind == "card")
    return next(((each.width, each.height) for each in cards), None)


def _pages() -> Select[Outcome]:
    return (
        select(Outcome)
        .join(Outcome.case)
        .join(Case.handling_unit)
        .options(contains_eager(Outcome.case).contains_eager(Case.handling_unit))
        .order_by(Outcome.first_published_at.desc(), Outcome.id.desc())
    )


def _is_listed() -> ColumnElement[bool]:
    """``first_published_at`` is always there; asking for it leads SQLite along the list's order."""
    published = Outcome.state.in_(sorted(PUBLIC)) & Outcome.first_published_at.is_not(None)
    return published & listed()


def _older_than(code: str) -> ColumnElement[bool]:
    key = select(Outcome.first_published_at, Outcome.id).join(Outcome.case)
    found = session().execute(key.where(Case.code == code, _is_listed())).one_or_none()
    if found is None:
        raise NotFound
    return tuple_(Outcome.first_published_at, Outcome.id) < tuple_(*found)


def _listed(outcome: Outcome) -> ListedOutcome:
    published = outcome.first_published_at
    if published is None:
        raise NotFound
    return ListedOutcome(
        code=outcome.case.code,
        category=outcome.case.category,
        unit=outcome.case.handling_unit,
        state=outcome.case.state,
        conclusion=outcome.case.conclusion,
        published=clock.local(published).date(),
        corrected=outcome.state == "corrected",
    )
