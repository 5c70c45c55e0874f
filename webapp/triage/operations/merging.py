"""Two cases that are one: reports, photos, counts move to the older code, and back."""

from sqlalchemy import Select, select, update

from webapp.accounts.absence import asides_of, carry_asides, drop_asides
from webapp.audit.operations import Subject
from webapp.cases.clocks import subject_of
from webapp.cases.journal import counted, write_change
from webapp.cases.models import Case, CasePhoto, TimelineLine
from webapp.cases.operations import claim_case, searched_words, take_step
from webapp.cases.policy import readable
from webapp.cases.workflow import MERGEABLE, OPEN
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import NotFound, TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.deadlines.operations import stop_all
from webapp.reporting.models import Report
from webapp.triage.operations.evidence import invalid
from webapp.triage.operations.reporters import reports_of, tell_reporters

_PUBLIC_WORDS = ("summary", "severity", "waste_source")
_MAKE_PUBLIC = ("assess", "fast_lane", "regularise")


def lock_pair(actor: Actor, code: str, other: str) -> None:
    """Lock both cases in the order of their ids, so that two merges never wait in a ring."""
    query = select(Case.id).where(Case.code.in_((code, other)), readable(actor))
    session().scalars(query.order_by(Case.id).with_for_update()).all()


def lock_merged(actor: Actor, code: str) -> None:
    """Lock a merged case and all it went into, in the order of their ids, before it is parted."""
    found, ids = session().scalar(select(Case).where(Case.code == code, readable(actor))), []
    while found is not None:
        ids.append(found.id)
        found = found.merged_into
    query = select(Case.id).where(Case.id.in_(ids))
    session().scalars(query.order_by(Case.id).with_for_update()).all()


def by_age(one: Case, other: Case) -> tuple[Case, Case]:
    """The case that stays when two become one, the older, and the one that goes into it."""
    older, younger = sorted((one, other), key=lambda each: (each.opened_at, each.id))
    return older, younger


def merge_cases(actor: Actor, case: Case, *, other_code: str) -> Case:
    """Make one case of two; returns the survivor, which is the older one whichever was named.

    ``lock_pair`` came first. Raises Forbidden, TransitionRefused (a later case is linked, not
    merged), Invalid on ``survivor``.
    """
    try:
        other = claim_case(actor, other_code, seen=None)
    except NotFound:
        raise invalid("survivor", _("Không thấy vụ việc có mã này trong địa bàn.")) from None
    if other.id == case.id:
        raise invalid("survivor", _("Xin ghi mã của vụ việc khác."))
    if other.handling_unit_id != case.handling_unit_id:
        raise invalid("survivor", _("Chỉ gộp được vụ việc cùng địa bàn."))
    survivor, merged = by_age(case, other)
    _demand_one_ring(merged, survivor)
    if survivor.state not in OPEN:
        raise TransitionRefused(
            _("Vụ việc %(code)s đã kết thúc, không gộp vào được.", code=survivor.code)
        )
    _merge(actor, merged, survivor)
    return survivor


def _demand_one_ring(merged: Case, survivor: Case) -> None:
    """What was sent past the commune does not come into its sight by a merge, nor does a case that
    it reads leave it: both would tell it that somebody wrote to the province.
    """
    if not in_one_ring(merged, survivor):
        raise invalid(
            "survivor", _("Vụ việc gửi thẳng tỉnh không gộp với vụ việc mà cấp xã đang xem.")
        )


def in_one_ring(one: Case, other: Case) -> bool:
    """Whether the commune reads both or neither: only then may they become one."""
    return _commune_reads(one) == _commune_reads(other)


def _commune_reads(case: Case) -> bool:
    return not case.to_province or case.released or case.public_since is not None


def _merge(actor: Actor, merged: Case, survivor: Case) -> None:
    before = counted(survivor)
    with take_step(
        actor, merged, "merge_into", voice="front", given={"survivor": survivor}
    ) as line:
        words = f"Đã gộp vào vụ việc {survivor.code}."
        tell_reporters(actor, merged, "merge_into", words)
        reports = [each.id for each in reports_of(merged)]
        photos = _new_photos(merged, survivor)
        line.public_line = line.note = words
        line.facts = {"into": survivor.id, "reports": reports, "photos": photos}
        _move(reports, photos, survivor)
        stop_all(subject_of(merged))
        line.facts["carried"] = _carry_publicity(merged, survivor)
        carry_asides(subject_of(merged), subject_of(survivor))
        free_from_aside(survivor)
        merged.merged_into = survivor
    recount(merged)
    recount(survivor)
    _note(actor, survivor, "merge_into", f"Đã gộp vụ việc {merged.code} vào đây.", merged.id)
    write_change(before, counted(survivor))


def unmerge_case(actor: Actor, case: Case, *, reason: str) -> None:
    """Take a merged case out again with all it brought, wherever that has gone since.

    ``lock_merged`` came first. What the public reads of the other case is again what it was.
    Raises Forbidden, TransitionRefused, Invalid on ``reason``.
    """
    merge, keeper = _last_merge(case), _keeper(case)
    with take_step(actor, case, "unmerge", voice="front", given={"reason": reason}) as line:
        line.note = reason
        if keeper is not None and merge is not None:
            reports = _reports_still(keeper, merge.facts["reports"])
            photos = _photos_still(keeper, merge.facts["photos"])
            line.facts = {"from": keeper.id, "reports": reports}
            _move(reports, photos, case)
            _give_back(keeper, case, merge.facts.get("carried", {}))
        into, case.merged_into = case.merged_into, None
    recount(case)
    _take_asides_back(case, into)
    if keeper is not None:
        recount(keeper)
        _note(actor, keeper, "unmerge", f"Đã tách vụ việc {case.code}. {reason}", case.id)


