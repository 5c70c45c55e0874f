"""Moving one record with all that goes along with it, and putting it back as it was."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from webapp.cases.models import Case, Proposal
from webapp.cases.operations import lock_case, searched_words, take_step
from webapp.cases.workflow import CASE
from webapp.casework.models import CaseLetter, Recommendation
from webapp.casework.operations.following import UNSENT, follow, go_back
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.deadlines.models import ClockRule, Deadline
from webapp.directory.models import Organisation
from webapp.directory.permissions import MANAGE
from webapp.documents.models import Document
from webapp.inspections.models import Establishment, InspectionFile, RemedialMeasure
from webapp.inspections.operations.establishments import searched_words as searched_establishment
from webapp.inspections.operations.files import lock_file, settle
from webapp.inspections.operations.following import MEASURE
from webapp.reassignment.planning import on_boards
from webapp.reassignment.snapshots import KINDS, Snapshot, find, put_back, snapshot
from webapp.reporting.models import Report
from webapp.reporting.operations import take_report_step
from webapp.reporting.steps import lock_report
from webapp.reporting.workflow import REPORT

STEP = "move_unit"
_MOVED = "Sắp xếp đơn vị hành chính: từ {old} chuyển về {new}."
_UNDONE = "Hoàn tác sắp xếp đơn vị hành chính: từ {old} trở lại {new}."
_LETTERS = ("recommendation:", "case_letter:")
_LOCKED = {"establishment": Establishment, "case_letter": CaseLetter}
_DEAD = ("void", "agreed", "kept", "changed", "withdrawn")


@dataclass(frozen=True)
class Ways:
    """Where everything goes: old unit and organisation ids to new ones."""

    units: Mapping[int, int]
    organisations: Mapping[int, int]


def move(actor: Actor, kind: str, row_id: int, ways: Ways) -> tuple[Snapshot, Snapshot]:
    """Move a record; what stood there before and after. Raises DomainError as its step does."""
    name = f"{kind}:{row_id}"
    _lock(kind, row_id)
    parts = [name, *_along(kind, row_id)]
    before = snapshot(parts)
    with _step(actor, kind, row_id, _MOVED), _letters(actor, parts, ways):
        for each in parts:
            _send(each, ways)
        session().flush()
        _follow_unit(kind, row_id)
    session().flush()
    return before, snapshot(parts)


def restore(actor: Actor, kind: str, row_id: int, before: Snapshot, after: Snapshot) -> bool:
    """Put a record back as it was; False, and nothing done, where anything changed it since."""
    _lock(kind, row_id)
    if not is_as_left(after):
        return False
    with _step(actor, kind, row_id, _UNDONE):
        for name, values in before.items():
            if values is not None:
                _note_letter(actor, name, values, after)
                put_back(name, values)
        session().flush()
        _follow_unit(kind, row_id)
    session().flush()
    return True


def is_as_left(after: Snapshot) -> bool:
    """Whether nothing has changed these rows since."""
    return {name: _known(now, after[name]) for name, now in snapshot(after).items()} == after


def _known(now: dict[str, Any] | None, then: dict[str, Any] | None) -> dict[str, Any] | None:
    """Of a row as it is, the columns that its batch knew: an older one knew fewer."""
    return now if now is None or then is None else {key: now.get(key) for key in then}


def _lock(kind: str, row_id: int) -> None:
    if kind == "case":
        lock_case(row_id)
    elif kind == "report":
        lock_report(row_id)
    elif kind == "proposal":
        lock_case(session().get_one(Proposal, row_id).case_id)
    elif kind == "inspection_file":
        lock_file(session().get_one(InspectionFile, row_id))
    elif kind in _LOCKED:
        session().get_one(_LOCKED[kind], row_id, with_for_update=True, populate_existing=True)


def _step(actor: Actor, kind: str, row_id: int, words: str) -> AbstractContextManager[Any]:
    """The step that leaves a line and an audit entry; none for what has no history of its own.

    ``words`` have places for the names of the ``old`` and the ``new`` unit.
    """
    if kind == "case":
        case = session().get_one(Case, row_id)
        # An ended case that may still be reopened goes along silently: nothing happens to it.
        return _case_step(actor, case, words) if CASE.allows(STEP, case.state) else nullcontext()
    if kind == "report":
        report = session().get_one(Report, row_id)
        known = REPORT.allows(STEP, report.state)
        return _report_step(actor, report, words) if known else nullcontext()
    if kind == "inspection_file":
        return _file_step(actor, session().get_one(InspectionFile, row_id), words)
    return nullcontext()


@contextmanager
def _case_step(actor: Actor, case: Case, words: str) -> Iterator[None]:
    old = case.handling_unit
    with take_step(actor, case, STEP, voice="system", covers=lambda grant: True) as line:
        yield
        new = case.handling_unit
        if new is not old:
            line.public_line = words.format(old=old.name, new=new.name)
        line.facts = {"from": old.id, "to": new.id}


@contextmanager
def _report_step(actor: Actor, report: Report, words: str) -> Iterator[None]:
    old = report.handling_unit
    with take_report_step(actor, report, STEP) as line:
        yield
        line.words = words.format(old=old.name, new=report.handling_unit.name)
        line.facts = {"from": old.id, "to": report.handling_unit_id}


@contextmanager
def _file_step(actor: Actor, file: InspectionFile, words: str) -> Iterator[None]:
    old = file.unit
    yield
    session().refresh(file, ["unit", "office", "approver"])
    facts = {"from": old.id, "to": file.unit_id, "office": file.office_id}
    told = words.format(old=old.name, new=file.unit.name) if file.unit is not old else None
    settle(actor, file, STEP, used=MANAGE, words=told, facts=facts)


@contextmanager
def _letters(actor: Actor, parts: Iterable[str], ways: Ways) -> Iterator[None]:
    """The letters among these that have no number are written anew for who follows their author."""
    with ExitStack() as stack:
        for name in parts:
            letter = find(name) if name.startswith(_LETTERS) else None
            if letter and letter.state in UNSENT and letter.author_id in ways.organisations:
                old, new = letter.author_id, ways.organisations[letter.author_id]
                stack.enter_context(follow(actor, letter, _between(_MOVED, old, new)))
        yield


def _note_letter(actor: Actor, name: str, before: dict[str, Any], after: Snapshot) -> None:
    left = after[name] or {}
    if name.startswith(_LETTERS) and before["state"] in UNSENT:
        old, new = left["author_id"], before["author_id"]
        if old != new:
            go_back(actor, find(name), before["state"], _between(_UNDONE, old, new))


def _between(words: str, old_id: int, new_id: int) -> str:
    old, new = (session().get_one(Organisation, each).unit for each in (old_id, new_id))
    return words.format(old=old.name, new=new.name)


def _follow_unit(kind: str, row_id: int) -> None:
    """What is read from the unit: the words a record is found by, the relation itself."""
    if kind == "case":
        case = session().get_one(Case, row_id)
        session().refresh(case, ["handling_unit", "owner", "office", "addressee"])
        case.search_text = searched_words(case)
    elif kind == "report":
        session().refresh(session().get_one(Report, row_id), ["handling_unit"])
    elif kind == "establishment":
        found = session().get_one(Establishment, row_id)
        session().refresh(found, ["unit"])
        found.search_text = searched_establishment(found, found.unit)


def _send(name: str, ways: Ways) -> None:
    row, kind = find(name), KINDS[name.partition(":")[0]]
    for names, way in ((kind.units, ways.units), (kind.organisations, ways.organisations)):
        for column in names:
            value = getattr(row, column)
            if value in way:
                setattr(row, column, way[value])
    for column in kind.questions:
        asked = getattr(row, column)
        followed = {str(old): str(new) for old, new in ways.units.items()}.get(asked.get("unit"))
        if followed is not None:
            setattr(row, column, asked | {"unit": followed})


def _along(kind: str, row_id: int) -> list[str]:
    """The rows that go with a record: its clocks, its letters under way and their documents.

    And the reports of a case: whoever takes one out deals with it where the case is. With what
    another committee asks for goes the time to answer, a clock of that one's case.
    """
    if kind == "case_letter":
        return [f"document:{key}" for key in _unnumbered([_letter_document(row_id)])]
    if kind == "inspection_file":
        measures = select(RemedialMeasure.id).where(RemedialMeasure.file_id == row_id)
        clocks = _clocks(_of(MEASURE, session().scalars(measures)))
        return [f"deadline:{key}" for key in clocks]
    if kind == "proposal":
        return [f"deadline:{key}" for key in _clocks(_to_answer(row_id))]
    if kind not in {"case", "report"}:
        return []
    found = [f"deadline:{key}" for key in _clocks(_of(kind, (row_id,)))]
    return found + (_with_case(row_id) if kind == "case" else [])


def _with_case(case_id: int) -> list[str]:
    letters = session().scalars(
        select(Recommendation).where(
            Recommendation.case_id == case_id, Recommendation.state.not_in(_DEAD)
        )
    )
    drafts = session().scalars(
        select(CaseLetter).where(CaseLetter.case_id == case_id, CaseLetter.state.in_(UNSENT))
    )
    found = {f"recommendation:{each.id}": each.document_id for each in letters}
    found |= {f"case_letter:{each.id}": each.document_id for each in drafts}
    reports = session().scalars(select(Report.id).where(Report.case_id == case_id))
    unsent = _unnumbered(found.values())
    ids = [int(name.partition(":")[2]) for name in found if name.startswith("recommendation:")]
    return [
        *found,
        *(f"report:{key}" for key in reports),
        *(f"document:{key}" for key in unsent),
        *(
            f"deadline:{key}"
            for key in _clocks(or_(_of("recommendation", ids), on_boards([case_id])))
        ),
    ]


def _to_answer(proposal_id: int) -> ColumnElement[bool]:
    case_id = session().get_one(Proposal, proposal_id).case_id
    rules = select(ClockRule.id).where(ClockRule.key == "transfer_take")
    return and_(_of("case", (case_id,)), Deadline.rule_id.in_(rules))


def _letter_document(letter_id: int) -> int:
    return session().get_one(CaseLetter, letter_id).document_id


def _unnumbered(document_ids: Iterable[int]) -> list[int]:
    """A number once given stays in the register it was given in."""
    query = select(Document.id).where(Document.id.in_(list(document_ids)))
    return list(session().scalars(query.where(Document.number.is_(None))))


def _of(kind: str, ids: Any) -> ColumnElement[bool]:
    return and_(Deadline.subject_kind == kind, Deadline.subject_id.in_(list(ids)))


def _clocks(which: ColumnElement[bool]) -> list[int]:
    query = select(Deadline.id).where(which, Deadline.stopped_at.is_(None))
    return list(session().scalars(query.order_by(Deadline.id)))
