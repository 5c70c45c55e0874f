"""Statements that are worked out once: values and columns are converted as SQLAlchemy does."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import bindparam, literal, select

from tests.factories.cases import make_case
from webapp.cases.models import Case
from webapp.core.base import UtcDateTime
from webapp.core.conditions import one_of_codes, one_of_given
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import write_unit

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def test_rows_have_the_kinds_of_their_columns(app: Flask) -> None:
    with write_unit():
        code = make_case(public_since=AT, urgent=True).code
    since = bindparam("since", type_=UtcDateTime())
    columns = (Case.public_since, Case.urgent, Case.lon, literal("Mường Phăng"))
    prepared = Prepared(select(*columns).where(Case.code == code, Case.public_since >= since))
    [first] = prepared.rows({"since": AT})
    assert first[0] == AT
    assert first[1] is True
    assert 102 < first[2] < 104
    assert first[3] == "Mường Phăng"
    assert prepared.rows({"since": AT.replace(year=2027)}) == []


def test_sets_given_at_execution_may_have_any_length(app: Flask) -> None:
    with write_unit():
        ids = frozenset(make_case().id for _each in range(3))
    by_id = Prepared(select(Case.id).where(one_of_given(Case.id, "found")))
    by_state = Prepared(select(Case.id).where(one_of_codes(Case.state, "states")))
    assert {each[0] for each in by_id.rows({"found": ids})} == ids
    assert by_id.rows({"found": frozenset()}) == []
    assert by_state.rows({"states": ["closed", "dismissed"]}) == []


def test_what_was_changed_before_is_seen(app: Flask) -> None:
    by_code = Prepared(select(Case.summary).where(Case.code == bindparam("code")))
    with write_unit():
        case = make_case()
        case.summary = "Rác ven suối"
        assert by_code.rows({"code": case.code})[0][0] == "Rác ven suối"


def test_a_list_that_would_change_the_statement_is_refused(app: Flask) -> None:
    some = Prepared(select(Case.id).where(Case.state.in_(bindparam("states", expanding=True))))
    with pytest.raises(ValueError, match="list"):
        some.rows({"states": ["closed"]})
