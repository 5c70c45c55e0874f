"""How often wrong codes may be tried from one address; new reports are judged by admission.

An address is kept as a digest that changes every day, and only in the limiter.
"""

from collections.abc import Callable
from typing import Any

from flask import Response
from flask_limiter.util import get_remote_address

from webapp.core.clock import today_local
from webapp.core.codes import digest
from webapp.extensions import limiter

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def address() -> str:
    """Today's digest of where the request comes from."""
    return digest("limit.address", f"{today_local()}:{get_remote_address()}")


def _unknown(response: Response) -> bool:
    return response.status_code == 404


lost_codes: Decorator = limiter.shared_limit("60 per hour", scope="codes.lost", key_func=address)
wrong_codes: Decorator = limiter.shared_limit(
    "30 per 10 minutes", scope="codes.wrong", key_func=address, deduct_when=_unknown
)
