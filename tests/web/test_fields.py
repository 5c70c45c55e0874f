"""Fields of forms: a day picked or typed."""

from datetime import date

import pytest
from flask import Flask

from webapp.triage.forms.cases import TaskForm, VisitForm


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-30", date(2026, 11, 30)),
        ("30/11/2026", date(2026, 11, 30)),
        (" 05/03/2026 ", date(2026, 3, 5)),
        ("31/02/2026", None),
        ("hôm nay", None),
    ],
)
def test_a_day_is_picked_or_typed(app: Flask, typed: str, day: date | None) -> None:
    with app.test_request_context(method="POST", data={"due_on": typed}):
        form = TaskForm()
        form.validate()
        assert form.due_on.data == day
        refused = ["Xin ghi ngày theo dạng ngày/tháng/năm."] if day is None else []
        assert list(form.due_on.errors) == refused


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_year_that_cannot_be_is_said_by_its_field(app: Flask, year: str) -> None:
    """A slip of the keyboard; in UTC such a moment would lie outside of all time."""
    sent = {"due_on": f"{year}-01-01", "visited_at": f"{year}-12-31T00:00"}
    with app.test_request_context(method="POST", data=sent):
        day, moment = TaskForm().due_on, VisitForm().visited_at
        for form_field in (day, moment):
            assert not form_field.validate(TaskForm())
            assert list(form_field.errors) == ["Năm phải từ 1900 đến 2200."]


@pytest.mark.parametrize(("sent", "seen"), [("7", 7), ("-7", -1), ("9" * 5000, -1)])
def test_a_version_that_is_none_is_never_current(app: Flask, sent: str, seen: int) -> None:
    with app.test_request_context(method="POST", data={"version": sent}):
        assert TaskForm().seen == seen
