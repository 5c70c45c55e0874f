"""Reading inspection files and establishments; visibility is applied in every query."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from webapp.cases.models import Case
from webapp.cases.policy import readable as readable_case
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.search_text import fold
from webapp.core.unit_of_work import session
from webapp.directory.models import Unit
from webapp.documents.queries import code_of
from webapp.inspections.models import (
    Establishment,
    EstablishmentCase,
    InspectionFile,
    InspectionPhoto,
    InspectionResult,
    InspectionScan,
    InspectionStep,
    SealedFile,
)
from webapp.inspections.permissions import KEEP_ESTABLISHMENTS
from webapp.inspections.policy import known, readable
from webapp.inspections.workflow import BEFORE_VISIT, DONE, ENDED, RUNNING
from webapp.media.models import Photo
from webapp.web.paging import Page, encode_cursor, id_cursor

PAGE_SIZE = 30
LIST_LIMIT = 200


@dataclass(frozen=True)
class History:
    """What is known of an establishment that this reader may see."""

    cases: list[Case]
    files: list[InspectionFile]


def inspection_file(actor: Actor, uid: str) -> InspectionFile:
    """The file of this uid, with all that its page shows. Raises NotFound."""
    query = _full().where(InspectionFile.uid == uid, readable(actor))
    query = query.options(
        selectinload(InspectionFile.measurements),
        selectinload(InspectionFile.measures),
        selectinload(InspectionFile.papers),
    )
    found = session().scalar(query)
    if found is None:
        raise NotFound
    return found


def files_page(actor: Actor, *, running: bool, cursor: str | None) -> Page[InspectionFile]:
    """Files of the actor's office, newest first. Raises Invalid for a made-up cursor."""
    states = RUNNING if running else ENDED
    query = _full().where(readable(actor), InspectionFile.state.in_(sorted(states)))
    after = id_cursor(cursor)
    if after is not None:
        query = query.where(InspectionFile.id < after)
    return _page(query.order_by(InspectionFile.id.desc()))


def files_to_visit(actor: Actor) -> list[InspectionFile]:
    """The files of the actor's office before their minutes are signed, the next day first."""
    query = _full().where(readable(actor), InspectionFile.state.in_(sorted(BEFORE_VISIT)))
    query = query.options(selectinload(InspectionFile.measurements))
    query = query.order_by(InspectionFile.planned_on, InspectionFile.id)
    return list(session().scalars(query.limit(LIST_LIMIT)))


def files_of_case(actor: Actor, case_id: int) -> list[InspectionFile]:
    """The files of a case that the actor may open, oldest first."""
    query = _full().where(readable(actor), InspectionFile.case_id == case_id)
    query = query.options(selectinload(InspectionFile.measurements))
    return list(session().scalars(query.order_by(InspectionFile.id)))


def children_of(actor: Actor, file: InspectionFile) -> list[InspectionFile]:
    """The inspections that repeat this one."""
    query = _full().where(readable(actor), InspectionFile.parent_id == file.id)
    return list(session().scalars(query.order_by(InspectionFile.id)))


def steps_of(file: InspectionFile) -> list[InspectionStep]:
    """Every step of a file, oldest first."""
    query = select(InspectionStep).where(InspectionStep.file_id == file.id)
    query = query.options(joinedload(InspectionStep.person))
    return list(session().scalars(query.order_by(InspectionStep.id)))


def photos_of(file: InspectionFile) -> list[InspectionPhoto]:
    """The photos of a file that could be read, by moment and time."""
    query = (
        select(InspectionPhoto)
        .join(InspectionPhoto.photo)
        .where(
            InspectionPhoto.file_id == file.id,
            Photo.state.in_(("stored", "ready", "approved", "hidden")),
        )
        .options(joinedload(InspectionPhoto.photo))
        .order_by(InspectionPhoto.taken_at, InspectionPhoto.photo_id)
    )
    return list(session().scalars(query))


@dataclass(frozen=True)
class Signable:
    """A numbered paper of a file, as it is cited."""

    kind: str
    number: str
    on: date | None


def signable(file: InspectionFile) -> dict[str, Signable]:
    """The papers of a file that have a number, by kind: of these a signed scan may be kept."""
    found = [
        Signable(each.kind, code_of(each.document) or "", each.document.issued_on)
        for each in file.papers
    ]
    if file.decision_number:
        found.append(Signable("decision", file.decision_number, file.decision_on))
    result = file.result
    if result is not None and result.sanction_number:
        found.append(Signable("sanction", result.sanction_number, result.sanction_on))
    return {each.kind: each for each in found}


def scans_of(file: InspectionFile) -> list[InspectionScan]:
    """Every signed scan of a file, the newest first."""
    query = select(InspectionScan).where(InspectionScan.file_id == file.id)
    query = query.options(joinedload(InspectionScan.paper)).order_by(InspectionScan.id.desc())
    return list(session().scalars(query))


def file_scan(actor: Actor, uid: str, paper_uid: str) -> InspectionScan:
    """A scan of a file that the actor may open and that was not handed over. Raises NotFound."""
    file = inspection_file(actor, uid)
    found = next((each for each in scans_of(file) if each.paper.uid == paper_uid), None)
    if found is None or file.state == "handed_over":
        raise NotFound
    return found


