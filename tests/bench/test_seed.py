"""Seeding fills the tables as real work would have left them, the same way every time."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from webapp.bench.operations import seed
from webapp.cases import counts
from webapp.cases.models import Case, CasePlace, TimelineLine
from webapp.cases.workflow import CASE_STATES
from webapp.core.unit_of_work import session, write_unit
from webapp.reporting.models import Report

BOTH_PROVINCES = {"bbox": "101,20,107,24", "zoom": 6}


def _count(*conditions: Any) -> int:
    query = select(func.count()).select_from(Case).where(*conditions)
    return session().scalar(query) or 0


def test_rows_of_every_state_are_seeded_and_counted(app: Flask, client: FlaskClient) -> None:
    reports, cases = seed(3000)
    assert reports >= 3000
    assert session().scalar(select(func.count(Report.id))) == reports
    assert _count() == cases == session().scalar(select(func.count(CasePlace.case_id)))
    assert set(session().scalars(select(Case.state).distinct())) == set(CASE_STATES)
    shown = client.get("/api/v1/map", query_string=BOTH_PROVINCES).json
    told = sum(each["properties"]["count"] for each in shown["features"])
    ended = ("dismissed", "merged", "handed_over")
    assert told == _count(Case.public_since.is_not(None), Case.state.not_in(ended))
    with write_unit():
        assert counts.rebuild() == 0


def test_the_same_number_gives_the_same_rows_and_more_go_on_after_them(app: Flask) -> None:
    seed(40)
    first = list(session().execute(select(Case.code, Case.lon, Case.state).order_by(Case.id)))
    seed(40)
    both = list(session().execute(select(Case.code, Case.lon, Case.state).order_by(Case.id)))
    assert both[: len(first)] == first
    assert len({code for code, _lon, _state in both}) == len(both) > len(first)
    with write_unit():  # ids go on after the seeded ones
        case = session().scalars(select(Case).limit(1)).one()
        session().add(
            TimelineLine(
                case_id=case.id,
                at=case.opened_at,
                transition="assess",
                to_state="assessed",
                voice="front",
                visible_from=case.opened_at,
            )
        )
