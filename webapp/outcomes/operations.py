"""The steps of an outcome page: drafted, approved by others, published, corrected, retracted."""

from dataclasses import dataclass

from sqlalchemy import select

from webapp.audit.models import AuditEntry, AuditReason
from webapp.audit.operations import Subject, find_step, record, seal_reason
from webapp.cases.clocks import note_due, subject_of
from webapp.cases.journal import counted, touch_public, write_change
from webapp.cases.models import Case
from webapp.cases.operations import claim_case
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import (
    Conflict,
    Forbidden,
    Invalid,
    LastStep,
    NotFound,
    TransitionRefused,
    stale,
)
from webapp.core.events import announce
from webapp.core.permissions import Permission
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.core.workflow import Transition
from webapp.deadlines.operations import apply_event
from webapp.directory.models import Person
from webapp.jobs.operations import enqueue
from webapp.media.operations import approve_photo, hide_photo
from webapp.outcomes import permissions as may
from webapp.outcomes.events import OutcomeMoved
from webapp.outcomes.facts import build_facts, demand_publishable, office_source
from webapp.outcomes.models import Outcome, OutcomeVersion
from webapp.outcomes.policy import is_approved, is_publishable, may_here
from webapp.outcomes.queries import (
    authors_of_finding,
    choosable_photos,
    newest,
    outcome_of,
    pending,
    photos_by_id,
)
from webapp.outcomes.redactions import choosable_papers
from webapp.outcomes.replies import newest_reply
from webapp.outcomes.sheets import remove_sheets
from webapp.outcomes.wording import check_cut, check_reply, check_words
from webapp.outcomes.workflow import OUTCOME, PUBLIC

MAX_WORDS = 4000
MAX_PHOTOS = 6
RETRACTIONS = {
    "wrong": _("Nội dung chưa đúng, đang được xem lại"),
    "private": _("Nội dung có thể để lộ người hoặc nhà của bà con"),
    "asked": _("Gỡ theo yêu cầu của cơ quan có thẩm quyền"),
}


@dataclass(frozen=True)
class Draft:
    """What a person writes and chooses; every other fact of the page comes from the records.

    ``recognisable``: a person, home or plate could be recognised, so that two must approve.
    """

    front_words: str
    office_words: str = ""
    explanation: str = ""
    photo_ids: tuple[int, ...] = ()
    paper_ids: tuple[int, ...] = ()
    recognisable: bool = False


def claim_outcome(actor: Actor, code: str, *, seen: int) -> Outcome:
    """Lock case and page in the version the actor has seen. Raises NotFound, Conflict."""
    case = claim_case(actor, code, seen=None)
    query = select(Outcome).where(Outcome.case_id == case.id).with_for_update(of=Outcome)
    outcome = session().scalar(query.execution_options(populate_existing=True))
    if outcome is None:
        raise NotFound
    if outcome.version != seen:
        raise stale(_last_step(outcome))
    return outcome


def draft_outcome(actor: Actor, case: Case, draft: Draft) -> Outcome:
    """Begin the page of a locked case. Raises Forbidden, Conflict when it has one, Invalid."""
    _demand(actor, case, may.DRAFT)
    if outcome_of(case.id) is not None:
        raise Conflict(_("Vụ việc này đã có trang kết quả. Xin mở trang đó để sửa."))
    row = OUTCOME.transition("draft", None)
    outcome = Outcome(case=case, state=row.target, version=0, current=None)
    outcome.versions.append(_written(actor, case, draft, number=1))
    session().add(outcome)
    session().flush()
    _moved(actor, outcome, "draft", may.DRAFT)
    return outcome


def edit_draft(actor: Actor, outcome: Outcome, draft: Draft) -> None:
    """Write the draft anew, with the facts as they are now; approvals given so far lapse."""
    _demand(actor, outcome.case, may.DRAFT)
    _find_step(actor, outcome, "edit")
    _rewrite(actor, outcome, draft)
    _moved(actor, outcome, "edit", may.DRAFT)


