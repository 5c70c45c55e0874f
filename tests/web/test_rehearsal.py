"""The pages asked for before the workers part: they are the true ones, and nothing is written."""

import os
import subprocess
import sys

import pytest
from flask import Flask, Response, request, request_finished
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.factories.cases import make_case
from webapp.core.unit_of_work import session, write_unit
from webapp.rehearsal import _reading_only, rehearse

RARE = ("alembic", "docx", "docxtpl", "lxml", "shapefile", "weasyprint", "xlsxwriter")


def test_every_page_is_answered_also_those_of_the_desk(app: Flask) -> None:
    with write_unit():
        code = make_case("inspecting").code
    answers: dict[str, int] = {}

    def note(_app: Flask, response: Response, **_more: object) -> None:
        answers[request.path] = response.status_code

    with request_finished.connected_to(note, app):
        rehearse(app)
    assert {path for path, status in answers.items() if status != 200} == {"/-"}
    assert {f"/vu-viec/{code}", f"/can-bo/vu-viec/{code}", "/can-bo/hang-doi"} <= answers.keys()


def test_the_database_refuses_whatever_a_rehearsed_page_would_write(app: Flask) -> None:
    change = text("UPDATE case_file SET version = version + 1")
    with write_unit():
        case = make_case("inspecting")
    version = case.version
    with pytest.raises(DBAPIError), _reading_only(), write_unit():
        session().execute(change)
    session().refresh(case)
    assert case.version == version
    with write_unit():  # the connections that refused are gone
        session().execute(change)
    session().refresh(case)
    assert case.version == version + 1


def test_a_database_without_tables_stops_nothing(bare_app: Flask) -> None:
    rehearse(bare_app)


def test_a_new_web_server_has_loaded_nothing_that_few_pages_need() -> None:
    program = (
        "import sys, webapp.lean, webapp.app;"
        "print(*(name for name, module in sys.modules.items() if module))"
    )
    embedded = {"MATXANH_DATABASE_URL": "", "MATXANH_LIMITS_URL": ""}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | embedded,
        capture_output=True,
        text=True,
        check=True,
    )
    modules = set(done.stdout.split())
    assert not {name.split(".")[0] for name in modules} & {*RARE, "psycopg"}
    assert not modules & {"sqlalchemy.dialects.mssql", "sqlalchemy.dialects.mysql"}
