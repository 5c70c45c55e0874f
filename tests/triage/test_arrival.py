"""What was sent a moment ago is on the officer's map and told as news, without waiting."""

from flask import Flask

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import a_unit
from tests.factories.reporting import LAT, LON, a_body, new_key
from webapp.core.unit_of_work import write_unit

BOX = f"{LON - 0.01},{LAT - 0.01},{LON + 0.01},{LAT + 0.01}"


def test_a_report_is_on_the_officers_map_with_the_next_answer(app: Flask) -> None:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
        email = account.email
    officer = app.test_client()
    sign_in(officer, email)
    since = officer.get("/api/v1/staff/queue/version").json["version"]
    sent = app.test_client().post(
        "/api/v1/reports", json=a_body(), headers={"Idempotency-Key": new_key()}
    )
    shown = officer.get(f"/api/v1/staff/map?bbox={BOX}&zoom=17").json["features"]
    assert [each["properties"]["case_code"] for each in shown] == [sent.json["report_code"]]
    assert officer.get(f"/api/v1/staff/queue/version?since={since}").json["new"] == 1