def revise_outcome(actor: Actor, outcome: Outcome, draft: Draft, *, reason: str) -> None:
    """Propose the next version of a public or retracted page; what readers see stays."""
    _demand(actor, outcome.case, may.REVISE)
    if outcome.state not in PUBLIC | {"retracted"}:
        raise TransitionRefused(_("Trang chưa công khai thì sửa bản nháp, không đính chính."))
    if not reason.strip():
        asked = _("Xin ghi lý do; bà con sẽ đọc lý do này.")
        raise Invalid(asked, fields={"reason": asked})
    check_words(outcome.case, {"reason": reason})
    if pending(outcome) is None:
        number = newest(outcome).number + 1
        outcome.versions.append(_written(actor, outcome.case, draft, number=number))
    else:
        _rewrite(actor, outcome, draft)
    newest(outcome).reason = reason.strip()
    _moved(actor, outcome, "revise", may.REVISE)


def approve_draft(
    actor: Actor, outcome: Outcome, *, standpoint_hidden: bool, recognisable: bool
) -> None:
    """Approve the written version; the draft is approved once enough others have.

    ``standpoint_hidden`` answers "Góc chụp có lộ nơi đứng chụp không?" with no; ``recognisable``
    asks for a second approver. Raises Forbidden for the writer, for somebody who approved before
    and for the finding's author where one approver would do; Invalid; TransitionRefused.
    """
    _demand(actor, outcome.case, may.APPROVE)
    version = _waiting(outcome)
    if outcome.state not in PUBLIC | {"retracted"}:
        _find_step(actor, outcome, "approve")
    authors = authors_of_finding(outcome.case_id)
    version.recognisable = version.recognisable or recognisable
    _demand_other(actor, version, authors)
    if is_approved(version, authors):
        raise TransitionRefused(_("Bản này đã đủ người duyệt."))
    if version.photo_ids and not standpoint_hidden:
        shows = _("Ảnh để lộ nơi đứng chụp: xin trả lại bản nháp để bỏ ảnh đó.")
        raise Invalid(shows, fields={"standpoint": shows})
    version.standpoint_checked = True
    if version.approved_by_id is None:
        version.approved_by_id = actor.person_id
    else:
        version.second_approver_id = actor.person_id
    if is_approved(version, authors) and outcome.state == "draft":
        outcome.state = "approved"
    _moved(actor, outcome, "approve", may.APPROVE)


def return_draft(actor: Actor, outcome: Outcome, *, reason: str) -> None:
    """Give an approved draft back to its writer, with a reason; approvals lapse."""
    row = _find_step(actor, outcome, "return_draft")
    _demand(actor, outcome.case, may.APPROVE)
    _demand_reason(reason)
    version = _waiting(outcome)
    version.reason = reason.strip()
    _forget_approvals(version)
    outcome.state = row.target or outcome.state
    _moved(actor, outcome, "return_draft", may.APPROVE)


def publish_outcome(actor: Actor, outcome: Outcome) -> None:
    """Let everybody read the approved version; a first publication, a correction or a new version
    after a retraction, as the state says. Raises Forbidden, Invalid, Conflict, TransitionRefused.
    """
    step = {"retracted": "republish"}.get(
        outcome.state, "correct" if outcome.state in PUBLIC else "publish"
    )
    row = _find_step(actor, outcome, step)
    _demand(actor, outcome.case, may.PUBLISH)
    demand_publishable(outcome.case)
    version = _waiting(outcome)
    if not is_approved(version, authors_of_finding(outcome.case_id)):
        raise TransitionRefused(_("Bản này chưa đủ người duyệt."))
    _demand_reply(outcome, version)
    _show_photos(actor, outcome, version)
    if step == "publish":
        version.reason = None  # the reason of a return is not for readers
    outcome.state = row.target or outcome.state
    outcome.current, outcome.tombstone = version.number, None
    version.published_at = clock.now()
    outcome.first_published_at = outcome.first_published_at or version.published_at
    _tick(outcome.case)
    touch_public()
    enqueue("outcomes.print_sheets", version_id=version.id)
    _moved(actor, outcome, step, may.PUBLISH)


