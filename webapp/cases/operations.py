"""The steps every feature takes a case through: authorise, check, change, audit, announce."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select

from geo.cells import cell_of
from geo.points import Point
from geo.privacy import public_point
from geo.sql import stored_point
from webapp.accounts.absence import has_stepped_aside
from webapp.audit.operations import find_step, record
from webapp.cases import policy
from webapp.cases.categories import category
from webapp.cases.clocks import subject_of, tick
from webapp.cases.events import CaseMoved
from webapp.cases.journal import counted, touch_public, write_change
from webapp.cases.models import Case, CasePlace, TimelineLine
from webapp.cases.policy import Keepers, holds, openable
from webapp.cases.priority_places import near_place
from webapp.cases.workflow import CASE
from webapp.core import clock
from webapp.core.actor import Actor, ActorKind, Grant
from webapp.core.codes import random_code
from webapp.core.errors import Forbidden, Invalid, LastStep, NotFound, stale
from webapp.core.events import announce
from webapp.core.search_text import fold
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.core.workflow import Transition
from webapp.directory.models import Organisation, Person, Unit
from webapp.jobs.operations import HOLD

Covers = Callable[[Grant], bool]


def claim_case(actor: Actor, code: str, *, seen: int | None) -> Case:
    """Lock a case that the actor may read, in the version the actor has seen.

    ``seen`` of None is for steps that follow from another record's own version. Raises NotFound
    when it is not there or not visible, Conflict (who, what, when) when it moved on meanwhile.
    """
    query = select(Case).where(Case.code == code)
    if actor.kind is not ActorKind.SYSTEM:
        query = query.where(openable(actor))
    found = session().scalar(query.with_for_update(of=Case))
    if found is None:
        raise NotFound
    if seen is not None and found.version != seen:
        raise stale(_last_step(found))
    return found


def lock_case(case_id: int) -> Case:
    """Lock a case that a higher feature has already decided the actor may act on."""
    query = select(Case).where(Case.id == case_id).with_for_update(of=Case)
    found = session().scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def _last_step(case: Case) -> LastStep | None:
    query = select(TimelineLine).where(TimelineLine.case_id == case.id)
    last = session().scalars(query.order_by(TimelineLine.id.desc()).limit(1)).first()
    if last is None:
        return None
    person = session().get(Person, last.person_id) if last.person_id else None
    label = CASE.transition_label(last.transition)
    return LastStep(person.name if person else _("Hệ thống"), label, last.at)


@contextmanager
def take_step(
    actor: Actor,
    case: Case,
    step: str,
    *,
    voice: str,
    given: Mapping[str, object] | None = None,
    due_at: datetime | None = None,
    happened_at: datetime | None = None,
    held_for: str | None = None,
    covers: Covers | None = None,
) -> Iterator[TimelineLine]:
    """Take one step of the table; the body changes the case and writes the line's words.

    ``happened_at`` is when it was, where it is written down later: the clocks it ends stop then.

    On entry: the actor's permission for this case (``covers`` replaces the rule of policy.holds
    for a task given to somebody), the state, the required fields. On leaving: state, version,
    clocks, counts, audit, event. Raises Forbidden, TransitionRefused, Invalid.
    """
    row = find_step(actor, CASE, step, case.state, subject_of(case))
    grant = _authorise(actor, case, row, covers or (lambda each: holds(each, case, step)))
    _demand_fields(row, given or {})
    before, was = counted(case), case.state
    line = _line(actor, case, step, voice=voice, grant=grant, held_for=held_for)
    yield line
    case.state = line.to_state = row.target or case.state
    case.version += 1
    session().add(line)
    session().flush()
    tick(case, step, due_at=due_at, happened_at=happened_at)
    write_change(before, counted(case))
    if line.public_line and case.public_since:
        touch_public()
    _tell(actor, case, step, was=was, grant=grant, row=row, held_for=held_for)


def _authorise(actor: Actor, case: Case, row: Transition, covers: Covers) -> Grant | None:
    """The grant that allows the step. Steps without a permission are judged by their caller."""
    if not row.permissions or actor.kind is ActorKind.SYSTEM:
        return None
    if case.id is not None and has_stepped_aside(actor, subject_of(case)):
        raise Forbidden(_("Ông/bà đã né vụ việc này; người khác làm bước này."))
    for permission in row.permissions:
        for grant in actor.grants_for(permission):
            if covers(grant):
                return grant
    raise Forbidden(
        _("Bước “%(step)s” của vụ việc này không thuộc việc của ông/bà.", step=row.label)
    )


def _demand_fields(row: Transition, given: Mapping[str, object]) -> None:
    missing = {
        name: _("Xin điền mục này.") for name in row.required if given.get(name) in (None, "", [])
    }
    if missing:
        raise Invalid(_("Còn thiếu thông tin."), fields=missing)


def _line(
    actor: Actor,
    case: Case,
    step: str,
    *,
    voice: str,
    grant: Grant | None,
    held_for: str | None,
) -> TimelineLine:
    at = clock.now()
    return TimelineLine(
        case_id=case.id,
        at=at,
        transition=step,
        from_state=case.state,
        to_state=case.state,
        voice=voice,
        organisation_id=grant.organisation_id if grant else None,
        person_id=actor.person_id,
        facts={},
        visible_from=at + HOLD if held_for else at,
    )


def _tell(
    actor: Actor,
    case: Case,
    step: str,
    *,
    was: str | None,
    grant: Grant | None,
    row: Transition,
    held_for: str | None,
) -> None:
    used = next((p for p in row.permissions if grant and p in grant.permissions), None)
    record(actor, f"case.{step}", subject_of(case), by=used, was=was, state=case.state)
    announce(
        CaseMoved(
            case_id=case.id,
            step=step,
            from_state=was,
            to_state=case.state,
            person_id=actor.person_id,
            held_for=held_for,
        )
    )


def open_case(
    actor: Actor,
    *,
    category_code: str,
    unit: Unit,
    owner: Organisation,
    first_reported_at: datetime,
    point: Point | None,
    place_source: str | None = None,
    place_note: str | None = None,
    level: str = "commune",
    to_province: bool = False,
    observed_unit_id: int | None = None,
    held_for: str | None = None,
) -> Case:
    """Open a case for one real-world problem; the caller attaches its first report.

    Raises Forbidden, and Invalid when the category is only a picture of the first screen.
    """
    node = category(category_code)
    if node.parent is None:
        raise Invalid(
            _("Xin chọn loại việc."),
            fields={"category": _("Chọn một loại cụ thể hơn hình ở màn hình đầu.")},
        )
    row = CASE.transition("open_case", None)
    case = Case(
        code=f"VV{random_code(7)}",
        category=node.code,
        state="received",
        version=1,
        level=level,
        urgent=node.urgency == "urgent",
        secret=node.secret,
        handling_unit_id=unit.id,
        observed_unit_id=observed_unit_id,
        owner_id=owner.id,
        opened_by_id=actor.person_id,
        to_province=to_province,
        released=False,
        place_source=place_source,
        place_note=place_note,
        precision_m=node.precision_m,
        first_reported_at=first_reported_at,
        opened_at=clock.now(),
        report_count=0,
    )
    grant = _authorise(actor, case, row, lambda each: holds(each, case, "open_case"))
    place_case(case, point)
    session().add(case)
    session().flush()
    case.search_text = searched_words(case)
    _store_place(case, point)
    line = _line(actor, case, "open_case", voice="front", grant=grant, held_for=held_for)
    line.from_state = None
    session().add(line)
    tick(case, "open_case")
    write_change(frozenset(), counted(case))
    _tell(actor, case, "open_case", was=None, grant=grant, row=row, held_for=held_for)
    return case


def place_case(case: Case, point: Point | None) -> None:
    """Set the exact place, what lies near it, and the public place that the precision leaves."""
    case.lon, case.lat = (point.lon, point.lat) if point else (None, None)
    case.cell = cell_of(point) if point else None
    case.near_place = near_place(point)
    shown = public_point(point, case.precision_m) if point else None
    case.public_lon, case.public_lat = (shown.lon, shown.lat) if shown else (None, None)
    case.public_cell = cell_of(shown) if shown else None


def confirm_place(case: Case, point: Point) -> None:
    """A Front officer says that the problem is at this point: from now on it is told exactly."""
    place_case(case, point)
    case.place_source = "front"
    _store_place(case, point)


def _store_place(case: Case, point: Point | None) -> None:
    if point is not None:
        session().merge(CasePlace(case_id=case.id, geom=stored_point(point)))


def make_public(case: Case, *, summary: str, severity: str, waste_source: str) -> None:
    """What a case needs to be public: the Front's own summary, severity and waste source.

    A category that is never public stays off every public page.
    """
    case.summary, case.severity, case.waste_source = summary, severity, waste_source
    if not category(case.category).public_never and case.public_since is None:
        case.public_since = clock.now()
    case.search_text = searched_words(case)


def searched_words(case: Case) -> str:
    """What a case is found by. Of a public one only what the public reads.

    The officer's words for the place help officers to find it; where anybody searches, or a commune
    from which the case was kept, a search for a house would answer whether it is meant.
    """
    place = case.place_note if case.public_since is None and not case.released else None
    label = category(case.category).label.vi
    return fold(f"{label} {case.handling_unit.name} {case.summary or ''} {place or ''}".rstrip())


def may_take(actor: Actor, case: Case, step: str) -> bool:
    """Whether the actor could take this step now: for offering buttons, not for safety."""
    return step in possible_steps(actor, case)


def possible_steps(actor: Actor, case: Case) -> frozenset[str]:
    """All that ``may_take`` says yes to."""
    kept = Keepers(case.handling_unit_id, case.owner_id, case.office_id, case.addressee_id)
    return _possible_steps(actor, case.state, kept)


@lru_cache(maxsize=4096)
def _possible_steps(actor: Actor, state: str, kept: Keepers) -> frozenset[str]:
    """The steps that follow from rights, state and who keeps the case: pages ask for dozens."""
    return frozenset(
        row.name
        for row in CASE.possible(state)
        if CASE.transition(row.name, state) is row
        and any(
            policy.holds(grant, kept, row.name)
            for permission in row.permissions
            for grant in actor.grants_for(permission)
        )
    )
