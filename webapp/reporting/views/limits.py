"""How often: reports by device and by address, wrong codes by address.

An address is kept as a digest that changes every day, and only in the limiter.
"""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask_limiter.util import get_remote_address

from webapp.core.clock import today_local
from webapp.core.codes import digest
from webapp.extensions import limiter

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def address() -> str:
    """Today's digest of where the request comes from."""
    return digest("limit.address", f"{today_local()}:{get_remote_address()}")


def _token() -> str:
    return request.headers.get("X-Device-Token", "")[:200]


def device() -> str:
    """Today's digest of the device token."""
    return digest("limit.device", f"{today_local()}:{_token()}")


def _no_token() -> bool:
    return not _token()


def _created(response: Response) -> bool:
    return response.status_code == 201


def _unknown(response: Response) -> bool:
    return response.status_code == 404


# Behind one carrier address stand hundreds of honest phones: only new reports count (W4).
new_reports: Decorator = limiter.shared_limit(
    "300 per hour", scope="reports.address", key_func=address, deduct_when=_created
)
new_reports_of_device: Decorator = limiter.shared_limit(
    "60 per hour",
    scope="reports.device",
    key_func=device,
    deduct_when=_created,
    exempt_when=_no_token,
)
wrong_codes: Decorator = limiter.shared_limit(
    "30 per 10 minutes", scope="codes.wrong", key_func=address, deduct_when=_unknown
)
