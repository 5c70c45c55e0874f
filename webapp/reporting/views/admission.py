"""Whether a report may come in now: by phone, by address, and by proof of work under pressure.

Behind one carrier address stand hundreds of honest phones, so that an address alone says little.
A phone has a random token that changes every day; only today's digest of it is kept, and only in
the limiter. Many unknown phones from one address are pressure: each further one proves that it
computed, or sends without script, is looked at last and counted apart, so that a flood of such
reports takes nothing from the others. Who sends the same again is never held up.
"""

import logging
import secrets
import time
from dataclasses import dataclass
from typing import Final, cast

from flask import Response, current_app, request
from limits import RateLimitItemPerHour

from webapp.config import Settings
from webapp.core.clock import today_local
from webapp.core.codes import digest
from webapp.core.errors import ProofRequired, TooMany
from webapp.core.text import _
from webapp.extensions import limiter
from webapp.reporting.permissions import SUBMIT_ON_BEHALF
from webapp.reporting.proof import VALID_SECONDS, new_challenge, used_mark
from webapp.reporting.views.limits import address
from webapp.web.current_actor import current_actor
from webapp.web.limits_store import DatabaseStorage

COOKIE: Final = "matxanh-device"
DAY_SECONDS: Final = 24 * 3600
_SHORTEST, _LONGEST = 16, 200

Limit = tuple[RateLimitItemPerHour, str]
"""A limit, and what is counted towards it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Admission:
    """How a report comes in. ``count`` is called once it is stored for the first time."""

    unchecked: bool = False
    counted: tuple[Limit, ...] = ()
    device: str | None = None

    def count(self) -> None:
        """Note the new report with the limiter."""
        expiries = {limit.key_for(name): limit.get_expiry() for limit, name in self.counted}
        if self.device is not None:
            expiries[_known_key(self.device)] = DAY_SECONDS
        try:
            _store().count(expiries)
        except _storage_errors():
            log.warning("the limiter is away: a report was not counted")


def admit(*, without_script: bool = False) -> Admission:
    """Judge the present request. Raises TooMany, and ProofRequired where a script can answer.

    While the limiter is away everybody is admitted: no report is lost for a counter.
    """
    try:
        return _judged(without_script)
    except _storage_errors():
        log.warning("the limiter is away: a report was admitted unseen")
        return Admission()


def give_device_cookie(response: Response) -> Response:
    """Give a browser without a token one for a day, for the form that works without script."""
    if not _token():
        response.set_cookie(
            COOKIE,
            secrets.token_urlsafe(24),
            max_age=DAY_SECONDS,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=_settings().production,
        )
    return response


def _judged(without_script: bool) -> Admission:
    settings, token, actor = _settings(), _token(), current_actor()
    person = actor.person_id is not None
    who = f"person:{actor.person_id}" if person else token
    device = digest("limit.device", f"{today_local()}:{who}") if who else None
    here = address()
    checked = RateLimitItemPerHour(settings.reports_per_address), f"reports:{here}"
    apart = RateLimitItemPerHour(settings.reports_per_address), f"unchecked:{here}"
    unknown = RateLimitItemPerHour(settings.new_phones_per_address), f"new:{here}"
    own: list[Limit] = []
    if device is not None and not actor.may(SUBMIT_ON_BEHALF):
        own.append((RateLimitItemPerHour(settings.reports_per_phone), f"reports:{device}"))
    keys = [limit.key_for(name) for limit, name in (checked, apart, unknown, *own)]
    counts = _store().counts([*keys, _known_key(device or "")])
    if person or (device is not None and counts[_known_key(device)]):
        return _within(Admission(counted=(checked, *own)), counts)
    unchecked = _is_reached(unknown, counts) and not _proved(device)
    if not unchecked:
        return _within(Admission(counted=(checked, *own, unknown), device=device), counts)
    if not without_script:
        raise ProofRequired(challenge=new_challenge(device or ""))
    return _within(Admission(unchecked=True, counted=(apart, *own)), counts)


def _within(admission: Admission, counts: dict[str, int]) -> Admission:
    """The admission, unless one of its limits is reached. What presses further is no limit."""
    for limit, name in admission.counted:
        if not name.startswith("new:") and _is_reached((limit, name), counts):
            raise _too_many(limit, name)
    return admission


def _is_reached(counted: Limit, counts: dict[str, int]) -> bool:
    limit, name = counted
    return counts[limit.key_for(name)] >= limit.amount


def _proved(device: str | None) -> bool:
    """Whether the request carries a proof of this phone that nobody used before."""
    mark = used_mark(request.headers.get("X-Proof", ""), device or "")
    return mark is not None and limiter.storage.incr(f"proof:{mark}", VALID_SECONDS) == 1


def _too_many(limit: RateLimitItemPerHour, name: str) -> TooMany:
    ends = limiter.limiter.get_window_stats(limit, name).reset_time
    return TooMany(
        _("Máy này hoặc mạng này gửi nhiều quá. Xin đợi rồi gửi lại, nội dung không mất."),
        retry_after=max(1, int(ends - time.time()) + 1),
    )


def _token() -> str:
    """The token of the phone: of the script, else of the cookie; empty when there is none."""
    given = request.headers.get("X-Device-Token") or request.cookies.get(COOKIE, "")
    return given if _SHORTEST <= len(given) <= _LONGEST else ""


def _known_key(device: str) -> str:
    return f"device.known:{device}"


def _store() -> DatabaseStorage:
    return cast("DatabaseStorage", limiter.storage)  # config names no other


def _storage_errors() -> type[Exception] | tuple[type[Exception], ...]:
    return limiter.storage.base_exceptions


def _settings() -> Settings:
    settings: Settings = current_app.extensions["matxanh_settings"]
    return settings