def retract_outcome(actor: Actor, outcome: Outcome, *, why: str, words: str) -> None:
    """Take a public page away at once: a tombstone stays, its photos are hidden for good.

    ``why`` is a code of RETRACTIONS, which readers see; ``words`` are for the file alone.
    """
    row = _find_step(actor, outcome, "retract")
    _demand(actor, outcome.case, may.RETRACT)
    _demand_reason(words)
    if why not in RETRACTIONS:
        asked = _("Xin chọn lý do.")
        raise Invalid(asked, fields={"why": asked})
    hide_photos(actor, outcome)
    for version in outcome.versions:
        if version.published_at is not None and version.withdrawn_at is None:
            version.withdrawn_at = clock.now()
    remove_sheets(outcome)
    outcome.state = row.target or outcome.state
    outcome.tombstone = RETRACTIONS[why].source
    touch_public()
    _moved(actor, outcome, "retract", may.RETRACT, reason=seal_reason(words.strip()))


def hide_photos(actor: Actor, outcome: Outcome) -> None:
    """Stop serving every photo that any version of the page shows."""
    every = {photo for version in outcome.versions for photo in version.photo_ids}
    for photo in photos_by_id(every).values():
        if photo.state == "approved":
            hide_photo(actor, photo)


def _demand_reply(outcome: Outcome, version: OutcomeVersion) -> None:
    """Nothing goes out without what the establishment sent before (right of reply)."""
    reply = newest_reply(outcome.case_id)
    shown = version.facts.get("reply") or {}
    if reply is not None and shown.get("id") != reply.id:
        raise Conflict(_("Cơ sở vừa gửi ý kiến giải trình. Xin sửa bản này để đăng cùng."))


def _show_photos(actor: Actor, outcome: Outcome, version: OutcomeVersion) -> None:
    chosen = photos_by_id(version.photo_ids)
    if len(chosen) != len(version.photo_ids) or not all(map(is_publishable, chosen.values())):
        raise Conflict(_("Có ảnh đã chọn nay không dùng được nữa. Xin sửa bản này để bỏ ảnh đó."))
    for photo in chosen.values():
        if photo.state == "ready":
            approve_photo(actor, photo)
    before = {photo for each in outcome.versions for photo in each.photo_ids}
    for photo in photos_by_id(before - set(chosen)).values():
        if photo.state == "approved":
            hide_photo(actor, photo)


def _written(actor: Actor, case: Case, draft: Draft, *, number: int) -> OutcomeVersion:
    version = OutcomeVersion(number=number, approved_by_id=None, second_approver_id=None)
    _fill(actor, case, version, draft)
    return version


def _rewrite(actor: Actor, outcome: Outcome, draft: Draft) -> None:
    version = _waiting(outcome)
    _forget_approvals(version)
    _fill(actor, outcome.case, version, draft)


def _fill(actor: Actor, case: Case, version: OutcomeVersion, draft: Draft) -> None:
    facts = build_facts(case, explanation=draft.explanation, reply=newest_reply(case.id))
    _check(actor, case, version, draft)
    version.front_words = draft.front_words.strip()
    version.office_words = draft.office_words.strip() or None
    version.facts = facts
    version.photo_ids, version.paper_ids = list(draft.photo_ids), list(draft.paper_ids)
    version.recognisable, version.standpoint_checked = draft.recognisable, False
    version.written_by_id = _person(actor)
    version.written_at = clock.now()


