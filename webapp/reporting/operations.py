"""Sending a report: once per key, whole or not at all.

What a report needs to know, its unit, committee, clocks and consent, is read and computed before
the transaction that stores it begins: ``known_receipt`` and ``draft_report`` only read,
``store_report`` only writes. ``submit_report`` is all three within one transaction.
"""

from dataclasses import dataclass

from geo.cells import cell_of
from webapp.cases.priority import queue_rank
from webapp.cases.priority_places import near_place
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.codes import digest, keys, random_code, tracking_code
from webapp.core.errors import Busy
from webapp.core.rows import add_rows, add_unless_taken
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.deadlines.models import Deadline
from webapp.directory.models import Organisation
from webapp.reporting.alerts import new_notices, tell_new
from webapp.reporting.asks import ask_reconsideration, ask_reopening
from webapp.reporting.checking import Checked, check
from webapp.reporting.identity import Identity, open_identity, seal_identity
from webapp.reporting.keys import key_digest, key_reused, plain_key, report_under
from webapp.reporting.models import Report
from webapp.reporting.permissions import SUBMIT_ON_BEHALF
from webapp.reporting.photos import list_photos, listed_photo, receive_photo
from webapp.reporting.placing import observed_unit_id
from webapp.reporting.ratings import rate
from webapp.reporting.reissue import adopt_new_code, ask_new_code, reissue_codes
from webapp.reporting.reprisal import report_reprisal
from webapp.reporting.sender import (
    add_information,
    confirm_fix,
    withdraw,
    withdraw_identity,
)
from webapp.reporting.standing import first_looker
from webapp.reporting.steps import (
    claim_report,
    lock_report,
    mark_opened,
    new_line,
    set_first_clocks,
    subject_of,
    take_report_step,
    tell,
)
from webapp.reporting.submission import Submission
from webapp.reporting.tracking import tracking_digest
from webapp.reporting.voice import checked_voice, examine_voice, list_voice, receive_voice
from webapp.reporting.workflow import CHANNELS

__all__ = [
    "Identity",
    "Receipt",
    "add_information",
    "adopt_new_code",
    "ask_new_code",
    "ask_reconsideration",
    "ask_reopening",
    "claim_report",
    "confirm_fix",
    "draft_report",
    "examine_voice",
    "known_receipt",
    "listed_photo",
    "lock_report",
    "mark_opened",
    "open_identity",
    "rate",
    "receive_photo",
    "receive_voice",
    "reissue_codes",
    "report_reprisal",
    "store_report",
    "subject_of",
    "submit_report",
    "take_report_step",
    "withdraw",
    "withdraw_identity",
]

_BODY = "report.body"
_TWIN = _("Một lần gửi khác đang được xử lý. Xin thử lại sau vài giây, nội dung không bị mất.")
_OF_OFFICERS = frozenset(CHANNELS) - {"web"}


@dataclass(frozen=True)
class Receipt:
    """What the sender keeps. ``tracking_code`` is None once it was re-issued or withdrawn.

    ``front`` is who looks at it first.
    """

    report: Report
    tracking_code: str | None
    created: bool
    front: Organisation | None


@dataclass(frozen=True)
class Draft:
    """A report that keeps every rule and knows its unit, committee and clocks; it has no row yet.

    ``plain`` is its idempotency key, from which the tracking code is derived.
    """

    actor: Actor
    plain: str
    checked: Checked
    report: Report
    front: Organisation | None
    clocks: list[Deadline]


def submit_report(
    actor: Actor, submission: Submission, *, raw_key: str | None, locale: str = "vi"
) -> Receipt:
    """Store a report with everything that follows from it, once per idempotency key (R7).

    The same key and content again gives the same receipt. Raises what ``known_receipt`` and
    ``draft_report`` raise.
    """
    known = known_receipt(submission, raw_key=raw_key)
    if known is not None:
        return known
    return store_report(draft_report(actor, submission, raw_key=raw_key, locale=locale))


def known_receipt(submission: Submission, *, raw_key: str | None) -> Receipt | None:
    """The receipt of a report that came under this key before; None for a new key.

    Raises BadRequest without a key, Invalid (kind ``key-reused``) for other content under it.
    """
    plain = plain_key(raw_key)
    known = _by_key(key_digest(plain))
    return None if known is None else _replayed(known, _body_digest(submission), plain)


