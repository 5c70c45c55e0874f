"""Statements that are worked out once: values and columns are converted as SQLAlchemy does."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Integer, and_, bindparam, event, func, literal, literal_column, select, text
from sqlalchemy.exc import DBAPIError

from tests.factories.cases import make_case
from webapp.cases.models import Case
from webapp.core import prepared
from webapp.core.base import EightBytes, UtcDateTime
from webapp.core.conditions import (
    ids_checked,
    ids_unseen,
    one_of,
    one_of_codes,
    one_of_found,
    one_of_given,
)
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import db

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def test_rows_have_the_kinds_of_their_columns(app: Flask) -> None:
    with write_unit():
        code = make_case(public_since=AT, urgent=True).code
    since = bindparam("since", type_=UtcDateTime())
    columns = (Case.public_since, Case.urgent, Case.lon, literal("Mường Phăng"))
    by_code = Prepared(select(*columns).where(Case.code == code, Case.public_since >= since))
    [first] = by_code.rows({"since": AT})
    assert first[0] == AT
    assert first[1] is True
    assert 102 < first[2] < 104
    assert first[3] == "Mường Phăng"
    assert by_code.rows({"since": AT.replace(year=2027)}) == []


def test_sets_given_at_execution_may_have_any_length(app: Flask) -> None:
    with write_unit():
        ids = frozenset(make_case().id for _each in range(3))
    by_id = Prepared(select(Case.id).where(one_of_given(Case.id, "found")))
    by_state = Prepared(select(Case.id).where(one_of_codes(Case.state, "states")))
    assert {each[0] for each in by_id.rows({"found": ids})} == ids
    assert by_id.rows({"found": frozenset()}) == []
    assert by_state.rows({"states": ["closed", "dismissed"]}) == []


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        ({1, 12, 23}, {1, 12, 23}),
        ({12}, {12}),
        ({123, 1_234}, {123}),
        ({31, 2_100}, set()),
        (set(), set()),
    ],
)
def test_ids_are_checked_whole(app: Flask, ids: set[int], found: set[int]) -> None:
    """Not as the digits that another id begins or ends with, nor where there are none."""
    one, *more = (literal_column(each, Integer) for each in ("1", "12", "23", "123", "NULL"))
    rows = select(one.label("id")).union_all(*(select(each) for each in more)).subquery()
    known = one_of(rows.c.id, ids)
    for condition in (known, ids_unseen(known)):
        asked = Prepared(select(rows.c.id).where(ids_checked(condition)))
        assert {each[0] for each in asked.rows()} == found


def test_what_is_only_checked_is_no_table(app: Flask) -> None:
    """But a subquery of the condition finds its rows by its own."""
    inner = select(Case.id).where(one_of_given(Case.handling_unit_id, "units"))
    condition = and_(one_of_given(Case.owner_id, "units"), Case.id.in_(inner))
    written = str(ids_checked(condition).compile(db.engine))
    sqlite = db.engine.dialect.name == "sqlite"
    assert written.count("json_each") == (1 if sqlite else 0)
    assert written.count("instr(") == (1 if sqlite else 0)
    assert written.count("= ANY (") == (0 if sqlite else 2)


def test_the_ids_that_a_query_finds(app: Flask) -> None:
    with write_unit():
        ids = {make_case(urgent=True).id, make_case(urgent=True).id}
        make_case()
    urgent = select(Case.id).where(Case.urgent).limit(5)
    rows = Prepared(select(Case.id).where(one_of_found(Case.__table__.c.id, urgent))).rows()
    assert {each[0] for each in rows} == ids


def test_postgresql_prepares_what_is_asked_twice(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite keeps its statements by itself")
    twice = Prepared(select(literal_column("'hỏi hai lần'")))
    kept = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE :words")
    for _time in range(2):
        assert session().scalar(kept, {"words": "%hỏi hai lần%"}) == 0
        twice.rows()
    assert session().scalar(kept, {"words": "%hỏi hai lần%"}) == 1


def test_a_long_statement_is_read_for_placeholders_once(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite keeps its statements by itself")
    from psycopg._queries import _query2pg

    words = "ỉ" * 5_000
    long = Prepared(select(literal_column(f"'{words}'"), bindparam("n", type_=EightBytes())))
    long.rows({"n": 1})
    before = _query2pg.cache_info()
    assert [tuple(row) for row in long.rows({"n": 2})] == [(words, 2)]
    after = _query2pg.cache_info()
    assert (after.hits - before.hits, after.misses - before.misses) == (1, 0)


def test_what_was_changed_before_is_seen(app: Flask) -> None:
    by_code = Prepared(select(Case.summary).where(Case.code == bindparam("code")))
    with write_unit():
        case = make_case()
        case.summary = "Rác ven suối"
        assert by_code.rows({"code": case.code})[0][0] == "Rác ven suối"


def test_each_transaction_is_asked_where_it_is(app: Flask) -> None:
    by_code = Prepared(select(Case.summary).where(Case.code == bindparam("code")))
    with app.test_request_context("/"):
        assert by_code.rows({"code": "VV0"}) == []  # reads, without a transaction
        with write_unit():
            case = make_case(summary="Rác ven suối")
            assert by_code.rows({"code": case.code})[0][0] == "Rác ven suối"
        with pytest.raises(RuntimeError), write_unit():
            session().get_one(Case, case.id).summary = "Đổi nhầm"
            assert by_code.rows({"code": case.code})[0][0] == "Đổi nhầm"
            raise RuntimeError
        assert by_code.rows({"code": case.code})[0][0] == "Rác ven suối"


def test_what_fails_fails_as_any_other_and_tells_no_values(app: Flask) -> None:
    least = -(2**63)  # whose absolute value is no number of eight bytes
    absolute = Prepared(select(func.abs(bindparam("number", type_=EightBytes()))))
    assert absolute.rows({"number": -5})[0][0] == 5
    with pytest.raises(DBAPIError) as told:
        absolute.rows({"number": least})
    assert "abs(" in str(told.value)
    assert str(least) not in str(told.value)
    session().rollback()
    assert absolute.rows({"number": -5})[0][0] == 5


def test_a_list_that_would_change_the_statement_is_refused(app: Flask) -> None:
    some = Prepared(select(Case.id).where(Case.state.in_(bindparam("states", expanding=True))))
    with pytest.raises(ValueError, match="list"):
        some.rows({"states": ["closed"]})


def test_a_server_keeps_of_a_statement_no_more_than_its_text(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "_keeps_trees", False)
    some = Prepared(select(literal("Mường Phăng")))
    for _time in range(2):
        assert [tuple(row) for row in some.rows()] == [("Mường Phăng",)]
    some._known.clear()
    with pytest.raises(RuntimeError, match="another database"):
        some.rows()


def test_executions_are_seen_and_refused_as_any_other(app: Flask) -> None:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        Prepared(select(literal(1))).rows()
        with pytest.raises(DBAPIError):
            Prepared(select(literal_column("no_such_column"))).rows()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        session().rollback()
    assert len(seen) == 2
