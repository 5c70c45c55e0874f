"""Before start-up the parts say what was not set, rather than work on nothing."""

import pytest

from webapp.core import unit_of_work
from webapp.notifications import delivery


def test_there_is_no_session_and_no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit_of_work, "_factory", None)
    monkeypatch.setattr(delivery, "_delivery", None)
    with pytest.raises(RuntimeError, match=r"unit_of_work\.configure"):
        unit_of_work.session()
    with pytest.raises(RuntimeError, match=r"delivery\.configure"):
        delivery.delivery()
