"""Which records are probably the same problem, why, and what is said of whom; both databases."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories.directory import NA_TAU, a_unit
from tests.factories.reporting import LAT, LON, listed, make_report
from tests.factories.triage import an_officer, opened_case
from webapp.accounts.absence import step_aside
from webapp.audit.models import AuditEntry
from webapp.cases.clocks import subject_of as case_subject
from webapp.core import clock
from webapp.core.actor import GUEST, Actor
from webapp.core.errors import Forbidden, Invalid, NotFound
from webapp.core.unit_of_work import session, write_unit
from webapp.media.likeness import look_alikes, note_likeness
from webapp.reporting.identity import open_identity
from webapp.reporting.models import Report
from webapp.reporting.submission import Contact, SentPlace
from webapp.triage.models import NotSame
from webapp.triage.operations.joining import open_case_for
from webapp.triage.operations.reporters import reports_of
from webapp.triage.operations.same_problem import say_not_same, take_back_not_same
from webapp.triage.queries import same_problem
from webapp.triage.queries.compared import compared
from webapp.triage.queries.report_file import reports_in
from webapp.triage.queries.same_problem import Alike, Record

OTHER_WORDS = "Xe ben chở đất làm rơi vãi, bụi mù cả đoạn đường."
SCENE = "00ff12345678abcd"


@pytest.fixture
def officer(app: Flask) -> Actor:
    with write_unit():
        return an_officer()


def sent(east: float = 0.0, actor: Actor = GUEST, **changes: object) -> Report:
    """A report some thousandths of a degree to the east, inside the caller's write unit."""
    return make_report(actor, location=SentPlace(LON + east / 1000, LAT, 20, "gps"), **changes)


def seen(report: Report, likeness: str) -> None:
    """Its first photo was rendered and looks like this."""
    photo = report.photos[0].photo
    photo.likeness = likeness
    note_likeness(photo)


def alike(actor: Actor, record: Record) -> list[Alike]:
    """What is suggested to the record, which shows the photos of its reports."""
    reports = [record] if isinstance(record, Report) else reports_in(actor, record.id)
    photos = [link.photo for each in reports for link in each.photos]
    return same_problem.alike(actor, record, look_alikes(photos))


def codes(found: list[Alike]) -> list[str]:
    return [each.record.code for each in found]


def test_nearer_and_more_alike_words_come_first_with_their_parts(officer: Actor) -> None:
    with write_unit():
        report = sent()
        like = opened_case(officer, sent(0.8))
        near = opened_case(officer, sent(0.4, description=OTHER_WORDS))
        opened_case(officer, sent(9.0))
        found = alike(officer, report)
    assert codes(found) == [like.code, near.code]
    first, second = (each.parts for each in found)
    assert (first.words, second.words) == (1.0, pytest.approx(0.1, abs=0.1))
    assert 82 < (first.metres or 0) < 85 and 40 < (second.metres or 0) < 43
    assert (first.days, first.photo, first.senders) == (0, False, 0)
    assert 0 < found[1].points < found[0].points <= 100


def test_a_photo_that_looks_the_same_finds_a_record_without_a_place(officer: Actor) -> None:
    with write_unit():
        far = sent(9.0, photos=(listed(b"anh mot"),), description=OTHER_WORDS)
        case = opened_case(officer, far)
        report = sent(photos=(listed(b"anh hai"),))
        seen(far, SCENE)
        seen(report, SCENE[:-1] + "c")
        near = sent(0.1, description=OTHER_WORDS)
        found = alike(officer, report)
    assert [(each.record, each.parts.photo) for each in found] == [(case, True), (near, False)]
    assert (found[0].parts.metres or 0) > 900


def test_a_case_finds_waiting_reports_and_other_cases_but_not_its_own(officer: Actor) -> None:
    with write_unit():
        case = opened_case(officer, sent())
        other, waiting = opened_case(officer, sent(0.5)), sent(0.8)
        ended = opened_case(officer, sent(0.2))
        ended.state, ended.dismissal = "dismissed", "not_found"
        found = alike(officer, case)
    assert codes(found) == [other.code, waiting.code]


def test_the_same_sender_is_a_number_within_the_ring_alone(officer: Actor) -> None:
    contact = Contact("Cà Thị Ban", "0912 345 678", None)
    with write_unit():
        report = sent(contact=contact)
        case = opened_case(officer, sent(0.5, contact=contact))
        make_more = sent(0.6, contact=contact)
        make_more.case_id, make_more.state = case.id, "attached"
        stranger = opened_case(officer, sent(0.9))
        hidden = sent(0.7, contact=contact, to_province=True)
        hidden.case_id, hidden.state = case.id, "attached"
        for each in [report, *reports_of(case)]:
            if each is not hidden:
                open_identity(officer, each, reason="Gọi hỏi thêm về chỗ đổ rác")
        found = {each.record.code: each.parts.senders for each in alike(officer, report)}
    assert found == {case.code: 2, stranger.code: 0}
    with write_unit():
        report.reprisal_at = clock.now()
        found = {each.record.code: each.parts.senders for each in alike(officer, report)}
    assert found == {case.code: 0, stranger.code: 0}


