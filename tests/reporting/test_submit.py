"""A report is stored once, whole, with its unit, clocks, line, audit and alerts."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories.reporting import LAT, LON, a_submission, new_key, send
from webapp.audit.models import AuditEntry
from webapp.core.actor import GUEST
from webapp.core.errors import BadRequest, Busy, Invalid
from webapp.core.unit_of_work import session, write_unit
from webapp.notifications.models import Notice
from webapp.reporting import operations
from webapp.reporting.models import Report, ReportLine
from webapp.reporting.operations import submit_report
from webapp.reporting.queries import report_by_tracking_code
from webapp.reporting.submission import SentPlace, UnitKey


def test_a_report_is_stored_with_unit_clock_line_and_audit(app: Flask) -> None:
    receipt = send()
    report = receipt.report
    assert receipt.created and len(receipt.tracking_code or "") == 16
    assert (report.handling_unit.name, report.lon, report.lat) == ("Xã Mường Phăng", LON, LAT)
    assert report.due_at is not None and report.person_id is None
    assert session().scalars(select(ReportLine.transition)).all() == ["submit"]
    entry = session().scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor_kind, entry.actor_id) == ("report.submit", "guest", None)
    assert report_by_tracking_code(receipt.tracking_code).id == report.id


def test_same_key_and_content_gives_the_same_receipt(app: Flask) -> None:
    key = new_key()
    first, again = send(key=key), send(key=key.upper())
    assert (again.created, again.report.code) == (False, first.report.code)
    assert again.tracking_code == first.tracking_code
    assert session().scalar(select(func.count(Report.id))) == 1


def test_other_content_under_a_used_key_is_refused(app: Flask) -> None:
    key = new_key()
    send(key=key)
    with pytest.raises(Invalid) as refused:
        send(key=key, description="Chuyện khác hẳn.")
    assert refused.value.kind == "key-reused"
    assert session().scalars(select(Report.description)).one().startswith("Rác đổ")


def test_a_code_drawn_twice_stores_nothing_and_is_sent_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, key = send().report.code, new_key()
    with monkeypatch.context() as drawn:
        drawn.setattr(operations, "random_code", lambda _length: first.removeprefix("PA"))
        with pytest.raises(Busy):
            send(key=key)
    assert session().scalar(select(func.count(ReportLine.id))) == 1
    assert send(key=key).created


@pytest.mark.parametrize("key", [None, "", "1", "không phải khóa"])
def test_no_key_no_report(app: Flask, key: str | None) -> None:
    with pytest.raises(BadRequest), write_unit():
        submit_report(GUEST, a_submission(), raw_key=key)


def test_unit_and_words_stand_in_for_a_point(app: Flask) -> None:
    here = UnitKey("gso-2025", "03325")
    report = send(location=None, unit=here, place_note="Sau chợ bản Phăng").report
    assert (report.handling_unit.name, report.lon) == ("Xã Mường Phăng", None)


def test_the_point_decides_and_the_named_unit_is_kept(app: Flask) -> None:
    report = send(unit=UnitKey("gso-2025", "03316")).report
    assert report.handling_unit.code == "03325"
    assert report.named_unit_id is not None


@pytest.mark.parametrize(
    ("lon", "lat", "kind"),
    [
        (LAT, LON, "invalid"),
        (float("nan"), LAT, "invalid"),
        ("22,147", LAT, "invalid"),
        (105.85, 21.03, "outside-area"),
        (11.88, 43.46, "outside-area"),
        (10**400, LAT, "invalid"),
    ],
)
def test_a_place_that_cannot_be_is_refused(app: Flask, lon: object, lat: object, kind: str) -> None:
    with pytest.raises(Invalid) as refused:
        send(location=SentPlace(lon, lat))
    assert refused.value.kind == kind
    assert "location" in refused.value.fields
    assert session().scalar(select(func.count(Report.id))) == 0


def test_an_urgent_report_alerts_four_bodies_without_its_words(app: Flask) -> None:
    report = send(category="water.fish_kill").report
    assert report.urgent
    told = session().scalars(select(Notice.organisation_id)).all()
    assert len(set(told)) == 4


def test_straight_to_the_province_tells_only_the_province_front(app: Flask) -> None:
    send(category="water.fish_kill", to_province=True)
    assert len(session().scalars(select(Notice.id)).all()) == 1
