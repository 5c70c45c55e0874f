"""Whoever stepped aside from a matter hears nothing more of it, on the page or by mail."""

import pytest
from flask import Flask

from tests.factories.accounts import make_person
from tests.factories.casework import Desks, make_letter
from tests.factories.directory import a_unit, an_organisation
from tests.factories.reporting import make_report
from webapp.accounts.absence import step_aside
from webapp.accounts.models import Account
from webapp.audit.operations import Subject
from webapp.casework import messages
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.directory.models import FocalPoint
from webapp.notifications.models import Notice
from webapp.notifications.operations import mark_read, notify
from webapp.notifications.queries import notices_of, unread_count
from webapp.notifications.recipients import recipients_of
from webapp.reporting.operations import subject_of as subject_of_report
from webapp.triage import messages as triage_messages

INBOX = "vanthu@matxanh.invalid"


@pytest.fixture
def colleague(desks: Desks) -> Actor:
    return make_person("front_commune", unit=a_unit(), organisation=an_organisation())[1]


def seen(actor: Actor) -> set[int]:
    return {each.notice.id for each in notices_of(actor, language="vi")}


def boxes(notice: Notice) -> set[str]:
    return {each.to for each in recipients_of(notice)}


@pytest.fixture
def told(desks: Desks) -> list[Notice]:
    """A notice of a letter, of its case and of a report, to the committee; its two inboxes."""
    letter, report, front = make_letter(desks, "delivered"), make_report(), an_organisation()
    for email in (INBOX, desks.emails["front"].upper()):
        session().add(
            FocalPoint(
                organisation_id=front.id,
                name="Văn thư",
                email=email,
                substitute=False,
                valid_from=a_unit().valid_from,
            )
        )
    subjects = (
        (messages.LETTER_ANSWERED, Subject("recommendation", letter.id)),
        (messages.CASE_DUE_SOON, Subject("case", letter.case_id)),
        (triage_messages.REPORT_RECEIVED, subject_of_report(report)),
    )
    return [notify(key, subject, organisation_id=front.id) for key, subject in subjects]


def test_what_hangs_on_a_case_goes_with_it(
    desks: Desks, colleague: Actor, told: list[Notice]
) -> None:
    of_letter, of_case, of_report = told
    step_aside(desks.front, Subject("case", of_case.subject_id))
    assert seen(desks.front) & {each.id for each in told} == {of_report.id}
    assert {each.id for each in told} <= seen(colleague)
    own = desks.emails["front"].upper()
    assert boxes(of_report) - boxes(of_case) == boxes(of_report) - boxes(of_letter) == {own}


def test_a_report_is_left_alone_and_stays_unread_for_the_others(
    desks: Desks, colleague: Actor, told: list[Notice]
) -> None:
    of_report = told[-1]
    before = unread_count(desks.front)
    step_aside(desks.front, Subject("report", of_report.subject_id))
    left = before - unread_count(desks.front)
    assert left == 2  # it came, and it was handed over
    mark_read(desks.front, up_to_id=of_report.id)
    assert unread_count(colleague) == left
    assert boxes(told[0]) - boxes(of_report) == {desks.emails["front"].upper()}
    assert INBOX in boxes(of_report)


def test_a_notice_to_the_person_alone_is_not_sent(app: Flask, desks: Desks) -> None:
    report = make_report()
    account = session().query(Account).filter_by(person_id=desks.front.person_id).one()
    subject = subject_of_report(report)
    notice = notify(triage_messages.REPORT_RECEIVED, subject, person_id=desks.front.person_id)
    assert boxes(notice) == {account.email}
    step_aside(desks.front, subject)
    assert boxes(notice) == set()
    assert notice.id not in seen(desks.front)
