"""Who hears of an outcome page: who may approve it, then those who sent or follow the case."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.accounts import make_person
from tests.factories.directory import DIEN_BIEN, NA_TAU, a_unit
from tests.factories.outcomes import a_case, a_person, an_outcome
from tests.factories.reporting import make_report
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.operations import drain
from webapp.notifications.models import MailboxItem, Notice
from webapp.notifications.queries import notices_of
from webapp.outcomes.operations import (
    Draft,
    approve_draft,
    draft_outcome,
    edit_draft,
    publish_outcome,
    revise_outcome,
)
from webapp.reporting.submission import Contact

WORDS = "Mặt trận đã theo dõi việc dọn bãi rác."
WAITS = "outcome.to_approve"


def told(message: str) -> list[int | None]:
    query = select(Notice.person_id).where(Notice.message == message).order_by(Notice.id)
    return list(session().scalars(query))


@pytest.fixture
def publishers(app: Flask) -> list[Actor]:
    """Of the commune, of its province, and of another commune."""
    with write_unit():
        units = (a_unit(), a_unit(DIEN_BIEN), a_unit(NA_TAU))
        return [make_person("publisher", unit=each)[1] for each in units]


def test_a_draft_is_told_to_those_who_may_approve_it_here(publishers: list[Actor]) -> None:
    here, province, _elsewhere = publishers
    with write_unit():
        writer = make_person("front_commune", unit=a_unit())[1]
        outcome = draft_outcome(writer, a_case(), Draft(WORDS))
    assert told(WAITS) == [here.person_id, province.person_id]
    with write_unit():
        edit_draft(writer, outcome, Draft(f"{WORDS} Đã sạch."))
    assert len(told(WAITS)) == 2, "not at every edit"


def test_who_wrote_it_is_not_asked_to_approve(publishers: list[Actor]) -> None:
    here, province, _elsewhere = publishers
    with write_unit():
        draft_outcome(here, a_case(), Draft(WORDS))
    assert told(WAITS) == [province.person_id]


def test_where_two_must_approve_the_second_hears_after_the_first(publishers: list[Actor]) -> None:
    here, province, _elsewhere = publishers
    with write_unit():
        outcome = draft_outcome(here, a_case(), Draft(WORDS, recognisable=True))
        second = make_person("publisher", unit=a_unit())[1]
    with write_unit():
        approve_draft(province, outcome, standpoint_hidden=True, recognisable=True)
    assert told(WAITS) == [province.person_id, second.person_id]
    with write_unit():
        approve_draft(second, outcome, standpoint_hidden=True, recognisable=True)
    assert len(told(WAITS)) == 2


def test_the_notice_is_empty_once_the_page_is_approved(publishers: list[Actor]) -> None:
    here, province, _elsewhere = publishers
    with write_unit():
        writer = make_person("front_commune", unit=a_unit())[1]
        outcome = draft_outcome(writer, a_case(), Draft(WORDS))
    (notice,) = notices_of(here, language="vi")
    assert notice.rendered is not None
    assert "Xã Mường Phăng" in str(notice.rendered.body)
    assert notice.rendered.path == f"/can-bo/ket-qua/{outcome.case.code}"
    with write_unit():
        approve_draft(province, outcome, standpoint_hidden=True, recognisable=False)
    (notice,) = notices_of(here, language="vi")
    assert notice.rendered is None


def test_publication_and_correction_are_told_to_who_sent_it(app: Flask) -> None:
    with write_unit():
        case = a_case()
        report = make_report(contact=Contact(None, None, "lo.thi.ang@thu.invalid"))
        report.case_id, report.state = case.id, "attached"
        outcome = an_outcome(case, state="approved", approved_by_id=a_person().id)
    with write_unit():
        publish_outcome(make_person("publisher", unit=a_unit())[1], outcome)
    assert told("report.update") == [None]
    drain()
    (mail,) = session().scalars(select(MailboxItem)).all()
    assert "Việc ông/bà gửi có cập nhật" in mail.body
    with write_unit():
        writer = make_person("front_commune", unit=a_unit())[1]
        revise_outcome(writer, outcome, Draft(WORDS), reason="Sửa ngày.")
    assert len(told("report.update")) == 1, "nothing is public yet"
    with write_unit():
        approve_draft(
            make_person("publisher", unit=a_unit())[1],
            outcome,
            standpoint_hidden=True,
            recognisable=False,
        )
        publish_outcome(make_person("publisher", unit=a_unit())[1], outcome)
    assert len(told("report.update")) == 2
