"""Papers brought for a page; what is hidden on photos and papers, by one, approved by another."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from geo.photos import Mark
from webapp.audit.operations import record
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case, CasePhoto
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, Invalid, NotFound
from webapp.core.permissions import Permission
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.inspections.models import InspectionScan
from webapp.inspections.queries import signable
from webapp.inspections.workflow import SCANS
from webapp.media.models import Photo, Redaction
from webapp.media.papers import ReceivedPaper, store_paper
from webapp.media.redaction import (
    approve_redaction,
    draw_on_paper,
    draw_on_photo,
    register_finder,
    return_redaction,
)
from webapp.outcomes import permissions as may
from webapp.outcomes.facts import demand_publishable
from webapp.outcomes.models import CasePaper
from webapp.outcomes.policy import may_here
from webapp.outcomes.redactions import waiting_scans
from webapp.outcomes.wording import check_words, members_in, patterns_in

_FIELD_LENGTHS = {"title": 200, "number": 60}


def bring_paper(
    actor: Actor,
    case: Case,
    received: ReceivedPaper,
    *,
    title: str,
    number: str = "",
    issued_on: date | None = None,
) -> CasePaper:
    """Bring a paper for the page of a locked case. Raises Forbidden, Invalid."""
    _demand(actor, case, may.DRAFT)
    demand_publishable(case)
    _check_named(case, title, number, issued_on)
    brought = CasePaper(
        case_id=case.id,
        paper=store_paper(received),
        title=title.strip(),
        number=number.strip() or None,
        issued_on=issued_on,
        brought_by_id=_person(actor),
        brought_at=clock.now(),
    )
    session().add(brought)
    session().flush()
    record(actor, "outcome.bring_paper", subject_of(case), by=may.DRAFT, paper=brought.paper_id)
    return brought


def bring_scan(actor: Actor, case: Case, scan: InspectionScan) -> CasePaper:
    """Take the signed scan of an inspection paper for the page of a locked case.

    The same sealed file is used; only its redacted copy can become public. Taken twice it is there
    once. Raises Forbidden, NotFound for a scan of another case or one that a newer replaced.
    """
    _demand(actor, case, may.DRAFT)
    demand_publishable(case)
    taken = session().scalar(select(CasePaper).where(CasePaper.paper_id == scan.paper_id))
    if taken is not None and taken.case_id == case.id:
        return taken
    if scan not in waiting_scans(case.id):
        raise NotFound
    cited = signable(scan.file)[scan.kind]
    brought = CasePaper(
        case_id=case.id,
        paper_id=scan.paper_id,
        title=SCANS[scan.kind].source,
        number=cited.number,
        issued_on=cited.on,
        brought_by_id=_person(actor),
        brought_at=clock.now(),
    )
    session().add(brought)
    session().flush()
    record(actor, "outcome.bring_paper", subject_of(case), by=may.DRAFT, paper=brought.paper_id)
    return brought


def hide_on_photo(actor: Actor, case: Case, photo: Photo, marks: list[Mark]) -> Redaction:
    """Draw what is to be hidden on a photo of a locked case. Raises Forbidden, Invalid."""
    _demand(actor, case, may.DRAFT)
    return draw_on_photo(actor, photo, marks)


def hide_on_paper(actor: Actor, case: Case, brought: CasePaper, marks: list[Mark]) -> Redaction:
    """Draw what is to be hidden on a paper of a locked case. Raises Forbidden, Invalid."""
    _demand(actor, case, may.DRAFT)
    return draw_on_paper(actor, brought.paper, marks)


def approve_hiding(actor: Actor, case: Case, redaction: Redaction) -> None:
    """A second person lets the copy be chosen for the page; a photo's copy joins the case.

    Raises Forbidden for the one who drew, Invalid while a rule finds something in it.
    """
    _demand(actor, case, may.APPROVE)
    approve_redaction(actor, redaction)
    if redaction.photo_id is None or redaction.result_id is None:
        return
    source = (
        session()
        .scalars(
            select(CasePhoto).where(
                CasePhoto.case_id == case.id, CasePhoto.photo_id == redaction.photo_id
            )
        )
        .one()
    )
    session().add(
        CasePhoto(
            case_id=case.id,
            photo_id=redaction.result_id,
            purpose=source.purpose,
            voice=source.voice,
        )
    )
    session().flush()


def return_hiding(actor: Actor, case: Case, redaction: Redaction, *, reason: str) -> None:
    """Give it back to be drawn anew, with what is missing."""
    _demand(actor, case, may.APPROVE)
    return_redaction(actor, redaction, reason=reason)


@register_finder
def rules_broken(redaction: Redaction, text: str) -> Iterator[str]:
    """What the text of a page still shows against a rule of the public page, as codes of RULES.

    Who signs an official paper is named in it; reporters and members of groups never.
    """
    yield from patterns_in(text)
    query = select(Case).join(CasePaper, CasePaper.case_id == Case.id)
    case = session().scalar(query.where(CasePaper.paper_id == redaction.paper_id))
    if case is not None and members_in(case, text):
        yield "member"


def _check_named(case: Case, title: str, number: str, issued_on: date | None) -> None:
    given = {"title": title, "number": number}
    fields: dict[str, Text] = {
        name: _("Xin ghi ngắn hơn %(limit)s chữ cái.", limit=_FIELD_LENGTHS[name])
        for name, words in given.items()
        if len(words) > _FIELD_LENGTHS[name]
    }
    if not title.strip():
        fields["title"] = _("Xin ghi tên văn bản.")
    if issued_on is not None and issued_on > clock.today_local():
        fields["issued_on"] = _("Ngày văn bản không thể ở tương lai.")
    if fields:
        raise Invalid(_("Có chỗ cần sửa."), fields=fields)
    check_words(case, given)


def _demand(actor: Actor, case: Case, permission: Permission) -> None:
    if not may_here(actor, case, permission):
        raise Forbidden


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise Forbidden
    return actor.person_id
