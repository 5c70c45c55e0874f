"""One mail a morning and officer, of what that officer may see, and none without need."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.factories.accounts import make_person
from tests.factories.cases import make_case
from tests.factories.clock import FrozenClock
from tests.factories.directory import DIEN_BIEN, NA_TAU, a_unit, an_organisation
from tests.factories.notifications import KeptMails
from tests.factories.reporting import send
from tests.factories.triage import an_officer
from webapp.accounts.absence import Absence, delegate
from webapp.cases.models import TimelineLine
from webapp.cases.operations import lock_case
from webapp.cases.workflow import CASE
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.digest import operations, queries
from webapp.digest.operations import send_digest, start_morning
from webapp.directory.models import Unit
from webapp.jobs.operations import drain
from webapp.notifications import delivery
from webapp.reporting.models import Report
from webapp.reporting.submission import UnitKey
from webapp.triage.operations.reports import forward_report
from webapp.triage.operations.transfer import propose_transfer, transfer_case

SEVEN = datetime(2026, 3, 3, 0, 5, tzinfo=UTC)  # Tuesday 07:05 in Việt Nam
THERE = {"location": None, "unit": UnitKey("gso-2025", NA_TAU), "place_note": "Bản Nà Tấu"}


@pytest.fixture
def mails(app: Flask, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> KeptMails:
    kept = KeptMails()
    monkeypatch.setattr(delivery, "_delivery", replace(delivery.delivery(), mailer=kept))
    monkeypatch.setattr(operations, "_hour", 7)
    return kept


def officer(role: str = "front_commune", unit: Unit | None = None, **more: object) -> str:
    with write_unit():
        account, _actor = make_person(role, unit=unit or a_unit(), **more)  # type: ignore[arg-type]
    return str(account.email)


def morning(frozen: FrozenClock, at: datetime = SEVEN) -> None:
    frozen.at = at
    start_morning()
    drain()


def test_an_officer_is_told_what_is_new_due_and_answered_here(
    mails: KeptMails, frozen: FrozenClock
) -> None:
    email = officer()
    for _ in range(2):
        send()
    send(**THERE)
    send(to_province=True)
    with write_unit():
        made = make_case("concluded", opened_at=clock.now() - timedelta(days=9))
        session().flush()
        session().add(
            TimelineLine(
                case_id=made.id,
                at=clock.now(),
                transition="conclude",
                from_state="inspecting",
                to_state="concluded",
                voice="office",
                visible_from=clock.now(),
            )
        )
        make_case("verifying", due_at=SEVEN + timedelta(hours=3), opened_at=clock.now())
        make_case("verifying", due_at=SEVEN + timedelta(days=2), opened_at=clock.now())
        make_case("closed", closed_at=clock.now(), opened_at=clock.now())
    morning(frozen)
    (mail,) = mails.mails
    assert mail.to == email and mail.subject == "Mắt Xanh: việc sáng nay"
    for words in (
        "Phản ánh mới: 2\n",
        "Vụ việc mới đến: 2\n",
        "Vụ việc đến hạn hôm nay hoặc quá hạn: 1\n",
        "Vụ việc cơ quan đã trả lời: 1\n",
        "/can-bo/hang-doi\n",
    ):
        assert words in mail.body, mail.body
    assert "bổ sung" not in mail.body
    assert not any(each.isdigit() for each in mail.body[:70])


def test_what_came_back_from_the_place_is_told_to_the_front(
    mails: KeptMails, frozen: FrozenClock
) -> None:
    officer()
    for role, unit in (
        *(("env_commune", a_unit()), ("front_signer", a_unit())),
        ("front_province", a_unit(DIEN_BIEN)),
    ):
        officer(role, unit)  # who asks nobody to go there has no such pile
    with write_unit():
        long_ago = clock.now() - timedelta(days=9)
        for step in ("record_verification", "return_verification"):
            made = make_case("received", opened_at=long_ago)
            session().flush()
            session().add(
                TimelineLine(
                    case_id=made.id,
                    at=clock.now(),
                    transition=step,
                    from_state="verifying",
                    to_state="received",
                    voice="front",
                    visible_from=clock.now(),
                )
            )
    morning(frozen)
    (mail,) = mails.mails
    assert "Vụ việc đã xem tại chỗ hoặc không ai đi xem trong hạn: 2\n" in mail.body


def test_what_another_commune_handed_over_is_new_here_and_not_to_the_province(
    mails: KeptMails, frozen: FrozenClock
) -> None:
    here, there = officer(), officer(unit=a_unit(NA_TAU))
    above = officer("front_province", a_unit(DIEN_BIEN))
    sent = send()
    with write_unit():
        away = make_case("received", opened_at=clock.now())
    for day in range(7):  # long told, and nothing new since
        morning(frozen, SEVEN + timedelta(days=day))
    mails.mails.clear()
    frozen.forward(hours=2)
    with write_unit():
        desk = an_officer()
        report = session().get_one(Report, sent.report.id)
        forward_report(desk, report, unit_id=a_unit(NA_TAU).id, reason="Bên kia suối")
        propose_transfer(desk, lock_case(away.id), unit_id=a_unit(NA_TAU).id, reason="Bên kia suối")
        taker = make_person("front_commune", unit=a_unit(NA_TAU))[1]
        transfer_case(taker, lock_case(away.id))
    morning(frozen, SEVEN + timedelta(days=7))
    told = {mail.to: mail.body for mail in mails.mails}
    assert "Phản ánh mới: 1\n" in told[there] and "Vụ việc mới đến: 1\n" in told[there]
    for other in (here, above):
        assert "mới" not in told.get(other, "").partition("\n\n")[2]


def test_once_a_day_however_often_the_clock_ticks(mails: KeptMails, frozen: FrozenClock) -> None:
    officer()
    send()
    for minutes in range(0, 60, 5):
        morning(frozen, SEVEN + timedelta(minutes=minutes))
    assert len(mails.mails) == 1
    assert mails.mails[0].message_id.startswith("<digest.")


def test_the_next_morning_tells_only_what_came_since(mails: KeptMails, frozen: FrozenClock) -> None:
    officer()
    send()
    morning(frozen)
    frozen.forward(hours=5)
    send()
    send()
    morning(frozen, SEVEN + timedelta(days=1))
    assert "Phản ánh mới: 2\n" in mails.mails[-1].body and len(mails.mails) == 2


def test_no_mail_when_there_is_nothing_to_do(mails: KeptMails, frozen: FrozenClock) -> None:
    officer()
    send(**THERE)
    morning(frozen)
    assert mails.mails == []


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 3, 2, 23, 59, tzinfo=UTC),  # 06:59
        datetime(2026, 3, 3, 4, 0, tzinfo=UTC),  # 11:00
        datetime(2026, 3, 7, 0, 5, tzinfo=UTC),  # Saturday
        datetime(2026, 4, 30, 0, 5, tzinfo=UTC),  # a holiday
    ],
)
def test_only_in_the_morning_of_a_working_day(
    mails: KeptMails, frozen: FrozenClock, at: datetime
) -> None:
    officer()
    frozen.at = at - timedelta(hours=1)
    send()
    morning(frozen, at)
    assert mails.mails == []


def test_it_can_be_switched_off(
    mails: KeptMails, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "_hour", -1)
    officer()
    send()
    morning(frozen)
    assert mails.mails == []


def test_an_office_counts_its_own_cases_and_opens_its_own_desk(
    mails: KeptMails, frozen: FrozenClock
) -> None:
    office = an_organisation("env_office")
    email = officer("env_commune", organisation=office)
    with write_unit():
        mine = make_case("escalated", office_id=office.id, opened_at=clock.now())
        make_case("escalated", opened_at=clock.now())
        assert mine.id
    morning(frozen)
    (mail,) = mails.mails
    assert mail.to == email and "Vụ việc mới đến: 1\n" in mail.body
    assert "/can-bo/co-quan" in mail.body and "Phản ánh" not in mail.body


def test_who_acts_for_somebody_absent_is_told_what_waits_there(
    mails: KeptMails, frozen: FrozenClock
) -> None:
    with write_unit():
        _account, away = make_person("front_commune", unit=a_unit())
        acting, _actor = make_person("publisher", unit=a_unit())
        today = clock.today_local()
        delegate(
            away,
            organisation_id=away.grants[0].organisation_id,
            acting_id=acting.person_id,
            absence=Absence(today, today + timedelta(days=3)),
        )
        email = acting.email
    send()
    morning(frozen)
    # Beside the mail that says for whom one acts, which went out when it was said.
    told = {mail.to: mail.body for mail in mails.mails if "việc sáng nay" in mail.body}
    assert len(told) == 2 and "Phản ánh mới: 1\n" in told[email]
    assert [mail.to for mail in mails.mails if mail.body not in told.values()] == [email]


@pytest.mark.parametrize("role", ["admin", "auditor", "group_member"])
def test_who_has_no_queue_has_no_mail(mails: KeptMails, frozen: FrozenClock, role: str) -> None:
    officer(role, a_unit("11"))
    send()
    morning(frozen)
    assert mails.mails == []


def test_a_right_lost_before_the_sending_counts(mails: KeptMails, frozen: FrozenClock) -> None:
    officer()
    send()
    frozen.at = SEVEN
    start_morning()
    frozen.forward(days=1)
    drain()
    assert mails.mails == []  # yesterday's mail tells nothing today
    send_digest(10**9, clock.today_local().isoformat())
    assert mails.mails == []


def test_the_answers_it_looks_for_are_steps_of_the_table() -> None:
    assert {*queries._ANSWERS, *queries._CHECKED} <= set(CASE.names())