def draft_report(
    actor: Actor,
    submission: Submission,
    *,
    raw_key: str | None,
    locale: str = "vi",
    unchecked: bool = False,
) -> Draft:
    """Check a report and learn all that is stored with it; nothing is written.

    An ``unchecked`` one came without proof while many unknown phones sent: it is looked at last.
    Raises BadRequest without a key, Invalid (kind ``outside-area``, else by field) and Forbidden
    for sending on behalf, or by another way than the web, without the permission.
    """
    plain = plain_key(raw_key)
    if submission.on_behalf or submission.channel in _OF_OFFICERS:
        actor.demand(SUBMIT_ON_BEHALF)
    checked = check(submission)
    checked_voice(submission.voice)
    report = _report(actor, checked, locale)
    report.unchecked = unchecked
    _bind(report, plain, _body_digest(submission))
    front = first_looker(report)
    clocks = set_first_clocks(report, front)
    report.queue_rank = queue_rank(report.priority_facts)
    return Draft(actor, plain, checked, report, front, clocks)


def store_report(draft: Draft) -> Receipt:
    """Store a drafted report with everything that follows from it, all or nothing.

    When a twin under the same key was first, its receipt. Raises Invalid (kind ``key-reused``)
    when that had other content, Busy when the report's code was drawn twice.
    """
    report, body = draft.report, draft.report.body_digest
    if not add_unless_taken(report):
        twin = _by_key(report.key_digest)  # it was first, and the constraint has waited for it
        if twin is None:
            raise Busy(_TWIN)  # a code drawn twice: sent again, another one is drawn
        return _replayed(twin, body, draft.plain)
    _complete(draft)
    tell_new(report)
    return Receipt(report, _code_of(report, draft.plain), created=True, front=draft.front)


def _by_key(key: str) -> Report | None:
    report_id = report_under(key)
    return session().get(Report, report_id) if report_id is not None else None


def _body_digest(submission: Submission) -> str:
    return digest(_BODY, submission.canonical())


def _replayed(known: Report, body: str, plain: str) -> Receipt:
    if known.body_digest != body:
        raise key_reused()
    return Receipt(known, _code_of(known, plain), created=False, front=first_looker(known))


def _code_of(report: Report, plain: str) -> str | None:
    if report.tracking_version is None or report.state == "withdrawn":
        return None
    return tracking_code(plain, report.tracking_version)


def _bind(report: Report, plain: str, body: str) -> None:
    """Tie the report to its key, its content and its tracking code, as digests only."""
    version = keys().current
    report.key_digest, report.body_digest = key_digest(plain), body
    report.tracking_version = version
    report.tracking_digest = tracking_digest(tracking_code(plain, version))


def _report(actor: Actor, checked: Checked, locale: str) -> Report:
    sent, placed = checked.sent, checked.placed
    observed_on = (
        None
        if checked.observed_doubtful
        else clock.local(checked.observed_at or clock.now()).date()
    )
    point = placed.point
    return Report(
        code=f"PA{random_code(7)}",
        state="submitted",
        version=1,
        category=checked.node.code,
        urgent=checked.node.urgency == "urgent",
        secret=checked.node.secret,
        nature=sent.nature,
        description=sent.description,
        observed_at=checked.observed_at,
        observed_doubtful=checked.observed_doubtful,
        received_at=clock.now(),
        lon=point.lon if point else None,
        lat=point.lat if point else None,
        accuracy_m=placed.accuracy_m,
        place_source=placed.source,
        cell=cell_of(point) if point else None,
        near_place=near_place(point),
        place_note=sent.place_note,
        unit_doubtful=placed.doubtful,
        named_unit_id=placed.named.id if placed.named else None,
        handling_unit=placed.unit,
        handling_unit_id=placed.unit.id,
        observed_unit_id=observed_unit_id(placed, observed_on),
        households_affected=sent.households_affected,
        channel=sent.channel or "web",
        on_behalf=sent.on_behalf,
        entered_by_id=actor.person_id if sent.on_behalf else None,
        person_id=None if sent.on_behalf else actor.person_id,
        keep_secret=sent.keep_secret,
        # A matter of the commune's own works or committee goes to the province by rule.
        to_province=sent.to_province or sent.about_commune,
        consent_version=checked.consent_version,
        preferred_language=sent.preferred_language or "vi",
        interpreter_needed=sent.interpreter_needed,
        locale=locale,
        released=False,
        overdue=False,
        photos=[],  # there are none yet: nobody need look
        voice=None,
    )


def _complete(draft: Draft) -> None:
    report, sent = draft.report, draft.checked.sent
    seal_identity(report, sent.contact)
    list_photos(report, draft.checked.photos)
    list_voice(report, sent.voice)
    by_sender = not report.on_behalf
    session().flush()
    for each in draft.clocks:
        each.subject_id = report.id
    line = new_line(draft.actor, report, "submit", by_sender=by_sender)
    add_rows([line, *draft.clocks, *new_notices(report, draft.front)])
    tell(draft.actor, report, "submit", was=None, by_sender=by_sender)
