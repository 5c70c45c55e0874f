"""The demonstration goes through every state by real operations and leaves a sound database."""

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories.outcomes import a_case
from webapp.accounts.demo import create_demo_accounts
from webapp.audit.queries import first_broken_entry
from webapp.cases.counts import rebuild
from webapp.cases.models import Case
from webapp.cases.workflow import CASE_STATES
from webapp.casework.models import CaseLetter, Recommendation
from webapp.casework.workflow import LETTER_KINDS
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.demo.planning import HOME
from webapp.demo.play import play
from webapp.demo.replies import make_replies, replies
from webapp.demo.script import _sender
from webapp.demo.stories import Story, stories
from webapp.directory.models import Unit
from webapp.inspections.models import InspectionFile
from webapp.jobs.models import OutboxRow
from webapp.notifications.models import Notice
from webapp.outcomes.models import Outcome
from webapp.outcomes.wording import check_words
from webapp.reporting.models import Report, ReportIdentity
from webapp.reporting.workflow import REPORT_STATES
from webapp.triage.forms.desk import TemplateForm
from webapp.triage.models import ReplyTemplate
from webapp.triage.operations.desk import Wording
from webapp.triage.workflow import WORDED_STEPS


def check_desks_at_home() -> None:
    """Each demo sign-in of the commune has its work; nothing contradicts itself or waits."""
    home = (
        session().scalars(select(Unit.id).where(Unit.code == HOME, Unit.valid_to.is_(None))).one()
    )
    here = select(Recommendation.state).join(Case).where(Case.handling_unit_id == home)
    assert set(session().scalars(here)) >= {"submitted_for_signature", "signed", "issued", "void"}
    assert set(session().scalars(select(CaseLetter.kind))) == set(LETTER_KINDS) - {"hearing_report"}
    decided = select(Case.handling_unit_id).join(InspectionFile, InspectionFile.case_id == Case.id)
    assert home in session().scalars(decided.where(InspectionFile.state == "decided")).all()
    ordered = select(Case.conclusion).where(Case.state == "remedying")
    assert set(session().scalars(ordered)) == {"violation"}
    assert session().scalar(select(func.count(ReportIdentity.report_id)))
    waiting = select(OutboxRow.kind, OutboxRow.due_at).where(OutboxRow.state == "waiting")
    left = session().execute(waiting).all()
    printed = {"documents.render", "outcomes.print_sheets"}
    # The notices of the present day wait too: they are not of the past.
    assert {kind for kind, _ in left} - {"notifications.send"} == printed
    unread = session().scalars(select(Notice.created_at).where(Notice.read_at.is_(None))).all()
    assert unread
    assert min(unread) >= clock.now() - timedelta(days=3)
    newest = session().scalars(select(Report.received_at).order_by(Report.received_at.desc()))
    assert min(due for _, due in left) >= newest.first()


def test_no_sender_could_be_real() -> None:
    senders = [_sender(str(uuid.UUID(int=drawn))) for drawn in range(300)]
    named = [each for each in senders if each]
    assert len(named) == 100
    assert all(re.fullmatch(r"Người gửi thử số \d+ \(ví dụ\)", each.name or "") for each in named)
    # No number of Vietnam or of another country begins with so many zeros.
    assert all(re.fullmatch(r"0000000\d{3}", each.phone or "") for each in named)


def test_every_state_is_reached(app: Flask) -> None:
    with write_unit():
        create_demo_accounts()
    told: list[str] = []
    play(told.append, scale=0.0)
    assert set(session().scalars(select(Case.state))) == set(CASE_STATES)
    assert set(session().scalars(select(Report.state))) == set(REPORT_STATES)
    assert session().scalar(select(func.count(Outcome.id)).where(Outcome.state == "published"))
    check_desks_at_home()
    assert first_broken_entry() is None
    session().rollback()
    with write_unit():
        assert rebuild() == 0


def test_every_story_may_be_published(app: Flask) -> None:
    with write_unit():
        for story in stories():
            front, office = f"{story.summary} {story.result}", f"{story.finding} {story.measures}"
            check_words(a_case(), {"front_words": front, "office_words": office})


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.category.code)
def test_a_story_names_nobody(story: Story) -> None:
    parts = (story.summary, story.request, story.finding, story.measures, story.result)
    words = " ".join((*parts, *story.words, *story.places))
    assert not re.search(r"(?i:công ty|hợp tác xã|doanh nghiệp|\b(?:ông|bà|anh|chị)) [A-ZĐ]", words)


def test_both_committees_have_replies_for_every_step_with_words(app: Flask) -> None:
    with write_unit():
        create_demo_accounts()
    make_replies()
    kept = session().execute(select(ReplyTemplate.organisation_id, ReplyTemplate.step)).all()
    assert len({organisation for organisation, _ in kept}) == 2
    assert len(kept) == 2 * len(replies())
    assert {step for _, step in kept} == set(WORDED_STEPS)


@pytest.mark.parametrize("reply", replies(), ids=lambda reply: reply.name)
def test_a_reply_could_be_kept_from_its_page_and_names_nobody(app: Flask, reply: Wording) -> None:
    sent = {"name": reply.name, "words": reply.words}
    with app.test_request_context(method="POST", data=sent):
        form = TemplateForm(meta={"csrf": False})
        assert form.name.validate(form), form.name.errors
        assert form.words.validate(form), form.words.errors
    assert not re.search(
        r"(?i:công ty|hợp tác xã|doanh nghiệp|\b(?:ông|bà|anh|chị)) [A-ZĐ]", reply.words
    )
