"""Words of cases: gathered from the index while few have them, met along the list when many do.

Whatever way is taken, the finds and their order are those of a plain look at every case.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from tests.factories.cases import PUBLISHED, make_case
from tests.factories.directory import NA_TAU, a_unit
from tests.statements import asked, plans
from webapp.cases import public_list, word_search
from webapp.cases.indexed import listed
from webapp.cases.models import Case
from webapp.cases.public_filters import PublicFilters
from webapp.cases.public_list import ListQuestion, listed_cases
from webapp.core.search_text import fold
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import db

WAYS = {
    "by index": {"FEW": 10**6},
    "along the list": {"FEW": -1},
    "along the list for 3 cases": {"FEW": -1, "FAR": 3},
}
PARTS = ("Rác đổ", "“thuốc” bảo vệ", "đường–suối", "nước-thải đen", "tổ 3, bản A", "trác")
WORDS = {
    "rac": 24,
    "RÁC": 24,
    "thuoc bao": 24,
    "suoi": 24,
    "thai rac": 12,
    "to3": 0,
    "ra": 24,
    "rac duong nuoc": 6,
    "rac rac": 24,
    "oc": 0,
    "“thuốc": 24,
    "khongco": 0,
    "?!": 0,
}
"""What is asked, and how many have it: all of its words, each at the beginning of a word."""


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Each way, whatever the number of finds."""
    for module in (word_search, public_list):
        for name, value in WAYS[request.param].items():
            monkeypatch.setattr(module, name, value, raising=module is word_search)
    forget()
    yield request.param
    forget()


def forget() -> None:
    """Statements are kept with the numbers they were made of."""
    public_list._list.cache_clear()
    word_search._count.cache_clear()


def a_case(words: str, **changes: object) -> str:
    return make_case(search_text=fold(words), **changes).code


def found(words: str) -> set[str]:
    return {each.code for each in listed_cases(ListQuestion(PublicFilters(words=words))).rows}


def as_if_large() -> None:
    """Let PostgreSQL's planner see a million cases, until the transaction is rolled back."""
    if db.engine.dialect.name == "postgresql":
        size = "UPDATE pg_class SET relpages = 1, reltuples = 1000000 WHERE relname = 'case_file'"
        session().execute(text(size))


def by_pages(question: ListQuestion, size: int) -> list[str]:
    """The codes of all pages, one after the other."""
    codes: list[str] = []
    after: str | None = None
    while True:
        page = listed_cases(replace(question, after=after), size)
        codes += [row.code for row in page.rows]
        if (after := page.next_cursor) is None:
            return codes


def plainly(cases: list[Case], words: str) -> list[str]:
    """The codes of those that have, for each word, one that begins with it."""
    wanted = re.findall("[a-z0-9]+", fold(words))
    return [
        case.code
        for case in cases
        if wanted and all(re.search(f"(?<![a-z0-9]){word}", case.search_text) for word in wanted)
    ]


def test_every_way_finds_the_same_in_the_same_order(app: Flask, way: str) -> None:
    with write_unit():
        far, near = a_unit(), a_unit(NA_TAU)
        for number in range(48):
            words = " ".join(part for bit, part in enumerate(PARTS) if number >> bit & 1)
            unit, kind = (far, "burning") if number % 5 else (near, "dumping")
            since = PUBLISHED - timedelta(days=number * 7 % 11)
            a_case(words, unit=unit, category_code=kind, public_since=since)
    order = (Case.public_since.desc(), Case.id.desc())
    cases = list(session().scalars(select(Case).where(listed()).order_by(*order)))
    there = [case for case in cases if case.handling_unit_id == near.id]
    for words, finds in WORDS.items():
        assert by_pages(ListQuestion(PublicFilters(words=words)), 7) == plainly(cases, words), words
        assert len(plainly(cases, words)) == finds
        in_unit = ListQuestion(PublicFilters(unit_ids=frozenset([near.id]), words=words))
        assert by_pages(in_unit, 2) == plainly(there, words), words
        of_kind = ListQuestion(PublicFilters(category="dumping", words=words))
        assert by_pages(of_kind, 3) == plainly(there, words), words


def test_words_with_and_without_marks(app: Flask, way: str) -> None:
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


def test_the_beginning_of_a_word_is_enough(app: Flask, way: str) -> None:
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


def test_no_way_reads_the_table_from_its_beginning(app: Flask, way: str) -> None:
    with write_unit():
        a_case("Rác ven đường")
    as_if_large()
    used = plans(lambda: found("khongco"))
    session().rollback()
    walked = re.search("ix_case_file_public_list", used)
    looked_up = re.search("case_words|ix_case_file_words", used)
    assert looked_up if way == "by index" else walked, used
    assert not re.search(r"SCAN case_file\b(?! USING)|Seq Scan on case_file", used), used
    if way != "by index":  # in the order of the index: a page is full with its last find
        before_full = used.partition("Limit")[2] or used
        assert not re.search("Sort|TEMP B-TREE", before_full), used


@pytest.mark.parametrize(
    ("words", "finds"), [("rac", 2), ("thuoc", 3), ("thu", 3), ("rac thu", 1), ("khongco", 0)]
)
def test_whole_words_and_what_begins_with_them_count_alike(
    app: Flask, monkeypatch: pytest.MonkeyPatch, words: str, finds: int
) -> None:
    """SQLite counts whole words first, and as far as few: the way is that of all finds."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's planner tells")
    with write_unit():
        for text_of_it in ("Rác đổ", "Rác và thuốc", "Thuốc trừ sâu", "Thuốc"):
            a_case(text_of_it)
    for few in (0, 1, 2, 3):
        monkeypatch.setattr(word_search, "FEW", few)
        forget()
        walked = word_search.searched(words).shape.way is word_search.Way.WALK
        assert walked == (finds > few)
    forget()


def test_the_planner_weighs_all_finds_of_a_word_not_the_first_ones(app: Flask) -> None:
    with asked() as seen:
        found("thuoc")
    assert "AS MATERIALIZED" in seen[-1][0]


def test_a_guess_too_high_ends_in_the_index(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that are common one by one, together in one old case only."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite counts the finds")
    for module in (word_search, public_list):
        monkeypatch.setattr(module, "FAR", 3)
    monkeypatch.setattr(word_search, "_estimated", lambda _tokens: 10**6)
    forget()
    with write_unit():
        old = a_case("Rác ven đường, nước đen")
        for _each in range(3):
            a_case("Rác ven đường")
    with asked() as seen:
        assert found("nước rác") == {old}
    assert [sql.count("row_number") for sql, _values in seen] == [1, 0]
    with asked() as seen:
        assert len(found("rac")) == 4
    forget()
