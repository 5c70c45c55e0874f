"""Slowing down guesses: per account, never per address, which a whole commune shares."""

from limits import parse
from limits.strategies import FixedWindowRateLimiter

from webapp.core.codes import digest
from webapp.extensions import limiter

_LIMITS = (parse("5 per minute"), parse("30 per hour"))
_SPENT_SECONDS = 180


def must_wait(who: str) -> bool:
    """Whether so many guesses failed for this account that no more are looked at for now."""
    key = _key(who)
    return not all(_windows().test(limit, key) for limit in _LIMITS)


def note_failure(who: str) -> None:
    """Count one wrong password or code."""
    for limit in _LIMITS:
        _windows().hit(limit, _key(who))


def first_use(account_id: int, step: int) -> bool:
    """Whether the one-time code of this time step is used for the first time."""
    return limiter.storage.incr(f"totp/{account_id}/{step}", _SPENT_SECONDS) == 1


def _windows() -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(limiter.storage)


def _key(who: str) -> str:
    return digest("sign-in", who.strip().lower())
