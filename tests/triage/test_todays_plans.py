"""What an officer opens all day is found by who has it, on both databases."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from tests.factories.directory import DIEN_BIEN, a_unit
from tests.factories.triage import an_officer
from tests.statements import asked, plans
from webapp.casework.inbox import TRAYS, inbox, tray_counts
from webapp.casework.suggestions import loads, suggestions
from webapp.core.actor import Actor
from webapp.core.unit_of_work import write_unit
from webapp.extensions import db
from webapp.figures.filters import BoardFilters
from webapp.figures.queries.board import board
from webapp.figures.window import Window
from webapp.inspections.queries import files_to_visit
from webapp.outcomes.queries import desk
from webapp.triage.checked import proposed
from webapp.triage.filters import CASES, REPORTS, QueueFilters
from webapp.triage.queries.asks import sender_news
from webapp.triage.queries.queue import queue

YEAR = BoardFilters(Window(date(2026, 1, 1), date(2026, 12, 31)))
ASKED: dict[str, tuple[Callable[[Actor], object], tuple[str, ...]]] = {
    "late cases": (
        suggestions,
        (
            "COVERING INDEX ix_case_file_open_owner (owner_id=? AND state=? AND due_at<?)",
            "deadline USING INDEX ix_deadline_subject (subject_kind=? AND subject_id=?)",
            "recommendation USING INDEX ix_recommendation_case_id (case_id=?)",
        ),
    ),
    "loads": (loads, ("deadline USING COVERING INDEX ix_deadline_running_owner (owner_id=?)",)),
    "back from the place": (
        proposed,
        (
            "case_file USING INDEX ix_case_file_open_owner (owner_id=? AND state=?)",
            "site_check_1 USING COVERING INDEX ix_site_check_case_id (case_id=?)",
        ),
    ),
    "board": (
        lambda actor: board(actor, YEAR),
        (
            "COVERING INDEX ix_case_file_open_board (handling_unit_id=?)",
            "COVERING INDEX ix_case_file_board (handling_unit_id=?)",
            "COVERING INDEX ix_case_file_unit_opened (handling_unit_id=? AND opened_at>?",
            "COVERING INDEX ix_case_file_unit_closed (handling_unit_id=? AND closed_at>?",
        ),
    ),
    "pages of results": (desk, ("SCAN case_file USING COVERING INDEX ix_case_file_page_owed",)),
    "voice notes": (sender_news, ("SCAN voice_note USING INDEX ix_voice_note_to_write",)),
    "new reports": (
        lambda actor: queue(actor, QueueFilters(tab=REPORTS, state="submitted"), limit=1),
        ("SCAN report USING COVERING INDEX ix_report_waiting_rank",),
    ),
    "waiting reports": (
        lambda actor: queue(actor, QueueFilters(tab=REPORTS)),
        ("SCAN report USING COVERING INDEX ix_report_waiting_rank",),
    ),
    "open cases": (
        lambda actor: queue(actor, QueueFilters(tab=CASES)),
        ("SCAN case_file USING COVERING INDEX ix_case_file_open_rank",),
    ),
    "reports": (
        lambda actor: queue(actor, QueueFilters(tab=REPORTS, category="dumping")),
        ("SCAN report USING INDEX ix_report_waiting_rank",),
    ),
}


@pytest.mark.parametrize("name", sorted(ASKED))
def test_what_is_asked_all_day_begins_with_who_has_it(app: Flask, name: str) -> None:
    """SQLite keeps no count of rows: what it begins with is what it would with a million."""
    with write_unit():
        officer = an_officer("front_province", unit=a_unit(DIEN_BIEN))
    ask, searches = ASKED[name]
    used = plans(lambda: ask(officer))
    if db.engine.dialect.name == "sqlite":
        for each in searches:
            assert each in used, used
    else:
        tables = "|".join(("case_file", "deadline", "report", "voice_note"))
        assert not re.search(rf"Seq Scan on ({tables})\b", used), used


def test_files_to_visit_ask_about_their_own_case(app: Flask) -> None:
    """Not for a list of all cases there are."""
    with write_unit():
        officer = an_officer("env_province", unit=a_unit(DIEN_BIEN))
    with asked() as seen:
        assert files_to_visit(officer) == []
    assert not any("FROM case_file" in sql for sql, _values in seen)


@pytest.mark.parametrize("tray", sorted(TRAYS))
def test_an_offices_inbox_begins_with_the_office(app: Flask, tray: str) -> None:
    """And urgent cases that nobody has with its units, not with all that nobody has."""
    with write_unit():
        office = an_officer("env_province", unit=a_unit(DIEN_BIEN))
    used = plans(lambda: (inbox(office, tray, None), tray_counts(office)))
    if db.engine.dialect.name == "sqlite":
        assert "INDEX ix_case_file_office (office_id=? AND state=?)" in used, used
        assert "INDEX ix_case_file_addressee (addressee_id=? AND state=?)" in used, used
        assert "INDEX ix_case_file_open_state (state=? AND handling_unit_id=?)" in used, used
        assert "MULTI-INDEX OR" not in used, used
    else:
        assert not re.search(r"Seq Scan on case_file\b", used), used
