"""The lines of a case are searched for, however few lines there are."""

import pytest
from flask import Flask

from tests.factories.cases import make_case
from tests.statements import plans
from webapp.cases.lines import timeline
from webapp.core.unit_of_work import write_unit
from webapp.extensions import db


def test_a_case_and_what_went_into_it_are_few_ids_for_the_planner(app: Flask) -> None:
    """Else PostgreSQL expects a hundred, and reads the table of lines whole while it is small."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite takes the index in any case")
    with write_unit():
        case_id = make_case("escalated").id
    assert "case_id = ANY" in plans(lambda: timeline(case_id))
