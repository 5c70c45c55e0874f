"""The demonstration goes through every state by real operations and leaves a sound database."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories.outcomes import a_case
from webapp.accounts.demo import create_demo_accounts
from webapp.audit.queries import first_broken_entry
from webapp.cases.counts import rebuild
from webapp.cases.models import Case
from webapp.cases.workflow import CASE_STATES
from webapp.core.unit_of_work import session, write_unit
from webapp.demo.play import play
from webapp.demo.stories import Story, stories
from webapp.outcomes.models import Outcome
from webapp.outcomes.wording import check_words
from webapp.reporting.models import Report
from webapp.reporting.workflow import REPORT_STATES


def test_every_state_is_reached(app: Flask) -> None:
    with write_unit():
        create_demo_accounts()
    told: list[str] = []
    play(told.append, scale=0.0)
    assert set(session().scalars(select(Case.state))) == set(CASE_STATES)
    assert set(session().scalars(select(Report.state))) == set(REPORT_STATES)
    assert session().scalar(select(func.count(Outcome.id)).where(Outcome.state == "published"))
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
