"""What the sender may not do, or not again; and what an identity refuses to tell."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories.accounts import make_person
from tests.factories.cases import make_case
from tests.factories.directory import a_unit
from tests.factories.reporting import new_key, send
from webapp.audit.operations import Subject
from webapp.core import clock
from webapp.core.actor import GUEST
from webapp.core.errors import Forbidden, Invalid, NotFound, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import start_clock
from webapp.notifications.models import Notice
from webapp.reporting import operations as acts
from webapp.reporting.identity import contact_of, log_opening, open_identity, phone_digest
from webapp.reporting.models import Report, ReportIdentity, ReprisalMessage
from webapp.reporting.operations import lock_report
from webapp.reporting.submission import Contact, ListedPhoto

CONTACT = Contact(name="Lò Thị Ẳng", phone="0912 345 678", email="ang@matxanh.invalid")


def photos(first: int, count: int) -> tuple[ListedPhoto, ...]:
    return tuple(ListedPhoto(f"{n:064x}", 1000, "image/jpeg") for n in range(first, first + count))


def asked(**changes: object) -> Report:
    report = send(**changes).report
    with write_unit():
        lock_report(report.id).state = "needs_info"
    return report


def in_case(state: str) -> tuple[int, int]:
    """A report in a case of that state: their ids."""
    report = send().report
    with write_unit():
        case = make_case(state)
        kept = lock_report(report.id)
        kept.case_id, kept.state = case.id, "attached"
        return report.id, case.id


def test_an_answer_needs_words_or_photos(app: Flask) -> None:
    report = asked()
    with pytest.raises(Invalid) as refused, write_unit():
        acts.add_information(lock_report(report.id), words="  ", raw_key=new_key())
    assert list(refused.value.fields) == ["words"]


def test_photos_of_a_report_have_a_limit(app: Flask) -> None:
    report = asked(photos=photos(1, 5))
    with write_unit():
        acts.add_information(
            lock_report(report.id), words=None, photos=photos(6, 5), raw_key=new_key()
        )
        lock_report(report.id).state = "needs_info"
    with pytest.raises(Invalid, match=r"sửa|10") as refused, write_unit():
        acts.add_information(
            lock_report(report.id), words="Thêm.", photos=photos(11, 1), raw_key=new_key()
        )
    assert list(refused.value.fields) == ["photos"]


def test_a_report_is_withdrawn_once(app: Flask) -> None:
    report, key = send().report, new_key()
    for _twice in range(2):
        with write_unit():
            acts.withdraw(lock_report(report.id), raw_key=key)
    with pytest.raises(TransitionRefused), write_unit():
        acts.withdraw(lock_report(report.id), raw_key=new_key())


def test_a_withdrawn_identity_is_gone_with_the_chosen_photos_only(app: Flask) -> None:
    report, key = send(contact=CONTACT, photos=photos(1, 2)).report, new_key()
    told = contact_of(report.id)
    assert told is not None and told.email == CONTACT.email
    for _twice in range(2):
        with write_unit():
            acts.withdraw_identity(lock_report(report.id), photos=[f"{1:064x}"], raw_key=key)
    assert session().scalar(select(func.count(ReportIdentity.report_id))) == 0
    assert contact_of(report.id) is None
    kept = lock_report(report.id)
    assert kept.keep_secret
    states = {each.photo.sha256: each.photo.state for each in kept.photos}
    assert states[f"{1:064x}"] != states[f"{2:064x}"]


@pytest.mark.parametrize(("fixed", "field"), [(None, "fixed"), (False, "words")])
def test_a_word_on_the_fix_is_whole(app: Flask, fixed: bool | None, field: str) -> None:
    report_id, _case = in_case("awaiting_confirmation")
    with pytest.raises(Invalid) as refused, write_unit():
        acts.confirm_fix(lock_report(report_id), fixed=fixed, words=" ", raw_key=new_key())
    assert list(refused.value.fields) == [field]


def test_without_a_case_nothing_is_confirmed_or_reopened(app: Flask) -> None:
    report = send().report
    with pytest.raises(TransitionRefused, match="chưa được đưa"), write_unit():
        acts.confirm_fix(lock_report(report.id), fixed=True, raw_key=new_key())
    with pytest.raises(TransitionRefused, match="chưa được đưa"), write_unit():
        acts.ask_reopening(lock_report(report.id), words="Còn rác.", raw_key=new_key())


def test_a_reprisal_is_told_once_and_locks_the_identity(app: Flask) -> None:
    report, key = send(contact=CONTACT).report, new_key()
    for _twice in range(2):
        with write_unit():
            acts.report_reprisal(lock_report(report.id), words="Có người dọa.", raw_key=key)
    [message] = session().scalars(select(ReprisalMessage)).all()
    assert "dọa".encode() not in message.sealed
    with write_unit():
        officer = make_person("front_commune", unit=a_unit())[1]
        with pytest.raises(NotFound, match="Không có tên"):
            open_identity(officer, lock_report(report.id), reason="Gọi hỏi chỗ đổ rác.")


def test_who_left_no_name_has_none_to_open(app: Flask) -> None:
    report = send().report
    with write_unit():
        officer = make_person("front_commune", unit=a_unit())[1]
        with pytest.raises(NotFound, match="Không có tên"):
            open_identity(officer, lock_report(report.id), reason="Gọi hỏi chỗ đổ rác.")


def test_an_opening_is_never_logged_without_a_person(app: Flask) -> None:
    report = send(contact=CONTACT).report
    with write_unit(), pytest.raises(Forbidden):
        log_opening(GUEST, lock_report(report.id), "identity", "Vì sao.")


def test_one_number_has_one_digest_however_written(app: Flask) -> None:
    assert phone_digest("+84 912 345 678") == phone_digest("0912.345.678")
    assert phone_digest("0912345678") != phone_digest("0912345679")


def test_a_dismissed_case_is_asked_about_inside_the_window(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    report_id, case_id = in_case("dismissed")
    with pytest.raises(TransitionRefused, match="hết hạn"), write_unit():
        acts.ask_reopening(lock_report(report_id), words="Còn rác.", raw_key=new_key())
    with write_unit():
        start_clock("reopen_window", Subject("case", case_id), started_at=clock.now())
    key = new_key()
    for _twice in range(2):
        with write_unit():
            acts.ask_reopening(lock_report(report_id), words="Còn rác.", raw_key=key)
    assert session().scalars(select(Notice.message)).all().count("report.asked") == 1
    later = clock.now() + timedelta(days=60)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(TransitionRefused, match="hết hạn"), write_unit():
        acts.ask_reopening(lock_report(report_id), words="Vẫn còn.", raw_key=new_key())


def test_a_running_case_is_not_asked_to_reopen(app: Flask) -> None:
    report_id, _case = in_case("assessed")
    with pytest.raises(TransitionRefused, match="đang được giải quyết"), write_unit():
        acts.ask_reopening(lock_report(report_id), words="Còn rác.", raw_key=new_key())
