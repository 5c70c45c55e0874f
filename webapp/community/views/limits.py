"""How often one address may begin to follow: many honest phones stand behind one."""

from flask import Response

from webapp.extensions import limiter
from webapp.reporting.views.limits import Decorator, address


def _created(response: Response) -> bool:
    return response.status_code == 201


new_followers: Decorator = limiter.shared_limit(
    "300 per hour", scope="followers.address", key_func=address, deduct_when=_created
)
