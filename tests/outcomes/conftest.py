"""A clock that stands: nine in the morning of 24/02/2026 in Việt Nam."""

from datetime import UTC, datetime

import pytest

from webapp.core import clock

NOW = datetime(2026, 2, 24, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
