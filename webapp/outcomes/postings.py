"""Results on notice-boards and loudspeakers: where, by whom, for the days the law asks for.

Luật Thực hiện dân chủ ở cơ sở số 10/2022/QH15, Điều 13: 30 days in a row on the board, 3 by
loudspeaker; the numbers are rows of the rule table.
"""

from datetime import date, timedelta

from sqlalchemy import select

from webapp.audit.operations import Subject, record
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, Invalid, NotFound, TransitionRefused
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.core.working_days import end_of_day
from webapp.deadlines import rule_table
from webapp.deadlines.operations import apply_event
from webapp.deadlines.queries import rule_in_force
from webapp.outcomes import permissions as may
from webapp.outcomes.models import Outcome, Posting
from webapp.outcomes.policy import may_here
from webapp.outcomes.wording import check_words
from webapp.outcomes.workflow import POSTING_KINDS, PUBLIC

_LENGTHS = {"place": 160, "done_by": 120}
_ENDED_LENGTH = 200


def postings_of(outcome_id: int) -> list[Posting]:
    """All postings of a page, the newest first."""
    query = select(Posting).where(Posting.outcome_id == outcome_id)
    return list(session().scalars(query.order_by(Posting.posted_from.desc(), Posting.id.desc())))


def posting_of(outcome: Outcome, posting_id: int) -> Posting:
    """A posting of this page, locked. Raises NotFound."""
    posting = session().get(Posting, posting_id, with_for_update=True, populate_existing=True)
    if posting is None or posting.outcome_id != outcome.id:
        raise NotFound
    return posting


def days_asked(kind: str, on: date) -> int:
    """How many days in a row the rule in force asks for."""
    begin = clock.day_begins(on)
    return rule_in_force(f"posting_{kind}", rule_table.Subject(""), begin).amount


def record_posting(
    actor: Actor,
    outcome: Outcome,
    *,
    kind: str,
    place: str,
    done_by: str,
    posted_from: date | None,
) -> Posting:
    """Note that the public version was put up or read out; reminds when the days are over.

    ``done_by`` stays with staff. Raises Forbidden, Invalid, TransitionRefused while the page is
    not public.
    """
    _demand(actor, outcome)
    if outcome.state not in PUBLIC or outcome.current is None:
        raise TransitionRefused(_("Trang kết quả chưa công khai nên chưa niêm yết được."))
    fields = _wrong(outcome, kind, place, done_by, posted_from)
    if fields or posted_from is None:
        raise Invalid(_("Có chỗ cần sửa."), fields=fields)
    check_words(outcome.case, {"place": place})
    posting = Posting(
        outcome_id=outcome.id,
        number=outcome.current,
        kind=kind,
        place=place.strip(),
        done_by=done_by.strip(),
        posted_from=posted_from,
        until=posted_from + timedelta(days=days_asked(kind, posted_from) - 1),
        recorded_by_id=actor.person_id,
        recorded_at=clock.now(),
    )
    session().add(posting)
    session().flush()
    owner = outcome.case.owner_id
    apply_event("posting.start", Subject("outcome", outcome.id))
    due_at = end_of_day(posting.until)
    apply_event(f"posting.{kind}", Subject("posting", posting.id), owner_id=owner, due_at=due_at)
    record(actor, "outcome.post", Subject("posting", posting.id), by=may.DRAFT, kind=kind)
    return posting


def end_posting(
    actor: Actor, outcome: Outcome, posting: Posting, *, ended_on: date | None, words: str = ""
) -> None:
    """Note that it was taken down; before the days are over only with a reason.

    Raises Forbidden, Invalid, TransitionRefused when it was noted before.
    """
    _demand(actor, outcome)
    if posting.ended_on is not None:
        raise TransitionRefused(_("Lần niêm yết này đã ghi ngày kết thúc."))
    if ended_on is None or not posting.posted_from <= ended_on <= clock.today_local():
        wrong = _("Xin ghi ngày kết thúc, từ ngày bắt đầu đến hôm nay.")
        raise Invalid(wrong, fields={"ended_on": wrong})
    if (ended_on < posting.until and not words.strip()) or len(words) > _ENDED_LENGTH:
        asked = _(
            "Chưa đủ ngày (đến hết %(day)s): xin ghi lý do kết thúc sớm, ngắn gọn.",
            day=f"{posting.until:%d/%m/%Y}",
        )
        raise Invalid(asked, fields={"words": asked})
    posting.ended_on, posting.ended_words = ended_on, words.strip() or None
    apply_event("posting.end", Subject("posting", posting.id))
    record(actor, "outcome.end_posting", Subject("posting", posting.id), by=may.DRAFT)


def _wrong(
    outcome: Outcome, kind: str, place: str, done_by: str, posted_from: date | None
) -> dict[str, Text]:
    given = {"place": place, "done_by": done_by}
    fields: dict[str, Text] = {
        name: _("Xin ghi, không quá %(limit)s chữ cái.", limit=_LENGTHS[name])
        for name, words in given.items()
        if not words.strip() or len(words) > _LENGTHS[name]
    }
    if kind not in POSTING_KINDS:
        fields["kind"] = _("Xin chọn niêm yết hoặc đọc trên loa.")
    first = outcome.first_published_at
    if (
        posted_from is None
        or posted_from > clock.today_local()
        or (first is not None and posted_from < clock.local(first).date())
    ):
        fields["posted_from"] = _("Xin ghi ngày bắt đầu, từ ngày công khai đến hôm nay.")
    return fields


def _demand(actor: Actor, outcome: Outcome) -> None:
    if not may_here(actor, outcome.case, may.DRAFT) or actor.person_id is None:
        raise Forbidden