def _keeper(case: Case) -> Case | None:
    """The case that now has what a merged one brought: the last of those it went into."""
    keeper = case.merged_into
    while keeper is not None and keeper.merged_into is not None:
        keeper = keeper.merged_into
    return keeper


def free_from_aside(case: Case) -> None:
    """A case is nobody's own who does not read it any more: it goes back to the committee."""
    if case.assignee_id in asides_of([subject_of(case)]):
        case.assignee_id = None


def recount(case: Case) -> None:
    """Count reports, households and the first time anew from the reports the case now has."""
    session().flush()
    reports = reports_of(case)
    case.report_count = len(reports)
    case.household_count = sum(each.households_affected or 0 for each in reports)
    if reports:
        case.first_reported_at = min(each.received_at for each in reports)


def _new_photos(merged: Case, survivor: Case) -> list[int]:
    """The photo links that the survivor does not have yet."""
    known = select(CasePhoto.photo_id).where(CasePhoto.case_id == survivor.id)
    query = select(CasePhoto.id).where(
        CasePhoto.case_id == merged.id, CasePhoto.photo_id.not_in(known)
    )
    return sorted(session().scalars(query))


def _reports_still(case: Case, ids: list[int]) -> list[int]:
    query = select(Report.id).where(Report.case_id == case.id, Report.id.in_(ids))
    return sorted(session().scalars(query))


def _photos_still(case: Case, ids: list[int]) -> list[int]:
    query = select(CasePhoto.id).where(CasePhoto.case_id == case.id, CasePhoto.id.in_(ids))
    return sorted(session().scalars(query))


def _move(reports: list[int], photos: list[int], to: Case) -> None:
    """Reports are of the unit of their case: the one they leave may have gone to another since."""
    values = {"case_id": to.id, "handling_unit_id": to.handling_unit_id}
    session().execute(update(Report).where(Report.id.in_(reports)).values(values))
    session().execute(update(CasePhoto).where(CasePhoto.id.in_(photos)).values(case_id=to.id))


def _carry_publicity(merged: Case, survivor: Case) -> dict[str, str | None]:
    """What the public could read before the merge it can read after it; returns the old words."""
    if merged.public_since is None or survivor.public_since is not None:
        return {}
    was = {name: getattr(survivor, name) for name in _PUBLIC_WORDS}
    for name in _PUBLIC_WORDS:
        setattr(survivor, name, getattr(survivor, name) or getattr(merged, name))
    survivor.public_since = merged.public_since
    survivor.search_text = searched_words(survivor)
    return was


def _give_back(keeper: Case, case: Case, was: dict[str, str | None]) -> None:
    """A case that was public only by what it got in a merge is so no more, while it is early.

    One that the Front has given words of its own since keeps them and stays public.
    """
    own = select(TimelineLine.id).where(
        TimelineLine.case_id == keeper.id, TimelineLine.transition.in_(_MAKE_PUBLIC)
    )
    ours = keeper.state in MERGEABLE and keeper.summary == case.summary
    if not was or not ours or session().scalar(own.limit(1)) is not None:
        return
    before = counted(keeper)
    for name, value in was.items():
        setattr(keeper, name, value)
    keeper.public_since = None
    keeper.search_text = searched_words(keeper)
    write_change(before, counted(keeper))


def _take_asides_back(parted: Case, into: Case | None) -> None:
    """Who stepped aside from a parted case reads again what it was in, unless they have another
    reason not to: a step of their own there, a report or another case that it still holds.
    """
    gone = set(asides_of([subject_of(parted)]))
    while gone and into is not None:
        drop_asides(subject_of(into), sorted(gone - _aside_by_itself(into)))
        into = into.merged_into


def _aside_by_itself(case: Case) -> set[int]:
    own = select(TimelineLine.person_id).where(
        TimelineLine.case_id == case.id, TimelineLine.transition == "step_aside"
    )
    inside = [subject_of(each) for each in session().scalars(_merged_directly(case))]
    inside += [Subject("report", each) for each in _reports_brought(case)]
    return {*session().scalars(own), *asides_of(inside)} - {None}


def _reports_brought(case: Case) -> list[int]:
    """The reports a case has; of a merged one those it brought that its keeper still has."""
    merge, keeper = _last_merge(case), _keeper(case)
    if keeper is None or merge is None:
        return [each.id for each in reports_of(case)]
    return _reports_still(keeper, merge.facts["reports"])


def _merged_directly(case: Case) -> Select[Case]:
    return select(Case).where(Case.merged_into_id == case.id).order_by(Case.id)


def _last_merge(case: Case) -> TimelineLine | None:
    query = select(TimelineLine).where(
        TimelineLine.case_id == case.id, TimelineLine.transition == "merge_into"
    )
    return session().scalar(query.order_by(TimelineLine.id.desc()).limit(1))


def _note(actor: Actor, case: Case, step: str, note: str, other_id: int) -> None:
    """The other side of a merge: the case stays in its state and moves on in version."""
    at = clock.now()
    session().add(
        TimelineLine(
            case_id=case.id,
            at=at,
            transition=step,
            from_state=case.state,
            to_state=case.state,
            voice="front",
            organisation_id=case.owner_id,
            person_id=actor.person_id,
            note=note,
            facts={"other": other_id},
            visible_from=at,
        )
    )
    case.version += 1
    session().flush()
