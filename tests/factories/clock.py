"""A clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.core import clock

# A Monday morning, 08:00 in Việt Nam.
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class FrozenClock:
    """The present instant of the whole application, in UTC."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def forward(self, **amount: float) -> datetime:
        """Move on by a timedelta's arguments."""
        self.at += timedelta(**amount)
        return self.at


def freeze(monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    """Stop the application's clock at MONDAY."""
    frozen = FrozenClock()
    monkeypatch.setattr(clock, "now", lambda: frozen.at)
    return frozen
