"""What is told to whom: only what is public when it leaves, each thing once, when it was wished."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories.alerts import FAR, a_public_case, a_reader, a_step, links, tell, told
from tests.factories.cases import AT_NA_TAU, make_line, move_case
from tests.factories.clock import FrozenClock
from tests.factories.directory import NA_TAU, a_unit, an_organisation, make_unit
from tests.factories.notifications import KeptMails
from tests.factories.outcomes import a_case, an_outcome
from tests.statements import asked, plans
from webapp.alerts import news, sending
from webapp.alerts.models import Alert, AlertKey, PublicNews
from webapp.alerts.workflow import next_telling
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.events import announce
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.followed_units import units_followed
from webapp.directory.models import UnitSuccession
from webapp.jobs.models import OutboxRow
from webapp.jobs.operations import drain
from webapp.notifications.delivery import Mail
from webapp.outcomes.events import OutcomeMoved

MUONG_PHANG = "gso-2025:03325"


def office() -> str:
    return str(an_organisation().id)


HEAR: tuple[dict[str, str], ...] = (
    {},
    {"category": "p_waste"},
    {"category": "dumping"},
    {"unit": MUONG_PHANG},
    {"unit": "gso-2025:11"},
    {"unit": MUONG_PHANG, "category": "dumping"},
    {"lat": "21.46", "lon": "103.12", "radius": "2"},
    {"lat": "21.55", "lon": "103.12", "radius": "20"},
)
DO_NOT: tuple[dict[str, str], ...] = (
    {"category": "burning"},
    {"unit": f"gso-2025:{NA_TAU}"},
    {"unit": "gso-2025:19"},
    {"unit": MUONG_PHANG, "category": "burning"},
    {"lat": "21.55", "lon": "103.12", "radius": "5"},
    {"results": "1"},
)


def test_who_hears_of_a_step(mails: KeptMails) -> None:
    case, other = a_public_case(), a_public_case(unit=a_unit("19"), point=FAR)
    for number, given in enumerate((*HEAR, {"office": office()}, {"case": case.code})):
        a_reader(f"nghe.{number}@thu.invalid", **given)
    for number, given in enumerate(DO_NOT):
        a_reader(f"khong.{number}@thu.invalid", **given)
    a_step(case)
    tell()
    heard = [mail for mail in mails.mails if mail.stop_url]
    assert sorted(mail.to for mail in heard) == [
        f"nghe.{number}@thu.invalid" for number in range(len(HEAR) + 2)
    ]
    assert all("Mặt trận đã gửi kiến nghị." in mail.body for mail in heard)
    a_step(other, "Bước của vụ việc khác.")
    tell()
    others = {mail.to for mail in mails.mails if "vụ việc khác" in mail.body}
    assert others == {f"nghe.{n}@thu.invalid" for n in range(3)} | {"khong.2@thu.invalid"}


def test_results_are_told_with_their_page_and_a_correction_as_one(mails: KeptMails) -> None:
    a_reader(results="1")
    with write_unit():
        page = an_outcome(a_case(state="closed"), state="published")
        announce(OutcomeMoved(page.id, page.case_id, "publish", "published"))
    tell()
    (body,) = told(mails)
    assert "Kết quả đã được công khai." in body and f"/ket-qua/{page.case.code}" in body


def test_a_result_that_was_retracted_meanwhile_is_left_out(mails: KeptMails) -> None:
    a_reader(results="1")
    with write_unit():
        page = an_outcome(a_case(state="closed"), state="published")
        announce(OutcomeMoved(page.id, page.case_id, "publish", "published"))
        page.state = "retracted"
    tell()
    assert told(mails) == []


def test_each_thing_is_told_once(mails: KeptMails, frozen: FrozenClock) -> None:
    case = a_public_case()
    a_reader()
    a_step(case, "Bước thứ nhất.")
    for _minute in range(3):
        tell()
        frozen.forward(minutes=1)
    a_step(case, "Bước thứ hai.")
    tell()
    first, second = told(mails)
    assert "thứ nhất" in first and "thứ hai" in second and "thứ nhất" not in second


def test_several_steps_of_one_case_are_one_entry(mails: KeptMails) -> None:
    case = a_public_case()
    a_reader()
    for number in range(3):
        a_step(case, f"Bước {number}.")
    tell()
    (body,) = told(mails)
    assert body.count(f"/vu-viec/{case.code}\n") == 1 and "Bước 0.\nBước 1.\nBước 2.\n" in body


HIDE: tuple[dict[str, str | None], ...] = (
    {"state": "dismissed", "dismissal": "not_found"},
    {"state": "handed_over"},
    {"public_since": None},
    {"category": "burial"},
)


def test_what_is_hidden_before_it_is_sent_is_left_out(mails: KeptMails) -> None:
    cases, stays = [a_public_case() for _each in HIDE], a_public_case()
    waiting = [a_reader(frequency="day")]
    for number, case in enumerate(cases):
        waiting.append(a_reader(f"mot.vu.{number}@thu.invalid", frequency="day", case=case.code))
        a_step(case, "Bước của vụ việc bị ẩn.")
    a_step(stays, "Bước còn công khai.")
    tell()
    with write_unit():
        for case, hide in zip(cases, HIDE, strict=True):
            hidden = session().merge(case)
            for name, value in hide.items():
                setattr(hidden, name, value)
    due(*waiting)
    tell()
    (body,) = told(mails)
    assert "còn công khai" in body and "bị ẩn" not in body
    assert not any(case.code in body for case in cases)


def due(*alerts: Alert) -> None:
    with write_unit():
        for alert in alerts:
            session().merge(alert).due_at = clock.now()


def test_a_line_without_words_or_of_a_hidden_case_is_no_news(mails: KeptMails) -> None:
    a_reader()
    a_step(a_public_case(), None)
    a_step(a_public_case(state="received"), "Lời của vụ việc chưa công khai.")
    tell()
    assert told(mails) == []
    assert session().scalar(select(func.count(PublicNews.id))) == 0


def test_a_step_that_may_still_be_undone_waits(mails: KeptMails, frozen: FrozenClock) -> None:
    case = a_public_case()
    a_reader()
    a_step(case, "Còn hoàn tác được.", visible_from=clock.now() + timedelta(seconds=30))
    undone = a_step(case, "Đã hoàn tác.", visible_from=clock.now() + timedelta(seconds=30))
    tell()
    assert told(mails) == []
    with write_unit():
        session().delete(session().merge(undone))
    frozen.forward(seconds=31)
    tell()
    (body,) = told(mails)
    assert "Còn hoàn tác được." in body and "Đã hoàn tác." not in body


def test_who_follows_a_merged_case_hears_of_where_it_went(mails: KeptMails) -> None:
    old, survivor = a_public_case(), a_public_case(unit=a_unit(NA_TAU))
    a_reader(case=old.code)
    with write_unit():
        move_case(session().merge(old), "merged", merged_into_id=survivor.id)
    a_step(survivor)
    tell()
    assert f"/vu-viec/{survivor.code}\n" in told(mails)[0]


def test_an_old_unit_hears_of_the_unit_that_took_its_place(mails: KeptMails) -> None:
    with write_unit():
        old = make_unit("99010", name="Xã Cũ")
        older = make_unit("99011", name="Xã Cũ Hơn", valid_to=datetime(2025, 8, 1).date())
    a_reader("cu@thu.invalid", unit="gso-2025:99010")
    a_reader("cu.hon@thu.invalid", unit="gso-2025:99011")
    with write_unit():
        session().merge(old).valid_to = datetime(2025, 9, 1).date()
        for one, other in ((older, old), (old, a_unit())):
            day = datetime(2025, 9, 2).date()
            session().add(UnitSuccession(old_id=one.id, new_id=other.id, effective=day))
    a_step(a_public_case(), "Việc ở xã mới.")
    a_step(a_public_case(unit=a_unit(NA_TAU)), "Việc ở xã khác.")
    tell()
    assert len(told(mails)) == 2
    assert all("xã mới" in body and "xã khác" not in body for body in told(mails))
    assert a_unit().id in units_followed(session().merge(older), clock.today_local())
    assert units_followed(a_unit(NA_TAU), clock.today_local()).isdisjoint({old.id, older.id})


@pytest.mark.parametrize(
    ("frequency", "at", "then"),
    [
        ("now", "2026-03-02T01:00", "2026-03-02T01:00"),
        ("day", "2026-03-02T01:00", "2026-03-03T00:00"),  # Monday 08:00, next morning 07:00
        ("day", "2026-03-01T23:59", "2026-03-02T00:00"),  # Monday 06:59
        ("week", "2026-03-01T23:59", "2026-03-02T00:00"),
        ("week", "2026-03-02T00:00", "2026-03-09T00:00"),  # Monday 07:00: this one is over
        ("week", "2026-03-08T16:59", "2026-03-09T00:00"),  # Sunday 23:59
    ],
)
def test_when_it_is_told(frequency: str, at: str, then: str) -> None:
    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    assert next_telling(frequency, moment(at)) == moment(then)


def test_a_digest_gathers_what_came_until_its_morning(
    mails: KeptMails, frozen: FrozenClock
) -> None:
    case = a_public_case()
    a_reader("ngay@thu.invalid", frequency="day")
    a_reader("tuan@thu.invalid", frequency="week")
    for day in range(8):  # Monday 08:00 to the next
        a_step(case, f"Bước ngày {day}.")
        tell()
        frozen.forward(hours=23)  # seven in the morning
        tell()
        frozen.forward(hours=1)
    by_reader = {
        to: [mail.body for mail in mails.mails if mail.to == to and mail.stop_url]
        for to in ("ngay@thu.invalid", "tuan@thu.invalid")
    }
    assert len(by_reader["ngay@thu.invalid"]) == 8
    (weekly,) = by_reader["tuan@thu.invalid"]
    assert all(f"Bước ngày {day}." in weekly for day in range(7)) and "ngày 7." not in weekly


def test_a_letter_in_english_with_a_neutral_first_line(mails: KeptMails) -> None:
    case = a_public_case()
    a_reader(language="en", unit=MUONG_PHANG)
    a_step(case)
    tell()
    mail = mails.mails[-1]
    assert mail.subject == "Mắt Xanh: there is an update"
    assert case.code not in mail.body[:70] and "Phang" not in mail.body[:70]
    assert f"/en/vu-viec/{case.code}" in mail.body
    assert all(path.startswith("/en/nhan-tin/") for path in links(mail.body))


def test_a_worker_that_died_after_sending_sends_the_same_message(
    mails: KeptMails, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_reader()
    drain()
    a_step(a_public_case())

    def die(*_any: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(sending, "_told", die)
        tell()
    frozen.forward(minutes=2)
    tell()
    tell()
    ids = [mail.message_id for mail in mails.mails if mail.stop_url]
    assert len(ids) == 2 and len(set(ids)) == 1


def test_a_run_that_is_repeated_tells_nothing_twice(mails: KeptMails) -> None:
    alert = a_reader()
    a_step(a_public_case())
    sending.tell_news()
    (row,) = session().scalars(select(OutboxRow).where(OutboxRow.kind == "alerts.send"))
    payload = dict(row.payload)
    sending.tell_news()
    for _twice in range(2):
        sending.send_telling(**payload)
    drain()
    assert len(told(mails)) == 1
    assert session().get_one(Alert, alert.id, populate_existing=True).sending_up_to is None


def test_what_got_stuck_is_due_again(mails: KeptMails, frozen: FrozenClock) -> None:
    a_reader()
    drain()
    a_step(a_public_case())
    mails.refuses = {"lo.thi.ang@thu.invalid"}  # the mail server does not answer
    for _try in range(12):
        tell()
        frozen.forward(minutes=20)
    assert told(mails) == []
    mails.refuses = set()
    sending.forget_alerts()
    tell()
    assert len(told(mails)) == 1


class Refusing(KeptMails):
    """A mail server that does not know the address."""

    def send(self, mail: Mail) -> None:
        if mail.stop_url:
            raise smtplib.SMTPRecipientsRefused({mail.to: (550, b"no such user")})
        super().send(mail)


def test_an_address_that_is_refused_for_two_weeks_is_forgotten(
    mails: KeptMails, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeptMails, "send", Refusing.send)
    a_reader()
    a_step(a_public_case())
    tell()
    for day in range(14):
        assert session().scalar(select(func.count(Alert.id))) == 1, day
        frozen.forward(days=1, minutes=1)
        tell()
    assert session().scalar(select(func.count(Alert.id))) == 0
    assert session().scalar(select(func.count()).select_from(AlertKey)) == 0


def test_a_batch_is_matched_in_one_statement_by_its_index(mails: KeptMails) -> None:
    cases = [a_public_case() for _number in range(3)]

    def statements() -> int:
        for case in cases:
            a_step(case)
        with asked() as seen:
            news.spread_news()
        return len(seen) - len(cases)  # each gets its number

    alone = statements()
    for number in range(12):
        a_reader(f"ban.doc.{number}@thu.invalid", unit=MUONG_PHANG)
    assert statements() == alone
    assert session().scalar(select(func.count()).where(Alert.due_at.is_not(None))) == 12
    keys = ["all:everything", f"all:unit:{a_unit().id}"]
    plan = plans(
        lambda: session().scalars(select(AlertKey.alert_id).where(AlertKey.key.in_(keys))).all()
    )
    assert "alert_key" in plan and "SCAN" not in plan and "Seq Scan" not in plan


def test_a_place_is_kept_as_the_middle_of_a_kilometre(mails: KeptMails) -> None:
    alert = a_reader(lat=str(AT_NA_TAU.lat), lon=str(AT_NA_TAU.lon), radius="2")
    assert (alert.lon, alert.lat) != (AT_NA_TAU.lon, AT_NA_TAU.lat)
    assert abs((alert.lat or 0) - AT_NA_TAU.lat) < 0.005 and 103 < (alert.lon or 0) < 104
    twin = a_reader("khac@thu.invalid", lat="21.4540", lon="103.1130", radius="2")
    assert (twin.lon, twin.lat) == (alert.lon, alert.lat)
    a_step(a_public_case(point=FAR))
    tell()
    assert told(mails) == []


def test_what_was_public_before_is_no_news_however_late_it_is_numbered(
    mails: KeptMails, frozen: FrozenClock
) -> None:
    a_step(a_public_case())
    frozen.forward(minutes=5)  # no worker ran meanwhile
    a_reader()
    tell()
    assert told(mails) == []


def test_who_followed_a_case_that_ended_is_forgotten_after_a_month(
    mails: KeptMails, frozen: FrozenClock
) -> None:
    over, on = a_public_case(), a_public_case()
    a_reader(case=over.code)
    a_reader("con@thu.invalid", case=on.code)
    with write_unit():
        move_case(session().merge(over), "closed")
    a_step(over, "Đã xong.")
    for days, left in ((29, 2), (2, 1)):
        frozen.forward(days=days)
        sending.forget_alerts()
        assert session().scalar(select(func.count(Alert.id))) == left


def test_old_news_is_forgotten(app: Flask, frozen: FrozenClock) -> None:
    a_step(a_public_case())
    news.spread_news()
    frozen.forward(days=31)
    sending.forget_alerts()
    assert session().scalar(select(func.count(PublicNews.id))) == 0
    assert session().scalar(select(func.count(Case.id))) == 1
    with write_unit():
        assert make_line is not None and news.lock_count().up_to == 1