def _check(actor: Actor, case: Case, version: OutcomeVersion, draft: Draft) -> None:
    words = {
        "front_words": draft.front_words,
        "office_words": draft.office_words,
        "explanation": draft.explanation,
    }
    long = _("Xin viết ngắn hơn %(limit)s chữ cái.", limit=MAX_WORDS)
    fields: dict[str, Text] = {name: long for name, said in words.items() if len(said) > MAX_WORDS}
    if not draft.front_words.strip():
        fields["front_words"] = _("Xin ghi lời của Mặt trận.")
    kept = set(version.photo_ids or ())
    choosable = {photo.id for _link, photo in choosable_photos(actor, case)} | kept
    if not set(draft.photo_ids) <= choosable or len(draft.photo_ids) > MAX_PHOTOS:
        fields["photos"] = _("Xin chọn nhiều nhất %(limit)s ảnh của vụ việc.", limit=MAX_PHOTOS)
    if not set(draft.paper_ids) <= {each.redaction.id for each in choosable_papers(case.id)}:
        fields["papers"] = _("Xin chọn văn bản đã che và đã được người khác duyệt.")
    if fields:
        raise Invalid(_("Có chỗ cần sửa."), fields=fields)
    check_cut(draft.office_words, office_source(case))
    reply = newest_reply(case.id)
    check_reply(draft.explanation, reply.words if reply else "")
    check_words(case, words)


def _waiting(outcome: Outcome) -> OutcomeVersion:
    version = pending(outcome)
    if version is None:
        raise TransitionRefused(_("Chưa có bản mới nào chờ duyệt hoặc công khai."))
    return version


def _demand(actor: Actor, case: Case, permission: Permission) -> None:
    if not may_here(actor, case, permission):
        raise Forbidden


def _demand_other(actor: Actor, version: OutcomeVersion, authors: frozenset[int]) -> None:
    involved = {version.written_by_id, version.approved_by_id, version.second_approver_id}
    if actor.person_id in involved:
        raise Forbidden(_("Bản này cần một người khác duyệt."))
    if actor.person_id in authors and not version.recognisable:
        raise Forbidden(_("Người viết kết luận không tự duyệt trang công khai về kết luận đó."))


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        asked = _("Xin ghi lý do.")
        raise Invalid(asked, fields={"reason": asked})


def _forget_approvals(version: OutcomeVersion) -> None:
    version.approved_by_id = version.second_approver_id = None
    version.standpoint_checked = False


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise Forbidden
    return actor.person_id


def _tick(case: Case) -> None:
    apply_event(
        "outcome.publish",
        subject_of(case),
        category=case.category,
        severity=case.severity or "",
        level=case.level,
        urgent=case.urgent,
        owner_id=case.owner_id,
    )
    before = counted(case)
    note_due(case)
    write_change(before, counted(case))


def _moved(
    actor: Actor,
    outcome: Outcome,
    step: str,
    permission: Permission,
    *,
    reason: AuditReason | None = None,
) -> None:
    outcome.version += 1
    session().flush()
    record(
        actor,
        f"outcome.{step}",
        _subject(outcome),
        by=permission,
        reason=reason,
        state=outcome.state,
    )
    announce(OutcomeMoved(outcome.id, outcome.case_id, step, outcome.state))


def _subject(outcome: Outcome) -> Subject:
    return Subject("outcome", outcome.id)


def _find_step(actor: Actor, outcome: Outcome, step: str) -> Transition:
    return find_step(actor, OUTCOME, step, outcome.state, _subject(outcome))


def _last_step(outcome: Outcome) -> LastStep | None:
    query = select(AuditEntry).where(
        AuditEntry.subject_kind == "outcome",
        AuditEntry.subject_id == outcome.id,
        AuditEntry.action.startswith("outcome."),  # what was refused is no step
    )
    last = session().scalars(query.order_by(AuditEntry.id.desc()).limit(1)).first()
    if last is None:
        return None
    person = session().get(Person, last.actor_id) if last.actor_id else None
    label = _step_label(last.action.removeprefix("outcome."))
    return LastStep(person.name if person else _("Hệ thống"), label, last.at)


def _step_label(step: str) -> Text:
    return _("Soạn bản đính chính") if step == "revise" else OUTCOME.transition_label(step)
