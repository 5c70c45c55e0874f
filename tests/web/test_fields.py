"""Fields of forms: a day picked or typed."""

from datetime import date

import pytest
from flask import Flask

from webapp.triage.forms.cases import TaskForm


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
