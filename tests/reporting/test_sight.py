"""Rings of sight: who reads a report, who opens an identity, what stands in the database file."""

from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select, text

from tests.factories.accounts import actor_with, make_person
from tests.factories.directory import DIEN_BIEN, NA_TAU, a_unit, an_organisation
from tests.factories.reporting import a_body, a_jpeg, listed, new_key, send
from webapp.audit.models import AuditEntry
from webapp.core.actor import GUEST, Actor
from webapp.core.errors import Forbidden, Invalid, NotFound
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Unit
from webapp.media.models import Photo
from webapp.media.policy import may_see
from webapp.reporting.models import Report, ReportIdentity
from webapp.reporting.operations import open_identity, report_reprisal, withdraw_identity
from webapp.reporting.queries import (
    identity_log,
    report_for_staff,
)
from webapp.reporting.reprisal import reprisals
from webapp.reporting.submission import Contact

NAME, PHONE, EMAIL = "Cà Thị Chim Hoàng Yến", "0912 345 678", "chim.hoang.yen@matxanh.invalid"
CONTACT = Contact(NAME, PHONE, EMAIL)


def reads(actor: Actor, report: Report) -> bool:
    try:
        return report_for_staff(actor, report.code).id == report.id
    except NotFound:
        return False


def person(role: str, unit: Unit, kind: str = "front") -> Actor:
    with write_unit():
        return make_person(role, unit=unit, organisation=an_organisation(kind, unit=unit))[1]


def test_only_the_front_of_the_unit_and_its_province_read_a_report(app: Flask) -> None:
    report, here, province = send().report, a_unit(), a_unit(DIEN_BIEN)
    assert reads(actor_with("front_commune", here), report)
    assert reads(actor_with("front_province", province), report)
    for role, unit, kind in (
        ("front_commune", a_unit(NA_TAU), "front"),
        ("env_commune", here, "env_office"),
        ("env_province", province, "env_office"),
        ("commune_chair", here, "peoples_committee"),
        ("publisher", here, "front"),
        ("group_member", here, "front"),
        ("auditor", province, "front"),
        ("admin", province, "front"),
    ):
        assert not reads(actor_with(role, unit, an_organisation(kind, unit=unit)), report), role
    assert not reads(GUEST, report)


def test_straight_to_the_province_no_commune_role_reads_it(app: Flask) -> None:
    for changes in ({"to_province": True}, {"about_commune": True}):
        report = send(**changes).report
        assert not reads(actor_with("front_commune", a_unit()), report)
        assert reads(actor_with("front_province", a_unit(DIEN_BIEN)), report)
        with write_unit():
            report.released = True
            session().merge(report)
        assert reads(actor_with("front_commune", a_unit()), report)


def test_photos_follow_the_report(app: Flask) -> None:
    send(photos=(listed(a_jpeg()),))
    photo = session().scalars(select(Photo)).one()
    assert may_see(actor_with("front_commune", a_unit()), photo)
    office = actor_with("env_commune", a_unit(), an_organisation("env_office"))
    assert not may_see(office, photo)


def test_an_identity_opens_with_a_reason_that_the_auditor_reads(app: Flask) -> None:
    report = send(contact=CONTACT).report
    officer = person("front_commune", a_unit())
    with pytest.raises(Invalid), write_unit():
        open_identity(officer, report, reason="  ")
    with write_unit():
        identity = open_identity(officer, report, reason="Gọi hỏi đường vào bãi rác.")
    assert (identity.name, identity.phone, identity.email) == (NAME, "0912345678", EMAIL)
    opened = identity_log(actor_with("auditor", a_unit(DIEN_BIEN))).rows
    assert [(o.report_code, o.reason) for o in opened] == [
        (report.code, "Gọi hỏi đường vào bãi rác.")
    ]
    with pytest.raises(Forbidden):
        identity_log(officer)
    facts = session().scalars(select(AuditEntry.facts)).all()
    assert "bãi rác" not in str(facts)


@pytest.mark.parametrize(
    ("role", "kind"), [("env_commune", "env_office"), ("front_signer", "front")]
)
def test_others_do_not_open_it(app: Flask, role: str, kind: str) -> None:
    report = send(contact=CONTACT).report
    with pytest.raises(Forbidden), write_unit():
        other = actor_with(role, a_unit(), an_organisation(kind))
        open_identity(other, report, reason="Tò mò.")


def test_reprisal_freezes_the_identity_and_is_read_by_the_province_alone(app: Flask) -> None:
    report = send(contact=CONTACT).report
    officer = person("front_commune", a_unit())
    with write_unit():
        report = session().merge(report)
        report_reprisal(report, words="Có người đến nhà dọa.", raw_key=new_key())
    with pytest.raises(NotFound), write_unit():
        open_identity(officer, report, reason="Gọi hỏi.")
    assert reprisals(actor_with("front_province", a_unit(DIEN_BIEN)))
    assert reprisals(actor_with("auditor", a_unit(DIEN_BIEN)))
    with pytest.raises(Forbidden):
        reprisals(officer)


def test_withdrawn_identity_is_gone(app: Flask) -> None:
    report = send(contact=CONTACT, photos=(listed(a_jpeg()),)).report
    with write_unit():
        report = session().merge(report)
        chosen = [report.photos[0].photo.sha256]
        withdraw_identity(report, photos=chosen, raw_key=new_key())
    assert session().scalars(select(ReportIdentity)).all() == []
    assert session().scalars(select(Photo.state)).all() == ["erased"]


def test_no_identity_stands_in_clear_in_the_database(app: Flask) -> None:
    send(contact=CONTACT, key=(key := new_key()))
    receipt = send(contact=CONTACT, key=key)
    code = receipt.tracking_code or ""
    planted = "Rác đổ ven suối"  # words are not identities: the search must find these
    content = _everything(app)
    assert planted.encode() in content
    for secret in (NAME, PHONE, "0912345678", EMAIL, code, key):
        assert secret.encode() not in content, secret


def test_a_guest_leaves_neither_address_nor_browser(client: FlaskClient, app: Flask) -> None:
    answer = client.post(
        "/api/v1/reports",
        json=a_body(),
        headers={"Idempotency-Key": new_key(), "User-Agent": "MayCuaToi/9.9"},
        environ_overrides={"REMOTE_ADDR": "203.0.113.77"},
    )
    assert answer.status_code == 201
    folder = Path(current_app.extensions["matxanh_settings"].data_dir)
    counts = b"".join(path.read_bytes() for path in folder.glob("limits.db*"))
    content = _everything(app) + counts
    assert answer.json["report_code"].encode() in content
    for trace in (b"203.0.113.77", b"MayCuaToi"):
        assert trace not in content


def _everything(app: Flask) -> bytes:
    """The raw database file with its log, or every row of every table as text."""
    folder = Path(current_app.extensions["matxanh_settings"].data_dir)
    if session().get_bind().dialect.name == "sqlite":
        return b"".join(path.read_bytes() for path in folder.glob("matxanh.db*"))
    names = (
        session().scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    )
    rows = (session().scalars(text(f'SELECT t::text FROM "{name}" t')).all() for name in names)
    return "".join(row for table in rows for row in table).encode()