def test_a_number_that_an_officer_types_does_not_tell_whose_report_it_is(officer: Actor) -> None:
    contact = Contact("Cà Thị Ban", "0912 345 678", None)
    with write_unit():
        secret = opened_case(officer, sent(0.5, contact=contact))
        typed = sent(actor=officer, contact=contact, channel="phone", on_behalf=True)
        found = {each.record.code: each.parts.senders for each in alike(officer, typed)}
    assert found == {secret.code: 0}


def test_a_number_put_into_the_form_of_residents_tells_nothing_either(officer: Actor) -> None:
    contact = Contact("Cà Thị Ban", "0912 345 678", "ban@matxanh.invalid")
    with write_unit():
        first = sent(0.5, contact=contact)
        secret, probe = opened_case(officer, first), sent(contact=contact)
        others = an_officer(name="Mùa A Dơ")

        def senders() -> list[int]:
            pairs = ((officer, probe), (officer, secret), (others, probe))
            return [sum(each.parts.senders for each in alike(*pair)) for pair in pairs]

        assert senders() == [0, 0, 0]
        open_identity(officer, probe, reason="Gọi lại cho người gửi")
        assert senders() == [0, 0, 0]  # that of one's own probe may be opened by anybody
        open_identity(officer, first, reason="Gọi lại cho người gửi")
        assert senders() == [1, 1, 0]


def test_what_the_actor_may_not_read_is_not_suggested(officer: Actor) -> None:
    with write_unit():
        report = sent()
        elsewhere = opened_case(officer, sent(0.3))
        elsewhere.handling_unit_id = a_unit(NA_TAU).id
        province = sent(0.4, to_province=True)
        left = opened_case(officer, sent(0.5))
        step_aside(officer, case_subject(left))
        assert alike(officer, report) == []
        assert codes(alike(an_officer(name="Mùa A Dơ"), report)) == [left.code]
    for code in (elsewhere.code, province.code, left.code, report.code):
        with pytest.raises(NotFound):
            compared(officer, report.code, code)


def test_not_the_same_is_kept_for_both_and_for_the_case_opened_later(officer: Actor) -> None:
    with write_unit():
        report, case = sent(), opened_case(officer, sent(0.5))
    for one, other in ((report, case), (case, report)):
        with write_unit():
            say_not_same(officer, one, other)
    assert session().scalar(select(func.count(NotSame.id))) == 1
    assert alike(officer, report) == [] == alike(officer, case)
    with write_unit():
        opened = open_case_for(officer, report, category_code=report.category, place_note=None)
    assert alike(officer, case) == [] == alike(officer, opened)
    assert compared(officer, case.code, opened.code).refused
    with write_unit():
        take_back_not_same(officer, opened, case)
    assert codes(alike(officer, case)) == [opened.code]
    noted = select(AuditEntry.action).where(AuditEntry.action.like("triage.not_same%"))
    assert list(session().scalars(noted.order_by(AuditEntry.id))) == [
        "triage.not_same",
        "triage.not_same_taken_back",
    ]


def test_only_who_decides_on_both_says_so(officer: Actor) -> None:
    with write_unit():
        report, case = sent(), opened_case(officer, sent(0.5))
        stranger = an_officer(unit=a_unit(NA_TAU))
    for act in (say_not_same, take_back_not_same):
        with pytest.raises(Forbidden), write_unit():
            act(stranger, report, case)
    with pytest.raises(Invalid), write_unit():
        say_not_same(officer, case, case)
    assert session().scalar(select(func.count(NotSame.id))) == 0


def test_side_by_side_says_what_differs(officer: Actor) -> None:
    with write_unit():
        report = sent(photos=(listed(b"anh mot"),), households_affected=3)
        other = sent(0.5, photos=(listed(b"hai"), listed(b"ba")), households_affected=3)
        other.received_at -= timedelta(days=2)
        case = opened_case(officer, other)
        for each in (report, other):
            for link in each.photos:
                link.photo.state, link.photo.original_key = "ready", "kho/thu"
        seen(report, SCENE)
        second = other.photos[1].photo
        second.likeness = SCENE
        note_likeness(second)
    found = compared(officer, report.code, case.code)
    assert found.differing == {"since"}
    assert (found.left.reports, found.right.households, found.pair) == (1, 3, (0, 1))
    assert (found.parts.days, found.parts.photo, found.refused) == (2, True, False)
    assert compared(officer, case.code, report.code).pair == (1, 0)