def scans_for_page(case_id: int) -> list[InspectionScan]:
    """The newest signed scan of each paper in the concluded files of a case.

    For those who prepare its public page: the caller has authorised.
    """
    query = (
        select(InspectionScan)
        .join(InspectionScan.file)
        .where(InspectionFile.case_id == case_id, InspectionFile.state.in_(sorted(DONE)))
        .options(joinedload(InspectionScan.file), joinedload(InspectionScan.paper))
        .order_by(InspectionScan.id.desc())
    )
    newest: dict[tuple[int, str], InspectionScan] = {}
    for scan in session().scalars(query):
        newest.setdefault((scan.file_id, scan.kind), scan)
    return sorted(newest.values(), key=lambda scan: scan.id)


def handed_over_papers() -> Select[int]:
    """The ids of scanned papers in files that were handed over: no page serves them."""
    query = select(InspectionScan.paper_id).join(InspectionScan.file)
    return query.where(InspectionFile.state == "handed_over")


def sealed_of(file: InspectionFile) -> SealedFile | None:
    """The sealed record of a file that was handed over."""
    return session().scalar(select(SealedFile).where(SealedFile.file_id == file.id))


def establishment(actor: Actor, uid: str) -> Establishment:
    """The establishment of this uid. Raises NotFound."""
    query = _establishments().where(Establishment.uid == uid, known(actor))
    found = session().scalar(query)
    if found is None:
        raise NotFound
    return found


def establishments_page(
    actor: Actor, *, words: str, priority: bool, cursor: str | None
) -> Page[Establishment]:
    """The register, newest entry first; every word must be found, with or without its marks.

    Raises Invalid for a made-up cursor.
    """
    query = _establishments().where(known(actor), *_searched(words))
    if priority:
        query = query.where(Establishment.priority)
    after = id_cursor(cursor)
    if after is not None:
        query = query.where(Establishment.id < after)
    found = session().scalars(query.order_by(Establishment.id.desc()).limit(PAGE_SIZE + 1))
    rows = list(found)
    more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    return Page(rows, encode_cursor([rows[-1].id]) if more else None)


def establishments_of_unit(actor: Actor, unit_id: int) -> list[Establishment]:
    """The establishments of a unit, by name, to choose from."""
    query = _establishments().where(known(actor), Establishment.unit_id == unit_id)
    return list(session().scalars(query.order_by(Establishment.search_text).limit(LIST_LIMIT)))


def establishments_of_case(actor: Actor, case_id: int) -> list[Establishment]:
    """The establishments that were linked with a case."""
    query = (
        _establishments()
        .join(EstablishmentCase, EstablishmentCase.establishment_id == Establishment.id)
        .where(known(actor), EstablishmentCase.case_id == case_id)
    )
    return list(session().scalars(query.order_by(Establishment.id)))


def kept_units(actor: Actor) -> list[Unit]:
    """The communes of today whose register the actor keeps, by name."""
    units = sorted(actor.units_for(KEEP_ESTABLISHMENTS))
    query = select(Unit).where(Unit.id.in_(units), Unit.kind == "commune", Unit.valid_to.is_(None))
    return list(session().scalars(query.order_by(Unit.search_text)))


def history_of(actor: Actor, found: Establishment) -> History:
    """Cases and inspections of an establishment that the actor may see, newest first."""
    cases = (
        select(Case)
        .join(EstablishmentCase, EstablishmentCase.case_id == Case.id)
        .where(EstablishmentCase.establishment_id == found.id, readable_case(actor))
        .options(joinedload(Case.handling_unit))
        .order_by(Case.id.desc())
        .limit(LIST_LIMIT)
    )
    files = _full().where(readable(actor), InspectionFile.establishment_id == found.id)
    files = files.order_by(InspectionFile.id.desc()).limit(LIST_LIMIT)
    return History(list(session().scalars(cases)), list(session().scalars(files)))


def named_parties(case_id: int) -> list[str]:
    """The establishments that an approved conclusion on this case names as the ones at fault."""
    query = (
        select(Establishment.name)
        .join(InspectionFile, InspectionFile.establishment_id == Establishment.id)
        .join(InspectionResult, InspectionResult.file_id == InspectionFile.id)
        .where(
            InspectionFile.case_id == case_id,
            InspectionResult.names_party,
            InspectionResult.concluded_at.is_not(None),
        )
    )
    return list(session().scalars(query.distinct()))


def unnamed_parties(case_id: int) -> list[str]:
    """Names of establishments in a case that no conclusion has named, and of all their people.

    For the check of words that are to become public (C.8): whoever asks shows none of them.
    """
    query = (
        select(Establishment.name, Establishment.representative)
        .outerjoin(EstablishmentCase, EstablishmentCase.establishment_id == Establishment.id)
        .outerjoin(InspectionFile, InspectionFile.establishment_id == Establishment.id)
        .where(or_(EstablishmentCase.case_id == case_id, InspectionFile.case_id == case_id))
    )
    named = set(named_parties(case_id))
    found = {name for row in session().execute(query) for name in row if name}
    return sorted(found - named)


def _searched(words: str) -> list[ColumnElement[bool]]:
    return [Establishment.search_text.contains(w, autoescape=True) for w in fold(words).split()]


def _page(query: Select[InspectionFile]) -> Page[InspectionFile]:
    rows = list(session().scalars(query.limit(PAGE_SIZE + 1)))
    more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    return Page(rows, encode_cursor([rows[-1].id]) if more else None)


def _full() -> Select[InspectionFile]:
    return select(InspectionFile).options(
        joinedload(InspectionFile.office),
        joinedload(InspectionFile.case).joinedload(Case.handling_unit),
        joinedload(InspectionFile.establishment),
        joinedload(InspectionFile.minutes),
        joinedload(InspectionFile.result),
        joinedload(InspectionFile.unit),
    )


def _establishments() -> Select[Establishment]:
    return select(Establishment).options(joinedload(Establishment.unit))
