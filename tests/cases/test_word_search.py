"""Words of cases: found by index while they are few, along the list when they are many."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.cases import make_case
from tests.statements import asked, plans
from webapp.cases import word_search
from webapp.cases.models import Case
from webapp.cases.public_queries import ListQuestion, listed_cases
from webapp.core.search_text import fold
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import db


def a_case(words: str, **changes: object) -> str:
    return make_case(search_text=fold(words), **changes).code


def found(words: str) -> set[str]:
    return {each.code for each in listed_cases(ListQuestion(words=words)).rows}


@pytest.mark.parametrize("few", [500, 0])
def test_words_with_and_without_marks(
    app: Flask, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(word_search, "FEW", few)
    with write_unit():
        stream = a_case("Đổ rác xuống suối; Xã Mường Phăng (gần cầu)")
        road = a_case("Rác ven đường, Xã Na Tấu")
        hidden = a_case("Rác xuống suối", public=False, state="received")
    assert found("rác") == {stream, road}
    assert found("RAC suôi") == {stream}
    assert found("duong na tau") == {road}
    assert found("cầu") == {stream}
    assert found("rác bệnh viện") == set()
    assert found('"*') == set()
    assert hidden not in found("suối")


def test_the_beginning_of_a_word_is_enough(app: Flask) -> None:
    with write_unit():
        code = a_case("Thuốc bảo vệ thực vật")
    assert found("thuo") == {code}
    assert found("uoc") == set()


def test_the_index_follows_the_words(app: Flask) -> None:
    with write_unit():
        code = a_case("Khói bụi")
    with write_unit():
        session().query(Case).filter_by(code=code).one().search_text = fold("Nước thải")
    assert found("khoi") == set()
    assert found("nuoc") == {code}


def test_an_empty_search_asks_for_no_words(client: FlaskClient) -> None:
    with asked() as seen:
        client.get("/vu-viec?q=+")
    assert not any("case_words" in sql or "tsvector" in sql for sql, _values in seen)


def test_rare_words_are_looked_up(app: Flask) -> None:
    with write_unit():
        for _each in range(3):
            a_case("Rác ven đường")
    used = plans(lambda: found("rac"))
    assert "case_words" in used or "ix_case_file_words" in used
    assert not re.search(r"SCAN case_file|Seq Scan on case_file", used), used


def test_the_planner_weighs_all_finds_of_a_word_not_the_first_ones(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("FTS5 is no choice of a planner")
    with asked() as seen:
        found("thuoc")
    assert "AS MATERIALIZED" in seen[0][0]
