"""The writing of a page from its form: a draft, its edit, or the next version."""

from webapp.cases.models import Case
from webapp.core.actor import Actor
from webapp.core.errors import Conflict, TransitionRefused
from webapp.core.text import _
from webapp.outcomes import permissions as may
from webapp.outcomes.facts import office_source
from webapp.outcomes.forms import DraftForm, RevisionForm
from webapp.outcomes.models import Outcome, OutcomeVersion
from webapp.outcomes.operations import (
    Draft,
    claim_outcome,
    draft_outcome,
    edit_draft,
    revise_outcome,
)
from webapp.outcomes.policy import may_here
from webapp.outcomes.queries import PageFile, newest, outcome_of
from webapp.outcomes.replies import newest_reply
from webapp.outcomes.workflow import PUBLIC

_REVISABLE = PUBLIC | {"retracted"}
NONE_YET = 0  # the version a form carries while the case has no page


def can_write(actor: Actor, file: PageFile) -> bool:
    """Whether to offer writing: no page yet, a draft, or one that readers know."""
    state = file.outcome.state if file.outcome else "draft"
    permission = may.REVISE if is_revision(file) else may.DRAFT
    return may_here(actor, file.case, permission) and state in _REVISABLE | {"draft"}


def is_revision(file: PageFile) -> bool:
    """Whether what is written would be the next version of a page readers know."""
    return file.outcome is not None and file.outcome.state in _REVISABLE


def begin(file: PageFile, form: DraftForm) -> None:
    """Fill the form with what is written so far, at first with the office's own words."""
    if file.outcome is None:
        form.office_words.data = office_source(file.case)
        form.explanation.data = _reply_words(file.case)
        form.open_at(NONE_YET)
        return
    _fill(form, newest(file.outcome))
    reply, shown = newest_reply(file.case.id), newest(file.outcome).facts.get("reply") or {}
    if reply is not None and shown.get("id") != reply.id:
        form.explanation.data = reply.words
    form.open_at(file.outcome.version)


def save(actor: Actor, case: Case, form: DraftForm) -> Outcome:
    """Keep what was written, in the version the person has seen. Raises Conflict, Invalid."""
    draft = _draft(form)
    existing = outcome_of(case.id)
    if existing is None:
        return draft_outcome(actor, case, draft)
    if form.seen == NONE_YET:
        raise Conflict(_("Người khác vừa soạn trang kết quả cho vụ việc này. Xin xem lại."))
    outcome = claim_outcome(actor, case.code, seen=form.seen)
    if isinstance(form, RevisionForm):
        revise_outcome(actor, outcome, draft, reason=form.reason.data)
    elif outcome.state in _REVISABLE:
        raise TransitionRefused(_("Trang vừa được công khai: xin đính chính và ghi lý do."))
    else:
        edit_draft(actor, outcome, draft)
    return outcome


def _draft(form: DraftForm) -> Draft:
    return Draft(
        front_words=form.front_words.data or "",
        office_words=form.office_words.data or "",
        explanation=form.explanation.data or "",
        photo_ids=tuple(form.photos.data or ()),
        paper_ids=tuple(form.papers.data or ()),
        recognisable=form.recognisable.data,
    )


def _reply_words(case: Case) -> str:
    reply = newest_reply(case.id)
    return reply.words if reply else ""


def _fill(form: DraftForm, version: OutcomeVersion) -> None:
    form.front_words.data = version.front_words
    form.office_words.data = version.office_words or ""
    form.explanation.data = version.facts["explanation"] or ""
    form.photos.data, form.papers.data = list(version.photo_ids), list(version.paper_ids)
    form.recognisable.data = version.recognisable
    if isinstance(form, RevisionForm) and version.published_at is None:
        form.reason.data = version.reason
