"""Notices leave after the commit, say what may be known then, and reach each address once."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import delete, select

from tests.factories.accounts import make_person
from tests.factories.clock import FrozenClock
from tests.factories.directory import TODAY, a_unit, an_organisation
from tests.factories.notifications import KeptMails, Probe
from webapp.audit.operations import Subject
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import FocalPoint, Organisation
from webapp.jobs.models import OutboxRow
from webapp.jobs.operations import cancel_held, drain
from webapp.notifications import delivery, messages, operations
from webapp.notifications.messages import Address, Reader
from webapp.notifications.models import Notice, NoticeDelivery

CASE = Subject("case", 12)


@pytest.fixture
def kept(app: Flask, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> KeptMails:
    mails = KeptMails()
    monkeypatch.setattr(delivery, "_delivery", replace(delivery.delivery(), mailer=mails))
    return mails


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Probe]:
    made = Probe()
    known = {
        "probe": made.message("probe"),
        "probe.reporters": made.message("probe.reporters", to_reporters=True),
    }
    monkeypatch.setattr(messages, "_messages", known)
    yield made


@pytest.fixture
def front(app: Flask) -> Organisation:
    """A committee whose focal unit and substitute have mail."""
    organisation = an_organisation()
    with write_unit():
        for box in session().scalars(select(FocalPoint)):
            if box.organisation_id == organisation.id:
                session().delete(box)
        for name, substitute in (("dau-moi", False), ("thay-the", True)):
            session().add(
                FocalPoint(
                    organisation_id=organisation.id,
                    name=name,
                    email=f"{name}@xa.invalid",
                    substitute=substitute,
                    valid_from=TODAY,
                )
            )
    return organisation


def notify(key: str = "probe", **more: object) -> Notice:
    with write_unit():
        return operations.notify(key, CASE, **more)  # type: ignore[arg-type]


def test_a_notice_goes_to_every_inbox_of_an_organisation(
    kept: KeptMails, probe: Probe, front: Organisation
) -> None:
    notice = notify(organisation_id=front.id)
    drain()
    assert {mail.to for mail in kept.mails} == {"dau-moi@xa.invalid", "thay-the@xa.invalid"}
    assert probe.readers == [Reader(organisation_id=front.id)] * 2
    assert len({mail.message_id for mail in kept.mails}) == 2
    assert session().get_one(Notice, notice.id, populate_existing=True).sent_at is not None


def test_a_lock_screen_shows_nothing_of_it(
    kept: KeptMails, probe: Probe, front: Organisation
) -> None:
    notify(organisation_id=front.id)
    drain()
    mail = kept.mails[0]
    assert mail.subject == "Mắt Xanh: có cập nhật"
    preview, words = mail.body[:70], mail.body[70:]
    assert "Noong Nhai" not in preview and "12" not in preview
    assert "Vụ việc 12 có trả lời" in words and "bản Noong Nhai" in words
    assert "\nhttp://127.0.0.1:8000/vu-viec\n" in words


def test_nothing_leaves_when_the_change_is_rolled_back(
    kept: KeptMails, probe: Probe, front: Organisation
) -> None:
    with pytest.raises(RuntimeError, match="thôi"), write_unit():
        operations.notify("probe", CASE, organisation_id=front.id)
        raise RuntimeError("thôi")
    drain()
    assert (kept.mails, session().scalars(select(Notice)).all()) == ([], [])


def test_what_may_no_longer_be_known_is_not_sent(
    kept: KeptMails, probe: Probe, front: Organisation
) -> None:
    notify(organisation_id=front.id)
    probe.silent = True
    drain()
    assert kept.mails == []
    assert {row.state for row in session().scalars(select(OutboxRow))} == {"done"}


def test_an_address_that_fails_is_tried_again_alone(
    kept: KeptMails, probe: Probe, front: Organisation, frozen: FrozenClock
) -> None:
    kept.refuses = {"thay-the@xa.invalid"}
    notice = notify(organisation_id=front.id)
    drain()
    assert [mail.to for mail in kept.mails] == ["dau-moi@xa.invalid"]
    kept.refuses = set()
    frozen.forward(seconds=21)
    drain()
    assert [mail.to for mail in kept.mails] == ["dau-moi@xa.invalid", "thay-the@xa.invalid"]
    operations.send_notice(notice.id)
    drain()
    assert len(kept.mails) == 2


def test_a_second_try_carries_the_same_message_id(
    kept: KeptMails, probe: Probe, front: Organisation
) -> None:
    operations.send_notice(notify(organisation_id=front.id).id)
    row = session().scalars(select(OutboxRow).where(OutboxRow.kind == "notifications.mail")).first()
    assert row is not None
    sending = dict(row.payload)
    drain()
    operations.send_mail(**sending)
    assert len(kept.mails) == 2
    with write_unit():  # the worker died before it could note that the mail had gone
        session().execute(delete(NoticeDelivery))
    operations.send_mail(**sending)
    ids = [mail.message_id for mail in kept.mails]
    assert len(ids) == 3 and len(set(ids)) == 2
    assert all(one.startswith("<notice.") and one.endswith("@localhost>") for one in ids)


def test_an_inbox_that_ended_before_the_sending_gets_nothing(
    kept: KeptMails, probe: Probe, front: Organisation
) -> None:
    notice = notify(organisation_id=front.id)
    operations.send_notice(notice.id)
    with write_unit():
        for box in session().scalars(select(FocalPoint).where(FocalPoint.substitute)):
            box.email = None
    drain()
    assert [mail.to for mail in kept.mails] == ["dau-moi@xa.invalid"]


def test_a_person_reads_in_their_language(kept: KeptMails, probe: Probe) -> None:
    with write_unit():
        account, _actor = make_person("duty", unit=a_unit("11"), email="truc@tinh.invalid")
        account.person.locale = "en"
    notify(person_id=account.person_id)
    drain()
    (mail,) = kept.mails
    assert mail.to == "truc@tinh.invalid"
    assert probe.readers == [Reader("en", person_id=account.person_id)]
    assert "/en/vu-viec" in mail.body


def test_a_closed_account_gets_no_mail(kept: KeptMails, probe: Probe) -> None:
    with write_unit():
        account, _actor = make_person("duty", unit=a_unit("11"))
        account.active = False
    notify(person_id=account.person_id)
    drain()
    assert kept.mails == []


def test_reporters_are_found_at_sending_and_stand_nowhere_in_clear(
    kept: KeptMails, probe: Probe
) -> None:
    notify("probe.reporters")
    probe.reporters = [Address("lo.thi.ang@thu.invalid"), Address("Lo.Thi.Ang@thu.invalid")]
    operations.send_notice(session().scalars(select(Notice.id)).one())
    stored = [str(row.payload) for row in session().scalars(select(OutboxRow))]
    drain()
    assert [mail.to.lower() for mail in kept.mails] == ["lo.thi.ang@thu.invalid"]
    assert kept.mails[0].shown_to.lower() == "l…@thu.invalid"
    assert len(stored) == 2 and not any("ang@" in payload.lower() for payload in stored)
    assert "lo.thi.ang" not in kept.mails[0].message_id


def test_a_held_notice_waits_and_can_be_taken_back(
    kept: KeptMails, probe: Probe, frozen: FrozenClock
) -> None:
    probe.reporters = [Address("lo.thi.ang@thu.invalid")]
    notify("probe.reporters", held_for="report:3")
    notify("probe.reporters", held_for="report:4")
    drain()
    assert kept.mails == []
    with write_unit():
        assert cancel_held("report:3") == 1
    frozen.forward(seconds=31)
    drain()
    assert len(kept.mails) == 1


def test_wrong_notices_are_refused_where_they_are_written(probe: Probe, app: Flask) -> None:
    with pytest.raises(KeyError), write_unit():
        operations.notify("no.such", CASE, person_id=1)
    with pytest.raises(ValueError, match="not about report"), write_unit():
        operations.notify("probe", Subject("report", 12), person_id=1)
    with pytest.raises(ValueError, match="no recipient"), write_unit():
        operations.notify("probe", CASE)


def test_two_kinds_with_one_key_are_refused(probe: Probe) -> None:
    messages.register_message(messages.message_of("probe"))
    with pytest.raises(ValueError, match="probe"):
        messages.register_message(Probe().message("probe"))
